"""Questions to begin with, for each kind of user; shown only when the document that answers them is there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

LETTER = "brief-brede-spuk-2023-09-05.txt"
REPORT = "verslag-kenniscafes-2022-11-17.txt"


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the kind of user who asks it, and the document that answers it."""

    audience: str
    question: str
    document: str


EXAMPLES = (
    Example("Voor gemeenten", "Waarom is het vrijwilligerswerk kwetsbaar?", LETTER),
    Example("Voor gemeenten", "Hoe helpt een gemeente vrijwilligers het beste?", LETTER),
    Example("Voor gemeenten", "Met wie kan ik contact opnemen bij NOV?", LETTER),
    Example("Voor adviseurs van NOV", "Welke uitdagingen noemen gemeenten zelf?", REPORT),
    Example("Voor adviseurs van NOV", "Wat vinden deelnemers van betaling van vrijwilligers?", REPORT),
    Example("Voor adviseurs van NOV", "Wat is goed vrijwilligersbeleid?", REPORT),
)


def examples_for(documents: Collection[str]) -> dict[str, list[str]]:
    """The questions that these documents answer, by kind of user."""
    found: dict[str, list[str]] = {}
    for example in EXAMPLES:
        if example.document in documents:
            found.setdefault(example.audience, []).append(example.question)
    return found

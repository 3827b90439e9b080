"""Questions to go on with, made from the documents' own headings: those around what was quoted, then those nearby."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.citations import display
from assistant.conversation import leans_on_earlier
from assistant.dutch import fold
from assistant.schema import Answer, Passage

MOST = 3
LONGEST = 90
"""Longer headings are sentences that only look like one."""


def suggestions(answer: Answer, passages: Sequence[Passage], asked: Sequence[str] = ()) -> tuple[str, ...]:
    """At most three questions that the documents' next and nearest sections answer.

    Args:
        answer: what was just answered.
        passages: all passages, by document and place.
        asked: questions that need not be suggested again.
    """
    if not answer.citations:
        return ()
    cited = answer.citations[0]
    here = [passage for passage in passages if passage.document == cited.document]
    row = next((i for i, passage in enumerate(here) if passage.start <= cited.start < passage.end), None)
    if row is None:
        return ()
    used = {citation.heading for citation in answer.citations}
    said = {fold(question) for question in (*asked, answer.question)}
    found: dict[str, None] = {}
    for passage in _around(here, row, answer):
        if passage.heading in used or not passage.headings:
            continue
        question = _question(passage.headings[-1])
        if question and fold(question) not in said:
            found.setdefault(question)
        if len(found) == MOST:
            break
    return tuple(found)


def _around(here: Sequence[Passage], row: int, answer: Answer) -> Iterator[Passage]:
    """The passages after the quoted one, what else was found, and the passages before it, nearest first."""
    following = list(here[row + 1 :])
    yield from following[:6]
    yield from (hit.passage for hit in answer.hits)
    yield from reversed(here[:row])
    yield from following[6:]


def _question(heading: str) -> str:
    """A question that the section under a heading answers; empty if the heading says too little."""
    title = display(heading).rstrip(" :;.")
    if not title or len(title) > LONGEST or not any(char.isalpha() for char in title):
        return ""
    if title.endswith("?"):
        return title if not leans_on_earlier(title) else ""
    return f"Wat staat er over “{title}”?"

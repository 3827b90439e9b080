"""Positions (standpunten): sentences in which somebody takes a stand, pleads, advises or warns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from assistant.citations import cite
from assistant.dutch import fold
from assistant.schema import Document, Hit, Position

STANCES = {
    "pleidooi": (
        r"pleit(?:en)? (?:\w+ )?(?:er)?voor|pleidooi|roep(?:en|t)? (?:\w+ )*op|oproep|dringen (?:\w+ )*aan op"
        r"|verzoek(?:en|t)|vragen? (?:wij )?u"
    ),
    "advies": (
        r"advis(?:eren|eert)|ons advies|het advies|aanbevel\w+|bevelen (?:\w+ )*aan|raden (?:\w+ )*aan"
        r"|zou(?:den)? .*goed zijn|sta regelmatig stil"
    ),
    "zorg": (
        r"zorg(?:en|elijk) (?:over|om)|risico\w*|dreig(?:t|en)|onder druk|kwetsbaar|knelpunt\w*|ten koste van"
        r"|waarschuw\w+|moeras|hellend vlak"
    ),
    "standpunt": (
        r"moet(?:en)?|mag niet|mogen niet|is (?:daarmee |daarom )?(?:essentieel|nodig|noodzakelijk|belangrijk)"
        r"|van belang|(?:wij|we|nov) vind(?:en|t)|vind(?:en|t) (?:wij|we|dat|het)|wij willen|verdien(?:t|en)"
        r"|standpunt|onderkent"
    ),
}
"""How firmly a sentence takes a stand, and the words (folded) that show it; the first that fits counts."""

_PATTERNS = {stance: re.compile(rf"\b(?:{words})\b") for stance, words in STANCES.items()}


def stance(sentence: str) -> str:
    """How firmly a sentence takes a stand; empty if it only states."""
    text = fold(sentence)
    return next((name for name, pattern in _PATTERNS.items() if pattern.search(text)), "")


def find(hits: Iterable[Hit], documents: Mapping[str, Document], most: int) -> tuple[Position, ...]:
    """The sentences of these hits that take a stand: the `most` relevant ones, newest first.

    A sentence is as relevant as the mean of its own cosine and the score of its passage.
    """
    found: dict[tuple[str, int, int], Position] = {}
    for hit in hits:
        for span, cosine in zip(hit.passage.sentences, hit.sentence_scores, strict=True):
            name = stance(hit.passage.quote(span))
            key = (hit.passage.document, span.start, span.end)
            if name and key not in found:
                citation = cite(1, documents[hit.passage.document], hit.passage, span)
                found[key] = Position(citation, name, round((cosine + hit.score) / 2, 6))
    best = sorted(found.values(), key=lambda p: (-p.score, p.citation.document, p.citation.start))[:most]
    newest = sorted(best, key=lambda p: (-p.score, p.citation.document, p.citation.start))
    return tuple(sorted(newest, key=lambda p: p.citation.date, reverse=True))

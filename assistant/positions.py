"""Positions (standpunten): sentences in which somebody takes a stand, pleads, advises, warns or observes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from assistant.citations import cite
from assistant.claims import Claim, side
from assistant.dutch import fold
from assistant.schema import Document, Hit, Passage, Position, Span

STANCES = {
    "pleidooi": (
        r"(?:be)?pleit(?:en)? (?:\w+ )*?(?:er)?voor|bepleit\w*|pleidooi|roep(?:en|t)? (?:\w+ )*op\b|oproep"
        r"|dring\w* (?:\w+ )*aan op|verzoek(?:en|t)|vrag?(?:en|t|ag|aag)? (?:wij |ik )?(?:u|de|het)\b|(?:wij|we"
        r"|ik) vra(?:gen|ag)"
        r"|(?:gaf|geef|doe) \w+ niet"
    ),
    "advies": (
        r"advis(?:eren|eert)|adviseer\w*|ons advies|het advies|mijn advies|aanbevel\w+|beve(?:el|elt|len)\b.*\baan"
        r"|raa?d(?:t|en)?\b.*\b(?:aan|af)|ontra(?:ad|adt|den)|zou(?:den)? .*goed zijn|sta regelmatig stil"
    ),
    "zorg": (
        r"zorg(?:en|elijk) (?:over|om)|risico\w*|dreig(?:t|en)|onder druk|kwetsbaar|knelpunt\w*|ten koste van"
        r"|waarschuw\w+|vre(?:es|est|zen)|moeras|hellend vlak"
    ),
    "standpunt": (
        r"moet(?:en)?|mag niet|mogen (?:\w+ )?(?:niet|geen)|mag geen|is (?:daarmee |daarom )?(?:essentieel|nodig"
        r"|noodzakelijk|belangrijk)"
        r"|van belang|(?:wij|we|nov) vind(?:en|t)|vind(?:en|t) (?:wij|we|ik|dat|het)|(?:wij|we|ik) wil(?:len)?"
        r"|wil(?:len)? (?:wij|we|ik)"
        r"|verdien(?:t|en)|standpunt|onderkent|hor(?:en|t) (?:\w+ )*niet|volgens ons|wat ons betreft"
        r"|naar ons oordeel|wij achten|achten wij"
        r"|(?:zijn|is|ben) (?:\w+ )?(?:er|daar)?(?:\w+ )?tegen\b|(?:wij|we) zijn (?:\w+ )?voor\b|(?:voor"
        r"|tegen)stander\w*|verzet(?:ten|te)? (?:ons|zich|wij)"
        r"|bezwa(?:ar|ren)|wij(?:s|st|zen)\b.*\baf|keur(?:t|en)?\b.*\baf|steunen|ondersteunen wij|onderschrijven"
        r"|geloo?f\w* (?:\w+ )*niet"
        r"|(?<!te )(?<!kunnen )vind(?:t|en)? (?:de|een|haar|zij|hij)\b|vond(?:en)? (?:de|het|dat)\b|(?:wil|wilde"
        r"|wilden) (?:zij |hij |men )?(?:geen|een|niet|dat)\b"
        r"|hoort (?:\w+ )*te|hoeft (?:\w+ )*niet te|voorkeur|lijkt (?:ons|mij)|afgewezen|verworpen"
        r"|(?:niet )?gelukkig mee|noem(?:en|t) (?:wij )?(?:het|dat|dit)\b"
        r"|geen concessies|on(?:wenselijk|aanvaardbaar|verstandig|behoorlijk|rechtvaardig|eerlijk|gewenst)"
        r"|niet (?:eerlijk|de bedoeling)"
        r"|(?:belangrijker|waardevoller|ernstiger) dan|een brug te ver"
    ),
    "waarneming": (
        r"(?:wij|we|ik) (?:zien|zie|merken|merk|constateren|signaleren|horen|ervaren)|(?:zien|merken|horen) (?:wij"
        r"|we)|blijkt (?:dat|uit)"
        r"|uit \w+ (?:onderzoek|cijfers|gesprekken)? ?blijkt|(?:deelnemers|aanwezigen|bezoekers|respondenten) "
        r"(?:zien|zagen|gaven|geven|merk\w*|vertel\w*|noem\w*|ervaren|ervoeren|vonden|vinden)|valt op|opvalt"
        r"|constateer\w*|signaleer\w*"
        r"|onze ervaring|onze indruk"
    ),
}
"""How firmly a sentence takes a stand, and the words (folded) that show it; the first that fits counts."""

_PATTERNS = {stance: re.compile(rf"\b(?:{words})\b") for stance, words in STANCES.items()}
_LEANS_BACK = re.compile(r"^(?:dat|dit|die|daar\w*|dan|hier\w+|deze|zij|het|toch|ook|juist)\b")
_LONGEST = 420


def stance(sentence: str) -> str:
    """How firmly a sentence takes a stand; empty if it only states."""
    text = fold(sentence)
    return next((name for name, pattern in _PATTERNS.items() if pattern.search(text)), "")


def find(
    hits: Iterable[Hit],
    documents: Mapping[str, Document],
    most: int,
    claim: Claim | None = None,
    only: str = "",
) -> tuple[Position, ...]:
    """The statements of these hits that take a stand: the `most` relevant ones, newest first.

    A statement is as relevant as the mean of its sentence's cosine and the score of its passage. A sentence that leans
    back ('Dat moet anders.') is quoted with the one before it. With a claim every statement is put for or against it,
    or is 'onduidelijk'. With `only` there are only statements of that stance.
    """
    found: dict[tuple[str, int], Position] = {}
    for hit in hits:
        for span, name, cosine in _statements(hit, documents[hit.passage.document]):
            key = (hit.passage.document, span.end)
            if key not in found and only in ("", name):
                citation = cite(1, documents[hit.passage.document], hit.passage, span)
                which = side(claim, citation.quote) if claim else ""
                found[key] = Position(citation, name, round((cosine + hit.score) / 2, 6), which)
    best = sorted(found.values(), key=lambda p: (-p.score, p.citation.document, p.citation.start))[:most]
    return tuple(sorted(best, key=lambda p: p.citation.date, reverse=True))


def _statements(hit: Hit, document: Document) -> Iterator[tuple[Span, str, float]]:
    """Ranges of a passage that take a stand, with how firmly and the cosine of the sentence that does."""
    passage = hit.passage
    before: Span | None = None
    for span, cosine in zip(passage.sentences, hit.sentence_scores, strict=True):
        if name := stance(passage.quote(span)):
            yield _with_context(passage, document, before, span), name, cosine
        before = span


def _with_context(passage: Passage, document: Document, before: Span | None, span: Span) -> Span:
    """A sentence, with the one before it if it leans back on that and the same voice says both."""
    if before is None or passage.kind != "paragraph" or not _LEANS_BACK.match(fold(passage.quote(span))):
        return span
    if span.end - before.start > _LONGEST or document.voice_at(before.start) != document.voice_at(span.start):
        return span
    return Span(before.start, span.end)

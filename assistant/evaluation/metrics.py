"""What is measured on one question: pure functions over places in documents and over the text of an answer.

Ranking metrics count *gold items*, not passages: a gold item is found at the rank of the first passage that covers it,
and later passages that cover it again add nothing. A passage covers a gold item when it holds at least half of the
characters of one occurrence of its quote; two passages with a third each do not cover it together, since a person who
opens either misses the greater part.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Protocol

from assistant import dutch
from assistant.evaluation.questions import Gold
from assistant.schema import Citation, Document, Span

_MARK = re.compile(r"\[(\d+)\]")


class Place(Protocol):
    """A character range in a document; `Passage` and `Citation` are places."""

    @property
    def document(self) -> str: ...  # noqa: D102

    @property
    def start(self) -> int: ...  # noqa: D102

    @property
    def end(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Range:
    """A place and nothing more."""

    document: str
    start: int
    end: int


# ---- ranking


def first_ranks(places: Sequence[Place], gold: Sequence[Gold]) -> list[int | None]:
    """For each gold item the 1-based rank of the first place that covers it, or None."""
    return [next((rank for rank, place in enumerate(places, start=1) if _covers(place, item)), None) for item in gold]


def hit_at_k(ranks: Sequence[int | None], k: int) -> float:
    """hit@k: 1 if at least one gold item is found in the first k places, else 0."""
    return float(any(rank is not None and rank <= k for rank in ranks))


def recall_at_k(ranks: Sequence[int | None], k: int) -> float:
    """recall@k: share (0..1) of the gold items found in the first k places."""
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def reciprocal_rank(ranks: Sequence[int | None], k: int = 10) -> float:
    """1 / rank of the first gold item found in the first k places, else 0. Its mean is MRR@k.

    Source: Voorhees, The TREC-8 Question Answering Track Report (1999).
    """
    return max((1 / rank for rank in ranks if rank is not None and rank <= k), default=0.0)


def ndcg(ranks: Sequence[int | None], k: int = 10) -> float:
    """nDCG@k (0..1) with a gain of 1 for each gold item, at its first rank.

    DCG = Σ 1 / log2(rank + 1) over the items found in the first k places. The ideal has one item at each rank from 1
    on, at most k. One passage may cover several items and so beat that ideal; the quotient is cut off at 1.
    Source: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques (TOIS 2002).
    """
    gain = sum(1 / log2(rank + 1) for rank in ranks if rank is not None and rank <= k)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(len(ranks), k) + 1))
    return min(1.0, gain / ideal)


def within_characters(shown: Iterable[tuple[Place, int]], budget: int) -> list[Range]:
    """The places a reader has seen after `budget` characters from the top; the last one is cut off.

    Makes systems with short and with long passages comparable. Text that is shown twice costs twice.

    Args:
        shown: places, best first, each with the number of characters of context (a lead-in, say) shown before it.
        budget: number of characters read.
    """
    seen: list[Range] = []
    for place, context in shown:
        budget -= context
        if budget <= 0:
            break
        seen.append(Range(place.document, place.start, min(place.end, place.start + budget)))
        budget -= place.end - place.start
    return seen


# ---- citations


def citation_recall(citations: Sequence[Place], gold: Sequence[Gold]) -> float:
    """Share (0..1) of the gold items of which at least half of the characters are cited, by all citations together.

    Unlike passages, citations are read one after the other, so here several may cover an item together.
    """
    return sum(any(2 * _cited(citations, item, span) >= _length(span) for span in item.spans) for item in gold) / len(
        gold
    )


def gold_quoted(citations: Sequence[Place], gold: Sequence[Gold]) -> float:
    """1 if at least one gold item is cited, as `citation_recall` counts, else 0."""
    return float(citation_recall(citations, gold) > 0)


def citation_precision(citations: Sequence[Place], accepted: Sequence[Gold]) -> float | None:
    """Share (0..1) of the citations that overlap an accepted place (gold or also_ok); None without citations.

    They overlap when they share at least half of the shorter of the two, so that a neighbouring sentence that has a
    few characters in common does not count, and one sentence of a long accepted place does.
    """
    if not citations:
        return None
    return sum(any(_meets(citation, item) for item in accepted) for citation in citations) / len(citations)


def character_precision(citations: Sequence[Place], accepted: Sequence[Gold]) -> float | None:
    """Share (0..1) of the cited characters that lie in an accepted place; None without citations.

    Falls when a citation is much longer than what was asked for. A character counts once, however often it is cited.
    """
    cited = {(place.document, offset) for place in citations for offset in range(place.start, place.end)}
    if not cited:
        return None
    right = {
        (item.document, offset) for item in accepted for span in item.spans for offset in range(span.start, span.end)
    }
    return len(cited & right) / len(cited)


def voice_share(citations: Sequence[Citation], gold: Sequence[Gold], documents: Mapping[str, Document]) -> float | None:
    """Share (0..1) of the citations that name a voice which speaks in a gold place; None without citations."""
    if not citations:
        return None
    voices = {documents[item.document].voice_at(span.start) for item in gold for span in item.spans}
    return sum(citation.voice in voices for citation in citations) / len(citations)


def verbatim_share(citations: Sequence[Citation], documents: Mapping[str, Document]) -> float | None:
    """Share (0..1) of the citations whose quote is exactly `document.text[start:end]`; None without citations."""
    if not citations:
        return None
    return sum(_is_verbatim(citation, documents) for citation in citations) / len(citations)


def dangling_marks(text: str, numbers: Collection[int]) -> tuple[int, ...]:
    """The marks [n] in an answer's text for which no citation with that number exists, in ascending order.

    A reader cannot tell a quoted document's own '[3]' from a mark of ours, so that counts as one.
    """
    return tuple(sorted(_marks(text).difference(numbers)))


def unused_citations(text: str, numbers: Collection[int]) -> tuple[int, ...]:
    """The numbers of citations to which no mark [n] in the answer's text points, in ascending order."""
    return tuple(sorted(set(numbers) - _marks(text)))


# ---- the text of an answer


def must_include_share(text: str, groups: Sequence[Sequence[str]]) -> float | None:
    """Share (0..1) of the groups of which some variant stands in the text; None without groups.

    Compared without case and marks [n], and with all white space as one space. A variant may be part of a word
    ('beleid' in 'vrijwilligersbeleid'), but not of a number: '5 september' is not found in '15 september'.
    """
    if not groups:
        return None
    return (len(groups) - len(missing(text, groups))) / len(groups)


def missing(text: str, groups: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The groups of which no variant stands in the text, compared as in `must_include_share`."""
    folded = _fold(_MARK.sub(" ", text))
    return [group for group in groups if not any(_stands_in(_fold(variant), folded) for variant in group)]


def word_count(text: str) -> int:
    """Number of words of an answer; marks [n] and list dashes are not words."""
    return sum(any(char.isalnum() for char in word) for word in _MARK.sub(" ", text).split())


def word_overlap(question: str, gold: Sequence[Gold]) -> float:
    """Share (0..1) of the question's content words (as stems) that the gold quotes hold; 0 without content words."""
    asked = _stems(question)
    if not asked:
        return 0.0
    return len(asked & _stems(" ".join(item.quote for item in gold))) / len(asked)


# ---- helpers


def _length(place: Place | Span) -> int:
    return place.end - place.start


def _overlap(one: Place | Span, other: Place | Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _covers(place: Place, item: Gold) -> bool:
    return place.document == item.document and any(2 * _overlap(place, span) >= _length(span) for span in item.spans)


def _meets(place: Place, item: Gold) -> bool:
    return place.document == item.document and any(
        2 * _overlap(place, span) >= max(1, min(_length(place), _length(span))) for span in item.spans
    )


def _cited(citations: Sequence[Place], item: Gold, span: Span) -> int:
    """Number of characters of one occurrence of a gold quote that are cited; characters cited twice count once."""
    offsets: set[int] = set()
    for citation in citations:
        if citation.document == item.document:
            offsets.update(range(max(citation.start, span.start), min(citation.end, span.end)))
    return len(offsets)


def _is_verbatim(citation: Citation, documents: Mapping[str, Document]) -> bool:
    document = documents.get(citation.document)
    return document is not None and document.text[citation.start : citation.end] == citation.quote


def _marks(text: str) -> set[int]:
    return {int(number) for number in _MARK.findall(text)}


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _stands_in(variant: str, text: str) -> bool:
    return re.search(rf"(?<!\d){re.escape(variant)}(?!\d)", text) is not None


def _stems(text: str) -> set[str]:
    return {dutch.stem(word) for word in dutch.content_words(text)}

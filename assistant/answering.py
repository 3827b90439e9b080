"""Extractive answers: the sentences or list items that answer a question, verbatim, in a natural order, each cited.

No language model: what an answer says is chosen and put in order, never written. Our own words only introduce it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.citations import cite, display, dutch_date
from assistant.dutch import fold, terms
from assistant.intent import Intent, intent
from assistant.lexical import Postings
from assistant.schema import Citation, Document, Hit, Passage, Span, Statement, StatementKind, Status

NOT_FOUND = "Dat staat niet in de documenten."
NEAREST = "De passages die er het dichtst bij komen, staan hieronder."
PARTIAL = "Een rechtstreeks antwoord staat niet in de documenten. Dit komt er het dichtst bij:"

_OVERLAP_WEIGHT = 0.5
_MARGIN = 0.06
_WIDE_MARGIN = 0.16
_NEIGHBOUR = 0.80
_LONGEST_QUOTE = 420
_SHORT_LEAD_IN = 160
_SAME = 0.8

_LEANS_BACK = re.compile(
    r"^(?:dit|dat|deze|die|zij|ze|hij|het|daarmee|daarom|daardoor|daarnaast|daarbij|hierdoor|hierbij|hiermee|tegelijkertijd"
    r"|bovendien|ook|zo|dus|maar|en|echter|immers|bijvoorbeeld|omgekeerd|eén daarvan|een daarvan)\b"
)
_NEUTER_KINDS = frozenset(
    {"verslag", "rapport", "advies", "artikel", "position paper", "manifest", "document", "bericht"}
)


@dataclass(frozen=True, slots=True)
class _Quote:
    """A range of a passage that will be quoted. `rank` is the place of its hit."""

    passage: Passage
    span: Span
    kind: StatementKind
    rank: int


class ExtractiveAnswerer:
    """Composes answers from the hits of a retriever."""

    def __init__(self, documents: Mapping[str, Document], words: Postings) -> None:
        self._documents = documents
        self._words = words

    def compose(
        self, question: str, search: str, hits: Sequence[Hit], status: Status
    ) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
        """The statements of an answer and the citations they use.

        Args:
            question: as it was asked; decides the form of the answer.
            search: the question with what it leans on; decides which sentences are chosen.
            hits: best first.
            status: for not_found nothing is quoted, for partial the answer says that it is not the answer itself.
        """
        if status == "not_found" or not hits:
            text = f"{NOT_FOUND} {NEAREST}" if hits else NOT_FOUND
            return (Statement("notice", text),), ()
        wanted = intent(question)
        quotes: list[_Quote] = []
        for rank, hit in self._chosen(hits, wanted):
            quotes += [quote for quote in self._quotes(hit, rank, search, wanted) if self._is_new(quote, quotes)]
        statements, citations = self._arranged(quotes)
        if status == "partial":
            statements = (Statement("notice", PARTIAL), *statements)
        return statements, citations

    # --- which passages

    def _chosen(self, hits: Sequence[Hit], wanted: Intent) -> list[tuple[int, Hit]]:
        """The hits to quote, with their ranks: the first, and others nearly as good; more for a comparison."""
        margin = _WIDE_MARGIN if wanted.compares else _MARGIN
        most = 4 if wanted.compares else 2
        close = [(rank, hit) for rank, hit in enumerate(hits) if hit.score >= hits[0].score - margin][:most]
        if wanted.compares and len({hit.passage.document for _, hit in close}) == 1:
            other = next(
                ((rank, hit) for rank, hit in enumerate(hits) if hit.passage.document != hits[0].passage.document), None
            )
            close = close[: most - 1] + ([other] if other else [])
        return close

    # --- which sentences of a passage

    def _quotes(self, hit: Hit, rank: int, search: str, wanted: Intent) -> list[_Quote]:
        passage = hit.passage
        if passage.kind in ("letterhead", "signature", "salutation"):
            return [_Quote(passage, span, "quote", rank) for span in self._lines(hit, search)]
        scores = self._sentence_scores(hit, search)
        best = max(range(len(scores)), key=lambda i: (scores[i], -i))
        if passage.kind == "list":
            return self._list_quotes(passage, best, rank, wanted)
        first, last = best, best
        limit = _LONGEST_QUOTE if rank == 0 and not wanted.person else _LONGEST_QUOTE // 2
        if best and self._leans_back(passage, best):
            first -= 1
        spans = passage.sentences
        while last + 1 < len(spans) and self._worth_adding(scores, best, last + 1, wanted):
            if spans[last + 1].end - spans[first].start > limit:
                break
            last += 1
        while first and self._worth_adding(scores, best, first - 1, wanted):
            if spans[last].end - spans[first - 1].start > limit:
                break
            first -= 1
        return [_Quote(passage, Span(spans[first].start, spans[last].end), "quote", rank)]

    def _sentence_scores(self, hit: Hit, search: str) -> list[float]:
        """Dense cosine plus the idf-weighted share of the question's terms, for each sentence."""
        asked = dict.fromkeys(terms(search))
        total = sum(self._words.idf_of(term) for term in asked) or 1.0
        scores = []
        for cosine, span in zip(hit.sentence_scores, hit.passage.sentences, strict=True):
            said = set(terms(hit.passage.quote(span)))
            share = sum(self._words.idf_of(term) for term in asked if term in said) / total
            scores.append(cosine + _OVERLAP_WEIGHT * share)
        return scores

    def _lines(self, hit: Hit, search: str) -> list[Span]:
        """The line of a letterhead or signature that fits best; all of a short one."""
        spans = hit.passage.sentences
        if len(hit.passage.text) <= _LONGEST_QUOTE // 2:
            return [Span(spans[0].start, spans[-1].end)]
        scores = self._sentence_scores(hit, search)
        return [spans[max(range(len(scores)), key=lambda i: (scores[i], -i))]]

    def _leans_back(self, passage: Passage, sentence: int) -> bool:
        return bool(_LEANS_BACK.match(fold(passage.quote(passage.sentences[sentence]))))

    def _worth_adding(self, scores: Sequence[float], best: int, other: int, wanted: Intent) -> bool:
        share = _NEIGHBOUR - (0.15 if wanted.explains else 0.0)
        return scores[other] >= share * scores[best]

    def _list_quotes(self, passage: Passage, best: int, rank: int, wanted: Intent) -> list[_Quote]:
        """The whole list with its lead-in, or one item with the lead-in it needs to be understood."""
        spans = passage.sentences
        lead_end = self._lead_in_sentences(passage)
        lead = [_Quote(passage, Span(spans[0].start, spans[lead_end - 1].end), "lead_in", rank)] if lead_end else []
        items = [_Quote(passage, span, "item", rank) for span in self._items(passage, lead_end)]
        if wanted.lists or best < lead_end or not items:
            return lead + items
        chosen = [item for item in items if item.span.start <= spans[best].start < item.span.end]
        if lead and lead[0].span.end - lead[0].span.start > _SHORT_LEAD_IN:
            lead = []
        return lead + chosen

    def _lead_in_sentences(self, passage: Passage) -> int:
        """How many sentences of a list passage stand before its first item."""
        first_item = re.search(r"\n[ \t]*(?:[-*+•●▪▫◦–—·]|\(?\w{1,2}[.)])[ \t]+", passage.text)
        start = passage.start + first_item.start() if first_item else passage.start
        if not passage.lead_in or not first_item or " ".join(passage.text.split())[:20] != passage.lead_in[:20]:
            return 0
        return sum(span.start < start for span in passage.sentences)

    def _items(self, passage: Passage, lead_end: int) -> list[Span]:
        """The items of a list passage; sentences that share an item stay together."""
        items: list[Span] = []
        for span in passage.sentences[lead_end:]:
            between = passage.quote(Span(items[-1].end, span.start)) if items else "\n"
            if "\n" in between:
                items.append(span)
            else:
                items[-1] = Span(items[-1].start, span.end)
        return items

    # --- order, introductions and numbers

    def _is_new(self, quote: _Quote, before: Sequence[_Quote]) -> bool:
        """Whether a quote overlaps nothing that is quoted already, and does not say nearly the same."""
        said = set(terms(quote.passage.quote(quote.span)))
        for other in before:
            same_place = other.passage.document == quote.passage.document
            if same_place and other.span.start < quote.span.end and quote.span.start < other.span.end:
                return False
            earlier = set(terms(other.passage.quote(other.span)))
            if said and len(said & earlier) / len(said | earlier) >= _SAME:
                return False
        return True

    def _arranged(self, quotes: Sequence[_Quote]) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
        """Quotes grouped by document and voice (best first), inside a group in the order of the document."""
        groups: dict[tuple[str, str], list[_Quote]] = {}
        for quote in quotes:
            document = self._documents[quote.passage.document]
            groups.setdefault((document.name, document.voice_at(quote.span.start)), []).append(quote)
        statements: list[Statement] = []
        citations: list[Citation] = []
        for (name, voice), group in groups.items():
            document = self._documents[name]
            statements.append(Statement("intro", introduction(document, voice)))
            for quote in sorted(group, key=lambda quote: (quote.span.start, quote.span.end)):
                citation = cite(len(citations) + 1, document, quote.passage, quote.span)
                citations.append(citation)
                statements.append(Statement(quote.kind, display(citation.quote), (citation.number,)))
        return tuple(statements), tuple(citations)


def introduction(document: Document, voice: str) -> str:
    """Our words before a quotation: who says it, in which document, and when."""
    kind = document.kind or "document"
    article = "het" if kind in _NEUTER_KINDS else "de"
    where = f"in {article} {kind} “{document.title}”"
    when = f" van {dutch_date(document.date)}" if document.date else ""
    if not voice:
        return f"{where[0].upper()}{where[1:]}{when} staat:"
    if voice == document.voice:
        return f"{where[0].upper()}{where[1:]}{when} schrijft {voice}:"
    return f"Volgens {voice}, {where}{when}:"

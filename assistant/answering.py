"""Extractive answers: the sentences or list items that answer a question, verbatim, in a natural order, each cited.

No language model: what an answer says is chosen and put in order, never written. Our own words only introduce it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant import relevance
from assistant.citations import cite, display, dutch_date
from assistant.dutch import terms
from assistant.intent import Intent, intent
from assistant.lexical import Postings
from assistant.passages import blocks
from assistant.relevance import leans_back
from assistant.schema import Citation, Document, Hit, Passage, Span, Statement, StatementKind, Status

NOT_FOUND = "Dat staat niet in de documenten."
NEAREST = "De passages die er het dichtst bij komen, staan hieronder."
PARTIAL = "Ik weet niet zeker of de documenten dit beantwoorden. Dit komt er het dichtst bij:"

_SHARE = 0.4
_SHARE_COMPARED = 0.2
_LOOKED_AT = 5
_MOST = 3
_MOST_COMPARED = 4
_NEIGHBOUR = 0.4
_EXPLAIN_MORE = 0.15
_LONGEST_QUOTE = 420
_SHORT_LEAD_IN = 160
_ASKS_LEAD_IN = 0.6
_SAME = 0.8

_LABELLED = frozenset({"letterhead", "salutation", "signature"})
_NEUTER_ENDINGS = (
    "verslag rapport advies artikel paper manifest document bericht plan standpunt onderzoek besluit voorstel akkoord"
    " interview overzicht boek blad"
).split()


@dataclass(frozen=True, slots=True)
class _Quote:
    """A range of a passage that gets one citation, and the statements it is shown as (a list as several)."""

    passage: Passage
    span: Span
    parts: tuple[tuple[StatementKind, Span], ...]


class ExtractiveAnswerer:
    """Composes answers from the hits of a retriever."""

    def __init__(self, documents: Mapping[str, Document], passages: Iterable[Passage], words: Postings) -> None:
        self._documents = documents
        self._words = words
        self._lists: dict[tuple[str, int], Passage] = {}
        for passage in passages:
            if passage.kind == "list" and (lead_end := self._lead_in_sentences(passage)):
                self._lists[passage.document, passage.sentences[lead_end - 1].end] = passage

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
        for hit in self._chosen(hits, search, wanted):
            found = self._quotes(hit, hits[0], search, wanted, first=not quotes)
            quotes += [quote for quote in found if self._is_new(quote, quotes)]
        statements, citations = self._arranged(quotes)
        if status == "partial":
            statements = (Statement("notice", PARTIAL), *statements)
        return statements, citations

    # --- which passages

    def _chosen(self, hits: Sequence[Hit], search: str, wanted: Intent) -> list[Hit]:
        """The hits to quote: the one with the likeliest sentence, and others whose best is nearly as likely.

        For a comparison there are more, from another document too. When the question names a speaker or a kind of
        document and the first hit is of that, nothing else is quoted. Letterhead and signature are only quoted first.
        """
        share = _SHARE_COMPARED if wanted.compares else _SHARE
        most = _MOST_COMPARED if wanted.compares else _MOST
        if hits[0].passage.kind in _LABELLED:
            return [hits[0]]
        looked_at = [hit for hit in hits[:_LOOKED_AT] if hit.passage.kind not in _LABELLED]
        if not wanted.compares and hits[0].named:
            looked_at = [hit for hit in looked_at if hit.named]
        chances = {hit.passage.id: max(self._chances(hit, hits[0], search)) for hit in looked_at}
        looked_at.sort(key=lambda hit: -chances[hit.passage.id])
        enough = share * chances[looked_at[0].passage.id]
        chosen = [hit for hit in looked_at if chances[hit.passage.id] >= enough][:most]
        if wanted.compares and len({hit.passage.document for hit in chosen}) == 1:
            other = [hit for hit in hits if hit.passage.document != chosen[0].passage.document]
            chosen = chosen[: most - 1] + other[:1]
        return chosen

    def _chances(self, hit: Hit, top: Hit, search: str) -> list[float]:
        """How likely each sentence of a hit is part of the answer."""
        return relevance.probabilities(search, hit, top, self._words)

    # --- which sentences of a passage

    def _quotes(self, hit: Hit, top: Hit, search: str, wanted: Intent, first: bool) -> list[_Quote]:
        """What to quote of a hit; of the first one more than of those after it."""
        passage = hit.passage
        if passage.kind in _LABELLED:
            return [_plain(passage, self._lines(hit, search))]
        scores = self._chances(hit, top, search)
        best = max(range(len(scores)), key=lambda i: (scores[i], -i))
        if passage.kind == "list":
            whole = wanted.lists or (first and self._asks_lead_in(passage, scores))
            return self._list_quotes(passage, best, whole)
        longest = _LONGEST_QUOTE if first else _LONGEST_QUOTE // 2
        quote = _plain(passage, self._widened(passage, scores, best, wanted, longest))
        following = self._introduced_list(passage, quote.span)
        return [following] if following else [quote]

    def _widened(self, passage: Passage, scores: Sequence[float], best: int, wanted: Intent, longest: int) -> Span:
        """The best sentence with the neighbours that answer nearly as well, and the one it leans back on."""
        spans = passage.sentences
        first = best - 1 if best and leans_back(passage.quote(spans[best])) else best
        last = best
        enough = scores[best] * (_NEIGHBOUR - (_EXPLAIN_MORE if wanted.explains else 0.0))
        while (
            last + 1 < len(spans) and scores[last + 1] >= enough and spans[last + 1].end - spans[first].start <= longest
        ):
            last += 1
        while first and scores[first - 1] >= enough and spans[last].end - spans[first - 1].start <= longest:
            first -= 1
        return Span(spans[first].start, spans[last].end)

    def _lines(self, hit: Hit, search: str) -> Span:
        """The line of a letterhead or signature that fits best; all of a short one."""
        spans = hit.passage.sentences
        if len(hit.passage.text) <= _LONGEST_QUOTE // 2:
            return Span(spans[0].start, spans[-1].end)
        scores = self._chances(hit, hit, search)
        return spans[max(range(len(scores)), key=lambda i: (scores[i], -i))]

    def _asks_lead_in(self, passage: Passage, scores: Sequence[float]) -> bool:
        """Whether the question fits what introduces the list nearly as well as the best item."""
        lead_in = max(scores[: self._lead_in_sentences(passage)], default=0.0)
        return lead_in >= _ASKS_LEAD_IN * max(scores)

    def _list_quotes(self, passage: Passage, best: int, whole: bool) -> list[_Quote]:
        """The whole list with its lead-in, or one item with the lead-in it needs to be understood."""
        spans = passage.sentences
        lead_end = self._lead_in_sentences(passage)
        items = self._items(passage, lead_end)
        lead = Span(spans[0].start, spans[lead_end - 1].end) if lead_end else None
        if whole or best < lead_end or not items:
            return [self._whole_list(passage, lead, items)]
        chosen = next(item for item in items if item.start <= spans[best].start < item.end)
        quotes = [_Quote(passage, chosen, (("item", chosen),))]
        if lead and lead.end - lead.start <= _SHORT_LEAD_IN:
            quotes.insert(0, _Quote(passage, lead, (("lead_in", lead),)))
        return quotes

    def _whole_list(self, passage: Passage, lead: Span | None, items: Sequence[Span]) -> _Quote:
        parts: list[tuple[StatementKind, Span]] = [("lead_in", lead)] if lead else []
        parts += [("item", item) for item in items]
        return _Quote(passage, Span(parts[0][1].start, parts[-1][1].end), tuple(parts))

    def _introduced_list(self, passage: Passage, span: Span) -> _Quote | None:
        """The list that a quotation ending in a colon introduces, with the last sentence of it as lead-in."""
        if self._documents[passage.document].text[span.end - 1] != ":":
            return None
        following = self._lists.get((passage.document, span.end))
        if following is None:
            return None
        lead_end = self._lead_in_sentences(following)
        whole = self._whole_list(following, None, self._items(following, lead_end))
        return _Quote(following, Span(span.start, whole.span.end), (("lead_in", span), *whole.parts))

    def _lead_in_sentences(self, passage: Passage) -> int:
        """How many sentences of a list passage stand before its first item."""
        first_item = next((block.start for block in blocks(passage.text) if block.kind in ("item", "row")), 0)
        return sum(span.start < passage.start + first_item for span in passage.sentences)

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
        previous = ""
        for (name, voice), group in groups.items():
            document = self._documents[name]
            statements.append(Statement("intro", introduction(document, voice, again=name == previous)))
            previous = name
            for quote in sorted(group, key=lambda quote: (quote.span.start, quote.span.end)):
                citation = cite(len(citations) + 1, document, quote.passage, quote.span)
                citations.append(citation)
                for kind, span in quote.parts:
                    text = display(document.text[span.start : span.end])
                    statements.append(Statement(kind, text, (citation.number,)))
        return tuple(statements), tuple(citations)


def _plain(passage: Passage, span: Span) -> _Quote:
    return _Quote(passage, span, (("quote", span),))


def introduction(document: Document, voice: str, again: bool = False) -> str:
    """Our words before a quotation: who says it, in which document, and when; shorter for the same one again."""
    kind = document.kind or "document"
    neuter = kind.casefold().endswith(tuple(_NEUTER_ENDINGS))
    where = f"in {'het' if neuter else 'de'} {kind} “{document.title}”"
    when = f" van {dutch_date(document.date)}" if document.date else ""
    if again:
        where, when = f"in {'hetzelfde' if neuter else 'dezelfde'} {kind}", ""
    if not voice or (document.kind and voice.startswith(document.kind)):
        return f"I{where[1:]}{when} staat:"
    if voice == document.voice and document.kind == "brief":
        return f"I{where[1:]}{when} schrijft {voice}:"
    return f"Volgens {voice}, {where}{when}:"

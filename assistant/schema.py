"""The values that travel through the pipeline. All are frozen; none knows how it was made.

Offsets count characters in `Document.text`, the document's extracted text (for .txt and .md the file's own text), and
are half-open: `document.text[start:end]` is the quoted text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PassageKind = Literal["paragraph", "list", "item", "letterhead", "salutation", "signature"]
Status = Literal["answered", "partial", "not_found"]
StatementKind = Literal["intro", "quote", "lead_in", "item", "notice", "generated", "struck"]


@dataclass(frozen=True, slots=True)
class VoiceRange:
    """From character `start` of a document on (until the next range) `voice` is speaking."""

    start: int
    voice: str


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its text and what `documents.yaml` says of it.

    Attributes:
        name: path relative to the documents folder, with forward slashes; identifies the document.
        text: extracted text. Readers of formats with structure write headings as Markdown (`## …`), list items as
            `- …`, and separate blocks by an empty line.
        title: title for people.
        kind: 'brief', 'verslag', … ; empty if unknown.
        date: ISO date (YYYY-MM-DD); empty if unknown.
        voice: who speaks in it unless `voices` says otherwise; empty if unknown.
        status: e.g. 'definitief'; empty if unknown.
        link: where the original can be found; empty if unknown.
        voices: parts in which another voice speaks, by increasing start.
        pages: the offset at which each page starts (page 1 first); empty for formats without pages.
    """

    name: str
    text: str
    title: str
    kind: str = ""
    date: str = ""
    voice: str = ""
    status: str = ""
    link: str = ""
    voices: tuple[VoiceRange, ...] = ()
    pages: tuple[int, ...] = ()

    def voice_at(self, offset: int) -> str:
        """Who is speaking at this character offset."""
        voice = self.voice
        for part in self.voices:
            if part.start > offset:
                break
            voice = part.voice
        return voice

    def page_at(self, offset: int) -> int | None:
        """The 1-based page of this character offset, or None for a document without pages."""
        return sum(start <= offset for start in self.pages) or None


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open character range of a document."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest part of a document that stands by itself.

    Attributes:
        id: `document:start-end`, stable as long as the document does not change.
        document: name of its document.
        start, end: character range in the document's text.
        kind: what it is.
        text: `document.text[start:end]`.
        headings: titles of the sections it stands in, outermost first.
        lead_in: the sentence that introduces the list it belongs to, or what a letterhead or signature is; context
            for finding and showing it, not part of the quoted text.
        voice: who speaks.
        date: ISO date of the document, or empty.
        sentences: its sentences and list items, in order, as ranges in the document.
    """

    id: str
    document: str
    start: int
    end: int
    kind: PassageKind
    text: str
    headings: tuple[str, ...] = ()
    lead_in: str = ""
    voice: str = ""
    date: str = ""
    sentences: tuple[Span, ...] = ()

    @property
    def heading(self) -> str:
        """The heading path for people: 'Sociale basis › De persoonlijke basis'."""
        return " › ".join(self.headings)

    def quote(self, span: Span) -> str:
        """The verbatim text of a range inside this passage."""
        return self.text[span.start - self.start : span.end - self.start]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may be used; an empty field lets everything through.

    Attributes:
        documents: names of documents.
        kinds: kinds of document.
        voices: voices of a passage.
        since, until: ISO dates, both inclusive; an undated document passes neither.
    """

    documents: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    voices: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found for a question.

    Attributes:
        passage: the passage.
        score: fused score; higher is better, comparable within one question only.
        dense: mean cosine of the question with the whole passage and with its best sentence.
        bm25: BM25 as a share of the question's total idf, roughly 0..2.
        ngram: tf-idf cosine over character n-grams, 0..1.
        sentence_scores: one dense cosine for each of `passage.sentences`.
        named: whether the question names the passage's speaker or kind of document.
        label: whether it is a letterhead, salutation or signature, and the question is not about the document itself.
        late: late interaction of the question with the whole passage (`late_interaction.py`); `dense` if the encoder
            has no token vectors.
        late_sentences: the same for each of `passage.sentences`; `sentence_scores` if the encoder has none.
        reread: the reranker's log-odds that each of `passage.sentences` answers (`reranker.py`); empty if the hit was
            not among the first, or the encoder has no reranker.
    """

    passage: Passage
    score: float
    dense: float
    bm25: float
    ngram: float
    sentence_scores: tuple[float, ...] = ()
    named: bool = False
    label: bool = False
    late: float = 0.0
    late_sentences: tuple[float, ...] = ()
    reread: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quotation stands. `quote` is `document.text[start:end]`, verbatim."""

    number: int
    document: str
    title: str
    date: str
    voice: str
    start: int
    end: int
    quote: str
    heading: str = ""
    page: int | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One piece of an answer.

    Attributes:
        kind: 'intro' (our own connecting words), 'quote' (a verbatim quotation), 'lead_in' and 'item' (a quoted list),
            'notice' (our own sentence, e.g. that something is not in the documents), 'generated' (a sentence of a
            language model that passed verification), 'struck' (one that failed it: shown struck through, not exported).
        text: what is shown, without citation marks; for quotations the quote with white space and mark-up tidied.
        citations: numbers of the citations that support it; empty for our own words.
        reason: why a 'struck' sentence failed, for people.
    """

    kind: StatementKind
    text: str
    citations: tuple[int, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    Attributes:
        question: the question as it was asked.
        status: answered, partial (related, does not answer the question itself) or not_found.
        statements: the answer in order of reading.
        citations: numbered from 1, in order of first use; each is used by a statement.
        hits: the nearest passages, best first, at most 10, whatever the status.
        probability: estimated probability that the documents answer the question, 0..1.
        understood: what the question was taken to mean, for people ('SPUK = Specifieke Uitkering').
        seconds: time it took.
        complete: False while a language model is still writing.
        index: fingerprint of the index it was made with.
    """

    question: str
    status: Status
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    probability: float = 0.0
    understood: tuple[str, ...] = ()
    seconds: float = 0.0
    complete: bool = True
    index: str = ""

    @property
    def has_outcome(self) -> bool:
        """Whether something was looked for in the documents; not for a greeting."""
        return bool(self.citations) or self.status != "answered"

    @property
    def text(self) -> str:
        """The answer as plain text with [n] behind every statement from the documents; without struck sentences."""
        parts: list[str] = []
        for statement in self.statements:
            if statement.kind == "struck":
                continue
            marks = "".join(f" [{number}]" for number in statement.citations)
            shown = f"“{statement.text}”" if statement.kind in ("quote", "lead_in") else statement.text
            if statement.kind == "item":
                parts.append(f"\n- {shown}{marks}")
            elif statement.kind in ("intro", "notice"):
                parts.append(f"\n\n{shown}{marks}")
            else:
                parts.append(f" {shown}{marks}")
        return "".join(parts).strip()


@dataclass(frozen=True, slots=True)
class Position:
    """A statement in which somebody takes a stand.

    Attributes:
        citation: the statement, verbatim, with whose it is and when it was made.
        stance: how firmly: 'standpunt', 'pleidooi', 'advies', 'zorg' or 'waarneming'.
        score: relevance to the subject asked for.
        side: 'voor', 'tegen' or 'onduidelijk' when the subject was a claim; empty when it was not.
    """

    citation: Citation
    stance: str
    score: float
    side: str = ""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build of the index did.

    Attributes:
        documents: number of documents in the index.
        passages: number of passages in the index.
        sentences: number of sentence vectors in the index.
        encoded: number of texts that had to be encoded; 0 when nothing changed.
        added, changed, removed: names of documents, against the former index.
        failures: a Dutch sentence for each file that could not be read.
        seconds: time it took.
    """

    documents: int
    passages: int
    sentences: int
    encoded: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failures: tuple[str, ...] = field(default=())
    seconds: float = 0.0

"""The public API: `build_index` makes an index from a corpus, `Assistant` answers from it."""

from __future__ import annotations

import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Self

from assistant import calibration, courtesies, positions
from assistant.answering import ExtractiveAnswerer
from assistant.building import build_index
from assistant.claims import read_claim
from assistant.conversation import Understood, understand
from assistant.encoder import Encoder, load_encoder
from assistant.errors import InputError, LLMError
from assistant.generation import QUOTED_INSTEAD, Writer, cosine_support
from assistant.glossary import Glossary
from assistant.intent import asks_about_letter, has_what_is_asked, intent, names_kind
from assistant.lexical import Postings
from assistant.llm import LanguageModel, load_llm
from assistant.manifest import Manifest, manifest_path, read_manifest
from assistant.passages import LABELS
from assistant.quantities import quantities
from assistant.retrieval import Retriever
from assistant.schema import Answer, Citation, Document, Filters, Hit, Passage, Position, Statement
from assistant.settings import Settings
from assistant.spelling import Speller
from assistant.store import Generation, check_fits, open_generation

__all__ = ["Assistant", "build_index"]

TOP_K = 10
"""Passages that come with an answer, at most."""


class Assistant:
    """Answers questions from an index; several threads may ask at once.

    When a build has switched the index to a new generation, the next question is answered from that.
    """

    def __init__(self, settings: Settings, encoder: Encoder) -> None:
        self._settings = settings
        self._encoder = encoder
        self._llm = load_llm(settings)
        self._lock = Lock()
        self._stamp: tuple[int, int] | None = None
        self._opened: Opened | None = None
        self._current()

    @classmethod
    def open(cls, settings: Settings, encoder: Encoder | None = None) -> Self:
        """Open the index that the settings name.

        Args:
            settings: where the index is and with which encoder it was made.
            encoder: in place of the one that the settings name.

        Raises:
            IndexMissingError: there is no index.
            IndexMismatchError: it was made with other settings.
            IndexDamagedError: its files are damaged.
            EncoderError: the encoder cannot be loaded.
        """
        read_manifest(settings.index)
        return cls(settings, encoder or load_encoder(settings))

    @property
    def documents(self) -> Mapping[str, Document]:
        """All documents of the index, by name."""
        return self._current().generation.documents

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages of the index, by document and place."""
        return self._current().generation.passages

    @property
    def words(self) -> Postings:
        """In which passages each word stands, and how rare it is."""
        return self._current().generation.lexical.words

    @property
    def writes(self) -> bool:
        """Whether a language model writes the answers."""
        return self._llm is not None

    @property
    def manifest(self) -> Manifest:
        """What the index was made with."""
        return self._current().generation.manifest

    def ask(self, question: str, history: Sequence[str] = (), filters: Filters | None = None) -> Answer:
        """Answer a question.

        Args:
            question: in Dutch (English is understood as far as the encoder goes).
            history: the user's earlier questions, oldest first.
            filters: which documents and voices may be used.

        Raises:
            InputError: the question is empty, without words, or too long.
        """
        return list(self.stream(question, history, filters))[-1]

    def stream(self, question: str, history: Sequence[str] = (), filters: Filters | None = None) -> Iterator[Answer]:
        """Answer a question: with a language model the answer so far after every sentence; the last one is whole.

        What the model writes is verified sentence by sentence. If it fails, or writes what is not in the documents, the
        last answer is the quoted one, with a notice.

        Raises:
            InputError: as for `ask`.
        """
        started = time.perf_counter()
        deadline = time.monotonic() + self._settings.llm_timeout
        question = self._checked(question)
        opened = self._current()
        if reply := courtesies.answer(question):
            index = opened.generation.manifest.fingerprint
            yield Answer(question, "answered", (Statement("notice", reply),), probability=1.0, index=index)
            return
        understood, trouble = understand(question, history), ""
        if opened.writer and history:
            try:
                understood = opened.writer.rewrite(question, history, deadline) or understood
            except LLMError as error:
                trouble = str(error)
        answer = self._quoted(question, understood, filters, opened)
        if opened.writer and answer.status != "not_found":
            quoted = answer
            doubt = quoted.statements[:1] if quoted.status == "partial" else ()
            try:
                if trouble:
                    raise LLMError(trouble)
                for written in opened.writer.write(understood.search, quoted.hits, deadline):
                    statements = (*doubt, *written.statements)
                    answer = replace(quoted, statements=statements, citations=written.citations, complete=False)
                    yield answer
            except LLMError as error:
                notice = Statement("notice", f"{error} {QUOTED_INSTEAD}")
                answer = replace(quoted, statements=(notice, *quoted.statements))
        yield replace(answer, complete=True, seconds=time.perf_counter() - started)

    def _quoted(self, question: str, understood: Understood, filters: Filters | None, opened: Opened) -> Answer:
        """The answer in quotations."""
        search, spelled = opened.speller.corrected(understood.search)
        hits = opened.find(search, TOP_K, filters)
        words = opened.generation.lexical.words
        chance = calibration.probability(calibration.features(search, hits, words)) if hits else 0.0
        status = calibration.status(chance)
        if hits and _dates_the_document(question, hits[0].passage, opened.generation.documents):
            status = "answered"
        statements, citations = opened.answerer.compose(question, search, hits, status)
        if status == "answered" and _is_doubtful(question, hits[0].passage, citations):
            status = "partial"
            statements, citations = opened.answerer.compose(question, search, hits, status)
        return Answer(
            question=question,
            status=status,
            statements=statements,
            citations=citations,
            hits=hits,
            probability=round(chance, 4),
            understood=_explained(understood, spelled, opened.generation.glossary),
            index=opened.generation.manifest.fingerprint,
        )

    def search(
        self, query: str, top_k: int = TOP_K, filters: Filters | None = None, history: Sequence[str] = ()
    ) -> tuple[Hit, ...]:
        """The best passages for a query, best first.

        Raises:
            InputError: the query is empty, without words, or too long; top_k is below 1.
        """
        return self._found(self._current(), query, top_k, filters, history)

    def _found(
        self, opened: Opened, query: str, top_k: int, filters: Filters | None, history: Sequence[str] = ()
    ) -> tuple[Hit, ...]:
        if top_k < 1:
            raise InputError(f"Het aantal resultaten moet 1 of meer zijn, niet {top_k}.")
        read, _ = opened.speller.corrected(understand(self._checked(query), history).search)
        return opened.find(read, top_k, filters)

    def positions(
        self, subject: str, filters: Filters | None = None, top_k: int = TOP_K, stance: str = ""
    ) -> tuple[Position, ...]:
        """Statements on a subject in which somebody takes a stand, newest first.

        A claim ('NOV is voor betaling van vrijwilligers') in place of a subject gives each statement its side. With a
        `stance` there are only statements as firm as that ('advies').

        Raises:
            InputError: as for `search`.
        """
        opened = self._current()
        hits = self._found(opened, subject, (10 if stance else 3) * top_k, filters)
        claim = read_claim(subject, opened.generation.lexical.words.idf_of)
        return positions.find(hits, opened.generation.documents, top_k, claim, stance)

    def close(self) -> None:
        """Release the index."""
        with self._lock:
            if self._opened:
                self._opened.generation.vectors.close()
            self._opened, self._stamp = None, None

    def _checked(self, question: str) -> str:
        question = " ".join(question.split())
        if not any(char.isalnum() for char in question):
            raise InputError("Typ een vraag van een of meer woorden.")
        if len(question) > self._settings.max_question:
            raise InputError(
                f"Deze vraag is {len(question)} tekens lang; er mogen er {self._settings.max_question} zijn. "
                "Maak de vraag korter, of splits hem in stukken."
            )
        return question

    def _current(self) -> Opened:
        """The generation in use now; opens the new one if a build has switched."""
        with self._lock:
            stamp = _stamp(manifest_path(self._settings.index))
            if self._opened is None or stamp != self._stamp:
                self._reopen(stamp)
            assert self._opened is not None  # noqa: S101 - for the type checker
            return self._opened

    def _reopen(self, stamp: tuple[int, int] | None) -> None:
        manifest = read_manifest(self._settings.index)
        if self._opened is None or manifest != self._opened.generation.manifest:
            check_fits(manifest, self._encoder, self._settings.chroma_url)
            generation = open_generation(self._settings.index, manifest)
            # The former one is closed when no thread answers from it any more.
            self._opened = Opened(generation, self._encoder, self._llm)
            weakref.finalize(self._opened, generation.vectors.close)
        self._stamp = stamp


class Opened:
    """One generation of the index with what answers from it."""

    def __init__(self, generation: Generation, encoder: Encoder, llm: LanguageModel | None) -> None:
        self.generation = generation
        self.answerer = ExtractiveAnswerer(generation.documents, generation.passages, generation.lexical.words)
        self.speller = Speller(document.text for document in generation.documents.values())
        self._retriever = Retriever(generation, encoder)
        self.writer = Writer(llm, cosine_support(encoder), generation.glossary, generation.documents) if llm else None

    def find(self, search: str, top_k: int, filters: Filters | None) -> tuple[Hit, ...]:
        """The best passages, with what the glossary adds to the question."""
        also = [expansion.meaning for expansion in self.generation.glossary.expansions(search)]
        return self._retriever.retrieve(search, top_k, filters, also)


def _dates_the_document(question: str, best: Passage, documents: Mapping[str, Document]) -> bool:
    """Whether a question for the date of a document finds its letterhead with a date; the calibration knows of none."""
    kind = documents[best.document].kind
    asks = intent(question).date and names_kind(question, kind)
    return asks and best.kind == "letterhead" and bool(quantities(best.text).dates)


def _is_doubtful(question: str, best: Passage, citations: Sequence[Citation]) -> bool:
    """Whether an answer cannot be the one: no number for a 'hoeveel', or a signature for a question about content."""
    if best.kind in LABELS and not asks_about_letter(question):
        return True
    return not any(has_what_is_asked(question, citation.quote) for citation in citations)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_ino


def _explained(understood: Understood, spelled: Mapping[str, str], glossary: Glossary) -> tuple[str, ...]:
    """What a question was taken to mean, for people: what it follows on, typing errors, abbreviations in full."""
    carried = [f"Vervolg op: {understood.carried}"] if understood.carried else []
    if understood.rewritten:
        carried = [f"Begrepen als: {understood.search}"]
    read = [f"‘{typed}’ gelezen als ‘{meant}’" for typed, meant in spelled.items()]
    short = [f"{short} = {full}" for short, full in glossary.explained(understood.search).items()]
    return (*carried, *read, *short)

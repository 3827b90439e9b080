"""Building the index: read what changed, split, encode what is new, write a new generation and switch to it."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from assistant import encoded
from assistant.documents.corpus import Metadata, SourceFile, find_files, load_metadata, make_document
from assistant.documents.reading import read_file
from assistant.dutch import ANALYSER
from assistant.encoded import Encoded
from assistant.encoder import Encoder, load_encoder
from assistant.errors import AssistantError, CorpusError, DocumentError, IndexBusyError, StoreError
from assistant.glossary import Glossary, harvest, load_glossary
from assistant.late_interaction import Entry, LateIndex
from assistant.lexical import LexicalIndex
from assistant.manifest import DocumentEntry, Manifest, read_manifest, write_manifest
from assistant.passages import CHUNKING, LABELS, split
from assistant.schema import BuildReport, Document, Passage, PassageKind
from assistant.settings import Settings
from assistant.store import (
    check_fits,
    generation_prefix,
    leftover_folders,
    open_generation,
    open_vectors,
    remove_folders,
    save_files,
)
from assistant.vectors import VectorStore

LOCK_TIMEOUT = 900.0
"""Seconds that a build waits for another one before it gives up."""

ENCODER_FILE = "encoder.txt"
"""Holds the encoder's fingerprint from the start of a build, so that an interrupted one can be used again."""

CHUNK = 64
"""So many passages are encoded and written at a time."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done (Dutch), how many are done and how many there are; 0 of 0 for a remark."""


def dense_text(kind: PassageKind, text: str) -> str:
    """What the encoder reads of a whole passage: its text, for letterhead and signature with what that is."""
    label = LABELS.get(kind)
    return f"{label}\n{text}" if label else text


def context_text(passage: Passage) -> str:
    """What introduces a passage, whose tokens count with its own: its headings and its lead-in."""
    lead_in = "" if passage.lead_in in passage.text else passage.lead_in
    return "\n".join(part for part in (passage.heading, lead_in) if part)


def lexical_text(passage: Passage, document: Document) -> str:
    """What the lexical index reads of a passage: its text, what introduces it, and who says it in what."""
    context = (document.title, document.kind, passage.voice, passage.heading, passage.lead_in)
    return "\n".join(part for part in (*context, passage.text) if part)


@dataclass(frozen=True)
class _Former:
    """The index in use before this build: its generation, and what of it can be used again."""

    generation: str = ""
    manifest: Manifest | None = None
    documents: Mapping[str, Document] = field(default_factory=dict)
    passages: Sequence[Passage] = ()
    late: LateIndex | None = None


def build_index(settings: Settings, progress: Progress | None = None, encoder: Encoder | None = None) -> BuildReport:
    """Bring the index up to date with the corpus.

    Documents that did not change are not read again and texts that did not change are not encoded again. Readers keep
    answering from the former index until the new one is complete; an interrupted build leaves the former one in use.

    Args:
        settings: where corpus and index are, and with which encoder.
        progress: told what is going on.
        encoder: in place of the one that the settings name.

    Raises:
        CorpusError: the corpus cannot be used at all, or no document of it can be read.
        EncoderError: the encoder cannot be loaded.
        IndexBusyError: another build did not finish in time.
    """
    tell = progress or (lambda what, done, total: None)
    started = time.perf_counter()
    max_bytes = int(settings.max_file_mb * 1_000_000)
    sources, failures = find_files(settings.corpus, max_bytes)
    metadata = load_metadata(settings.corpus)
    glossary = load_glossary(settings.corpus / "glossary.yaml")
    settings.index.mkdir(parents=True, exist_ok=True)
    with _locked(settings.index, tell):
        build = _Build(settings, tell, encoder or load_encoder(settings))
        report = build.run(sources, failures, metadata, glossary, max_bytes)
    return replace(report, seconds=time.perf_counter() - started)


class _locked:  # noqa: N801 - reads as a statement
    """Holds the lock of an index folder; waits for another build and says so."""

    def __init__(self, index: Path, tell: Progress) -> None:
        self._lock = FileLock(index / ".lock")
        self._index = index
        self._tell = tell

    def __enter__(self) -> None:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            self._tell("Er wordt al een index gebouwd in deze map; ik wacht tot die klaar is", 0, 0)
            try:
                self._lock.acquire(timeout=LOCK_TIMEOUT)
            except Timeout as error:
                raise IndexBusyError(
                    f"Een andere opbouw van de index in {self._index} is na een kwartier nog bezig. "
                    "Wacht tot die klaar is, of stop dat programma en probeer het opnieuw."
                ) from error

    def __exit__(self, *error: object) -> None:
        self._lock.release()


def _metadata_digest(metadata: Metadata | None) -> str:
    content = json.dumps(asdict(metadata) if metadata else None, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _corpus_digest(entries: Mapping[str, DocumentEntry], glossary: Glossary) -> str:
    content = {"documents": {name: asdict(entry) for name, entry in entries.items()}, "glossary": asdict(glossary)}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class _Build:
    """One run of a build, under the lock."""

    def __init__(self, settings: Settings, tell: Progress, encoder: Encoder) -> None:
        self.settings = settings
        self.tell = tell
        self.encoder = encoder
        self.encoded = 0

    def run(
        self,
        sources: Sequence[SourceFile],
        failures: Sequence[DocumentError],
        metadata: Mapping[str, Metadata],
        glossary: Glossary,
        max_bytes: int,
    ) -> BuildReport:
        entries = {s.name: DocumentEntry(s.digest, _metadata_digest(metadata.get(s.name))) for s in sources}
        former = self._former()
        documents, unread = self._documents(sources, metadata, entries, former, max_bytes)
        entries = {name: entries[name] for name in documents}
        if not documents:
            raise CorpusError(
                f"Geen enkel document in {self.settings.corpus} kon worden gelezen. "
                + " ".join(str(failure) for failure in (*failures, *unread))
            )
        before = former.manifest.documents if former.manifest else {}
        corpus = _corpus_digest(entries, glossary)
        if former.manifest and former.manifest.corpus == corpus:
            passages, sentences = former.manifest.passages, former.manifest.sentences
        else:
            passages, sentences = self._write(documents, entries, glossary, corpus, former)
        return BuildReport(
            documents=len(documents),
            passages=passages,
            sentences=sentences,
            encoded=self.encoded,
            added=tuple(name for name in entries if name not in before),
            changed=tuple(name for name in entries if name in before and before[name] != entries[name]),
            removed=tuple(name for name in before if name not in entries),
            failures=tuple(str(failure) for failure in (*failures, *unread)),
        )

    def _former(self) -> _Former:
        """The index in use; if it does not fit the settings or is damaged, nothing of it is used again."""
        generation = ""
        try:
            manifest = read_manifest(self.settings.index)
            generation = manifest.generation
            check_fits(manifest, self.encoder, self.settings.chroma_url)
            opened = open_generation(self.settings.index, manifest)
        except StoreError:
            return _Former(generation)
        opened.vectors.close()
        return _Former(generation, manifest, opened.documents, opened.passages, opened.late)

    def _documents(
        self,
        sources: Sequence[SourceFile],
        metadata: Mapping[str, Metadata],
        entries: Mapping[str, DocumentEntry],
        former: _Former,
        max_bytes: int,
    ) -> tuple[dict[str, Document], list[DocumentError]]:
        before = former.manifest.documents if former.manifest else {}
        documents: dict[str, Document] = {}
        failures: list[DocumentError] = []
        for number, source in enumerate(sources, start=1):
            if before.get(source.name) == entries[source.name]:
                documents[source.name] = former.documents[source.name]
            else:
                try:
                    extract = read_file(source.path, source.name, max_bytes)
                    documents[source.name] = make_document(source, extract, metadata.get(source.name))
                except DocumentError as failure:
                    failures.append(failure)
            self.tell("Documenten lezen", number, len(sources))
        return documents, failures

    def _write(
        self,
        documents: Mapping[str, Document],
        entries: Mapping[str, DocumentEntry],
        glossary: Glossary,
        corpus: str,
        former: _Former,
    ) -> tuple[int, int]:
        """Write a new generation, switch to it, and remove what is no longer needed."""
        index, url = self.settings.index, self.settings.chroma_url
        in_use = [former.generation] if former.generation else []
        name = generation_prefix(index) + secrets.token_hex(4)
        folder = index / name
        known = self._known(former, in_use)
        folder.mkdir()
        (folder / ENCODER_FILE).write_text(self.encoder.fingerprint, encoding="utf-8")
        passages = [passage for document in documents.values() for passage in split(document)]
        vectors = VectorStore(folder, name, url)
        try:
            vectors.create()
            for begin in range(0, len(passages), CHUNK):
                chunk = passages[begin : begin + CHUNK]
                self._encode(chunk, known, folder)
                for document, found in groupby(chunk, key=lambda passage: passage.document):
                    _add(vectors, list(found), documents[document].title, known)
                self.tell("Passages coderen", begin + len(chunk), len(passages))
            lexical = LexicalIndex.build([lexical_text(passage, documents[passage.document]) for passage in passages])
            merged = glossary.merged(harvest(document.text for document in documents.values()))
            late = LateIndex.build(_entry(passage, known) for passage in passages)
            digests = save_files(folder, documents.values(), passages, merged, lexical, late)
            counts = vectors.counts()
            remove_folders([folder / encoded.FOLDER])
        finally:
            vectors.close()
        write_manifest(
            index,
            Manifest(
                generation=name,
                encoder=self.encoder.name,
                encoder_fingerprint=self.encoder.fingerprint,
                chunking=CHUNKING,
                analyser=ANALYSER,
                corpus=corpus,
                chroma_url=url,
                documents=entries,
                files=digests,
                passages=counts[0],
                sentences=counts[1],
            ),
        )
        self._tidy(name, in_use)
        return counts

    def _known(self, former: _Former, in_use: Sequence[str]) -> Encoded:
        """What the index in use holds, and what an interrupted build had already made with this encoder."""
        known = Encoded()
        for folder in leftover_folders(self.settings.index, in_use):
            with suppress(OSError, UnicodeDecodeError):
                if (folder / ENCODER_FILE).read_text(encoding="utf-8") == self.encoder.fingerprint:
                    known.read(folder)
        if former.manifest:
            vectors = open_vectors(self.settings.index, former.manifest)
            whole = {dense_text(kind, text): vector for (kind, text), vector in vectors.passage_texts().items()}
            known.add_vectors({**vectors.sentence_texts(), **whole})
            vectors.close()
        if former.late:
            for row, passage in enumerate(former.passages):
                found = former.late.entry(row)
                known.add_tokens(dict(zip(map(passage.quote, passage.sentences), found.sentences, strict=True)))
                known.add_tokens({context_text(passage): found.context})
        return known

    def _encode(self, passages: Sequence[Passage], known: Encoded, folder: Path) -> None:
        """Make what is not known yet of passages, and keep it in the folder."""
        late = self.encoder.has_tokens
        parts = dict.fromkeys(passage.quote(span) for passage in passages for span in passage.sentences)
        new = [text for text in parts if not known.has_vector(text) or (late and not known.has_tokens(text))]
        if late:
            contexts = dict.fromkeys(text for text in map(context_text, passages) if text and text not in parts)
            new += [text for text in contexts if not known.has_tokens(text)]
        wholes = dict.fromkeys(dense_text(passage.kind, passage.text) for passage in passages)
        if new:
            vectors, tokens = self.encoder.encode_sentences(new)
            known.add_vectors(dict(zip(new, vectors, strict=True)))
            if late:
                known.add_tokens(dict(zip(new, tokens, strict=True)))
        new_wholes = [text for text in wholes if not known.has_vector(text)]
        if new_wholes:
            known.add_vectors(dict(zip(new_wholes, self.encoder.encode_passages(new_wholes), strict=True)))
        if new or new_wholes:
            known.write(folder, new + new_wholes)
        self.encoded += len(new) + len(new_wholes)

    def _tidy(self, name: str, in_use: Sequence[str]) -> None:
        index = self.settings.index
        kept = [name, *in_use]
        remove_folders(leftover_folders(index, kept))
        if self.settings.chroma_url:
            vectors = VectorStore(index / name, name, self.settings.chroma_url)
            with suppress(AssistantError):
                vectors.drop_others(generation_prefix(index), kept)
            vectors.close()


def _add(vectors: VectorStore, passages: Sequence[Passage], title: str, known: Encoded) -> None:
    """Write the vectors of passages of one document."""
    wholes = [known.vector(dense_text(passage.kind, passage.text)) for passage in passages]
    parts = [known.vector(passage.quote(span)) for passage in passages for span in passage.sentences]
    vectors.add(passages, title, np.stack(wholes), np.stack(parts))


def _entry(passage: Passage, known: Encoded) -> Entry:
    return Entry(
        tuple(known.tokens(passage.quote(span)) for span in passage.sentences), known.tokens(context_text(passage))
    )

"""The index on disk: generations of files under `index/`, one of which the manifest names as the one in use.

    index/manifest.json           which generation is in use, what it was made with and from
    index/<generation>/           documents.jsonl, passages.jsonl, glossary.json, lexical.npz,
                                  late_interaction.npz, chroma/

A build writes a new generation beside the old one and switches by replacing the manifest. The generation before is kept
until the next build, for readers that are still answering from it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.dutch import ANALYSER
from assistant.encoder import Encoder
from assistant.errors import IndexDamagedError, IndexMismatchError
from assistant.glossary import Glossary
from assistant.late_interaction import LateIndex
from assistant.lexical import LexicalIndex
from assistant.manifest import REBUILD, Manifest, file_digest
from assistant.passages import CHUNKING
from assistant.schema import Document, Passage, Span, VoiceRange
from assistant.vectors import VectorStore

FILES = ("documents.jsonl", "passages.jsonl", "glossary.json", "lexical.npz", "late_interaction.npz")


@dataclass(frozen=True)
class Generation:
    """One complete index, open for reading.

    Attributes:
        manifest: what it was made with.
        documents: by name.
        passages: in the order of the lexical index.
        glossary: of the corpus, with the abbreviations its documents explain.
        lexical: BM25 and character n-grams.
        late: token vectors.
        vectors: Chroma.
    """

    manifest: Manifest
    documents: Mapping[str, Document]
    passages: tuple[Passage, ...]
    glossary: Glossary
    lexical: LexicalIndex
    late: LateIndex
    vectors: VectorStore


def generation_prefix(index: Path) -> str:
    """The start of the names of all generations of this index folder, unique on a shared Chroma server."""
    return f"nov-{hashlib.sha256(str(index.resolve()).encode()).hexdigest()[:10]}-"


def check_fits(manifest: Manifest, encoder: Encoder, chroma_url: str) -> None:
    """Raise IndexMismatchError, with the mend, if the index was made with other settings than these."""
    if manifest.encoder_fingerprint != encoder.fingerprint:
        raise IndexMismatchError(
            f"De index is gemaakt met een ander model ({manifest.encoder}) dan nu is ingesteld ({encoder.name}). "
            f"Zet ASSISTANT_ENCODER terug, of maak de index opnieuw: python -m assistant index"
        )
    if (manifest.chunking, manifest.analyser) != (CHUNKING, ANALYSER):
        raise IndexMismatchError(f"De index is gemaakt door een oudere versie van de assistent. {REBUILD}")
    if manifest.chroma_url != chroma_url:
        places = [url or "de map van de index" for url in (manifest.chroma_url, chroma_url)]
        raise IndexMismatchError(
            f"De vectoren van deze index staan in {places[0]}, maar ASSISTANT_CHROMA_URL wijst naar {places[1]}. "
            f"Zet die instelling terug, of maak de index opnieuw: python -m assistant index"
        )


def save_files(
    folder: Path,
    documents: Iterable[Document],
    passages: Sequence[Passage],
    glossary: Glossary,
    lexical: LexicalIndex,
    late: LateIndex,
) -> dict[str, str]:
    """Write everything but the vectors; returns the digest of each file."""
    _write_lines(folder / "documents.jsonl", map(asdict, documents))
    _write_lines(folder / "passages.jsonl", map(_passage_row, passages))
    (folder / "glossary.json").write_text(json.dumps(asdict(glossary), ensure_ascii=False), encoding="utf-8")
    lexical.save(folder / "lexical.npz")
    late.save(folder / "late_interaction.npz")
    return {name: file_digest(folder / name) for name in FILES}


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _read_lines(path: Path) -> list[dict[str, Any]]:
    # Not str.splitlines: that also cuts at characters such as U+2028, which JSON leaves as they are.
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _passage_row(passage: Passage) -> dict[str, Any]:
    row = asdict(passage)
    del row["text"]
    row["sentences"] = [(span.start, span.end) for span in passage.sentences]
    return row


def load_documents(folder: Path) -> dict[str, Document]:
    """The documents of a generation by name."""
    documents = {}
    for row in _read_lines(folder / "documents.jsonl"):
        row["voices"] = tuple(VoiceRange(**part) for part in row["voices"])
        row["pages"] = tuple(row["pages"])
        documents[row["name"]] = Document(**row)
    return documents


def load_passages(folder: Path, documents: Mapping[str, Document]) -> tuple[Passage, ...]:
    """The passages of a generation in order; their text is cut from the documents."""
    passages = []
    for row in _read_lines(folder / "passages.jsonl"):
        row["sentences"] = tuple(Span(*span) for span in row["sentences"])
        row["headings"] = tuple(row["headings"])
        text = documents[row["document"]].text[row["start"] : row["end"]]
        passages.append(Passage(text=text, **row))
    return tuple(passages)


def open_vectors(index: Path, manifest: Manifest) -> VectorStore:
    """The vectors of the generation that a manifest names."""
    vectors = VectorStore(index / manifest.generation, manifest.generation, manifest.chroma_url)
    try:
        vectors.open()
        if vectors.counts() != (manifest.passages, manifest.sentences):
            raise IndexDamagedError(f"In de index in {index} ontbreken vectoren. {REBUILD}")
    except BaseException:
        vectors.close()
        raise
    return vectors


def open_generation(index: Path, manifest: Manifest) -> Generation:
    """Open the generation that a manifest names, after checking its files.

    Raises:
        IndexDamagedError: files are missing or are not as they were written.
    """
    folder = index / manifest.generation
    try:
        for name in FILES:
            if file_digest(folder / name) != manifest.files[name]:
                raise IndexDamagedError(f"De index is beschadigd: {folder / name} is veranderd. {REBUILD}")
        documents = load_documents(folder)
        passages = load_passages(folder, documents)
        glossary = json.loads((folder / "glossary.json").read_text(encoding="utf-8"))
        lexical = LexicalIndex.load(folder / "lexical.npz")
        late = LateIndex.load(folder / "late_interaction.npz")
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise IndexDamagedError(f"De index in {folder} is beschadigd of niet volledig. {REBUILD}") from error
    return Generation(
        manifest=manifest,
        documents=documents,
        passages=passages,
        glossary=Glossary(
            {short: tuple(fulls) for short, fulls in glossary["abbreviations"].items()},
            tuple(tuple(group) for group in glossary["synonyms"]),
        ),
        lexical=lexical,
        late=late,
        vectors=open_vectors(index, manifest),
    )


def leftover_folders(index: Path, keep: Iterable[str]) -> list[Path]:
    """Folders of generations that are not to be kept: older ones, and those of builds that were interrupted."""
    kept = set(keep)
    prefix = generation_prefix(index)
    return sorted(path for path in index.glob(f"{prefix}*") if path.is_dir() and path.name not in kept)


def remove_folders(folders: Iterable[Path]) -> None:
    """Remove generations from disk."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)

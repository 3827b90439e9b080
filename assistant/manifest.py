"""The manifest: what an index was made with and from. It is the contract between building and answering."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from assistant.errors import IndexDamagedError, IndexMismatchError, IndexMissingError

FORMAT = 3
REBUILD = "Maak de index opnieuw: python -m assistant index"


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """One indexed document: the digest of its file and of its description."""

    digest: str
    metadata: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `index/manifest.json` holds.

    Attributes:
        generation: name of the folder (and of the Chroma collections) in use.
        encoder: name of the encoder, for people.
        encoder_fingerprint: its fingerprint.
        chunking, analyser: names of the way of splitting and of the text analysis.
        corpus: digest over all documents, their descriptions and the glossary.
        chroma_url: the Chroma server that holds the vectors; empty for Chroma in the index folder.
        documents: by name.
        files: SHA-256 of each file of the generation.
        passages, sentences: number of vectors in each collection.
        format: version of this layout.
    """

    generation: str
    encoder: str
    encoder_fingerprint: str
    chunking: str
    analyser: str
    corpus: str
    chroma_url: str
    documents: Mapping[str, DocumentEntry]
    files: Mapping[str, str] = field(default_factory=dict)
    passages: int = 0
    sentences: int = 0
    format: int = FORMAT

    @property
    def fingerprint(self) -> str:
        """Changes whenever answers may change; 16 hexadecimal digits."""
        parts = (self.encoder_fingerprint, self.chunking, self.analyser, self.corpus)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def manifest_path(index: Path) -> Path:
    """Where the manifest of an index folder stands."""
    return index / "manifest.json"


def read_manifest(index: Path) -> Manifest:
    """Read the manifest of an index folder.

    Raises:
        IndexMissingError: there is none.
        IndexDamagedError: it cannot be read.
        IndexMismatchError: it has another format.
    """
    path = manifest_path(index)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise IndexMismatchError(f"De index in {index} is gemaakt door een andere versie. {REBUILD}")
        documents = {name: DocumentEntry(**entry) for name, entry in content.pop("documents").items()}
        return Manifest(documents=documents, **content)
    except FileNotFoundError as error:
        raise IndexMissingError(
            f"Er is nog geen index in {index}. Maak hem eerst: python -m assistant index"
        ) from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexDamagedError(f"De index is beschadigd: {path} is niet te lezen. {REBUILD}") from error


def write_manifest(index: Path, manifest: Manifest) -> None:
    """Put the manifest in place in one step; from that moment the generation it names is in use."""
    path = manifest_path(index)
    temporary = path.with_suffix(".new")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, ensure_ascii=False, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Finds the files of a corpus; no document outside its folder is ever opened."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.reading import check_file, check_format, unreadable
from assistant.errors import CorpusError, DocumentError

_DESCRIPTIONS = frozenset(("documents.yaml", "glossary.yaml", "questions.jsonl"))  # not documents themselves
_REASONS = 5  # failures named when nothing can be read
_OF_THE_SYSTEM = frozenset(("thumbs.db", "desktop.ini"))


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that can be read as a document.

    Attributes:
        name: path relative to the documents folder, with forward slashes, in Unicode form NFC.
        path: where it is.
        digest: SHA-256 of its bytes, in hexadecimal.
    """

    name: str
    path: Path
    digest: str


def documents_folder(corpus: Path) -> Path:
    """Where the documents of a corpus are: in `documents/`, or else in the folder itself.

    Raises:
        CorpusError: there is no such folder.
    """
    if not corpus.is_dir():
        raise CorpusError(
            f"De map {corpus} is er niet, of is geen map. Kies met --corpus of ASSISTANT_CORPUS een map met documenten."
        )
    inner = corpus / "documents"
    return inner if inner.is_dir() else corpus


def find_files(corpus: Path, max_bytes: int) -> tuple[list[SourceFile], list[DocumentError]]:
    """Find the documents of a corpus, sorted by name, and what cannot be one of them and why.

    Hidden files and the lock files of word processors are passed over, and so are the files that describe a corpus in
    a folder without `documents/`.

    Args:
        corpus: a corpus folder, or any folder with documents.
        max_bytes: larger files are refused.

    Raises:
        CorpusError: the folder does not exist, or holds nothing that can be read.
    """
    folder = documents_folder(corpus)
    sources: dict[str, SourceFile] = {}
    paths, failures = list_files(corpus)
    for path in paths:
        try:
            source = _source(path, folder, max_bytes)
            if source.name in sources:
                raise DocumentError(
                    source.name, "er zijn twee bestanden met deze naam. Geef één van beide een andere naam."
                )
            sources[source.name] = source
        except DocumentError as failure:
            failures.append(failure)
    if not sources:
        reasons = "".join(f"\n- {failure}" for failure in failures[:_REASONS])
        raise CorpusError(
            f"In de map {folder} staat geen document dat gelezen kan worden.{reasons}\nZet er documenten in."
        )
    return [sources[name] for name in sorted(sources)], sorted(failures, key=lambda failure: failure.name)


def list_files(corpus: Path) -> tuple[list[Path], list[DocumentError]]:
    """All files of a corpus that may be documents, at any depth, and the folders that cannot be opened.

    Raises:
        CorpusError: the folder does not exist.
    """
    folder = documents_folder(corpus)
    paths: list[Path] = []
    failures: list[DocumentError] = []

    def fail(error: OSError) -> None:
        failures.append(DocumentError(document_name(Path(error.filename), folder), unreadable(error)))

    for parent, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        linked = [name for name in folders if (Path(parent) / name).is_symlink()]  # os.walk does not go into these
        described = _DESCRIPTIONS if Path(parent) == corpus else frozenset[str]()
        paths += [
            Path(parent) / name
            for name in sorted([*names, *linked])
            if not name.startswith((".", "~$")) and name.lower() not in _OF_THE_SYSTEM and name not in described
        ]
    return paths, failures


def document_name(path: Path, folder: Path) -> str:
    """How a file in the documents folder is called; bytes that are no text become U+FFFD."""
    name = os.fsencode(path.relative_to(folder).as_posix()).decode(errors="replace")
    return unicodedata.normalize("NFC", name)


def _source(path: Path, folder: Path, max_bytes: int) -> SourceFile:
    name = document_name(path, folder)
    if "\ufffd" in name:
        raise DocumentError(name, "in de naam staan tekens die niet te lezen zijn. Geef het een andere naam.")
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            raise DocumentError(
                name,
                "dit is een koppeling naar iets buiten de map, en die wordt niet gevolgd. "
                "Zet het bestand zelf in de map.",
            )
        if path.is_dir():
            raise DocumentError(
                name, "dit is een koppeling naar een map, en die wordt niet gevolgd. Haal de koppeling weg."
            )
        check_format(path.suffix.lower(), name)
        check_file(path, name, max_bytes)
        with path.open("rb") as file:
            return SourceFile(name, path, hashlib.file_digest(file, "sha256").hexdigest())
    except RuntimeError as error:  # pathlib's word for links in a circle
        raise DocumentError(name, "deze koppeling verwijst naar zichzelf. Haal de koppeling weg.") from error
    except OSError as error:
        raise DocumentError(name, unreadable(error)) from error

"""Adds, replaces, describes and removes the documents of a corpus; nothing is ever half written.

What is new is written beside what is there, under a hidden name that is no document, read as the index would read it,
and only then put in its place.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from assistant.documents.corpus import Metadata, SourceFile, documents_folder, make_document
from assistant.documents.descriptions import describe, forget
from assistant.documents.extract import clean
from assistant.documents.files import document_name, list_files
from assistant.documents.metadata import FILE, parse_metadata, read_metadata
from assistant.documents.reading import check_format, read_file
from assistant.errors import CorpusError, InputError

DESCRIBED = {"title": "Titel", "kind": "Soort", "date": "Datum", "voice": "Van wie"}
"""What can be said of a document here, with what people call it."""
LONGEST_VALUE = 300
_LONGEST_NAME = 200
"""Bytes, so that there is room for what is put before and behind a name."""
_NO_NAME = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff\ufffd]')


@dataclass(frozen=True, slots=True)
class Shelved:
    """A file of the corpus that may be a document.

    Attributes:
        name: its name in the corpus.
        digest: SHA-256 of its bytes, in hexadecimal; empty if it cannot be opened.
        said: what `documents.yaml` says of it.
    """

    name: str
    digest: str
    said: Metadata


class Shelf:
    """The documents of one corpus; several threads of this program may change it.

    Args:
        corpus: a corpus folder, or any folder of documents.
        max_bytes: larger documents are refused.
    """

    def __init__(self, corpus: Path, max_bytes: int) -> None:
        self._corpus = corpus
        self._max_bytes = max_bytes
        self._lock = Lock()

    @property
    def max_bytes(self) -> int:
        """Larger documents are refused."""
        return self._max_bytes

    def documents(self) -> list[Shelved]:
        """Every file that may be a document, by name.

        Raises:
            CorpusError: the folder or `documents.yaml` cannot be used.
        """
        said = parse_metadata(read_metadata(self._corpus), str(self._corpus / FILE))
        paths = sorted(self._paths().items())
        return [Shelved(name, _digest(path), said.get(name, Metadata())) for name, path in paths]

    def put(self, name: str, content: bytes, values: Mapping[str, str], replace: bool = False) -> bool:
        """Add a document, or put it in the place of the one with its name.

        Args:
            name: as `safe_name` made it.
            content: the file.
            values: what to say of it (see `DESCRIBED`); what is said already stays when a value is empty.
            replace: whether it may come in the place of another.

        Returns:
            whether that was done; not when there is one with its name and that may not be replaced.

        Raises:
            CorpusError: it cannot be read, or what is said of it does not fit; nothing has changed.
            InputError: it cannot be written; nothing has changed.
        """
        name = safe_name(name)
        with self._lock:
            paths = self._paths()
            if name in paths and not replace:
                return False
            path = paths.get(name, documents_folder(self._corpus) / name)
            given = {field: value for field, value in _checked(values).items() if value}
            where = str(self._corpus / FILE)
            text = describe(read_metadata(self._corpus), name, given, where)
            new = _beside(path)
            try:
                _write(new, content)
                extract = read_file(new, name, self._max_bytes)
                make_document(SourceFile(name, new, ""), extract, parse_metadata(text, where).get(name))
                self._say(text, lambda: new.replace(path))
            except OSError as error:
                raise _unwritten(path, error) from error
            finally:
                new.unlink(missing_ok=True)
            return True

    def describe(self, name: str, values: Mapping[str, str]) -> None:
        """Say something else of a document; an empty value is said no longer.

        Raises:
            CorpusError: what is said cannot be, or `documents.yaml` cannot be changed.
            InputError: there is no such document, or the file cannot be written.
        """
        with self._lock:
            self._path(name)
            where = str(self._corpus / FILE)
            text = describe(read_metadata(self._corpus), name, _checked(values), where)
            try:
                self._say(text)
            except OSError as error:
                raise _unwritten(self._corpus / FILE, error) from error

    def remove(self, name: str) -> None:
        """Remove a document and what is said of it.

        Raises:
            CorpusError: `documents.yaml` cannot be changed.
            InputError: there is no such document, or it cannot be removed.
        """
        with self._lock:
            path = self._path(name)
            text = forget(read_metadata(self._corpus), name, str(self._corpus / FILE))
            try:
                self._say(text)
                path.unlink()
            except OSError as error:
                raise _unwritten(path, error) from error

    def _paths(self) -> dict[str, Path]:
        folder = documents_folder(self._corpus)
        return {document_name(path, folder): path for path in list_files(self._corpus)[0]}

    def _path(self, name: str) -> Path:
        if (path := self._paths().get(name)) is None:
            raise InputError(f"Het document '{name}' is er niet meer. Laad de pagina opnieuw.")
        return path

    def _say(self, text: str, before: Callable[[], object] = lambda: None) -> None:
        """Put this text in `documents.yaml`; `before` is called when all is ready for that."""
        path = self._corpus / FILE
        if text == read_metadata(self._corpus):
            before()
            return
        new = _beside(path)
        try:
            _write(new, text.encode())
            before()
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)


def safe_name(given: str) -> str:
    """A name for a file in the documents folder: no path, not hidden, without signs that some computers do not take.

    Raises:
        CorpusError: nothing is left of it, or files of this kind are not read.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    name = " ".join(_NO_NAME.sub("", last).split()).lstrip(". ~$")
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a Path takes '.pdf' for a stem
    if not stem:
        raise CorpusError("Dit bestand heeft geen naam die kan. Geef het een naam van letters of cijfers.")
    check_format(suffix.lower(), name)
    if len(name.encode()) > _LONGEST_NAME:
        raise CorpusError(f"De naam {name[:40]}… is te lang. Geef het bestand een kortere naam.")
    return name


def _checked(values: Mapping[str, str]) -> dict[str, str]:
    """What can be said, on one line each, without signs that nobody sees."""
    said = {field: clean(values[field]) for field in DESCRIBED if field in values}
    for field, value in said.items():
        if len(value) > LONGEST_VALUE:
            raise InputError(f"Het veld {DESCRIBED[field]} is te lang: er mogen {LONGEST_VALUE} tekens in staan.")
    return said


def _digest(path: Path) -> str:
    if not path.is_file():  # opening a pipe would wait for ever
        return ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _beside(path: Path) -> Path:
    """A hidden name in the same folder, with the same kind behind it."""
    return path.with_name(f".{secrets.token_hex(8)}{path.suffix}")


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _unwritten(path: Path, error: OSError) -> InputError:
    return InputError(
        f"{path} kan niet worden geschreven: {error.strerror}. Controleer de schijf en de rechten van de map."
    )

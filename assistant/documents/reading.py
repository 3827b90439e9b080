"""Reads one file into text. Each format has a module of its own, imported when the first such file is read."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from assistant.documents.content import check_content
from assistant.documents.extract import Extract
from assistant.errors import DocumentError

__all__ = ["FORMATS", "Extract", "check_file", "check_format", "read_file"]

_READERS = {
    ".txt": "plain_text",
    ".md": "plain_text",
    ".pdf": "pdf",
    ".docx": "word",
    ".odt": "opendocument",
    ".html": "webpage",
    ".htm": "webpage",
    ".eml": "mail",
}
FORMATS = tuple(_READERS)
"""The suffixes that are read, in lower case."""


def read_file(path: Path, name: str, max_bytes: int) -> Extract:
    """Read one file.

    Args:
        path: the file.
        name: what to call it in messages.
        max_bytes: a larger file is refused; what is packed inside a file may be 20 times as large.

    Raises:
        DocumentError: the file cannot be read; says why and how to mend it.
    """
    suffix = path.suffix.lower()
    check_format(suffix, name)
    data = _load(path, name, max_bytes)
    check_content(data, suffix, name)
    read: Callable[[bytes, str, int], Extract] = import_module(f"assistant.documents.{_READERS[suffix]}").read
    try:
        extract = read(data, name, max_bytes)
    except RecursionError as error:
        raise DocumentError(name, "de opmaak is te ingewikkeld om te lezen. Bewaar het als .txt.") from error
    if not extract.text.strip():
        raise DocumentError(name, "in dit bestand staat geen tekst. Zet er tekst in of haal het bestand weg.")
    return extract


def check_format(suffix: str, name: str) -> None:
    """Check that files with this suffix are read.

    Raises:
        DocumentError: they are not; names those that are.
    """
    if suffix not in _READERS:
        kind = f"bestanden van de soort {suffix}" if suffix else "bestanden zonder soort achter de naam (zoals .txt)"
        raise DocumentError(
            name,
            f"{kind} worden niet gelezen. Bewaar het als {', '.join(FORMATS[:-1])} of {FORMATS[-1]}, of haal het weg.",
        )


def check_file(path: Path, name: str, max_bytes: int) -> None:
    """Check that this is a file of at most `max_bytes`.

    Raises:
        DocumentError: it is not.
        OSError: that cannot be told.
    """
    if not path.is_file():  # opening a pipe would wait for ever
        raise DocumentError(name, "dit bestand is er niet, of het is geen gewoon bestand. Controleer de map.")
    if (size := path.stat().st_size) > max_bytes:
        raise DocumentError(
            name,
            f"dit bestand is te groot: {_megabytes(size)} MB, en de grens is {_megabytes(max_bytes)} MB. "
            "Maak het kleiner (bijvoorbeeld zonder afbeeldingen) of verhoog ASSISTANT_MAX_FILE_MB.",
        )


def unreadable(error: OSError) -> str:
    """Why a file or folder cannot be opened, and what to do, in Dutch."""
    if isinstance(error, PermissionError):
        return "de assistent mag dit niet openen. Geef de gebruiker van de assistent leesrechten."
    return f"dit kan niet worden geopend ({error.strerror or 'onbekende fout'}). Controleer de schijf en de map."


def _load(path: Path, name: str, max_bytes: int) -> bytes:
    try:
        check_file(path, name, max_bytes)
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(name, unreadable(error)) from error
    if not data.strip(b"\x00 \t\r\n"):
        raise DocumentError(name, "dit bestand is leeg. Zet er tekst in of haal het bestand weg.")
    return data


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}".replace(".", ",")

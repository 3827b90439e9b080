"""What people say of their documents in `documents.yaml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from assistant.documents.dates import iso_date
from assistant.documents.files import document_name, documents_folder, list_files
from assistant.documents.plain_text import decode
from assistant.documents.reading import unreadable
from assistant.errors import CorpusError

FILE = "documents.yaml"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What `documents.yaml` says of one document; empty is not said.

    Attributes:
        title: title for people.
        kind: 'brief', 'verslag', …
        date: ISO date.
        voice: who speaks in it.
        status: e.g. 'definitief'.
        link: http(s) address of the original.
        voices: parts in which another voice speaks: the text with which the part begins, and the voice.
    """

    title: str = ""
    kind: str = ""
    date: str = ""
    voice: str = ""
    status: str = ""
    link: str = ""
    voices: tuple[tuple[str, str], ...] = ()


_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_KEYS = tuple(field.name for field in fields(Metadata))


def load_metadata(corpus: Path) -> dict[str, Metadata]:
    """What `documents.yaml` in a corpus folder says, by name of document; nothing if there is no such file.

    Raises:
        CorpusError: the file cannot be used; names the document and the field and says how to mend it.
    """
    folder = documents_folder(corpus)
    path = corpus / FILE
    entries = _entries(read_metadata(corpus), str(path))
    paths, _ = list_files(corpus)
    names = [document_name(path, folder) for path in paths]
    for entry in entries:
        if entry not in names:
            close = get_close_matches(entry, names, n=1)
            mend = f"Bedoelt u {close[0]}?" if close else "Controleer de naam, of haal deze regels weg."
            raise CorpusError(f"{path}, {entry}: dit bestand is er niet in {folder}. {mend}")
    return {name: _metadata(entry, f"{path}, {name}") for name, entry in entries.items()}


def read_metadata(corpus: Path) -> str:
    """The text of `documents.yaml`; empty if there is no such file.

    Raises:
        CorpusError: it cannot be read.
    """
    path = corpus / FILE
    try:
        return decode(path.read_bytes(), str(path)) if path.is_file() else ""
    except OSError as error:
        raise CorpusError(f"{path}: {unreadable(error)}") from error


def parse_metadata(text: str, where: str) -> dict[str, Metadata]:
    """What a text in the form of `documents.yaml` says, by name of document; whether those are there is not looked at.

    Raises:
        CorpusError: as for `load_metadata`.
    """
    return {name: _metadata(entry, f"{where}, {name}") for name, entry in _entries(text, where).items()}


def _entries(text: str, where: str) -> dict[str, Any]:
    content = _fields(_parse(text, where), where, "bestandsnamen")
    return {unicodedata.normalize("NFC", name): entry for name, entry in content.items()}


class _TwiceError(yaml.MarkedYAMLError):
    """A key stands twice in one mapping."""


class MetadataLoader(yaml.BaseLoader):
    """Reads every value as text, so that `no` and 2022 are what people wrote, and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping as Python knows it."""
        seen: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise _TwiceError(problem=f": '{key.value}' staat er twee keer", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _parse(text: str, where: str) -> Any:
    try:
        return MetadataLoader(text).get_single_data()
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in regel {mark.line + 1}" if mark else ""
        problem = error.problem if isinstance(error, _TwiceError) else ""
        raise CorpusError(
            f"{where}: er staat een fout{line}{problem}. Let op het inspringen, en zet tekst met een dubbele punt "
            "of een hekje tussen dubbele aanhalingstekens."
        ) from error


def _fields(value: Any, where: str, what: str) -> dict[str, Any]:
    """A mapping; nothing at all counts as an empty one."""
    if value in (None, ""):
        return {}
    if not isinstance(value, dict):
        raise CorpusError(f"{where}: hier horen {what} te staan, elk op een eigen regel met een dubbele punt erachter.")
    return value


def _metadata(entry: Any, where: str) -> Metadata:
    values = _fields(entry, where, "velden (zoals title en date)")
    for key in values:
        if key not in _KEYS:
            raise CorpusError(f"{where}: het veld {key} bestaat niet. Gebruik alleen {', '.join(_KEYS)}.")
    voices = values.pop("voices", "")
    for key, value in values.items():
        _check_text(value, f"{where}, {key}")
    if values.get("date"):
        _check_date(values["date"], f"{where}, date")
    if values.get("link"):
        _check_link(values["link"], f"{where}, link")
    return Metadata(**values, voices=_voices(voices, f"{where}, voices"))


def _check_text(value: Any, where: str) -> None:
    if not isinstance(value, str):
        raise CorpusError(f"{where}: hier hoort één stuk tekst te staan, geen lijst. Zet het op dezelfde regel.")


def _check_date(value: str, where: str) -> None:
    if not _DATE.fullmatch(value) or iso_date(value) != value:
        raise CorpusError(f"{where}: {value} is geen datum. Schrijf jaar-maand-dag, bijvoorbeeld 2023-09-05.")


def _check_link(value: str, where: str) -> None:
    try:
        address = urlsplit(value)
    except ValueError:
        address = urlsplit("")
    if address.scheme not in ("http", "https") or not address.hostname:
        raise CorpusError(f"{where}: {value} is geen webadres. Begin met https:// of haal de regel weg.")


def _voices(value: Any, where: str) -> tuple[tuple[str, str], ...]:
    if value == "":
        return ()
    parts: list[Any] = value if isinstance(value, list) else [None]
    for part in parts:
        if not isinstance(part, dict) or set(part) != {"from", "voice"} or not part["from"]:
            raise CorpusError(
                f"{where}: schrijf voor elk deel '- from: de tekst waarmee het begint' en 'voice: wie er spreekt'."
            )
        for key in part:
            _check_text(part[key], f"{where}, {key}")
    return tuple((part["from"], part["voice"]) for part in parts)

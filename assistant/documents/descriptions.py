"""Changes what `documents.yaml` says of one document and leaves the rest of the file, with its comments, as it is.

PyYAML forgets comments, but tells where in the text every value stands: only those characters are replaced. What comes
out is read again and compared before anything is written, so a file in a form that this module does not know is refused
and never damaged. A comment between the fields of a document goes when that document is removed; all others stay.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from assistant.documents.dates import iso_date
from assistant.documents.metadata import Metadata, MetadataLoader, parse_metadata
from assistant.errors import CorpusError

_INDENT = "  "
Edit = tuple[int, int, str]
"""What comes in the place of the characters from the first number up to the second."""


def describe(text: str, name: str, values: Mapping[str, str], where: str) -> str:
    """The text of `documents.yaml` with these fields of one document.

    Args:
        text: what is in the file now; empty if there is none.
        name: of the document.
        values: by field, title, kind, date, voice, …; an empty one is said no longer.
        where: what to call the file in messages.

    Raises:
        CorpusError: the file or a value cannot be used, or the file has a form that cannot be changed here.
    """
    before = parse_metadata(text, where)
    wanted = replace(before.get(name, Metadata()), **dict[str, Any](values))
    if wanted == before.get(name, Metadata()):
        return text
    root = _root(text, where)
    entry = _entry(root, name)
    said = {field: value for field, value in values.items() if value}
    if entry is None:
        changed = _with_line_end(text) + ("\n" if text.strip() else "") + f"{_quoted(name)}:\n" + _lines(said)
    elif isinstance(entry, yaml.MappingNode):
        changed = _apply(text, _edits(entry, values))
    else:  # a name with nothing behind it
        changed = _apply(text, [(entry.start_mark.index, entry.end_mark.index, "\n" + _lines(said).rstrip("\n"))])
    return _checked(changed, {**before, name: wanted}, where)


def forget(text: str, name: str, where: str) -> str:
    """The text of `documents.yaml` without one document.

    Raises:
        CorpusError: as for `describe`.
    """
    before = parse_metadata(text, where)
    if name not in before:
        return text
    root = _root(text, where)
    key, value = next(pair for pair in root.value if _name(pair[0]) == name)
    start = key.start_mark.index - key.start_mark.column
    head, tail = text[:start], text[_line_end(text, _end(value)) :]
    if head.endswith("\n\n"):
        tail = tail.removeprefix("\n")
    return _checked(head + tail, {other: said for other, said in before.items() if other != name}, where)


def _root(text: str, where: str) -> yaml.MappingNode:
    """The file as a mapping with a place for every value; an empty one for a file that says nothing."""
    root = MetadataLoader(text).get_single_node()
    if isinstance(root, yaml.MappingNode) and not root.flow_style:
        return root
    if root is None:
        return yaml.MappingNode("", [])
    raise CorpusError(f"{where}: dit bestand kan hier niet worden aangepast. Pas het aan met een tekstverwerker.")


def _entry(root: yaml.MappingNode, name: str) -> yaml.Node | None:
    return next((value for key, value in root.value if _name(key) == name), None)


def _name(key: yaml.Node) -> str:
    return unicodedata.normalize("NFC", key.value) if isinstance(key, yaml.ScalarNode) else ""


def _edits(entry: yaml.MappingNode, values: Mapping[str, str]) -> list[Edit]:
    """Replaces the fields that are there, and puts the others before the first of them."""
    there = {key.value: value for key, value in entry.value}
    edits: list[Edit] = []
    for field, value in values.items():
        if field in there and there[field].value != value:
            start, end = there[field].start_mark.index, there[field].end_mark.index
            edits.append((start, end, f" {_quoted(value)}" if start == end else _quoted(value)))
    new = [f"{field}: {_quoted(value)}" for field, value in values.items() if value and field not in there]
    if new and entry.flow_style:
        at = entry.start_mark.index + 1
        edits.append((at, at, ", ".join(new) + (", " if there else "")))
    elif new:
        at = entry.start_mark.index
        edits.append((at, at, "".join(f"{line}\n{' ' * entry.start_mark.column}" for line in new)))
    return edits


def _apply(text: str, edits: list[Edit]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        # The end of a text over several lines lies behind its last line.
        text = text[:start] + new + ("\n" if text[start:end].endswith("\n") else "") + text[end:]
    return text


def _checked(text: str, wanted: Mapping[str, Metadata], where: str) -> str:
    if parse_metadata(text, where) != wanted:
        raise CorpusError(f"{where}: deze regels kunnen hier niet worden aangepast. Gebruik een tekstverwerker.")
    return text


def _end(node: yaml.Node) -> int:
    """Where the last value in a node ends; the end of a node in lines is only noticed at the next thing behind it."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    return int(node.end_mark.index)


def _line_end(text: str, at: int) -> int:
    """Where the line ends that this place is in, after its line end."""
    if text[at - 1 : at] == "\n":
        return at
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _with_line_end(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _lines(values: Mapping[str, str]) -> str:
    return "".join(f"{_INDENT}{field}: {_quoted(value)}\n" for field, value in values.items())


def _quoted(value: str) -> str:
    return value if value and iso_date(value) == value else json.dumps(value, ensure_ascii=False)

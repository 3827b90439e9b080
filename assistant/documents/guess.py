"""What can be told of a document from its text and name, where `documents.yaml` says nothing."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from assistant.documents.dates import date_in_title, letter_date

_HEAD = 30  # lines with text at the start of a document
_MAX_TITLE = 150  # characters; a longer line is running text
_HEADING = re.compile(r"#{1,6}\s+(.+)")
_SUBJECT = re.compile(r"(?:onderwerp|betreft|betreffende)\s*:\s*(.+)", re.IGNORECASE)
_SALUTATION = re.compile(r"(?:beste|geachte|lieve|hallo|dag|l\.?s\.?)(?!\w)[^.!?]*[,:]?", re.IGNORECASE)
_CLOSING = re.compile(
    r"(?:(?:met (?:een )?)?(?:vriendelijke|hartelijke|warme|beste) groet(?:en)?|met groet|hoogachtend)\b.{0,60}",
    re.IGNORECASE,
)
_LETTERHEAD = re.compile(
    r"(?:van|aan|cc|datum|(?:ons |uw )?kenmerk|postbus|tel|telefoon|e-mail|www)\b|.*@|\d{4} ?[A-Z]{2}\b", re.IGNORECASE
)
_SEPARATOR = re.compile(r"(?<!\d)[-_ ]+|[-_ ]+(?!\d)")  # but not within a date


def guess_title(text: str, name: str) -> str:
    """The subject of a letter, or else the first heading, the first line that says something, or the file's name."""
    lines = _head(text)
    for pattern in (_SUBJECT, _HEADING):
        if match := next(filter(None, map(pattern.fullmatch, lines)), None):
            return match[1].rstrip(". ")
    if lines and len(lines[0]) <= _MAX_TITLE and (line := next(filter(_says_something, lines), "")):
        return line.rstrip(".: ")
    readable = _SEPARATOR.sub(" ", PurePosixPath(name).stem).strip()
    return readable[:1].upper() + readable[1:]


def guess_date(text: str, title: str, name: str) -> str:
    """The ISO date of a letter, or else that in the title or the file's name; empty if there is none."""
    return letter_date(text) or date_in_title(title) or date_in_title(PurePosixPath(name).stem)


def guess_kind(text: str, name: str) -> str:
    """'e-mail', 'brief' for a text with a salutation and a closing, or empty."""
    if name.lower().endswith(".eml"):
        return "e-mail"
    lines = [line.strip() for line in text.split("\n")]
    is_letter = any(map(_SALUTATION.fullmatch, _head(text))) and any(map(_CLOSING.fullmatch, lines))
    return "brief" if is_letter else ""


def _head(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()][:_HEAD]


def _says_something(line: str) -> bool:
    if len(line) > _MAX_TITLE or line.endswith((".", ";")) or sum(map(str.isalpha, line)) < 4 or letter_date(line):
        return False
    return not _SALUTATION.fullmatch(line) and not _LETTERHEAD.match(line)

"""What every reader hands over, and the one text form that readers of formats with structure write.

Blocks are separated by one empty line; headings are Markdown (`## …`), list items `- …` or `1. …` and table rows
`cell | cell`, each on a line of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200f\u2060\ufeff\ud800-\udfff]")
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "ĳ": "ij", "Ĳ": "IJ"}
)
_NO_TITLE = re.compile(
    r"^(?:microsoft \w+ - .*|untitled.*|naamloos.*|(?:geen )?titel|(?:word )?document ?\d*)$"
    r"|^(?:presentati\w+ ?\d*|powerpoint.*)$"
    r"|\.(?:docx?|odt|pdf|indd|pptx?|tmp)$|sjabloon|template",
    re.IGNORECASE,
)
_ITEM_MARKER = re.compile(r"-|(?:\d{1,2}|[A-Za-z])[.)]")
_MAX_BOLD_HEADING = 100  # characters


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file and what the file says of itself.

    Attributes:
        text: the text; for .txt and .md the file's own.
        pages: the offset at which each page starts (page 1 at 0); empty for formats without pages.
        title: title in the file's properties; empty if there is none or it is plainly no title.
        date: ISO date on which it was sent or published; empty if the file does not say. When a file was made says
            nothing of that (letters are written over last year's), so such properties are not used.
    """

    text: str
    pages: tuple[int, ...] = ()
    title: str = ""
    date: str = ""


def clean(text: str) -> str:
    """One line of text: white space collapsed, invisible characters dropped, ligatures spelled out, NFC."""
    visible = _INVISIBLE.sub("", text).translate(_LIGATURES)
    return unicodedata.normalize("NFC", " ".join(visible.split()))


def clean_lines(text: str) -> str:
    """As `clean`, but line breaks stay; empty lines do not."""
    return "\n".join(line for line in map(clean, text.split("\n")) if line)


def sensible_title(title: str) -> str:
    """A title from a file's properties, or nothing if it is a program's or a template's own."""
    title = clean(title)
    useful = 3 <= len(title) <= 200 and any(char.isalpha() for char in title)
    return title if useful and not _NO_TITLE.search(title) else ""


def is_bold_heading(text: str) -> bool:
    """Whether a paragraph in bold reads as a heading made by hand: a short line that is no sentence."""
    return 0 < len(text) <= _MAX_BOLD_HEADING and text[-1] not in ".:;,"


class Blocks:
    """Collects the blocks of a document in order; empty ones are left out."""

    def __init__(self) -> None:
        self._blocks: list[list[str]] = []  # the lines of each
        self._in_list = False

    def paragraph(self, text: str) -> None:
        """Add a paragraph; line breaks in it are kept."""
        self._add(clean_lines(text))

    def heading(self, level: int, text: str) -> None:
        """Add a heading; level 1 is the highest."""
        if text := clean(text):
            self._add(f"{'#' * min(max(level, 1), 6)} {text}")

    def item(self, text: str, marker: str = "-") -> None:
        """Add a list item; items in succession make one block. With a marker like '2.1' it is a paragraph."""
        text = clean(text)
        if text and not _ITEM_MARKER.fullmatch(marker):
            self.paragraph(f"{marker} {text}")
        elif text and self._in_list:
            self._blocks[-1].append(f"{marker} {text}")
        elif text:
            self._add(f"{marker} {text}")
            self._in_list = True

    def table(self, rows: Iterable[Iterable[str]]) -> None:
        """Add a table, header row first; rows without text are left out."""
        cleaned = ([clean(cell) for cell in row] for row in rows)
        self._add("\n".join(" | ".join(row).strip() for row in cleaned if any(row)))

    def notes(self, texts: Iterable[str]) -> None:
        """Add the document's notes, numbered, under a heading of their own."""
        for number, text in enumerate(texts, start=1):
            if number == 1:
                self.heading(1, "Noten")
            self.item(text, f"{number}.")

    def _add(self, block: str) -> None:
        if block:
            self._blocks.append([block])
            self._in_list = False

    @property
    def text(self) -> str:
        """All blocks, separated by one empty line."""
        return "\n\n".join(map("\n".join, self._blocks))

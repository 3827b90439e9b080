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
    r"(microsoft \w+ - |untitled|naamloos|geen titel|titel$|document ?\d*$|word[ -]document|powerpoint|presentat)"
    r"|\.(docx?|odt|pdf|indd|pptx?|tmp)$|sjabloon|template",
    re.IGNORECASE,
)


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


class Blocks:
    """Collects the blocks of a document in order; empty ones are left out."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._in_list = False

    def paragraph(self, text: str) -> None:
        """Add a paragraph; line breaks in it are kept."""
        self._add(clean_lines(text))

    def heading(self, level: int, text: str) -> None:
        """Add a heading; level 1 is the highest."""
        if text := clean(text):
            self._add(f"{'#' * min(max(level, 1), 6)} {text}")

    def item(self, text: str, marker: str = "-") -> None:
        """Add a list item; items in succession make one block."""
        text = clean(text)
        if text and self._in_list:
            self._blocks[-1] += f"\n{marker} {text}"
        elif text:
            self._add(f"{marker} {text}")
            self._in_list = True

    def table(self, rows: Iterable[Iterable[str]]) -> None:
        """Add a table, header row first; rows without text are left out."""
        cleaned = ([clean(cell) for cell in row] for row in rows)
        self._add("\n".join(" | ".join(row).strip() for row in cleaned if any(row)))

    def _add(self, block: str) -> None:
        if block:
            self._blocks.append(block)
            self._in_list = False

    @property
    def text(self) -> str:
        """All blocks, separated by one empty line."""
        return "\n\n".join(self._blocks)

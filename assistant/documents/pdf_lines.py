"""Lines of a PDF page from its characters and their places. Places are in points, the origin at the bottom left."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from assistant.documents.extract import clean

_SAME_LINE = 0.55  # of the font size: how far a raised or lowered character may be from the line
_NOTE_SIZE = 0.8  # of the line's font size: a raised digit smaller than this refers to a note
_CELL_GAP = 2.0  # font sizes between two cells of a table …
_CELL_GAP_WITHOUT_SPACE = 1.0  # … and if there is no space there
_UNITS = re.compile(r"(?:\bk?m|\b[cdm]m|CO)$")  # before the raised or lowered digit of m² and CO₂
BULLETS = "•‣◦▪▫●○■□∙·➢➔✓\uf0b7\uf0a7\uf0d8\uf0fc"
_MARKER = re.compile(rf"[{BULLETS}]|[-–*o]|\d{{1,2}}[.)]|[a-zA-Z][.)]")


class Glyph(NamedTuple):
    """One character: its text, left and right edge, base line, font size, and whether it is bold or a symbol.

    A space without width is one that the PDF does not have: there only is a gap.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    symbol: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text on a page.

    Attributes:
        page: page from 0.
        text: its text.
        x0, x1: left and right edge.
        y: base line; higher is further up.
        size: font size.
        bold: whether all of it is bold.
        symbol: whether it begins with a character of a symbol font, which makes it a bullet.
        cells: its parts, where wide gaps divide it.
        starts: left edges of the cells.
    """

    page: int
    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False
    symbol: bool = False
    cells: tuple[str, ...] = ()
    starts: tuple[float, ...] = ()


def lines_of(glyphs: Iterable[Glyph], page: int) -> list[Line]:
    """The lines of a page, in the order in which the PDF draws them."""
    lines: list[list[Glyph]] = []
    for glyph in glyphs:
        if lines and _continues(lines[-1], glyph):
            lines[-1].append(glyph)
        elif glyph.text.strip():
            lines.append([glyph])
    return [line for glyphs_of_line in lines if (line := _line(glyphs_of_line, page)).text]


def _continues(line: list[Glyph], glyph: Glyph) -> bool:
    last = line[-1]
    size = max(last.size, glyph.size)
    return abs(glyph.y - last.y) < _SAME_LINE * size and glyph.x0 > last.x1 - size


def _line(glyphs: list[Glyph], page: int) -> Line:
    visible = [glyph for glyph in glyphs if glyph.text.strip()]
    size, _ = Counter(glyph.size for glyph in visible).most_common(1)[0]
    base = next(glyph.y for glyph in visible if glyph.size == size)
    cells, starts = _cells(glyphs, size, base)
    return Line(
        page=page,
        text=" ".join(cells),
        x0=visible[0].x0,
        x1=visible[-1].x1,
        y=base,
        size=size,
        bold=all(glyph.bold for glyph in visible),
        symbol=visible[0].symbol,
        cells=tuple(cells),
        starts=tuple(starts),
    )


def _cells(glyphs: list[Glyph], size: float, base: float) -> tuple[list[str], list[float]]:
    """The text between wide gaps and where it begins; a list marker belongs to the text behind it."""
    cells, starts = [""], [glyphs[0].x0]
    right, has_space = glyphs[0].x0, False
    for glyph in glyphs:
        if glyph.text.isspace():
            cells[-1] += " "
            has_space |= glyph.x1 > glyph.x0
            continue
        gap = _CELL_GAP if has_space else _CELL_GAP_WITHOUT_SPACE
        if glyph.x0 - right > gap * size and not _is_marker(cells[-1].strip(), glyphs[0]):
            cells.append("")
            starts.append(glyph.x0)
        if not _refers_to_note(glyph, cells[-1], size, base):
            cells[-1] += glyph.text
        right, has_space = glyph.x1, False
    return [clean(cell) for cell in cells], starts


def _is_marker(text: str, first: Glyph) -> bool:
    return bool(_MARKER.fullmatch(text)) or (first.symbol and text == first.text)


def _refers_to_note(glyph: Glyph, before: str, size: float, base: float) -> bool:
    """A small raised digit or star; at the start of a line it is the number of the note itself."""
    if glyph.size > _NOTE_SIZE * size or glyph.y <= base or glyph.text.isalpha():
        return False
    return bool(before.strip()) and not _UNITS.search(before)

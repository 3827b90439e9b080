"""Rebuilds headings, paragraphs, lists and tables from the lines of a PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

from assistant.documents.hyphens import join_lines, words_of
from assistant.documents.pdf_lines import BULLETS, Line
from assistant.documents.pdf_measures import Measures
from assistant.documents.pdf_running import without_running_lines

_PAGE_MARK = "\f"
_BULLET = re.compile(rf"[{BULLETS}]\s*(?=\S)")
_MARKER = re.compile(r"(?P<dash>[-–*o])\s+(?=\S)|(?P<number>\d{1,2}[.)]|[a-zA-Z][.)])\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?:;]['\"’”)]*$")
_LEADERS = re.compile(r"(?<!\.)\.{4,}\s*\d+$")  # a line of the table of contents
_INDENT = 0.8  # font sizes
_HANGING = 0.3
_SAME_SIZE = 0.115  # share of the font size
_ROW_GAP = 3.0  # font sizes
_CENTRED = 2.0  # points
_MAX_HEADING = 150  # characters

_Kind = Literal["paragraph", "heading", "item", "table"]


def layout(lines: Sequence[Line], page_count: int) -> tuple[str, tuple[int, ...]]:
    """The text of a document and the offset at which each page starts."""
    kept = without_running_lines(lines)
    builder = _Builder(kept)
    for above, line, below in zip([None, *kept], kept, [*kept[1:], None], strict=False):
        builder.add(above, line, below)
    return _render(builder.blocks, page_count)


@dataclass(slots=True)
class _Block:
    """A block in the making.

    `text` holds a mark at each page end within; `new_pages` is the number of pages that begin before the block.
    """

    kind: _Kind
    lines: list[Line]
    text: str
    prefix: str
    new_pages: int


class _Builder:
    """Adds lines one by one to the block they belong to."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.blocks: list[_Block] = []
        self._measures = Measures(lines)
        self._words = words_of(line.text for line in lines)
        self._rows = _table_rows(lines)
        self._page = 0

    def add(self, above: Line | None, line: Line, below: Line | None) -> None:
        if line in self._rows:
            self._add_row(above, line)
        elif self._is_heading(above, line, below):
            self._add_heading(above, line)
        elif marker := self._marker(above, line):
            self._start("item", line, line.text[len(marker) :].lstrip(), f"{_tidy_marker(marker)} ")
        elif above is None or not self._continues(above, line):
            self._start("paragraph", line, line.text)
        self._page = line.page

    def _start(self, kind: _Kind, line: Line, text: str, prefix: str = "") -> None:
        self.blocks.append(_Block(kind, [line], text, prefix, line.page - self._page))

    def _add_row(self, above: Line | None, line: Line) -> None:
        row = " | ".join(line.cells)
        if above in self._rows and above.page == line.page and len(above.cells) == len(line.cells):
            self.blocks[-1].text += f"\n{row}"
        else:
            self._start("table", line, row)

    def _is_heading(self, above: Line | None, line: Line, below: Line | None) -> bool:
        """A line in large type or in bold, but not bold words at the start or in the middle of a paragraph."""
        if _BULLET.match(line.text) or len(line.cells) > 1 or len(line.text) > _MAX_HEADING or line.text[-1] in ".:;,":
            return False
        if self._measures.is_large(line):
            return True
        if not line.bold or not self._measures.bold_tells or self._measures.is_note(line):
            return False
        after_text = above is not None and not above.bold and self._measures.flows(above, line)
        before_text = below is not None and not below.bold and self._measures.flows(line, below)
        return not after_text and not before_text

    def _add_heading(self, above: Line | None, line: Line) -> None:
        block = self.blocks[-1] if self.blocks else None
        if above and block and block.kind == "heading" and self._is_one_heading(above, line):
            block.text = join_lines(block.text, line.text, self._words)
            return
        level = self._measures.levels.get(line.size, len(self._measures.levels) + 1)
        self._start("heading", line, line.text, "#" * min(level, 6) + " ")

    def _is_one_heading(self, above: Line, line: Line) -> bool:
        same_style = _same_size(above, line) and above.bold == line.bold
        same_column = self._measures.column(above) == self._measures.column(line)
        return same_style and same_column and not self._measures.is_apart(above, line)

    def _marker(self, above: Line | None, line: Line) -> str:
        """The list marker with which a line begins; a dash or number in running text is none."""
        if bullet := _BULLET.match(line.text):
            return bullet[0]
        if line.symbol:
            return line.text[:1]
        match = _MARKER.match(line.text)
        if not match:
            return ""
        block = self.blocks[-1] if self.blocks else None
        next_item = block and block.kind == "item" and abs(block.lines[0].x0 - line.x0) < _INDENT * line.size
        in_text = above is not None and self._measures.flows(above, line) and not above.text.endswith(":")
        indented = above is not None and line.x0 > above.x0 + _INDENT * line.size
        return match[0] if next_item or indented or not in_text else ""

    def _continues(self, above: Line, line: Line) -> bool:
        """Add a line to the block it goes on with, if there is one."""
        if self._measures.column(above) != self._measures.column(line):
            return self._continues_elsewhere(line)
        block = self.blocks[-1]
        if block.kind not in ("paragraph", "item") or not _same_size(above, line):
            return False
        if self._measures.is_apart(above, line) or _LEADERS.search(above.text):
            return False
        new_line = self._measures.breaks(above, line)
        if block.kind == "item":
            if new_line and line.x0 <= block.lines[0].x0 + _HANGING * line.size:
                return False
        elif (new_line and _SENTENCE_END.search(above.text)) or _is_shifted(block, line):
            return False
        if new_line and block.kind == "paragraph":
            block.text += f"\n{line.text}"
        else:
            block.text = join_lines(block.text, line.text, self._words)
        block.lines.append(line)
        return True

    def _continues_elsewhere(self, line: Line) -> bool:
        """Add the first line of a page or column to the block that the one before broke off, if it did.

        Notes at the foot of a page stand between the two; they go before the block.
        """
        notes = 0
        while notes < len(self.blocks) and self._measures.is_note(self.blocks[-1 - notes].lines[0]):
            notes += 1
        if notes == len(self.blocks) or self._measures.is_note(line):
            return False
        block = self.blocks[-1 - notes]
        if block.kind not in ("paragraph", "item") or not _same_size(block.lines[-1], line):
            return False
        if not self._is_broken_off(block, line):
            return False
        if notes:
            self.blocks[-notes].new_pages += block.new_pages
            block.new_pages = 0
            self.blocks.append(self.blocks.pop(-1 - notes))
        block.text = join_lines(block.text, line.text, self._words, _PAGE_MARK * (line.page - self._page))
        block.lines.append(line)
        return True

    def _is_broken_off(self, block: _Block, line: Line) -> bool:
        last = block.lines[-1]
        if _SENTENCE_END.search(last.text):
            return block.kind == "item" and self._hangs_alike(block, line)
        return line.text[0].islower() or (len(block.lines) > 1 and not self._measures.breaks(last, line))

    def _hangs_alike(self, item: _Block, line: Line) -> bool:
        """Whether a line is indented as the second line of a list item, so that it must belong to it."""
        if len(item.lines) < 2:
            return False
        first, second = item.lines[:2]
        hangs = second.x0 > first.x0 + _HANGING * first.size
        return hangs and abs(line.x0 - second.x0) < _HANGING * first.size


def _same_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= _SAME_SIZE * one.size


def _is_shifted(block: _Block, line: Line) -> bool:
    """Whether a line begins further right or left than its paragraph: a new one, unless the text is centred."""
    above = block.lines[-1]
    if abs(line.x0 + line.x1 - above.x0 - above.x1) < 2 * _CENTRED:
        return False
    indent = _INDENT * line.size
    return line.x0 > above.x0 + indent or (len(block.lines) > 1 and line.x0 < above.x0 - indent)


def _tidy_marker(marker: str) -> str:
    match = _MARKER.match(f"{marker}x")
    return match["number"] if match and match["number"] else "-"


def _table_rows(lines: Sequence[Line]) -> frozenset[Line]:
    """Lines with cells, if the next or the former line has as many and one of them (not the first) begins as far."""
    return frozenset(
        line
        for above, below in pairwise(lines)
        if len(above.cells) == len(below.cells) > 1 and above.page == below.page
        if 0 < above.y - below.y < _ROW_GAP * above.size
        if any(abs(x - other) < above.size for x, other in list(zip(above.starts, below.starts, strict=True))[1:])
        for line in (above, below)
    )


def _render(blocks: Sequence[_Block], page_count: int) -> tuple[str, tuple[int, ...]]:
    parts: list[str] = []
    for former, block in zip([None, *blocks], blocks, strict=False):
        if former:
            parts.append("\n" if former.kind == block.kind == "item" else "\n\n")
        parts.append(_PAGE_MARK * block.new_pages + block.prefix + block.text)
    pages = "".join(parts).split(_PAGE_MARK)
    starts = list(accumulate((len(page) for page in pages[:-1]), initial=0))
    text = "".join(pages)
    return text, tuple(starts + [len(text)] * (page_count - len(starts)))

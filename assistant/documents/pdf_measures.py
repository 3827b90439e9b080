"""Measures of a PDF's typesetting, by which its blocks are told apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import quantiles

from assistant.documents.pdf_lines import Line

_LEADING = 1.25  # distance of lines in font sizes, where a document does not tell
_LEADINGS = (0.9, 2.2)  # what can be a distance within a paragraph
_BLOCK_GAP = 1.25  # times the usual distance: more is white space between blocks
_HEADING_SIZE = 1.12  # times the size of running text
_NOTE_SIZE = 0.88
_MAX_BOLD = 0.4  # share of a document in bold above which bold says nothing
_ROOM = 0.6  # font sizes of room left over that do not make a line short
_USUAL = 0.9  # share of the lines of a column that end before its right edge: a few stick out


@dataclass(frozen=True, slots=True)
class Column:
    """Successive lines that go down a page: number in the document, left edge and usual right edge."""

    number: int
    left: float
    right: float


def body_size(lines: Iterable[Line]) -> float:
    """The font size of running text: that of most characters; 0 without lines."""
    characters: Counter[float] = Counter()
    for line in lines:
        characters[line.size] += len(line.text)
    return characters.most_common(1)[0][0] if characters else 0.0


class Measures:
    """The measures of one document.

    Attributes:
        body: font size of running text.
        leading: usual distance of lines within a paragraph, in font sizes.
        bold_tells: whether bold stands out.
        levels: heading level by font size.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self._columns = _columns(lines)
        self.body = body_size(lines)
        bold = sum(len(line.text) for line in lines if line.bold)
        self.bold_tells = bold <= _MAX_BOLD * sum(len(line.text) for line in lines)
        sizes = sorted({line.size for line in lines if self.is_large(line)}, reverse=True)
        self.levels = {size: level for level, size in enumerate(sizes, start=1)}
        self.leading = self._leading(lines)

    def column(self, line: Line) -> Column:
        """The column in which a line stands."""
        return self._columns[line]

    def is_large(self, line: Line) -> bool:
        """Whether a line is set in the size of a heading."""
        return line.size >= _HEADING_SIZE * self.body

    def is_note(self, line: Line) -> bool:
        """Whether a line is set in the size of a note."""
        return line.size < _NOTE_SIZE * self.body

    def is_apart(self, above: Line, below: Line) -> bool:
        """Whether there is more space between two lines of a column than within a paragraph."""
        return above.y - below.y > _BLOCK_GAP * self.leading * max(above.size, below.size)

    def breaks(self, above: Line, below: Line) -> bool:
        """Whether a line ends though the first word of the next one would have fitted: the writer began a new line."""
        word = below.text.split(" ", 1)[0]
        width = (below.x1 - below.x0) * len(word) / len(below.text)
        room = self.column(above).right - above.x1
        return not above.text.endswith("-") and room > width + _ROOM * above.size

    def flows(self, above: Line, below: Line) -> bool:
        """Whether one line goes on in the next as in a paragraph."""
        same_column = self.column(above) == self.column(below)
        return same_column and not self.is_apart(above, below) and not self.breaks(above, below)

    def _leading(self, lines: Sequence[Line]) -> float:
        distances = [
            (above.y - below.y) / above.size
            for above, below in pairwise(lines)
            if above.size == below.size == self.body
            and self.column(above) == self.column(below)
            and not self.breaks(above, below)
        ]
        likely = [distance for distance in distances if _LEADINGS[0] < distance < _LEADINGS[1]]
        return quantiles(likely, n=4)[0] if len(likely) > 1 else _LEADING


def _columns(lines: Sequence[Line]) -> dict[Line, Column]:
    """The column of each line; columns with the same left edge share a right edge, on whatever page they are."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and line.page == groups[-1][-1].page and line.y < groups[-1][-1].y:
            groups[-1].append(line)
        else:
            groups.append([line])
    lefts = [round(min(line.x0 for line in group)) for group in groups]
    ends: dict[int, list[float]] = defaultdict(list)
    for left, group in zip(lefts, groups, strict=True):
        ends[left] += [line.x1 for line in group if len(line.cells) < 2]
    return {
        line: Column(number, left, _usual(ends[left] or [line.x1]))
        for number, (left, group) in enumerate(zip(lefts, groups, strict=True))
        for line in group
    }


def _usual(ends: Sequence[float]) -> float:
    return sorted(ends)[min(len(ends) - 1, int(_USUAL * len(ends)))]

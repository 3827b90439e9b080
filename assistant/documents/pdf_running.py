"""Drops what a PDF repeats on its pages: running headers, footers and page numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence, Set

from assistant.documents.pdf_lines import Line
from assistant.documents.pdf_measures import body_size

_EDGE = 6  # lines at the top and at the bottom of a page that may be running headers and footers
_APART = 1.9  # font sizes between them and the text; more than between the lines of a paragraph
_MIN_COUNTED = 3  # pages, for a line that counts them: 'Bijlage 1' and 'Bijlage 2' may stand on two
_MAX_LABEL = 80  # characters
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_PAGE_NUMBER = re.compile(
    r"(?P<word>pagina|pag\.?|blz\.?|p\.)?\s*[-–|]?\s*(?P<number>\d{1,4})\s*(?:(?:van|/|\|)\s*\d{1,4})?\s*[-–|]?",
    re.IGNORECASE,
)

_Key = tuple[str, str, int, int]


def without_running_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines of a document without running headers, footers and page numbers."""
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line)
    edges = [edge for page in pages.values() for edge in _edges(page)]
    candidates = _repeated([line for edge in edges for line in edge])
    body = body_size(lines)
    labels = {line for line in candidates if line.size < body or _is_label(line)}
    running = {line for edge in edges for line in _running(edge, labels)}
    return [line for line in lines if line not in running] or list(lines)


def _edges(page: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines at the top and at the bottom of a page, from the edge inwards."""
    ordered = sorted(page, key=lambda line: -line.y)
    return ordered[:_EDGE], ordered[: -_EDGE - 1 : -1]


def _repeated(lines: Sequence[Line]) -> set[Line]:
    """Lines that stand at the same height on other pages, whether or not they count the pages."""
    pages: dict[_Key, set[int]] = defaultdict(set)
    for line in lines:
        for key in (_text_key(line), *_counting_keys(line)):
            pages[key].add(line.page)
    return {
        line
        for line in lines
        if len(pages[_text_key(line)]) > 1 or any(len(pages[key]) >= _MIN_COUNTED for key in _counting_keys(line))
    }


def _is_label(line: Line) -> bool:
    """Whether a line reads as a title or a name, not as running text that happens to be repeated."""
    return len(line.text) <= _MAX_LABEL and not line.text[0].islower() and line.text[-1] not in ".,;:!?"


def _text_key(line: Line) -> _Key:
    return line.text, "", round(line.y), 0


def _counting_keys(line: Line) -> list[_Key]:
    """A key for each number in a line, the same on all pages if that number counts the pages."""
    return [
        (line.text[: number.start()], line.text[number.end() :], round(line.y), int(number[0]) - line.page)
        for number in _NUMBER.finditer(line.text)
    ]


def _running(edge: Sequence[Line], repeated: Set[Line]) -> list[Line]:
    """The running lines of an edge: those before the first that is none, if there is white space between."""
    count = 0
    while count < len(edge) and (edge[count] in repeated or _is_page_number(edge[count])):
        count += 1
    while 0 < count < len(edge) and abs(edge[count].y - edge[count - 1].y) < _APART * edge[count].size:
        count -= 1
    return list(edge[:count])


def _is_page_number(line: Line) -> bool:
    match = _PAGE_NUMBER.fullmatch(line.text)
    return bool(match and (match["word"] or int(match["number"]) == line.page + 1))

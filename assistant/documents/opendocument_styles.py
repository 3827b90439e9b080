"""What the styles and list styles of an OpenDocument text say of a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.documents.trees import Element, integer


def namespace(name: str) -> str:
    """An OpenDocument namespace as lxml writes it before a name."""
    return f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"


TEXT, TABLE, _STYLE = namespace("text"), namespace("table"), namespace("style")
_FONT_WEIGHT = namespace("xsl-fo-compatible") + "font-weight"
_HEADING_NAME = re.compile(r"Title|Heading_20_(?P<level>\d)")  # the same in every language
_MAX_CHAIN = 20  # styles with parents; a damaged file may have a circle


def attribute(element: Element, name: str) -> str:
    """An attribute; empty if there is none."""
    return str(element.get(name, ""))


class ParagraphStyles:
    """The styles of paragraphs and spans."""

    def __init__(self, roots: Iterable[Element]) -> None:
        self._elements = {
            attribute(style, _STYLE + "name"): style for root in roots for style in root.iter(_STYLE + "style")
        }

    def heading_level(self, paragraph: Element) -> int:
        """The heading level of a paragraph, or 0. Text set in a heading's style need not be marked as a heading."""
        if own := attribute(paragraph, TEXT + "outline-level"):
            return integer(own, 1)
        for style in self._chain(paragraph):
            if match := _HEADING_NAME.fullmatch(attribute(style, _STYLE + "name")):
                return int(match["level"] or 1)
        return 0

    def is_bold(self, element: Element) -> bool:
        """Whether the style of a paragraph or span is bold."""
        for style in self._chain(element):
            for properties in style.findall(_STYLE + "text-properties"):
                if weight := attribute(properties, _FONT_WEIGHT):
                    return weight in ("bold", "600", "700", "800", "900")
        return False

    def _chain(self, element: Element) -> list[Element]:
        """The style of an element and the styles above it, nearest first."""
        chain: list[Element] = []
        name = attribute(element, TEXT + "style-name")
        while name in self._elements and len(chain) < _MAX_CHAIN:
            chain.append(self._elements[name])
            name = attribute(chain[-1], _STYLE + "parent-style-name")
        return chain


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    suffix: str
    start: int
    shown: int  # levels shown in the number: 2 for '1.2'


class Lists:
    """The markers of list items, counted in the order in which they are asked for."""

    def __init__(self, roots: Iterable[Element]) -> None:
        self._levels = {
            (attribute(style, _STYLE + "name"), _number(level, TEXT + "level") - 1): _level(level)
            for root in roots
            for style in root.iter(TEXT + "list-style")
            for level in style.findall(TEXT + "list-level-style-number")
        }
        self._counters: dict[tuple[str, int], int] = {}

    def start(self, element: Element, style: str, depth: int) -> None:
        """Begin a list: its items count from the start unless it says that it goes on."""
        goes_on = attribute(element, TEXT + "continue-numbering") == "true" or element.get(TEXT + "continue-list")
        if not goes_on:
            self._counters.pop((style, depth), None)

    def marker(self, style: str, depth: int) -> str:
        """The marker of the next item: '-' for bullets, '1.', 'a)', '2.1', … for numbers."""
        level = self._levels.get((style, depth))
        if level is None or not level.form:
            return "-"
        self._counters[style, depth] = self._counters.get((style, depth), level.start - 1) + 1
        depths = range(max(0, depth + 1 - level.shown), depth + 1)
        return ".".join(self._numeral(style, place) for place in depths) + level.suffix

    def _numeral(self, style: str, depth: int) -> str:
        number = self._counters.get((style, depth), 1)
        form = self._levels[style, depth].form if (style, depth) in self._levels else "1"
        letter = chr(ord(form) + number - 1) if form in ("a", "A") and number <= 26 else ""
        return letter or str(number)


def _level(element: Element) -> _Level:
    return _Level(
        form=attribute(element, _STYLE + "num-format"),
        suffix=attribute(element, _STYLE + "num-suffix") or ".",
        start=_number(element, TEXT + "start-value"),
        shown=_number(element, TEXT + "display-levels"),
    )


def _number(element: Element, name: str) -> int:
    return integer(attribute(element, name), 1)

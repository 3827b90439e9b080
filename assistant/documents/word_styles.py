"""What the styles and the numbering of a Word document say of a paragraph."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from assistant.documents.trees import Element, integer

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_NAME = re.compile(r"(?:heading|kop) (\d)$", re.IGNORECASE)
_BODY_LEVEL = 9  # of w:outlineLvl: no heading
_MAX_CHAIN = 20  # styles based on styles; a damaged file may have a circle


def tag(name: str) -> str:
    """The name of a WordprocessingML element as lxml writes it."""
    return _W + name


def attribute(element: Element | None, name: str = "val") -> str:
    """An attribute in the WordprocessingML namespace; empty if there is none."""
    return "" if element is None else str(element.get(_W + name, ""))


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph or run is set.

    Attributes:
        level: heading level from 1; 0 for no heading.
        list_id: its numbering; empty for no list.
        list_level: depth in the list, from 0.
        bold: whether it is bold as a whole.
        contents: whether it is a line of the table of contents.
    """

    level: int = 0
    list_id: str = ""
    list_level: int = 0
    bold: bool = False
    contents: bool = False


class Styles:
    """The named styles of a document."""

    def __init__(self, root: Element) -> None:
        self._elements = {attribute(style, "styleId"): style for style in root.iter(tag("style"))}
        self._known: dict[str, Style] = {}

    def of_paragraph(self, paragraph: Element) -> Style:
        """The style of a paragraph, with what it sets itself."""
        properties = paragraph.find(tag("pPr"))
        if properties is None:
            return self._named("")
        return _changed(self._named(attribute(properties.find(tag("pStyle")))), properties)

    def is_bold(self, run: Element, paragraph: Style) -> bool:
        """Whether a run in a paragraph of this style is bold."""
        properties = run.find(tag("rPr"))
        if properties is None:
            return paragraph.bold
        if (bold := properties.find(tag("b"))) is not None:
            return _is_on(bold)
        return paragraph.bold or self._named(attribute(properties.find(tag("rStyle")))).bold

    def _named(self, style_id: str) -> Style:
        if style_id not in self._known:
            style = Style()
            for element in reversed(self._chain(style_id)):
                style = _with_name(style, attribute(element.find(tag("name"))))
                for properties in ("pPr", "rPr"):
                    if (found := element.find(tag(properties))) is not None:
                        style = _changed(style, found)
            self._known[style_id] = style
        return self._known[style_id]

    def _chain(self, style_id: str) -> list[Element]:
        """A style and those it is based on, from the style itself to the root."""
        chain: list[Element] = []
        while style_id in self._elements and len(chain) < _MAX_CHAIN:
            chain.append(self._elements[style_id])
            style_id = attribute(chain[-1].find(tag("basedOn")))
        return chain


def _with_name(style: Style, name: str) -> Style:
    if match := _HEADING_NAME.match(name):
        return replace(style, level=int(match[1]))
    if name.lower() == "title":
        return replace(style, level=1)
    return replace(style, contents=True) if name.lower().startswith("toc ") else style


def _changed(style: Style, properties: Element) -> Style:
    """A style with what a w:pPr or w:rPr sets."""
    level = attribute(properties.find(tag("outlineLvl")))
    if level:
        depth = integer(level, _BODY_LEVEL)
        style = replace(style, level=0 if depth >= _BODY_LEVEL else depth + 1)
    if (numbering := properties.find(tag("numPr"))) is not None:
        list_id, list_level = (attribute(numbering.find(tag(name))) for name in ("numId", "ilvl"))
        style = replace(style, list_id=list_id if list_id != "0" else "", list_level=integer(list_level, 0))
    bold = properties.find(tag("b"))
    return style if bold is None else replace(style, bold=_is_on(bold))


def _is_on(toggle: Element) -> bool:
    return attribute(toggle) not in ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int


class Numbering:
    """The markers of list items, counted in the order in which they are asked for."""

    def __init__(self, root: Element) -> None:
        abstract = {
            attribute(definition, "abstractNumId"): [_level(level) for level in definition.findall(tag("lvl"))]
            for definition in root.findall(tag("abstractNum"))
        }
        self._levels: dict[str, list[_Level]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        shared: dict[str, dict[int, int]] = defaultdict(dict)
        for number in root.findall(tag("num")):
            definition = attribute(number.find(tag("abstractNumId")))
            restarts = number.find(f"{tag('lvlOverride')}/{tag('startOverride')}") is not None
            list_id = attribute(number, "numId")
            self._levels[list_id] = abstract.get(definition, [])
            self._counters[list_id] = {} if restarts else shared[definition]

    def marker(self, list_id: str, depth: int) -> str:
        """The marker of the next item of a list: '-' for bullets, '1.', 'a)', '2.1', … for numbers."""
        levels = self._levels.get(list_id, [])[: depth + 1]
        if len(levels) <= depth or levels[depth].form in ("bullet", "none", ""):
            return "-"
        counters = self._counters[list_id]
        for deeper in [level for level in counters if level > depth]:
            del counters[deeper]
        counters[depth] = counters.get(depth, levels[depth].start - 1) + 1
        marker = levels[depth].text
        for place, level in enumerate(levels):
            marker = marker.replace(f"%{place + 1}", _numeral(counters.get(place, level.start), level.form))
        return marker.strip() or f"{counters[depth]}."


def _level(element: Element) -> _Level:
    form, text, start = (attribute(element.find(tag(name))) for name in ("numFmt", "lvlText", "start"))
    return _Level(form, text, integer(start, 1))


def _numeral(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter if form == "lowerLetter" else letter.upper()
    return str(number)

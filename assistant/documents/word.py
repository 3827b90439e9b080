"""Word documents (.docx), read from the XML itself: that keeps content controls, tracked insertions and text boxes."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.documents.extract import Blocks, Extract, clean, is_bold_heading, sensible_title
from assistant.documents.office import TITLE, Package
from assistant.documents.trees import Element, find
from assistant.documents.word_styles import Numbering, Style, Styles, attribute, tag

_BREAKS = {tag("br"): "\n", tag("cr"): "\n", tag("tab"): " ", tag("noBreakHyphen"): "-"}
_TEXT_BOX = tag("txbxContent")
_COPY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # of a text box, for old programs
_REMOVED = frozenset({tag("del"), tag("moveFrom"), _COPY})


def read(data: bytes, name: str, max_bytes: int) -> Extract:
    """Read a .docx file.

    Raises:
        DocumentError: it is damaged, locked or no Word document.
    """
    package = Package(data, name, max_bytes)
    if "word/document.xml" not in package:
        raise package.other(".docx")
    title = package.parse("docProps/core.xml").findtext(TITLE) or ""
    return Extract(_Reader(package).text(), title=sensible_title(title))


class _Reader:
    def __init__(self, package: Package) -> None:
        self._body = package.parse("word/document.xml")
        self._styles = Styles(package.parse("word/styles.xml"))
        self._numbering = Numbering(package.parse("word/numbering.xml"))
        self._notes = {kind: package.parse(f"word/{kind}s.xml") for kind in ("footnote", "endnote")}
        self._blocks = Blocks()
        self._level = 1  # of the latest heading by style; a line in bold is a heading below it

    def text(self) -> str:
        self._read(self._body)
        self._read_notes()
        return self._blocks.text

    def _read(self, element: Element) -> None:
        for block in _find(element, "p", "tbl"):
            if block.tag == tag("tbl"):
                self._read_table(block)
            else:
                self._read_paragraph(block)

    def _read_paragraph(self, paragraph: Element) -> None:
        style = self._styles.of_paragraph(paragraph)
        text = _text(paragraph)
        if clean(text) and not style.contents:
            self._add(paragraph, style, text)
        for box in _find(paragraph, "txbxContent"):
            self._read(box)

    def _add(self, paragraph: Element, style: Style, text: str) -> None:
        marker = self._numbering.marker(style.list_id, style.list_level) if style.list_id else ""
        if style.level:
            self._level = style.level
            self._blocks.heading(style.level, f"{marker.removeprefix('-')} {text}")
        elif marker:
            self._blocks.item(text, marker)
        elif is_bold_heading(clean(text)) and self._is_bold(paragraph, style):
            self._blocks.heading(self._level + 1, text)
        else:
            self._blocks.paragraph(text)

    def _is_bold(self, paragraph: Element, style: Style) -> bool:
        return all(self._styles.is_bold(run, style) for run in _find(paragraph, "r") if clean(_text(run)))

    def _read_table(self, table: Element) -> None:
        rows = [list(_find(row, "tc")) for row in _find(table, "tr")]
        if len(rows) > 1 and any(len(cells) > 1 for cells in rows):
            self._blocks.table([" ".join(map(_text, _find(cell, "p"))) for cell in cells] for cells in rows)
        else:  # a frame around text, or columns side by side
            for cells in rows:
                for cell in cells:
                    self._read(cell)

    def _read_notes(self) -> None:
        texts = {
            (kind, attribute(note, "id")): " ".join(map(_text, _find(note, "p")))
            for kind, notes in self._notes.items()
            for note in notes.iter(tag(kind))
        }
        used = [
            texts.get((kind, attribute(reference, "id")), "")
            for kind in self._notes
            for reference in self._body.iter(tag(f"{kind}Reference"))
        ]
        self._blocks.notes(used)


def _find(element: Element, *names: str) -> Iterator[Element]:
    return find(element, frozenset(map(tag, names)), _REMOVED)


def _text(element: Element) -> str:
    """The text of a paragraph or run, without what is removed, hidden, or in a text box."""
    if element.find(f"{tag('rPr')}/{tag('vanish')}") is not None:
        return ""
    parts = []
    for child in element:
        if child.tag == tag("t"):
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append(_BREAKS[child.tag])
        elif child.tag not in _REMOVED and child.tag != _TEXT_BOX:
            parts.append(_text(child))
    return "".join(parts)

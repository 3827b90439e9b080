"""OpenDocument texts (.odt), read from the XML itself."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.documents.extract import Blocks, Extract, clean, is_bold_heading, sensible_title
from assistant.documents.office import TITLE, Package
from assistant.documents.opendocument_styles import TABLE, TEXT, Lists, ParagraphStyles, attribute, namespace
from assistant.documents.trees import Element, find

_BREAKS = {f"{TEXT}s": " ", f"{TEXT}tab": " ", f"{TEXT}line-break": "\n"}
_PARAGRAPH, _HEADING, _LIST, _ITEM = (TEXT + name for name in ("p", "h", "list", "list-item"))
_SPAN, _NOTE, _NOTE_BODY = (TEXT + name for name in ("span", "note", "note-body"))
_TABLE, _ROW, _CELL = (TABLE + name for name in ("table", "table-row", "table-cell"))
_TEXT_BOX = namespace("drawing") + "text-box"
# Deleted text, remarks in the margin, and the table of contents.
_REMOVED = frozenset({TEXT + "tracked-changes", namespace("office") + "annotation", TEXT + "table-of-content"})
_APART = _REMOVED | {_NOTE, _TEXT_BOX}  # not part of the paragraph in which it stands


def read(data: bytes, name: str, max_bytes: int) -> Extract:
    """Read an .odt file.

    Raises:
        DocumentError: it is damaged, locked or no OpenDocument text.
    """
    package = Package(data, name, max_bytes)
    if next(package.parse("META-INF/manifest.xml").iter(namespace("manifest") + "encryption-data"), None) is not None:
        raise package.locked()
    content = package.parse("content.xml")
    body = content.find(f"{namespace('office')}body/{namespace('office')}text")
    if body is None:
        raise package.other(".odt")
    styles = [package.parse("styles.xml"), content]
    title = next(package.parse("meta.xml").iter(TITLE), None)
    text = _Reader(body, ParagraphStyles(styles), Lists(styles)).text()
    return Extract(text, title=sensible_title("" if title is None else title.text or ""))


class _Reader:
    def __init__(self, body: Element, styles: ParagraphStyles, lists: Lists) -> None:
        self._body = body
        self._styles = styles
        self._lists = lists
        self._blocks = Blocks()
        self._level = 1  # of the latest heading by style; a line in bold is a heading below it

    def text(self) -> str:
        self._read(self._body)
        self._read_notes()
        return self._blocks.text

    def _read(self, element: Element) -> None:
        for block in _find(element, _PARAGRAPH, _HEADING, _LIST, _TABLE):
            if block.tag == _LIST:
                self._read_list(block)
            elif block.tag == _TABLE:
                self._read_table(block)
            else:
                self._read_paragraph(block)

    def _read_paragraph(self, paragraph: Element) -> None:
        text = _text(paragraph)
        level = self._styles.heading_level(paragraph)
        if level or paragraph.tag == _HEADING:
            self._level = level or 1
            self._blocks.heading(self._level, text)
        elif is_bold_heading(clean(text)) and self._is_bold(paragraph):
            self._blocks.heading(self._level + 1, text)
        else:
            self._blocks.paragraph(text)
        self._read_boxes(paragraph)

    def _read_boxes(self, paragraph: Element) -> None:
        for box in _find(paragraph, _TEXT_BOX):
            self._read(box)

    def _is_bold(self, paragraph: Element) -> bool:
        if self._styles.is_bold(paragraph):
            return True
        spans = [span for span in _find(paragraph, _SPAN) if clean(_text(span))]
        return clean(_text(paragraph)) == clean("".join(map(_text, spans))) and all(map(self._styles.is_bold, spans))

    def _read_list(self, element: Element, style: str = "", depth: int = 0) -> None:
        style = attribute(element, TEXT + "style-name") or style
        self._lists.start(element, style, depth)
        for item in element:
            paragraphs = [child for child in item if child.tag == _PARAGRAPH]
            text = " ".join(map(_text, paragraphs))
            if item.tag == _ITEM and clean(text):
                self._blocks.item(text, self._lists.marker(style, depth))
            else:
                self._blocks.paragraph(text)
            for child in item:
                if child.tag == _LIST:
                    self._read_list(child, style, depth + 1)
                elif child.tag == _HEADING:
                    self._read_paragraph(child)
                else:
                    self._read_boxes(child)

    def _read_table(self, table: Element) -> None:
        rows = [list(_find(row, _CELL)) for row in _find(table, _ROW)]
        if len(rows) > 1 and any(len(cells) > 1 for cells in rows):
            self._blocks.table(
                [" ".join(map(_text, _find(cell, _PARAGRAPH, _HEADING))) for cell in cells] for cells in rows
            )
        else:  # a frame around text, or columns side by side
            for cells in rows:
                for cell in cells:
                    self._read(cell)

    def _read_notes(self) -> None:
        self._blocks.notes(
            " ".join(map(_text, _find(body, _PARAGRAPH)))
            for note in _find(self._body, _NOTE)
            for body in _find(note, _NOTE_BODY)
        )


def _find(element: Element, *tags: str) -> Iterator[Element]:
    return find(element, frozenset(tags), _REMOVED)


def _text(element: Element) -> str:
    """The text of a paragraph or span, without notes and text boxes."""
    parts = [element.text or ""]
    for child in element:
        if child.tag in _BREAKS:
            parts.append(_BREAKS[child.tag])
        elif child.tag not in _APART:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)

"""Web pages (.html): the main content, without navigation, scripts and the like."""

from __future__ import annotations

import re

from lxml import etree, html

from assistant.documents.dates import iso_date
from assistant.documents.extract import Blocks, Extract, clean, sensible_title
from assistant.documents.plain_text import decode
from assistant.documents.trees import Element, find, integer
from assistant.errors import DocumentError

_NEVER = frozenset("head script style noscript template svg iframe object select textarea nav footer".split())
_PAGE_CHROME = frozenset(("header", "aside"))  # chrome of a page, but content within its main part
_CHROME_ROLES = ("navigation", "banner", "contentinfo", "search")
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big button cite code data del dfn em font i ins kbd label mark q ruby rp rt s samp small "
    "span strike strong sub sup time tt u var wbr".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ul", "ol"))
_MAIN = "//main | //*[@role='main']"
_DATES = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@name='date' or @name='DC.date' or @name='dcterms.date' or @name='dcterms.issued']/@content",
    "//*[@itemprop='datePublished']/@content",
    "//*[@itemprop='datePublished']/@datetime",
)


def read(data: bytes, name: str, max_bytes: int) -> Extract:
    """Read a web page.

    Raises:
        DocumentError: it is no text, or there is no page in it.
    """
    return read_html(decode(data, name), name)


def read_html(text: str, name: str) -> Extract:
    """Read HTML that has been decoded.

    Raises:
        DocumentError: there is no page in it.
    """
    # Bytes, since lxml refuses text that declares an encoding; huge_tree, since it would drop what is nested deeply.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        page = html.document_fromstring(text.encode(errors="ignore"), parser)
    except etree.LxmlError as error:
        raise DocumentError(name, "in deze webpagina staat niets. Bewaar de pagina opnieuw.") from error
    content = _content(page)
    dates = (iso_date(found) for path in _DATES for found in page.xpath(path))
    return Extract(_Reader(content).text(), title=_title(page, content), date=next(filter(None, dates), ""))


def _content(page: Element) -> Element:
    """The main part of a page: <main>, or the only <article>, or all of it."""
    for path in (_MAIN, "//article"):
        found = [part for part in page.xpath(path) if clean(_plain(part))]
        if len(found) == 1:
            return found[0]
    return page


def _title(page: Element, content: Element) -> str:
    """The page's title, without the name of the site that often stands behind it."""
    title = clean(page.findtext(".//title") or "")
    headings = [clean(_plain(heading)) for heading in content.iter("h1")]
    return sensible_title(next((heading for heading in headings if heading and heading in (title or heading)), title))


class _Reader:
    def __init__(self, content: Element) -> None:
        self._content = content
        self._blocks = Blocks()
        self._inline: list[str] = []  # text that no block has taken yet

    def text(self) -> str:
        self._read(self._content)
        self._flush()
        return self._blocks.text

    def _read(self, element: Element) -> None:
        self._inline.append(_spaced(element.text))
        for child in element:
            if child.tag == "br":
                self._inline.append("\n")
            elif _is_chrome(child):
                pass
            elif child.tag in _INLINE:
                self._read(child)
            else:
                self._flush()
                self._read_block(child)
                self._flush()
            self._inline.append(_spaced(child.tail))

    def _read_block(self, element: Element) -> None:
        if element.tag in _HEADINGS:
            self._blocks.heading(_HEADINGS[element.tag], _plain(element))
        elif element.tag in _LISTS:
            self._read_list(element)
        elif element.tag == "table":
            self._read_table(element)
        elif element.tag == "pre":
            self._blocks.paragraph(element.text_content())
        else:
            self._read(element)

    def _read_list(self, element: Element) -> None:
        number = integer(element.get("start", ""), 1)
        for item in find(element, frozenset(("li",)), _NEVER):
            self._blocks.item(_plain(item, _LISTS), f"{number}." if element.tag == "ol" else "-")
            number += 1
            for nested in find(item, _LISTS, _NEVER):
                self._read_list(nested)

    def _read_table(self, table: Element) -> None:
        for caption in table.iterchildren("caption"):
            self._blocks.paragraph(_plain(caption))
        rows = [list(row.iterchildren("td", "th")) for row in find(table, frozenset(("tr",)), _NEVER)]
        nested = table.find(".//table") is not None
        if nested or len(rows) < 2 or max(map(len, rows)) < 2:  # used for lay-out
            for cell in (cell for cells in rows for cell in cells):
                self._read(cell)
                self._flush()
        else:
            self._blocks.table([_plain(cell) for cell in cells] for cells in rows)

    def _flush(self) -> None:
        self._blocks.paragraph("".join(self._inline))
        self._inline.clear()


def _is_chrome(element: Element) -> bool:
    if element.tag in _NEVER or element.get("role") in _CHROME_ROLES or element.get("hidden") is not None:
        return True
    if element.tag == "sup" and element.find("a") is not None:  # the number of a note
        return True
    if element.get("aria-hidden") == "true" and element.tag in _INLINE:  # an icon; a block may be text folded away
        return True
    return element.tag in _PAGE_CHROME and next(element.iterancestors("main", "article"), None) is None


def _plain(element: Element, skipped: frozenset[str] = frozenset()) -> str:
    """All text of an element in one line, without chrome and elements that are skipped."""
    parts = [_spaced(element.text)]
    for child in element:
        separator = "" if child.tag in _INLINE else " "
        if child.tag not in skipped and not _is_chrome(child):
            parts += [separator, _plain(child, skipped), separator]
        parts.append(_spaced(child.tail))
    return "".join(parts)


def _spaced(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")

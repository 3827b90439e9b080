"""A document as HTML, with a quotation marked. Pure functions; `render.py` says how text becomes HTML.

Every character of the document's text is put into the page, in order, so that what is marked is exactly the quoted
range. Characters that only say what a line is ('## ', '- ') are kept too, and hidden by the style sheet.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise

from markupsafe import Markup, escape

from assistant.citations import display, dutch_date
from assistant.passages import Block, blocks
from assistant.schema import Document, Span
from assistant.web.place import Place
from assistant.web.render import join, join_facts, render_document_list

HIDDEN = re.compile(r"(?P<sign>\A(?:#{1,6}|[-*+•●▪◦‣–—·])[ \t]+)|(?P<gap>[ \t]*\n\s*\n\s*(?:[-*+•●▪◦‣–—·][ \t]+)?)")
"""What is hidden inside a block: the sign at its start, and the gap that a page end left in it."""

_EMPTY = Markup()


def render_reader(documents: Mapping[str, Document], place: Place) -> Markup:
    """The reader's content: a document with a range marked, or the list of documents."""
    if not place.document:
        return _frame("Documenten", Markup(), render_document_list(documents.values()))
    if place.document not in documents:
        return _frame("Document niet gevonden", Markup(), _notice("Dit document is er niet meer."))
    document = documents[place.document]
    if place.holds(document):
        return render_document(document, place.span)
    return render_document(document, Span(0, 0), "Dit document is veranderd sinds het antwoord. Stel uw vraag opnieuw.")


def render_document(document: Document, marked: Span, notice: str = "") -> Markup:
    """One document with what is known of it, under a notice if there is one; an empty range marks nothing."""
    facts = join_facts(document.kind, dutch_date(document.date), document.voice_at(marked.start), document.status)
    place = Place.of_quote(document.name, marked.start, document.text[marked.start : marked.end])
    tools = _contents(document) + _SEARCH
    return _frame(
        document.title,
        join(filter(None, (facts, _original(document.link), _permalink(place))), " · "),
        _notice(notice) + _body(document, marked),
        tools,
    )


def _notice(text: str) -> Markup:
    return Markup('<p class="notice">{}</p>').format(text) if text else Markup()


_SEARCH = Markup(
    '<form class="search" role="search"><label>Zoek in dit document <input type="search" name="words"></label> '
    '<button type="submit">Volgende</button> <span role="status"></span></form>'
)


def _frame(title: str, facts: Markup, body: Markup, tools: Markup = _EMPTY) -> Markup:
    return Markup(
        '<header><h2 id="reader-title"><bdi>{}</bdi></h2><p class="facts">{}</p>{}</header>'
        '<div class="text" tabindex="0" role="region" aria-labelledby="reader-title">{}</div>'
    ).format(title, facts, tools, body)


def _permalink(place: Place) -> Markup:
    """A link that opens the page at this place; copied by a click."""
    return Markup('<a href="{}" data-permalink>Kopieer link</a><span role="status"></span>').format(place.address)


def _contents(document: Document) -> Markup:
    """The table of contents; nothing for a document without headings."""
    headings = [block for block in blocks(document.text) if block.kind == "heading"]
    if len(headings) < 2:
        return Markup()
    return Markup('<details class="contents"><summary>Inhoud</summary><ol>{}</ol></details>').format(
        join(
            Markup('<li class="level-{}"><a href="#kop-{}" data-jump="{}">{}</a></li>').format(
                min(block.level, 4), block.start, block.start, display(block.title)
            )
            for block in headings
        )
    )


def _original(link: str) -> Markup:
    """A way to the original; only web addresses become links."""
    if not link.startswith(("https://", "http://")):
        return Markup()
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">Origineel</a>').format(link)


def _body(document: Document, marked: Span) -> Markup:
    def page_and_list(block: Block) -> tuple[int, bool]:
        return bisect_right(document.pages, block.start), block.kind == "item"

    parts: list[Markup] = []
    last_page = 1
    for (page, is_list), run in groupby(blocks(document.text), page_and_list):
        if page > last_page:
            parts.append(Markup('<div class="page" role="separator" data-page="Pagina {}"></div>').format(page))
            last_page = page
        shown = join((_block(document, block, marked) for block in run), "\n")
        parts.append(Markup("<ul>{}</ul>").format(shown) if is_list else shown)
    return join(parts, "\n")


def _block(document: Document, block: Block, marked: Span) -> Markup:
    tag = {"heading": f"h{min(block.level + 2, 6)}", "item": "li"}.get(block.kind, "p")
    text = join(_pieces(document, block, marked))
    if block.kind == "heading":
        return Markup('<{} class="heading" id="kop-{}" tabindex="-1">{}</{}>').format(tag, block.start, text, tag)
    return Markup('<{} class="{}">{}</{}>').format(tag, block.kind, text, tag)


def _pieces(document: Document, block: Block, marked: Span) -> Iterator[Markup]:
    """The block's text, cut where the marked range or something hidden begins or ends."""
    text = document.text[block.start : block.end]
    hidden = [(block.start + match.start(), block.start + match.end(), match) for match in HIDDEN.finditer(text)]
    cuts = {block.start, block.end, marked.start, marked.end, *(edge for part in hidden for edge in part[:2])}
    inside = sorted(cut for cut in cuts if block.start <= cut <= block.end)
    for start, end in pairwise(inside):
        piece = escape(document.text[start:end])
        for begin, stop, match in hidden:
            if begin <= start < stop:
                piece = Markup('<span class="{}">{}</span>').format(match.lastgroup, piece)
        yield Markup("<mark>{}</mark>").format(piece) if marked.start <= start and end <= marked.end else piece

"""PDF files, with PDFium: the characters of each page with their places and fonts."""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot, isfinite
from threading import Lock
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from assistant.documents.extract import Extract, sensible_title
from assistant.documents.pdf_layout import layout
from assistant.documents.pdf_lines import Glyph, Line, lines_of
from assistant.errors import DocumentError

_LOCK = Lock()  # PDFium does one thing at a time
_BOLD = re.compile(r"bold|black|heavy|demi|cmbx", re.IGNORECASE)
_BOLD_WEIGHT = 600
_SYMBOLS = re.compile(r"symbol|dingbats|wingdings", re.IGNORECASE)
_END, _TAIL = b"%%EOF", 4096  # bytes at the end in which it must stand; the standard asks for 1024
_HYPHENS = ("\x02", "\ufffe")  # what PDFium gives for a hyphen at a line end
_MANY = 0.3  # share of the characters
_MAX_FONT_NAME = 200  # bytes


def read(data: bytes, name: str, max_bytes: int) -> Extract:
    """Read a PDF.

    Raises:
        DocumentError: it is damaged, locked, or holds only pictures of text.
    """
    if _END not in data[-_TAIL:]:  # PDFium would read what is left and say nothing
        raise _damaged(name)
    tally = _Tally()
    with _LOCK:
        try:
            with pdfium.PdfDocument(data) as document:
                title, page_count = _title(document), len(document)
                lines = [line for number, page in enumerate(document) for line in _page_lines(page, number, tally)]
                is_blank = not lines and not any(map(_is_drawn, document))
        except pdfium.PdfiumError as error:
            raise _error(error, name) from error
    if tally.is_no_text and not is_blank:
        raise DocumentError(
            name,
            "in deze pdf staan alleen plaatjes van tekst (een scan) of letters zonder betekenis. "
            "Maak er eerst leesbare tekst van met OCR, bijvoorbeeld met ocrmypdf.",
        )
    text, pages = layout(lines, page_count)
    return Extract(text, pages, sensible_title(title))


@dataclass(slots=True)
class _Tally:
    """Counts of characters: all, those of which PDFium had to guess the meaning, and small letters."""

    characters: int = 0
    guessed: int = 0
    small: int = 0

    @property
    def is_no_text(self) -> bool:
        """Whether there is nothing, or guesses that do not look like text: numbers of glyphs give few small letters."""
        return self.guessed >= _MANY * self.characters and self.small <= _MANY * self.characters


def _error(error: pdfium.PdfiumError, name: str) -> DocumentError:
    if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        return DocumentError(
            name, "deze pdf is met een wachtwoord beveiligd. Haal het wachtwoord eraf en bewaar de pdf opnieuw."
        )
    return _damaged(name)


def _damaged(name: str) -> DocumentError:
    return DocumentError(
        name, "deze pdf is beschadigd of niet compleet. Open de pdf, bewaar die opnieuw of vraag een nieuw exemplaar."
    )


def _title(document: pdfium.PdfDocument) -> str:
    try:
        return str(document.get_metadata_value("Title"))
    except UnicodeError:
        return ""


def _is_drawn(page: pdfium.PdfPage) -> bool:
    return next(iter(page.get_objects()), None) is not None


def _page_lines(page: pdfium.PdfPage, number: int, tally: _Tally) -> list[Line]:
    lines = lines_of(_glyphs(page.get_textpage(), page.get_rotation(), tally), number)
    page.close()  # and its text page; a document of hundreds of pages would hold them all
    return lines


@dataclass(frozen=True, slots=True)
class _Font:
    size: float
    bold: bool
    symbol: bool


def _glyphs(text_page: pdfium.PdfTextPage, rotation: int, tally: _Tally) -> Iterator[Glyph]:
    fonts: dict[int, _Font] = {}
    font = _Font(0, bold=False, symbol=False)
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    for index in range(text_page.count_chars()):
        char = chr(min(raw.FPDFText_GetUnicode(text_page, index), sys.maxunicode))
        if char in "\r\n":  # PDFium's guess at a line end
            continue
        raw.FPDFText_GetCharOrigin(text_page, index, x, y)
        raw.FPDFText_GetLooseCharBox(text_page, index, box)
        left, _ = _turned(box.left, box.bottom, rotation)
        right, _ = _turned(box.right, box.top, rotation)
        _, base = _turned(x.value, y.value, rotation)
        text_object = ctypes.cast(raw.FPDFText_GetTextObject(text_page, index), ctypes.c_void_p).value
        if text_object:  # a space that PDFium puts in has none
            font = fonts[text_object] = fonts.get(text_object) or _font(text_page, index)
        tally.characters += not char.isspace()
        tally.guessed += char == "\x00" or raw.FPDFText_HasUnicodeMapError(text_page, index) == 1
        tally.small += char.islower()
        char = "-" if char in _HYPHENS else char
        if isfinite(left + right + base + font.size):
            yield Glyph(char, min(left, right), max(left, right), base, font.size, font.bold, font.symbol)


def _turned(x: float, y: float, rotation: int) -> tuple[float, float]:
    """A place on a page that is shown turned clockwise by so many degrees, as it is seen."""
    return {90: (y, -x), 180: (-x, -y), 270: (-y, x)}.get(rotation, (x, y))


def _font(text_page: Any, index: int) -> _Font:
    matrix, flags = raw.FS_MATRIX(), ctypes.c_int()
    name = ctypes.create_string_buffer(_MAX_FONT_NAME)
    raw.FPDFText_GetMatrix(text_page, index, matrix)
    raw.FPDFText_GetFontInfo(text_page, index, name, _MAX_FONT_NAME, flags)
    size = raw.FPDFText_GetFontSize(text_page, index) * hypot(matrix.c, matrix.d)
    font_name = name.value.decode(errors="replace")
    bold = bool(_BOLD.search(font_name)) or raw.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT
    return _Font(round(2 * size) / 2 if isfinite(size) else size, bold, bool(_SYMBOLS.search(font_name)))

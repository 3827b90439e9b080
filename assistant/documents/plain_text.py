"""Plain text and Markdown, as they are, and the decoding that web pages and e-mails share."""

from __future__ import annotations

import codecs
import re

from assistant.documents.extract import Extract
from assistant.errors import DocumentError

_BOMS = (  # UTF-32 first: its little-endian mark starts with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_MAX_CONTROL = 0.005  # share of characters; a stray control character is no reason to refuse a text
_SAMPLE = 4096  # bytes
_MANY_ZEROS, _FEW_ZEROS = 0.7, 0.1  # shares of every other byte


def read(data: bytes, name: str, max_bytes: int) -> Extract:
    """Read a text file: its own characters, without byte order mark and with line feeds as the only line ends.

    Raises:
        DocumentError: it is not text.
    """
    return Extract(decode(data, name))


def decode(data: bytes, name: str) -> str:
    """Decode UTF-8, UTF-16, UTF-32 or Windows-1252, by byte order mark or else by what fits.

    Raises:
        DocumentError: it is not text.
    """
    try:
        text = _decode(data)
    except UnicodeError as error:
        raise DocumentError(name, _NO_TEXT) from error
    if "\x00" in text or len(_CONTROL.findall(text)) > _MAX_CONTROL * len(text):
        raise DocumentError(name, _NO_TEXT)
    return text.replace("\r\n", "\n").replace("\r", "\n")


_NO_TEXT = "dit is geen leesbare tekst, of het bestand is beschadigd. Bewaar het opnieuw als tekst (UTF-8)."


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding).removeprefix("\ufeff")
    if b"\x00" in data[:_SAMPLE] and (encoding := _utf16_without_bom(data[:_SAMPLE])):
        return data.decode(encoding)
    return data.decode("utf-8", errors=_WINDOWS)


def _utf16_without_bom(sample: bytes) -> str:
    """Western text in UTF-16 is zero in nearly every other byte; which one tells the byte order."""
    even, odd = (sample[start::2].count(0) / len(sample) * 2 for start in (0, 1))
    if max(even, odd) < _MANY_ZEROS or min(even, odd) > _FEW_ZEROS:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are no UTF-8 as Windows-1252, so that files in one or in both come out right."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252"), error.end


_WINDOWS = "assistant-windows-1252"
codecs.register_error(_WINDOWS, _windows_1252)

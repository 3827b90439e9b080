"""Where a citation leads: written into the page as attributes, sent back by a click, and checked then."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from urllib.parse import quote as encoded

from markupsafe import Markup

from assistant.export import Link, original
from assistant.schema import Citation, Document, Span


@dataclass(frozen=True, slots=True)
class Place:
    """A character range of a document, with a checksum of what stood there; an empty range is the whole document.

    Attributes:
        document: the document's name; empty for the list of documents.
        start, end: the range.
        check: checksum of the text in the range.
    """

    document: str
    start: int = 0
    end: int = 0
    check: int = 0

    @classmethod
    def of_quote(cls, document: str, start: int, quote: str) -> Place:
        """Where this quotation stands."""
        return cls(document, start, start + len(quote), checksum(quote))

    @classmethod
    def of_citation(cls, citation: Citation) -> Place:
        """Where a citation's quotation stands."""
        return cls.of_quote(citation.document, citation.start, citation.quote)

    @classmethod
    def from_request(cls, request: object) -> Place:
        """The place that a browser asks for; what it sent can be anything."""
        asked = request if isinstance(request, dict) else {}
        start, end, check = (_number(asked.get(name)) for name in ("start", "end", "check"))
        return cls(str(asked.get("document") or ""), start, end, check)

    @property
    def attributes(self) -> Markup:
        """HTML attributes by which the page's script finds the place again."""
        return Markup('data-document="{}" data-start="{}" data-end="{}" data-check="{}"').format(
            self.document, self.start, self.end, self.check
        )

    @property
    def address(self) -> str:
        """The end of an address of the page that opens here: '?doc=brief.txt#10-25-3735928559'."""
        where = f"#{self.start}-{self.end}-{self.check}" if self.end else ""
        return f"?doc={encoded(self.document, safe='')}{where}"

    @property
    def span(self) -> Span:
        """The range."""
        return Span(self.start, self.end)

    def holds(self, document: Document) -> bool:
        """Whether the text that was quoted still stands there."""
        return self.start == self.end or checksum(document.text[self.start : self.end]) == self.check


def source_link(page: str) -> Link:
    """Where a reader finds a source: the original, or else the place on the page with this address."""
    return lambda citation: original(citation) or (page and page + Place.of_citation(citation).address)


def checksum(text: str) -> int:
    """A number that differs when the text differs."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _number(value: object) -> int:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else 0

"""Citations: made from a range of a document, checked, and shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.schema import Answer, Citation, Document, Passage, Span

MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!-])")
_PAGE_BREAK = re.compile(r"\s*\n\s*\n\s*(?:[-*+•●▪◦–—][ \t]+)?(?=[a-zà-ÿ])")
_MARK = re.compile(r"\[(\s*\d+\s*)\]")


def display(quote: str) -> str:
    """A quotation for reading: on one line, without Markdown marks and without the blank lines of a page end.

    Square brackets around a number become round, so that nothing in a document can pass for a citation mark.
    """
    text = " ".join(_PAGE_BREAK.sub(" ", quote).split())
    text = _ESCAPED.sub(r"\1", _STRONG.sub(r"\2", _LINK.sub(r"\1", text)))
    return _MARK.sub(r"(\1)", text)


def dutch_date(iso: str) -> str:
    """'2023-09-05' as '5 september 2023'; anything else is returned as it is."""
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", iso)
    if not match or not 1 <= int(match[2]) <= 12:
        return iso
    return f"{int(match[3])} {MONTHS[int(match[2]) - 1]} {match[1]}"


def cite(number: int, document: Document, passage: Passage, span: Span) -> Citation:
    """The citation of a range of a passage."""
    return Citation(
        number=number,
        document=document.name,
        title=document.title,
        date=document.date,
        voice=document.voice_at(span.start),
        start=span.start,
        end=span.end,
        quote=document.text[span.start : span.end],
        heading=passage.heading,
        page=document.page_at(span.start),
        link=document.link,
    )


def faults(answer: Answer, documents: Mapping[str, Document]) -> list[str]:
    """What is wrong with the citations of an answer, in English; an empty list for a sound answer.

    Every quote must be the document's own characters, every citation number must exist and be used, and every quoted
    statement must have one.
    """
    found = []
    numbers = {citation.number for citation in answer.citations}
    used = {number for statement in answer.statements for number in statement.citations}
    for citation in answer.citations:
        document = documents.get(citation.document)
        if document is None or document.text[citation.start : citation.end] != citation.quote:
            found.append(f"citation {citation.number} is not verbatim")
    found += [f"statement cites {number}, which does not exist" for number in sorted(used - numbers)]
    found += [f"citation {number} is never used" for number in sorted(numbers - used)]
    for statement in answer.statements:
        if statement.kind in ("quote", "lead_in", "item", "generated") and not statement.citations:
            found.append(f"no citation: {statement.text[:40]}")
    marks = {int(mark) for mark in _MARK.findall(answer.text)}
    return found + [f"mark [{mark}] has no citation" for mark in sorted(marks - numbers)]


def source_line(citation: Citation) -> str:
    """A citation for a source list: 'Titel, 5 september 2023, p. 2, NOV'."""
    parts: Sequence[str] = (
        citation.title,
        dutch_date(citation.date),
        f"p. {citation.page}" if citation.page else "",
        citation.voice,
    )
    return ", ".join(part for part in parts if part)

"""Answers to take along: as text with footnotes, as Markdown and as a Word document. Pure functions.

Documents and questions are strangers' text: in Markdown every sign that could be mark-up is escaped, in Word text stays
text, and only web addresses become links. Sentences that were struck out are left out, with the sources that only they
cite.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from docx import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from assistant.citations import dutch_date, source_line
from assistant.schema import Answer, Citation, Statement

Link = Callable[[Citation], str]
"""Where a reader finds the source of a citation: a web address, or empty."""

KEPT = frozenset({"intro", "quote", "lead_in", "item", "notice", "generated"})
"""Kinds of statement that are taken along."""

OUTCOMES = {"answered": "beantwoord", "partial": "gedeeltelijk beantwoord", "not_found": "niet gevonden"}

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~$&-])")
_NUMBERED = re.compile(r"^(\d+)([.)])")
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def original(citation: Citation) -> str:
    """The address of the original of a citation's document, if it is known and safe."""
    return citation.link if is_web_address(citation.link) else ""


def is_web_address(text: str) -> bool:
    """Whether a text is an address that may become a link."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"[\s<>\"]", text)


def kept(answer: Answer) -> Answer:
    """The answer without what was struck out, and with the citations that are still used."""
    statements = tuple(statement for statement in answer.statements if statement.kind in KEPT)
    used = {number for statement in statements for number in statement.citations}
    citations = tuple(citation for citation in answer.citations if citation.number in used)
    return replace(answer, statements=statements, citations=citations)


def footnote(citation: Citation) -> str:
    """A source on one line: title, date, page or section, and whose words they are."""
    section = f"onder ‘{citation.heading}’" if citation.heading and not citation.page else ""
    return _one_line(", ".join(part for part in (source_line(citation), section) if part))


def as_text(answer: Answer, link: Link = original) -> str:
    """One answer as plain text with footnotes."""
    answer = kept(answer)
    notes = [f"[{citation.number}] {_with_link(footnote(citation), link(citation))}" for citation in answer.citations]
    return "\n\n".join(part for part in (answer.text, "\n".join(notes)) if part)


def _with_link(note: str, address: str) -> str:
    return f"{note}. {address}" if is_web_address(address) else note


def as_markdown(answers: Sequence[Answer], title: str, today: date, link: Link = original) -> str:
    """A conversation as Markdown, with the sources under every answer and a list of all documents."""
    parts = [f"# {escape_markdown(title)}", escape_markdown(about(today))]
    for answer in map(kept, answers):
        parts.append(f"## {escape_markdown(answer.question)}")
        parts += [f"Uitkomst: {OUTCOMES[answer.status]}."] if answer.has_outcome else []
        parts += _markdown_statements(answer.statements)
        notes = [
            f"{citation.number}. {_markdown_link(footnote(citation), link(citation))}" for citation in answer.citations
        ]
        parts += ["### Bronnen", "\n".join(notes)] if notes else []
    documents = used_documents(answers)
    if documents:
        parts += ["## Gebruikte documenten", "\n".join(f"- {escape_markdown(document)}" for document in documents)]
    return "\n\n".join(parts) + "\n"


def _markdown_statements(statements: Iterable[Statement]) -> list[str]:
    """Our own words as paragraphs, quotations as block quotes."""
    parts: list[str] = []
    quoted = False
    for statement in statements:
        marks = "".join(f" \\[{number}\\]" for number in statement.citations)
        text = escape_markdown(statement.text)
        if statement.kind in ("intro", "notice", "generated"):
            parts.append(text + marks)
            quoted = False
            continue
        line = f"> - {text}{marks}" if statement.kind == "item" else f"> “{text}”{marks}"
        if quoted:
            parts[-1] += f"\n>\n{line}"
        else:
            parts.append(line)
        quoted = True
    return parts


def _markdown_link(text: str, address: str) -> str:
    # Brackets and round brackets in an address would end the link.
    safe = address.translate({ord(sign): f"%{ord(sign):02X}" for sign in "()[]\\`*"})
    return f"[{escape_markdown(text)}](<{safe}>)" if is_web_address(address) else escape_markdown(text)


def escape_markdown(text: str) -> str:
    """The text on one line, so that Markdown shows every sign of it as it is."""
    return _NUMBERED.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", _one_line(text)))


def as_word(answers: Sequence[Answer], title: str, today: date, link: Link = original) -> bytes:
    """A conversation as a Word document (.docx), with the sources under every answer and a list of all documents."""
    word = WordDocument()
    word.styles["Normal"].font.name = "Calibri"
    word.styles["Normal"].font.size = Pt(11)
    _set_dutch(word.styles["Normal"])
    word.core_properties.title = _clean(title)[:250]
    word.core_properties.author = "NOV-documentassistent"
    word.core_properties.language = "nl-NL"
    word.add_heading(_clean(title), level=0)
    word.add_paragraph(about(today))
    for answer in map(kept, answers):
        word.add_heading(_clean(answer.question), level=1)
        if answer.has_outcome:
            word.add_paragraph(f"Uitkomst: {OUTCOMES[answer.status]}.")
        for statement in answer.statements:
            _add_statement(word, statement)
        if answer.citations:
            word.add_heading("Bronnen", level=2)
        for citation in answer.citations:
            paragraph = word.add_paragraph(f"[{citation.number}] {_clean(footnote(citation))}")
            _add_link(paragraph, link(citation))
    documents = used_documents(answers)
    if documents:
        word.add_heading("Gebruikte documenten", level=1)
        for document in documents:
            word.add_paragraph(_clean(document), style="List Bullet")
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def about(today: date) -> str:
    """What a reader of an export must know of it."""
    return (
        f"Gemaakt op {dutch_date(today.isoformat())} met de NOV-documentassistent. Dit is een automatische assistent, "
        "die citeert uit documenten en fouten kan maken. Lees een citaat na in de bron voordat u het overneemt."
    )


def used_documents(answers: Iterable[Answer]) -> list[str]:
    """Title and date of every document that these answers quote, in order of first use."""
    lines: dict[str, str] = {}
    for answer in map(kept, answers):
        for citation in answer.citations:
            parts = (citation.title, dutch_date(citation.date))
            lines.setdefault(citation.document, _one_line(", ".join(part for part in parts if part)))
    return list(lines.values())


def _add_statement(word: Any, statement: Statement) -> None:
    text = _clean(statement.text)
    marks = "".join(f" [{number}]" for number in statement.citations)
    if statement.kind == "item":
        word.add_paragraph(text + marks, style="List Bullet")
    elif statement.kind in ("quote", "lead_in"):
        word.add_paragraph(f"“{text}”{marks}", style="Quote")
    else:
        word.add_paragraph(text + marks)


def _add_link(paragraph: Any, address: str) -> None:
    """The address behind a footnote, as a link that Word opens."""
    if not is_web_address(address):
        return
    part = paragraph.part
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    paragraph.add_run(" ")
    run = paragraph.add_run(_clean(address))
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def _set_dutch(style: Any) -> None:
    """So that Word checks the spelling in the right language."""
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "nl-NL")
    style.element.get_or_add_rPr().append(language)


def _clean(text: str) -> str:
    """The text on one line, without characters that a Word file cannot hold."""
    return _one_line(_NOT_IN_XML.sub("", text))


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""A conversation as the visitor's own browser keeps it: written to JSON, and read back with every field checked.

The server keeps nothing. What comes back can be anything; what does not fit is refused, and what fits is rendered again
by `render.py`, so that nothing in the browser's storage becomes HTML.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from assistant.errors import InputError
from assistant.export import as_markdown, as_word, is_web_address
from assistant.schema import Answer, Filters, Hit
from assistant.web.place import source_link
from assistant.web.render import NEAREST

MOST_TURNS = 200
LONGEST_TITLE = 200
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
_FILTERS: TypeAdapter[Filters] = TypeAdapter(Filters)
_BEFORE: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])


def pack(answer: Answer, filters: Filters, version: str, before: tuple[str, ...] = ()) -> dict[str, Any]:
    """One answered question as JSON; of the passages only those that the page shows."""
    short = replace(answer, hits=tuple(_short(hit) for hit in answer.hits[: NEAREST + len(answer.citations)]))
    return {
        "answer": _ANSWER.dump_python(short, mode="json"),
        "filters": _FILTERS.dump_python(filters, mode="json"),
        "version": version,
        "before": list(before),
    }


def _short(hit: Hit) -> Hit:
    return replace(hit, sentence_scores=(), passage=replace(hit.passage, sentences=()))


def unpack(turns: object) -> list[tuple[Answer, Filters, str, tuple[str, ...]]]:
    """The answers of a kept conversation, each with its filters, the version of its index and the questions before it.

    Raises:
        InputError: it is no conversation of this assistant, or one of another version.
    """
    if not isinstance(turns, list) or len(turns) > MOST_TURNS:
        raise InputError(_UNREADABLE)
    try:
        return [
            (
                _checked(_ANSWER.validate_python(turn["answer"])),
                _FILTERS.validate_python(turn["filters"]),
                str(turn["version"])[:64],
                _BEFORE.validate_python(turn.get("before", ())),
            )
            for turn in turns
        ]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(_UNREADABLE) from error


def _checked(answer: Answer) -> Answer:
    """The answer, if every citation it uses is there."""
    numbers = {citation.number for citation in answer.citations}
    if any(number not in numbers for statement in answer.statements for number in statement.citations):
        raise ValueError("a statement cites what is not there")
    return answer


@dataclass(frozen=True, slots=True)
class File:
    """A file to take along."""

    name: str
    media_type: str
    content: bytes


def take_along(request: object, today: date) -> File:
    """A kept conversation as a file.

    Args:
        request: what the browser sends, which can be anything: `format` ('word' or 'markdown'), `title`, `turns`
            and `page`.
        today: for the heading.

    Raises:
        InputError: it is no conversation, or it is empty.
    """
    asked = request if isinstance(request, dict) else {}
    answers = [answer for answer, *_ in unpack(asked.get("turns"))]
    if not answers:
        raise InputError("Dit gesprek is nog leeg. Stel eerst een vraag.")
    title = " ".join(str(asked.get("title") or answers[0].question).split())[:LONGEST_TITLE]
    page = str(asked.get("page") or "")
    link = source_link(page if is_web_address(page) else "")
    name = f"gesprek-{today.isoformat()}"
    if asked.get("format") == "word":
        return File(f"{name}.docx", WORD, as_word(answers, title, today, link))
    return File(f"{name}.md", "text/markdown;charset=utf-8", as_markdown(answers, title, today, link).encode())


_UNREADABLE = "Dit bewaarde gesprek kan niet meer worden geopend. Stel uw vraag opnieuw."

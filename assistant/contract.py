"""The JSON that others read: answers, hits and positions, in the form that is promised to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.schema import Answer, Citation, Hit, Position, Statement


def answer_json(answer: Answer, question_id: str | None = None) -> dict[str, Any]:
    """An answer as the command line and batches write it."""
    return {
        "id": question_id,
        "question": answer.question,
        "status": answer.status,
        "answer": answer.text,
        "struck": [
            {"text": statement.text, "reason": statement.reason}
            for statement in answer.statements
            if statement.kind == "struck"
        ],
        "citations": [citation_json(citation) for citation in answer.citations],
        "passages": [hit_json(hit) for hit in answer.hits],
        "probability": answer.probability,
        "understood": list(answer.understood),
        "seconds": round(answer.seconds, 4),
    }


def refusal_json(question: BatchQuestion, reason: str) -> dict[str, Any]:
    """The row of a question that cannot be asked (empty, too long), with the reason in place of an answer."""
    answer = Answer(question.question, "not_found", (Statement("notice", reason),))
    return answer_json(answer, question.id)


def citation_json(citation: Citation) -> dict[str, Any]:
    """A citation; `quote` is the document's text from `start` to `end`."""
    return {
        "number": citation.number,
        "document": citation.document,
        "title": citation.title,
        "date": citation.date,
        "voice": citation.voice,
        "heading": citation.heading,
        "page": citation.page,
        "link": citation.link,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
    }


def hit_json(hit: Hit) -> dict[str, Any]:
    """A passage that was found."""
    passage = hit.passage
    return {
        "document": passage.document,
        "start": passage.start,
        "end": passage.end,
        "heading": passage.heading,
        "voice": passage.voice,
        "date": passage.date,
        "text": passage.text,
        "score": hit.score,
    }


def position_json(position: Position) -> dict[str, Any]:
    """A position with its citation."""
    found = {"stance": position.stance, "side": position.side, "score": position.score}
    return {**found, **citation_json(position.citation)}


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line of a file of questions."""

    id: str
    question: str
    history: tuple[str, ...]


def read_batch(path: Path) -> Iterator[BatchQuestion]:
    """The questions of a file with one JSON object a line; fields other than id, question and history are ignored.

    Raises:
        InputError: the file or a line of it cannot be used; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"Het bestand {path} is niet te lezen: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _batch_question(line, f"{path}, regel {number}")


def _batch_question(line: str, where: str) -> BatchQuestion:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise InputError(f"{where}: dit is geen JSON ({error}).") from error
    if not isinstance(row, dict) or not isinstance(row.get("question"), str) or "id" not in row:
        raise InputError(f"{where}: elke regel heeft een 'id' en een 'question' nodig.")
    history = row.get("history") or []
    if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
        raise InputError(f"{where}: 'history' moet een lijst van eerdere vragen zijn.")
    return BatchQuestion(row["id"], row["question"], tuple(history))

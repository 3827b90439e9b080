"""What visitors say of answers, kept in one SQLite file when the operator switched that on (`ASSISTANT_FEEDBACK`).

No visitor is in it: no name, no address, no session. It holds judged answers, and questions that found nothing.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.contract import citation_json
from assistant.dutch import fold
from assistant.errors import InputError
from assistant.schema import Answer

LONGEST_REASON = 1000
_TABLES = """
CREATE TABLE IF NOT EXISTS judgements (
    id INTEGER PRIMARY KEY, time TEXT NOT NULL, helpful INTEGER NOT NULL, reason TEXT NOT NULL, question TEXT NOT NULL,
    history TEXT NOT NULL, status TEXT NOT NULL, answer TEXT NOT NULL, citations TEXT NOT NULL, version TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS gaps (
    id INTEGER PRIMARY KEY, time TEXT NOT NULL, question TEXT NOT NULL, history TEXT NOT NULL, version TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one visitor said of one answer.

    Attributes:
        time: ISO date and time, in UTC.
        helpful: whether it helped.
        reason: why, in the visitor's words; may be empty.
        question: the question as it was asked.
        history: the questions before it, oldest first.
        status: of the answer.
        answer: its text, with [n].
        citations: as in the answers as JSON.
        version: fingerprint of the index that answered.
    """

    time: str
    helpful: bool
    reason: str
    question: str
    history: tuple[str, ...]
    status: str
    answer: str
    citations: tuple[dict[str, Any], ...]
    version: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that found nothing (kennishiaat).

    Attributes:
        question: as it was asked last.
        times: how often it was asked.
        last: ISO date and time of the last time, in UTC.
    """

    question: str
    times: int
    last: str
    history: tuple[str, ...] = field(default=())


class Feedback:
    """The file with feedback; several threads and processes may use it at once.

    Args:
        path: the SQLite file; made when it is not there, readable for its owner only.

    Raises:
        InputError: the file cannot be made or is no file of feedback.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        except OSError as error:
            raise InputError(
                f"Het bestand {path} voor feedback kan niet worden gemaakt: {error.strerror}. "
                "Kies met ASSISTANT_FEEDBACK een andere plaats."
            ) from error
        with self._open() as database:
            database.executescript(_TABLES)

    def judge(self, answer: Answer, helpful: bool, reason: str, history: Sequence[str], version: str) -> None:
        """Keep what a visitor says of an answer.

        Args:
            answer: the answer.
            helpful: whether it helped.
            reason: why; only the first 1000 characters are kept.
            history: the questions before it, oldest first.
            version: fingerprint of the index that answered.
        """
        row = (
            _now(),
            helpful,
            " ".join(reason.split())[:LONGEST_REASON],
            answer.question,
            json.dumps(list(history), ensure_ascii=False),
            answer.status,
            answer.text,
            json.dumps([citation_json(citation) for citation in answer.citations], ensure_ascii=False),
            version,
        )
        with self._open() as database:
            database.execute(
                "INSERT INTO judgements (time, helpful, reason, question, history, status, answer, citations, version) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def miss(self, question: str, history: Sequence[str], version: str) -> None:
        """Keep a question that found nothing."""
        row = (_now(), question, json.dumps(list(history), ensure_ascii=False), version)
        with self._open() as database:
            database.execute("INSERT INTO gaps (time, question, history, version) VALUES (?, ?, ?, ?)", row)

    def judgements(self) -> list[Judgement]:
        """All that was said, oldest first."""
        with self._open() as database:
            rows = database.execute(
                "SELECT time, helpful, reason, question, history, status, answer, citations, version "
                "FROM judgements ORDER BY id"
            ).fetchall()
        return [
            Judgement(time, bool(helpful), reason, question, _list(history), status, answer, _list(citations), version)
            for time, helpful, reason, question, history, status, answer, citations, version in rows
        ]

    def gaps(self) -> list[Gap]:
        """The questions that found nothing, those asked most first; the same words in other letters count as one."""
        with self._open() as database:
            rows = database.execute("SELECT time, question, history FROM gaps ORDER BY id").fetchall()
        found: dict[tuple[str, str], Gap] = {}
        for time, question, history in rows:
            key = (fold(" ".join(question.split())).rstrip("?!. "), history)
            times = found[key].times if key in found else 0
            found[key] = Gap(question, times + 1, time, _list(history))
        return sorted(found.values(), key=lambda gap: (-gap.times, gap.question))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=30)) as database, database:
                yield database
        except sqlite3.Error as error:
            raise InputError(
                f"Het bestand {self.path} voor feedback kan niet worden gebruikt ({error}). Zet het opzij, of kies met "
                "ASSISTANT_FEEDBACK een andere plaats."
            ) from error


def as_csv(judgements: Iterable[Judgement]) -> str:
    """A table that Dutch spreadsheets open: semicolons, and no cell that can be taken for a formula."""
    table = io.StringIO()
    writer = csv.writer(table, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(
        ["tijd (UTC)", "nuttig", "reden", "vraag", "eerdere vragen", "uitkomst", "antwoord", "bronnen", "versie"]
    )
    for judgement in judgements:
        sources = "\n".join(
            f"[{row['number']}] {row['document']} {row['start']}-{row['end']}" for row in judgement.citations
        )
        writer.writerow(
            [
                judgement.time,
                "ja" if judgement.helpful else "nee",
                *map(
                    _cell,
                    (
                        judgement.reason,
                        judgement.question,
                        "\n".join(judgement.history),
                        judgement.status,
                        judgement.answer,
                        sources,
                        judgement.version,
                    ),
                ),
            ]
        )
    return table.getvalue()


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what could begin one."""
    return f"'{text}" if text.lstrip()[:1] in tuple("=+-@＝＋－＠|%") or text[:1] in tuple("\t\r\n") else text


def as_drafts(judgements: Iterable[Judgement]) -> str:
    """Draft questions for the fixed set, a JSON object a line, for a person to complete.

    Of an answer that helped, the quotations become `gold`. Of one that did not, `gold` is left empty: which place
    should have been cited is for a person to say. `reference` holds the answer, or what the visitor missed.
    """
    lines = []
    for number, judgement in enumerate(judgements, start=1):
        good = judgement.helpful and bool(judgement.citations)
        draft = {
            "id": f"feedback-{number}",
            "category": "followup" if judgement.history else "fact",
            "question": judgement.question,
            **({"history": list(judgement.history)} if judgement.history else {}),
            "answerable": good or judgement.status != "not_found",
            "gold": [{"doc": row["document"], "quote": row["quote"]} for row in judgement.citations] if good else [],
            "must_include": [],
            "reference": judgement.answer if good else judgement.reason,
        }
        lines.append(json.dumps(draft, ensure_ascii=False) + "\n")
    return "".join(lines)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _list(text: str) -> tuple[Any, ...]:
    return tuple(json.loads(text))

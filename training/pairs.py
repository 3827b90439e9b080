"""The written question-passage pairs: made-up policy documents with questions and the sentences that answer them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and where its answer stands: `text[start:end]` of the written document's Markdown."""

    question: str
    style: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """One written document as Markdown, its pairs, and questions that it does not answer."""

    id: str
    title: str
    kind: str
    date: str
    voice: str
    text: str
    pairs: tuple[Pair, ...]
    unanswerable: tuple[str, ...]

    @property
    def file(self) -> str:
        """The file of `data/` that it stands in: its id without the number."""
        return self.id.rstrip("0123456789")

    @property
    def part(self) -> str:
        """`test` where the document's number ends in 0, `validation` where it ends in 5, otherwise `training`."""
        return {"0": "test", "5": "validation"}.get(self.id[-1], "training")


def load(folder: Path = DATA) -> Iterator[WrittenDocument]:
    """All written documents of a folder, in order of file and line."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield _document(json.loads(line))


def _document(row: dict) -> WrittenDocument:  # type: ignore[type-arg]
    text = f"# {row['title']}\n\n"
    pairs = []
    for passage in row["passages"]:
        if passage["heading"]:
            text += f"## {passage['heading']}\n\n"
        begin = len(text)
        text += passage["text"] + "\n\n"
        for question in passage["questions"]:
            words = map(re.escape, question["answer"].split())
            match = re.compile(r"\s+".join(words)).search(text, begin)
            if match is None:
                raise ValueError(f"{row['id']}: answer not in its passage: {question['answer']!r}")
            pairs.append(Pair(question["q"], question["style"], match.start(), match.end()))
    return WrittenDocument(
        row["id"],
        row["title"],
        row["type"],
        row["date"],
        row["voice"],
        text,
        tuple(pairs),
        tuple(row["unanswerable"]),
    )

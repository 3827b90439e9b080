"""The fixed set of questions: one JSON object a line, strictly checked, gold quotes turned into character ranges."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.errors import EvaluationError
from assistant.schema import Document, Span

Category = Literal[
    "fact",
    "list",
    "explain",
    "position",
    "multi",
    "compare",
    "paraphrase",
    "typo",
    "abbreviation",
    "keyword",
    "followup",
    "english",
    "unanswerable_near",
    "unanswerable_far",
    "adversarial",
]
CATEGORIES: tuple[Category, ...] = get_args(Category)


@dataclass(frozen=True, slots=True)
class Gold:
    """A place that holds (part of) what is asked for.

    Attributes:
        document: name of the document.
        quote: verbatim text of the place.
        spans: where the quote stands; each occurrence is equally right. Empty when no documents were at hand.
    """

    document: str
    quote: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question and what a good answer to it holds.

    Attributes:
        id: unique in its set.
        category: sort of question.
        question: as a person would type it.
        answerable: whether the documents answer it.
        gold: every place the answer should draw on; empty if and only if the question is not answerable.
        must_include: what the answer has to name; each inner tuple holds variants of which one suffices.
        reference: a good answer in words, for people.
        history: the user's earlier turns, oldest first.
        also_ok: places that may be cited as well, but need not be.
    """

    id: str
    category: Category
    question: str
    answerable: bool
    gold: tuple[Gold, ...]
    must_include: tuple[tuple[str, ...], ...]
    reference: str
    history: tuple[str, ...] = ()
    also_ok: tuple[Gold, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits of all fields but the spans; only questions with equal ones can be compared."""
        fields = asdict(self)
        for gold in (*fields["gold"], *fields["also_ok"]):
            del gold["spans"]
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:12]


_Text = Annotated[str, StringConstraints(pattern=r"\S")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _GoldRecord(_Strict):
    doc: _Text
    quote: _Text


class _Record(_Strict):
    id: _Text
    category: Category
    question: _Text
    history: list[_Text] = []
    answerable: bool
    gold: list[_GoldRecord]
    also_ok: list[_GoldRecord] = []
    must_include: list[Annotated[list[_Text], Field(min_length=1)]]
    reference: _Text


_FAULTS = {
    "missing": "ontbreekt",
    "extra_forbidden": "bestaat niet; haal het weg of verbeter de naam",
    "string_pattern_mismatch": "is leeg",
    "too_short": "is leeg",
    "string_type": "moet tekst tussen aanhalingstekens zijn",
    "bool_type": "moet true of false zijn",
    "list_type": "moet een lijst tussen [ en ] zijn",
    "model_type": "moet een object tussen { en } zijn",
    "literal_error": f"moet een van deze woorden zijn: {', '.join(CATEGORIES)}",
}


def load_questions(path: Path, documents: Mapping[str, Document] | None) -> list[Question]:
    """Read and check a set of questions.

    Args:
        path: UTF-8 file with one JSON object a line; empty lines are skipped.
        documents: by name; every quote must stand in them verbatim. With None quotes are neither checked nor located.

    Raises:
        EvaluationError: the file or a question in it cannot be used; names the file, line, id and field.
    """
    questions: dict[str, Question] = {}
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, regel {number}"
        record = _parse(line, where)
        where = f"{where} (vraag {record.id})"
        if record.id in questions:
            raise EvaluationError(f"{where}, veld id: komt al eerder voor. Geef elke vraag een eigen id.")
        _check_consistent(record, where)
        questions[record.id] = _question(record, documents, where)
    if not questions:
        raise EvaluationError(f"{path}: er staan geen vragen in. Zet op elke regel een vraag als JSON-object.")
    return list(questions.values())


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise EvaluationError(f"{path}: het vragenbestand is niet te lezen ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path}: het vragenbestand is geen UTF-8. Sla het op als UTF-8.") from error


def _parse(line: str, where: str) -> _Record:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise EvaluationError(f"{where}: dit is geen geldige JSON ({error}).") from error
    try:
        return _Record.model_validate(value)
    except ValidationError as error:
        raise EvaluationError(_fault(error, value, where)) from error


def _fault(error: ValidationError, value: object, where: str) -> str:
    """The first fault of a line as a Dutch sentence."""
    first = error.errors()[0]
    if isinstance(value, dict) and "id" in value:
        where = f"{where} (vraag {value['id']})"
    field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    fault = _FAULTS.get(first["type"], "heeft een waarde die niet kan")
    return f"{where}, veld {field}: {fault}." if field else f"{where}: de regel {fault}."


def _check_consistent(record: _Record, where: str) -> None:
    """Fields that contradict each other would be measured wrongly without a sound."""
    if record.answerable and not record.gold:
        raise EvaluationError(f"{where}, veld gold: is leeg, maar de vraag is beantwoordbaar. Zet er een citaat bij.")
    if record.gold and not record.answerable:
        raise EvaluationError(f"{where}, veld gold: moet leeg zijn, want de vraag is niet beantwoordbaar.")
    if record.answerable and record.category.startswith("unanswerable"):
        raise EvaluationError(f"{where}, veld answerable: moet false zijn bij categorie {record.category}.")
    if record.category == "followup" and not record.history:
        raise EvaluationError(f"{where}, veld history: ontbreekt of is leeg, maar de vraag is een vervolgvraag.")


def _question(record: _Record, documents: Mapping[str, Document] | None, where: str) -> Question:
    def places(field: str, golds: list[_GoldRecord]) -> tuple[Gold, ...]:
        return tuple(_gold(gold, documents, f"{where}, veld {field}[{i}]") for i, gold in enumerate(golds))

    fields: dict[str, Any] = record.model_dump(include={"id", "category", "question", "answerable", "reference"})
    return Question(
        **fields,
        gold=places("gold", record.gold),
        also_ok=places("also_ok", record.also_ok),
        must_include=tuple(map(tuple, record.must_include)),
        history=tuple(record.history),
    )


def _gold(record: _GoldRecord, documents: Mapping[str, Document] | None, where: str) -> Gold:
    if documents is None:
        return Gold(record.doc, record.quote)
    if record.doc not in documents:
        names = ", ".join(sorted(documents))
        raise EvaluationError(f"{where}.doc: er is geen document {record.doc!r}. Kies uit: {names}.")
    found = re.finditer(re.escape(record.quote), documents[record.doc].text)
    spans = tuple(Span(match.start(), match.end()) for match in found)
    if not spans:
        raise EvaluationError(
            f"{where}.quote: staat niet letterlijk in {record.doc}: {record.quote!r}. Neem de tekst precies over."
        )
    return Gold(record.doc, record.quote, spans)

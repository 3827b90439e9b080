"""Writes an evaluation as `report.json`, for comparing and for machines, `report.md` and `report.html`, for people."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationError
from assistant.evaluation.compare import DECIMALS, Comparison
from assistant.evaluation.content import content, to_markdown
from assistant.evaluation.html import to_html
from assistant.evaluation.results import Group, Report, Row


def write_report(report: Report, folder: Path, comparison: Comparison | None, versions: Mapping[str, str]) -> None:
    """Write `report.json`, `report.md` and `report.html`, each in one step: a reader sees the old file or the new one.

    Raises:
        EvaluationError: the folder or a file cannot be written.
    """
    blocks = content(report, comparison, versions)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / "report.json", to_json(report, versions))
        _replace(folder / "report.md", to_markdown(blocks))
        _replace(folder / "report.html", to_html(blocks))
    except OSError as error:
        raise EvaluationError(f"{folder}: het verslag is niet te schrijven ({error.strerror}).") from error


def to_json(report: Report, versions: Mapping[str, str]) -> str:
    """The report as JSON: keys in a fixed order, figures rounded; between equal runs only the times differ."""
    value = {
        "versions": dict(sorted(versions.items())),
        "latency": asdict(report.latency),
        "total": _group(report.total),
        "low_overlap": _group(report.low_overlap),
        "followups": {name: asdict(versus) for name, versus in report.followups.items()},
        "reliability": asdict(report.reliability),
        "categories": {group.name: _group(group) for group in report.categories},
        "rows": [_row(row) for row in report.rows],
    }
    return json.dumps(_rounded(value), ensure_ascii=False, indent=1) + "\n"


def _group(group: Group) -> dict[str, Any]:
    return {"questions": group.questions, "metrics": {name: asdict(value) for name, value in group.metrics.items()}}


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.question.id,
        "fingerprint": row.question.fingerprint,
        "category": row.question.category,
        "question": row.question.question,
        "history": row.question.history,
        "answerable": row.question.answerable,
        "low_overlap": row.low_overlap,
        "status": row.answer.status,
        "probability": row.answer.probability,
        "answer": row.answer.text,
        "citations": [
            {"number": c.number, "document": c.document, "start": c.start, "end": c.end} for c in row.answer.citations
        ],
        "quality": row.quality,
        "scores": row.scores,
        "seconds": row.seconds,
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return value


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)

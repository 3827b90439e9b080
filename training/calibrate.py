"""Fits `assistant/models/calibration.json`: how likely it is that the documents answer a question.

    python training/calibrate.py

Questions with a known outcome: answerable ones; near misses written for the same documents; answerable ones asked with
their own document left out; and ones asked of documents about quite another subject. They are asked of all documents
of a part or of two of them in turn, since scores are lower where there is less to find. Fitted on the validation
documents, once with and once without the reranker; prints what the test documents say of it: outcomes, and the area
under the curve of every kind against the answerable questions.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
from measure import asked, open_index
from pairs import WrittenDocument, load
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from assistant import fusion
from assistant.calibration import COEFFICIENTS, FEATURES, features
from assistant.pipeline import Assistant
from assistant.schema import Filters, Hit

WRONG_REFUSALS = 0.04
"""Share of answerable questions that may fall below `partial_from`."""

DOUBTS = 0.25
"""Share of answerable questions that may fall below `answered_from`."""

GOVERNMENT = "hlp"
"""The files of `data/` about general government; the others are about volunteering, associations and care."""

WEIGHTS = {"answerable": 1.0, "near": 2.0, "left out": 1.0, "other subject": 1.0}
"""How much each kind of question counts in the fit."""

Rows = dict[str, list[Sequence[Hit]]]
"""The hits of every question, by kind."""


def main() -> None:
    """Measure, fit, check, write."""
    found: dict[str, Rows] = {}
    for part in ("validation", "test"):
        documents = [document for document in load() if document.part == part]
        with (
            tempfile.TemporaryDirectory() as name,
            closing(open_index(documents, Path(name), rerank=True)) as assistant,
        ):
            found[part] = _asked(assistant, documents)
    models = {}
    for stage in ("first", "reranked"):
        names = (*FEATURES, "rerank") if stage == "reranked" else FEATURES
        values = {part: _features(rows, stage, names) for part, rows in found.items()}
        model = _fit(values["validation"])
        limits = np.quantile(_chances(model, values["validation"]["answerable"]), [WRONG_REFUSALS, DOUBTS])
        print(stage)
        for part, groups in values.items():
            _report(part, {kind: _chances(model, group) for kind, group in groups.items()}, limits)
        fitted = dict(zip(names, model.coef_[0], strict=True)) | {"intercept": model.intercept_[0]}
        fitted |= {"partial_from": limits[0], "answered_from": limits[1]}
        models[stage] = {name: round(float(value), 4) for name, value in fitted.items()}
    COEFFICIENTS.write_text(json.dumps(models, indent=1) + "\n", encoding="utf-8")
    print(f"written: {COEFFICIENTS}")


def _features(rows: Rows, stage: str, names: Sequence[str]) -> dict[str, np.ndarray]:
    """For every kind of question the features, float array (questions, features)."""
    return {
        kind: np.array([[features(_at(hits, stage))[name] for name in names] for hits in found])
        for kind, found in rows.items()
    }


def _at(hits: Sequence[Hit], stage: str) -> Sequence[Hit]:
    """The hits as they are at a stage: without the reranker if it is the first."""
    if stage == "reranked":
        return hits
    return sorted((fusion.scored(replace(hit, rerank=None)) for hit in hits), key=lambda hit: -hit.score)


def _fit(groups: dict[str, np.ndarray]) -> LogisticRegression:
    truth = np.concatenate([np.full(len(group), kind == "answerable") for kind, group in groups.items()])
    weights = np.concatenate([np.full(len(group), WEIGHTS[kind] / len(group)) for kind, group in groups.items()])
    model = LogisticRegression(C=10, max_iter=10_000)
    return model.fit(np.concatenate(list(groups.values())), truth, sample_weight=weights * len(truth))


def _chances(model: LogisticRegression, group: np.ndarray) -> np.ndarray:
    chances: np.ndarray = model.predict_proba(group)[:, 1]
    return chances


def _report(part: str, chances: dict[str, np.ndarray], limits: np.ndarray) -> None:
    right = chances["answerable"]
    for kind, group in chances.items():
        labels = [1] * len(right) + [0] * len(group)
        area = f"  AUC {roc_auc_score(labels, np.concatenate([right, group])):.3f}" if kind != "answerable" else ""
        outcome = f"not_found {np.mean(group < limits[0]):.2f}  answered {np.mean(group >= limits[1]):.2f}"
        print(f"  {part:10s} {kind:14s} n={len(group):4d}  {outcome}{area}")


def _asked(assistant: Assistant, documents: Sequence[WrittenDocument]) -> Rows:
    rows: Rows = {kind: [] for kind in WEIGHTS}
    for kind, question, names in tqdm(list(_questions(documents)), unit=" questions"):
        rows[kind].append(assistant.search(question, filters=Filters(documents=names)))
    return rows


def _questions(documents: Sequence[WrittenDocument]) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Kind, question, and the documents that it is asked of (none named: all)."""
    names = frozenset(f"{document.id}.md" for document in documents)
    government = frozenset(name for name in names if name[0] in GOVERNMENT)
    for number, document in enumerate(documents):
        own = f"{document.id}.md"
        two = frozenset({own, f"{documents[number - 1].id}.md"})
        among = (frozenset[str](), two)
        for place, pair in enumerate(document.pairs):
            question = asked(document, pair)
            yield "answerable", question, among[place % 2]
            if place % 3 == 0:
                yield "left out", question, (among[place % 2] or names) - {own}
            if place % 4 == 0:
                yield "other subject", question, names - government if own in government else government
        for place, question in enumerate(document.unanswerable):
            yield "near", question, among[place % 2]


if __name__ == "__main__":
    main()

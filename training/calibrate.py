"""Fits `assistant/models/calibration.json`: how likely it is that the documents answer a question.

    python training/calibrate.py

Looks only at the validation documents. Questions with a known outcome:
answerable ones; near misses written for the same documents; answerable ones asked with their own document left out;
and ones asked of documents about quite another subject. Each is asked of all such documents and of two (or one), since
scores are lower where there is less to find. Prints the area under the curve of each kind, five-fold cross-validated by
question.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from measure import open_index
from pairs import WrittenDocument, load
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

from assistant.calibration import COEFFICIENTS, FEATURES, features
from assistant.schema import Filters

WRONG_REFUSALS = 0.03
"""Share of answerable questions that may fall below `partial_from`."""

DOUBTS = 0.4
"""Share of answerable questions that may fall below `answered_from`."""

GOVERNMENT = {"h", "l", "p", "x", "xc", "wd"}
"""The files of `data/` about general government; the others are about volunteering, associations and care."""

EVERY = 15
"""One answerable question in so many is enough for so few coefficients; of the near misses one in three."""

WEIGHTS = {"answerable": 1.0, "near": 0.25, "left out": 1.0, "other subject": 1.0}


def main() -> None:
    """Measure, fit, write the coefficients."""
    documents = [document for document in load() if document.part == "validation"]
    with tempfile.TemporaryDirectory() as folder:
        rows = _measured(documents, Path(folder))
    matrix = np.array([[values[name] for name in FEATURES] for kind in WEIGHTS for values in rows[kind]])
    truth = np.concatenate([np.full(len(rows[kind]), kind == "answerable") for kind in WEIGHTS])
    weights = np.concatenate([np.full(len(rows[kind]), weight) for kind, weight in WEIGHTS.items()])
    model = LogisticRegression(C=10, max_iter=10_000)
    chances = cross_val_predict(model, matrix, truth, cv=5, method="predict_proba", params={"sample_weight": weights})[
        :, 1
    ]
    groups = np.split(chances, np.cumsum([len(rows[kind]) for kind in WEIGHTS])[:-1])
    answerable = groups[0]
    partial_from, answered_from = np.quantile(answerable, [WRONG_REFUSALS, DOUBTS])
    for kind, group in zip(WEIGHTS, groups, strict=True):
        outcome = f"not_found {np.mean(group < partial_from):.2f}  answered {np.mean(group >= answered_from):.2f}"
        labels = [1] * len(answerable) + [0] * len(group)
        area = f"  AUC {roc_auc_score(labels, np.concatenate([answerable, group])):.3f}" if kind != "answerable" else ""
        print(f"{kind:14s} n={len(group):4d}  {outcome}{area}")
    model.fit(matrix, truth, sample_weight=weights)
    result = {"intercept": model.intercept_[0], **dict(zip(FEATURES, model.coef_[0], strict=True))}
    result |= {"partial_from": partial_from, "answered_from": answered_from}
    rounded = {name: round(float(value), 4) for name, value in result.items()}
    COEFFICIENTS.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")
    print(f"written: {COEFFICIENTS} {rounded}")


def _measured(documents: Sequence[WrittenDocument], folder: Path) -> dict[str, list[dict[str, float]]]:
    """The features of every question, by what is known of it."""
    assistant = open_index(documents, folder)
    words = assistant.words
    names = frozenset(assistant.documents)
    government = frozenset(f"{document.id}.md" for document in documents if document.file in GOVERNMENT)

    def seen(question: str, among: frozenset[str] = frozenset()) -> dict[str, float]:
        return features(question, assistant.search(question, filters=Filters(documents=among)), words)

    rows: dict[str, list[dict[str, float]]] = {kind: [] for kind in WEIGHTS}
    for number, document in enumerate(documents):
        own = f"{document.id}.md"
        pair_of_documents = frozenset({own, f"{documents[number - 1].id}.md"})
        for pair in document.pairs[::EVERY]:
            if pair.style == "followup":
                continue
            rows["answerable"] += [seen(pair.question), seen(pair.question, pair_of_documents)]
            rows["left out"] += [
                seen(pair.question, names - {own}),
                seen(pair.question, pair_of_documents - {own}),
            ]
            others = names - government if own in government else government
            rows["other subject"] += [seen(pair.question, others), seen(pair.question, frozenset(sorted(others)[:2]))]
        for question in document.unanswerable[::3]:
            rows["near"] += [seen(question), seen(question, pair_of_documents)]
    assistant.close()
    return rows


if __name__ == "__main__":
    main()

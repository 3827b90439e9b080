"""Fits `assistant/models/relevance.json`: how likely it is that a sentence of a passage that was found answers.

    python training/relevant.py

A logistic regression over the sentences of the first hits of the validation documents' questions, asked of all of them
and of three at a time; a sentence is right if at least half of it stands in the answer, or half of the answer in it.
Looks at the validation documents only, since the encoder has learned the others by heart. Prints how often the most
likely sentence of the right passage is right, five-fold cross-validated, next to how often the one with the highest
cosine is.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from measure import Case, open_index, written
from pairs import load
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from tqdm import tqdm

from assistant import relevance
from assistant.evaluation.questions import Gold
from assistant.pipeline import Assistant
from assistant.schema import Filters, Hit, Span

HITS = 5
EVERY = 4
"""One question in so many is enough for so few coefficients."""


@dataclass(frozen=True)
class Row:
    """A sentence: which passage of which question, its features, whether it is right."""

    question: int
    passage: str
    features: dict[str, float]
    right: bool


def answers(hit: Hit, span: Span, gold: Gold) -> bool:
    """Whether a sentence holds half of the answer, or the answer half of the sentence."""
    (place,) = gold.spans
    shared = min(span.end, place.end) - max(span.start, place.start)
    return hit.passage.document == gold.document and 2 * shared >= min(span.end - span.start, place.end - place.start)


def rows(assistant: Assistant, cases: Sequence[Case]) -> Iterator[Row]:
    """The sentences of the first hits of every question."""
    words = assistant.words
    names = sorted(assistant.documents)
    for number, case in enumerate(tqdm(cases, unit=" questions")):
        own = names.index(case.gold[0].document)
        some = frozenset({names[own], names[own - 1], names[own - 2]})
        hits = assistant.search(case.question, HITS, Filters(documents=some if number % 2 else frozenset()))
        for hit in hits:
            found = relevance.features(case.question, hit, hits[0], words)
            for span, values in zip(hit.passage.sentences, found, strict=True):
                yield Row(number, hit.passage.id, values, answers(hit, span, case.gold[0]))


def main() -> None:
    """Fit, measure and write."""
    documents = [document for document in load() if document.part == "validation"]
    with tempfile.TemporaryDirectory() as name, closing(open_index(documents, Path(name))) as assistant:
        found = list(rows(assistant, written(documents)[::EVERY]))
    matrix = np.array([[row.features[name] for name in relevance.FEATURES] for row in found])
    truth = np.array([row.right for row in found])
    model = LogisticRegression(C=10, max_iter=10_000)
    folds = GroupKFold(5)
    groups = [row.question for row in found]
    chances = cross_val_predict(model, matrix, truth, cv=folds, groups=groups, method="predict_proba")[:, 1]
    print(f"most likely sentence right: {_right(found, chances):.3f}")
    print(f"highest cosine right: {_right(found, [row.features['cosine'] for row in found]):.3f}")
    model.fit(matrix, truth)
    coefficients = {"intercept": model.intercept_[0], **dict(zip(relevance.FEATURES, model.coef_[0], strict=True))}
    rounded = {name: round(float(value), 4) for name, value in coefficients.items()}
    relevance.COEFFICIENTS.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")
    print(f"written: {relevance.COEFFICIENTS} {rounded}")


def _right(found: Sequence[Row], scores: Sequence[float]) -> float:
    """How often the sentence with the highest score is right, among passages that hold the answer."""
    best: dict[tuple[int, str], tuple[float, bool]] = {}
    holds: set[tuple[int, str]] = set()
    for row, score in zip(found, scores, strict=True):
        key = (row.question, row.passage)
        best[key] = max(best.get(key, (-np.inf, False)), (score, row.right))
        if row.right:
            holds.add(key)
    return float(np.mean([best[key][1] for key in holds]))


if __name__ == "__main__":
    main()

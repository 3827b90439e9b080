"""Fits `assistant/models/fusion.json`: how much each feature of a passage counts in its score.

    python training/fuse.py

A conditional logit (McFadden 1974; listwise softmax, Cao et al. 2007): the weights under which the right passage is
the likeliest among the candidates, by maximum likelihood with a small penalty. Fitted on the validation documents,
since the encoder has learned the training documents and looks better there than it is; half of the
questions among all of these documents and half among three of them. Every second question is enough for so few weights.
Every style of question counts the same: more than half of the written questions are paraphrases, and not of users'.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from measure import Case, open_index, written
from pairs import load
from scipy.optimize import minimize
from tqdm import tqdm

from assistant import fusion
from assistant.evaluation.metrics import first_ranks
from assistant.pipeline import Assistant
from assistant.schema import Filters

CANDIDATES = 50
PENALTY = 1e-3
GIVEN = {"label": -0.1, "reread": 0.03}
"""Weights that are not fitted: the written documents have no letterheads, and only the first candidates are reread."""
FITTED = tuple(name for name in fusion.FEATURES if name not in GIVEN)


List = tuple[Any, int, float]
"""Of one question: features of its candidates, float array (candidates, features), which one is right, its weight."""


def lists(assistant: Assistant, cases: Sequence[Case]) -> Iterator[List]:
    """The candidates of every question, and which one is right; not where none is."""
    names = sorted(assistant.documents)
    styles = Counter(case.style for case in cases)
    for number, case in enumerate(tqdm(cases, unit=" questions")):
        own = names.index(case.gold[0].document)
        some = frozenset({names[own], names[own - 1], names[own - 2]})
        filters = Filters(documents=some if number % 2 else frozenset())
        hits = assistant.search(case.question, CANDIDATES, filters)
        (rank,) = first_ranks([hit.passage for hit in hits], case.gold)
        if rank:
            yield (
                np.array([[fusion.features(hit)[name] for name in FITTED] for hit in hits]),
                rank - 1,
                1 / styles[case.style],
            )


def fit(examples: Sequence[List]) -> Any:
    """The weights, shape (features,): those of the two cosines add up to one, so that scores keep their scale."""

    def loss(weights: Any) -> tuple[float, Any]:
        total, slope = PENALTY * weights @ weights, 2 * PENALTY * weights
        for features, right, weight in examples:
            scores = features @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            total -= weight * np.log(chances[right]) / together
            slope += weight * (chances @ features - features[right]) / together
        return total, slope

    together = sum(weight for _, _, weight in examples)
    size = examples[0][0].shape[1]
    found = minimize(loss, np.ones(size), jac=True, method="L-BFGS-B")
    return found.x / (found.x[0] + found.x[1])


def main() -> None:
    """Fit and write."""
    documents = [document for document in load() if document.part == "validation"]
    with tempfile.TemporaryDirectory() as name, closing(open_index(documents, Path(name))) as assistant:
        examples = list(lists(assistant, written(documents)[::2]))
    weights = {name: round(float(w), 4) for name, w in zip(FITTED, fit(examples), strict=True)}
    fusion.WEIGHTS.write_text(json.dumps(weights | GIVEN, indent=1) + "\n", encoding="utf-8")
    print(f"{len(examples)} questions: {weights}")


if __name__ == "__main__":
    main()

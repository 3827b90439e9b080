"""Fits `assistant/models/fusion.json`: how much each feature of a passage counts in its score.

    python training/fuse.py

A conditional logit (McFadden 1974; listwise softmax, Cao et al. 2007): the weights under which the right passage is
the likeliest among the candidates, by maximum likelihood with a small penalty. Fitted on the validation documents,
since encoder and reranker have learned the training documents and look better there than they are; half of the
questions among all of these documents and half among three of them. Prints what the test documents say of it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from measure import Case, open_index, written
from pairs import load
from scipy.optimize import minimize
from tqdm import tqdm

from assistant import fusion
from assistant.evaluation.metrics import first_ranks, hit_at_k, reciprocal_rank
from assistant.pipeline import Assistant
from assistant.schema import Filters, Hit

CANDIDATES = 50
PENALTY = 1e-3
STAGES = {"first": fusion.FEATURES, "reranked": (*fusion.FEATURES, "rerank")}

List = tuple[Any, int]
"""The features of the candidates of one question, float array (candidates, features), and which one is right."""


def lists(assistant: Assistant, cases: Sequence[Case], stage: str) -> list[List]:
    """The candidates of every question of which one is right, as the stage sees them."""
    names = sorted(assistant.documents)
    found = []
    for number, case in enumerate(tqdm(cases, desc=stage)):
        own = names.index(case.gold[0].document)
        some = frozenset({names[own], names[own - 1], names[own - 2]})
        filters = Filters(documents=some if number % 2 else frozenset())
        hits: Sequence[Hit] = assistant.search(case.question, CANDIDATES, filters)
        if stage == "reranked":
            hits = [hit for hit in hits if hit.rerank is not None]
        (rank,) = first_ranks([hit.passage for hit in hits], case.gold)
        if rank:
            rows = [fusion.features(hit) for hit in hits]
            found.append((np.array([[row[name] for name in STAGES[stage]] for row in rows]), rank - 1))
    return found


def fit(examples: Sequence[List]) -> Any:
    """The weights, shape (features,): those of the two cosines add up to one, so that scores keep their scale."""

    def loss(weights: Any) -> tuple[float, Any]:
        total, slope = PENALTY * weights @ weights, 2 * PENALTY * weights
        for features, right in examples:
            scores = features @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            total -= np.log(chances[right]) / len(examples)
            slope += (chances @ features - features[right]) / len(examples)
        return total, slope

    size = examples[0][0].shape[1]
    found = minimize(loss, np.ones(size), jac=True, method="L-BFGS-B")
    return found.x / (found.x[0] + found.x[1])


def main() -> None:
    """Fit both stages, check, write."""
    weights: dict[str, dict[str, float]] = json.loads(fusion.WEIGHTS.read_text(encoding="utf-8"))
    parts = {name: [d for d in load() if d.part == name] for name in ("validation", "test")}
    with tempfile.TemporaryDirectory() as name:
        for stage, features in STAGES.items():
            folder = Path(name) / stage
            with closing(open_index(parts["validation"], folder, rerank=stage == "reranked")) as assistant:
                fitted = fit(lists(assistant, written(parts["validation"]), stage))
            weights[stage] = {name: round(float(w), 4) for name, w in zip(features, fitted, strict=True)}
            fusion.WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
            fusion.clear()
            print(f"{stage}: {weights[stage]}")
        with closing(open_index(parts["test"], Path(name) / "test", rerank=True)) as assistant:
            check(assistant, written(parts["test"]))


def check(assistant: Assistant, cases: Sequence[Case]) -> None:
    """Print what both stages reach."""
    ranks: dict[str, list[Any]] = {stage: [] for stage in STAGES}
    for case in tqdm(cases, desc="check"):
        hits = assistant.search(case.question, CANDIDATES)
        first = sorted(hits, key=lambda hit: -fusion.scored(replace(hit, rerank=None)).score)
        for stage, order in (("first", first), ("reranked", hits)):
            ranks[stage].append(first_ranks([hit.passage for hit in order], case.gold))
    for stage, rows in ranks.items():
        hit = np.mean([hit_at_k(row, 5) for row in rows])
        print(f"{stage}: hit@5 {hit:.3f} MRR@10 {np.mean([reciprocal_rank(row) for row in rows]):.3f} (n={len(rows)})")


if __name__ == "__main__":
    main()

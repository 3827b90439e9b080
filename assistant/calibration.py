"""How likely it is that the documents answer a question, from what was found for it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from assistant.schema import Hit, Status

COEFFICIENTS = Path(__file__).parent / "models" / "calibration.json"

FEATURES = ("score", "dense", "gap", "bm25")
"""What the estimate looks at; where passages were reranked also `rerank`."""


def features(hits: Sequence[Hit]) -> dict[str, float]:
    """What is known of a question from its hits, best first.

    `score`, `dense` and `bm25` of the best hit, by how much it leads the fifth (`gap`), and the highest logit that the
    reranker gave (`rerank`), if it read them. Empty without hits.
    """
    if not hits:
        return {}
    best = hits[0]
    gap = best.score - hits[min(4, len(hits) - 1)].score
    values = {"score": best.score, "dense": best.dense, "gap": gap, "bm25": best.bm25}
    logits = [hit.rerank for hit in hits if hit.rerank is not None]
    return values | {"rerank": max(logits)} if logits else values


@lru_cache(maxsize=1)
def _models() -> dict[str, dict[str, float]]:
    models: dict[str, dict[str, float]] = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    return models


def stage(values: Mapping[str, float]) -> str:
    """Which coefficients these features want: those with or those without the reranker."""
    return "reranked" if "rerank" in values else "first"


def probability(values: Mapping[str, float]) -> float:
    """Logistic regression over the features, 0..1; fitted by `training/calibrate.py`. 0 if nothing is known."""
    if not values:
        return 0.0
    model = _models()[stage(values)]
    logit = model["intercept"] + sum(model[name] * value for name, value in values.items())
    return 1 / (1 + math.exp(-logit))


def status(chance: float, stage: str) -> Status:
    """The outcome for a probability that was estimated at this stage."""
    model = _models()[stage]
    if chance >= model["answered_from"]:
        return "answered"
    return "partial" if chance >= model["partial_from"] else "not_found"

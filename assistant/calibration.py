"""How likely it is that the documents answer a question, from what was found for it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from assistant.schema import Hit, Status

COEFFICIENTS = Path(__file__).parent / "models" / "calibration.json"

FEATURES = ("score", "dense", "gap")


def features(hits: Sequence[Hit]) -> dict[str, float]:
    """What the estimate looks at: score and dense score of the best hit, and by how much it leads the fifth."""
    best = hits[0]
    return {"score": best.score, "dense": best.dense, "gap": best.score - hits[min(4, len(hits) - 1)].score}


@lru_cache(maxsize=1)
def _coefficients() -> dict[str, float]:
    coefficients: dict[str, float] = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    return coefficients


def probability(values: Mapping[str, float]) -> float:
    """Logistic regression over the features, 0..1; fitted by `training/calibrate.py`."""
    coefficients = _coefficients()
    logit = coefficients["intercept"] + sum(coefficients[name] * values[name] for name in FEATURES)
    return 1 / (1 + math.exp(-logit))


def status(chance: float) -> Status:
    """The outcome for a probability."""
    coefficients = _coefficients()
    if chance >= coefficients["answered_from"]:
        return "answered"
    return "partial" if chance >= coefficients["partial_from"] else "not_found"

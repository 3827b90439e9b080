"""How likely it is that the documents answer a question."""

import json
from math import exp

import pytest

from assistant.calibration import COEFFICIENTS, FEATURES, features, probability, status
from assistant.schema import Hit, Passage

FITTED = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))


def hit(score: float, dense: float = 0.0) -> Hit:
    return Hit(Passage("x:0-1", "x", 0, 1, "paragraph", "x"), score, dense, bm25=0.0, ngram=0.0)


def test_features_are_of_the_best_hit_and_its_lead_over_the_fifth():
    hits = [hit(1.0, 0.5), hit(0.9, 0.99), hit(0.8), hit(0.7), hit(0.25), hit(0.1)]
    assert features(hits) == {"score": 1.0, "dense": 0.5, "gap": 0.75}


@pytest.mark.parametrize(("scores", "gap"), [([1.0], 0.0), ([1.0, 0.5], 0.5), ([1.0, 0.5, 0.25], 0.75)])
def test_with_fewer_than_five_hits_the_lead_is_over_the_last(scores, gap):
    assert features([hit(score) for score in scores])["gap"] == gap


def test_the_estimate_looks_at_exactly_these_features():
    assert set(features([hit(1.0)])) == set(FEATURES)
    assert set(FITTED) == {"intercept", *FEATURES, "partial_from", "answered_from"}


def test_the_probability_is_the_logistic_of_the_weighted_features():
    values = {"score": 0.5, "dense": 0.25, "gap": 0.125}
    logit = FITTED["intercept"] + 0.5 * FITTED["score"] + 0.25 * FITTED["dense"] + 0.125 * FITTED["gap"]
    assert probability(values) == pytest.approx(1 / (1 + exp(-logit)))


def test_without_any_evidence_only_the_intercept_counts():
    assert probability({"score": 0, "dense": 0, "gap": 0}) == pytest.approx(1 / (1 + exp(-FITTED["intercept"])))


def test_a_hit_that_fits_perfectly_is_far_likelier_than_one_that_does_not_fit():
    assert probability({"score": 2.0, "dense": 0.9, "gap": 0.5}) > 0.9
    assert probability({"score": 0.1, "dense": 0.1, "gap": 0.0}) < 0.2


@pytest.mark.parametrize(
    ("chance", "outcome"),
    [
        (1.0, "answered"),
        (FITTED["answered_from"], "answered"),
        (FITTED["answered_from"] - 1e-9, "partial"),
        (FITTED["partial_from"], "partial"),
        (FITTED["partial_from"] - 1e-9, "not_found"),
        (0.0, "not_found"),
    ],
)
def test_each_threshold_belongs_to_the_better_outcome(chance, outcome):
    assert status(chance) == outcome


def test_the_thresholds_leave_room_for_all_three_outcomes():
    assert 0 < FITTED["partial_from"] < FITTED["answered_from"] < 1

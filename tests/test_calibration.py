"""How likely it is that the documents answer a question."""

import json
from math import exp

import pytest

from assistant.calibration import COEFFICIENTS, FEATURES, features, probability, status
from assistant.schema import Hit, Passage

MODELS = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))


def hit(score: float, dense: float = 0.0, bm25: float = 0.0, rerank: float | None = None) -> Hit:
    passage = Passage("x:0-1", "x", 0, 1, "paragraph", "x")
    return Hit(passage, score, dense, bm25, ngram=0.0, rerank=rerank)


def test_features_are_of_the_best_hit_and_its_lead_over_the_fifth():
    hits = [hit(1.0, 0.5, 0.125), hit(0.9, 0.99, 1.0), hit(0.8), hit(0.7), hit(0.25), hit(0.1)]
    assert features(hits) == {"score": 1.0, "dense": 0.5, "gap": 0.75, "bm25": 0.125}


def test_of_the_reranker_the_highest_logit_counts_also_when_it_is_not_the_first_hit():
    assert features([hit(1.0, rerank=-2.0), hit(0.5, rerank=1.5), hit(0.1)])["rerank"] == 1.5


@pytest.mark.parametrize(("scores", "gap"), [([1.0], 0.0), ([1.0, 0.5], 0.5), ([1.0, 0.5, 0.25], 0.75)])
def test_with_fewer_than_five_hits_the_lead_is_over_the_last(scores, gap):
    assert features([hit(score) for score in scores])["gap"] == gap


def test_each_stage_has_coefficients_for_exactly_its_features():
    assert set(features([hit(1.0)])) == set(FEATURES)
    limits = {"intercept", "partial_from", "answered_from"}
    assert set(MODELS["first"]) == {*FEATURES, *limits}
    assert set(MODELS["reranked"]) == {*FEATURES, "rerank", *limits}


@pytest.mark.parametrize("stage", ["first", "reranked"])
def test_the_probability_is_the_logistic_of_the_weighted_features(stage):
    values = {"score": 0.5, "dense": 0.25, "gap": 0.125, "bm25": 0.75} | ({"rerank": -1.0} if stage != "first" else {})
    model = MODELS[stage]
    logit = model["intercept"] + sum(model[name] * value for name, value in values.items())
    assert probability(values) == pytest.approx(1 / (1 + exp(-logit)))


def test_a_hit_that_fits_perfectly_is_far_likelier_than_one_that_does_not_fit():
    assert probability({"score": 2.0, "dense": 0.9, "gap": 0.5, "bm25": 1.0}) > 0.9
    assert probability({"score": 0.1, "dense": 0.1, "gap": 0.0, "bm25": 0.0}) < 0.2


def test_what_the_reranker_says_counts():
    values = {"score": 1.0, "dense": 0.5, "gap": 0.1, "bm25": 0.2}
    assert probability(values | {"rerank": 3.0}) > probability(values | {"rerank": -3.0}) + 0.3


@pytest.mark.parametrize("stage", ["first", "reranked"])
def test_each_threshold_belongs_to_the_better_outcome(stage):
    model = MODELS[stage]
    assert status(1.0, stage) == status(model["answered_from"], stage) == "answered"
    assert status(model["answered_from"] - 1e-9, stage) == status(model["partial_from"], stage) == "partial"
    assert status(model["partial_from"] - 1e-9, stage) == status(0.0, stage) == "not_found"


@pytest.mark.parametrize("stage", ["first", "reranked"])
def test_the_thresholds_leave_room_for_all_three_outcomes(stage):
    assert 0 < MODELS[stage]["partial_from"] < MODELS[stage]["answered_from"] < 1


def test_without_hits_nothing_is_found():
    assert probability(features([])) == 0.0
    assert status(0.0, "first") == "not_found"

"""How likely it is that the documents answer a question."""

import json
from dataclasses import replace
from math import exp

import pytest

from assistant.calibration import COEFFICIENTS, FEATURES, features, probability, status
from assistant.lexical import LexicalIndex
from assistant.schema import Hit, Passage, Span

FITTED = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
TEXT = "De zaal kost 25 euro."
WORDS = LexicalIndex.build([TEXT, "Iets over de jeugd."]).words


def hit(score: float, dense: float = 0.0, late: float = 0.0) -> Hit:
    passage = Passage("x:0-21", "x", 0, 21, "paragraph", TEXT, sentences=(Span(0, 21),))
    return Hit(passage, score, dense, 0.0, 0.0, (dense,), late=late, late_sentences=(late,))


def test_features_are_of_the_best_hit_and_its_lead_over_the_fifth():
    hits = [hit(1.0, 0.5, 0.75), hit(0.9, 0.99), hit(0.8), hit(0.7), hit(0.25), hit(0.1)]
    found = features("Wat kost de zaal?", hits, WORDS)
    assert (found["score"], found["dense"], found["late"], found["gap"]) == (1.0, 0.5, 0.75, 0.75)
    # Late interaction of .75 in place of the reranker: 20 · (.75 - .6). The first three hits count.
    assert found["reread"] == pytest.approx(3.0)


@pytest.mark.parametrize(("scores", "gap"), [([1.0], 0.0), ([1.0, 0.5], 0.5), ([1.0, 0.5, 0.25], 0.75)])
def test_with_fewer_than_five_hits_the_lead_is_over_the_last(scores, gap):
    assert features("zaal", [hit(score) for score in scores], WORDS)["gap"] == gap


@pytest.mark.parametrize(
    ("question", "unknown", "number", "wants_fact"),
    [
        ("Wat kost de zaal?", 0.0, 0.0, 0.0),
        ("Hoeveel kost de zaal?", 0.0, 0.0, 1.0),
        ("Kost de zaal 25 euro?", 0.0, 0.0, 0.0),
        ("Kost de zaal 30 euro?", 0.25, 1.0, 0.0),  # of kost, zaal, 30 and euro one is unknown
        ("Wat kost de fiets?", 0.5, 0.0, 0.0),
        ("Wie betaalt de zaal?", 0.5, 0.0, 1.0),
    ],
)
def test_what_the_question_asks_beside_what_the_passage_has(question, unknown, number, wants_fact):
    found = features(question, [hit(1.0)], WORDS)
    assert found["unknown"] == pytest.approx(unknown)
    assert (found["number"], found["wants_fact"]) == (number, wants_fact)


def test_the_date_of_a_passage_is_read_as_people_write_it():
    dated = replace(hit(1.0), passage=replace(hit(1.0).passage, date="2023-09-05"))
    assert features("Wat kost de zaal volgens de brief van 5 september 2023?", [dated], WORDS)["number"] == 0.0
    assert features("Wat kost de zaal volgens de brief van 6 september 2023?", [dated], WORDS)["number"] == 1.0


def test_the_estimate_looks_at_exactly_these_features():
    assert set(features("zaal", [hit(1.0)], WORDS)) == set(FEATURES)
    assert set(FITTED) == {"intercept", *FEATURES, "partial_from", "answered_from"}


def test_the_probability_is_the_logistic_of_the_weighted_features():
    values = dict.fromkeys(FEATURES, 0.0) | {"score": 0.5, "dense": 0.25, "gap": 0.125}
    logit = FITTED["intercept"] + 0.5 * FITTED["score"] + 0.25 * FITTED["dense"] + 0.125 * FITTED["gap"]
    assert probability(values) == pytest.approx(1 / (1 + exp(-logit)))


def test_without_any_evidence_only_the_intercept_counts():
    assert probability(dict.fromkeys(FEATURES, 0.0)) == pytest.approx(1 / (1 + exp(-FITTED["intercept"])))


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

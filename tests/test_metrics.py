"""Metrics and intervals against values worked out by hand."""

from __future__ import annotations

from math import log2

import pytest

from assistant.evaluation import metrics
from assistant.evaluation.intervals import (
    Estimate,
    bootstrap_between,
    bootstrap_difference,
    bootstrap_mean,
    percentile,
    wilson,
)
from assistant.evaluation.metrics import Range
from assistant.evaluation.questions import Gold
from assistant.evaluation.reliability import reliability
from assistant.schema import Citation, Document, Passage, Span, VoiceRange


def gold(*spans: tuple[int, int], document: str = "a.txt", quote: str = "q") -> Gold:
    return Gold(document, quote, tuple(Span(*span) for span in spans))


def at(start: int, end: int, document: str = "a.txt") -> Range:
    return Range(document, start, end)


# ---- which place covers which gold item


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (at(100, 120), True),  # exactly the quote
        (at(0, 500), True),  # around it
        (at(110, 400), True),  # 10 of its 20 characters: exactly half
        (at(111, 400), False),  # 9 of 20
        (at(0, 110), True),
        (at(0, 109), False),
        (at(120, 140), False),  # touches, shares nothing
        (at(100, 120, "b.txt"), False),  # same range, other document
    ],
)
def test_a_place_covers_a_gold_item_from_half_its_characters_on(place, found):
    assert metrics.first_ranks([place], [gold((100, 120))]) == [1 if found else None]


def test_half_is_counted_in_the_gold_and_not_in_the_passage():
    assert metrics.first_ranks([at(100, 101)], [gold((100, 102))]) == [1]
    assert metrics.first_ranks([at(0, 10_000)], [gold((100, 102))]) == [1]


def test_two_passages_with_a_third_each_do_not_cover_an_item_together():
    assert metrics.first_ranks([at(100, 110), at(120, 130)], [gold((100, 130))]) == [None]


def test_any_occurrence_of_a_quote_will_do():
    item = gold((100, 120), (300, 320))
    assert metrics.first_ranks([at(0, 50), at(300, 320), at(100, 120)], [item]) == [2]


def test_halves_of_two_occurrences_do_not_add_up():
    assert metrics.first_ranks([at(116, 304)], [gold((100, 120), (300, 320))]) == [None]


def test_an_item_counts_at_its_first_passage_and_a_passage_for_all_its_items():
    items = [gold((0, 10)), gold((20, 30)), gold((90, 99))]
    assert metrics.first_ranks([at(50, 60), at(0, 30), at(0, 10)], items) == [2, 2, None]


def test_passages_of_the_schema_are_places():
    passage = Passage("a.txt:0-10", "a.txt", 0, 10, "paragraph", "0123456789")
    assert metrics.first_ranks([passage], [gold((0, 10))]) == [1]


# ---- ranking


@pytest.mark.parametrize(("k", "expected"), [(1, 0.0), (2, 1.0), (5, 1.0)])
def test_hit_at_k(k, expected):
    assert metrics.hit_at_k([None, 2, 7], k) == expected


def test_hit_at_k_of_nothing_found():
    assert metrics.hit_at_k([None, None], 10) == 0.0


@pytest.mark.parametrize(("k", "expected"), [(1, 0.0), (2, 1 / 4), (3, 2 / 4), (10, 3 / 4)])
def test_recall_at_k_counts_gold_items(k, expected):
    assert metrics.recall_at_k([3, None, 2, 10], k) == expected


@pytest.mark.parametrize(
    ("ranks", "expected"), [([3, 2], 1 / 2), ([1], 1.0), ([10], 1 / 10), ([11], 0.0), ([None], 0.0)]
)
def test_reciprocal_rank_at_10(ranks, expected):
    assert metrics.reciprocal_rank(ranks) == expected


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ([1], 1.0),
        ([2], 1 / log2(3)),  # .6309
        ([1, 2], 1.0),
        ([2, 1], 1.0),
        ([1, None], 1 / (1 + 1 / log2(3))),  # 1 of 1.6309
        ([1, 3], (1 + 1 / 2) / (1 + 1 / log2(3))),  # log2(4) = 2
        ([1, 1], 1.0),  # one passage with both: 2 of 1.6309, cut off
        ([2, 2], (2 / log2(3)) / (1 + 1 / log2(3))),
        ([11], 0.0),
        ([None, None], 0.0),
    ],
)
def test_ndcg_at_10(ranks, expected):
    assert metrics.ndcg(ranks) == pytest.approx(expected)


def test_the_ideal_of_ndcg_stops_at_k():
    assert metrics.ndcg([1, 2, None], k=2) == 1.0


# ---- equal characters


def test_within_characters_cuts_the_last_place_off():
    shown = [(at(0, 100), 0), (at(200, 300), 0), (at(400, 500), 0)]
    assert metrics.within_characters(shown, 150) == [at(0, 100), at(200, 250)]


def test_within_characters_stops_when_the_budget_is_exactly_spent():
    shown = [(at(400, 500), 0), (at(200, 300), 0)]
    assert metrics.within_characters(shown, 100) == [at(400, 500)]
    assert metrics.within_characters(shown, 101) == [at(400, 500), at(200, 201)]


def test_context_costs_characters_but_is_no_place():
    shown = [(at(0, 100), 30), (at(200, 300), 30)]
    assert metrics.within_characters(shown, 170) == [at(0, 100), at(200, 210)]
    assert metrics.within_characters(shown, 160) == [at(0, 100)]


def test_text_shown_twice_costs_twice():
    assert metrics.within_characters([(at(0, 100), 0), (at(0, 100), 0)], 120) == [at(0, 100), at(0, 20)]


# ---- citations


def test_citation_recall_is_a_share_of_gold_items():
    items = [gold((0, 10)), gold((50, 60)), gold((0, 10), document="b.txt")]
    assert metrics.citation_recall([at(0, 10)], items) == pytest.approx(1 / 3)
    assert metrics.citation_recall([], items) == 0.0


def test_citations_cover_a_gold_item_together_and_no_character_twice():
    item = gold((0, 30))
    assert metrics.citation_recall([at(0, 8), at(8, 15)], [item]) == 1.0  # 15 of 30
    assert metrics.citation_recall([at(0, 8), at(7, 14)], [item]) == 0.0  # 14 of 30
    assert metrics.citation_recall([at(0, 10), at(0, 10)], [item]) == 0.0


def test_citing_one_occurrence_of_a_gold_quote_is_enough():
    assert metrics.citation_recall([at(300, 320)], [gold((100, 120), (300, 320))]) == 1.0


def test_citation_precision_is_a_share_of_citations():
    accepted = [gold((0, 20)), gold((100, 120))]
    citations = [at(0, 20), at(100, 120), at(300, 320), at(0, 20, "b.txt")]
    assert metrics.citation_precision(citations, accepted) == 2 / 4


@pytest.mark.parametrize(
    ("citation", "right"),
    [
        (at(0, 10), True),  # a sentence of a long accepted place
        (at(50, 51), True),
        (at(95, 105), True),  # 5 of 10: half of the shorter
        (at(96, 106), False),  # 4 of 10
        (at(100, 110), False),
        (at(40, 40), False),  # an empty citation is no citation
    ],
)
def test_a_citation_is_right_from_half_of_the_shorter_on(citation, right):
    assert metrics.citation_precision([citation], [gold((0, 100))]) == float(right)


def test_a_citation_much_longer_than_the_gold_is_right_but_not_precise():
    accepted = [gold((100, 120))]
    assert metrics.citation_precision([at(0, 200)], accepted) == 1.0
    assert metrics.character_precision([at(0, 200)], accepted) == 20 / 200


def test_character_precision_counts_each_character_once():
    accepted = [gold((0, 20), (40, 60)), gold((10, 30))]  # 0-30 and 40-60
    citations = [at(0, 50), at(0, 50), at(0, 50, "b.txt")]  # 100 characters, 30 + 10 of them right
    assert metrics.character_precision(citations, accepted) == 40 / 100


def test_precision_without_citations_does_not_apply():
    assert metrics.citation_precision([], [gold((0, 1))]) is None
    assert metrics.character_precision([], [gold((0, 1))]) is None
    assert metrics.verbatim_share([], {}) is None


def test_verbatim_share():
    documents = {"a.txt": Document("a.txt", "De kat zat op de mat.", "A")}

    def cite(start: int, end: int, quote: str, document: str = "a.txt") -> Citation:
        return Citation(1, document, "A", "", "", start, end, quote)

    right = cite(3, 6, "kat")
    assert metrics.verbatim_share([right], documents) == 1.0
    others = [cite(3, 6, "Kat"), cite(2, 6, "kat"), cite(3, 6, "kat", "weg.txt")]
    assert metrics.verbatim_share([right, *others], documents) == 1 / 4


def test_dangling_marks_and_unused_citations():
    text = "Ja [1], nee [3] en [12]. [voor een bepaald onderwerp] [3]"
    assert metrics.dangling_marks(text, [1, 2]) == (3, 12)
    assert metrics.unused_citations(text, [4, 2, 1]) == (2, 4)
    assert metrics.dangling_marks(text, [1, 3, 12]) == ()
    assert metrics.unused_citations(text, [1]) == ()


# ---- the text of an answer


def test_must_include_needs_one_variant_of_each_group():
    text = "De  brief is van\n5 SEPTEMBER 2023 [1]"
    assert metrics.must_include_share(text, [["5 september 2023", "5-9-2023"], ["Utrecht"]]) == 1 / 2
    assert metrics.must_include_share(text, [["5-9-2023", "5 september  2023"]]) == 1.0
    assert metrics.must_include_share(text, []) is None


@pytest.mark.parametrize(
    ("variant", "text", "found"),
    [
        ("beleid", "vrijwilligersbeleid", 1.0),
        ("5 september", "op 15 september", 0.0),
        ("25 euro", "125 euro", 0.0),
        ("2022", "20223", 0.0),
        ("2", "zie [2]", 0.0),  # a mark is not part of the answer
        ("a.b", "axb", 0.0),
        ("STRASSE", "straße", 1.0),
    ],
)
def test_where_a_required_word_counts(variant, text, found):
    assert metrics.must_include_share(text, [[variant]]) == found


def test_word_count_leaves_out_marks_and_dashes():
    assert metrics.word_count("Er zijn twee:\n- sport [1]\n- zorg [2] – 06 1092") == 7
    assert metrics.word_count("") == 0


def test_word_overlap_is_a_share_of_the_questions_stems():
    items = [gold(quote="Gemeenten werven vrijwilligers."), gold(quote="De sport")]
    # content words: gemeente, vrijwilliger, sport, voetbal; stop words and case do not count
    assert metrics.word_overlap("Wat wil de GEMEENTE met vrijwilligers, sport en voetbal?", items) == 3 / 4
    assert metrics.word_overlap("En wat is dat?", items) == 0.0


# ---- intervals


def test_a_mean_of_equal_values_has_no_width():
    assert bootstrap_mean([0.5, 0.5, 0.5]) == Estimate(0.5, 0.5, 0.5, 3)


def test_the_interval_of_a_share_agrees_with_the_binomial():
    # 30 of 100: resampled shares are Binomial(100, .3) / 100 with 2.5% and 97.5% quantiles .21 and .39
    found = bootstrap_mean([1.0] * 30 + [0.0] * 70)
    assert found.mean == pytest.approx(0.3)
    assert found.low == pytest.approx(0.21, abs=0.011)
    assert found.high == pytest.approx(0.39, abs=0.011)
    assert found.n == 100


def test_the_bootstrap_is_seeded():
    values = [0.1, 0.9, 0.4, 0.7, 0.2]
    assert bootstrap_mean(values) == bootstrap_mean(values)


def test_a_steady_difference_shows_though_the_values_vary():
    before = [0.0, 1.0, 0.2, 0.8, 0.5]
    found = bootstrap_difference([value + 0.1 for value in before], before)
    assert found.mean == pytest.approx(0.1)
    assert found.low == pytest.approx(0.1)
    assert found.high == pytest.approx(0.1)


def test_a_difference_is_current_minus_baseline():
    assert bootstrap_difference([0.0, 0.0], [1.0, 1.0]) == Estimate(-1.0, -1.0, -1.0, 2)


def test_a_difference_needs_the_same_questions():
    with pytest.raises(ValueError, match="shorter"):
        bootstrap_difference([1.0, 0.0], [1.0])


@pytest.mark.parametrize(("share", "expected"), [(0, 1.0), (50, 2.5), (95, 3.85), (100, 4.0)])
def test_percentile_is_linear_between_neighbours(share, expected):
    assert percentile([4.0, 1.0, 3.0, 2.0], share) == pytest.approx(expected)


def test_no_values_no_figure():
    with pytest.raises(ValueError, match="at least one"):
        bootstrap_mean([])
    with pytest.raises(ValueError, match="at least one"):
        percentile([], 50)


# ---- what belongs to more than one question


def test_two_sets_of_questions_are_compared_by_their_means():
    equal = bootstrap_between([1.0, 1.0, 1.0], [0.0, 0.0])
    assert equal == Estimate(1.0, 1.0, 1.0, 2)
    found = bootstrap_between([1.0, 0.0], [1.0, 0.0, 1.0, 0.0])
    assert found.mean == 0.0
    assert found.low < 0 < found.high
    with pytest.raises(ValueError, match="both sides"):
        bootstrap_between([1.0], [])


def test_the_wilson_interval_has_width_where_the_bootstrap_has_none():
    # z = 1.95996: centre (p + z²/2n) / (1 + z²/n) = (1 + .48018) / 1.96036 = .75505, half width .24495, for 4 of 4
    found = wilson(4, 4)
    assert (found.mean, found.n) == (1.0, 4)
    assert (found.low, found.high) == (pytest.approx(0.5101, abs=1e-4), pytest.approx(1.0))


def test_reliability_weighs_bins_by_their_questions():
    # bin 0.5-0.6: said 0.5 and 0.58, one of two came true; bin 0.9-1: 1.0 came true
    found = reliability([(0.5, True), (0.58, False), (1.0, True)])
    assert [(part.low, part.high, part.came_true.n) for part in found.bins] == [(0.5, 0.6, 2), (0.9, 1.0, 1)]
    assert found.bins[0].said == pytest.approx(0.54)
    assert found.error == pytest.approx((2 * 0.04 + 0) / 3)


@pytest.mark.parametrize("said", [[], [(1.1, True)], [(float("nan"), True)]])
def test_reliability_needs_probabilities(said):
    with pytest.raises(ValueError, match="0 to 1"):
        reliability(said)


def test_what_is_missing_from_an_answer_is_named():
    assert metrics.missing("Op 5 mei [1]", [["5 mei"], ["vrijdag", "zaterdag"]]) == [["vrijdag", "zaterdag"]]


def test_a_citation_is_in_the_right_voice_when_that_speaks_in_a_gold_place():
    documents = {"a.txt": Document("a.txt", "x" * 200, "A", voice="NOV", voices=(VoiceRange(100, "deelnemers"),))}
    cited = [Citation(n, "a.txt", "A", "", voice, 0, 1, "x") for n, voice in enumerate(("NOV", "deelnemers"), 1)]
    assert metrics.voice_share(cited, [gold((0, 20))], documents) == 1 / 2
    assert metrics.voice_share(cited, [gold((0, 20), (100, 120))], documents) == 1.0
    assert metrics.voice_share([], [gold((0, 20))], documents) is None

"""The lexical index: BM25 and tf-idf cosine, by hand and against another implementation."""

from math import log, sqrt

import bm25s
import numpy as np
import pytest

from assistant.dutch import stem, terms
from assistant.lexical import LexicalIndex, bm25_postings, tfidf_postings

THREE = [["zorg", "zorg", "sport"], ["sport", "kerk"], ["kerk"]]
# Of 3 documents of 3, 2 and 1 words (mean 2): idf = ln(1 + (3 - df + 0.5) / (df + 0.5)).
IDF_ONE = log(1 + 2.5 / 1.5)
IDF_TWO = log(1 + 1.5 / 2.5)
# k1 (1 - b + b · length / mean) with k1 = 1.5 and b = 0.75.
NORMS = (1.5 * (0.25 + 0.75 * 1.5), 1.5 * (0.25 + 0.75 * 1.0), 1.5 * (0.25 + 0.75 * 0.5))


def test_bm25_of_three_documents_by_hand():
    scores = bm25_postings(THREE).scores({"zorg": 1, "sport": 1})
    expected = [
        IDF_ONE * 2 / (2 + NORMS[0]) + IDF_TWO * 1 / (1 + NORMS[0]),
        IDF_TWO * 1 / (1 + NORMS[1]),
        0.0,
    ]
    assert scores.tolist() == pytest.approx(expected, rel=1e-6)
    assert scores[0] == pytest.approx(0.63634, abs=1e-5)


@pytest.mark.parametrize(
    ("corpus", "question"),
    [
        (THREE, ["zorg", "sport"]),
        (THREE, ["kerk"]),
        ([list(f"{i:b}{i * 7}{'x' * (i % 5)}") for i in range(1, 60)], ["1", "0", "x", "7"]),
    ],
)
def test_bm25_is_what_another_implementation_says(corpus, question):
    reference = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    reference.index(corpus, show_progress=False)
    ours = bm25_postings(corpus).scores(dict.fromkeys(question, 1.0))
    np.testing.assert_allclose(ours, reference.get_scores(question), rtol=1e-5, atol=1e-7)


def test_the_weight_of_a_query_term_multiplies_its_score():
    postings = bm25_postings(THREE)
    assert postings.scores({"kerk": 0.5}).tolist() == pytest.approx((postings.scores({"kerk": 1}) / 2).tolist())


def test_an_unknown_term_scores_nothing_and_has_the_highest_idf():
    postings = bm25_postings(THREE)
    assert postings.scores({"onbekend": 1}).tolist() == [0, 0, 0]
    assert postings.idf_of("onbekend") == pytest.approx(IDF_ONE)


def test_a_term_in_more_documents_has_a_lower_idf():
    postings = bm25_postings(THREE)
    assert postings.idf_of("zorg") == pytest.approx(IDF_ONE)
    assert postings.idf_of("kerk") == pytest.approx(IDF_TWO)


def test_tfidf_scores_are_cosines_by_hand():
    """Document 0 is ((1 + ln 2) · idf(zorg), idf(sport)); the question points along zorg."""
    along_zorg, along_sport = (1 + log(2)) * IDF_ONE, IDF_TWO
    scores = tfidf_postings(THREE).scores({"zorg": 1})
    assert scores.tolist() == pytest.approx([along_zorg / sqrt(along_zorg**2 + along_sport**2), 0, 0])
    assert tfidf_postings(THREE).scores({"kerk": 1})[1:].tolist() == pytest.approx([1 / sqrt(2), 1])


@pytest.mark.parametrize("make", [bm25_postings, tfidf_postings])
@pytest.mark.parametrize("texts", [[], [[]], [[], []]])
def test_documents_without_words_score_nothing(make, texts):
    postings = make(texts)
    assert postings.scores({"zorg": 1}).tolist() == [0.0] * len(texts)
    assert np.isfinite(postings.idf_of("zorg"))


def test_without_documents_every_term_has_idf_one():
    assert bm25_postings([]).idf_of("zorg") == 1.0


# The index


TEXTS = ["Sport, sport en kerk", "De kerk in het dorp", "Muziek"]


def test_the_bm25_share_divides_by_the_total_idf_of_the_question():
    """Of 'sport' and an unknown word each has the highest idf: half of what 'sport' alone would give."""
    index = LexicalIndex.build(TEXTS)
    alone, with_unknown = index.scores("sport"), index.scores("sport xqzwvk")
    assert alone.bm25[0] == pytest.approx(2 / (2 + 1.5 * (0.25 + 0.75 * 3 / 2)), rel=1e-6)
    assert with_unknown.bm25[0] == pytest.approx(alone.bm25[0] / 2, rel=1e-6)


def test_a_word_asked_twice_counts_once():
    index = LexicalIndex.build(TEXTS)
    assert index.scores("sport sport").bm25.tolist() == index.scores("sport").bm25.tolist()


def test_what_a_question_also_means_counts_half_and_does_not_thin_the_question():
    index = LexicalIndex.build(TEXTS)
    asked = index.scores("sport", also=["muziek"]).bm25
    full = index.scores("muziek").bm25
    assert asked[0] == index.scores("sport").bm25[0]
    assert asked[2] == pytest.approx(full[2] / 2, rel=1e-6)


def test_what_is_asked_itself_keeps_its_full_weight_when_it_is_also_meant():
    index = LexicalIndex.build(TEXTS)
    assert index.scores("sport", also=["sport"]).bm25.tolist() == index.scores("sport").bm25.tolist()


def test_the_weight_of_what_is_also_meant_can_be_set():
    index = LexicalIndex.build(TEXTS)
    assert index.scores("sport", also=["muziek"], also_weight=0.0).bm25[2] == 0.0


def test_the_ngram_cosine_of_a_text_with_itself_is_one():
    index = LexicalIndex.build(TEXTS)
    assert index.scores("Muziek").ngram.tolist() == pytest.approx([0, 0, 1], abs=1e-6)


def test_a_typing_error_is_found_by_ngrams_though_not_by_words():
    """muziek has 5 + 4 n-grams, muziik 5 + 4 of which ' muz', 'muzi', ' muzi' are shared, all at the highest idf."""
    scores = LexicalIndex.build(TEXTS).scores("muziik")
    assert scores.bm25.tolist() == [0, 0, 0]
    assert scores.ngram.tolist() == pytest.approx([0, 0, 3 / 9], abs=1e-6)


@pytest.mark.parametrize("question", ["", "wat is het", "?!… 👍"])
def test_a_question_without_words_scores_zero_not_nan(question):
    scores = LexicalIndex.build(TEXTS).scores(question)
    assert scores.bm25.tolist() == scores.ngram.tolist() == [0, 0, 0]


def test_a_word_is_found_in_a_compound():
    scores = LexicalIndex.build(["Het vrijwilligersbeleid", "De kerk"]).scores("beleid")
    assert scores.bm25[0] > 0 == scores.bm25[1]


def test_an_index_of_nothing_can_be_asked():
    assert LexicalIndex.build([]).scores("sport").bm25.shape == (0,)


# On disk


@pytest.mark.parametrize("texts", [TEXTS, [], ["x", "…"]])
def test_a_saved_index_scores_as_before(tmp_path, texts):
    index = LexicalIndex.build(texts)
    index.save(tmp_path / "lexical.npz")
    loaded = LexicalIndex.load(tmp_path / "lexical.npz")
    for question in ("sport kerk", "x", "onbekend"):
        assert loaded.scores(question).bm25.tolist() == index.scores(question).bm25.tolist()
        assert loaded.scores(question).ngram.tolist() == index.scores(question).ngram.tolist()
    assert loaded.ngrams.vocabulary == index.ngrams.vocabulary


def test_the_rows_of_the_index_are_the_stems_in_order():
    index = LexicalIndex.build(["kerken sporten"])
    assert list(index.words.vocabulary) == sorted(terms("kerken sporten"))
    assert stem("kerk") in index.words.vocabulary


@pytest.mark.parametrize("content", [b"", b"geen zip", b"PK\x03\x04 half"])
def test_a_damaged_file_is_an_error_of_the_promised_kind(tmp_path, content):
    path = tmp_path / "lexical.npz"
    path.write_bytes(content)
    with pytest.raises((OSError, KeyError, ValueError)):
        LexicalIndex.load(path)


def test_a_file_cut_off_half_way_is_an_error_of_the_promised_kind(tmp_path):
    path = tmp_path / "lexical.npz"
    LexicalIndex.build(TEXTS).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises((OSError, KeyError, ValueError)):
        LexicalIndex.load(path)


def test_a_file_with_other_arrays_is_an_error_of_the_promised_kind(tmp_path):
    np.savez(tmp_path / "lexical.npz", iets=np.arange(3))
    with pytest.raises(KeyError):
        LexicalIndex.load(tmp_path / "lexical.npz")

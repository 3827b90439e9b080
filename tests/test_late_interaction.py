"""Late interaction: scores worked out by hand, tokens that go to their sentences, and files."""

import numpy as np
import pytest

from assistant.late_interaction import Entry, LateIndex, LateScores, Tokens, entry
from assistant.schema import Passage, Span

TEXT = "De zaal. De subsidie."
PASSAGE = Passage("x:10-31", "x", 10, 31, "paragraph", TEXT, sentences=(Span(10, 18), Span(19, 31)))
RIGHT, UP = (127, 0), (0, 127)


def index_of(*entries: Entry) -> LateIndex:
    return LateIndex.build(entries)


def made(*sentences: list[tuple[int, int]]) -> Entry:
    vectors = [vector for sentence in sentences for vector in sentence]
    return Entry(np.array(vectors, dtype=np.int8), tuple(map(len, sentences)))


def test_every_token_goes_to_the_sentence_it_stands_in():
    # The mark in front, De, zaal, '.', De, subsidie, '.', the mark behind.
    tokens = Tokens(np.eye(8, dtype=np.float32), [0, 0, 3, 7, 9, 12, 20, 0])
    assert entry(PASSAGE, tokens).counts == (4, 4)
    assert entry(PASSAGE, tokens).vectors.tolist() == (127 * np.eye(8, dtype=int)).tolist()


def test_a_label_in_front_counts_with_the_first_sentence():
    # 'Kop\n' takes four characters.
    tokens = Tokens(np.eye(7, dtype=np.float32), [0, 0, 4, 7, 11, 13, 0])
    assert entry(PASSAGE, tokens, skip=4).counts == (5, 2)


def test_scores_are_the_mean_of_the_best_cosines():
    index = index_of(made([RIGHT], [UP, UP]), made([UP]))
    question = np.array([[1.0, 0.0], [0.6, 0.8]], dtype=np.float32)
    # Passage 0: 1 and .8 over all; sentence 0: 1 and .6; sentence 1: 0 and .8. Passage 1: 0 and .8.
    first, second = index.scores(question, [0, 1])
    assert first.whole == pytest.approx(0.9)
    assert first.sentences == pytest.approx((0.8, 0.4))
    assert second == LateScores(pytest.approx(0.4), pytest.approx((0.4,)))


def test_a_sentence_beyond_what_the_model_reads_scores_lowest():
    index = index_of(made([RIGHT], []))
    (found,) = index.scores(np.array([[1.0, 0.0]], dtype=np.float32), [0])
    assert found == LateScores(pytest.approx(1.0), (pytest.approx(1.0), -1.0))


def test_an_entry_comes_back_as_it_was():
    entries = [made([RIGHT], [UP, UP]), made([UP]), made([], [RIGHT])]
    index = index_of(*entries)
    for row, given in enumerate(entries):
        assert index.entry(row).counts == given.counts
        assert index.entry(row).vectors.tolist() == given.vectors.tolist()


def test_an_encoder_without_tokens_gives_an_empty_index():
    tokens = Tokens(np.empty((0, 0), dtype=np.float32), ())
    assert not index_of(entry(PASSAGE, tokens), entry(PASSAGE, tokens))


def test_saved_and_loaded(tmp_path):
    index = index_of(made([RIGHT], [UP, UP]), made([UP]))
    index.save(tmp_path / "late.npz")
    loaded = LateIndex.load(tmp_path / "late.npz")
    assert loaded.vectors.tolist() == index.vectors.tolist()
    assert loaded.entry(1).counts == (1,)


def test_a_damaged_file(tmp_path):
    path = tmp_path / "late.npz"
    index_of(made([RIGHT])).save(path)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ValueError, match="late"):
        LateIndex.load(path)

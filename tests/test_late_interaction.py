"""Late interaction: scores worked out by hand, what comes back of an entry, and files."""

import numpy as np
import pytest

from assistant.late_interaction import NO_TOKENS, Entry, LateIndex, LateScores, TokenHead

RIGHT, UP = (127, 0), (0, 127)


def index_of(*entries: Entry) -> LateIndex:
    return LateIndex.build(entries)


def tokens(*vectors: tuple[int, int]) -> np.ndarray:
    return np.array(vectors, dtype=np.int8).reshape(len(vectors), 2)


def made(*sentences: list[tuple[int, int]], context: list[tuple[int, int]] | None = None) -> Entry:
    return Entry(tuple(tokens(*sentence) for sentence in sentences), tokens(*context or []))


def test_token_vectors_of_a_text():
    # The projection keeps the second and third number of the last layer: (3, 4) and (0, 2), lengths 5 and 2.
    head = TokenHead(np.array([[0, 1, 0], [0, 0, 1]], dtype=np.float32), np.ones(9, dtype=np.float32))
    hidden = np.array([[9, 3, 4], [9, 0, 2]], dtype=np.float32)
    assert head.passage_tokens(hidden).tolist() == [[76, 102], [0, 127]]
    assert head.passage_tokens(hidden).dtype == np.int8
    assert head.query_tokens(hidden, [3, 8]) == pytest.approx(np.array([[0.3, 0.4], [0, 0.5]]))


def test_a_rare_word_piece_of_a_question_weighs_more():
    head = TokenHead(np.eye(2, dtype=np.float32), np.array([2, 9, 6], dtype=np.float32))
    hidden = np.array([[1, 0], [0, 1]], dtype=np.float32)
    # Pieces 0 and 2 weigh 2 and 6: 1/4 and 3/4.
    assert head.query_tokens(hidden, [0, 2]) == pytest.approx(np.array([[0.25, 0], [0, 0.75]]))


def test_scores_add_up_the_best_cosines():
    index = index_of(made([RIGHT], [UP, UP]), made([UP]))
    question = np.array([[0.5, 0.0], [0.3, 0.4]], dtype=np.float32)  # both of weight 1/2
    # Passage 0: .5 and .4 over all; sentence 0: .5 and .3; sentence 1: 0 and .4. Passage 1: 0 and .4.
    first, second = index.scores(question, [0, 1])
    assert first.whole == pytest.approx(0.9)
    assert first.sentences == pytest.approx((0.8, 0.4))
    assert second == LateScores(pytest.approx(0.4), (pytest.approx(0.4),))


def test_what_introduces_a_passage_counts_for_the_passage_and_not_for_its_sentences():
    index = index_of(made([UP], context=[RIGHT]))
    (found,) = index.scores(np.array([[0.5, 0.0], [0.0, 0.5]], dtype=np.float32), [0])
    assert found == LateScores(pytest.approx(1.0), (pytest.approx(0.5),))


def test_a_sentence_without_tokens_scores_lowest():
    index = index_of(made([RIGHT], []))
    (found,) = index.scores(np.array([[1.0, 0.0]], dtype=np.float32), [0])
    assert found == LateScores(pytest.approx(1.0), (pytest.approx(1.0), -1.0))


def test_an_entry_comes_back_as_it_was():
    entries = [made([RIGHT], [UP, UP], context=[UP]), made([UP]), made([], [RIGHT])]
    index = index_of(*entries)
    for row, given in enumerate(entries):
        found = index.entry(row)
        assert [part.tolist() for part in found.sentences] == [part.tolist() for part in given.sentences]
        assert found.context.tolist() == given.context.tolist()


def test_an_encoder_without_tokens_gives_an_empty_index():
    assert not index_of(Entry((NO_TOKENS, NO_TOKENS), NO_TOKENS), Entry((NO_TOKENS,), NO_TOKENS))


def test_saved_and_loaded(tmp_path):
    index = index_of(made([RIGHT], [UP, UP]), made([UP]))
    index.save(tmp_path / "late.npz")
    loaded = LateIndex.load(tmp_path / "late.npz")
    assert loaded.vectors.tolist() == index.vectors.tolist()
    assert [part.tolist() for part in loaded.entry(0).sentences] == [[[127, 0]], [[0, 127], [0, 127]]]


def test_a_damaged_file(tmp_path):
    path = tmp_path / "late.npz"
    index_of(made([RIGHT])).save(path)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ValueError, match="late"):
        LateIndex.load(path)

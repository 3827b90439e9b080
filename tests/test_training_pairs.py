"""The written pairs hold what the training reads: every answer stands in its document, ids are unique."""

import json
import sys

import pytest

from assistant.settings import ROOT

sys.path.insert(0, str(ROOT / "training"))

from pairs import load

STYLES = {"natural", "paraphrase", "keyword", "typo", "spoken", "followup", "position", "english"}


@pytest.fixture(scope="module")
def documents():
    return list(load())


def test_every_answer_stands_in_its_document(documents):
    # `load` raises for an answer that is not in its passage; here the place it gives must hold the answer's words.
    questions = sum(len(document.pairs) for document in documents)
    assert len(documents) > 200
    assert questions > 7000
    for document in documents:
        for pair in document.pairs:
            assert document.text[pair.start : pair.end].strip()
            assert pair.style in STYLES


def test_ids_are_unique_and_one_in_ten_is_for_each_check(documents):
    ids = [document.id for document in documents]
    assert len(ids) == len(set(ids))
    for part, digit in (("test", "0"), ("validation", "5")):
        chosen = [document for document in documents if document.part == part]
        assert all(document.id.endswith(digit) for document in chosen)
        assert 0.05 < len(chosen) / len(documents) < 0.15


def write(folder, heading, answer):
    """A file of pairs with one document, whose only passage has this heading and one question with this answer."""
    question = {"q": "?", "style": "natural", "answer": answer}
    passage = {"heading": heading, "text": "De zaal is open.", "questions": [question]}
    known = {"id": "x1", "title": "T", "type": "brief", "date": "2024-01-01", "voice": "v"}
    row = {**known, "passages": [passage], "unanswerable": []}
    (folder / "x.jsonl").write_text(json.dumps(row), encoding="utf-8")


def test_an_answer_that_is_not_in_its_passage_is_refused(tmp_path):
    write(tmp_path, "", "dicht")
    with pytest.raises(ValueError, match="x1: answer not in its passage"):
        list(load(tmp_path))


def test_the_place_of_an_answer_counts_title_and_headings(tmp_path):
    write(tmp_path, "Kop", "open")
    (document,) = load(tmp_path)
    assert document.text == "# T\n\n## Kop\n\nDe zaal is open.\n\n"
    assert (document.pairs[0].start, document.pairs[0].end) == (24, 28)

"""The JSON that others read and the files of questions they write."""

import json

import pytest

from assistant.contract import (
    BatchQuestion,
    answer_json,
    citation_json,
    hit_json,
    position_json,
    read_batch,
    refusal_json,
)
from assistant.errors import InputError
from assistant.schema import Answer, Citation, Hit, Passage, Position, Statement

CITATION = Citation(
    1, "brief.txt", "De brief", "2023-09-05", "NOV", 4, 15, "Eerste zin.", "Deel › Kop", 2, "https://nov.nl"
)
HIT = Hit(
    Passage("brief.txt:4-15", "brief.txt", 4, 15, "paragraph", "Eerste zin.", ("Deel", "Kop"), "", "NOV", "2023-09-05"),
    score=1.25,
    dense=0.5,
    bm25=0.25,
    ngram=0.125,
)
ANSWER = Answer(
    "Wat is één?",
    "answered",
    (Statement("intro", "NOV schrijft:"), Statement("quote", "Eerste zin.", (1,))),
    (CITATION,),
    (HIT,),
    probability=0.75,
    understood=("SPUK = Specifieke Uitkering",),
    seconds=0.123456,
)

CITATION_JSON = {
    "number": 1,
    "document": "brief.txt",
    "title": "De brief",
    "date": "2023-09-05",
    "voice": "NOV",
    "heading": "Deel › Kop",
    "page": 2,
    "link": "https://nov.nl",
    "start": 4,
    "end": 15,
    "quote": "Eerste zin.",
}
HIT_JSON = {
    "document": "brief.txt",
    "start": 4,
    "end": 15,
    "heading": "Deel › Kop",
    "voice": "NOV",
    "date": "2023-09-05",
    "text": "Eerste zin.",
    "score": 1.25,
}


def test_a_citation_has_every_promised_field():
    assert citation_json(CITATION) == CITATION_JSON


def test_a_passage_has_every_promised_field():
    assert hit_json(HIT) == HIT_JSON


def test_an_answer_has_every_promised_field():
    assert answer_json(ANSWER, "v1") == {
        "id": "v1",
        "question": "Wat is één?",
        "status": "answered",
        "answer": "NOV schrijft: “Eerste zin.” [1]",
        "struck": [],
        "citations": [CITATION_JSON],
        "passages": [HIT_JSON],
        "probability": 0.75,
        "understood": ["SPUK = Specifieke Uitkering"],
        "seconds": 0.1235,
    }


def test_an_answer_outside_a_batch_has_no_id():
    assert answer_json(ANSWER)["id"] is None


def test_a_question_that_cannot_be_asked_gets_the_reason_in_place_of_an_answer():
    assert refusal_json(BatchQuestion("v2", "", ("Hoe?",)), "De vraag is leeg.") == {
        "id": "v2",
        "question": "",
        "status": "not_found",
        "answer": "De vraag is leeg.",
        "struck": [],
        "citations": [],
        "passages": [],
        "probability": 0.0,
        "understood": [],
        "seconds": 0.0,
    }


def test_a_position_is_its_citation_with_stance_and_score():
    assert position_json(Position(CITATION, "pleidooi", 0.5)) == {
        "stance": "pleidooi",
        "side": "",
        "score": 0.5,
        **CITATION_JSON,
    }


@pytest.mark.parametrize(
    "value", [answer_json(ANSWER), position_json(Position(CITATION, "zorg", 0.5))], ids=["answer", "position"]
)
def test_what_is_promised_survives_json(value):
    assert json.loads(json.dumps(value, ensure_ascii=False)) == value


# Files of questions


def batch(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "vragen.jsonl"
    path.write_bytes(text.encode(encoding))
    return path


def test_questions_are_read_in_order_with_their_history(tmp_path):
    path = batch(
        tmp_path,
        '{"id": "a", "question": "Wat is één?", "category": "x"}\n\n'
        '{"id": "b", "question": "Waarom?", "history": ["Wat is één?"]}\r\n'
        '{"id": "c", "question": "Hoe?", "history": null}',
    )
    assert list(read_batch(path)) == [
        BatchQuestion("a", "Wat is één?", ()),
        BatchQuestion("b", "Waarom?", ("Wat is één?",)),
        BatchQuestion("c", "Hoe?", ()),
    ]


def test_a_byte_order_mark_does_not_matter(tmp_path):
    path = batch(tmp_path, '{"id": "a", "question": "Hoe?"}\n', encoding="utf-8-sig")
    assert [row.id for row in read_batch(path)] == ["a"]


@pytest.mark.parametrize("text", ["", "\n\n  \n"])
def test_an_empty_file_has_no_questions(tmp_path, text):
    assert list(read_batch(batch(tmp_path, text))) == []


@pytest.mark.parametrize("char", ["\u2028", "\u2029", "\u0085"])
def test_only_a_newline_ends_a_line(tmp_path, char):
    """JSON may hold these characters as they are, and others write them so."""
    row = {"id": "a", "question": f"Eén{char}twee?"}
    path = batch(tmp_path, json.dumps(row, ensure_ascii=False) + "\n")
    assert [read.question for read in read_batch(path)] == [f"Eén{char}twee?"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("geen json", "geen JSON"),
        ('{"id": "a", "question": "Hoe?"', "geen JSON"),
        ("[]", "'id' en een 'question'"),
        ("3", "'id' en een 'question'"),
        ('{"question": "Hoe?"}', "'id' en een 'question'"),
        ('{"id": "a"}', "'id' en een 'question'"),
        ('{"id": "a", "question": 3}', "'id' en een 'question'"),
        ('{"id": "a", "question": "Hoe?", "history": "Wat?"}', "'history'"),
        ('{"id": "a", "question": "Hoe?", "history": ["Wat?", 3]}', "'history'"),
    ],
)
def test_a_wrong_line_is_named_with_the_reason(tmp_path, line, message):
    path = batch(tmp_path, f'{{"id": "goed", "question": "Wat?"}}\n\n{line}\n')
    with pytest.raises(InputError) as error:
        list(read_batch(path))
    assert str(error.value).startswith(f"{path}, regel 3: ")
    assert message in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"weg\.jsonl is niet te lezen"):
        list(read_batch(tmp_path / "weg.jsonl"))


def test_a_file_that_is_no_utf8_is_named(tmp_path):
    path = batch(tmp_path, '{"id": "a", "question": "Eén?"}', encoding="latin-1")
    with pytest.raises(InputError, match="niet te lezen"):
        list(read_batch(path))

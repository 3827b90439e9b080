"""Holds the question set that comes along to what is promised of it."""

from __future__ import annotations

from collections import Counter

import pytest

from assistant.evaluation.evaluate import LOW_OVERLAP
from assistant.evaluation.metrics import word_overlap
from assistant.evaluation.questions import CATEGORIES, Question, load_questions
from assistant.schema import Document
from assistant.settings import ROOT

DOCUMENTS = {
    path.name: Document(path.name, path.read_bytes().decode(), path.stem)
    for path in sorted((ROOT / "corpus" / "documents").iterdir())
}
LONG_LINE = 25


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return load_questions(ROOT / "corpus" / "questions.jsonl", DOCUMENTS)


def test_there_are_enough_questions_and_none_twice(questions):
    assert len(questions) >= 150
    asked = Counter((question.question.casefold(), question.history) for question in questions)
    assert [key for key, times in asked.items() if times > 1] == []


def test_every_category_occurs(questions):
    assert {question.category for question in questions} == set(CATEGORIES)


def test_every_line_of_every_document_is_asked_about(questions):
    assert len(DOCUMENTS) >= 2
    asked = [(gold.document, span) for q in questions for gold in q.gold + q.also_ok for span in gold.spans]
    untouched = [
        f"{name}: {document.text[start:end]}"
        for name, document in DOCUMENTS.items()
        for start, end in _long_lines(document.text)
        if not any(where == name and span.start < end and start < span.end for where, span in asked)
    ]
    assert untouched == []


def test_most_questions_are_worded_differently_from_the_text(questions):
    overlaps = [word_overlap(q.question, q.gold) for q in questions if q.answerable]
    assert sum(overlap <= LOW_OVERLAP for overlap in overlaps) >= 0.6 * len(overlaps)


def test_required_words_of_a_question_are_in_its_reference_or_its_gold(questions):
    """A required word that a good answer need not hold would mark right answers as wrong."""
    odd = []
    for question in questions:
        texts = [question.reference, *(gold.quote for gold in question.gold)]
        known = " ".join(" ".join(texts).casefold().split())
        for group in question.must_include:
            if not any(" ".join(variant.casefold().split()) in known for variant in group):
                odd.append((question.id, group))
    assert odd == []


def _long_lines(text: str) -> list[tuple[int, int]]:
    """Character ranges of the lines of more than `LONG_LINE` characters: all paragraphs, bullets and long headings."""
    ranges, start = [], 0
    for line in text.split("\n"):
        if len(line.strip()) > LONG_LINE:
            ranges.append((start, start + len(line)))
        start += len(line) + 1
    return ranges

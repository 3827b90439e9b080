"""Feedback on the page, in a real Chromium: only when it is switched on, told beforehand, and kept as it was given."""

from __future__ import annotations

from pathlib import Path

import pytest
from browsing import CITED, PATIENCE, UNKNOWN, Visit, ask
from playwright.sync_api import Page, expect
from serving import served

from assistant.feedback import Feedback
from assistant.pipeline import Assistant
from assistant.schema import Answer, Statement
from assistant.web.chat import Turn
from assistant.web.judging import judge, note_miss


def wait_until_kept(page: Page, path: Path, number: int) -> None:
    """Waits for the server, for the page thanks before it has written."""
    for _ in range(PATIENCE // 50):
        if len(Feedback(path).judgements()) == number:
            return
        page.wait_for_timeout(50)


@pytest.mark.browser
def test_a_visitor_says_whether_answers_helped(visit: Visit, assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite"
    with served(assistant, feedback=str(path)) as url:
        page = visit(url)
        expect(page.locator(".hint.kept")).to_contain_text("We bewaren niet wie u bent")
        answer = ask(page, CITED)
        answer.get_by_role("button", name="Nee").click()
        expect(answer.get_by_role("button", name="Nee")).to_have_attribute("aria-pressed", "true")
        answer.get_by_label("Waarom?").fill("=te kort <script>alert(1)</script>")
        answer.get_by_role("button", name="Bewaar mijn oordeel").click()
        expect(answer.get_by_role("status")).to_have_text("Dank u. Uw oordeel is bewaard.")
        answer = ask(page, UNKNOWN)
        answer.get_by_role("button", name="Ja", exact=True).click()
        page.keyboard.press("Enter")
        expect(answer.get_by_role("status")).to_have_text("Dank u. Uw oordeel is bewaard.")
        expect(page.locator(".turn").first.get_by_role("status")).to_have_text("Dank u. Uw oordeel is bewaard.")
        wait_until_kept(page, path, 2)
    first, second = Feedback(path).judgements()
    assert (first.question, first.helpful, first.reason) == (CITED, False, "=te kort <script>alert(1)</script>")
    assert [row["document"] for row in first.citations] != []
    assert (second.question, second.helpful, second.history, second.status) == (UNKNOWN, True, (CITED,), "not_found")
    assert second.version == first.version == assistant.manifest.fingerprint
    assert [gap.question for gap in Feedback(path).gaps()] == [UNKNOWN]


@pytest.mark.browser
def test_nothing_is_asked_when_nothing_is_kept(visit: Visit) -> None:
    page = visit()
    expect(ask(page, CITED).locator(".judge")).to_have_count(0)
    expect(page.locator(".hint.kept")).to_have_count(0)


class Kept:
    """Takes down what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def judge(self, *values: object) -> None:
        self.told.append(values)

    def miss(self, *values: object) -> None:
        self.told.append(values)


def turn(question: str, status: str) -> Turn:
    return Turn(question, "", Answer(question, status, (Statement("notice", "x"),)), version="v1")


REFUSED = Turn("te lang", "")


@pytest.mark.parametrize(
    ("number", "helpful"), [(-1, True), (3, True), ("0", True), (None, True), (0, "ja"), (0, None), (0, 1), (1, True)]
)
def test_what_is_no_judgement_is_left_alone(number: object, helpful: object) -> None:
    kept = Kept()
    judge(kept, (turn("a", "answered"), REFUSED, turn("b", "answered")), number, helpful, "")
    assert kept.told == []


def test_a_judgement_goes_with_the_questions_before_it() -> None:
    kept, turns = Kept(), (turn("a", "answered"), REFUSED, turn("b", "partial"))
    judge(kept, turns, 2, False, None)
    assert kept.told == [(turns[2].answer, False, "", ["a"], "v1")]


def test_only_a_question_that_found_nothing_is_missed() -> None:
    kept = Kept()
    for last in (turn("b", "answered"), turn("b", "partial"), REFUSED):
        note_miss(kept, (turn("a", "not_found"), last))
    assert kept.told == []
    note_miss(kept, (turn("a", "answered"), turn("b", "not_found")))
    assert kept.told == [("b", ["a"], "v1")]

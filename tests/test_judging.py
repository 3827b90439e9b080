"""Feedback on the page, in a real Chromium: only when it is switched on, told beforehand, and kept as it was given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from browsing import CITED, UNKNOWN, Visit, ask
from playwright.sync_api import expect

from assistant.errors import BusyError, InputError
from assistant.feedback import Feedback
from assistant.pipeline import Assistant
from assistant.schema import Answer, Statement
from assistant.web.chat import Turn
from assistant.web.judging import judge, note_miss


@pytest.mark.browser
def test_a_visitor_says_whether_answers_helped(
    visit: Visit, serve: Callable[..., str], assistant: Assistant, tmp_path: Path
) -> None:
    path = tmp_path / "feedback.sqlite"
    page = visit(serve(assistant, feedback=str(path)))
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
    first, second = Feedback(path).judgements()
    assert (first.question, first.helpful, first.reason) == (CITED, False, "=te kort <script>alert(1)</script>")
    assert [row["document"] for row in first.citations] != []
    assert (second.question, second.helpful, second.history, second.status) == (UNKNOWN, True, (CITED,), "not_found")
    assert second.version == first.version == assistant.manifest.fingerprint
    assert [gap.question for gap in Feedback(path).gaps()] == [UNKNOWN]


@pytest.mark.browser
def test_a_visitor_is_only_thanked_for_what_has_been_kept(
    visit: Visit, serve: Callable[..., str], assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, keep, go_on = tmp_path / "feedback.sqlite", Feedback.judge, Event()
    faults = [InputError("vol"), BusyError("druk"), RuntimeError("stuk")]

    def fail(*_: object) -> None:
        assert go_on.wait(60)
        go_on.clear()
        raise faults.pop(0)

    monkeypatch.setattr(Feedback, "judge", fail)
    page = visit(serve(assistant, feedback=str(path)))
    answer = ask(page, CITED)
    answer.get_by_role("button", name="Ja", exact=True).click()
    for words in ("is niet bewaard", "erg druk", "is niet bewaard"):
        page.keyboard.press("Enter")
        expect(answer.get_by_role("status")).to_have_text("Uw oordeel wordt bewaard …")
        go_on.set()
        expect(answer.get_by_role("status")).to_contain_text(words)
        expect(answer.get_by_label("Waarom?")).to_be_focused()
    monkeypatch.setattr(Feedback, "judge", keep)
    page.keyboard.press("Enter")
    expect(answer.get_by_role("status")).to_have_text("Dank u. Uw oordeel is bewaard.")
    expect(page.get_by_label("Uw vraag")).to_be_focused()
    assert len(Feedback(path).judgements()) == 1


@pytest.mark.browser
def test_nothing_is_asked_when_nothing_is_kept(visit: Visit) -> None:
    page = visit()
    expect(ask(page, CITED).locator(".judge")).to_have_count(0)
    expect(page.locator(".hint.kept")).to_have_count(0)


class Kept:
    """Takes down what it is told."""

    def __init__(self, error: Exception | None = None) -> None:
        self.told: list[object] = []
        self.error = error

    def judge(self, *values: object) -> None:
        self.told.append(values)
        if self.error:
            raise self.error

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
    turns = (turn("a", "answered"), REFUSED, turn("b", "answered"))
    assert judge(kept, turns, number, helpful, "") == "failed"
    assert kept.told == []


def test_a_judgement_goes_with_the_questions_before_it() -> None:
    kept, turns = Kept(), (turn("a", "answered"), REFUSED, turn("b", "partial"))
    assert judge(kept, turns, 2, False, None) == "kept"
    assert kept.told == [(turns[2].answer, False, "", ["a"], "v1")]


def test_questions_before_a_link_go_with_it_too() -> None:
    kept = Kept()
    turns = (replace(turn("b", "answered"), before=("a",)), replace(turn("d", "not_found"), before=("c",)))
    judge(kept, turns, 1, True, "")
    note_miss(kept, turns)
    assert [told[-2] for told in kept.told] == [["a", "b", "c"], ["a", "b", "c"]]


@pytest.mark.parametrize(("error", "outcome"), [(BusyError("x"), "busy"), (InputError("/x/y.sqlite"), "failed")])
def test_what_could_not_be_kept_is_told(error: Exception, outcome: str) -> None:
    assert judge(Kept(error), (turn("a", "answered"),), 0, True, "") == outcome


def test_only_a_question_that_found_nothing_is_missed() -> None:
    kept = Kept()
    for last in (turn("b", "answered"), turn("b", "partial"), REFUSED):
        note_miss(kept, (turn("a", "not_found"), last))
    assert kept.told == []
    note_miss(kept, (turn("a", "answered"), turn("b", "not_found")))
    assert kept.told == [("b", ["a"], "v1")]

"""Feedback: what is kept, and how it is taken along."""

from __future__ import annotations

import csv
import io
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.errors import InputError
from assistant.feedback import Feedback, as_csv, as_drafts
from assistant.schema import Answer, Citation, Statement

CITATION = Citation(1, "brief.md", "Brief", "2024-03-01", "NOV", 23, 68, "De gemeente betaalt de zaal voor de jeugd.")
ANSWER = Answer("Wie betaalt de zaal?", "answered", (Statement("quote", CITATION.quote, (1,)),), (CITATION,))


@pytest.fixture
def feedback(tmp_path: Path) -> Feedback:
    return Feedback(tmp_path / "map" / "feedback.sqlite")


def test_what_is_kept_of_a_judgement(feedback: Feedback) -> None:
    feedback.judge(ANSWER, True, "  duidelijk\nen kort ", ["Wat is de zaal?"], "v1")
    (kept,) = Feedback(feedback.path).judgements()
    assert (kept.helpful, kept.reason, kept.question, kept.history) == (
        True,
        "duidelijk en kort",
        "Wie betaalt de zaal?",
        ("Wat is de zaal?",),
    )
    assert (kept.status, kept.version) == ("answered", "v1")
    assert kept.answer == "“De gemeente betaalt de zaal voor de jeugd.” [1]"
    assert kept.citations[0]["quote"] == CITATION.quote
    assert kept.time.endswith("+00:00")


def test_only_its_owner_may_read_the_file(feedback: Feedback) -> None:
    assert stat.S_IMODE(feedback.path.stat().st_mode) == 0o600


def test_many_at_once(feedback: Feedback) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: feedback.judge(ANSWER, True, str(number), [], "v1"), range(40)))
    assert sorted(int(kept.reason) for kept in feedback.judgements()) == list(range(40))


def test_a_long_reason_is_cut(feedback: Feedback) -> None:
    feedback.judge(ANSWER, False, "x" * 5000, [], "v1")
    assert feedback.judgements()[0].reason == "x" * 1000


def test_gaps_are_counted_by_their_words(feedback: Feedback) -> None:
    for question in ("Hoe bak ik taart?", "Wat kost een bus?", "hoe bak ik TAART"):
        feedback.miss(question, [], "v1")
    assert [(gap.times, gap.question) for gap in feedback.gaps()] == [(2, "hoe bak ik TAART"), (1, "Wat kost een bus?")]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "＝1", '=HYPERLINK("http://far.test")', "|calc", "%0"]
)
def test_no_cell_is_a_formula(feedback: Feedback, text: str) -> None:
    answer = Answer(text, "not_found", (Statement("notice", text),))
    feedback.judge(answer, False, text, [text], text)
    cells = list(csv.reader(io.StringIO(as_csv(feedback.judgements())), delimiter=";"))[1]
    assert [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@＝＋－＠|%") or cell[:1] == "\t"] == []
    assert cells[3].endswith(text.strip() if text.startswith("\t") else text)


def test_a_table_for_a_dutch_spreadsheet(feedback: Feedback) -> None:
    feedback.judge(ANSWER, True, 'goed; echt "goed"', [], "v1")
    rows = list(csv.reader(io.StringIO(as_csv(feedback.judgements())), delimiter=";"))
    assert rows[0][:4] == ["tijd (UTC)", "nuttig", "reden", "vraag"]
    assert rows[1][1:4] == ["ja", 'goed; echt "goed"', "Wie betaalt de zaal?"]
    assert rows[1][7] == "[1] brief.md 23-68"


def test_drafts_for_the_fixed_set(feedback: Feedback) -> None:
    feedback.judge(ANSWER, True, "", [], "v1")
    feedback.judge(ANSWER, False, "het gaat om 25 euro", ["Wat is de zaal?"], "v1")
    good, bad = (json.loads(line) for line in as_drafts(feedback.judgements()).splitlines())
    assert good == {
        "id": "feedback-1",
        "category": "fact",
        "question": "Wie betaalt de zaal?",
        "answerable": True,
        "gold": [{"doc": "brief.md", "quote": CITATION.quote}],
        "must_include": [],
        "reference": ANSWER.text,
    }
    assert (bad["category"], bad["history"], bad["gold"]) == ("followup", ["Wat is de zaal?"], [])
    assert bad["reference"] == "het gaat om 25 euro"


def test_a_file_that_is_something_else(tmp_path: Path) -> None:
    other = tmp_path / "brief.txt"
    other.write_text("Dit is een brief, en geen bestand met feedback. " * 20, encoding="utf-8")
    with pytest.raises(InputError, match=r"brief\.txt.*ASSISTANT_FEEDBACK"):
        Feedback(other)


def test_a_place_where_nothing_can_be_written() -> None:
    with pytest.raises(InputError, match="ASSISTANT_FEEDBACK"):
        Feedback(Path("/proc/map/feedback.sqlite"))


def test_the_command_line(feedback: Feedback, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feedback.judge(ANSWER, True, "", [], "v1")
    feedback.miss("Hoe bak ik taart?", [], "v1")
    table, drafts = tmp_path / "oordelen.csv", tmp_path / "vragen.jsonl"
    arguments = ["feedback", "--feedback", str(feedback.path), "--csv", str(table), "--drafts", str(drafts)]
    assert main(arguments) == 0
    shown = capsys.readouterr().out
    assert "1 oordeel: 1 nuttig, 0 niet nuttig." in shown
    assert "- 1x Hoe bak ik taart?" in shown
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    assert len(drafts.read_text(encoding="utf-8").splitlines()) == 1


def test_the_command_line_without_feedback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["--feedback", str(tmp_path / "geen.sqlite")]):
        assert main(["feedback", *arguments]) == 2
        assert "ASSISTANT_FEEDBACK" in capsys.readouterr().err

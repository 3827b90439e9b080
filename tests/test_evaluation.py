"""Question sets, evaluation, comparison and reports, on two tiny documents with an assistant that reads from a list."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from math import log2
from pathlib import Path

import pytest

from assistant.errors import EvaluationError
from assistant.evaluation.compare import Comparison, compare, load_baseline
from assistant.evaluation.evaluate import evaluate, run
from assistant.evaluation.questions import Question, load_questions
from assistant.evaluation.report import to_json, write_report
from assistant.evaluation.results import METRICS, Report
from assistant.pipeline import Assistant, build_index
from assistant.schema import Answer, Citation, Document, Hit, Passage, Position, Span, Statement
from assistant.settings import ROOT, load_settings

LETTER = "De brief is van 5 mei 2023.\nWij pleiten voor steun.\nWij pleiten voor steun.\n"
REPORT = "De kat zat op de mat.\n"
DOCUMENTS = {
    "brief.txt": Document("brief.txt", LETTER, "De brief"),
    "verslag.txt": Document("verslag.txt", REPORT, "Het verslag"),
}


def record(**changes: object) -> dict[str, object]:
    """A valid question as it stands in the file; a change to None leaves the field out."""
    fields: dict[str, object] = {
        "id": "v1",
        "category": "fact",
        "question": "Wanneer is de brief geschreven?",
        "answerable": True,
        "gold": [{"doc": "brief.txt", "quote": "De brief is van 5 mei 2023."}],
        "must_include": [["5 mei 2023"]],
        "reference": "Op 5 mei 2023.",
    }
    return {key: value for key, value in {**fields, **changes}.items() if value is not None}


def unanswerable(**changes: object) -> dict[str, object]:
    empty: dict[str, object] = {"category": "unanswerable_near", "answerable": False, "gold": [], "must_include": []}
    return record(**{**empty, **changes})


def write(folder: Path, *lines: object) -> Path:
    path = folder / "vragen.jsonl"
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), encoding="utf-8")
    return path


def load(folder: Path, *lines: object) -> list[Question]:
    return load_questions(write(folder, *lines), DOCUMENTS)


def hit(document: str, start: int, end: int) -> Hit:
    text = DOCUMENTS[document].text[start:end]
    return Hit(Passage(f"{document}:{start}-{end}", document, start, end, "paragraph", text), 1.0, 1.0, 1.0, 1.0)


def cite(number: int, document: str, start: int, end: int) -> Citation:
    return Citation(number, document, document, "", "", start, end, DOCUMENTS[document].text[start:end])


def answered(question: str, *places: tuple[str, int, int], intro: str = "In de brief staat:") -> Answer:
    """An answer that quotes each place, after an introduction, and found exactly these places."""
    citations = tuple(cite(number, *place) for number, place in enumerate(places, start=1))
    quotes = (Statement("quote", citation.quote, (citation.number,)) for citation in citations)
    hits = tuple(hit(*place) for place in places)
    return Answer(question, "answered", (Statement("intro", intro), *quotes), citations, hits)


def refused(question: str, *hits: Hit) -> Answer:
    return Answer(question, "not_found", (Statement("notice", "Dat staat niet in de documenten."),), hits=hits)


class ListedAssistant:
    """Gives the answers it was made with, by question, and counts what it is asked."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.documents = DOCUMENTS
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self._answers = answers

    def positions(self, subject: str) -> tuple[Position, ...]:
        """Always the plea, of which the letter holds two."""
        return (Position(cite(1, "brief.txt", 28, 51), "pleidooi", 0.5),)

    def ask(self, question: str, history: tuple[str, ...] = ()) -> Answer:
        self.asked.append((question, history))
        return self._answers[question]


def measure(folder: Path, *cases: tuple[dict[str, object], Answer]) -> Report:
    questions = load(folder, *(fields for fields, _ in cases))
    answers = {question.question: answer for question, (_, answer) in zip(questions, cases, strict=True)}
    return evaluate(ListedAssistant(answers), questions)


# ---- the question set


def test_a_question_gets_the_ranges_of_its_quotes(tmp_path):
    also = [{"doc": "verslag.txt", "quote": "De kat"}]
    quote = [{"doc": "brief.txt", "quote": "Wij pleiten voor steun."}]
    (question,) = load(tmp_path, record(gold=quote, also_ok=also, category="followup", history=["Hallo"]))
    assert question.gold[0].spans == (Span(28, 51), Span(52, 75))  # it stands there twice
    assert [LETTER[span.start : span.end] for span in question.gold[0].spans] == ["Wij pleiten voor steun."] * 2
    assert question.also_ok[0].spans == (Span(0, 6),)
    assert (question.gold[0].document, question.history) == ("brief.txt", ("Hallo",))
    assert question.must_include == (("5 mei 2023",),)


def test_without_documents_quotes_are_not_located(tmp_path):
    path = write(tmp_path, record(gold=[{"doc": "elders.txt", "quote": "Iets"}]))
    (question,) = load_questions(path, None)
    assert question.gold[0].spans == ()
    with pytest.raises(ValueError, match="located"):
        evaluate(ListedAssistant({}), [question])


def test_empty_lines_and_a_byte_order_mark_are_skipped(tmp_path):
    path = write(tmp_path, "\ufeff" + json.dumps(record()), "", "  ", record(id="v2"))
    assert [question.id for question in load_questions(path, DOCUMENTS)] == ["v1", "v2"]


def test_a_line_separator_inside_a_text_does_not_end_the_line(tmp_path):
    line = json.dumps(record(reference="Op 5\u2028mei"), ensure_ascii=False)
    assert load(tmp_path, line)[0].reference == "Op 5\u2028mei"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", ["regel 2", "geldige JSON"]),
        ("[]", ["regel 2", "moet een object"]),
        (record(question=None), ["regel 2 (vraag v1)", "veld question", "ontbreekt"]),
        (record(id=None), ["regel 2", "veld id", "ontbreekt"]),
        (record(gould=[]), ["(vraag v1)", "veld gould", "bestaat niet"]),
        (record(category="feit"), ["veld category", "moet een van deze woorden zijn: fact, list"]),
        (record(question=" "), ["veld question", "is leeg"]),
        (record(question=3), ["veld question", "moet tekst"]),
        (record(answerable="true"), ["veld answerable", "true of false"]),
        (record(must_include="5 mei"), ["veld must_include", "moet een lijst"]),
        (record(must_include=[[]]), ["veld must_include[0]", "is leeg"]),
        (record(must_include=[["a"], ["b", ""]]), ["veld must_include[1][1]", "is leeg"]),
        (record(gold=[{"doc": "brief.txt", "quote": "mei", "page": 1}]), ["veld gold[0].page", "bestaat niet"]),
        (record(gold=["De brief"]), ["veld gold[0]", "moet een object"]),
        (record(gold=[{"doc": "x.txt", "quote": "mei"}]), ["gold[0].doc", "'x.txt'", "brief.txt, verslag.txt"]),
        (record(gold=[{"doc": "brief.txt", "quote": "De Brief"}]), ["gold[0].quote", "letterlijk", "'De Brief'"]),
        (record(also_ok=[{"doc": "brief.txt", "quote": "x"}]), ["also_ok[0].quote", "letterlijk"]),
        (record(gold=[]), ["(vraag v1)", "veld gold", "is leeg, maar de vraag is beantwoordbaar"]),
        (record(answerable=False), ["veld gold", "moet leeg zijn"]),
        (record(category="unanswerable_far"), ["veld answerable", "unanswerable_far"]),
        (record(category="followup"), ["veld history", "vervolgvraag"]),
        (record(id="eerste"), ["regel 2 (vraag eerste)", "veld id", "komt al eerder voor"]),
        ('{"id": NaN}', ["veld id", "moet tekst"]),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path, line, said):
    with pytest.raises(EvaluationError) as caught:
        load(tmp_path, record(id="eerste"), line)
    assert str(tmp_path / "vragen.jsonl") in str(caught.value)
    assert [part for part in said if part not in str(caught.value)] == []


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(EvaluationError, match="niet te lezen"):
        load_questions(tmp_path / "weg.jsonl", None)
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "\xe9"}')
    with pytest.raises(EvaluationError, match="geen UTF-8"):
        load_questions(tmp_path / "latin.jsonl", None)
    with pytest.raises(EvaluationError, match="geen vragen"):
        load(tmp_path, "", " ")


def test_the_fingerprint_follows_every_field_but_not_the_place_in_the_document(tmp_path):
    (question,) = load(tmp_path, record())
    (unlocated,) = load_questions(write(tmp_path, record()), None)
    assert question.fingerprint == unlocated.fingerprint
    changes: list[dict[str, object]] = [
        {"id": "v2"},
        {"question": "Wanneer?"},
        {"history": ["Eerder"]},
        {"must_include": [["mei"]]},
        {"gold": [{"doc": "brief.txt", "quote": "De brief"}]},
        {"also_ok": [{"doc": "brief.txt", "quote": "steun"}]},
    ]
    prints = {load(tmp_path, record(**change))[0].fingerprint for change in changes}
    assert len(prints | {question.fingerprint}) == len(changes) + 1


# ---- measuring


def test_an_answerable_question_is_measured_on_finding_and_answering(tmp_path):
    # gold: the date line (0-27) and the verslag's first 21; also_ok: the plea
    fields = record(
        gold=[{"doc": "brief.txt", "quote": LETTER[:27]}, {"doc": "verslag.txt", "quote": REPORT[:21]}],
        also_ok=[{"doc": "brief.txt", "quote": "Wij pleiten voor steun."}],
        must_include=[["5 mei 2023"], ["vrijdag", "zaterdag"]],
    )
    answer = answered("v", ("brief.txt", 28, 51), ("brief.txt", 0, 27))
    (row,) = measure(tmp_path, (fields, answer)).rows
    assert row.scores == {
        "hit@1": 0.0,
        "hit@3": 1.0,
        "hit@5": 1.0,
        "mrr@10": 1 / 2,
        "ndcg@10": pytest.approx((1 / log2(3)) / (1 + 1 / log2(3))),
        "recall@5": 1 / 2,
        "citation_recall": 1 / 2,
        "gold_quoted": 1.0,
        "citation_precision": 1.0,
        "character_precision": 1.0,
        "must_include": 1 / 2,
        "words": 15.0,  # In de brief staat (4) + 4 + 7
        "words_prose": 15.0,
        "hedged": 0.0,
        "wrong_refusal": 0.0,
        "verbatim": 1.0,
        "sound_marks": 1.0,
    }
    parts = [row.scores[name] for name in ("ndcg@10", "citation_recall", "citation_precision", "must_include")]
    assert row.quality == pytest.approx(sum(parts) / 4)


def test_a_refused_answerable_question_keeps_its_ranking_scores_and_gets_no_quality(tmp_path):
    (row,) = measure(tmp_path, (record(), refused("v", hit("brief.txt", 0, 27)))).rows
    assert (row.scores["hit@1"], row.scores["wrong_refusal"], row.quality) == (1.0, 1.0, 0.0)
    assert row.scores.keys().isdisjoint({"citation_precision", "character_precision", "verbatim", "right_refusal"})


def test_an_answer_without_citations_has_no_precision_to_its_credit(tmp_path):
    answer = Answer("v", "partial", (Statement("notice", "Iets over 5 mei 2023."),), hits=(hit("brief.txt", 0, 27),))
    (row,) = measure(tmp_path, (record(), answer)).rows
    assert "citation_precision" not in row.scores
    assert row.quality == (1 + 0 + 0 + 1) / 4  # nDCG, recall, precision, required words


@pytest.mark.parametrize(
    ("status", "scores", "quality"),
    [("not_found", (1, 0, 0), 1.0), ("partial", (0, 1, 0), 0.5), ("answered", (0, 0, 1), 0.0)],
)
def test_an_unanswerable_question_is_measured_on_its_refusal(tmp_path, status, scores, quality):
    answer = Answer("v", status, (Statement("notice", "Nee."),))
    (row,) = measure(tmp_path, (unanswerable(), answer)).rows
    assert row.scores == {
        **dict(zip(("right_refusal", "partial", "wrong_answer"), scores, strict=True)),
        "sound_marks": 1,
    }
    assert (row.quality, row.low_overlap) == (quality, False)


def test_false_sources_are_noticed(tmp_path):
    forged = Citation(1, "brief.txt", "De brief", "", "", 0, 27, "De brief is van 6 mei 2023.")
    text = Statement("quote", forged.quote, (1, 2))
    (row,) = measure(tmp_path, (record(), Answer("v", "answered", (text,), (forged,)))).rows
    assert (row.scores["verbatim"], row.scores["sound_marks"]) == (0.0, 0.0)
    unused = Answer("v", "answered", (Statement("notice", "Ja."),), (cite(1, "brief.txt", 0, 27),))
    (row,) = measure(tmp_path, (record(), unused)).rows
    assert (row.scores["verbatim"], row.scores["sound_marks"]) == (1.0, 0.0)


def test_a_question_about_a_position_is_measured_on_who_speaks_and_on_the_overview(tmp_path):
    gold = [{"doc": "verslag.txt", "quote": REPORT[:21]}, {"doc": "brief.txt", "quote": "Wij pleiten voor steun."}]
    fields = record(category="position", gold=gold)
    wrong = Citation(1, "verslag.txt", "Het verslag", "", "niemand", 0, 21, REPORT[:21])
    right = cite(2, "brief.txt", 28, 51)
    texts = tuple(Statement("quote", citation.quote, (citation.number,)) for citation in (wrong, right))
    (row,) = measure(tmp_path, (fields, Answer("v", "answered", texts, (wrong, right)))).rows
    assert (row.scores["right_voice"], row.scores["positions_found"]) == (1 / 2, 1 / 2)
    (row,) = measure(tmp_path, (fields, refused("v"))).rows
    assert "right_voice" not in row.scores
    (row,) = measure(tmp_path, (unanswerable(), refused("v"))).rows
    assert "positions_found" not in row.scores


def test_followup_questions_are_set_against_first_questions(tmp_path):
    later = {"category": "followup", "history": ["Eerst dit"]}
    report = measure(
        tmp_path,
        *((numbered(n), reply(right=n < 3)) for n in range(4)),
        *(({**numbered(n), **later}, reply(right=n == 4)) for n in (4, 5)),
        (unanswerable(id="x", question="Wie?", history=["Eerst dit"]), refused("v")),
    )
    both = report.followups["gold_quoted"]
    assert (both.first.mean, both.followup.mean, both.difference.mean) == (3 / 4, 1 / 2, -1 / 4)
    assert (both.first.n, both.followup.n, both.difference.n) == (4, 2, 2)
    assert measure(tmp_path, (numbered(0), reply(right=True))).followups == {}


def test_the_estimated_probability_is_held_to_what_came_true(tmp_path):
    sure = dataclasses.replace(answered("v", ("brief.txt", 0, 27)), probability=0.9)
    unsure = dataclasses.replace(refused("v"), probability=0.25)
    report = measure(
        tmp_path, (numbered(0), sure), (numbered(1), unsure), (unanswerable(question="Wie?", id="x"), unsure)
    )
    assert [(part.low, part.said, part.came_true.mean) for part in report.reliability.bins] == [
        (0.2, 0.25, 1 / 2),
        (0.9, 0.9, 1.0),
    ]
    assert report.reliability.error == pytest.approx((2 * 0.25 + 1 * 0.1) / 3)


def test_groups_hold_their_own_questions_and_a_mean_only_those_it_applies_to(tmp_path):
    right = answered("v", ("brief.txt", 0, 27))
    report = measure(
        tmp_path,
        (record(id="a"), right),
        (record(id="b", question="Welke dag werd dit stuk opgesteld?", category="paraphrase"), refused("v")),
        (unanswerable(id="c", question="Wie is de koning?"), refused("v")),
    )
    assert [group.name for group in report.categories] == ["fact", "paraphrase", "unanswerable_near"]
    assert (report.total.questions, report.total.metrics["hit@1"].n, report.total.metrics["hit@1"].mean) == (3, 2, 0.5)
    assert report.total.metrics["right_refusal"].n == 1
    assert report.categories[0].metrics["wrong_refusal"].mean == 0.0
    assert report.categories[1].metrics["wrong_refusal"].mean == 1.0
    assert "hit@1" not in report.categories[2].metrics
    assert [row.question.id for row in report.rows if row.low_overlap] == ["b"]
    assert (report.low_overlap.questions, report.low_overlap.metrics["hit@1"].mean) == (1, 0.0)


@pytest.mark.parametrize(
    ("question", "low"),
    [("brief maandag dinsdag", True), ("brief maandag", False)],  # one of three, one of two words of the gold
)
def test_low_overlap_is_at_most_a_third(tmp_path, question, low):
    (row,) = measure(tmp_path, (record(question=question), refused("v"))).rows
    assert row.low_overlap is low


def test_the_first_three_questions_warm_up_and_history_goes_along(tmp_path):
    lines = [record(id=f"v{n}", question=f"Vraag {n}", category="followup", history=[f"Eerder {n}"]) for n in range(4)]
    questions = load(tmp_path, *lines)
    assistant = ListedAssistant({f"Vraag {n}": refused("v") for n in range(4)})
    seen: list[tuple[str, int, int]] = []
    report = evaluate(assistant, questions, lambda *told: seen.append(told))
    asked = [(f"Vraag {n}", (f"Eerder {n}",)) for n in range(4)]
    assert assistant.asked == asked[:3] + asked
    assert seen == [("Vragen stellen", done, 4) for done in (1, 2, 3, 4)]
    assert 0 < report.latency.p50 <= report.latency.p95 <= max(row.seconds for row in report.rows)


def test_latency_is_taken_around_each_question(tmp_path, monkeypatch):
    clock = iter([0.0, 1.0, 10.0, 12.0, 20.0, 23.0])  # 1, 2 and 3 seconds
    monkeypatch.setattr("assistant.evaluation.evaluate.perf_counter", lambda: next(clock))
    cases = [(record(id=f"v{n}", question=f"Vraag {n}"), refused("v")) for n in range(3)]
    report = measure(tmp_path, *cases)
    assert (report.latency.p50, report.latency.p95) == (2.0, pytest.approx(2.9))


def test_no_questions_no_evaluation():
    with pytest.raises(ValueError, match="located"):
        evaluate(ListedAssistant({}), [])


# ---- comparing


def versus(tmp_path: Path, now: list[bool], before: list[bool]) -> Comparison:
    """A comparison of two runs in which each question was answered rightly (True) or refused (False)."""

    def outcome(rights: list[bool]) -> Report:
        return measure(tmp_path, *((numbered(n), reply(right)) for n, right in enumerate(rights)))

    return compare(outcome(now), stored(tmp_path, outcome(before)))


def numbered(n: int) -> dict[str, object]:
    return record(id=f"v{n:02}", question=f"Vraag {n}")


def reply(right: bool) -> Answer:
    return answered("v", ("brief.txt", 0, 27)) if right else refused("v")


def stored(folder: Path, report: Report):
    (folder / "vorige.json").write_text(to_json(report, {}), encoding="utf-8")
    return load_baseline(folder / "vorige.json")


def test_a_clear_loss_is_a_regression(tmp_path):
    comparison = versus(tmp_path, [False] * 6 + [True] * 2, [True] * 8)
    assert comparison.regressed
    assert comparison.differences["hit@1"].estimate.mean == -6 / 8
    assert comparison.differences["hit@1"].verdict == "worse"
    assert comparison.differences["wrong_refusal"].estimate.mean == 6 / 8
    assert comparison.differences["wrong_refusal"].verdict == "worse"  # lower is better
    assert comparison.differences["words"].verdict == "none"
    assert [change.id for change in comparison.worse] == [f"v{n:02}" for n in range(6)]
    assert (comparison.worse[0].before, comparison.worse[0].after) == ("answered", "not_found")
    assert comparison.worse[0].gain == -1.0
    assert comparison.better == ()


def test_a_clear_gain_is_none(tmp_path):
    comparison = versus(tmp_path, [True] * 8, [False] * 6 + [True] * 2)
    assert not comparison.regressed
    assert comparison.differences["hit@1"].verdict == "better"
    assert comparison.differences["wrong_refusal"].verdict == "better"
    assert len(comparison.better) == 6


def test_one_loss_among_many_may_be_chance(tmp_path):
    comparison = versus(tmp_path, [False] + [True] * 7, [True] * 8)
    assert not comparison.regressed
    assert comparison.differences["hit@1"].verdict == "unclear"
    assert comparison.differences["hit@1"].estimate.mean == -1 / 8


def test_rounding_in_the_baseline_is_no_change(tmp_path):
    """Two thirds is stored as 0.6667; against 0.66666… every question would seem to have lost a little."""
    must = [["5 mei"], ["brief"], ["vrijdag"]]
    cases = [({**numbered(n), "must_include": must}, reply(right=True)) for n in range(5)]
    report = measure(tmp_path, *cases)
    assert report.rows[0].scores["must_include"] == 2 / 3
    comparison = compare(report, stored(tmp_path, report))
    assert {difference.estimate.mean for difference in comparison.differences.values()} == {0.0}
    assert not comparison.regressed
    assert comparison.better == comparison.worse == ()


def test_only_equal_questions_are_compared(tmp_path):
    before = measure(tmp_path, *((numbered(n), reply(right=True)) for n in range(4)))
    changed = {**numbered(1), "must_include": [["mei"]]}
    now = measure(tmp_path, *((fields, reply(right=False)) for fields in (numbered(0), changed, numbered(7))))
    comparison = compare(now, stored(tmp_path, before))
    assert comparison.compared == comparison.differences["hit@1"].estimate.n == 1
    assert comparison.left_out == ("v01", "v02", "v03", "v07")


def test_the_greatest_change_comes_first(tmp_path):
    half = Answer("v", "answered", (Statement("notice", "Op 5 mei 2023."),), hits=(hit("brief.txt", 0, 27),))
    before = measure(tmp_path, (numbered(0), reply(right=True)), (numbered(1), reply(right=True)))
    now = measure(tmp_path, (numbered(0), half), (numbered(1), reply(right=False)))
    changes = compare(now, stored(tmp_path, before)).worse
    assert [(change.id, change.gain) for change in changes] == [("v01", -1.0), ("v00", -0.5)]
    assert [(change.rank_before, change.rank_after) for change in changes] == [(1, None), (1, 1)]
    back = compare(before, stored(tmp_path, now)).better
    assert [(change.id, change.gain) for change in back] == [("v01", 1.0), ("v00", 0.5)]


def test_a_slower_machine_is_no_regression(tmp_path):
    report = measure(tmp_path, (numbered(0), reply(right=True)))
    former = json.loads(to_json(report, {}))
    former["latency"] = {"p50": 0.0, "p95": 0.0}
    (tmp_path / "snel.json").write_text(json.dumps(former))
    comparison = compare(report, load_baseline(tmp_path / "snel.json"))
    assert comparison.latency_before.p50 == 0.0 < report.latency.p50
    assert not comparison.regressed


def test_a_comparison_needs_a_shared_question(tmp_path):
    before = stored(tmp_path, measure(tmp_path, (numbered(0), reply(right=True))))
    with pytest.raises(EvaluationError, match="geen enkele vraag"):
        compare(measure(tmp_path, (numbered(1), reply(right=True))), before)


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"rows": []}', '{"rows": [{"id": 1}], "latency": {"p50": 1, "p95": 1}}']
)
def test_a_baseline_that_is_no_report(tmp_path, content):
    (tmp_path / "vorige.json").write_text(content)
    with pytest.raises(EvaluationError, match=r"vorige\.json: dit is geen meting"):
        load_baseline(tmp_path / "vorige.json")


def test_a_baseline_that_is_not_there(tmp_path):
    with pytest.raises(EvaluationError, match="niet te lezen"):
        load_baseline(tmp_path / "weg.json")


# ---- reports


def test_the_json_report_has_a_fixed_form(tmp_path):
    fields = record(must_include=[["5 mei"], ["x"], ["y"]])
    report = measure(tmp_path, (fields, answered("v", ("brief.txt", 0, 27))))
    value = json.loads(to_json(report, {"index": "b", "encoder": "a"}))
    assert list(value) == [
        "versions",
        "latency",
        "total",
        "low_overlap",
        "followups",
        "reliability",
        "categories",
        "rows",
    ]
    assert list(value["versions"]) == ["encoder", "index"]
    assert value["rows"][0]["scores"]["must_include"] == 0.3333
    assert value["rows"][0]["citations"] == [{"number": 1, "document": "brief.txt", "start": 0, "end": 27}]
    assert value["rows"][0]["answer"] == report.rows[0].answer.text
    assert value["total"]["metrics"]["hit@1"] == {"mean": 1.0, "low": 1.0, "high": 1.0, "n": 1}
    assert list(value["total"]["metrics"]) == [name for name in METRICS if name in report.total.metrics]
    assert "café" in to_json(report, {"index": "café"})


def test_equal_runs_give_equal_reports_but_for_the_times(tmp_path):
    def timeless() -> str:
        report = measure(tmp_path, *((numbered(n), reply(right=n % 2 == 0)) for n in range(6)))
        value = json.loads(to_json(report, {}))
        del value["latency"]
        for row in value["rows"]:
            del row["seconds"]
        return json.dumps(value)

    assert timeless() == timeless()


def write_and_read(folder: Path, report: Report, comparison: Comparison | None = None) -> str:
    write_report(report, folder, comparison, {"index": "abc_1"})
    return (folder / "report.md").read_text(encoding="utf-8")


def test_the_summary_says_in_words_what_the_figures_say(tmp_path):
    report = measure(
        tmp_path,
        (numbered(0), reply(right=True)),
        (numbered(1), reply(right=False)),
        (unanswerable(id="n1", question="Wie is de koning?"), refused("v")),
        (unanswerable(id="n2", question="Wat kost het?"), answered("v", ("verslag.txt", 0, 21))),
        (unanswerable(id="n3", question="Hoe duur?"), Answer("v", "partial", (Statement("notice", "Iets."),))),
    )
    text = write_and_read(tmp_path, report)
    assert "We stelden de assistent 5 vragen. Op 2 daarvan geven de documenten antwoord, op 3 niet." in text
    assert "bij 50% (tussen 0% en 100%) staat die bovenaan" in text
    assert "zei de assistent bij 1 van de 2 vragen waarop de documenten wel antwoord" in text
    assert "zei de assistent bij 1 van de 3 vragen waarop de documenten geen antwoord" in text
    assert "Bij 1 van de 3 gaf hij toch een antwoord" in text
    assert "Alle citaten staan letterlijk" in text
    assert "Minder dan 10 vragen, dus weinig zeker: feit, lijkt erop, staat er niet in." in text
    assert "\n| soort vraag | aantal | terecht ‘niet gevonden’ | gaf iets verwants" in text
    assert "\n| --- | ---: | ---: | ---: | ---: |\n" in text
    assert "| feit | 2 | 50% (0% tot 100%) |" in text
    assert "| lijkt erop, staat er niet in | 3 | 33% (0% tot 100%) |" in text
    assert "| woorden per antwoord | words | 8 (6 tot 11) | 2 | – |" in text  # 4 + 7 and 6 words
    assert "## Ten onrechte ‘niet gevonden’\n\n- v01: Vraag 1\n" in text
    assert "## Een antwoord waar er geen is\n\n- n2: Wat kost het?\n" in text
    assert "## Wat er gemeten is\n\n- index: abc\\_1\n" in text
    assert "## Vergeleken" not in text


def test_the_worst_answers_are_shown_in_full_and_worst_first(tmp_path):
    fields = record(id="v9", category="followup", history=["Eerst dit"], question="En *dat* <b>dan</b>?")
    wrong = answered("v", ("verslag.txt", 0, 21), intro="Regel een\n- punt")
    text = write_and_read(tmp_path, measure(tmp_path, (numbered(1), reply(right=True)), (fields, wrong)))
    worst = text.split("## De slechtste antwoorden")[1].split("## Wat er gemeten is")[0]
    assert worst.strip().splitlines() == [
        "De antwoorden die het verst afstaan van wat we verwachtten, het slechtste eerst.",
        "",
        "### v9 (vervolgvraag)",
        "",
        "Eerder gevraagd: Eerst dit",
        "",
        "**Vraag:** En \\*dat\\* \\<b\\>dan\\</b\\>?",
        "",
        "**Verwacht:** Op 5 mei 2023.",
        "",
        "Dat staat in:",
        "",
        "- brief.txt: “De brief is van 5 mei 2023.”",
        "",
        "**Gekregen (antwoord):**",
        "",
        "> Regel een",
        "> - punt “De kat zat op de mat.” \\[1\\]",
        "",
        "\\[1\\] verslag.txt, teken 0 tot 21",
        "",
        "**Waarom dit geen goed antwoord is:**",
        "",
        "- Het antwoord staat op 1 plaats; daarvan zijn er 0 geciteerd.",
        "- Passende citaten: 0 van de 1.",
        "- Dit had erin moeten staan: ‘5 mei 2023’.",
        "- Bij de eerste tien passages die de assistent vond, zat geen juiste.",
    ]


def test_no_more_than_twenty_worst_answers(tmp_path):
    report = measure(tmp_path, *((numbered(n), reply(right=False)) for n in range(21)))
    text = write_and_read(tmp_path, report)
    assert "### v19" in text
    assert "### v20" not in text
    assert "- v20: Vraag 20" in text  # but every refusal is listed


def test_a_perfect_run_says_so(tmp_path):
    text = write_and_read(tmp_path, measure(tmp_path, (numbered(0), reply(right=True))))
    assert "We stelden de assistent 1 vraag." in text
    assert "## De slechtste antwoorden\n\nGeen." in text
    assert "Zulke vragen zaten er niet bij." in text
    assert "1 vraag heeft hooguit een derde van de inhoudswoorden met de tekst gemeen. Daarbij lukt" in text


@pytest.mark.parametrize(
    ("quote", "marks", "said"),
    [
        ("Iets anders.", (1,), "bij v1 staat een citaat niet letterlijk in het document."),
        (LETTER[:27], (1, 2), "bij v1 klopt een verwijzing niet."),
        (
            "Iets anders.",
            (2,),
            "bij v1 staat een citaat niet letterlijk in het document; bij v1 klopt een verwijzing niet.",
        ),
    ],
)
def test_false_sources_are_said_in_the_summary(tmp_path, quote, marks, said):
    citation = Citation(1, "brief.txt", "De brief", "", "", 0, 27, quote)
    answer = Answer("v", "answered", (Statement("quote", quote, marks),), (citation,))
    text = write_and_read(tmp_path, measure(tmp_path, (record(), answer)))
    assert f"**Let op, bronnen:** {said}\n" in text
    assert "Alle citaten" not in text


def test_a_set_without_answerable_questions(tmp_path):
    text = write_and_read(tmp_path, measure(tmp_path, (unanswerable(), refused("v"))))
    assert "Op 0 daarvan geven de documenten antwoord, op 1 niet." in text
    assert "**Vinden.**" not in text
    assert "**In andere woorden.**" not in text


def test_a_comparison_is_told_in_words_and_per_question(tmp_path):
    before = measure(tmp_path, *((numbered(n), reply(right=n < 7)) for n in range(8)))
    now = measure(tmp_path, *((numbered(n), reply(right=n == 7)) for n in range(8)), (numbered(9), reply(right=True)))
    comparison = compare(now, stored(tmp_path, before))
    text = write_and_read(tmp_path, now, comparison)
    assert "**Vergeleken met de vorige meting:** slechter werd: " in text
    assert "| juiste passage bovenaan | -75% (" in text
    assert "| **slechter** |" in text
    head = "| vraag | was | is nu | verschil |\n| --- | --- | --- | ---: |\n"
    better = f"### Beter geworden: 1 vraag\n\n{head}| v07: Vraag 7 | niet gevonden | antwoord, plek 1 | +1,00 |\n"
    worse = f"### Slechter geworden: 7 vragen\n\n{head}| v00: Vraag 0 | antwoord, plek 1 | niet gevonden | -1,00 |\n"
    assert better in text
    assert worse in text
    assert "Niet vergeleken (nieuw, weg of veranderd): v09." in text


def test_a_comparison_without_a_clear_change(tmp_path):
    report = measure(tmp_path, (numbered(0), reply(right=True)))
    text = write_and_read(tmp_path, report, compare(report, stored(tmp_path, report)))
    assert "geen cijfer werd duidelijk slechter." in text
    assert "| juiste passage bovenaan | +0% (+0% tot +0%) | kan toeval zijn |" in text
    assert "### Slechter geworden: 0 vragen\n" in text
    assert "Niet vergeleken" not in text


def test_a_clear_gain_is_told(tmp_path):
    before = measure(tmp_path, *((numbered(n), reply(right=False)) for n in range(6)))
    now = measure(tmp_path, *((numbered(n), reply(right=True)) for n in range(6)))
    text = write_and_read(tmp_path, now, compare(now, stored(tmp_path, before)))
    assert "geen cijfer werd duidelijk slechter; beter werd: juiste passage bovenaan, " in text


# ---- the whole run


def test_run_writes_both_reports_and_compares_with_the_ones_it_replaces(tmp_path):
    path = write(tmp_path, *(numbered(n) for n in range(6)))
    out = tmp_path / "uit" / "verslag"

    def go(right: bool, baseline: Path | None) -> tuple[Report, Comparison | None]:
        answers = {f"Vraag {n}": reply(right) for n in range(6)}
        return run(ListedAssistant(answers), path, out, baseline, versions={"index": "i1"})

    report, comparison = go(right=True, baseline=None)
    assert comparison is None
    assert json.loads((out / "report.json").read_text(encoding="utf-8"))["versions"] == {"index": "i1"}
    assert report.total.metrics["hit@1"].mean == 1.0
    report, comparison = go(right=False, baseline=out / "report.json")
    assert comparison is not None
    assert comparison.regressed
    assert "## Vergeleken met de vorige meting" in (out / "report.md").read_text(encoding="utf-8")
    assert sorted(path.name for path in out.iterdir()) == [
        "report.html",
        "report.json",
        "report.md",
    ]  # nothing half made is left


def test_a_bad_baseline_is_said_before_any_question_is_asked(tmp_path):
    assistant = ListedAssistant({})
    with pytest.raises(EvaluationError, match="niet te lezen"):
        run(assistant, write(tmp_path, record()), tmp_path, tmp_path / "weg.json")
    assert assistant.asked == []


def test_a_failed_write_leaves_the_old_report(tmp_path, monkeypatch):
    report = measure(tmp_path, (numbered(0), reply(right=True)))
    write_and_read(tmp_path, report)
    old = (tmp_path / "report.json").read_bytes()

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(EvaluationError, match="niet te schrijven"):
        write_report(report, tmp_path, None, {"index": "nieuw"})
    assert (tmp_path / "report.json").read_bytes() == old
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".tmp")] == []


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "bezet").write_text("")
    report = measure(tmp_path, (numbered(0), reply(right=True)))
    with pytest.raises(EvaluationError, match="niet te schrijven"):
        write_report(report, tmp_path / "bezet", None, {})


# ---- the real thing


@pytest.fixture
def tiny_corpus(tmp_path: Path) -> Path:
    """Two documents and three questions, two of which they answer almost word for word."""
    folder = tmp_path / "corpus"
    (folder / "documents").mkdir(parents=True)
    texts = {
        "subsidie.txt": "Subsidie voor de speeltuin\n\nDe gemeente geeft de speeltuin elk jaar 4.000 euro subsidie.\n",
        "bestuur.txt": "Het bestuur\n\nDe penningmeester van de vereniging heet Joke Vermeer.\n",
    }
    for name, text in texts.items():
        (folder / "documents" / name).write_text(text, encoding="utf-8")
    subsidy = {"doc": "subsidie.txt", "quote": "De gemeente geeft de speeltuin elk jaar 4.000 euro subsidie."}
    treasurer = {"doc": "bestuur.txt", "quote": "De penningmeester van de vereniging heet Joke Vermeer."}
    write(
        folder,
        record(id="a", question="Hoeveel subsidie geeft de gemeente de speeltuin?", gold=[subsidy]),
        record(id="b", question="Hoe heet de penningmeester van de vereniging?", gold=[treasurer]),
        unanswerable(id="c", question="Wanneer landde de eerste mens op de maan?"),
    )
    return folder


def test_the_real_assistant_can_be_measured(tiny_corpus, tmp_path, encoder):
    settings = load_settings(corpus=tiny_corpus, index=tmp_path / "index")
    build_index(settings, encoder=encoder)
    assistant = Assistant.open(settings, encoder)
    report, comparison = run(assistant, tiny_corpus / "vragen.jsonl", tmp_path / "uit")
    assistant.close()
    assert comparison is None
    assert [row.scores.get("hit@1") for row in report.rows] == [1.0, 1.0, None]
    assert report.total.metrics["verbatim"].mean == report.total.metrics["sound_marks"].mean == 1.0
    written = json.loads((tmp_path / "uit" / "report.json").read_text(encoding="utf-8"))
    assert [row["status"] for row in written["rows"]] == [row.answer.status for row in report.rows]


def test_the_benchmark_measures_four_systems_on_the_answerable_questions(tiny_corpus, tmp_path):
    script = ROOT / "benchmarks" / "stock_llamaindex.py"
    options = ["--questions", tiny_corpus / "vragen.jsonl", "--corpus", tiny_corpus, "--out", tmp_path / "stock.md"]
    done = subprocess.run([sys.executable, script, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report = (tmp_path / "stock.md").read_text(encoding="utf-8")
    assert done.stdout.strip() == report.strip()
    assert "## Alle 2 beantwoordbare vragen" in report
    lines = [line.split(" | ") for line in report.splitlines() if line.startswith(("| deze", "| LlamaIndex"))]
    assert [line[0] for line in lines[:4]] == [
        "| deze assistent",
        "| LlamaIndex, betekenis (vectoren)",
        "| LlamaIndex, woorden (bm25)",
        "| LlamaIndex, beide (rrf)",
    ]
    # each question shares its words with one of two short documents: word search finds both at once
    assert lines[2][1:6] == ["1,000 (1,000 tot 1,000)"] * 5

"""Asks the assistant every question of a set and measures the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Protocol

from assistant.evaluation import metrics
from assistant.evaluation.compare import Comparison, compare, load_baseline
from assistant.evaluation.intervals import bootstrap_between, bootstrap_mean, percentile
from assistant.evaluation.questions import CATEGORIES, Question, load_questions
from assistant.evaluation.reliability import reliability
from assistant.evaluation.report import write_report
from assistant.evaluation.results import METRICS, Group, Latency, Report, Row, Versus
from assistant.schema import Answer, Document, Position

WARM_UP = 3
LOW_OVERLAP = 1 / 3
QUALITY_PARTS = ("ndcg@10", "citation_recall", "citation_precision", "must_include")
FOLLOWUP_METRICS = ("hit@5", "citation_recall", "gold_quoted", "citation_precision", "must_include", "wrong_refusal")

Progress = Callable[[str, int, int], None]
"""Called with what is being done (Dutch), how many are done and how many there are, as when an index is built."""


class Answers(Protocol):
    """What is asked of an assistant to be measured."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents by name."""

    def ask(self, question: str, history: tuple[str, ...] = ()) -> Answer:
        """Answer a question; `history` holds the user's earlier turns."""

    def positions(self, subject: str) -> Sequence[Position]:
        """Statements on a subject in which somebody takes a stand."""


def evaluate(assistant: Answers, questions: Sequence[Question], progress: Progress | None = None) -> Report:
    """Ask all questions and measure the answers.

    Args:
        assistant: what is measured.
        questions: from `load_questions` with this assistant's documents; at least one.
        progress: called after every question.

    Raises:
        ValueError: there are no questions, or their gold quotes were never located in documents.
    """
    if not questions or any(not gold.spans for question in questions for gold in question.gold):
        raise ValueError("evaluate needs questions whose gold quotes were located in the documents")
    documents = assistant.documents
    for question in questions[:WARM_UP]:
        assistant.ask(question.question, history=question.history)
    rows = []
    for number, question in enumerate(questions, start=1):
        started = perf_counter()
        answer = assistant.ask(question.question, history=question.history)
        seconds = perf_counter() - started
        positions = assistant.positions(question.question) if question.category == "position" else ()
        rows.append(_row(question, answer, positions, seconds, documents))
        if progress:
            progress("Vragen stellen", number, len(questions))
    return _report(tuple(rows))


def run(
    assistant: Answers,
    questions_path: Path,
    out_dir: Path,
    baseline_path: Path | None = None,
    *,
    versions: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> tuple[Report, Comparison | None]:
    """Evaluate a set of questions and write `report.json`, `report.md` and `report.html`.

    Args:
        assistant: what is measured.
        questions_path: the set of questions.
        out_dir: folder for the reports; made if needed.
        baseline_path: a former `report.json` to compare with. It is read before anything is written, so it may be
            the one in `out_dir`.
        versions: what was measured (fingerprints of index and encoder), by name; copied into the reports.
        progress: as in `evaluate`.

    Raises:
        EvaluationError: the questions or the baseline cannot be used, or the reports cannot be written.
    """
    baseline = load_baseline(baseline_path) if baseline_path else None
    questions = load_questions(questions_path, assistant.documents)
    report = evaluate(assistant, questions, progress)
    comparison = compare(report, baseline) if baseline else None
    write_report(report, out_dir, comparison, versions or {})
    return report, comparison


def _row(
    question: Question,
    answer: Answer,
    positions: Sequence[Position],
    seconds: float,
    documents: Mapping[str, Document],
) -> Row:
    measured = _answerable_scores(question, answer) if question.answerable else _unanswerable_scores(answer)
    if question.answerable and question.category == "position":
        measured |= _position_scores(question, answer, positions, documents)
    measured |= _source_scores(answer, documents)
    scores = {name: value for name, value in measured.items() if value is not None}
    return Row(
        question=question,
        answer=answer,
        scores=scores,
        quality=_quality(question, answer, scores),
        low_overlap=question.answerable and metrics.word_overlap(question.question, question.gold) <= LOW_OVERLAP,
        seconds=seconds,
    )


def _quality(question: Question, answer: Answer, scores: Mapping[str, float]) -> float:
    """How good an answer is (0..1): only to put questions in order, not a metric of the field.

    Answerable: 0 when refused, else the mean of `QUALITY_PARTS`, without citations 0 for their precision. Not
    answerable: 1 when refused, ½ when partial, 0 when answered.
    """
    if not question.answerable:
        return {"not_found": 1.0, "partial": 0.5, "answered": 0.0}[answer.status]
    if answer.status == "not_found":
        return 0.0
    known = {"citation_precision": 0.0, **scores}
    parts = [known[name] for name in QUALITY_PARTS if name in known]
    return sum(parts) / len(parts)


def _source_scores(answer: Answer, documents: Mapping[str, Document]) -> dict[str, float | None]:
    numbers = [citation.number for citation in answer.citations]
    faults = metrics.dangling_marks(answer.text, numbers) + metrics.unused_citations(answer.text, numbers)
    return {"verbatim": metrics.verbatim_share(answer.citations, documents), "sound_marks": float(not faults)}


def _answerable_scores(question: Question, answer: Answer) -> dict[str, float | None]:
    ranks = metrics.first_ranks([hit.passage for hit in answer.hits], question.gold)
    accepted = question.gold + question.also_ok
    words = float(metrics.word_count(answer.text))
    return {
        **{f"hit@{k}": metrics.hit_at_k(ranks, k) for k in (1, 3, 5)},
        "mrr@10": metrics.reciprocal_rank(ranks, 10),
        "ndcg@10": metrics.ndcg(ranks, 10),
        "recall@5": metrics.recall_at_k(ranks, 5),
        "citation_recall": metrics.citation_recall(answer.citations, question.gold),
        "gold_quoted": metrics.gold_quoted(answer.citations, question.gold),
        "citation_precision": metrics.citation_precision(answer.citations, accepted),
        "character_precision": metrics.character_precision(answer.citations, accepted),
        "must_include": metrics.must_include_share(answer.text, question.must_include),
        "words": words,
        "words_prose": None if question.category == "list" else words,
        "hedged": float(answer.status == "partial"),
        "wrong_refusal": float(answer.status == "not_found"),
    }


def _position_scores(
    question: Question, answer: Answer, positions: Sequence[Position], documents: Mapping[str, Document]
) -> dict[str, float | None]:
    return {
        "right_voice": metrics.voice_share(answer.citations, question.gold, documents),
        "positions_found": metrics.citation_recall([found.citation for found in positions], question.gold),
    }


def _unanswerable_scores(answer: Answer) -> dict[str, float | None]:
    return {
        "right_refusal": float(answer.status == "not_found"),
        "partial": float(answer.status == "partial"),
        "wrong_answer": float(answer.status == "answered"),
    }


def _report(rows: tuple[Row, ...]) -> Report:
    by_category = {category: [row for row in rows if row.question.category == category] for category in CATEGORIES}
    seconds = [row.seconds for row in rows]
    return Report(
        rows=rows,
        total=_group("total", rows),
        categories=tuple(_group(category, members) for category, members in by_category.items() if members),
        low_overlap=_group("low_overlap", [row for row in rows if row.low_overlap]),
        followups=_followups(rows),
        reliability=reliability([(row.answer.probability, row.question.answerable) for row in rows]),
        latency=Latency(percentile(seconds, 50), percentile(seconds, 95)),
    )


def _group(name: str, rows: Sequence[Row]) -> Group:
    values = {metric: [row.scores[metric] for row in rows if metric in row.scores] for metric in METRICS}
    estimates = {metric: bootstrap_mean(found) for metric, found in values.items() if found}
    return Group(name, len(rows), estimates)


def _followups(rows: Sequence[Row]) -> dict[str, Versus]:
    """Follow-up questions against questions without a history."""
    compared = {}
    for metric in FOLLOWUP_METRICS:
        later = [row.scores[metric] for row in rows if row.question.history and metric in row.scores]
        first = [row.scores[metric] for row in rows if not row.question.history and metric in row.scores]
        if first and later:
            compared[metric] = Versus(bootstrap_mean(first), bootstrap_mean(later), bootstrap_between(later, first))
    return compared

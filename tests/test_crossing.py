"""Several visitors ask at once: each gets answers, citations and history of their own (benchmarks/load.py, short)."""

from __future__ import annotations

import sys

from serving import served

from assistant.pipeline import Assistant
from assistant.settings import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

from load import Outcome, Reply, crossings, visit

QUESTIONS = (
    "Met wie kan ik contact opnemen bij NOV?",
    "En haar e-mailadres?",
    "Welke uitdagingen noemen gemeenten zelf?",
    "Hoe bak ik een appeltaart?",
    "Wat is de institutionele basis?",
    "En wie werkten daaraan mee?",
)
DIFFERENT = (QUESTIONS[0], QUESTIONS[2], QUESTIONS[4])
"""Each is answered from a place of its own, so that answers that cross are seen."""


def test_nothing_crosses_between_visitors(assistant: Assistant) -> None:
    with served(assistant) as url:
        replies = visit(url, visitors=8, questions=QUESTIONS, seconds=600, most=6)
    assert len(replies) == 48
    assert crossings(replies, assistant) == []
    seen = {reply.outcome.citations for reply in replies if reply.asked[-1] in DIFFERENT}
    assert len(seen) >= len(DIFFERENT)


def test_a_crossing_is_noticed(assistant: Assistant) -> None:
    question, other = QUESTIONS[0], QUESTIONS[2]
    answer = assistant.ask(question)
    own = Outcome(answer.status, tuple((row.document, row.start, row.end) for row in answer.citations))
    assert crossings([Reply((question,), (question,), own, 0, 0)], assistant) == []
    for strange in (
        Reply((question,), (other,), own, 0, 0),
        Reply((question,), (other, question), own, 0, 0),
        Reply((question,), (question,), Outcome("answered", (("ander.txt", 0, 5),)), 0, 0),
    ):
        assert len(crossings([strange], assistant)) == 1

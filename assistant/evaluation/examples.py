"""The part of the report about single questions: wrong refusals, wrong answers, and the worst answers in full."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evaluation import metrics
from assistant.evaluation.formatting import GROUPS, STATUSES, count, plain, quoted
from assistant.evaluation.questions import Question
from assistant.evaluation.results import Report, Row, best_rank

WORST = 20


def faults(row: Row) -> list[str]:
    """Why an answer counts as bad, as Dutch sentences, the gravest first; empty for a perfect one."""
    if not row.question.answerable:
        found = {
            "answered": ["De documenten geven hier geen antwoord op, maar de assistent gaf er toch een."],
            "partial": ["De assistent liet iets verwants zien en zei dat erbij. ‘Niet gevonden’ was beter geweest."],
            "not_found": [],
        }[row.answer.status]
    elif row.answer.status == "not_found":
        found = ["De assistent zei ‘niet gevonden’, maar de documenten geven wel antwoord.", *_finding(row)]
    else:
        found = [*_citing(row), *_finding(row)]
    if row.scores.get("verbatim", 1.0) < 1:
        found.append("Een citaat staat niet letterlijk in het document.")
    if row.scores["sound_marks"] < 1:
        found.append("Een verwijzing klopt niet.")
    return found


def _finding(row: Row) -> list[str]:
    rank = best_rank(row.scores)
    if rank is None:
        return ["Bij de eerste tien passages die de assistent vond, zat geen juiste."]
    if row.answer.status == "not_found":
        return [f"Een juiste passage was wel gevonden, op plek {rank}."]
    return [f"De eerste juiste passage stond op plek {rank}, niet bovenaan."] if rank > 1 else []


def _citing(row: Row) -> list[str]:
    question, citations = row.question, row.answer.citations
    if not citations:
        return ["Het antwoord citeert niets."]
    found = []
    cited = round(row.scores["citation_recall"] * len(question.gold))
    if cited < len(question.gold):
        places = count(len(question.gold), "plaats", "plaatsen")
        found.append(f"Het antwoord staat op {places}; daarvan zijn er {cited} geciteerd.")
    fitting = round(row.scores["citation_precision"] * len(citations))
    if fitting < len(citations):
        found.append(f"Passende citaten: {fitting} van de {len(citations)}.")
    lacking = metrics.missing(row.answer.text, question.must_include)
    if lacking:
        found.append(f"Dit had erin moeten staan: {'; '.join(f'‘{group[0]}’' for group in lacking)}.")
    return found


def refusals(report: Report) -> list[str]:
    """Every question that was wrongly refused, and every one that was wrongly answered."""
    refused = [row for row in report.rows if row.scores.get("wrong_refusal")]
    answered = [row for row in report.rows if row.scores.get("wrong_answer")]
    return [
        "## Ten onrechte ‘niet gevonden’",
        _questions(refused),
        "## Een antwoord waar er geen is",
        _questions(answered),
    ]


def _questions(rows: Sequence[Row]) -> str:
    return "\n".join(f"- {plain(row.question.id)}: {plain(row.question.question)}" for row in rows) or "Geen."


def worst(report: Report) -> list[str]:
    """The `WORST` worst answers in full, with what was right and why each counts as bad."""
    ordered = sorted((row for row in report.rows if row.quality < 1), key=lambda row: (row.quality, row.question.id))
    shown = ordered[:WORST]
    parts = [
        "## De slechtste antwoorden",
        "De antwoorden die het verst afstaan van wat we verwachtten, het slechtste eerst." if shown else "Geen.",
    ]
    for row in shown:
        parts += _one(row)
    return parts


def _one(row: Row) -> list[str]:
    question = row.question
    return [
        f"### {plain(question.id)} ({GROUPS[question.category]})",
        *(f"Eerder gevraagd: {plain(turn)}" for turn in question.history),
        f"**Vraag:** {plain(question.question)}",
        f"**Verwacht:** {plain(question.reference)}",
        *_expected(question),
        f"**Gekregen ({STATUSES[row.answer.status]}):**",
        quoted(row.answer.text),
        *(f"\\[{c.number}\\] {plain(c.document)}, teken {c.start} tot {c.end}" for c in row.answer.citations),
        "**Waarom dit geen goed antwoord is:**",
        "\n".join(f"- {plain(fault)}" for fault in faults(row)),
    ]


def _expected(question: Question) -> list[str]:
    places = [f"- {plain(gold.document)}: “{plain(gold.quote)}”" for gold in question.gold]
    return ["Dat staat in:", "\n".join(places)] if places else []

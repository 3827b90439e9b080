"""The first page of the report: the outcome in words, and how to read the figures."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.evaluation.compare import Comparison
from assistant.evaluation.formatting import GROUPS, count, duration, figure, number, percent, times
from assistant.evaluation.intervals import Estimate
from assistant.evaluation.results import METRICS, Group, Report, Versus

FEW = 10
"""A group with fewer questions gets a warning."""


def summary(report: Report, comparison: Comparison | None) -> list[str]:
    """A heading and a list with the outcome in words."""
    scores = report.total.metrics
    answerable = sum(row.question.answerable for row in report.rows)
    others = len(report.rows) - answerable
    lines = [
        f"We stelden de assistent {count(len(report.rows), 'vraag', 'vragen')}. "
        f"Op {answerable} daarvan geven de documenten antwoord, op {others} niet."
    ]
    if answerable:
        lines += [
            f"**Vinden.** Bij {figure('hit@5', scores)} van de vragen staat een juiste passage bij de eerste vijf; "
            f"bij {figure('hit@1', scores)} staat die bovenaan.",
            *_in_other_words(report.low_overlap),
            *_answering(scores),
            *_followups(report.followups),
            *_positions(scores),
            f"**Ten onrechte ‘niet gevonden’.** Dat zei de assistent bij {times('wrong_refusal', scores)} vragen "
            "waarop de documenten wel antwoord geven.",
        ]
    if others:
        lines.append(
            f"**Terecht ‘niet gevonden’.** Dat zei de assistent bij {times('right_refusal', scores)} vragen waarop de "
            f"documenten geen antwoord geven. Bij {times('partial', scores)} liet hij iets verwants zien en zei dat "
            f"erbij. Bij {times('wrong_answer', scores)} gaf hij toch een antwoord; dat had niet gemogen."
        )
    lines += [_sources(report), _chances(report), _speed(report)]
    if comparison:
        lines.append(_verdict(comparison))
    return ["## In het kort", "\n".join(f"- {line}" for line in lines)]


def _in_other_words(group: Group) -> list[str]:
    if not group.questions:
        return []
    return [
        f"**In andere woorden.** {count(group.questions, 'vraag heeft', 'vragen hebben')} hooguit een derde van de "
        f"inhoudswoorden met de tekst gemeen. Daarbij lukt het vinden bij {figure('hit@5', group.metrics)}."
    ]


def _answering(scores: Mapping[str, Estimate]) -> list[str]:
    told = f"**Antwoorden.** Een antwoord citeert gemiddeld {figure('citation_recall', scores)} van de plaatsen "
    told += "die we verwachtten."
    if "citation_precision" in scores:
        told += f" Van de citaten past {figure('citation_precision', scores)} bij de vraag."
    if "must_include" in scores:
        told += f" Van de woorden die erin moeten staan, staat {figure('must_include', scores)} erin."
    return [told, f"**Lengte.** Een antwoord is gemiddeld {number(scores['words'].mean, 0)} woorden lang."]


def _followups(found: Mapping[str, Versus]) -> list[str]:
    if not found:
        return []
    both = found["gold_quoted"]
    return [
        f"**Doorvragen.** Bij {percent(both.followup.mean)} van de vervolgvragen citeert het antwoord minstens één "
        f"verwachte zin; bij eerste vragen is dat {percent(both.first.mean)}."
    ]


def _positions(scores: Mapping[str, Estimate]) -> list[str]:
    if "right_voice" not in scores:
        return []
    return [
        "**Wie zegt het.** Bij vragen naar een standpunt is "
        f"{figure('right_voice', scores)} van de citaten van de juiste spreker."
    ]


def _sources(report: Report) -> str:
    wrong = [row.question.id for row in report.rows if row.scores.get("verbatim", 1.0) < 1]
    marks = [row.question.id for row in report.rows if row.scores["sound_marks"] < 1]
    if not wrong and not marks:
        return "**Bronnen.** Alle citaten staan letterlijk in een document, en alle verwijzingen kloppen."
    faults = []
    if wrong:
        faults.append(f"bij {', '.join(wrong)} staat een citaat niet letterlijk in het document")
    if marks:
        faults.append(f"bij {', '.join(marks)} klopt een verwijzing niet")
    return f"**Let op, bronnen:** {'; '.join(faults)}."


def _chances(report: Report) -> str:
    return (
        "**Zelfkennis.** De assistent schat bij elke vraag hoe groot de kans is dat de documenten antwoord geven. "
        f"Die schatting zit er gemiddeld {number(100 * report.reliability.error, 0)} procentpunt naast."
    )


def _speed(report: Report) -> str:
    return (
        f"**Snelheid.** De helft van de antwoorden kwam binnen {duration(report.latency.p50)}, "
        f"95 van de 100 binnen {duration(report.latency.p95)}."
    )


def _verdict(comparison: Comparison) -> str:
    worse = [METRICS[name].label for name, found in comparison.differences.items() if found.verdict == "worse"]
    better = [METRICS[name].label for name, found in comparison.differences.items() if found.verdict == "better"]
    said = [f"slechter werd: {', '.join(worse)}"] if worse else ["geen cijfer werd duidelijk slechter"]
    if better:
        said.append(f"beter werd: {', '.join(better)}")
    return f"**Vergeleken met de vorige meting:** {'; '.join(said)}."


def explanation(report: Report) -> list[str]:
    """How to read intervals, what the words mean, and which groups are too small to say much."""
    few = [GROUPS[group.name] for group in report.categories if group.questions < FEW]
    paragraphs = [
        "## Zo leest u de cijfers",
        "Achter elk cijfer staan tussen haakjes twee grenzen. Met andere vragen van dezelfde soort zou het cijfer "
        "anders zijn; naar verwachting ligt het dan 95 van de 100 keer tussen die grenzen. Liggen ze ver uit elkaar, "
        "dan zegt het cijfer weinig. Staat er twee keer hetzelfde, zoals ‘0% tot 0%’, dan kwam er bij alle vragen "
        "hetzelfde uit; bij weinig vragen is ook dat niet zeker.",
        "Een *passage* is een stukje van een document. Een *vindplaats* is een plaats in een document waar (een deel "
        "van) het antwoord staat; bij elke vraag hebben we die vooraf aangewezen.",
    ]
    if few:
        paragraphs.append(f"Minder dan {FEW} vragen, dus weinig zeker: {', '.join(few)}.")
    return paragraphs

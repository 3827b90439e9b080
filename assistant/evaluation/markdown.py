"""The report of an evaluation for people: Markdown in plain Dutch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.evaluation.compare import Change, Comparison
from assistant.evaluation.formatting import count, figure, interval, number, plain, quoted, table, times
from assistant.evaluation.questions import Question
from assistant.evaluation.results import METRICS, Group, Report, Row

WORST = 20
FEW = 10
"""A group with fewer questions gets a warning."""

GROUPS = {
    "total": "alle vragen",
    "low_overlap": "weinig woorden uit de tekst",
    "fact": "feit",
    "list": "opsomming",
    "explain": "uitleg",
    "position": "standpunt",
    "multi": "meer dan één vindplaats",
    "compare": "vergelijking",
    "paraphrase": "in heel andere woorden",
    "typo": "met tikfouten",
    "abbreviation": "afkorting",
    "keyword": "losse zoekwoorden",
    "followup": "vervolgvraag",
    "english": "in het Engels",
    "unanswerable_near": "lijkt erop, staat er niet in",
    "unanswerable_far": "heel ander onderwerp",
    "adversarial": "strikvraag",
}
STATUSES = {"answered": "antwoord", "partial": "alleen iets verwants", "not_found": "niet gevonden"}
VERDICTS = {"better": "**beter**", "worse": "**slechter**", "unclear": "kan toeval zijn", "none": "–"}
DIRECTIONS = {"higher": "hoger", "lower": "lager", "neither": "–"}

ANSWERING = ("hit@1", "hit@3", "hit@5", "citation_recall", "citation_precision", "must_include", "wrong_refusal")
REFUSING = ("right_refusal", "partial", "wrong_answer")


def to_markdown(report: Report, comparison: Comparison | None, versions: Mapping[str, str]) -> str:
    """The whole report, for a reader who knows nothing of this field."""
    parts = [
        "# Hoe goed antwoordt de assistent?",
        *_summary(report, comparison),
        *_explanation(report),
        "## Vragen waarop de documenten antwoord geven",
        _group_table((report.total, *_paraphrased_first(report)), ANSWERING),
        "## Vragen waarop de documenten geen antwoord geven",
        _group_table((report.total, *report.categories), REFUSING),
        "## Alle cijfers",
        _total_table(report.total),
        *(_comparison(comparison, report) if comparison else ()),
        *_refusals(report),
        *_worst(report),
        *_versions(versions),
    ]
    return "\n\n".join(parts) + "\n"


# ---- in words


def _summary(report: Report, comparison: Comparison | None) -> list[str]:
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
            f"**Antwoorden.** Een antwoord citeert gemiddeld {figure('citation_recall', scores)} van de plaatsen "
            "die we verwachtten.",
            f"**Ten onrechte ‘niet gevonden’.** Dat zei de assistent bij {times('wrong_refusal', scores)} vragen "
            "waarop de documenten wel antwoord geven.",
        ]
    if others:
        lines.append(
            f"**Terecht ‘niet gevonden’.** Dat zei de assistent bij {times('right_refusal', scores)} vragen waarop de "
            f"documenten geen antwoord geven. Bij {times('partial', scores)} liet hij iets verwants zien en zei dat "
            f"erbij. Bij {times('wrong_answer', scores)} gaf hij toch een antwoord; dat had niet gemogen."
        )
    lines += [_sources(report), _speed(report)]
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


def _speed(report: Report) -> str:
    return (
        f"**Snelheid.** De helft van de antwoorden kwam binnen {number(report.latency.p50)} seconden, "
        f"95 van de 100 binnen {number(report.latency.p95)} seconden."
    )


def _verdict(comparison: Comparison) -> str:
    worse = [METRICS[name].label for name, found in comparison.differences.items() if found.verdict == "worse"]
    better = [METRICS[name].label for name, found in comparison.differences.items() if found.verdict == "better"]
    said = [f"slechter werd: {', '.join(worse)}"] if worse else ["geen cijfer werd duidelijk slechter"]
    if better:
        said.append(f"beter werd: {', '.join(better)}")
    return f"**Vergeleken met de vorige meting:** {'; '.join(said)}."


def _explanation(report: Report) -> list[str]:
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


# ---- tables


def _paraphrased_first(report: Report) -> list[Group]:
    """The hardest questions, those in other words than the text, come first."""
    paraphrase = [group for group in report.categories if group.name == "paraphrase"]
    others = [group for group in report.categories if group.name != "paraphrase"]
    return [report.low_overlap, *paraphrase, *others]


def _group_table(groups: Iterable[Group], names: Sequence[str]) -> str:
    """One line for each group that has any of these metrics."""
    rows = [
        [
            GROUPS[group.name],
            str(max(group.metrics[name].n for name in names if name in group.metrics)),
            *(interval(name, group.metrics[name]) if name in group.metrics else "–" for name in names),
        ]
        for group in groups
        if any(name in group.metrics for name in names)
    ]
    if not rows:
        return "Zulke vragen zaten er niet bij."
    return table(["soort vraag", "aantal", *(METRICS[name].label for name in names)], rows)


def _total_table(total: Group) -> str:
    rows = [
        [METRICS[name].label, name, interval(name, found), str(found.n), DIRECTIONS[METRICS[name].better]]
        for name, found in total.metrics.items()
    ]
    return table(["cijfer", "vakterm", "uitkomst", "over hoeveel vragen", "beter is"], rows)


# ---- against a former evaluation


def _comparison(comparison: Comparison, report: Report) -> list[str]:
    before = comparison.latency_before
    rows = [
        [METRICS[name].label, interval(name, found.estimate, signed=True), VERDICTS[found.verdict]]
        for name, found in comparison.differences.items()
    ]
    parts = [
        "## Vergeleken met de vorige meting",
        f"Vergeleken op {count(comparison.compared, 'vraag', 'vragen')} die in beide metingen gelijk zijn.",
        table(["cijfer", "verschil", "oordeel"], rows),
        f"Snelheid: de helft binnen {number(report.latency.p50)} seconden (was {number(before.p50)}), 95 van de 100 "
        f"binnen {number(report.latency.p95)} (was {number(before.p95)}). Op een andere computer is dat anders; "
        "daarom geven we hier geen oordeel over.",
        "Verschillen in procenten zijn procentpunten. Achter een vraag staat hoeveel het antwoord beter of slechter "
        "werd: van -1 (van goed naar fout) tot +1 (van fout naar goed).",
        _changes("Beter geworden", comparison.better),
        _changes("Slechter geworden", comparison.worse),
    ]
    if comparison.left_out:
        parts.append(f"Niet vergeleken (nieuw, weg of veranderd): {', '.join(comparison.left_out)}.")
    return parts


def _changes(title: str, changes: Sequence[Change]) -> str:
    lines = [f"**{title}: {count(len(changes), 'vraag', 'vragen')}**"]
    lines += [
        f"- {plain(change.id)}: {plain(change.question)} ({STATUSES[change.before]} → {STATUSES[change.after]}, "
        f"{number(change.gain, signed=True)})"
        for change in changes
    ]
    return "\n".join([lines[0], "", *lines[1:]]).rstrip()


# ---- single questions


def _refusals(report: Report) -> list[str]:
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


def _worst(report: Report) -> list[str]:
    ordered = sorted((row for row in report.rows if row.quality < 1), key=lambda row: (row.quality, row.question.id))
    worst = ordered[:WORST]
    parts = [
        "## De slechtste antwoorden",
        "De antwoorden die het verst afstaan van wat we verwachtten, het slechtste eerst." if worst else "Geen.",
    ]
    for row in worst:
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
    ]


def _expected(question: Question) -> list[str]:
    places = [f"- {plain(gold.document)}: “{plain(gold.quote)}”" for gold in question.gold]
    return ["Dat staat in:", "\n".join(places)] if places else []


def _versions(versions: Mapping[str, str]) -> list[str]:
    lines = [f"- {plain(name)}: {plain(version)}" for name, version in sorted(versions.items())]
    return ["## Wat er gemeten is", "\n".join(lines)] if lines else []

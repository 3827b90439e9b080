"""What the report for people holds, in order: text as Markdown, in plain Dutch, and plots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.evaluation.compare import Change, Comparison
from assistant.evaluation.examples import refusals, worst
from assistant.evaluation.figures import Figure, bars, latency_columns, latency_plot, reliability_plot
from assistant.evaluation.formatting import (
    DIRECTIONS,
    GROUPS,
    STATUSES,
    VERDICTS,
    count,
    duration,
    interval,
    number,
    percent,
    plain,
    table,
)
from assistant.evaluation.reliability import Reliability
from assistant.evaluation.results import METRICS, Group, Report, Versus
from assistant.evaluation.summary import explanation, summary
from assistant.schema import Status

FINDING = ("hit@1", "hit@3", "hit@5")
ANSWERING = ("gold_quoted", "citation_recall", "citation_precision", "must_include", "words")
HEDGING = ("wrong_refusal", "hedged")
REFUSING = ("right_refusal", "partial", "wrong_answer")

Block = str | Figure


def content(report: Report, comparison: Comparison | None, versions: Mapping[str, str]) -> list[Block]:
    """The whole report, for a reader who knows nothing of this field; each block of Markdown stands by itself."""
    answerable = (report.total, *_paraphrased_first(report))
    return [
        "# Hoe goed antwoordt de assistent?",
        *summary(report, comparison),
        *explanation(report),
        "## Vragen waarop de documenten antwoord geven",
        *_bars(report, "gold_quoted", "citation_precision"),
        "### Wat het antwoord citeert en noemt",
        _group_table(answerable, ANSWERING),
        "### Of de juiste passage wordt gevonden",
        _group_table(answerable, FINDING),
        "### Hoe zeker het antwoord wordt gegeven",
        _group_table(answerable, HEDGING),
        *_bars(report, "wrong_refusal"),
        "## Vragen waarop de documenten geen antwoord geven",
        *_bars(report, "right_refusal"),
        _group_table((report.total, *report.categories), REFUSING),
        *_followups(report.followups),
        *_positions(report),
        *_reliability(report.reliability),
        *_latency(report),
        "## Alle cijfers",
        _total_table(report.total),
        *(_comparison(comparison, report) if comparison else ()),
        *refusals(report),
        *worst(report),
        *_versions(versions),
    ]


def to_markdown(blocks: Sequence[Block]) -> str:
    """The report as Markdown. Plots are left out; what they show also stands in the tables."""
    return "\n\n".join(block for block in blocks if isinstance(block, str)) + "\n"


# ---- tables and plots


def _bars(report: Report, *names: str) -> list[Figure]:
    """A plot with a bar for each category, for each metric that any of them has."""
    found = {
        name: [(GROUPS[group.name], group.metrics[name]) for group in report.categories if name in group.metrics]
        for name in names
    }
    return [bars(f"{_sentence(METRICS[name].label)}, per soort vraag", rows) for name, rows in found.items() if rows]


def _sentence(label: str) -> str:
    return label[:1].upper() + label[1:]


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
    return table(["cijfer", "vakterm", "uitkomst", "over hoeveel vragen", "beter is"], rows, texts=2)


def _followups(found: Mapping[str, Versus]) -> list[str]:
    if not found:
        return []
    rows = [
        [
            METRICS[name].label,
            interval(name, both.first),
            interval(name, both.followup),
            interval(name, both.difference, signed=True),
        ]
        for name, both in found.items()
    ]
    asked = count(max(both.followup.n for both in found.values()), "vervolgvraag", "vervolgvragen")
    return [
        "## Vervolgvragen naast eerste vragen",
        "Een vervolgvraag, zoals ‘En wie betaalt dat?’, is alleen te begrijpen met de vraag ervoor. Hij hoort even "
        "goed te worden beantwoord. Het verschil is in procentpunten. Ligt 0 tussen de grenzen, dan kan het "
        f"toeval zijn. We stelden {asked} waarop de documenten antwoord geven.",
        table(["cijfer", "eerste vragen", "vervolgvragen", "verschil"], rows),
    ]


def _positions(report: Report) -> list[str]:
    group = next((group for group in report.categories if group.name == "position"), None)
    if group is None:
        return []
    names = ("right_voice", "positions_found", "gold_quoted", "citation_precision", "wrong_refusal")
    rows = [
        [METRICS[name].label, interval(name, group.metrics[name]), str(group.metrics[name].n)]
        for name in names
        if name in group.metrics
    ]
    if not rows:
        return []
    return [
        "## Vragen naar een standpunt",
        "Wat deelnemers of onderzoekers zeggen, is geen standpunt van NOV. Daarom meten we of een citaat van de "
        "spreker is om wie het gaat. Het *overzicht van standpunten* is de lijst die `positions` bij dezelfde vraag "
        "geeft.",
        table(["cijfer", "uitkomst", "over hoeveel vragen"], rows),
    ]


def _reliability(found: Reliability) -> list[Block]:
    rows = [
        [
            f"{percent(part.low)} tot {percent(part.high)}",
            str(part.came_true.n),
            percent(part.said),
            f"{percent(part.came_true.mean)} ({percent(part.came_true.low)} tot {percent(part.came_true.high)})",
        ]
        for part in found.bins
    ]
    return [
        "## Klopt de kans die de assistent noemt?",
        "De assistent schat bij elke vraag hoe groot de kans is dat de documenten antwoord geven. Daarvan hangt af of "
        "hij antwoordt of ‘niet gevonden’ zegt. Noemt hij bij tien vragen 70%, dan horen de documenten er zeven te "
        "beantwoorden.",
        f"Gemiddeld zit de genoemde kans er {number(100 * found.error, 1)} procentpunt naast (vakterm: expected "
        "calibration error; 0 is het beste).",
        reliability_plot(found),
        table(["genoemde kans", "aantal vragen", "gemiddeld genoemd", "werkelijk te beantwoorden"], rows),
    ]


def _latency(report: Report) -> list[Block]:
    columns = latency_columns([row.seconds for row in report.rows], report.latency.p95)
    rows = [
        [columns.label(place), str(amount), percent(sum(columns.counts[: place + 1]) / len(report.rows))]
        for place, amount in enumerate(columns.counts)
        if amount
    ]
    return [
        "## Hoe lang een antwoord duurt",
        latency_plot(columns, report.latency),
        table(["seconden", "aantal antwoorden", "dan is er zoveel beantwoord"], rows),
    ]


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
        f"Snelheid: de helft binnen {duration(report.latency.p50)} (was {duration(before.p50)}), 95 van de 100 binnen "
        f"{duration(report.latency.p95)} (was {duration(before.p95)}). Op een andere computer is dat anders; daarom "
        "geven we hier geen oordeel over.",
        "Verschillen in procenten zijn procentpunten. Bij elke vraag hieronder staat wat de assistent ervan maakte, en "
        "op welke plek de eerste juiste passage stond. Staat er geen plek bij, dan zat die niet bij de eerste tien of "
        "bestaat die niet. Het verschil loopt van -1 (van goed naar fout) tot +1 (van fout naar goed).",
        *_changes("Beter geworden", comparison.better),
        *_changes("Slechter geworden", comparison.worse),
    ]
    if comparison.left_out:
        parts.append(f"Niet vergeleken (nieuw, weg of veranderd): {', '.join(comparison.left_out)}.")
    return parts


def _changes(title: str, changes: Sequence[Change]) -> list[str]:
    heading = f"### {title}: {count(len(changes), 'vraag', 'vragen')}"
    if not changes:
        return [heading]
    rows = [
        [
            f"{plain(change.id)}: {plain(change.question)}",
            _state(change.before, change.rank_before),
            _state(change.after, change.rank_after),
            number(change.gain, signed=True),
        ]
        for change in changes
    ]
    return [heading, table(["vraag", "was", "is nu", "verschil"], rows, texts=3)]


def _state(status: Status, rank: int | None) -> str:
    return f"{STATUSES[status]}, plek {rank}" if rank else STATUSES[status]


def _versions(versions: Mapping[str, str]) -> list[str]:
    lines = [f"- {plain(name)}: {plain(version)}" for name, version in sorted(versions.items())]
    return ["## Wat er gemeten is", "\n".join(lines)] if lines else []

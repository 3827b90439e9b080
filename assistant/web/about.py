"""What the assistant is, what it does and does not do, and how well (AI Act, article 50: people are told).

The figures come from the kept evaluation report; none is written here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from assistant.schema import Document
from assistant.settings import ROOT
from assistant.web.render import join
from assistant.web.welcome import describe

REPORT = ROOT / "benchmarks" / "baseline.json"

MEASURED = (
    ("hit@5", "Bij een vraag die de documenten beantwoorden, staat de goede passage bij de eerste vijf."),
    ("citation_precision", "Een citaat in een antwoord komt uit een passage die de vraag beantwoordt."),
    ("wrong_refusal", "De assistent zegt ‘niet gevonden’, terwijl het antwoord er wel staat."),
    ("wrong_answer", "De assistent geeft antwoord op een vraag die de documenten niet beantwoorden."),
    ("verbatim", "Wat tussen aanhalingstekens staat, staat woordelijk in het document."),
)
"""Metrics of the report, and what each means for a visitor."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured.

    Attributes:
        questions: number of questions.
        shares: for each metric its mean and 95% interval, as shares 0..1.
        index: fingerprint of the index that was measured.
    """

    questions: int
    shares: dict[str, tuple[float, float, float]]
    index: str


def read_figures(report: Path = REPORT) -> Figures | None:
    """The figures of a report; None if there is none that can be read."""
    try:
        content = json.loads(report.read_text(encoding="utf-8"))
        metrics = content["total"]["metrics"]
        shares = {
            name: (float(metrics[name]["mean"]), float(metrics[name]["low"]), float(metrics[name]["high"]))
            for name, _ in MEASURED
            if name in metrics
        }
        return Figures(int(content["total"]["questions"]), shares, str(content["versions"]["index"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


QUOTED = "Hij antwoordt met zinnen uit de documenten."
WRITTEN = (
    "Een taalmodel schrijft de antwoorden. Elke zin wordt nagekeken in de documenten. Wat daar niet in staat, wordt "
    "doorgestreept."
)
STAYS = "Uw vragen gaan naar de computer waarop deze assistent draait, en nergens anders heen."
SENT_ON = (
    "Uw vragen gaan naar de computer waarop deze assistent draait. Die stuurt uw vraag, uw eerdere vragen in het "
    "gesprek en stukken uit de documenten naar de computer van het taalmodel."
)
KEPT = (
    "Zegt u of een antwoord hielp, dan bewaren we uw oordeel met de vraag, het antwoord en de bronnen. Ook vragen "
    "waarop niets is gevonden, bewaren we. We bewaren niet wie u bent."
)


def render_about(
    documents: Sequence[Document], index: str, writes: bool = False, keeps: bool = False, report: Path = REPORT
) -> Markup:
    """The view 'Over deze assistent'.

    Args:
        documents: what the assistant knows.
        index: fingerprint of the index in use.
        writes: whether a language model writes the answers.
        keeps: whether what visitors say of answers is kept.
        report: where the evaluation report stands.
    """
    return Markup(
        '<h2 id="view-title">Over deze assistent</h2>'
        "<p>U praat hier met een computerprogramma, niet met een mens. Het programma zoekt in documenten van "
        "Vereniging NOV en laat zien wat daarin staat.</p>"
        "<h3>Wat de assistent doet</h3><ul>"
        "<li>{} Bij elke zin staat uit welk document die komt, van wie de zin is en van wanneer.</li>"
        "<li>Hij zegt het als hij het antwoord niet vindt. Dan ziet u wat het dichtst in de buurt komt.</li>"
        "<li>Hij houdt uit elkaar wat NOV zelf zegt, wat onderzoekers zeggen en wat deelnemers aan een "
        "gesprek zeggen.</li>"
        "</ul><h3>Wat de assistent niet doet</h3><ul>"
        "<li>Hij weet alleen wat in de documenten staat. Hij zoekt niet op internet.</li>"
        "<li>Hij geeft geen advies en neemt geen besluiten.</li>"
        "<li>Hij kan de verkeerde zin kiezen of een zin missen. Lees het citaat daarom na in de bron.</li>"
        "</ul><h3>Welke documenten hij kent</h3><p>{} "
        '<a href="?beeld=bronnen" data-view="bronnen">Bekijk alle documenten</a></p>'
        "<h3>Hoe goed hij het doet</h3>{}"
        "<h3>Uw gegevens</h3><p>{}</p><p>"
        'Uw gesprekken worden bewaard in uw eigen browser. <a href="?beeld=gesprekken" data-view="gesprekken">Daar '
        "kunt u ze ook verwijderen.</a></p>"
    ).format(
        WRITTEN if writes else QUOTED,
        describe(documents),
        _figures(read_figures(report), index),
        " ".join([SENT_ON if writes else STAYS, *([KEPT] if keeps else [])]),
    )


def _figures(figures: Figures | None, index: str) -> Markup:
    if figures is None or not figures.shares:
        return Markup("<p>Er zijn nog geen meetresultaten.</p>")
    same = figures.index == index
    rows = join(
        Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>').format(
            meaning,
            _percent(figures.shares[name][0]),
            f"{_percent(figures.shares[name][1])} tot {_percent(figures.shares[name][2])}",
        )
        for name, meaning in MEASURED
        if name in figures.shares
    )
    return Markup(
        "<p>De assistent wordt gemeten met {} vaste vragen. {}</p>"
        '<table class="figures"><thead><tr><th scope="col">Wat is gemeten</th><th scope="col">Hoe vaak</th>'
        '<th scope="col">Marge (95%)</th></tr></thead><tbody>{}</tbody></table>'
    ).format(
        figures.questions,
        "De cijfers horen bij de documenten die de assistent nu kent."
        if same
        else "De documenten of de assistent zijn daarna veranderd; de cijfers kunnen nu iets anders zijn.",
        rows,
    )


def _percent(share: float) -> str:
    """A share as a Dutch percentage without decimals: '74%'."""
    return f"{round(100 * share)}%"

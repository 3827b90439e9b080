"""Plots for the HTML report, drawn as SVG. Colours and type come from the page, so they follow its light and dark."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from assistant.evaluation.formatting import count, number
from assistant.evaluation.intervals import Estimate
from assistant.evaluation.reliability import Reliability
from assistant.evaluation.results import Latency

COLUMNS = 10
"""Columns in which 95% of the latencies fit; one more holds the rest."""
FINEST = 0.001
"""Narrowest column in seconds."""

_WIDTH, _HEIGHT = 360, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 18, 16, 42
_ACROSS, _DOWN = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot as HTML; the figures in it also stand in a table or a list beside it."""

    html: Markup


@dataclass(frozen=True, slots=True)
class Columns:
    """Latencies by length.

    Attributes:
        width: seconds that a column spans; the first starts at 0.
        counts: answers for each column, `COLUMNS` of them and one for all that took longer.
    """

    width: float
    counts: tuple[int, ...]

    def label(self, column: int) -> str:
        """'0,2 tot 0,4', '2,0 of meer'."""
        decimals = max(0, -math.floor(math.log10(self.width) + 1e-9))
        low = number(column * self.width, decimals)
        return f"{low} of meer" if column == COLUMNS else f"{low} tot {number((column + 1) * self.width, decimals)}"


def latency_columns(seconds: Sequence[float], p95: float) -> Columns:
    """Count latencies in columns of 1, 2 or 5 times a power of ten seconds, wide enough for 95% of them."""
    wanted = max(p95 / COLUMNS, FINEST)
    power = 10.0 ** math.floor(math.log10(wanted) + 1e-9)
    width = next(step * power for step in (1, 2, 5, 10) if step * power >= wanted * (1 - 1e-9))
    found = Counter(min(int(value / width), COLUMNS) for value in seconds)
    return Columns(width, tuple(found[column] for column in range(COLUMNS + 1)))


def bars(title: str, rows: Iterable[tuple[str, Estimate]]) -> Figure:
    """A bar for each group with its share (0..1) and a line for its interval; label and figures stand beside it."""
    items = Markup("").join(
        Markup(
            '<li><span>{} <small>({})</small></span><svg viewBox="0 0 100 10" preserveAspectRatio="none" '
            'aria-hidden="true"><rect class="track" width="100" height="10"/><rect class="bar" width="{}" height="10"/>'
            '<rect class="range" x="{}" y="4" width="{}" height="2"/></svg>'
            "<span>{}% <small>({}% tot {}%)</small></span></li>"
        ).format(
            label,
            count(found.n, "vraag", "vragen"),
            _svg(100 * found.mean),
            _svg(100 * found.low),
            _svg(max(0.6, 100 * (found.high - found.low))),
            *(number(100 * value, 0) for value in (found.mean, found.low, found.high)),
        )
        for label, found in rows
    )
    return _figure(title, Markup('<ul class="bars">{}</ul>').format(items))


def reliability_plot(found: Reliability) -> Figure:
    """What was said (across) against what came true (up), with intervals; larger dots hold more questions."""
    most = max(part.came_true.n for part in found.bins)
    parts = [_axes("kans volgens de assistent", "werkelijk te beantwoorden", [(i / 5, f"{20 * i}%") for i in range(6)])]
    parts.append(_line("ideal", (_x(0), _y(0)), (_x(1), _y(1))))
    for part in found.bins:
        x, true = _x(part.said), part.came_true
        parts += [
            _line("range", (x, _y(true.low)), (x, _y(true.high))),
            Markup('<circle class="dot" cx="{}" cy="{}" r="{}"/>').format(
                _svg(x), _svg(_y(true.mean)), _svg(3 + 5 * math.sqrt(true.n / most))
            ),
        ]
    told = "; ".join(
        f"gemiddeld {number(100 * part.said, 0)}% genoemd, {number(100 * part.came_true.mean, 0)}% uitgekomen, "
        f"{count(part.came_true.n, 'vraag', 'vragen')}"
        for part in found.bins
    )
    title = "Op de stippellijn klopt de genoemde kans precies. Hoe groter de stip, hoe meer vragen."
    return _figure(title, _plot(f"Van links naar rechts: {told}.", parts))


def latency_plot(columns: Columns, latency: Latency) -> Figure:
    """A histogram of the latencies, with lines where half and where 95% of the answers have come."""
    highest = max(columns.counts)
    ticks = [(place / (COLUMNS + 1), columns.label(place).split()[0]) for place in range(0, COLUMNS + 1, 2)]
    parts = [_axes("seconden", f"antwoorden (hoogste: {highest})", ticks, up=False)]
    wide = _ACROSS / (COLUMNS + 1)
    for place, amount in enumerate(columns.counts):
        height = _DOWN * amount / highest * 0.85
        parts.append(
            Markup('<rect class="bar" x="{}" y="{}" width="{}" height="{}"/>').format(
                _svg(_LEFT + place * wide + 1), _svg(_y(0) - height), _svg(wide - 2), _svg(height)
            )
        )
    for name, value, y in (("de helft", latency.p50, 0.91), ("95 van de 100", latency.p95, 0.99)):
        x = _LEFT + value / columns.width * wide
        parts += [_line("mark", (x, _y(0)), (x, _y(y))), _text(x - 4, _y(y) + 8, name, "end")]
    told = "; ".join(
        f"{columns.label(place)} seconden: {amount}" for place, amount in enumerate(columns.counts) if amount
    )
    return _figure("Hoe lang een antwoord duurt", _plot(f"Aantal antwoorden per tijd. {told}.", parts))


def _figure(title: str, inside: Markup) -> Figure:
    return Figure(Markup("<figure><figcaption>{}</figcaption>{}</figure>\n").format(title, inside))


def _plot(told: str, parts: Iterable[Markup]) -> Markup:
    return Markup('<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        _WIDTH, _HEIGHT, told, Markup("").join(parts)
    )


def _axes(across: str, upwards: str, ticks: Sequence[tuple[float, str]], *, up: bool = True) -> Markup:
    """Both axes with their names; ticks (place 0..1 and label) on the horizontal one and, with `up`, on the other."""
    parts = [
        _line("axis", (_LEFT, _y(0)), (_LEFT + _ACROSS, _y(0))),
        _line("axis", (_LEFT, _y(0)), (_LEFT, _TOP)),
        _text(_LEFT + _ACROSS / 2, _HEIGHT - 6, across, "middle"),
        Markup('<text transform="translate(11 {}) rotate(-90)" text-anchor="middle">{}</text>').format(
            _svg(_TOP + _DOWN / 2), upwards
        ),
    ]
    parts += [_text(_x(place), _y(0) + 15, label, "middle") for place, label in ticks]
    parts += [_text(_LEFT - 5, _y(place) + 4, label, "end") for place, label in ticks if up]
    return Markup("").join(parts)


def _line(name: str, start: tuple[float, float], end: tuple[float, float]) -> Markup:
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(name, *map(_svg, (*start, *end)))


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(_svg(x), _svg(y), anchor, text)


def _x(share: float) -> float:
    return _LEFT + _ACROSS * share


def _y(share: float) -> float:
    return _TOP + _DOWN * (1 - share)


def _svg(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")

"""Figures, tables and foreign text in Markdown, the Dutch way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from assistant.evaluation.compare import Difference
from assistant.evaluation.intervals import Estimate
from assistant.evaluation.results import METRICS

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

_MARKUP = re.compile(r"([\\`*_<>\[\]|#~&])")


def number(value: float, decimals: int = 2, *, signed: bool = False) -> str:
    """A number with a decimal comma, never '-0'."""
    return f"{value:{'+' if signed else ''}z.{decimals}f}".replace(".", ",")


def percent(share: float) -> str:
    """A share (0..1) as a percentage without decimals."""
    return f"{number(100 * share, 0)}%"


def duration(seconds: float) -> str:
    """Seconds, below a tenth to the millisecond."""
    return f"{number(seconds, 3 if seconds < 0.1 else 2)} seconden"


def count(amount: int, one: str, many: str) -> str:
    """'1 vraag', '2 vragen'."""
    return f"{amount} {one if amount == 1 else many}"


def times(name: str, scores: Mapping[str, Estimate]) -> str:
    """A metric that is 0 or 1 for each question as '3 van de 20'."""
    return f"{round(scores[name].mean * scores[name].n)} van de {scores[name].n}"


def figure(name: str, scores: Mapping[str, Estimate]) -> str:
    """A metric with its interval, for in a sentence."""
    found = scores[name]
    return f"{_value(name, found.mean)} (tussen {_value(name, found.low)} en {_value(name, found.high)})"


def headline(name: str, found: Estimate, change: Difference | None) -> str:
    """A metric with its interval on one line and, against a former evaluation, the change and what to think of it."""
    line = f"{METRICS[name].label}: {interval(name, found)}"
    if change is None:
        return line
    points = number(100 * change.estimate.mean, 0, signed=True)
    return f"{line}; {points} procentpunt tegenover de vorige meting ({VERDICTS[change.verdict].strip('*')})"


def interval(name: str, found: Estimate, *, signed: bool = False) -> str:
    """A metric, or with `signed` a difference of it, with its interval, for in a table."""
    mean, low, high = (_value(name, value, signed=signed) for value in (found.mean, found.low, found.high))
    return f"{mean} ({low} tot {high})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, texts: int = 1) -> str:
    """A table whose first `texts` columns hold text and whose others hold figures; cells are Markdown."""
    rules = ["---" if column < texts else "---:" for column in range(len(head))]
    lines = [head, rules, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def plain(text: str) -> str:
    """Text that comes out as it is, on one line: nothing in it works as Markdown or HTML."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def quoted(text: str) -> str:
    """Text as a block quotation that keeps its lines; lists in it stay lists."""
    return "\n".join(f"> {plain(line)}".rstrip() for line in text.split("\n"))


def _value(name: str, value: float, *, signed: bool = False) -> str:
    if METRICS[name].share:
        return f"{number(100 * value, 0, signed=signed)}%"
    return number(value, METRICS[name].decimals, signed=signed)

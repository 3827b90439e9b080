"""Dutch dates in text and in file names."""

from __future__ import annotations

import re
from datetime import date

MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_IN_WORDS = r"(?P<day>\d{1,2})\s+(?P<month>[a-z]{3,9})\.?\s+(?P<year>\d{4})"
_IN_DIGITS = r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})"
_LETTER_LINES = [
    re.compile(
        rf"(?:datum\s*:?\s*|[a-z][\w'’ -]*,\s*)?(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag,?\s+)?{form}\.?",
        re.IGNORECASE,
    )
    for form in (_IN_WORDS, _IN_DIGITS)
]
_TITLE_FORMS = [
    re.compile(rf"(?<!\d){form}(?!\d)", re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})[-_.](?P<month>\d{1,2})[-_.](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})[-_./](?P<month>\d{1,2})[-_./](?P<year>\d{4})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        _IN_WORDS,
    )
]
_YEARS = range(1900, 2101)
_LETTER_HEAD = 30  # lines with text in which a letter's date stands


def iso_date(text: str) -> str:
    """The ISO date at the start of an ISO date or time; empty if there is none."""
    try:
        return date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        return ""


def letter_date(text: str) -> str:
    """The ISO date of the line near the top that holds only a date ('Utrecht, 5 september 2023'), or empty."""
    lines = [line.strip(" #*") for line in text.split("\n") if line.strip()]
    for line in lines[:_LETTER_HEAD]:
        for form in _LETTER_LINES:
            if (match := form.fullmatch(line)) and (found := _date(match)):
                return found
    return ""


def date_in_title(title: str) -> str:
    """The ISO date in a title or file name (2022-11-17, 17-11-2022, 20221117, 17 november 2022), or empty."""
    for form in _TITLE_FORMS:
        for match in form.finditer(title):
            if found := _date(match):
                return found
    return ""


def dutch_date(day: date) -> str:
    """'5 september 2023'."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _date(match: re.Match[str]) -> str:
    year, month, day = int(match["year"]), _month(match["month"]), int(match["day"])
    try:
        return date(year, month, day).isoformat() if year in _YEARS else ""
    except ValueError:
        return ""


def _month(text: str) -> int:
    """The number of a month written as a number, in full or shortened ('sept', 'mrt'); 0 if it is none."""
    if text.isdecimal():
        return int(text)
    text = "maart" if text.lower() == "mrt" else text.lower()
    return next((number for number, name in enumerate(MONTHS, start=1) if name.startswith(text)), 0)

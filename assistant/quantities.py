"""Numbers and dates in Dutch text, in digits and in words, in a form that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from assistant.citations import MONTHS
from assistant.dutch import fold
from assistant.schema import Span

_UNITS = "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien"
_SMALL = {word: value for value, word in enumerate(f"{_UNITS} achttien negentien".split())}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twintig dertig veertig vijftig zestig zeventig tachtig negentig".split(), start=2)
}
_FRACTIONS = {"anderhalf": "1.5", "anderhalve": "1.5", "half": "0.5", "halve": "0.5", "helft": "0.5", "kwart": "0.25"}
_SCALES = {"honderd": 100, "duizend": 1000, "miljoen": 10**6, "mln": 10**6, "miljard": 10**9, "mld": 10**9}

_MONTH = "|".join([*MONTHS, "jan", "feb", "mrt", "apr", "jun", "jul", "aug", "sept?", "okt", "nov", "dec"])
_COUNTED = (
    r"(?:%|€|(?:procent|euro|eur|uur|uren|keer|maal|meter|kilometer|km|mensen|personen|inwoners|vrijwilligers|leden"
    r"|deelnemers|bezoekers|bewoners|jongeren|ouderen|organisaties|verenigingen|stichtingen|gemeenten|clubs)\b)"
)
"""What stands behind a number that is no year, though it might be one."""
_DATES = [
    re.compile(rf"\b(?P<day>\d{{1,2}})\s+(?P<month>{_MONTH})\b\.?(?:\s+(?P<year>\d{{4}})\b)?"),
    re.compile(r"\b(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})\b"),
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b"),
    re.compile(rf"\b(?P<day>)(?P<month>{_MONTH})\s+(?P<year>\d{{4}})\b"),
    re.compile(rf"\b(?:in|van|sinds|tot|vanaf|eind|begin|half)\s+(?P<day>)(?P<month>{'|'.join(MONTHS)})\b(?P<year>)"),
    re.compile(rf"(?<![\d.,-])(?<!€)(?<!€ )(?P<day>)(?P<month>)(?P<year>(?:19|20)\d\d)(?![\d.,]*\d|-\d|\s?{_COUNTED})"),
]
_DIGITS = re.compile(r"(?<![\w])\d[\d.,\s/-]*\d(?!\w)|(?<!\w)\d(?!\w)")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.\s]\d{3})+(?:,\d+)?")
_PLAIN = re.compile(r"\d+(?:,\d+)?|\d+\.\d{1,2}")
_WORD = re.compile(r"[^\W\d_]+")
_UNIT_BEFORE = re.compile(r"(€|\beuro|\beur)\s*$")
_UNIT_AFTER = re.compile(r"\s*(%|procent|€|euro|eur\b)")
_SCALE_AFTER = re.compile(r"\s*(miljoen|mln|miljard|mld|duizend|honderd)\b")


@dataclass(frozen=True, slots=True)
class Number:
    """A number with '%' or '€' if it has such a unit; `value` of a telephone number is its digits."""

    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Date:
    """A date; parts that are not said are 0."""

    year: int = 0
    month: int = 0
    day: int = 0

    def within(self, other: Date) -> bool:
        """Whether all that this date says is said by the other."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(mine in (0, theirs) for mine, theirs in pairs)


@dataclass(frozen=True, slots=True)
class Quantities:
    """The numbers and dates of a text; what belongs to a date is not a number too."""

    numbers: frozenset[Number]
    dates: frozenset[Date]


@lru_cache(maxsize=10_000)
def quantities(text: str) -> Quantities:
    """All numbers and dates of a text. 'een' without accents is an article, not a number."""
    dates, rest = _dates(fold(re.sub(r"\b[EÉeé]én\b", "1", text)))
    return Quantities(frozenset(_numbers(rest)), frozenset(date for _, date in dates))


def date_spans(text: str) -> list[Span]:
    """Where the dates of a text stand, in order."""
    said = text.lower()
    if len(said) != len(text):
        return []  # a letter whose lower case is two: the places would not be those of the text
    return sorted((span for span, _ in _dates(said)[0]), key=lambda span: span.start)


def _dates(said: str) -> tuple[list[tuple[Span, Date]], str]:
    """The dates of a text in lower case and where they stand, and the text with spaces in their place."""
    found = []
    for form in _DATES:
        for match in form.finditer(said):
            if date := _date(match):
                found.append((Span(*match.span()), date))
                said = said[: match.start()] + " " * (match.end() - match.start()) + said[match.end() :]
    return found, said


def _date(match: re.Match[str]) -> Date | None:
    name = match["month"]
    month = 0
    if name.isdecimal():
        month = int(name)
    elif name:
        month = 3 if name == "mrt" else next(n for n, full in enumerate(MONTHS, start=1) if full.startswith(name[:3]))
    day, year = int(match["day"] or 0), int(match["year"] or 0)
    return Date(year, month, day) if month <= 12 and day <= 31 else None


def _numbers(said: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(said):
        yield from _digits(match.group(), said[: match.start()], said[match.end() :])
    words = list(_WORD.finditer(said))
    for i, match in enumerate(words):
        value = number_in_words(match.group())
        if value is None or match.group() == "een" or (match.group() in _SCALES and _follows_number(said, words[i])):
            continue
        yield _number(value, said[: match.start()], said[match.end() :])


def _follows_number(said: str, word: re.Match[str]) -> bool:
    before = said[: word.start()].split()[-1:]
    return bool(before) and before[0] != "een" and (before[0][-1].isdigit() or number_in_words(before[0]) is not None)


def _digits(group: str, before: str, after: str) -> Iterator[Number]:
    group = group.strip()
    if _THOUSANDS.fullmatch(group) and not group.startswith("0"):
        yield _number(Decimal(re.sub(r"[.\s]", "", group).replace(",", ".")), before, after)
    elif _PLAIN.fullmatch(group) and not (group.startswith("0") and group.isdigit() and len(group) > 1):
        yield _number(Decimal(group.replace(",", ".")), before, after)
    elif group.startswith("0") or re.fullmatch(r"\d+(?:[\s-]\d+){2,}", group):
        yield Number(re.sub(r"\D", "", group))  # a telephone number
    else:
        for part in re.findall(r"\d+(?:,\d+)?", group):
            yield _number(Decimal(part.replace(",", ".")), before, after)


def _number(value: Decimal, before: str, after: str) -> Number:
    if scale := _SCALE_AFTER.match(after):
        value *= _SCALES[scale[1]]
        after = after[scale.end() :]
    unit = _UNIT_AFTER.match(after) or _UNIT_BEFORE.search(before)
    kind = "" if unit is None else "%" if unit[1] in ("%", "procent") else "€"
    return Number(format(value.normalize(), "f"), kind)


@lru_cache(maxsize=10_000)
def number_in_words(word: str) -> Decimal | None:
    """The value of a folded Dutch number word ('vijfentwintig', 'anderhalf', 'tweeduizend'); None if it is none."""
    if word in _FRACTIONS:
        return Decimal(_FRACTIONS[word])
    value = _cardinal(word)
    return None if value is None else Decimal(value)


def _cardinal(word: str) -> int | None:
    if word in _SMALL:
        return _SMALL[word]
    if word in _TENS:
        return _TENS[word]
    if word in _SCALES:
        return _SCALES[word]
    for name, scale in (("duizend", 1000), ("honderd", 100)):
        left, found, right = word.partition(name)
        if found:
            times = _cardinal(left) if left else 1
            rest = _cardinal(right.removeprefix("en")) if right else 0
            return None if times is None or rest is None or rest >= scale else times * scale + rest
    for ten, value in _TENS.items():
        unit = word.removesuffix(ten).removesuffix("en") if word.endswith(ten) else ""
        if 1 <= _SMALL.get(unit, 0) <= 9:
            return _SMALL[unit] + value
    return None

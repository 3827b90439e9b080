"""Where in a quotation the number or date stands that a question asks for, so that the page can set it in bold.

Read off the wording, without a model. Where more than two places could be it, none is pointed out: bold that is wrong
is worse than none. For the same reason names and places are left alone, and numbers that do not say of what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.dutch import fold, stem
from assistant.intent import intent
from assistant.quantities import date_spans, number_in_words
from assistant.schema import Span

MOST = 2

_UNIT = (
    r"(?:%|procent\b|euro\b|honderd\b|duizend\b|miljoen\b|miljard\b|mln\b|mld\b|jaar\b|jaren\b|maand(?:en)?\b|week\b|weken\b"
    r"|dag(?:en)?\b|uur\b|uren\b|minu(?:ut|ten)\b|keer\b|maal\b|meter\b|kilometer\b|km\b)"
)
_NUMBER = re.compile(
    r"(?:€\s?)?(?<![\w.,-])\d+(?:[.,]\d+)*(?:,-)?(?:\s?(?:-|–|tot|à)\s?(?:€\s?)?\d+(?:[.,]\d+)*)?(?![\w-])"
    r"|[^\W\d_]+"
)
_MEASURE = re.compile(rf"(?:\s?{_UNIT})+")
_NEXT_WORDS = re.compile(r"\s+([^\W\d_]+)(?:\s+([^\W\d_]+))?")
_SEVERAL = re.compile(r"\d(?:,| of| en)\s(?:€\s?)?\d")
_ASKS_YEAR = re.compile(r"\bjaar\b")


def facts(question: str, text: str) -> tuple[Span, ...]:
    """The places in a text that hold the number or date a question asks for, in order.

    Args:
        question: as it was asked.
        text: a quotation as it is shown.

    Returns:
        At most MOST ranges of characters of `text`; none if the question asks for no such fact or it is not clear.
    """
    wanted = intent(question)
    if wanted.lists or wanted.compares:
        return ()
    if wanted.date:
        years_too = _ASKS_YEAR.search(fold(question))
        found = [span for span in date_spans(text) if years_too or span.end - span.start > len("2024")]
    elif wanted.number and not _SEVERAL.search(text):
        found = list(_numbers(text, {stem(word) for word in fold(question).split()}))
    else:
        return ()
    return tuple(found) if len(found) <= MOST else ()


def _numbers(text: str, asked: set[str]) -> Iterator[Span]:
    """Numbers with a unit, or of something that the question names ('Hoeveel scholen': '3 scholen')."""
    dates = date_spans(text)
    for match in _NUMBER.finditer(text):
        word, end = match.group(), match.end()
        if not any(char.isdigit() for char in word) and not _is_number(word):
            continue
        if any(match.start() < date.end and date.start < end for date in dates):
            continue
        following = _NEXT_WORDS.match(text, end)
        if measure := _MEASURE.match(text, end):
            yield Span(match.start(), measure.end())
        elif word.startswith("€") or (following and not asked.isdisjoint(map(_stem, filter(None, following.groups())))):
            yield Span(match.start(), end)


def _is_number(word: str) -> bool:
    if word.casefold() in ("een", "half", "honderd", "duizend", "miljoen", "miljard", "mln", "mld"):
        return False
    return word.casefold() == "één" or number_in_words(word.casefold()) is not None


def _stem(word: str) -> str:
    return stem(fold(word))

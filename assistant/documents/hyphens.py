"""Joins lines of a paragraph, undoing hyphenation at line ends but keeping real hyphens."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MAX_WORD = 100  # characters; a paragraph may be long and is searched again for each line
_BROKEN = re.compile(r"(\w+)-$")
_FIRST_WORD = re.compile(r"[^\W\d_]+(?:-\w+)*")
_WORD = re.compile(r"\w+(?:-\w+)*")
_CONNECTIVES = frozenset(("en", "of", "tot", "noch", "als", "maar", "dan", "naar"))  # 'zorg- en welzijn'
_PREFIXES = frozenset(("oud", "ex", "niet", "non", "vice", "bijna", "anti", "pro", "sociaal", "sociale"))
# Two vowels that would be read as one need a hyphen in a compound ('zee-eend', 'auto-ongeluk') …
_CLASHES = frozenset(("aa", "ae", "ai", "au", "ee", "ei", "eu", "ie", "oe", "oo", "oi", "ou", "ui", "uu"))
# … and a diaeresis after these, which hyphenation leaves out ('ge-informeerd').
_DIAERESIS = {"e": "ë", "i": "ï", "u": "ü"}


def words_of(lines: Iterable[str]) -> frozenset[str]:
    """All words in these lines in lower case, hyphens within included: what `join_lines` decides by."""
    return frozenset(word.lower() for line in lines for word in _WORD.findall(line))


def join_lines(left: str, right: str, words: frozenset[str], mark: str = "") -> str:
    """Join two lines of running text.

    Args:
        left: the text so far.
        right: the next line.
        words: the document's words (`words_of`); a form that stands elsewhere in the document is preferred.
        mark: put where `right` begins, e.g. for a page end.
    """
    broken = _BROKEN.search(left, max(0, len(left) - _MAX_WORD))
    if not broken:
        return f"{left} {mark}{right}"
    first = _FIRST_WORD.match(right)
    if not first:
        return f"{left}{mark}{right}" if right[:1].isdigit() or right[:1] == "/" else f"{left} {mark}{right}"
    joined = _joined(broken[1], first[0], words)
    if joined is None:
        return f"{left} {mark}{right}"
    before, after = joined
    return left[: broken.start()] + before + mark + after + right[first.end() :]


def _joined(last: str, first: str, words: frozenset[str]) -> tuple[str, str] | None:
    """The two parts of a word as they should be written, or None if they are two words."""
    plain, hyphenated = (last + first).lower(), f"{last}-{first}".lower()
    if first.lower() in _CONNECTIVES:
        return None
    if plain in words and hyphenated not in words:
        return last, first
    if hyphenated in words or _has_real_hyphen(last, first):
        return f"{last}-", first
    if last[-1] + first[0] in _CLASHES:
        if last.lower() in ("ge", "be") and first[0] in _DIAERESIS:
            return last, _DIAERESIS[first[0]] + first[1:]
        if not first.startswith("ij"):
            return f"{last}-", first
    return last, first


def _has_real_hyphen(last: str, first: str) -> bool:
    """'SPUK-regeling', '65-plusser', 'e-mail', 'Noord-Holland', 'oud-voorzitter'."""
    if len(last) == 1 or last.isupper() or last[-1].isdigit() or first[0].isupper():
        return True
    return last.lower() in _PREFIXES

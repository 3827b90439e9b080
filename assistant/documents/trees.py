"""Looking things up in element trees, of office documents and web pages alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Element = Any
"""An lxml element."""


def find(element: Element, tags: frozenset[str], skipped: frozenset[str]) -> Iterator[Element]:
    """The outermost descendants with one of these tags, in order, not looking into elements that are skipped."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag not in skipped:
            yield from find(child, tags, skipped)


def integer(value: str, default: int) -> int:
    """A whole number in an attribute, or the default where there is none that makes sense."""
    return int(value) if value.isdecimal() and len(value) < 6 else default

"""Structure-aware splitting: a document's text becomes blocks, and blocks become passages.

A passage is the smallest part that stands by itself: a paragraph, or a short list with the sentence that introduces it;
of a long list every item. Letterhead, salutation and signature become labelled passages. A paragraph or bullet that a
page end cut in two is one passage again. Every passage and sentence is an exact range of the document's text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from assistant.dutch import sentences
from assistant.schema import Document, Passage, PassageKind, Span

CHUNKING = "structure-1"
"""Name of this way of splitting in the manifest of the index; change it when passages change."""

LONGEST = 1000
"""Passages are at most about this many characters; a longer paragraph is cut between sentences."""

_LONG_ITEM = 160
_SHORT_LINE = 110
_LEAD_IN = 260

LABELS: dict[PassageKind, str] = {
    "letterhead": "Briefhoofd: afzender, geadresseerde, onderwerp, plaats en datum",
    "salutation": "Aanhef: aan wie de brief is gericht",
    "signature": "Ondertekening: afzender, adres en contactgegevens",
}

BlockKind = Literal["heading", "paragraph", "item", "row"]

_BULLET = re.compile(r"[ \t]*(?:[-*+•●▪◦‣–—·][ \t]+)")
_ORDERED = re.compile(r"[ \t]*\(?(?P<mark>\d{1,2}|[A-Za-z])[.)][ \t]+")
_MARKDOWN_HEADING = re.compile(r"(#{1,6})[ \t]+(?P<title>.*?)[ \t#]*$")
_SALUTATION = re.compile(r"(?:beste|geachte?|l\.?\s?s\.?|dag|hallo|lieve|waarde)\b", re.IGNORECASE)
_CLOSING = re.compile(
    r"(?:(?:met\s+)?(?:(?:vriendelijke|hartelijke|collegiale|sportieve)\s+)?groet(?:en)?\b|hoogachtend)",
    re.IGNORECASE,
)
_MAIL_HEAD = re.compile(r"(?:van|aan|cc|datum|onderwerp|betreft|kenmerk)\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together; of a heading also its level (1..6) and its title without marks."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    title: str = ""


def split(document: Document) -> list[Passage]:
    """All passages of a document, in the order in which they stand in it."""
    return _Splitter(document).passages()


# --- lines to blocks


def blocks(text: str) -> list[Block]:
    """The blocks of a text: headings, paragraphs, list items and table rows, without white space around them."""
    found: list[Block] = []
    ordered = _ordered_lines(text)
    gap = True
    for start, end in _lines(text):
        line = text[start:end]
        if not line.strip():
            gap = True
            continue
        block = _block_of_line(line, start, end, start in ordered)
        if block.kind == "paragraph" and not gap and found and found[-1].kind in ("paragraph", "item"):
            found[-1] = replace(found[-1], end=block.end)
        else:
            found.append(block)
        gap = False
    return _with_plain_headings(text, _joined(text, found))


def _lines(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for line in text.split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


def _ordered_lines(text: str) -> set[int]:
    """Starts of the lines that are items of a numbered or lettered list: at least two in sequence, the first 1 or A."""
    found: set[int] = set()
    run: list[int] = []
    previous = ""
    gap = False
    for start, end in _lines(text):
        line = text[start:end]
        match = _ORDERED.match(line)
        if not match:
            # A paragraph of its own or a heading ends the sequence; the rest of an item that a page end cut does not.
            if line.startswith("#") or (gap and line.strip() and not line[0].isspace() and not line[0].islower()):
                run, previous = [], ""
            gap = not line.strip()
            continue
        gap = False
        mark = match["mark"]
        if previous and _follows(previous, mark):
            run.append(start)
            found.update(run)
        else:
            run = [start] if mark in ("1", "a", "A") else []
        previous = mark if run else ""
    return found


def _follows(previous: str, mark: str) -> bool:
    if previous.isdigit() != mark.isdigit():
        return False
    return int(mark) == int(previous) + 1 if mark.isdigit() else ord(mark) == ord(previous) + 1


def _block_of_line(line: str, start: int, end: int, ordered: bool) -> Block:
    begin = start + len(line) - len(line.lstrip())
    finish = start + len(line.rstrip())
    if match := _MARKDOWN_HEADING.match(line):
        return Block("heading", begin, finish, len(match[1]), _bare(match["title"]))
    if _BULLET.match(line) or ordered:
        return Block("item", begin, finish)
    if line.count("|") >= 2 or " | " in line:
        return Block("row", begin, finish)
    return Block("paragraph", begin, finish)


def _bare(title: str) -> str:
    return title.strip().strip("*_").strip()


def _joined(text: str, found: list[Block]) -> list[Block]:
    """Blocks with the halves of a sentence that a page end cut in two put together again."""
    joined: list[Block] = []
    for block in found:
        last = joined[-1] if joined else None
        if last and _continues(text, last, block):
            joined[-1] = replace(last, end=block.end)
        else:
            joined.append(block)
    return joined


def _continues(text: str, last: Block, block: Block) -> bool:
    if last.kind not in ("paragraph", "item") or block.kind not in ("paragraph", "item"):
        return False
    if block.kind == "item" and last.kind == "paragraph":
        return False
    blank = 2 if block.kind == "item" else 1  # between the items of a loose list there is an empty line too
    if text.count("\n", last.end, block.start) <= blank or last.end - last.start < 40:
        return False
    after = _ORDERED.sub("", _BULLET.sub("", text[block.start : block.end], count=1), count=1)
    return after[:1].islower() and text[last.end - 1] not in ".!?:;…\"'”’)*"


def _with_plain_headings(text: str, found: list[Block]) -> list[Block]:
    """Marks short lines without a full stop that stand above body text as headings."""
    result = list(found)
    for i in range(len(found) - 2, -1, -1):
        block, below = found[i], result[i + 1]
        line = text[block.start : block.end]
        if block.kind == "paragraph" and _looks_like_heading(line) and not _is_letter_line(_of(text, below)):
            # Of a row of short lines two can be title and subtitle; more of them are text that lost its bullets.
            level = 2 if below.kind != "heading" else below.level - 1
            if level:
                result[i] = Block("heading", block.start, block.end, level, _bare(line))
    return result


def _of(text: str, block: Block) -> str:
    return text[block.start : block.end]


def _looks_like_heading(line: str) -> bool:
    bare = _bare(line)
    if "\n" in bare or not bare or len(bare) > _SHORT_LINE or bare[-1] in ".,;:!" or _is_letter_line(bare):
        return False
    return not bare[0].islower() and len(sentences(bare)) == 1 and len(bare.split()) <= 14


def _is_letter_line(line: str) -> bool:
    return _is_salutation(line) or bool(_CLOSING.match(line) or _MAIL_HEAD.match(line))


def _is_salutation(line: str) -> bool:
    return bool(_SALUTATION.match(line)) and len(line) < 200 and (line[-1] in ",:!" or line[1:2] == ".")


# --- blocks to passages


class _Splitter:
    """Turns the blocks of one document into passages."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.blocks = blocks(document.text)
        self.found: list[Passage] = []
        self.headings: list[Block] = []

    def passages(self) -> list[Passage]:
        body_start, body_end = self._letterhead(), self._signature_start()
        i = body_start
        while i < body_end:
            block = self.blocks[i]
            if block.kind == "heading":
                self._enter(block)
                i += 1
            elif block.kind == "paragraph":
                i = self._paragraph(i, body_end)
            else:
                i = self._list(i, body_end, lead_in=None)
        if body_end < len(self.blocks):
            self.headings = []
            self._labelled("signature", self.blocks[body_end].start, self.blocks[-1].end)
        return self.found

    def _letterhead(self) -> int:
        """Adds letterhead and salutation, or the lines of a title page; returns the index of the first body block."""
        greeting = self._salutation()
        opening = self._opening_lines() if greeting is None else greeting
        if opening > 0:
            self._labelled("letterhead", self.blocks[0].start, self.blocks[opening - 1].end)
        if greeting is None:
            return opening
        self._labelled("salutation", self.blocks[greeting].start, self.blocks[greeting].end)
        return greeting + 1

    def _salutation(self) -> int | None:
        for i, block in enumerate(self.blocks[:25]):
            line = self.text[block.start : block.end]
            if block.kind == "paragraph" and _is_salutation(line):
                return i
            if len(line) > 3 * _SHORT_LINE:
                return None
        return None

    def _opening_lines(self) -> int:
        """How many blocks stand above the body: bare lines of a title page, at least two, or the head of a mail."""
        first = self.blocks[0] if self.blocks else None
        if first and _MAIL_HEAD.match(self.text[first.start : first.end]):
            return 1
        count = 0
        for block in self.blocks:
            if block.kind in ("item", "row") or self._is_markdown(block) or self._is_body(block):
                break
            count += 1
        if count and self.blocks[count - 1].kind == "heading":
            count -= 1
        return count if count >= 2 else 0

    def _is_markdown(self, block: Block) -> bool:
        return block.kind == "heading" and self.text[block.start] == "#"

    def _is_body(self, block: Block) -> bool:
        return block.end - block.start > 2 * _SHORT_LINE or self.text[block.end - 1] in ".!:;,"

    def _signature_start(self) -> int:
        for i in range(len(self.blocks) - 1, max(-1, len(self.blocks) - 12), -1):
            block = self.blocks[i]
            if _CLOSING.match(self.text[block.start : block.end]):
                short = self.blocks[-1].end - block.start <= LONGEST
                return i if short else len(self.blocks)
        return len(self.blocks)

    def _enter(self, heading: Block) -> None:
        self.headings = [outer for outer in self.headings if outer.level < heading.level] + [heading]

    def _headings_at(self, start: int) -> tuple[str, ...]:
        """Titles of the open sections; a section ends where another voice takes over."""
        turn = max((part.start for part in self.document.voices if part.start <= start), default=0)
        return tuple(heading.title for heading in self.headings if heading.start >= turn)

    def _paragraph(self, i: int, stop: int) -> int:
        block = self.blocks[i]
        followed = i + 1 < stop and self.blocks[i + 1].kind == "item"
        if followed and block.end - block.start <= _LEAD_IN:
            return self._list(i + 1, stop, lead_in=Span(block.start, block.end), is_paragraph=True)
        units = sentences(self.text, block.start, block.end)
        for part in _packed(units, LONGEST):
            self._add("paragraph", part[0].start, part[-1].end, part)
        if followed:
            return self._list(i + 1, stop, lead_in=units[-1] if units else None)
        return i + 1

    def _list(self, i: int, stop: int, lead_in: Span | None, is_paragraph: bool = False) -> int:
        """Adds the list that starts at block i; `is_paragraph`: the lead-in is in no passage yet."""
        kind, end = self.blocks[i].kind, i
        while end < stop and self.blocks[end].kind == kind:
            end += 1
        items = [Span(block.start, block.end) for block in self.blocks[i:end]]
        introduced = lead_in is not None and (is_paragraph or self.text[lead_in.end - 1] == ":")
        start = lead_in.start if lead_in and introduced else items[0].start
        words = " ".join(self.text[lead_in.start : lead_in.end].split()) if lead_in else ""
        if items[-1].end - start <= LONGEST:
            units = [unit for item in items for unit in self._item_sentences(item)]
            lead = sentences(self.text, lead_in.start, lead_in.end) if lead_in and introduced else []
            self._add("list", start, items[-1].end, lead + units, words)
            return end
        if lead_in and is_paragraph:
            self._add("paragraph", lead_in.start, lead_in.end, sentences(self.text, lead_in.start, lead_in.end))
        mean = sum(item.end - item.start for item in items) / len(items)
        for group in [[item] for item in items] if mean > _LONG_ITEM else _packed(items, LONGEST * 7 // 10):
            units = [unit for item in group for unit in self._item_sentences(item)]
            for part in _packed(units, LONGEST):
                self._add("item", part[0].start, part[-1].end, part, words)
        return end

    def _item_sentences(self, item: Span) -> list[Span]:
        """The sentences of a list item without its bullet; a number or letter before it stays."""
        bullet = _BULLET.match(self.text, item.start, item.end)
        return sentences(self.text, bullet.end() if bullet else item.start, item.end)

    def _labelled(self, kind: PassageKind, start: int, end: int) -> None:
        lines = [Span(start + a, start + b) for a, b in _lines(self.text[start:end])]
        units = [Span(line.start, line.end) for line in lines if self.text[line.start : line.end].strip()]
        for part in _packed(units, LONGEST):
            self._add(kind, part[0].start, part[-1].end, part, LABELS[kind])

    def _add(self, kind: PassageKind, start: int, end: int, units: list[Span], lead_in: str = "") -> None:
        name = self.document.name
        self.found.append(
            Passage(
                id=f"{name}:{start}-{end}",
                document=name,
                start=start,
                end=end,
                kind=kind,
                text=self.text[start:end],
                headings=self._headings_at(start),
                lead_in=lead_in,
                voice=self.document.voice_at(start),
                date=self.document.date,
                sentences=tuple(units) or (Span(start, end),),
            )
        )


def _packed(units: list[Span], longest: int) -> list[list[Span]]:
    """Consecutive ranges in groups of at most `longest` characters from first to last (one range may be longer)."""
    groups: list[list[Span]] = []
    for unit in units:
        if groups and unit.end - groups[-1][0].start <= longest:
            groups[-1].append(unit)
        else:
            groups.append([unit])
    return groups

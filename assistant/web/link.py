"""A link to an answer: an address of the page that asks the same question again. The server keeps nothing for it.

Everything stands behind the '#' of the address, which browsers do not send: no log of a server or a proxy holds it.
What comes back can be anything. It is checked here, and shown by `render.py` like every other text of strangers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode

from assistant.errors import InputError
from assistant.schema import Filters
from assistant.web.filters import filters_from
from assistant.web.place import checksum

LONGEST = 16_000
"""Characters of a link; no browser cuts off a shorter one."""
MOST_BEFORE = 20
"""Earlier questions in a link; follow-ups do not lean on more."""
_LISTS = {"soort": "kinds", "van": "voices", "document": "documents"}
_DAYS = {"vanaf": "since", "tot": "until"}
_ONCE = {"vraag", "versie", "controle", *_DAYS}
_NAMES = {"na", *_LISTS, *_ONCE}
_VERSION = re.compile(r"[0-9a-f]{16}")
_DAMAGED = "Deze link is niet heel of niet van deze assistent. Vraag om een nieuwe link, of typ de vraag hieronder."
_TOO_LONG = f"Deze link is te lang: er mogen {LONGEST} tekens in staan. Typ de vraag hieronder."


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """What an answer was given to.

    Attributes:
        question: the question.
        before: the questions before it, oldest first.
        filters: which documents were asked.
        version: fingerprint of the index that answered.
    """

    question: str
    before: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    version: str = ""

    @property
    def address(self) -> str:
        """The end of an address of the page: '#vraag=…&na=…&versie=…&controle=…'; empty if it would be too long."""
        pairs = [("vraag", self.question), *(("na", question) for question in self.before[-MOST_BEFORE:])]
        pairs += [(name, text) for name, key in _LISTS.items() for text in sorted(getattr(self.filters, key))]
        pairs += [(name, day) for name, key in _DAYS.items() if (day := getattr(self.filters, key))]
        text = _encode([*pairs, ("versie", self.version)])
        address = f"#{text}&controle={checksum(text)}"
        return address if len(address) <= LONGEST else ""

    @classmethod
    def from_address(cls, address: object) -> AnswerLink:
        """The link that a browser was opened with; what it sent can be anything.

        Raises:
            InputError: it is too long, or not as `address` made it.
        """
        text = address if isinstance(address, str) else ""
        if len(text) > LONGEST:
            raise InputError(_TOO_LONG)
        text, _, check = text.removeprefix("#").rpartition("&controle=")
        try:
            pairs = parse_qsl(text, strict_parsing=True, errors="strict")
        except ValueError as error:
            raise InputError(_DAMAGED) from error
        said: dict[str, list[str]] = {name: [] for name in _NAMES}
        for name, value in pairs:
            said.setdefault(name, []).append(value)
        once = {name: "".join(said[name]) for name in _ONCE}
        damaged = (
            check != str(checksum(text))
            or said.keys() != _NAMES
            or any(len(said[name]) > 1 for name in _ONCE)
            or not once["vraag"].strip()
            or not _VERSION.fullmatch(once["versie"])
            or len(said["na"]) > MOST_BEFORE
        )
        filters = filters_from(
            {key: said[name] for name, key in _LISTS.items()} | {key: once[name] for name, key in _DAYS.items()}
        )
        # A day that is none would be left out: more documents than were meant.
        if damaged or any(once[name] != getattr(filters, key) for name, key in _DAYS.items()):
            raise InputError(_DAMAGED)
        return cls(once["vraag"], tuple(said["na"]), filters, once["versie"])

    def remarks(self, version: str) -> tuple[str, ...]:
        """What a reader of the answer has to know.

        Args:
            version: fingerprint of the index that answers now.
        """
        moved = (
            "De documenten zijn veranderd sinds deze link is gemaakt. Dit is het antwoord van nu; het kan anders zijn "
            "dan toen."
        )
        return (
            "Deze vraag komt uit een link.",
            *follow_up(self.before),
            *([moved] if version != self.version else []),
        )


def follow_up(before: Sequence[str]) -> tuple[str, ...]:
    """Which questions went before one whose conversation is not on the page; nothing if there are none."""
    asked = " ".join(f"“{' '.join(question.split())}”" for question in before)
    return (f"Dit is een vervolgvraag. Daarvoor is gevraagd: {asked}",) if before else ()


def _encode(pairs: Sequence[tuple[str, str]]) -> str:
    return urlencode(pairs, quote_via=quote, safe="", errors="replace")

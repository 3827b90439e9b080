"""Abbreviations and synonyms of the field: from `glossary.yaml`, and harvested from the documents themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from assistant.dutch import fold, words
from assistant.errors import CorpusError

_DEFINITION = re.compile(r"\(([A-Z][A-Za-z]{1,7})\)")


@dataclass(frozen=True, slots=True)
class Expansion:
    """A word or phrase of a question, and what it also means: 'SPUK' → 'Specifieke Uitkering'."""

    found: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """Abbreviations with their full forms, and groups of phrases that mean the same."""

    abbreviations: Mapping[str, tuple[str, ...]]
    synonyms: tuple[tuple[str, ...], ...] = ()

    def merged(self, harvested: Mapping[str, tuple[str, ...]]) -> Glossary:
        """This glossary with abbreviations found in documents; what people wrote in it goes first."""
        known = {fold(short) for short in self.abbreviations}
        extra = {short: full for short, full in harvested.items() if fold(short) not in known}
        return Glossary({**self.abbreviations, **extra}, self.synonyms)

    def expansions(self, question: str) -> tuple[Expansion, ...]:
        """What words of the question also mean, both ways: abbreviation to full form and back, and synonyms."""
        said = f" {' '.join(words(question))} "
        found: dict[Expansion, None] = {}
        for short, fulls in self.abbreviations.items():
            if _occurs(short, said):
                found.update((Expansion(short, full), None) for full in fulls if not _occurs(full, said))
            else:
                found.update((Expansion(full, short), None) for full in fulls if _occurs(full, said))
        for group in self.synonyms:
            for phrase in group:
                if _occurs(phrase, said):
                    found.update((Expansion(phrase, other), None) for other in group if not _occurs(other, said))
        return tuple(found)

    def explained(self, question: str) -> dict[str, str]:
        """The abbreviations that a question holds, itself or in full, with their first full form."""
        found: dict[str, str] = {}
        for expansion in self.expansions(question):
            for short, full in ((expansion.found, expansion.meaning), (expansion.meaning, expansion.found)):
                if short in self.abbreviations:
                    found.setdefault(short, full)
        return found


def _occurs(phrase: str, said: str) -> bool:
    return f" {' '.join(words(phrase))} " in said


def load_glossary(path: Path) -> Glossary:
    """Read `glossary.yaml`; a file that is not there is an empty glossary.

    Raises:
        CorpusError: the file is not as the comment at its head says.
    """
    if not path.exists():
        return Glossary({})
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} is geen geldige YAML: {error}") from error
    if not isinstance(content, dict) or set(content) - {"abbreviations", "synonyms"}:
        raise CorpusError(f"{path}: alleen de kopjes 'abbreviations' en 'synonyms' kunnen hier staan.")
    abbreviations = content.get("abbreviations") or {}
    synonyms = content.get("synonyms") or []
    if not isinstance(abbreviations, dict) or not all(map(_is_phrases, abbreviations.values())):
        raise CorpusError(f"{path}: schrijf onder 'abbreviations' regels als  SPUK: [Specifieke Uitkering]")
    if not isinstance(synonyms, list) or not all(map(_is_phrases, synonyms)):
        raise CorpusError(f"{path}: schrijf onder 'synonyms' regels als  - [gemeente, lokale overheid]")
    return Glossary(
        {str(short): tuple(fulls) for short, fulls in abbreviations.items()},
        tuple(tuple(group) for group in synonyms),
    )


def _is_phrases(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) and words(item) for item in value)


def harvest(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Abbreviations that texts define themselves: 'Gezond en Actief Leven Akkoord (GALA)'.

    The method of Schwartz and Hearst (2003), "A simple algorithm for identifying abbreviation definitions in biomedical
    text": from right to left every letter of the abbreviation must occur in the words before the bracket, the first
    letter at the start of a word. At most two words more than the abbreviation has letters are looked at.
    """
    found: dict[str, dict[str, None]] = {}
    for text in texts:
        for match in _DEFINITION.finditer(text):
            short = match[1]
            if sum(char.isupper() for char in short) < 2:
                continue
            before = re.findall(r"[\w'’.-]+", text[max(0, match.start() - 120) : match.start()].split("\n")[-1])
            if full := _long_form(short, before[-(len(short) + 2) :]):
                found.setdefault(short, {})[full] = None
    return {short: tuple(fulls) for short, fulls in sorted(found.items())}


def _long_form(short: str, before: list[str]) -> str:
    phrase = " ".join(before)
    text = fold(phrase)
    if len(text) != len(phrase):
        return ""
    names = {i for i, char in enumerate(phrase) if char.isupper()}
    starts = {i for i in range(len(phrase)) if i == 0 or not phrase[i - 1].isalnum()}
    at = _start(text, fold(short), starts & names)
    if at < 0:
        at = _start(text, fold(short), starts)
    full = phrase[at:] if at >= 0 else ""
    return full if fold(full) != fold(short) and len(full) > len(short) + 2 else ""


def _start(text: str, short: str, starts: set[int]) -> int:
    """Where the long form starts, one of `starts`; -1 if the letters of the abbreviation do not occur in order."""
    at = len(text)
    for i, letter in reversed(list(enumerate(short))):
        at -= 1
        while at >= 0 and (text[at] != letter or (i == 0 and at not in starts)):
            at -= 1
        if at < 0:
            return -1
    return at

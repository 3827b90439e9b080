"""Dutch text analysis: words and sentences with their offsets, stems, compound parts and character n-grams.

Stop words carry no subject, but negations ('niet', 'geen', 'zonder', …) are not among them: they change what a sentence
says. Compounds are split with the whole words of the shipped encoder's vocabulary, so that 'vrijwilligersbeleid' is
also found by 'beleid'.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import Stemmer

from assistant.schema import Span

ANALYSER = "dutch-2"
"""Name of this analysis in the manifest of the index; change it when tokens, stems or parts change."""

VOCABULARY = Path(__file__).parent / "models" / "encoder" / "tokenizer.json"

STOP_WORDS = frozenset(
    """
    aan af al als alle alles ben bent bij daar daarom dan dat de deze die dit doen doet door dus een eens elk elke
    en er ergens even gaan gaat haar had hadden heb hebben hebt heeft hem hen het hier hij hoe hoeveel hun iemand
    iets ik in is ja je jou jouw jullie kan kun kunnen kunt maar me mee meer men met mij mijn moet moeten mogen
    mag na naar nog nu of om omdat onder ons onze ook op over te ten ter tegen toch toe tot tussen u uit uw van
    vanaf vanuit veel via volgens voor waar waarin waarmee waarom waarop waarover waaruit waarvan waarvoor wanneer
    want waren was wat we wel welk welke werd werden weten wie wiens wij wil willen wilt word worden wordt zal ze
    zelf zich zij zijn zo zoals zou zouden zullen graag eigenlijk bijvoorbeeld etc bijv
    """.split()
)

ABBREVIATIONS = frozenset(
    """
    a.s aanv a.u.b art artt bijv blz b.v bv c.a ca c.q c.s d.d dhr d.m.v dr drs d.w.z e.a e.d enz e.o etc excl evt
    fig gem i.c i.h.b i.o i.p.v i.s.m i.v.m incl ing ir jl jr m.b.t m.b.v mevr m.i.v mln mld mr m.u.v mw n.a.v
    n.v.t nr nrs o.a o.b.v o.l.v o.m o.v.v p pag plm prof resp sr st t.a.v tel t.b.v t.g.v t.o.v t.w t/m t.z.t v.a
    vgl v.l.n.r vs vz w.o z.g zgn z.o.z m.n
    """.split()
)

_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)")
_BEFORE = re.compile(r"[^\s(\[\"'“‘]+$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_DAY_AND_MONTH = re.compile(r"\b\d{1,2} (?:jan|feb|mrt|apr|jun|jul|aug|sept?|okt|nov|dec)$")
_LINKS = ("s", "en", "e", "n", "er")
_SHORTEST_PART = 4


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("dutch")


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """The folded whole words of four letters and more in the encoder's vocabulary."""
    vocabulary = json.loads(VOCABULARY.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(word for word in map(fold, vocabulary) if word.isalpha() and len(word) >= _SHORTEST_PART)


def fold(text: str) -> str:
    """Lower case without accents: 'Kenniscafé' becomes 'kenniscafe'."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """The folded words of a text in order; hyphens, brackets and apostrophes separate words."""
    return _WORD.findall(fold(text))


def content_words(text: str) -> list[str]:
    """The folded words that are not stop words or single letters."""
    return [word for word in words(text) if word not in STOP_WORDS and (len(word) > 1 or word.isdigit())]


@lru_cache(maxsize=200_000)
def compound_parts(word: str) -> tuple[str, ...]:
    """The known words a folded compound consists of, in order; empty if it is no compound.

    'vrijwilligerswerkbeleid' gives ('vrijwilligers', 'werk', 'beleid'). The longest known last part is tried first.
    """
    known = known_words()
    for cut in range(3, len(word) - _SHORTEST_PART + 1):
        left, right = word[:cut], word[cut:]
        if right not in known:
            continue
        if left in known or any(left.endswith(link) and left[: -len(link)] in known for link in _LINKS):
            return (left, right)
        if inner := compound_parts(left):
            return (*inner, right)
    return ()


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The Snowball stem (Kraaij and Pohlmann's Dutch rules) of a folded word."""
    stemmed: str = _stemmer().stemWord(word)
    return stemmed


@lru_cache(maxsize=200_000)
def word_terms(word: str) -> tuple[str, ...]:
    """Index terms of one folded word: its stem, and the stems of its parts if it is a compound."""
    whole = stem(word)
    parts = dict.fromkeys(stem(part) for part in compound_parts(word)) if len(word) >= 2 * _SHORTEST_PART else {}
    return (whole, *(part for part in parts if part != whole))


def terms(text: str) -> list[str]:
    """The index terms of a text: of its content words the stems and the stems of compound parts."""
    return [term for word in content_words(text) for term in word_terms(word)]


def char_ngrams(text: str, sizes: tuple[int, ...] = (4, 5)) -> list[str]:
    """Character n-grams of the content words, each word padded with a space on both sides.

    'zorg' gives ' zor', 'zorg', 'org ', ' zorg', 'zorg '; they survive most typing errors.
    """
    grams = []
    for word in content_words(text):
        padded = f" {word} "
        for size in sizes:
            grams += [padded[i : i + size] for i in range(max(1, len(padded) - size + 1))]
    return grams


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Sentences of `text[start:end]`, as ranges in `text` without surrounding white space.

    A full stop ends a sentence unless it belongs to an abbreviation or an initial, or a lower-case letter follows.
    """
    end = len(text) if end is None else end
    return list(_trimmed(text, _cut(text, start, end)))


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    begin = start
    for match in _SENTENCE_END.finditer(text, start, end):
        if _ends_sentence(text, match, end):
            yield Span(begin, match.end())
            begin = match.end()
    yield Span(begin, end)


def _ends_sentence(text: str, match: re.Match[str], end: int) -> bool:
    following = text[match.end() : min(end, match.end() + 10)].lstrip()
    if following[:1].islower():
        return False
    if match.group().startswith(".") and not match.group().startswith(".."):
        before = _BEFORE.search(text, max(0, match.start() - 20), match.start())
        token = before.group().casefold() if before else ""
        if token in ABBREVIATIONS or _INITIALS.fullmatch(token):
            return False
        if _DAY_AND_MONTH.search(text, max(0, match.start() - 10), match.start()):
            return False
        if token.isdigit() and len(token) <= 2:  # '1. Inleiding' at the start of a line
            return bool(text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip(" \t(") != token)
    return True


def _trimmed(text: str, spans: Iterator[Span]) -> Iterator[Span]:
    for span in spans:
        piece = text[span.start : span.end]
        begin = span.start + len(piece) - len(piece.lstrip())
        finish = span.start + len(piece.rstrip())
        if any(char.isalnum() for char in text[begin:finish]):
            yield Span(begin, finish)

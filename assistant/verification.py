"""Checks a sentence that somebody else wrote, such as a language model, against the passages that it cites.

Nothing in the sentence is trusted. It passes when it cites passages that exist, and in what it cites stand: its
numbers, dates and names, every word that carries content (itself, inflected, in a compound or as a synonym), its
words for quantity, cause and obligation; when negations and reservations are neither added nor dropped; when what it
ascribes to somebody is in that voice; and when a model finds it supported. Word by word and strict: what is right but
worded freely may fail, what is wrong should not pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant import wording
from assistant.citations import MONTHS, display, dutch_date
from assistant.dutch import STOP_WORDS, compound_parts, fold, words
from assistant.glossary import Glossary
from assistant.orders import gives_orders
from assistant.passages import LABELS
from assistant.quantities import quantities
from assistant.schema import Document, Passage

Support = Callable[[str, str], float]
"""How likely (0..1) it is that a text, the second, supports a statement, the first."""

SUPPORTED = 0.5
"""Least support that a sentence needs."""

_OWN_SHARE = 0.6
_NEAR = 4
_NO_HEAD = frozenset(
    ("is", "zijn", "was", "waren", "wordt", "worden", "en", "of", "ook", "niet", "de", "het", "een", "dat")
)
_UN = ("", "on", "niet")

_NAME = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_ROLE = re.compile(
    r"\b(?=(\w+) (van|voor|tussen|naar|aan|met|door|tegen|op|in) (?:(?:de|het|een|deze|dit|die|hun|zijn|haar) )?(\w+))"
)
_THAN = re.compile(r"\b(?:beter|slechter|meer|minder|eerder|liever|groter|kleiner|vaker|sterker|\w{3,}er) .*?\bdan\b")
_CAPITALISED = re.compile(r"\b[A-Z][\w'’-]*")
_PIECES = re.compile(r"[,;:.!?()]+|\b(?:maar|want|dat|die)\b")
_OPENING = re.compile(r"(?:in|op|bij|door|voor|met|volgens|aan|na|tijdens|ook|daar\w*|er|om|een van)\b")
_LEANS_BACK = re.compile(r"^(?:\w+ ){0,3}(?:dit|dat|deze|die|zij|ze|hij|het|hier\w+|daar\w+|hun)\b")
_PASSIVE = re.compile(r"\b(?:wordt|worden|werd|werden|is|zijn) .*\bdoor\b")
_ARTICLES = frozenset(("de", "het", "een", "deze", "die", "alle", "veel", "sommige", "lokale"))
_ACCORDING = re.compile(r"\b(?:volgens|aldus)\b((?: \w+){1,5})")


@dataclass(frozen=True, slots=True)
class Source:
    """A cited passage with what is known of it."""

    passage: Passage
    document: Document

    @property
    def sentences(self) -> tuple[str, ...]:
        """Its sentences for reading, after the lead-in of its list; without orders to a language model."""
        lead_in = (self.passage.lead_in,) if self.passage.lead_in else ()
        every = (*lead_in, *(display(self.passage.quote(span)) for span in self.passage.sentences))
        return tuple(sentence for sentence in every if not gives_orders(sentence))

    @property
    def facts(self) -> str:
        """What is known of the passage without standing in it: document, date, voice and headings."""
        passage, document = self.passage, self.document
        date = dutch_date(passage.date)
        return ". ".join(filter(None, (document.title, document.kind, date, passage.voice, passage.heading)))


class Verifier:
    """Checks sentences against passages.

    Args:
        support: see `Support`.
        glossary: abbreviations and synonyms of the documents.
    """

    def __init__(self, support: Support, glossary: Glossary) -> None:
        self._support = support
        abbreviations = ((short, *fulls) for short, fulls in glossary.abbreviations.items())
        self._synonyms = [
            tuple(_phrase(phrase) for phrase in group)
            for group in (*wording.SYNONYMS, *glossary.synonyms, *abbreviations)
        ]

    def fault(self, statement: str, sources: Sequence[Source]) -> str:
        """Why a sentence may not stand, as a Dutch sentence for the reader; empty if it may.

        Args:
            statement: without citation marks.
            sources: the passages that it cites.
        """
        if not sources:
            return "Bij deze zin staat geen bron."
        if not words(statement):
            return "Deze zin zegt niets."
        evidence = _Evidence(statement, sources, self._synonyms)
        for check in (_quantities, _names, _voice, _content, _share, _negation, _presence, _modality, _roles, _order):
            if reason := check(statement, sources, evidence):
                return reason
        if max(self._support(statement, text) for text in {evidence.text, *evidence.sentences}) < SUPPORTED:
            return "De bron ondersteunt deze zin niet genoeg."
        return ""


# --- what a sentence can lean on


class _Words:
    """The words of a piece of text by the keys of their forms, with those of their parts and synonyms."""

    def __init__(self, text: str, synonyms: Iterable[tuple[frozenset[frozenset[str]], ...]] = ()) -> None:
        self.said = words(text)
        self.keys: set[str] = set()
        for word in self.said:
            self.keys |= _keys(word)
        apart = [particle for particle in wording.PARTICLES if particle in self.said]
        for particle in apart:
            for word in self.said:
                self.keys |= wording.forms(particle + word)
        for group in synonyms:
            if any(all(not keys.isdisjoint(self.keys) for keys in phrase) for phrase in group):
                self.keys |= {key for phrase in group for keys in phrase for key in keys}

    def has(self, word: str, particles: Iterable[str] = ()) -> bool:
        """Whether a folded word, or each part of it if it is a compound, is among these."""
        if not wording.forms(word).isdisjoint(self.keys):
            return True
        if any(not wording.forms(particle + word).isdisjoint(self.keys) for particle in particles):
            return True
        if len(word) >= 5 and any(said.endswith(word) and said.removesuffix(word) not in _UN for said in self.said):
            return True  # the head of a compound: 'verenigingen' in 'sportverenigingen'
        parts = compound_parts(word)
        return len(word) >= 8 and bool(parts) and all(not wording.forms(part).isdisjoint(self.keys) for part in parts)


class _Evidence:
    """The sentences of the cited passages that come nearest to a statement."""

    def __init__(
        self, statement: str, sources: Sequence[Source], synonyms: Sequence[tuple[frozenset[frozenset[str]], ...]]
    ) -> None:
        self.wanted = content(statement)
        self.particles = [particle for particle in wording.PARTICLES if particle in words(statement)]
        self.synonyms = synonyms
        self.by_source = [self._nearest(statement, source) for source in sources]
        self.sentences = [sentence for nearest in self.by_source for sentence in nearest]
        self.text = " ".join(self.sentences)
        self.words = _Words(self.text, synonyms)
        self.facts = _Words(" ".join(source.facts for source in sources), synonyms)

    def covers(self, word: str) -> bool:
        """Whether a word stands in these sentences."""
        return self.words.has(word, self.particles)

    def _nearest(self, statement: str, source: Source) -> list[str]:
        """The sentences of one passage that hold most of the statement's words, numbers and dates; two as a rule."""
        sentences = source.sentences
        if source.passage.kind in ("list", *LABELS):
            most = len(sentences)
        else:
            most = 2 + (len(self.wanted) > 12) + bool(source.passage.lead_in)
        held = [_held(sentence, statement, self) for sentence in sentences]
        lead_in = source.passage.lead_in
        chosen: list[int] = [0] if lead_in and sentences and sentences[0] == lead_in else []
        covered: set[str] = set().union(*(held[i] for i in chosen))
        while len(chosen) < min(most, len(sentences)):
            best = max(range(len(sentences)), key=lambda i: (len(held[i] - covered), i not in chosen, -i))
            if chosen and not held[best] - covered:
                break
            chosen.append(best)
            covered |= held[best]
        return [sentences[i] for i in sorted(set(chosen))]


def _held(sentence: str, statement: str, evidence: _Evidence) -> set[str]:
    """Which words, numbers and dates of a statement stand in a sentence."""
    said = _Words(sentence, evidence.synonyms)
    theirs, ours = quantities(sentence), quantities(statement)
    found = {word for word in evidence.wanted if said.has(word, evidence.particles)}
    found |= {f"{number.value}{number.unit}" for number in ours.numbers if number in theirs.numbers}
    return found | {str(date) for date in ours.dates if any(date.within(other) for other in theirs.dates)}


@lru_cache(maxsize=100_000)
def _keys(word: str) -> frozenset[str]:
    parts = compound_parts(word) if len(word) >= 8 else ()
    return frozenset().union(wording.forms(word), *(wording.forms(part) for part in parts))


@lru_cache(maxsize=10_000)
def _phrase(phrase: str) -> frozenset[frozenset[str]]:
    return frozenset(wording.forms(word) for word in words(phrase))


def content(statement: str) -> list[str]:
    """The folded words of a statement that must stand in what it cites, without numbers."""
    return [
        word
        for word in dict.fromkeys(words(statement))
        if len(word) > 1
        and word not in STOP_WORDS
        and word not in wording.LIGHT
        and word not in wording.NEGATIONS
        and not word[0].isdigit()
        and not _is_number(word)
    ]


# --- the checks; each gives the reason why a sentence fails, or nothing


def _quantities(statement: str, sources: Sequence[Source], evidence: _Evidence) -> str:
    """Numbers and dates must stand in the cited sentences; dates may be those of the document."""
    said = quantities(statement)
    cited = [quantities(text) for text in evidence.sentences]
    facts = [quantities(source.facts) for source in sources]
    numbers = {number for found in cited for number in found.numbers}
    dates = {date for found in (*cited, *facts) for date in found.dates}
    if any(not any(date.within(other) for other in dates) for date in said.dates):
        return "Deze datum staat niet in de bron."
    if said.numbers - numbers:
        return "Dit getal staat niet in de bron."
    return ""


def _names(statement: str, sources: Sequence[Source], evidence: _Evidence) -> str:
    """Capitalised words inside the sentence and abbreviations must stand in the cited passage or be known of it."""
    for match in _NAME.finditer(statement):
        name = match.group()
        inside = match.start() > 0 and not statement[: match.start()].rstrip(" \"'“‘(").endswith((".", "!", "?", ":"))
        capitals = sum(char.isupper() for char in name)
        if not (capitals >= 2 or (capitals and inside)):
            continue
        for word in words(name):
            if len(word) > 1 and not evidence.covers(word) and not evidence.facts.has(word):
                return f"De naam {name} staat niet in de bron."
    return ""


def _voice(statement: str, sources: Sequence[Source], evidence: _Evidence) -> str:
    """What a sentence ascribes to somebody must be said by them in every passage that it cites."""
    speakers = _speakers(statement, evidence)
    if not speakers:
        return ""
    for source, sentences in zip(sources, evidence.by_source, strict=True):
        voice = _Words(source.passage.voice)
        kind = _Words(f"{source.document.kind} {source.document.title}")
        told = {key for sentence in sentences for speaker in _speakers(sentence, evidence) for key in speaker}
        for speaker in speakers:
            if speaker & (voice.keys | told):
                break
            if speaker & kind.keys:
                break
        else:
            return "Dit zegt iemand anders dan hier staat."
    own = set().union(*(_Words(f"{source.passage.voice} {source.document.kind}").keys for source in sources))
    told = {key for sentence in evidence.sentences for speaker in _speakers(sentence, evidence) for key in speaker}
    if any(speaker.isdisjoint(own | told) for speaker in speakers):
        return "Dit zegt iemand anders dan hier staat."
    return ""


def _speakers(text: str, evidence: _Evidence) -> list[frozenset[str]]:
    """Keys of who is said to say something: after 'volgens', and near a verb of saying in the same piece."""
    names = {fold(part): words(name) for name in _CAPITALISED.findall(text) for part in words(name)}

    def keys(word: str) -> frozenset[str]:
        return frozenset().union(*(wording.forms(part) for part in names.get(word, [word])))

    found: list[frozenset[str]] = []
    for match in _ACCORDING.finditer(fold(text)):
        following = [word for word in words(match[1]) if word not in _ARTICLES]
        found += [keys(word) for word in _joined(following, names) or following[:1]]
    for piece in _PIECES.split(fold(text)):
        said = [word for word in words(piece) if word not in _ARTICLES]
        for i, word in enumerate(said):
            if word not in wording.SPEECH:
                continue
            before = said[max(0, i - _NEAR) : i][::-1]
            while before and not _is_speaker(before[0], names):
                before = before[1:]
            after = said[i + 1 : i + 1 + _NEAR]
            while after and not _is_speaker(after[0], names):
                after = after[1:]
            found += [keys(word) for word in _joined(before, names) or _joined(after, names)]
    return found


def _joined(following: Sequence[str], names: Mapping[str, Sequence[str]]) -> list[str]:
    """The speaker that a row of words begins with, and those joined to it by 'en'."""
    found: list[str] = []
    for i, word in enumerate(following):
        if _is_speaker(word, names):
            if i == 0 or following[i - 1] == "en":
                found.append(word)
        elif word != "en":
            break
    return found


def _is_speaker(word: str, names: Mapping[str, Sequence[str]]) -> bool:
    if word in wording.SPEAKERS:
        return True
    return word in names and word not in STOP_WORDS and word not in wording.LIGHT and len(word) > 1


def _content(statement: str, sources: Sequence[Source], evidence: _Evidence) -> str:
    """Every word that carries content must stand in the cited sentences, or be known of the passage."""
    missing = [
        word
        for word in evidence.wanted
        if word not in wording.SPEECH and not evidence.covers(word) and not evidence.facts.has(word)
    ]
    return f"Over ‘{missing[0]}’ staat dit niet in de bron." if missing else ""


def _is_number(word: str) -> bool:
    found = quantities(word)
    return bool(found.numbers or found.dates) or word in MONTHS


def _share(statement: str, sources: Sequence[Source], evidence: _Evidence) -> str:
    """Most words must stand in the passages themselves, and every cited passage must bear a part of the sentence."""
    wanted = [word for word in evidence.wanted if word not in wording.SPEECH]
    if not wanted and not quantities(statement).dates | quantities(statement).numbers:
        return "Deze zin zegt niets dat in de bron staat."
    borne = []
    for sentences in evidence.by_source:
        said = _Words(" ".join(sentences), evidence.synonyms)
        borne.append({word for word in wanted if said.has(word, evidence.particles)})
    for i, (source, own) in enumerate(zip(sources, borne, strict=True)):
        others = set().union(*(borne[:i] + borne[i + 1 :]))
        enough = len(own) >= _OWN_SHARE * len(wanted) or (len(sources) > 1 and own - others)
        if not enough:
            return f"De bron “{source.document.title}” zegt dit niet op de genoemde plek."
    return ""


def _negation(statement: str, sources: Sequence[Source], evidence: _Evidence) -> str:
    """No negation added, none dropped: what is negated in the source is so in the sentence, and the other way round."""
    ours, theirs = _polarity(statement, evidence.synonyms), _polarity(evidence.text, evidence.synonyms)
    denied_said = any(word in wording.NEGATIONS for word in words(" ".join(wording.clauses(statement))))
    denied_cited = any(word in wording.NEGATIONS for word in words(" ".join(wording.clauses(evidence.text))))
    few = re.search(r"\b(?:te weinig|onvoldoende|tekort|gebrek)\b", fold(evidence.text))
    if denied_said and not denied_cited and not few:
        return "Deze zin ontkent iets dat de bron niet ontkent."
    if any(theirs.negated.has(word, evidence.particles) for word in ours.negated.said):
        return ""  # the negation is there; which words stand before and behind it depends on the word order
    if not few and any(theirs.plain.has(word, evidence.particles) for word in ours.negated.said):
        return "Deze zin ontkent iets dat de bron niet ontkent."
    for word in ours.plain.said:
        if word in STOP_WORDS or ours.negated.has(word):
            continue
        if theirs.negated.has(word, evidence.particles) and not theirs.plain.has(word, evidence.particles):
            return "De bron ontkent dit juist."
    return ""


@dataclass(frozen=True, slots=True)
class _Polarity:
    """The words inside and outside the reach of a negation."""

    negated: _Words
    plain: _Words


def _polarity(text: str, synonyms: Sequence[tuple[frozenset[frozenset[str]], ...]]) -> _Polarity:
    """A negation reaches from itself to the finite verb or the end of its piece; if nothing is there, one word back."""
    inside: list[str] = []
    outside: list[str] = []
    for clause in wording.clauses(text):
        said = words(clause)
        at = next((i for i, word in enumerate(said) if word in wording.NEGATIONS), None)
        if at is None:
            outside += said
            continue
        end = len(said)
        for i in range(at + 1, len(said)):
            bare = any(word not in STOP_WORDS for word in said[at + 1 : i])
            if bare and said[i] in wording.FINITE and said[i + 1 : i + 2] not in (["of"], ["noch"]):
                end = i
                break
        reach = said[at + 1 : end]
        if all(word in STOP_WORDS for word in reach):
            back = next((i for i in range(at - 1, -1, -1) if said[i] not in STOP_WORDS), at)
            reach = [*said[back:at], *reach]
            outside += said[:back]
        else:
            outside += said[:at]
        inside += [word for word in reach if word not in STOP_WORDS]
        outside += said[end:]
    return _Polarity(_Words(" ".join(inside)), _Words(" ".join(outside)))


def _presence(statement: str, sources: Sequence[Source], evidence: _Evidence) -> str:
    """Words for how much, how often, why and what must be need the like in the source, and no opposite."""
    said, cited = fold(statement).replace("onder meer", ""), fold(evidence.text)
    for ours, theirs in wording.PRESENCE:
        if (match := ours.search(said)) and not theirs.search(cited):
            return f"Het woord ‘{match.group()}’ klopt hier niet met de bron."
    for cue, opposite in ((wording.MORE, wording.LESS), (wording.LESS, wording.MORE)):
        against = _Words(" ".join(_measured(cited, opposite)))
        alike = _Words(" ".join(_measured(cited, cue)))
        for word in _measured(said, cue):
            if against.has(word) and not alike.has(word):
                return "De bron zegt hier het omgekeerde over hoeveel of hoe goed."
    return ""


def _measured(said: str, cue: re.Pattern[str]) -> list[str]:
    """The words that words for quantity belong to: the first with content after each."""
    row = words(said)
    found = []
    for i, word in enumerate(row):
        if cue.fullmatch(word):
            found += [other for other in row[i + 1 : i + 6] if other not in STOP_WORDS and not cue.fullmatch(other)][:1]
    return found


def _modality(statement: str, sources: Sequence[Source], evidence: _Evidence) -> str:
    """An obligation or permission must be one in the source; what the source only holds possible stays so."""
    said, cited = fold(statement), fold(evidence.text)
    for cue in (wording.MUST, wording.MAY):
        if cue.search(said) and not cue.search(cited):
            return "De bron zegt niet dat dit moet of mag."
    if wording.HEDGED.search(said) or not evidence.wanted:
        return ""
    pieces = [piece for sentence in evidence.sentences for piece in wording.HELD.split(fold(sentence)) if piece]
    shared = [sum(_Words(piece, evidence.synonyms).has(word) for word in evidence.wanted) for piece in pieces]
    nearest = [piece for piece, count in zip(pieces, shared, strict=True) if count == max(shared)]
    if all(wording.HEDGES.search(piece) for piece in nearest):
        return "De bron zegt dit minder stellig."
    return ""


def _roles(statement: str, sources: Sequence[Source], evidence: _Evidence) -> str:
    """Who does what to whom, as far as prepositions and comparisons show it."""
    said, cited = fold(statement), fold(evidence.text)
    if (ours := _THAN.search(said)) and (theirs := _THAN.search(cited)):
        after = _Words(re.split(r"[.;!?]", cited[theirs.end() :])[0])
        before = _Words(re.split(r"[.;!?]", cited[: theirs.end()])[-1])
        for word in words(said[ours.end() :]):
            if word not in STOP_WORDS and before.has(word) and not after.has(word):
                return "Deze zin draait de vergelijking van de bron om."
    for head, preposition, complement in _ROLE.findall(said):
        if complement in STOP_WORDS or head in _NO_HEAD:
            continue
        places = [
            words(cited[match.end(1) : match.end(1) + 100])[:10]
            for match in re.finditer(rf"\b(?=(\w+)(?: \w+)? {preposition}\b)", cited)
            if not wording.forms(match[1]).isdisjoint(wording.forms(head))
        ]
        if places and not any(_Words(" ".join(place), evidence.synonyms).has(complement) for place in places):
            return f"In de bron hoort iets anders bij ‘{head} {preposition}’."
    return ""


def _order(statement: str, sources: Sequence[Source], evidence: _Evidence) -> str:
    """What a sentence is about must be so in the source, and not change places with what is said of it."""
    wanted = [word for word in evidence.wanted if word not in wording.SPEECH]
    if len(wanted) < 2 or _OPENING.match(fold(statement)):
        return ""
    first, *middle, last = wanted
    bags = [(_Words(sentence, evidence.synonyms), sentence) for sentence in evidence.sentences]
    shared = [sum(bag.has(word, evidence.particles) for word in wanted) for bag, _ in bags]
    nearest = [bag for bag, count in zip(bags, shared, strict=True) if count == max(shared)]
    if not evidence.facts.has(first) and not any(
        bag.has(first, evidence.particles) or _LEANS_BACK.search(fold(sentence)) for bag, sentence in nearest
    ):
        return f"De bron zegt dit niet over ‘{first}’."
    row = words(evidence.text)
    places = {word: [i for i, other in enumerate(row) if _Words(other).has(word)] for word in wanted}
    if _PASSIVE.search(fold(statement)) or not places[first] or not places[last]:
        return ""
    for word in middle:
        if (at := places[word]) and max(places[last]) < min(at) and max(at) < min(places[first]):
            return "In de bron staat dit andersom."
    return ""

"""What kind of answer a question wants: a list, a short fact, an explanation or a comparison."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.dutch import content_words, fold, stem

_OPENING = re.compile(r"^(?:(?:en|maar|dus|of|ook)\s+)+")
_VERBS = "hebben|zijn|waren|worden|werden|kunnen|moeten|willen|mogen|zullen|zouden|spelen|krijgen|geven|doen|gaan|staan"
_LIST = re.compile(
    r"^(?:wat zijn|noem|som|geef (?:een |de |alle )?(?:lijst|opsomming|overzicht)|waaruit bestaa)"
    rf"|\b(?:welke|wat voor) (?:(?!(?:{_VERBS})\b)\w+e )*(?!(?:{_VERBS})\b)[\w']+(?:en|s)\b"
    r"|\b(?:opsomming|lijst(?:je)?|rijtje|allemaal|opnoemen|opsommen|op een rij|what are|which [a-z]+s|list)\b"
)
_COMPARE = re.compile(
    r"\b(?:verschil(?:len|t)?|vergelijk(?:ing|en)?|overeenkomst(?:en)?|beide|allebei|zowel|tegenover|versus"
    r"|ander(?:s)? dan|in de brief en|in het verslag en|difference|both|compare)\b"
)
_EXPLAIN = re.compile(r"^(?:waarom|hoe|waardoor|hoezo|leg|wat houdt|wat betekent|wat is|wat wordt|why|how|what is)\b")
_NUMBER = re.compile(
    r"\b(?:hoeveel|hoe veel|hoe vaak|welk bedrag|hoe hoog|hoe lang|hoe oud|percentage|how (?:many|much))\b"
)
_DATE = re.compile(r"\b(?:wanneer|datum|welk jaar|welke dag|sinds|hoe laat|van wanneer|when)\b")
_PERSON = re.compile(r"^(?:wie|met wie|aan wie|bij wie|door wie|van wie|who)\b")
_A_NUMBER = re.compile(
    r"\d|\b(?:twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|\w*tig|\w*honderd\w*|\w*duizend\w*|miljoen|helft"
    r"|kwart|derde|altijd|nooit|soms|vaak|steeds|geen|veel|weinig|dagelijks|wekelijks|tijdelijk\w*)\b"
)
_A_TIME = re.compile(
    r"\d|\b(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|\w+dag|week|maand"
    r"|jaar|jaren|nu|toen|sinds|nadat|voordat|zodra|als|wanneer|altijd|nooit|steeds|dagelijks)\b"
)
_LETTER = re.compile(
    r"\b(?:brief|verslag|mail|e-mail|stuk|document|wanneer|datum|wie|waar|when|who|where|afzender|geschreven|gestuurd|verstuurd"
    r"|ondertek\w+|onderwerp|kenmerk|bijlage|titel|\w*adres\w*|telefoon\w*|nummer|website|site|contact\w*|bereik\w*|gericht|alv)\b"
)
_ATTRIBUTES = re.compile(
    r"\b(?:volgens|vind(?:t|en)|vond(?:en)?|zeg(?:t|gen)|zei(?:den)?|schrij(?:ft|ven)|stel(?:t|len)|pleit(?:en)?|noem(?:t|en|den)"
    r"|denk(?:t|en)|wil(?:len)?|mening|standpunt|opvatting|kijk(?:t|en)|brachten|according)\b"
)


@dataclass(frozen=True, slots=True)
class Intent:
    """What an answer should look like; more than one may hold.

    Attributes:
        lists: wants several items.
        compares: wants things from more than one place side by side.
        explains: wants reasons or a description, so a few sentences.
        number, date, person: wants such a fact.
    """

    lists: bool
    compares: bool
    explains: bool
    number: bool
    date: bool
    person: bool


def has_what_is_asked(question: str, text: str) -> bool:
    """Whether a text can hold the answer at all: a 'hoeveel' wants a number, a 'wanneer' a time."""
    wanted = intent(question)
    said = fold(text)
    return not (wanted.number and not _A_NUMBER.search(said)) and not (wanted.date and not _A_TIME.search(said))


def asks_about_letter(question: str) -> bool:
    """Whether a question is about the document itself: from whom, to whom, when, where to reach the sender."""
    return bool(_LETTER.search(fold(question)))


def names_speaker(question: str, voice: str) -> bool:
    """Whether a question asks what this voice says: 'Wat vinden de deelnemers …', 'Volgens NOV …'."""
    if not voice or not _ATTRIBUTES.search(fold(question)):
        return False
    return not {stem(word) for word in content_words(question)}.isdisjoint(map(stem, content_words(voice)))


def names_kind(question: str, kind: str) -> bool:
    """Whether a question asks what stands in this kind of document: 'Wat staat er in de brief over …'."""
    return bool(kind) and bool(re.search(rf"\b(?:de|het|die|dat|deze|dit) {re.escape(fold(kind))}\b", fold(question)))


def intent(question: str) -> Intent:
    """Read the intent off the wording of a question."""
    text = _OPENING.sub("", fold(question).strip())
    return Intent(
        lists=bool(_LIST.search(text)),
        compares=bool(_COMPARE.search(text)),
        explains=bool(_EXPLAIN.search(text)),
        number=bool(_NUMBER.search(text)),
        date=bool(_DATE.search(text)),
        person=bool(_PERSON.search(text)),
    )

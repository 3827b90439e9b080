"""What a follow-up question is about: the earlier questions that it leans on are carried along, without an LLM."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant import courtesies
from assistant.dutch import content_words, fold

_OPENING = re.compile(r"(?:en|maar|dus|ook|of|waarom dan|hoezo|and|but)\b", re.IGNORECASE)
_REFERS_BACK = re.compile(
    r"\b(?:(?:daar|er|hier)(?:aan|bij|door|in|mee|naar|om|onder|op|over|tegen|toe|uit|van|voor)|"
    r"zo'n|zulke|zoiets|dezelfde|hetzelfde|diezelfde|laatstgenoemde|eerstgenoemde|(?:de|het|dat) laatste(?=\W*$)|"
    r"that|this|those|they|it)\b"
)
_PRONOUN = re.compile(
    r"\b(?:dat|dit|die|deze|daar|daarna|hij|zij|ze|hen|hun)\b"
    r"|\bhet(?= (?:belangrijk|nodig|goed|beter|slecht|mogelijk|verplicht|waar|zo|nu|dan|ook|niet|wel|toe)\b|\W*$)"
)
_CONTINUES = re.compile(
    r"\b(?:nog meer|nog iets|meer daarover|(?:een|ander|nog een) voorbeeld|voorbeelden|vertel|leg|licht|andere?n?)\b"
)

_FEW = 2
_SEVERAL = 5


@dataclass(frozen=True, slots=True)
class Understood:
    """What to search for.

    Attributes:
        search: the question, with the earlier questions it leans on in front.
        carried: those earlier questions; empty if the question stands by itself.
        rewritten: whether a language model made `search` of the question and the earlier ones.
    """

    search: str
    carried: str = ""
    rewritten: bool = False


def leans_on_earlier(question: str) -> bool:
    """Whether a question cannot be understood without the one before it.

    It does when it has no content words, refers back ('daarover', 'zo'n'), or has few content words and a pronoun, an
    opening such as 'En …', or a request to go on. A question with its own subject stands by itself.
    """
    text = fold(question).strip()
    own = len(set(content_words(question)))
    if not own:
        return True
    if _REFERS_BACK.search(text) or _OPENING.match(text) or _CONTINUES.search(text):
        return own <= _SEVERAL
    return own <= _FEW and bool(_PRONOUN.search(text))


def understand(question: str, history: Sequence[str]) -> Understood:
    """Put the earlier questions that a follow-up leans on in front of it, back to one that stands by itself.

    Greetings and thanks among them ('Dank je') are passed over.
    """
    question = courtesies.without_opening(question)
    carried: list[str] = []
    current = question
    for earlier in reversed([turn for turn in history if not courtesies.answer(turn)]):
        if not leans_on_earlier(current):
            break
        carried.insert(0, earlier.strip())
        current = earlier
    return Understood(" ".join([*carried, question]), " ".join(carried))

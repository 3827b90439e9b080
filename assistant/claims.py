"""Whether a statement speaks for or against a claim: 'NOV is voor betaling van vrijwilligers'.

No verdict on who is right, and no model: a claim and a statement each get a sign, the product of their attitude words
(tegen, wijzen af, bezwaar, …), negations (niet, geen, …) and reversing words (afschaffen, verlagen, …). The statement's
sign is read in the clause that shares the claim's subject. Equal signs speak for the claim, opposite ones against it;
whatever cannot be told this way is 'onduidelijk'. `training/claims.py` measures it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from assistant.dutch import content_words, fold, stem, word_terms

Side = Literal["voor", "tegen", "onduidelijk"]

_QUESTION = re.compile(r"^(?:wie|wat|waar\w*|wanneer|welke?|hoe\w*|what|who|why|how)\b|\?\s*$")
_BE = r"(?:ben|bent|is|zijn|was|waren)"
_SPEAKER = re.compile(
    rf"^(?P<speaker>[\w' -]{{1,60}}?) (?:{_BE} (?=(?:voor|tegen|het (?:on)?eens)\b)|(?=(?:wil|willen|wilde|wilden"
    rf"|vindt|vinden|vond|vonden"
    r"|steunt|steunen|pleit|pleiten|bepleit|bepleiten|vraagt|vragen|adviseert|adviseren|heeft bezwaar"
    r"|hebben bezwaar)\b))"
)
_VERDICT = r"(?:on)?(?:wenselijk|nodig|verstandig|redelijk|belangrijk|terecht|gewenst|eerlijk|aanvaardbaar|acceptabel)"
_CLAIMS = re.compile(
    rf"\b(?:moet(?:en)?|mag|mogen|hoort|horen|hoeft|hoeven|verdien(?:t|en)|dien(?:t|en)|kan|kunnen|zou(?:den)? {_BE}?"
    rf"|{_BE} (?:\w+ ){{0,12}}(?:{_VERDICT}|goed|slecht|prima|verplicht|verboden|noodzakelijk|essentieel))\b"
)

_NO_ATTITUDE = re.compile(
    r"\b(?:niet alleen|niet slechts|zonder meer|(?:strijd|bescherm\w*|verzeker\w*|beveilig\w*|aan|maatregelen) tegen"
    r"|(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen|\d+) tegen (?:een|twee|drie|vier|vijf|zes|zeven|acht|negen"
    r"|\d+)"
    r"|(?<!is )(?<!zijn )(?<!ben )tegen (?:betaling|vergoeding|kostprijs|elkaar|het eind\w*|die tijd|\d+))\b"
)
_NEGATIVE = re.compile(
    r"\b(?:tegen\b[^,;:]*\bverzet\w*|(?:verzet\w*|ke(?:er|ert|ren) (?:ons|zich)|waarschuw\w*)\b[^,;:]*?\btegen"
    r"|bezwa(?:ar|ren) (?:\w+ )?tegen|bezwa(?:ar|ren)|(?:er)?tegen(?:stander\w*)?"
    r"|(?:wijs|wijst|wijzen|wees|wezen|raad|raadt|raden|keur|keurt|keuren)\b[^,;:]*\baf|af te (?:zien|raden|wijzen"
    r"|keuren)"
    r"|(?:zie|ziet|zien)\b[^,;:]*\bvan af|afgewezen|afgeraden|afgekeurd|verworpen|verwerp\w*|verwierp\w*"
    r"|zie(?:t|n)? (?:wij |we )?af|ontra(?:ad|adt|den)|bestrij\w*|van de hand|in strijd met|daartegen|hiertegen"
    r"|waarschuw\w*|vrees|vrezen|vreest|bang|bezorgd|zorgen over|betreur\w*|maak\w* \w+ (?:ernstige |grote )?zorgen"
    r"|on(?:wenselijk|nodig|verstandig|redelijk|terecht|gewenst|eerlijk|aanvaardbaar|acceptabel|behoorlijk"
    r"|rechtvaardig|juist)"
    r"|slecht|misverstand|misleidend|kritisch|ongepast|overbodig|vernederend|verkeerd\w*|ontijdig|ondergraaf\w*"
    r"|ondergraven"
    r"|wantrouwen|een brug te ver|ten onrechte|schijnzekerheid)\b"
)
_POSITIVE = re.compile(
    rf"\b(?:{_BE} (?:zelf |ook |juist |wel |zeer |erg |daar |heel )?voor|ervoor|voorstander\w*|kie(?:s|st"
    rf"|zen)\b[^,;:]*\bvoor|pleit\w*|bepleit\w*|steun(?:t|en|de|den)?"
    r"|ondersteunen wij|onderschrij\w*|juich\w*|wil|willen|wilt|wilde|wilden|vra(?:ag|agt|gen)|vroeg\w*|verzoek\w*"
    r"|adviseer\w*"
    r"|adviser\w*|advies|bevel\w*\b[^,;:]*\baan|beveelt\b[^,;:]*\baan|ra(?:ad|adt|den)\b[^,;:]*\baan"
    r"|roep\w*\b[^,;:]*\bop"
    r"|moet\w*|mag|mogen|hoort|horen|hoeft|hoeven|dien(?:t|en)|verdien(?:t|en)|kan|kunnen|hoop|hoopt|hopen"
    r"|geloof\w*|voorkeur|prima|goed"
    r"|eens|blij|gelukkig|welkom|redelijk|wenselijk|nodig|noodzakelijk|essentieel|belangrijk\w*|verstandig|terecht"
    r"|waardevol"
    r"|van belang|geef|dring\w*\b[^,;:]*\baan|eis|eist|eisen wij|vinden (?:wij|we)|vindt|zien (?:wij|we))\b"
)
_NEGATION = re.compile(r"\b(?:niet|geen|nooit|niemand|niets|noch|evenmin|in plaats van)\b")
_REVERSING = re.compile(
    r"\b(?:afschaff\w*|schaf\w*\b[^,;:]*\baf|af te schaffen|afgeschaft|stop(?:t|pen|zetten|gezet)|gestopt|sluit\w*"
    r"|gesloten|verbied\w*|verbod\w*"
    r"|verboden|minder|lager\w*|omlaag|verlag\w*|verlaag\w*|kort(?:en|ing\w*)|bezuinig\w*|schrap\w*|geschrapt"
    r"|beeindig\w*|einde|weg"
    r"|weigeren|tegenhouden|tegengaan|voorkomen|verwater\w*|verdwijn\w*|opheff\w*|inperk\w*|intrekk\w*)\b"
    r"|\bstrijd tegen\b|\w+verbod\b"
)
_SPLIT = re.compile(r"[;:.!?()–—…,]+|\b(?=(?:maar|want|omdat|doordat|terwijl|hoewel|zolang|mits|wanneer|indien"
                    r"|zodat|in plaats van)\b)"
                    r"|\b(?=en (?:niet|geen|evenmin)\b)")  # fmt: skip
_ASIDE = re.compile(r",\s(?:zoals|waar\w*|die|namelijk)\b[^,;:.]*,")
_SUBORDINATE = re.compile(r"^(?:want|omdat|doordat|terwijl|hoewel|zolang|mits|wanneer|indien|als|wie|zodat|ook al)\b")
_OURS = re.compile(r"\b(?:wij|we|ik|bewust|nadrukkelijk|uitdrukkelijk|komt er|komen er)\b")
_REFERS = re.compile(r"\b(?:dat|dit|daar\w*|er\w+)\b")
_DIVIDED = re.compile(
    r"\b(?:verdeeld|tegenstrijdig|enerzijds|uiteen|geen kant|aarzel\w*|twijfel\w*|zonder dat|tenzij"
    r"|niet om\b.*\bmaar om|waarschuw\w* dat|van niet|van wel)\b"
)
_LITTLE = frozenset(
    "meer mogen moeten worden komen krijgen vinden helpen blijven bestaan hebben doen gaan zijn".split()
)
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that statements can be for or against.

    Attributes:
        sign: 1 if it is in favour of its subject, -1 if it is against it.
        subject: folded content words of what it is about, without who is said to hold it.
        weights: how much each of these words says of it.
    """

    sign: int
    subject: tuple[str, ...]
    weights: tuple[float, ...]


def read_claim(text: str, weigh: Callable[[str], float] = lambda term: 1.0) -> Claim | None:
    """The claim that a text makes; None for a subject or a question.

    Args:
        text: what somebody typed.
        weigh: how much an index term says of what a text is about, its idf: in documents on volunteering a statement
            that shares only 'vrijwilligers' with a claim is hardly about it.
    """
    said = fold(text).strip()
    if _QUESTION.search(said):
        return None
    speaker = _SPEAKER.match(said)
    if not speaker and not _CLAIMS.search(said):
        return None
    rest = said[speaker.end("speaker") :] if speaker else said
    subject = _subject(rest)
    return Claim(_sign(rest), subject, tuple(weigh(stem(word)) for word in subject)) if subject else None


def side(claim: Claim, statement: str) -> Side:
    """Whether a statement speaks for or against a claim."""
    said = fold(statement)
    if _DIVIDED.search(said) or _covered(claim, said) < _ENOUGH:
        return "onduidelijk"
    signs = _signs(claim, said)
    if len(signs) != 1:
        return "onduidelijk"
    sign = signs.pop()
    if sign != claim.sign:
        return "tegen"
    return "onduidelijk" if _not_against(said) else "voor"


def _signs(claim: Claim, said: str) -> set[int]:
    """The signs of the clauses that share most with the claim; empty if they take no side."""
    pieces = _pieces(said)
    shares = [_covered(claim, piece) if not _SUBORDINATE.match(piece) else 0.0 for piece in pieces]
    most = max(shares, default=0.0)
    if not most:
        return set()
    signs = set()
    for at, (piece, share) in enumerate(zip(pieces, shares, strict=True)):
        if share < most:
            continue
        following = pieces[at + 1] if at + 1 < len(pieces) else ""
        before = pieces[at - 1] if at else ""
        if _takes_side(piece):
            signs.add(_sign(piece))
            if not _covered(claim, following) and _NEGATIVE.search(following):
                if following.startswith("maar"):
                    signs.add(-_sign(piece))
                elif _REFERS.search(following) and not _SUBORDINATE.match(following):
                    signs.add(_sign(following) * _reversed(piece))
        elif piece.startswith("maar") and _takes_side(before):
            signs.add(-_sign(before) if _NEGATION.search(before) else _sign(before))
        elif following and not _SUBORDINATE.match(following) and _REFERS.search(following) and _takes_side(following):
            signs.add(_sign(following) * _reversed(piece))
    return signs


def _pieces(said: str) -> list[str]:
    """The clauses of a folded statement; two negated ones joined by 'en' are taken apart."""
    pieces: list[str] = []
    for piece in _SPLIT.split(_ASIDE.sub(" ", said)):
        first, joint, second = piece.partition(" en ")
        if joint and _NEGATION.search(second) and (_NEGATION.search(first) or _takes_side(first)):
            pieces += [first, second]
        else:
            pieces.append(piece)
    return [piece.strip() for piece in pieces if piece.strip()]


def _not_against(said: str) -> bool:
    """Whether a statement only says that somebody is not against something, which is less than being for it."""
    return any(_NEGATIVE.search(piece) and _NEGATION.search(piece) for piece in _pieces(said))


def _takes_side(piece: str) -> bool:
    masked = _NO_ATTITUDE.sub(" ", piece)
    if _NEGATIVE.search(masked) or _POSITIVE.search(masked):
        return True
    return bool(_NEGATION.search(masked) and _OURS.search(masked))


def _sign(piece: str) -> int:
    masked = _NO_ATTITUDE.sub(" ", piece)
    flips = len(_NEGATIVE.findall(masked)) + len(_NEGATION.findall(masked))
    return _reversed(piece) * (-1 if flips % 2 else 1)


def _reversed(piece: str) -> int:
    return -1 if len(_REVERSING.findall(piece)) % 2 else 1


def _subject(said: str) -> tuple[str, ...]:
    """What a claim is about: its content words without those that give its sign."""
    plain = said
    for pattern in (_NEGATIVE, _POSITIVE, _NEGATION):
        plain = pattern.sub(" ", plain)
    words = [word for word in content_words(plain) if word not in _LITTLE]
    subject = [word for word in words if not _REVERSING.fullmatch(word)] or words
    return tuple(dict.fromkeys(subject))


def _covered(claim: Claim, said: str) -> float:
    """The weighed share of the claim's subject that a text mentions, in any form or as part of a compound."""
    there = {term for word in content_words(said) for term in word_terms(word)}
    found = [not there.isdisjoint(word_terms(word)) for word in claim.subject]
    return sum(weight for weight, is_there in zip(claim.weights, found, strict=True) if is_there) / sum(claim.weights)

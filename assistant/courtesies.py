"""Courtesies: a greeting, thanks, or a question about the assistant itself gets a short answer in our own words."""

from __future__ import annotations

import re

from assistant.dutch import words

WHAT_IT_DOES = (
    "Ik beantwoord vragen met letterlijke citaten uit de documenten. "
    "Bij elk citaat staat wie het zegt, wanneer en waar."
)
EXAMPLE = "Stel bijvoorbeeld een vraag als: “Wat is de sociale basis?” Daarna kunt u doorvragen: “Geef een voorbeeld.”"

_GREETING = (
    r"(?:hallo|hoi|hey|hee|hi|hello|dag|goede ?(?:morgen|middag|avond|dag)|goeie ?(?:morgen|middag|avond))"
    r"(?: daar| allemaal)?"
)
_THANKS = (
    r"(?:(?:heel |hartelijk |heel erg |alvast |ontzettend )*(?:dank(?: ?(?:je|u))?(?: ?wel)?|bedankt|dankjewel"
    r"|merci|thanks|thank you)"
    r"(?: hoor| voor (?:je|uw|de|het) (?:hulp|antwoord|uitleg|moeite|informatie))?"
    r"|(?:dat is |dat was |heel |erg )*(?:duidelijk|helder|top|fijn|super|prima|oke|ok|handig|mooi))"
)
_BYE = r"(?:tot ziens|doei|dag|fijne dag(?: nog| verder)?|tot (?:later|straks))"
_WHO = (
    r"(?:wie|wat|wie of wat) (?:ben|bent|zijn) (?:jij|je|u|jullie)(?: eigenlijk)?|hoe heet (?:je|u|jij)"
    r"|(?:ben|bent) (?:je|jij|u) (?:een |nou |nu )*(?:mens|robot|computer|chatbot|ai|automaat|machine|echt persoon)"
    r"|(?:who|what) are you"
)
_CAN = (
    r"wat (?:kun|kan|kunt|doe|doet) (?:je|jij|u)(?: (?:allemaal|eigenlijk|voor mij|voor me|doen|zoal))*|help|hulp"
    r"|what can you do"
    r"|waar(?:mee)? (?:kun|kan|kunt) (?:je|jij|u) (?:mij |me )?(?:mee )?helpen"
    r"|wat (?:kan|mag) ik (?:je|jou|u|hier|allemaal|aan je|aan u)* ?vragen|hoe werk(?:t|en)? (?:je|jij|u|dit"
    r"|deze assistent)"
)
_HOW = r"hoe (?:gaat het|is het)(?: met (?:je|jou|u))?"

_ANSWERS = (
    (re.compile(_WHO), f"Ik ben de documentassistent van NOV, een automaat. {WHAT_IT_DOES} Ik verzin niets zelf."),
    (re.compile(_CAN), f"{WHAT_IT_DOES} Staat iets er niet in, dan zeg ik dat. {EXAMPLE}"),
    (re.compile(_THANKS), "Graag gedaan. Hebt u nog een vraag over de documenten, stel die gerust."),
    (re.compile(_HOW), f"Met mij gaat het goed, dank u. {WHAT_IT_DOES} Wat wilt u weten?"),
    (re.compile(_BYE), "Tot ziens."),
    (re.compile(_GREETING), f"Hallo! {WHAT_IT_DOES} Wat wilt u weten?"),
)
_OPENING = re.compile(rf"^(?:(?:{_GREETING}|{_THANKS})\W+)+(?=\S)", re.IGNORECASE)


def answer(said: str) -> str:
    """A short Dutch answer to a courtesy; empty if it is a real question.

    'Hallo, wie ben je?' is answered as what comes last; 'Hallo, wat is GALA?' is a real question.
    """
    text = " ".join(words(said))
    found = ""
    while text:
        fits = ((pattern.match(text), reply) for pattern, reply in _ANSWERS)
        match, reply = max(fits, key=lambda fit: fit[0].end() if fit[0] else 0)
        if not match or not match.end() or text[match.end() : match.end() + 1].strip():
            return ""
        found, text = reply, text[match.end() :].strip()
    return found


def without_opening(question: str) -> str:
    """A question without the greeting or thanks before it: 'Dank je. En wie betaalt dat?' asks who pays."""
    match = _OPENING.match(question)
    rest = question[match.end() :] if match and re.search(r"[,.!;:]\s*$", match.group()) else question
    return rest if words(rest) else question

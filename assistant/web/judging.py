"""What visitors say of answers on the page; only there when the operator keeps feedback, and visitors are told so."""

from __future__ import annotations

import logging
from typing import Any, Literal

from assistant.errors import AssistantError, BusyError
from assistant.web.about import KEPT
from assistant.web.chat import Turns, asked_in
from assistant.web.desk import Desk

NOTICE = f'<p class="hint kept">{KEPT} Zet geen persoonlijke gegevens in uw vraag.</p>'


Outcome = Literal["kept", "busy", "failed"]
"""What became of a judgement; `feedback.js` has the words for it."""


def judge(desk: Desk, turns: Turns, number: Any, helpful: Any, reason: Any) -> Outcome:
    """Keep what a visitor says of one answer; what a browser sends can be anything, and what cannot be is left alone.

    Args:
        desk: where it is kept.
        turns: the conversation.
        number: of the turn, from 0.
        helpful: whether it helped.
        reason: why.

    Returns:
        what became of it. A fault that only the operator can mend is logged.
    """
    if not isinstance(number, int) or not 0 <= number < len(turns) or not isinstance(helpful, bool):
        return "failed"
    turn = turns[number]
    if not turn.answer:
        return "failed"
    history = [*asked_in(turns[:number]), *turn.before]
    try:
        desk.judge(turn.answer, helpful, reason if isinstance(reason, str) else "", history, turn.version)
    except BusyError:
        return "busy"
    except AssistantError:
        logging.getLogger(__name__).exception("What a visitor says of an answer could not be kept.")
        return "failed"
    return "kept"


def note_miss(desk: Desk, turns: Turns) -> None:
    """Keep the last question when nothing was found for it."""
    *earlier, last = turns
    if last.answer and last.answer.status == "not_found":
        desk.miss(last.question, [*asked_in(tuple(earlier)), *last.before], last.version)

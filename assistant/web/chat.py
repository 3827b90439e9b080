"""A conversation: the turns of one visitor, kept in that visitor's session and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from assistant.errors import AssistantError
from assistant.pipeline import Assistant
from assistant.web.render import render_answer, render_error, render_failure, render_searching, render_turn


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what the page shows under it; `answered` is False for an error or while searching."""

    question: str
    reply: Markup
    answered: bool = False


Turns = tuple[Turn, ...]


def respond(assistant: Assistant, question: str, turns: Turns) -> Iterator[Turns]:
    """The conversation with one question more, after each step: searching, every statement, and the whole answer."""
    yield (*turns, Turn(question, render_searching()))
    history = [turn.question for turn in turns if turn.answered]
    try:
        answer = assistant.ask(question, history=history)
    except AssistantError as error:
        yield (*turns, Turn(question, render_error(error)))
        return
    number = len(turns) + 1
    for shown in range(1, len(answer.statements)):
        yield (*turns, Turn(question, render_answer(answer, number, shown)))
    yield (*turns, Turn(question, render_answer(answer, number), answered=True))


def fail(turns: Turns) -> Turns:
    """The conversation after a fault in the program: the last question gets an apology for an answer."""
    return (*turns[:-1], Turn(turns[-1].question, render_failure())) if turns else turns


def render_turns(turns: Turns) -> Markup:
    """The whole conversation as HTML."""
    return Markup().join(render_turn(turn.question, turn.reply) for turn in turns)

"""A conversation: the turns of one visitor, kept in that visitor's session and browser and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from assistant.errors import AssistantError
from assistant.pipeline import Assistant
from assistant.schema import Answer, Filters
from assistant.web.filters import Options, describe_filters
from assistant.web.memory import pack, unpack
from assistant.web.render import (
    Around,
    render_answer,
    render_error,
    render_failure,
    render_searching,
    render_stopped,
    render_turn,
)
from assistant.web.suggestions import suggestions


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what the page shows under it.

    Attributes:
        question: as it was typed.
        reply: what is shown under it.
        answer: the answer; None for an error and while searching.
        filters: which documents were asked.
        version: fingerprint of the index that answered.
        busy: whether the answer is still coming.
    """

    question: str
    reply: Markup
    answer: Answer | None = None
    filters: Filters = field(default_factory=Filters)
    version: str = ""
    busy: bool = False


Turns = tuple[Turn, ...]

_WRITTEN = frozenset({"generated", "struck"})
"""Statements that a language model wrote: they were shown as they came."""


def respond(assistant: Assistant, question: str, turns: Turns, options: Options | None = None) -> Iterator[Turns]:
    """The conversation with one question more, after each step: searching, every statement, and the whole answer."""
    options = options or Options()
    if options.replace:
        turns = turns[:-1]
    yield (*turns, Turn(question, render_searching(), busy=True))
    history = [turn.question for turn in turns if turn.answer]
    around = Around(
        number=len(turns) + 1,
        filters=describe_filters(options.filters, assistant.documents.values()),
        page=options.page,
    )
    try:
        for answer in assistant.stream(question, history=history, filters=options.filters):
            if not answer.complete:
                yield (*turns, _growing(question, answer, around, len(answer.statements)))
    except AssistantError as error:
        yield (*turns, Turn(question, render_error(error)))
        return
    if not any(statement.kind in _WRITTEN for statement in answer.statements):
        for shown in range(1, len(answer.statements)):
            yield (*turns, _growing(question, answer, around, shown))
    reply = render_answer(answer, replace(around, suggestions=suggestions(answer, assistant.passages, history)))
    yield (*turns, Turn(question, reply, answer, options.filters, assistant.manifest.fingerprint))


def _growing(question: str, answer: Answer, around: Around, shown: int) -> Turn:
    """The first statements of an answer that goes on."""
    return Turn(question, render_answer(answer, around, shown), busy=True)


def stop(turns: Turns) -> Turns:
    """The conversation when the visitor did not wait for the last answer."""
    return (*turns[:-1], Turn(turns[-1].question, render_stopped())) if turns and turns[-1].busy else turns


def fail(turns: Turns) -> Turns:
    """The conversation after a fault in the program: a question without an answer gets an apology for one."""
    return (*turns[:-1], Turn(turns[-1].question, render_failure())) if turns and turns[-1].busy else turns


def keep(turns: Turns) -> list[dict[str, Any]]:
    """The conversation as the browser keeps it: the questions that got an answer."""
    return [pack(turn.answer, turn.filters, turn.version) for turn in turns if turn.answer]


def reopen(assistant: Assistant, kept: object, page: str = "") -> Turns:
    """A kept conversation again; answers stay as they were given.

    Raises:
        InputError: it is no conversation.
    """
    turns: list[Turn] = []
    version = assistant.manifest.fingerprint
    for number, (answer, filters, made_with) in enumerate(unpack(kept), 1):
        around = Around(
            number=number,
            filters=describe_filters(filters, assistant.documents.values()),
            suggestions=suggestions(answer, assistant.passages, [turn.question for turn in turns]),
            page=page,
            outdated=made_with != version,
        )
        turns.append(Turn(answer.question, render_answer(answer, around), answer, filters, made_with))
    return tuple(turns)


def render_turns(turns: Turns) -> Markup:
    """The whole conversation as HTML."""
    return Markup().join(render_turn(turn.question, turn.reply) for turn in turns)

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
from assistant.web.link import AnswerLink, follow_up
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
        before: questions that went before it and are not in the conversation, because it began with a link.
    """

    question: str
    reply: Markup
    answer: Answer | None = None
    filters: Filters = field(default_factory=Filters)
    version: str = ""
    busy: bool = False
    before: tuple[str, ...] = ()


Turns = tuple[Turn, ...]

_WRITTEN = frozenset({"generated", "struck"})
"""Statements that a language model wrote: they were shown as they came."""


def respond(
    assistant: Assistant, question: str, turns: Turns, options: Options | None = None, link: AnswerLink | None = None
) -> Iterator[Turns]:
    """The conversation with one question more, after each step: searching, every statement, and the whole answer.

    Args:
        assistant: answers the question.
        question: the question.
        turns: the conversation so far.
        options: what goes along with the question.
        link: the link that asks it, when the conversation begins with one.
    """
    options = options or Options()
    before = link.before if link else ()
    if options.replace:
        before, turns = turns[-1].before if turns else (), turns[:-1]
    waiting = Turn(question, render_searching(), busy=True, before=before)
    yield (*turns, waiting)
    try:
        yield from _answered(assistant, waiting, turns, options, link)
    except AssistantError as error:
        yield (*turns, Turn(question, render_error(error), before=before))


def _answered(
    assistant: Assistant, waiting: Turn, turns: Turns, options: Options, link: AnswerLink | None
) -> Iterator[Turns]:
    """The conversation after every statement, and with the whole answer."""
    question, before = waiting.question, waiting.before
    history = [*asked_in(turns), *before]
    around = Around(
        number=len(turns) + 1,
        filters=describe_filters(options.filters, assistant.documents.values()),
        page=options.page,
        remarks=link.remarks(assistant.manifest.fingerprint) if link else follow_up(before),
    )
    for answer in assistant.stream(question, history=history, filters=options.filters):
        if not answer.complete:
            yield (*turns, _growing(waiting, answer, around, len(answer.statements)))
    if not any(statement.kind in _WRITTEN for statement in answer.statements):
        for shown in range(1, len(answer.statements)):
            yield (*turns, _growing(waiting, answer, around, shown))
    version = answer.index
    complete = replace(
        around,
        suggestions=suggestions(answer, assistant.passages, history),
        link=_link(options.page, AnswerLink(question, tuple(history), options.filters, version)),
    )
    yield (*turns, Turn(question, render_answer(answer, complete), answer, options.filters, version, before=before))


def _growing(waiting: Turn, answer: Answer, around: Around, shown: int) -> Turn:
    """The first statements of an answer that goes on."""
    return replace(waiting, reply=render_answer(answer, around, shown))


def _link(page: str, link: AnswerLink) -> str:
    """The whole address of a link; empty if it cannot be made."""
    return page and link.address and page + link.address


def asked_in(turns: Turns) -> list[str]:
    """The questions that a next one may lean on, oldest first: those that got an answer, and those before a link."""
    return [question for turn in turns for question in (*turn.before, *([turn.question] if turn.answer else []))]


def stop(turns: Turns) -> Turns:
    """The conversation when the visitor did not wait for the last answer."""
    return _ended(turns, render_stopped()) if turns and turns[-1].busy else turns


def fail(turns: Turns) -> Turns:
    """The conversation after a fault in the program: a question without an answer gets an apology for one."""
    return _ended(turns, render_failure()) if turns and turns[-1].busy else turns


def _ended(turns: Turns, reply: Markup) -> Turns:
    """The conversation with this in the place of the last answer."""
    return (*turns[:-1], replace(turns[-1], reply=reply, busy=False))


def keep(turns: Turns) -> list[dict[str, Any]]:
    """The conversation as the browser keeps it: the questions that got an answer."""
    return [pack(turn.answer, turn.filters, turn.version, turn.before) for turn in turns if turn.answer]


def reopen(assistant: Assistant, kept: object, page: str = "") -> Turns:
    """A kept conversation again; answers stay as they were given.

    Raises:
        InputError: it is no conversation.
    """
    turns: list[Turn] = []
    version = assistant.manifest.fingerprint
    for number, (answer, filters, made_with, before) in enumerate(unpack(kept), 1):
        history = [*asked_in(tuple(turns)), *before]
        around = Around(
            number=number,
            filters=describe_filters(filters, assistant.documents.values()),
            suggestions=suggestions(answer, assistant.passages, history),
            page=page,
            outdated=made_with != version,
            remarks=follow_up(before),
            link=_link(page, AnswerLink(answer.question, tuple(history), filters, made_with)),
        )
        turns.append(Turn(answer.question, render_answer(answer, around), answer, filters, made_with, before=before))
    return tuple(turns)


def render_turns(turns: Turns) -> Markup:
    """The whole conversation as HTML."""
    return Markup().join(render_turn(turn.question, turn.reply) for turn in turns)

"""The page itself: which parts it has and what happens on an event. `serve.py` puts it on the network."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.pipeline import Assistant
from assistant.web.chat import Turns, fail, keep, render_turns, reopen, respond, stop
from assistant.web.desk import Desk
from assistant.web.filters import Options, render_filter_form, voices_of
from assistant.web.judging import NOTICE, judge, note_miss
from assistant.web.link import AnswerLink
from assistant.web.managing import Manager
from assistant.web.memory import take_along
from assistant.web.place import Place
from assistant.web.reader import render_reader
from assistant.web.views import render_positions, render_view
from assistant.web.welcome import HEADER, HINT, render_welcome

TITLE = "NOV-documentassistent"
STATIC = Path(__file__).parent / "static"

# `${value}` puts the value in as it is. A Handlebars `{{value}}` would run what looks like a template inside it.
LOG = '<div role="log" aria-live="polite" aria-label="Gesprek">${value}</div>'
READER = '<dialog id="reader" aria-labelledby="reader-title"></dialog>'
VIEW = '<section id="view" tabindex="-1" aria-live="off" hidden></section>'
KEPT = """
<section id="kept" tabindex="-1" aria-labelledby="kept-title" hidden>
  <h2 id="kept-title">Uw gesprekken</h2>
  <p>Deze gesprekken staan alleen in deze browser, op dit apparaat. Anderen kunnen ze niet zien. Werkt u op een gedeelde
  computer? Verwijder ze dan als u klaar bent.</p>
  <ul></ul>
  <p class="none">U hebt nog geen gesprekken.</p>
  <p role="status"></p>
</section>
"""
MANAGE = '<section id="manage" tabindex="-1" aria-labelledby="manage-title" hidden></section>'
OPTIONS = """
<p class="editing" hidden>U past uw laatste vraag aan. <button type="button" data-keep>Toch niet</button></p>
<div class="row"><button type="button" data-filter aria-haspopup="dialog">Filters</button>
<ul class="chips" aria-label="U zoekt alleen in" hidden></ul></div>
<dialog id="filter" aria-labelledby="filter-title">
  <h2 id="filter-title">Waarin wilt u zoeken?</h2>
  <p>Kiest u niets, dan zoekt de assistent overal.</p>
  <form method="dialog"></form>
  <p class="buttons"><button type="button" data-clear>Alles wissen</button>
  <button type="button" data-close>Klaar</button></p>
</dialog>
"""


def build_page(assistant: Assistant, feedback: Desk | None = None, manager: Manager | None = None) -> gr.Blocks:
    """The page for these documents; every visitor gets a conversation of their own.

    Args:
        assistant: answers the questions.
        feedback: keeps what visitors say of answers, and they are told so; None when nothing is kept.
        manager: lets operators change the documents; None when there are no operators.
    """

    def show(turns: Turns, notice: str = "") -> str:
        if turns:
            return str(render_turns(turns))
        try:
            documents = list(assistant.documents.values())
        except AssistantError as error:
            return str(render_welcome([], str(error), assistant.writes))
        return str(render_welcome(documents, notice, assistant.writes))

    def ask(question: str, turns: Turns, asked: Any, link: AnswerLink | None = None) -> Iterator[tuple[Any, ...]]:
        if not question.strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        typed: Any = ""
        options = Options.from_request(asked)
        if link:
            options = replace(options, filters=link.filters)
        step = turns
        try:
            for step in respond(assistant, question.strip(), turns, options, link):
                yield step, show(step), typed, gr.skip() if step[-1].busy else {"turns": keep(step)}
                # What the visitor types meanwhile stays.
                typed = gr.skip()
        except Exception:
            logging.getLogger(__name__).exception("A question could not be answered.")
            step = fail(step)
            yield step, show(step), gr.skip(), gr.skip()
            return
        if feedback:
            note_miss(feedback, step)
        if not step[-1].answer:
            yield step, show(step), question, gr.skip()

    def ask_chosen(turns: Turns, asked: Any, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        yield from ask(str(event.question), turns, asked)

    def ask_again(turns: Turns, asked: Any) -> Iterator[tuple[Any, ...]]:
        if not turns:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
        else:
            again = {**(asked if isinstance(asked, dict) else {}), "replace": True}
            yield from ask(turns[-1].question, turns, again)

    def stop_searching(turns: Turns) -> tuple[Turns, str]:
        turns = stop(turns)
        return turns, show(turns)

    def restart() -> tuple[Any, ...]:
        return (), show(()), "", {"turns": []}

    def open_kept(kept: Any) -> tuple[Any, ...]:
        asked = kept if isinstance(kept, dict) else {}
        try:
            turns = reopen(assistant, asked.get("turns") or [], Options.from_request(asked).page)
        except AssistantError as error:
            return (), show((), str(error)), {"turns": []}
        return turns, show(turns), {"turns": keep(turns)}

    def open_page(asked: Any) -> Iterator[tuple[Any, ...]]:
        address = asked.get("link") if isinstance(asked, dict) else None
        if not address:
            turns, shown, kept = open_kept(asked)
            yield turns, shown, gr.skip(), kept
            return
        try:
            link = AnswerLink.from_address(address)
        except AssistantError as error:
            yield (), show((), str(error)), gr.skip(), {"turns": []}
            return
        yield from ask(link.question, (), {"page": asked.get("page")}, link)

    def open_chosen(event: gr.EventData) -> tuple[Any, ...]:
        return open_kept({"turns": event.turns, "page": event.page})

    def open_document(request: Any) -> str:
        return str(render_reader(assistant.documents, Place.from_request(request)))

    def open_view(name: Any) -> str:
        return str(render_view(assistant, str(name), date.today(), keeps=feedback is not None))

    def find_positions(request: Any) -> str:
        return str(render_positions(assistant, request))

    def filter_form(_: Any) -> str:
        return str(render_filter_form(assistant.documents.values(), voices_of(assistant.passages)))

    def take(request: Any) -> dict[str, str]:
        try:
            file = take_along(request, date.today())
        except AssistantError as error:
            return {"error": str(error)}
        return {"name": file.name, "type": file.media_type, "content": b64encode(file.content).decode()}

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        turns = gr.State(())
        header = gr.HTML(HEADER, js_on_load=script("dutch", "header"), apply_default_css=False, elem_id="header")
        gr.HTML(
            VIEW,
            js_on_load=script("views"),
            server_functions=[open_view, find_positions],
            apply_default_css=False,
            elem_id="views",
        )
        memory = gr.HTML(
            {"turns": []},
            html_template=KEPT,
            js_on_load=script("memory"),
            server_functions=[take],
            apply_default_css=False,
            elem_id="memory",
        )
        if manager:
            gr.HTML(
                MANAGE,
                js_on_load=script("manage"),
                server_functions=manager.functions,
                apply_default_css=False,
                elem_id="manage-frame",
            )
        log = gr.HTML(
            html_template=LOG,
            js_on_load=script("copy", "cards", "log", *(["feedback"] if feedback else [])),
            apply_default_css=False,
            elem_id="conversation",
        )
        with gr.Column(elem_id="composer", scale=0):
            options = gr.HTML(
                {},
                html_template=OPTIONS,
                js_on_load=script("options"),
                server_functions=[filter_form],
                apply_default_css=False,
                elem_id="options",
            )
            with gr.Row(elem_id="ask"):
                box = gr.Textbox(
                    label="Uw vraag",
                    show_label=False,
                    placeholder="Stel een vraag",
                    max_lines=6,
                    elem_id="question",
                    html_attributes=gr.InputHTMLAttributes(lang="nl", enterkeyhint="send"),
                )
                send = gr.Button("Verstuur", variant="primary", elem_id="send")
            gr.HTML(HINT + (NOTICE if feedback else ""), apply_default_css=False)
        gr.HTML(
            READER,
            js_on_load=script("copy", "reader"),
            server_functions=[open_document],
            apply_default_css=False,
            elem_id="reader-frame",
        )

        outputs = [turns, log, box, memory]
        # A name of their own, for Gradio would give these events the names of the API's functions.
        hidden = {"show_progress": "hidden", "api_visibility": "private", "api_name": "page"}
        # How many are answered at the same time is for the desk to say: it tells who must wait.
        in_line = {"concurrency_limit": None, "concurrency_id": "ask", **hidden}
        # A question sent while another is being answered waits its turn; one sent twice is empty by then.
        typed = gr.on(
            [box.submit, send.click], ask, [box, turns, options], outputs, trigger_mode="always_last", **in_line
        )
        # On every load, for the index may have been built again since the page was made.
        loaded = page.load(open_page, [memory], outputs, js=script("load"), **in_line)
        chosen = log.ask(ask_chosen, [turns, options], outputs, **in_line)
        again = log.again(ask_again, [turns, options], outputs, **in_line)
        asking = [typed, loaded, chosen, again]
        if feedback:
            _keep_judgements(feedback, log, turns, hidden)
        log.stop(stop_searching, [turns], [turns, log], cancels=asking, **hidden)
        header.restart(restart, None, outputs, cancels=asking, **hidden)
        memory.open(open_chosen, None, [turns, log, memory], cancels=asking, **hidden)
    return page


def _keep_judgements(desk: Desk, log: gr.HTML, turns: gr.State, hidden: dict[str, Any]) -> None:
    """Keeps what visitors say of the answers in the log, and tells the page what became of it."""

    def judge_answer(turns: Turns, event: gr.EventData) -> dict[str, Any]:
        return {"turn": event.turn, "outcome": judge(desk, turns, event.turn, event.helpful, event.reason)}

    outcome = gr.JSON(visible=False)
    # One that is given while another is being stored counts as well.
    judged = log.judge(judge_answer, [turns], [outcome], trigger_mode="multiple", **hidden)
    judged.success(None, [outcome], None, js=script("judged"), **hidden)
    judged.failure(None, None, None, js=script("judged"), **hidden)


def script(*names: str) -> str:
    """The scripts of one part of the page."""
    return "\n".join((STATIC / f"{name}.js").read_text(encoding="utf-8") for name in names)

"""The page itself: which parts it has and what happens on an event. `serve.py` puts it on the network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.pipeline import Assistant
from assistant.web.chat import Turns, fail, render_turns, respond
from assistant.web.place import Place
from assistant.web.reader import render_reader
from assistant.web.welcome import HEADER, HINT, render_welcome

TITLE = "NOV-documentassistent"
AT_ONCE = 4
"""Questions that are answered at the same time; of more visitors, the others wait."""
STATIC = Path(__file__).parent / "static"

# `${value}` puts the value in as it is. A Handlebars `{{value}}` would run what looks like a template inside it.
LOG = '<div role="log" aria-live="polite" aria-label="Gesprek">${value}</div>'
READER = '<dialog id="reader" aria-labelledby="reader-title"></dialog>'


def build_page(assistant: Assistant) -> gr.Blocks:
    """The page for these documents; every visitor gets a conversation of their own."""

    def show(turns: Turns) -> str:
        return str(render_turns(turns) if turns else render_welcome(list(assistant.documents.values())))

    def ask(question: str, turns: Turns) -> Iterator[tuple[Any, ...]]:
        if not question.strip():
            yield gr.skip(), gr.skip(), gr.skip()
            return
        typed: Any = ""
        for step in respond(assistant, question.strip(), turns):
            yield step, show(step), typed
            # What the visitor types meanwhile stays.
            typed = gr.skip()
        if not step[-1].answered:
            yield step, show(step), question

    def ask_example(turns: Turns, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        yield from ask(str(event.question), turns)

    def apologise(turns: Turns) -> tuple[Turns, str]:
        turns = fail(turns)
        return turns, show(turns)

    def restart() -> tuple[Turns, str, str]:
        return (), show(()), ""

    def open_document(request: Any) -> str:
        return str(render_reader(assistant.documents, Place.from_request(request)))

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        turns = gr.State(())
        header = gr.HTML(HEADER, js_on_load=script("header"), apply_default_css=False, elem_id="header")
        log = gr.HTML(html_template=LOG, js_on_load=script("log"), apply_default_css=False, elem_id="conversation")
        with gr.Column(elem_id="composer", scale=0):
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
            gr.HTML(HINT, apply_default_css=False)
        gr.HTML(
            READER,
            js_on_load=script("reader"),
            server_functions=[open_document],
            apply_default_css=False,
            elem_id="reader-frame",
        )

        outputs = [turns, log, box]
        hidden = {"show_progress": "hidden", "api_visibility": "private"}
        # On every load, for the index may have been built again since the page was made.
        page.load(show, [turns], log, **hidden)
        in_line = {"concurrency_limit": AT_ONCE, "concurrency_id": "ask", **hidden}
        # A question sent while another is being answered waits its turn; one sent twice is empty by then.
        typed = gr.on([box.submit, send.click], ask, [box, turns], outputs, trigger_mode="always_last", **in_line)
        chosen = log.ask(ask_example, [turns], outputs, **in_line)
        for asked in (typed, chosen):
            asked.failure(apologise, [turns], [turns, log], **hidden)
        header.restart(restart, None, outputs, cancels=[typed, chosen], **hidden)
    return page


def script(name: str) -> str:
    """The script of one part of the page."""
    return (STATIC / f"{name}.js").read_text(encoding="utf-8")

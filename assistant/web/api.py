"""The same answers for programs, as named endpoints of Gradio's API: /ask, /search, /positions and /get_passage."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import gradio as gr
from pydantic import ValidationError, validate_call

from assistant.errors import AssistantError
from assistant.pipeline import Assistant
from assistant.tools import Tools


def add_api(page: gr.Blocks, assistant: Assistant) -> None:
    """Puts the endpoints on a page."""
    tools = Tools(assistant)
    with page:
        for tool in (tools.ask, tools.search, tools.positions, tools.get_passage):
            gr.api(_telling(tool), api_name=tool.__name__, api_description=inspect.getdoc(tool), concurrency_limit=None)


def _telling(tool: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, whose values are checked and whose errors are told to who called it."""
    names = list(inspect.signature(tool).parameters)
    checked = validate_call(config={"strict": True})(tool)

    @functools.wraps(tool)
    def told(*values: Any) -> Any:
        try:
            return checked(**dict(zip(names, values, strict=True)))
        except AssistantError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except ValidationError as error:
            fault = error.errors()[0]
            message = f"De waarde van '{fault['loc'][0]}' kan niet: {fault['input']!r}."
            raise gr.Error(message, print_exception=False) from error

    return told

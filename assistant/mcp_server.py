"""The assistant for other programs' language models, over the Model Context Protocol (MCP) on standard in- and output.

A program such as a chat client starts `python -m assistant mcp` and gets the tools ask, search, positions and
get_passage.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from assistant.errors import AssistantError
from assistant.pipeline import Assistant
from assistant.tools import Tools

INSTRUCTIONS = """\
Documents of NOV (Vereniging Nederlandse Organisaties Vrijwilligerswerk), in Dutch. Every quotation is verbatim. Say
with each one who speaks (`voice`), in which document and when: only what the voice 'NOV' says is a position of NOV.
When the status is 'not_found' the documents do not answer the question."""
TITLES = {
    "ask": "Vraag beantwoorden met bronnen",
    "search": "Passages zoeken",
    "positions": "Standpunten zoeken",
    "get_passage": "Passage lezen in haar omgeving",
}


def build_server(assistant: Assistant) -> MCPServer:
    """The server with its four tools, which only read."""
    server = MCPServer(
        "nov-documentassistent", title="NOV-documentassistent", instructions=INSTRUCTIONS, log_level="WARNING"
    )
    tools = Tools(assistant)
    for tool in (tools.ask, tools.search, tools.positions, tools.get_passage):
        server.add_tool(
            _telling(tool),
            name=tool.__name__,
            title=TITLES[tool.__name__],
            description=inspect.getdoc(tool),
            annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
        )
    return server


def _telling(tool: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, whose errors are told to the language model."""

    @functools.wraps(tool)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return tool(*args, **kwargs)
        except AssistantError as error:
            raise ToolError(str(error)) from error

    return told

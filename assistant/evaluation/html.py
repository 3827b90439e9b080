"""The report as one HTML file that needs nothing else: style and plots are inside, there is no script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from assistant.evaluation.content import Block
from assistant.evaluation.figures import Figure

STYLES = (Path(__file__).parents[1] / "palette.css", Path(__file__).with_name("report.css"))
TITLE = "Hoe goed antwoordt de assistent?"

_PAGE = Markup("""<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{heading}<nav aria-label="Inhoud"><ul>
{links}</ul></nav>
{body}</main>
</body>
</html>
""")


def to_html(blocks: Sequence[Block]) -> str:
    """The report as a page; what stood in documents and questions comes out as text, never as HTML."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    parts: list[Markup] = []
    links: list[Markup] = []
    for block in blocks:
        if isinstance(block, Figure):
            parts.append(block.html)
            continue
        tokens = parser.parse(block)
        if tokens[0].type == "heading_open" and tokens[0].tag == "h2":
            tokens[0].attrSet("id", f"deel-{len(links) + 1}")
            links.append(Markup('<li><a href="#deel-{}">{}</a></li>\n').format(len(links) + 1, tokens[1].content))
        _name_rows(tokens)
        html = Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704 - the parser escapes
        parts.append(_wide(html) if tokens[0].type == "table_open" else html)
    style = Markup("".join(style.read_text(encoding="utf-8") for style in STYLES))  # noqa: S704 - our own
    heading, *rest = parts
    return _PAGE.format(
        title=TITLE, style=style, heading=heading, links=Markup("").join(links), body=Markup("").join(rest)
    )


def _wide(table: Markup) -> Markup:
    """A table that can be scrolled sideways, also with the keyboard."""
    return Markup('<div class="wide" role="region" aria-label="Tabel" tabindex="0">{}</div>\n').format(table)


def _name_rows(tokens: Sequence[Token]) -> None:
    """Make headers of the first cell of every row and of the first row of every table, for who listens to it."""
    first = False
    for token in tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "tr_open":
            first = True
        elif token.type == "td_open" and first:
            token.tag = "th"
            token.attrSet("scope", "row")
        elif token.type == "td_close" and first:
            token.tag = "th"
            first = False

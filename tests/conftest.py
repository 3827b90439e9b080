"""What several test modules share."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyword_encoder import KeywordEncoder

from assistant.encoder import Encoder, load_encoder
from assistant.pipeline import Assistant, build_index
from assistant.settings import ROOT, load_settings

THIRD_PARTY = (
    # Gradio opens event loops that it never closes, each with a pair of sockets.
    "ignore:unclosed event loop:ResourceWarning",
    "ignore:unclosed <socket.socket fd=\\d+, family=1,:ResourceWarning",
    # Chroma's client of a server never closes its connections.
    "ignore:unclosed <socket.socket fd=\\d+, family=2, type=1, proto=6,:ResourceWarning",
    # Gradio counts its events with pandas options that pandas 3 deprecates.
    "ignore::DeprecationWarning:gradio.queueing",
)


BRIEF = """# Brief over de zaal

De gemeente betaalt de zaal voor de jeugd. De vergoeding is 25 euro per avond.

Het bestuur vraagt de subsidie zelf aan.
"""

VERSLAG = """# Verslag van de avond

Deelnemers willen meer aandacht voor mantelzorg.

Er kwamen drie wensen:

- een hogere subsidie
- een jonger bestuur
- een eigen zaal
"""

DESCRIPTION = """
brief.md: {title: Brief over de zaal, kind: brief, date: 2024-03-01, voice: NOV}
verslag.md: {title: Verslag van de avond, kind: verslag, date: 2022-11-17, voice: deelnemers}
"""


def pytest_configure(config: pytest.Config) -> None:
    for line in THIRD_PARTY:
        config.addinivalue_line("filterwarnings", line)


def open_assistant(
    corpus: Path, index: Path, encoder: Encoder | None = None, *, rerank: bool | None = None
) -> Assistant:
    """A real assistant on a real index of this corpus; the reranker reads along unless the encoder is a made-up one."""
    if rerank is None:
        rerank = not isinstance(encoder, KeywordEncoder)
    settings = load_settings(corpus=corpus, index=index, rerank=rerank)
    build_index(settings, encoder=encoder)
    return Assistant.open(settings, encoder)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The Dutch encoder that comes along; loaded once."""
    return load_encoder(load_settings())


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Assistant:
    """The real assistant on the documents that come along."""
    return open_assistant(ROOT / "corpus", tmp_path_factory.mktemp("index"), encoder)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A small corpus folder with two documents and their description."""
    folder = tmp_path / "corpus"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "brief.md").write_text(BRIEF, encoding="utf-8")
    (folder / "documents" / "verslag.md").write_text(VERSLAG, encoding="utf-8")
    (folder / "documents.yaml").write_text(DESCRIPTION, encoding="utf-8")
    return folder

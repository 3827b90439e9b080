"""What a build knows of texts, so that nothing is encoded twice: their vectors, and their token vectors.

A text is known by its digest. What is new is also written to the folder of the generation that is being built, in
parts, so that the next build can go on where one was interrupted.
"""

from __future__ import annotations

import hashlib
import secrets
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from assistant.encoder import Vectors
from assistant.late_interaction import NO_TOKENS, TokenBytes

FOLDER = "encoded"


class Encoded:
    """Vectors and token vectors by text."""

    def __init__(self) -> None:
        self._vectors: dict[bytes, Vectors] = {}
        self._tokens: dict[bytes, TokenBytes] = {}

    def has_vector(self, text: str) -> bool:
        """Whether the text's vector is known."""
        return _digest(text) in self._vectors

    def has_tokens(self, text: str) -> bool:
        """Whether the text's token vectors are known."""
        return _digest(text) in self._tokens

    def vector(self, text: str) -> Vectors:
        """The text's vector, shape (dimensions,); KeyError if it is not known."""
        return self._vectors[_digest(text)]

    def tokens(self, text: str) -> TokenBytes:
        """The text's token vectors; none if they are not known."""
        return self._tokens.get(_digest(text), NO_TOKENS)

    def add_vectors(self, vectors: Mapping[str, Vectors]) -> None:
        """Remember vectors."""
        self._vectors.update((_digest(text), vector) for text, vector in vectors.items())

    def add_tokens(self, tokens: Mapping[str, TokenBytes]) -> None:
        """Remember token vectors."""
        self._tokens.update((_digest(text), each) for text, each in tokens.items())

    def write(self, folder: Path, texts: Sequence[str]) -> None:
        """Add what is known of texts to what is kept in a generation's folder."""
        (folder / FOLDER).mkdir(exist_ok=True)
        with (folder / FOLDER / f"{secrets.token_hex(8)}.npz").open("wb") as file:
            np.savez(
                file,
                digests=np.array([list(_digest(text)) for text in texts], dtype=np.uint8),
                vectors=np.stack([self.vector(text) for text in texts]),
                lengths=np.array([len(self.tokens(text)) for text in texts]),
                tokens=np.concatenate([self.tokens(text) for text in texts if len(self.tokens(text))] or [NO_TOKENS]),
            )

    def read(self, folder: Path) -> None:
        """Remember what `write` kept; what was being written when a build was killed is passed over."""
        for path in (folder / FOLDER).glob("*.npz"):
            try:
                with np.load(path, allow_pickle=False) as stored:
                    digests = [row.tobytes() for row in stored["digests"]]
                    lengths, tokens = stored["lengths"], stored["tokens"]
                    self._vectors.update(zip(digests, stored["vectors"], strict=True))
                    parts = np.split(tokens, np.cumsum(lengths)[:-1])
                    known = zip(digests, parts, strict=True)
                    self._tokens.update((digest, part) for digest, part in known if len(part))
            except (OSError, EOFError, BadZipFile, zlib.error, KeyError, ValueError):
                continue


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()

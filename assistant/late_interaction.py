"""Late interaction: every token of a question looks for the token of a passage that comes nearest to it.

The score is the sum over the question's tokens of the highest cosine, each times the token's weight (ColBERT, Khattab &
Zaharia 2020; with weights by idf that add up to 1, so that long and short questions are on one scale). The tokens of a
passage are those of its sentences, each encoded by itself, and of what introduces it: headings and lead-in. Measured on
written documents (`training/README.md`), that finds more than tokens of the passage encoded as a whole. Token vectors
are kept as signed bytes: unit vectors times 127, rounded.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

ONE = 127
"""The byte that stands for 1.0."""


TokenBytes = NDArray[np.int8]
"""The token vectors of one text, shape (tokens, dimensions)."""


@dataclass(frozen=True)
class TokenHead:
    """What makes token vectors of a model's last layer.

    Attributes:
        projection: shape (token dimensions, dimensions).
        weights: of every word piece in a question, shape (pieces,).
    """

    projection: NDArray[np.float32]
    weights: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path) -> TokenHead:
        """Read the weights that `training/finetune.py` wrote."""
        tensors = {name: tensor.astype(np.float32) for name, tensor in load_file(path).items()}
        return cls(tensors["projection"], tensors["weights"])

    def passage_tokens(self, hidden: NDArray[np.float32]) -> TokenBytes:
        """The token vectors of a text as bytes, from its last layer, shape (tokens, dimensions)."""
        return np.round(self._unit(hidden) * ONE).astype(np.int8)

    def query_tokens(self, hidden: NDArray[np.float32], pieces: Sequence[int]) -> NDArray[np.float32]:
        """The token vectors of a question of these word pieces; their lengths are their weights, which add up to 1."""
        weights = self.weights[list(pieces)]
        weighted: NDArray[np.float32] = self._unit(hidden) * (weights / weights.sum())[:, None]
        return weighted

    def _unit(self, hidden: NDArray[np.float32]) -> NDArray[np.float32]:
        projected = hidden @ self.projection.T
        unit: NDArray[np.float32] = projected / np.linalg.norm(projected, axis=1, keepdims=True)
        return unit


NO_TOKENS: TokenBytes = np.empty((0, 0), dtype=np.int8)
"""What a text has whose encoder was not trained for late interaction."""


@dataclass(frozen=True)
class Entry:
    """The token vectors of one passage: of each of its sentences, and of what introduces it (none if nothing does)."""

    sentences: tuple[TokenBytes, ...]
    context: TokenBytes


@dataclass(frozen=True)
class LateScores:
    """How well a question fits a passage, and each of the passage's sentences; -1 to 1."""

    whole: float
    sentences: tuple[float, ...]


@dataclass(frozen=True)
class LateIndex:
    """The token vectors of all passages.

    Attributes:
        vectors: of all tokens in order, shape (tokens, dimensions).
        token_ends: for each part of each passage (its sentences, then its context), where its tokens end.
        part_ends: for each passage, where its parts end.
    """

    vectors: TokenBytes
    token_ends: NDArray[np.int64]
    part_ends: NDArray[np.int64]

    @classmethod
    def build(cls, entries: Iterable[Entry]) -> LateIndex:
        """The index of passages; passage i is the i-th entry."""
        parts = [[*entry.sentences, entry.context] for entry in entries]
        texts = [text for part in parts for text in part]
        return cls(
            np.concatenate([text for text in texts if len(text)] or [NO_TOKENS]),
            np.cumsum([len(text) for text in texts], dtype=np.int64),
            np.cumsum([len(part) for part in parts], dtype=np.int64),
        )

    def __bool__(self) -> bool:
        """Whether there are token vectors at all."""
        return len(self.vectors) > 0

    def entry(self, row: int) -> Entry:
        """What `build` was given for this passage."""
        ends = self._token_ends(row)
        *sentences, context = (self.vectors[begin:end] for begin, end in pairwise(ends.tolist()))
        return Entry(tuple(sentences), context)

    def _token_ends(self, row: int) -> NDArray[np.int64]:
        """Where the tokens of a passage begin, and where those of each of its parts end, shape (parts + 1,)."""
        first, last = (int(self.part_ends[row - 1]) if row else 0), int(self.part_ends[row])
        return np.concatenate([self.token_ends[first - 1 : first] if first else [0], self.token_ends[first:last]])

    def scores(self, question: NDArray[np.float32], rows: Sequence[int]) -> list[LateScores]:
        """Scores of passages for a question.

        Args:
            question: the question's token vectors, shape (tokens, dimensions), as long as they weigh.
            rows: which passages.
        """
        ends = [self._token_ends(row) for row in rows]
        vectors = np.concatenate([self.vectors[each[0] : each[-1]] for each in ends])
        cosines = question @ (vectors.astype(np.float32).T / ONE)
        counts = np.concatenate([np.diff(each) for each in ends])
        begins = np.cumsum(counts) - counts
        filled = counts > 0
        lowest = -np.linalg.norm(question, axis=1, keepdims=True)
        best = np.repeat(lowest, len(counts), axis=1)
        best[:, filled] = np.maximum.reduceat(cosines, begins[filled], axis=1)
        sizes = np.array([len(each) - 1 for each in ends])
        whole = np.maximum.reduceat(best, np.cumsum(sizes) - sizes, axis=1).sum(axis=0)
        parts = np.split(best.sum(axis=0), np.cumsum(sizes)[:-1])
        return [LateScores(float(one), tuple(each[:-1].tolist())) for one, each in zip(whole, parts, strict=True)]

    def save(self, path: Path) -> None:
        """Write to one .npz file."""
        with path.open("wb") as file:
            np.savez(file, vectors=self.vectors, token_ends=self.token_ends, part_ends=self.part_ends)

    @classmethod
    def load(cls, path: Path) -> LateIndex:
        """Read what `save` wrote; raises OSError, KeyError or ValueError on a damaged file."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return cls(arrays["vectors"], arrays["token_ends"], arrays["part_ends"])
        except (EOFError, BadZipFile, zlib.error) as error:
            raise ValueError(f"{path} is damaged") from error

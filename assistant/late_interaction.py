"""Late interaction: every token of a question looks for the token of a passage that comes nearest to it.

The score is the mean over the question's tokens of the highest cosine (ColBERT, Khattab & Zaharia 2020; mean instead
of sum, so that long and short questions are on one scale). Token vectors are kept as signed bytes: unit vectors times
127, rounded.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from assistant.schema import Passage

_ONE = 127
"""The byte that stands for 1.0."""


@dataclass(frozen=True)
class Tokens:
    """The token vectors of a text.

    Attributes:
        vectors: unit vectors, shape (tokens, dimensions); no tokens if the encoder has none.
        starts: the character where each token starts; 0 for the marks that a model puts before and behind a text.
    """

    vectors: NDArray[np.float32]
    starts: Sequence[int]


@dataclass(frozen=True)
class Entry:
    """The token vectors of one passage, in order, and how many of them each of its sentences has."""

    vectors: NDArray[np.int8]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class LateScores:
    """How well a question fits a passage, and each of the passage's sentences; -1 to 1."""

    whole: float
    sentences: tuple[float, ...]


def entry(passage: Passage, tokens: Tokens, skip: int = 0) -> Entry:
    """The token vectors of a passage by sentence.

    Args:
        passage: which sentences it has.
        tokens: of its text, behind a label or not.
        skip: how many characters the label has.
    """
    ends = np.array([span.end - passage.start for span in passage.sentences[:-1]])
    owner = np.searchsorted(ends, np.asarray(tokens.starts, dtype=np.int64) - skip, side="right")
    if len(owner):
        owner[-1] = max(owner)  # the mark behind the text
    counts = np.bincount(owner, minlength=len(passage.sentences)).tolist()
    return Entry(np.round(tokens.vectors * _ONE).astype(np.int8), tuple(counts))


@dataclass(frozen=True)
class LateIndex:
    """The token vectors of all passages.

    Attributes:
        vectors: of all tokens in order, shape (tokens, dimensions).
        token_ends: for each sentence of each passage, where its tokens end.
        sentence_ends: for each passage, where its sentences end.
    """

    vectors: NDArray[np.int8]
    token_ends: NDArray[np.int64]
    sentence_ends: NDArray[np.int64]

    @classmethod
    def build(cls, entries: Iterable[Entry]) -> LateIndex:
        """The index of passages; passage i is the i-th entry."""
        entries = list(entries)
        return cls(
            np.concatenate([entry.vectors for entry in entries] or [np.empty((0, 0), dtype=np.int8)]),
            np.cumsum([count for entry in entries for count in entry.counts], dtype=np.int64),
            np.cumsum([len(entry.counts) for entry in entries], dtype=np.int64),
        )

    def __bool__(self) -> bool:
        """Whether there are token vectors at all."""
        return len(self.vectors) > 0

    def entry(self, row: int) -> Entry:
        """What `build` was given for this passage."""
        first, last = self._sentences(row)
        ends = self.token_ends[first:last]
        begin = int(self.token_ends[first - 1]) if first else 0
        return Entry(self.vectors[begin : ends[-1]], tuple(np.diff(ends, prepend=begin).tolist()))

    def _sentences(self, row: int) -> tuple[int, int]:
        return (int(self.sentence_ends[row - 1]) if row else 0), int(self.sentence_ends[row])

    def scores(self, question: NDArray[np.float32], rows: Sequence[int]) -> list[LateScores]:
        """Scores of passages for a question.

        Args:
            question: the question's token vectors, shape (tokens, dimensions).
            rows: which passages.
        """
        entries = [self.entry(row) for row in rows]
        vectors = np.concatenate([entry.vectors for entry in entries])
        cosines = question @ (vectors.astype(np.float32).T / _ONE)
        counts = np.concatenate([entry.counts for entry in entries])
        begins = np.cumsum(counts) - counts
        filled = counts > 0
        best = np.full((len(question), len(counts)), -1.0, dtype=np.float32)
        best[:, filled] = np.maximum.reduceat(cosines, begins[filled], axis=1)
        sizes = np.array([len(entry.counts) for entry in entries])
        whole = np.maximum.reduceat(best, np.cumsum(sizes) - sizes, axis=1).mean(axis=0)
        sentences = np.split(best.mean(axis=0), np.cumsum(sizes)[:-1])
        return [LateScores(float(one), tuple(each.tolist())) for one, each in zip(whole, sentences, strict=True)]

    def save(self, path: Path) -> None:
        """Write to one .npz file."""
        with path.open("wb") as file:
            np.savez(file, vectors=self.vectors, token_ends=self.token_ends, sentence_ends=self.sentence_ends)

    @classmethod
    def load(cls, path: Path) -> LateIndex:
        """Read what `save` wrote; raises OSError, KeyError or ValueError on a damaged file."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return cls(arrays["vectors"], arrays["token_ends"], arrays["sentence_ends"])
        except (EOFError, BadZipFile, zlib.error) as error:
            raise ValueError(f"{path} is damaged") from error

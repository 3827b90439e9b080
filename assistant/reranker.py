"""Reading a question and a sentence together: how likely it is that the sentence answers.

Decomposable attention (Parikh et al. 2016) over the token vectors of late interaction, which the index has already.
Every token of the question is compared with what it attends to in the sentence and in what introduces its passage, and
every token of the sentence with what it attends to in the question; what comes out of the comparisons is added up and
gives one logit. That takes a tenth of a millisecond, where a cross-encoder as large as the encoder takes twenty.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from scipy.special import softmax

from assistant.late_interaction import ONE, TokenBytes

MAX_SENTENCE = 64
"""Tokens of a sentence that are read."""
MAX_CONTEXT = 24
"""Tokens that are read of what introduces its passage."""

Array = NDArray[np.float32]


SLOPE, MIDDLE = 20.0, 0.6
"""Of the logit that late interaction alone gives."""

_LAYERS = ("question_in", "question_out", "sentence_in", "sentence_out", "join", "out")


def from_late(late: float) -> float:
    """The logit that late interaction alone gives; the network adds to it."""
    return SLOPE * (late - MIDDLE)


@dataclass(frozen=True)
class Reranker:
    """The network that `training/rerank.py` made.

    Attributes:
        tensors: its weights by name.
    """

    tensors: dict[str, Array]

    @classmethod
    def load(cls, path: Path) -> Reranker:
        """Read the weights from a safetensors file; raises KeyError if one is missing."""
        found = load_file(path)
        names = ["scale", *(f"{layer}.{part}" for layer in _LAYERS for part in ("weight", "bias"))]
        return cls({name: found[name].astype(np.float32) for name in names})

    def logit(self, question: Array, sentence: TokenBytes, context: TokenBytes) -> float:
        """The log-odds that a sentence answers a question.

        Args:
            question: its token vectors, shape (tokens, dimensions), as long as they weigh.
            sentence: the token vectors of the sentence, shape (tokens, dimensions); at least one.
            context: those of what introduces its passage; may be none.
        """
        weights = np.linalg.norm(question, axis=1)
        asked = question / weights[:, None]
        sentence = sentence[:MAX_SENTENCE]
        own = len(sentence)
        read = np.concatenate([sentence, context[:MAX_CONTEXT]]).astype(np.float32) / ONE
        cosines = asked @ read.T
        attention = softmax(self.tensors["scale"] * cosines, axis=1)
        found = cosines.max(axis=1)
        of_question = self._compared(
            "question",
            asked,
            attention @ read,
            np.stack([found, weights / weights.max(), attention[:, own:].sum(axis=1)], axis=1),
        )
        back = cosines[:, :own].T
        attention_back = softmax(self.tensors["scale"] * back, axis=1)
        of_sentence = self._compared("sentence", read[:own], attention_back @ asked, back.max(axis=1, keepdims=True))
        late, late_sentence = 5 * weights @ np.stack([found, cosines[:, :own].max(axis=1)], axis=1)
        together = np.concatenate(
            [
                weights @ of_question,
                of_question.mean(axis=0),
                of_sentence.mean(axis=0),
                of_sentence.max(axis=0),
                [late, late_sentence],
            ]
        )
        added = self._linear("out", np.maximum(self._linear("join", together), 0))
        return float(added[0]) + from_late(float(late) / 5)

    def _compared(self, side: str, own: NDArray[Any], other: NDArray[Any], numbers: NDArray[Any]) -> Array:
        """What comes out of comparing tokens with what they attend to, shape (tokens, hidden)."""
        values = np.concatenate([own, other, 8 * own * other, numbers], axis=1)
        hidden = np.maximum(self._linear(f"{side}_in", values), 0)
        return np.maximum(self._linear(f"{side}_out", hidden), 0)

    def _linear(self, name: str, values: Array) -> Array:
        result: Array = values @ self.tensors[f"{name}.weight"].T + self.tensors[f"{name}.bias"]
        return result

"""The forward pass of a BERT sentence encoder in numpy, for single questions.

Importing torch and sentence-transformers takes seconds of processor time, encoding one question milliseconds. So the
encoder that comes along answers questions with this, and uses sentence-transformers for building the index. Both give
the same vectors up to rounding; a test holds them to that. Devlin et al. (2019), "BERT: Pre-training of Deep
Bidirectional Transformers for Language Understanding"; mean pooling as in Reimers and Gurevych (2019), "Sentence-BERT".
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from scipy.special import erf, softmax
from tokenizers import Tokenizer

Array = NDArray[np.float32]


class QuestionEncoder:
    """A BERT with absolute positions, GELU and mean pooling.

    Args:
        folder: a sentence-transformers model with safetensors weights and a fast tokenizer.
    """

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        limits = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
        self._weights = {
            name: weight.astype(np.float32) for name, weight in load_file(folder / "model.safetensors").items()
        }
        self._layers: int = config["num_hidden_layers"]
        self._heads: int = config["num_attention_heads"]
        self._epsilon: float = config["layer_norm_eps"]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(limits["model_max_length"])
        self._read = lru_cache(maxsize=8)(self._forward)

    def encode(self, text: str) -> Array:
        """The unit vector of one text, shape (dimensions,)."""
        pooled = self._read(text)[0].mean(axis=0)
        return np.asarray(pooled / np.linalg.norm(pooled), dtype=np.float32)

    def last_layer(self, text: str) -> tuple[Array, list[int]]:
        """The last layer's vectors of the tokens of one text, shape (tokens, dimensions), and their word pieces."""
        return self._read(text)

    def _forward(self, text: str) -> tuple[Array, list[int]]:
        ids = self._tokenizer.encode(text).ids
        embedded = (
            self._weights["embeddings.word_embeddings.weight"][ids]
            + self._weights["embeddings.position_embeddings.weight"][: len(ids)]
            + self._weights["embeddings.token_type_embeddings.weight"][0]
        )
        hidden = self._norm(embedded, "embeddings.LayerNorm")
        for layer in range(self._layers):
            hidden = self._layer(hidden, f"encoder.layer.{layer}")
        return hidden, ids

    def _layer(self, hidden: Array, name: str) -> Array:
        attended = self._linear(self._attention(hidden, f"{name}.attention.self"), f"{name}.attention.output.dense")
        hidden = self._norm(hidden + attended, f"{name}.attention.output.LayerNorm")
        inner = self._linear(hidden, f"{name}.intermediate.dense")
        inner = inner * 0.5 * (1.0 + erf(inner / np.float32(np.sqrt(2.0))))
        return self._norm(hidden + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _attention(self, hidden: Array, name: str) -> Array:
        query, key, value = (
            self._linear(hidden, f"{name}.{part}").reshape(len(hidden), self._heads, -1).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        weights = softmax(query @ key.swapaxes(1, 2) / np.float32(np.sqrt(query.shape[-1])), axis=-1)
        attended: Array = (weights @ value).swapaxes(0, 1).reshape(hidden.shape)
        return attended

    def _linear(self, values: Array, name: str) -> Array:
        result: Array = values @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return result

    def _norm(self, values: Array, name: str) -> Array:
        centred = values - values.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self._epsilon)
        result: Array = scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return result

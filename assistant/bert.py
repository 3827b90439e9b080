"""The forward pass of a BERT in numpy, for single questions: as sentence encoder and as cross-encoder.

Importing torch and sentence-transformers takes seconds of processor time, reading one question milliseconds. So the
models that come along answer questions with this, and sentence-transformers is for building the index. Both give the
same numbers up to rounding; tests hold them to that. Devlin et al. (2019), "BERT: Pre-training of Deep Bidirectional
Transformers for Language Understanding"; mean pooling as in Reimers and Gurevych (2019), "Sentence-BERT"; a
cross-encoder as in Nogueira and Cho (2019), "Passage Re-ranking with BERT".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from scipy.special import erf, softmax
from tokenizers import Encoding, Tokenizer

Array = NDArray[np.float32]


def gelu(values: Array) -> Array:
    """Gaussian error linear unit (Hendrycks and Gimpel 2016)."""
    result: Array = values * np.float32(0.5) * (1.0 + erf(values / np.float32(np.sqrt(2.0))))
    return result


def gelu_tanh(values: Array) -> Array:
    """Its approximation with a hyperbolic tangent, which numpy computes some twenty times as fast."""
    inner = np.float32(np.sqrt(2 / np.pi)) * (values + np.float32(0.044715) * values * values * values)
    result: Array = np.float32(0.5) * values * (1.0 + np.tanh(inner))
    return result


_ACTIVATIONS = {"gelu": gelu, "gelu_new": gelu_tanh, "gelu_pytorch_tanh": gelu_tanh}


class Bert:
    """A BERT with absolute positions; several texts go through it together, without padding.

    Args:
        folder: a model with safetensors weights and a fast tokenizer.
        prefix: what stands before the names of the weights of BERT itself.
    """

    def __init__(self, folder: Path, prefix: str = "") -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        limits = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
        self.weights = {
            name: weight.astype(np.float32) for name, weight in load_file(folder / "model.safetensors").items()
        }
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(limits["model_max_length"], strategy="longest_first")
        self._prefix = prefix
        self._layers: int = config["num_hidden_layers"]
        self._heads: int = config["num_attention_heads"]
        self._epsilon: float = config["layer_norm_eps"]
        self._activation = _ACTIVATIONS[config["hidden_act"]]

    def hidden(self, texts: Sequence[Encoding]) -> list[Array]:
        """The last layer for each text, shape (tokens, dimensions)."""
        lengths = [len(text.ids) for text in texts]
        embeddings = f"{self._prefix}embeddings"
        states = (
            self.weights[f"{embeddings}.word_embeddings.weight"][[i for text in texts for i in text.ids]]
            + self.weights[f"{embeddings}.position_embeddings.weight"][[i for n in lengths for i in range(n)]]
            + self.weights[f"{embeddings}.token_type_embeddings.weight"][[i for text in texts for i in text.type_ids]]
        )
        states = self._norm(states, f"{embeddings}.LayerNorm")
        ends = np.cumsum(lengths)
        for layer in range(self._layers):
            states = self._layer(states, ends, f"{self._prefix}encoder.layer.{layer}")
        return np.split(states, ends[:-1])

    def linear(self, values: Array, name: str) -> Array:
        """The dense layer of this name."""
        result: Array = values @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]
        return result

    def _layer(self, states: Array, ends: NDArray[np.int64], name: str) -> Array:
        attended = self._attention(states, ends, f"{name}.attention.self")
        attended = self.linear(attended, f"{name}.attention.output.dense")
        states = self._norm(states + attended, f"{name}.attention.output.LayerNorm")
        inner = self._activation(self.linear(states, f"{name}.intermediate.dense"))
        return self._norm(states + self.linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _attention(self, states: Array, ends: NDArray[np.int64], name: str) -> Array:
        query, key, value = (
            self.linear(states, f"{name}.{part}").reshape(len(states), self._heads, -1).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        query = query / np.float32(np.sqrt(query.shape[-1]))
        attended = np.empty_like(value)
        for start, end in zip((0, *ends[:-1]), ends, strict=True):
            weights = softmax(query[:, start:end] @ key[:, start:end].swapaxes(1, 2), axis=-1)
            attended[:, start:end] = weights @ value[:, start:end]
        result: Array = attended.swapaxes(0, 1).reshape(states.shape)
        return result

    def _norm(self, values: Array, name: str) -> Array:
        centred = values - values.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self._epsilon)
        result: Array = scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        return result


class QuestionEncoder:
    """A sentence encoder with mean pooling.

    Args:
        folder: a sentence-transformers model.
    """

    def __init__(self, folder: Path) -> None:
        self._bert = Bert(folder)

    def encode(self, text: str) -> Array:
        """The unit vector of one text, shape (dimensions,)."""
        (states,) = self._bert.hidden([self._bert.tokenizer.encode(text)])
        pooled = states.mean(axis=0)
        return np.asarray(pooled / np.linalg.norm(pooled), dtype=np.float32)


class PairScorer:
    """A cross-encoder with one output.

    Args:
        folder: a sequence classification model of sentence-transformers.
    """

    def __init__(self, folder: Path) -> None:
        self._bert = Bert(folder, "bert.")

    def logits(self, question: str, texts: Sequence[str]) -> Array:
        """The output for each text read together with the question, shape (len(texts),)."""
        if not texts:
            return np.empty(0, dtype=np.float32)
        states = self._bert.hidden(self._bert.tokenizer.encode_batch([(question, text) for text in texts]))
        pooled = np.tanh(self._bert.linear(np.stack([state[0] for state in states]), "bert.pooler.dense"))
        return self._bert.linear(pooled, "classifier")[:, 0]

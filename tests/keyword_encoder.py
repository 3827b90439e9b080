"""An encoder for exact tests: one dimension for each keyword, and a count of the texts it was given."""

import numpy as np

from assistant.dutch import words
from assistant.encoder import NO_TOKENS
from assistant.late_interaction import Tokens

KEYWORDS = ("subsidie", "bestuur", "jeugd", "zaal", "mantelzorg", "vergoeding")


class KeywordEncoder:
    """Vectors count keywords, plus a last dimension that every text has; scaled to unit length."""

    def __init__(self, fingerprint: str = "keywords") -> None:
        self.name = fingerprint
        self.fingerprint = fingerprint
        self.encoded: list[str] = []

    def encode_queries(self, texts: list[str]) -> np.ndarray:
        return self._vectors(texts)

    def encode_passages(self, texts: list[str]) -> np.ndarray:
        self.encoded += texts
        return self._vectors(texts)

    def encode_query_tokens(self, text: str) -> np.ndarray:
        return NO_TOKENS.vectors

    def encode_passage_tokens(self, texts: list[str]) -> list[Tokens]:
        return [NO_TOKENS for _ in texts]

    def _vectors(self, texts: list[str]) -> np.ndarray:
        counts = [[words(text).count(keyword) for keyword in KEYWORDS] + [0.1] for text in texts]
        vectors = np.array(counts, dtype=np.float32).reshape(len(texts), len(KEYWORDS) + 1)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

"""An encoder for exact tests: one dimension for each keyword, and a count of the texts it was given."""

import numpy as np

from assistant.dutch import words
from assistant.late_interaction import NO_TOKENS, TokenBytes

KEYWORDS = ("subsidie", "bestuur", "jeugd", "zaal", "mantelzorg", "vergoeding")


class KeywordEncoder:
    """Vectors count keywords, plus a last dimension that every text has; scaled to unit length."""

    has_tokens = False
    reranker = None

    def __init__(self, fingerprint: str = "keywords") -> None:
        self.name = fingerprint
        self.fingerprint = fingerprint
        self.encoded: list[str] = []

    def encode_queries(self, texts: list[str]) -> np.ndarray:
        return self._vectors(texts)

    def encode_passages(self, texts: list[str]) -> np.ndarray:
        self.encoded += texts
        return self._vectors(texts)

    def encode_sentences(self, texts: list[str]) -> tuple[np.ndarray, list[TokenBytes]]:
        return self.encode_passages(texts), [NO_TOKENS for _ in texts]

    def encode_query_tokens(self, text: str) -> np.ndarray:
        return NO_TOKENS.astype(np.float32)

    def _vectors(self, texts: list[str]) -> np.ndarray:
        counts = [[words(text).count(keyword) for keyword in KEYWORDS] + [0.1] for text in texts]
        vectors = np.array(counts, dtype=np.float32).reshape(len(texts), len(KEYWORDS) + 1)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class TokenEncoder(KeywordEncoder):
    """The same with token vectors: one a text, which is its vector."""

    has_tokens = True

    def encode_sentences(self, texts: list[str]) -> tuple[np.ndarray, list[TokenBytes]]:
        vectors = self.encode_passages(texts)
        return vectors, list(np.round(127 * vectors).astype(np.int8)[:, None, :])

    def encode_query_tokens(self, text: str) -> np.ndarray:
        return self._vectors([text])

"""The lexical index: BM25 over Dutch terms and tf-idf cosine over character n-grams, for all passages at once."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from assistant.dutch import char_ngrams, terms

K1 = 1.5
B = 0.75

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Postings:
    """An inverted file: for each term the documents it occurs in and its weight there (compressed sparse rows).

    Attributes:
        vocabulary: term to row.
        idf: inverse document frequency of each row.
        indptr, indices, data: row r holds documents `indices[indptr[r]:indptr[r + 1]]` with weights `data[…]`.
        size: number of documents.
    """

    vocabulary: Mapping[str, int]
    idf: NDArray[np.float32]
    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    data: Scores
    size: int

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """Sum over the terms of query weight times document weight, for each document; shape (size,)."""
        total = np.zeros(self.size, dtype=np.float32)
        for term, weight in weights.items():
            row = self.vocabulary.get(term)
            if row is not None:
                part = slice(self.indptr[row], self.indptr[row + 1])
                total[self.indices[part]] += np.float32(weight) * self.data[part]
        return total

    def idf_of(self, term: str) -> float:
        """The term's idf; an unknown term has the highest there is."""
        row = self.vocabulary.get(term)
        return float(self.idf[row]) if row is not None else self.highest_idf

    @property
    def highest_idf(self) -> float:
        """The idf of a term that occurs in one document; an unknown term is at least as rare."""
        return float(_lucene_idf(1, self.size)) if self.size else 1.0


def _lucene_idf(frequency: float | NDArray[np.float32], size: int) -> NDArray[np.float32]:
    return np.asarray(np.log1p((size - frequency + 0.5) / (frequency + 0.5)), dtype=np.float32)


def bm25_postings(texts: Sequence[Sequence[str]]) -> Postings:
    """BM25 weights as in Lucene: idf · tf / (tf + k1 · (1 - b + b · length / mean length)).

    Robertson & Zaragoza (2009), "The Probabilistic Relevance Framework: BM25 and Beyond"; k1 = 1.5, b = 0.75.
    """
    lengths = np.array([len(text) for text in texts], dtype=np.float32)
    mean = float(lengths.mean()) if len(texts) else 0.0
    norms = K1 * (1 - B + B * lengths / max(mean, 1e-9))
    return _postings(texts, lambda tf, idf, document: idf * tf / (tf + norms[document]))


def tfidf_postings(texts: Sequence[Sequence[str]]) -> Postings:
    """Tf-idf weights (1 + ln tf) · idf, each document scaled to unit length, so that scores are cosines."""
    raw = _postings(texts, lambda tf, idf, document: (1 + np.log(tf)) * idf)
    squares = np.zeros(raw.size, dtype=np.float32)
    np.add.at(squares, raw.indices, raw.data**2)
    lengths = np.sqrt(np.maximum(squares, 1e-12))
    return Postings(
        raw.vocabulary, raw.idf, raw.indptr, raw.indices, (raw.data / lengths[raw.indices]).astype(np.float32), raw.size
    )


def _postings(texts: Sequence[Sequence[str]], weight: object) -> Postings:
    rows: dict[str, list[tuple[int, int]]] = {}
    for document, text in enumerate(texts):
        for term, count in Counter(text).items():
            rows.setdefault(term, []).append((document, count))
    vocabulary = {term: row for row, term in enumerate(sorted(rows))}
    ordered = [rows[term] for term in vocabulary]
    frequencies = np.array([len(row) for row in ordered], dtype=np.float32)
    idf = _lucene_idf(frequencies, len(texts))
    flat = np.array([pair for row in ordered for pair in row], dtype=np.int64).reshape(-1, 2)
    indices = flat[:, 0].astype(np.int32)
    spread = np.repeat(idf, frequencies.astype(np.int64))
    data = weight(flat[:, 1].astype(np.float32), spread, indices)  # type: ignore[operator]
    indptr = np.concatenate([[0], np.cumsum(frequencies)]).astype(np.int64)
    return Postings(vocabulary, idf, indptr, indices, data.astype(np.float32), len(texts))


@dataclass(frozen=True)
class LexicalScores:
    """Scores of every passage for one question: BM25 as a share of the question's total idf, and n-gram cosine."""

    bm25: Scores
    ngram: Scores


@dataclass(frozen=True)
class LexicalIndex:
    """Both inverted files over the same passages, in the same order."""

    words: Postings
    ngrams: Postings

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Analyse and index texts; passage i is texts[i]."""
        return cls(
            bm25_postings([terms(text) for text in texts]), tfidf_postings([char_ngrams(text) for text in texts])
        )

    def scores(self, question: str, also: Sequence[str] = (), also_weight: float = 0.5) -> LexicalScores:
        """Score all passages; `also` are phrases the question means too, at a lower weight.

        The question's total idf counts every term of the question once, an unknown one at the highest idf, so that a
        question whose words are not in the documents gets a small BM25 share whatever it matches.
        """
        asked = dict.fromkeys(terms(question), 1.0)
        total = sum(self.words.idf_of(term) for term in asked)
        for phrase in also:
            for term in terms(phrase):
                asked.setdefault(term, also_weight)
        bm25 = self.words.scores(asked) / np.float32(total or 1.0)
        grams = {
            gram: (1 + np.log(count)) * self.ngrams.idf_of(gram)
            for gram, count in Counter(char_ngrams(question)).items()
        }
        length = float(np.sqrt(sum(weight**2 for weight in grams.values()))) or 1.0
        return LexicalScores(bm25, self.ngrams.scores(grams) / np.float32(length))

    def save(self, path: Path) -> None:
        """Write both inverted files to one .npz file."""
        arrays: dict[str, object] = {}
        for name, postings in (("words", self.words), ("ngrams", self.ngrams)):
            arrays[f"{name}_terms"] = np.array(list(postings.vocabulary), dtype=np.str_)
            arrays[f"{name}_size"] = np.array(postings.size)
            for field in ("idf", "indptr", "indices", "data"):
                arrays[f"{name}_{field}"] = getattr(postings, field)
        with path.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> LexicalIndex:
        """Read what `save` wrote; raises OSError, KeyError or ValueError on a damaged file."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return cls(*(_loaded(arrays, name) for name in ("words", "ngrams")))
        except (EOFError, BadZipFile, zlib.error) as error:
            raise ValueError(f"{path} is damaged") from error


def _loaded(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Postings:
    vocabulary = {str(term): row for row, term in enumerate(arrays[f"{name}_terms"].tolist())}
    fields = {field: arrays[f"{name}_{field}"] for field in ("idf", "indptr", "indices", "data")}
    return Postings(vocabulary, size=int(arrays[f"{name}_size"]), **fields)  # type: ignore[arg-type]

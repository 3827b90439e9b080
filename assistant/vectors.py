"""Sentence and passage vectors in Chroma: inside the process by default, on a Chroma server by one setting."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from assistant.encoder import Vectors
from assistant.errors import IndexDamagedError, InputError
from assistant.manifest import REBUILD
from assistant.schema import Passage, PassageKind

CONNECT_TIMEOUT = 3.0
"""Seconds to wait for a Chroma server before saying that it does not answer."""

_HNSW = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}}
_BATCH = 2000

Result = TypeVar("Result")


def sentence_id(passage_id: str, number: int) -> str:
    """The id of the vector of a passage's sentence; `number` counts from 0."""
    return f"{passage_id}#{number}"


def _connect(folder: Path, url: str) -> Any:
    settings = ChromaSettings(anonymized_telemetry=False)
    if not url:
        return chromadb.PersistentClient(path=str(folder / "chroma"), settings=settings)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"ASSISTANT_CHROMA_URL is geen adres: {url!r}. Schrijf het als http://localhost:8000")
    port = parts.port or (443 if parts.scheme == "https" else 8000)
    try:
        socket.create_connection((parts.hostname, port), timeout=CONNECT_TIMEOUT).close()
        return chromadb.HttpClient(parts.hostname, port, ssl=parts.scheme == "https", settings=settings)
    except (OSError, ValueError) as error:
        raise InputError(
            f"De Chroma-server op {url} antwoordt niet. Start hem (chroma run --port {port}), "
            "of laat ASSISTANT_CHROMA_URL leeg om zonder server te werken."
        ) from error


class VectorStore:
    """The two collections of one generation: one vector for each passage, one for each of its sentences.

    Args:
        folder: the generation's folder; Chroma inside the process keeps its files in `folder/chroma`.
        name: prefix of the collections, unique on a server.
        url: address of a Chroma server, or empty.
    """

    def __init__(self, folder: Path, name: str, url: str) -> None:
        self._name = name
        self._url = url
        self._folder = folder
        self._client = self._guarded(lambda: _connect(folder, url))
        self._passages: Any = None
        self._sentences: Any = None

    def _guarded(self, action: Callable[[], Result]) -> Result:
        """Run an action on Chroma and turn its errors into ours."""
        where = self._url or self._folder
        try:
            return action()
        except httpx.HTTPError as error:
            raise InputError(f"De Chroma-server op {where} antwoordt niet meer. Kijk of hij nog draait.") from error
        except (ChromaError, sqlite3.Error, OSError, ValueError, KeyError) as error:
            raise IndexDamagedError(f"De vectoren in {where} zijn niet te lezen ({error}). {REBUILD}") from error

    def open(self) -> None:
        """Open existing collections; IndexDamagedError if they are not there."""
        self._passages = self._guarded(lambda: self._client.get_collection(f"{self._name}-passages", None))
        self._sentences = self._guarded(lambda: self._client.get_collection(f"{self._name}-sentences", None))

    def create(self) -> None:
        """Make new, empty collections."""
        self._passages = self._guarded(lambda: self._new_collection("passages"))
        self._sentences = self._guarded(lambda: self._new_collection("sentences"))

    def _new_collection(self, kind: str) -> Any:
        return self._client.create_collection(f"{self._name}-{kind}", configuration=_HNSW, embedding_function=None)

    def counts(self) -> tuple[int, int]:
        """Number of passage vectors and of sentence vectors."""
        return self._guarded(lambda: (self._passages.count(), self._sentences.count()))

    def add(self, passages: Sequence[Passage], title: str, passage_vectors: Vectors, sentence_vectors: Vectors) -> None:
        """Add the passages of one document with their vectors; sentences follow each other in passage order."""
        from llama_index.vector_stores.chroma import ChromaVectorStore

        from assistant.nodes import to_node

        nodes = []
        for passage, vector in zip(passages, passage_vectors, strict=True):
            node = to_node(passage, title)
            node.embedding = vector.tolist()
            nodes.append(node)
        owners = [(passage, number) for passage in passages for number in range(len(passage.sentences))]
        ids = [sentence_id(passage.id, number) for passage, number in owners]
        texts = [passage.quote(passage.sentences[number]) for passage, number in owners]
        about = [{"document": passage.document, "voice": passage.voice} for passage, _ in owners]

        def write() -> None:
            ChromaVectorStore(chroma_collection=self._passages).add(nodes)
            for at in range(0, len(ids), _BATCH):
                part = slice(at, at + _BATCH)
                self._sentences.add(
                    ids=ids[part], embeddings=sentence_vectors[part], documents=texts[part], metadatas=about[part]
                )

        self._guarded(write)

    def nearest_passages(self, vector: Vectors, count: int, where: dict[str, Any] | None) -> dict[str, float]:
        """Ids of the passages nearest to a query vector, with their cosines."""
        return self._nearest(self._passages, vector, count, where)

    def nearest_sentences(self, vector: Vectors, count: int, where: dict[str, Any] | None) -> dict[str, float]:
        """Ids of the sentences nearest to a query vector, with their cosines."""
        return self._nearest(self._sentences, vector, count, where)

    def _nearest(self, collection: Any, vector: Vectors, count: int, where: dict[str, Any] | None) -> dict[str, float]:
        if not count:
            return {}
        found = self._guarded(
            lambda: collection.query(
                query_embeddings=vector.reshape(1, -1), n_results=count, where=where, include=["distances"]
            )
        )
        return {
            key: 1.0 - float(distance) for key, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        }

    def passage_cosines(self, vector: Vectors, ids: Iterable[str]) -> dict[str, float]:
        """Cosines of a query vector with named passages."""
        return self._cosines(self._passages, vector, list(ids))

    def sentence_cosines(self, vector: Vectors, ids: Iterable[str]) -> dict[str, float]:
        """Cosines of a query vector with named sentences."""
        return self._cosines(self._sentences, vector, list(ids))

    def _cosines(self, collection: Any, vector: Vectors, ids: list[str]) -> dict[str, float]:
        if not ids:
            return {}
        found = self._guarded(lambda: collection.get(ids=ids, include=["embeddings"]))
        cosines = np.asarray(found["embeddings"], dtype=np.float32) @ vector.reshape(-1)
        return dict(zip(found["ids"], cosines.tolist(), strict=True))

    def sentence_texts(self) -> dict[str, Vectors]:
        """All sentence vectors by the sentence's text."""
        found = self._guarded(lambda: self._sentences.get(include=["embeddings", "documents"]))
        return dict(zip(found["documents"], np.asarray(found["embeddings"], dtype=np.float32), strict=True))

    def passage_texts(self) -> dict[tuple[PassageKind, str], Vectors]:
        """All passage vectors by the passage's kind and text."""
        found = self._guarded(lambda: self._passages.get(include=["embeddings", "documents", "metadatas"]))
        keys = [(about["kind"], text) for about, text in zip(found["metadatas"], found["documents"], strict=True)]
        return dict(zip(keys, np.asarray(found["embeddings"], dtype=np.float32), strict=True))

    def drop_others(self, prefix: str, keep: Iterable[str]) -> None:
        """On a server: remove the collections of this index whose generation is not to be kept."""
        kept = {f"{name}-{kind}" for name in keep for kind in ("passages", "sentences")}
        for collection in self._guarded(self._client.list_collections):
            if collection.name.startswith(prefix) and collection.name not in kept:
                self._guarded(lambda name=collection.name: self._client.delete_collection(name))  # type: ignore[misc]

    def close(self) -> None:
        """Release Chroma's files or connection."""
        self._client.close()

"""Sentence encoders: the Dutch model that comes along, or any sentence-transformers model by name or folder."""

from __future__ import annotations

import hashlib
import logging
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError

from assistant.bert import QuestionEncoder
from assistant.errors import EncoderError
from assistant.late_interaction import NO_TOKENS, TokenBytes, TokenHead
from assistant.reranker import Reranker
from assistant.settings import Settings

BUILT_IN = Path(__file__).parent / "models" / "encoder"
PROJECTION = "late_interaction.safetensors"
"""In a model's folder: what makes token vectors of its last layer. Only our own models (BERTs) have it."""
RERANKER = "reranker.safetensors"
"""In a model's folder: what reads the token vectors of a question and a sentence together."""

HUB_TIMEOUT = 5.0
"""Seconds to wait for the model hub before saying that it cannot be reached."""

Vectors = NDArray[np.float32]
Part = TypeVar("Part")


class Encoder(Protocol):
    """Turns texts into unit vectors, so that a dot product is a cosine.

    Attributes:
        name: the model as the settings name it, for people.
        fingerprint: changes whenever the vectors would change; an index made with another one is refused.
        has_tokens: whether the model was trained for late interaction; without that it gives no token vectors.
        reranker: what reads these token vectors; None if none was trained for this model.
    """

    name: str
    fingerprint: str
    has_tokens: bool
    reranker: Reranker | None

    def encode_queries(self, texts: list[str]) -> Vectors:
        """Vectors of questions, shape (len(texts), dimensions), float32, unit length."""
        ...

    def encode_passages(self, texts: list[str]) -> Vectors:
        """Vectors of passages or sentences, shape (len(texts), dimensions), float32, unit length."""
        ...

    def encode_sentences(self, texts: list[str]) -> tuple[Vectors, list[TokenBytes]]:
        """Vectors as of `encode_passages`, and the token vectors of each text for late interaction."""
        ...

    def encode_query_tokens(self, text: str) -> Vectors:
        """Token vectors of a question, shape (tokens, token dimensions), float32, as long as they weigh."""
        ...


class SentenceEncoder:
    """A sentence-transformers model with the prompts it wants.

    Args:
        load: gives the model; called when the first text is encoded, since importing the library takes seconds.
        name, fingerprint: see `Encoder`.
        query_prompt, passage_prompt: put before every question and every passage.
        load_questions: gives a lighter encoder of single questions with the same vectors; empty if there is none.
        head: makes token vectors of the last layer.
        reranker: see `Encoder`.
    """

    def __init__(
        self,
        load: Callable[[], Any],
        name: str,
        fingerprint: str,
        query_prompt: str = "",
        passage_prompt: str = "",
        load_questions: Callable[[], QuestionEncoder] | None = None,
        head: TokenHead | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._load = load
        self._model: Any = None
        self._lock = Lock()
        self._query_prompt = query_prompt
        self._passage_prompt = passage_prompt
        self._questions = lru_cache(maxsize=1)(load_questions) if load_questions else None
        self._head = head
        self.has_tokens = head is not None
        self.reranker = reranker

    def encode_queries(self, texts: list[str]) -> Vectors:
        """See `Encoder.encode_queries`."""
        prompted = [self._query_prompt + text for text in texts]
        if self._questions is None:
            return self._encode(prompted)
        return np.stack([self._questions().encode(text) for text in prompted])

    def encode_passages(self, texts: list[str]) -> Vectors:
        """See `Encoder.encode_passages`."""
        return self._encode([self._passage_prompt + text for text in texts])

    def encode_sentences(self, texts: list[str]) -> tuple[Vectors, list[TokenBytes]]:
        """See `Encoder.encode_sentences`."""
        if self._head is None:
            return self.encode_passages(texts), [NO_TOKENS for _ in texts]
        found = self._run([self._passage_prompt + text for text in texts], output_value=None)
        tokens = []
        for one in found:
            hidden = one["token_embeddings"][: int(one["attention_mask"].sum())]
            tokens.append(self._head.passage_tokens(hidden.float().numpy()))
        return _unit(np.array([one["sentence_embedding"].float().numpy() for one in found])), tokens

    def encode_query_tokens(self, text: str) -> Vectors:
        """See `Encoder.encode_query_tokens`."""
        if self._head is None or self._questions is None:
            return NO_TOKENS.astype(np.float32)
        return self._head.query_tokens(*self._questions().last_layer(self._query_prompt + text))

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _encode(self, texts: list[str]) -> Vectors:
        return _unit(np.asarray(self._run(texts, convert_to_numpy=True), dtype=np.float32))

    def _run(self, texts: list[str], **options: Any) -> Any:
        """Encode with sentence-transformers, in half precision where the processor is made for it.

        That is twice as fast; of the built-in model the cosine between both vectors of a text is at least .9999.
        """
        import torch

        model = self._loaded()
        able: Mapping[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()  # older versions cannot tell
        half = able.get("avx512_bf16", False) or able.get("amx_bf16", False)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
            return model.encode(texts, batch_size=32, show_progress_bar=False, **options)


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def load_encoder(settings: Settings) -> SentenceEncoder:
    """The encoder that the settings ask for; a model in a folder is loaded when it is first used.

    Raises:
        EncoderError: it is not on this computer and cannot be fetched, or its files are no usable model.
    """
    source = settings.encoder or str(BUILT_IN)
    folder = Path(source).expanduser()
    if folder.is_dir():
        load: Callable[[], Any] = partial(_load, str(folder), source)
        identity = _folder_digest(folder)
    elif folder.is_absolute() or source.startswith((".", "~")):
        raise EncoderError(f"De map {source} bestaat niet. Geef met ASSISTANT_ENCODER een map met een model op.")
    else:
        model = _load_named(source)
        load = lambda: model  # noqa: E731
        identity = f"{source}@{getattr(model[0].auto_model.config, '_commit_hash', '')}"
    prompts = (settings.query_prompt, settings.passage_prompt)
    fingerprint = hashlib.sha256("\0".join((identity, *prompts)).encode()).hexdigest()[:16]
    head = _load_part(TokenHead.load, folder / PROJECTION)
    reranker = _load_part(Reranker.load, folder / RERANKER)
    load_questions = partial(QuestionEncoder, folder) if head else None
    return SentenceEncoder(load, settings.encoder or "ingebouwd", fingerprint, *prompts, load_questions, head, reranker)


def _load_part(read: Callable[[Path], Part], path: Path) -> Part | None:
    if not path.is_file():
        return None
    try:
        return read(path)
    except (OSError, KeyError, SafetensorError) as error:
        raise EncoderError(
            f"Het bestand {path} is beschadigd of van een oudere versie. Zet er het bestand neer dat bij het model "
            "hoort, of haal het weg: dan werkt het model zonder."
        ) from error


def _folder_digest(folder: Path) -> str:
    """A digest of the files that decide the vectors: weights, tokenizer and configuration."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".safetensors", ".bin", ".json", ".txt", ".model"):
            digest.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _load_named(name: str) -> Any:
    """A model of the hub: from this computer's cache, else fetched if the hub answers."""
    try:
        return _load(name, name)
    except EncoderError:
        _require_hub(name)
        return _load(name, name, fetch=True)


def _require_hub(name: str) -> None:
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co")
    try:
        with urllib.request.urlopen(urllib.request.Request(endpoint, method="HEAD"), timeout=HUB_TIMEOUT):  # noqa: S310
            pass
    except urllib.error.HTTPError:
        return
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"Het model {name} staat niet op deze computer, en {endpoint} is niet te bereiken. "
            f"Haal het op met internet: 'hf download {name}'. Of kopieer de map van het model hierheen "
            "en geef die map op met ASSISTANT_ENCODER."
        ) from error


def _load(source: str, name: str, *, fetch: bool = False) -> Any:
    """Load a model in float32 on the processor (half precision is slow there)."""
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    transformers.utils.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            source,
            device="cpu",
            local_files_only=not fetch,
            model_kwargs={"dtype": torch.float32},
            trust_remote_code=False,
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise EncoderError(
            f"Het model {name} kan niet worden geladen. Kijk of de naam klopt, of dat de map een volledig "
            f"sentence-transformers-model bevat. (Melding: {str(error).splitlines()[0] if str(error) else error!r})"
        ) from error

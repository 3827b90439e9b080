"""Finding passages: candidates from sentence vectors, passage vectors and words, put in order by gated fusion.

The fused score (`fusion.py`) adds up the cosines of the question with the passage's best sentence and with all of it,
late interaction of their tokens (`late_interaction.py`), the BM25 share, the cosine over character n-grams, whether the
question names the speaker or the kind of document, and for letterhead and signature, which carry many names, a
deduction unless the question is about the document itself. The BM25 share is BM25 divided by the question's total idf
(unknown words at the highest idf), so a question that shares no words with the documents gives the lexical part little
weight by itself: the gate. Reciprocal rank fusion, which knows no such gate, was measured to be worse. The first hits
are then read again, each sentence together with the question (`reranker.py`), and put in order with that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from assistant import fusion
from assistant.encoder import Encoder, Vectors
from assistant.intent import asks_about_letter, names_kind, names_speaker
from assistant.late_interaction import LateScores
from assistant.lexical import LexicalScores
from assistant.passages import LABELS
from assistant.schema import Filters, Hit, Passage
from assistant.store import Generation
from assistant.vectors import sentence_id

_SENTENCES = 300
_PASSAGES = 100
_WORDS = 50
_REREAD = 12
"""So many hits are read again by the reranker."""


class Retriever:
    """Finds passages in one generation of the index."""

    def __init__(self, generation: Generation, encoder: Encoder) -> None:
        self._generation = generation
        self._encoder = encoder
        self._row = {passage.id: row for row, passage in enumerate(generation.passages)}
        self._voices = {passage.voice for passage in generation.passages}
        self._kinds = {document.kind for document in generation.documents.values()}

    def retrieve(
        self, question: str, top_k: int = 10, filters: Filters | None = None, also: Iterable[str] = ()
    ) -> tuple[Hit, ...]:
        """The best passages for a question, best first; ties in the order of their ids.

        Args:
            question: what is asked or searched for.
            top_k: how many hits at most.
            filters: which documents and voices may be used.
            also: phrases that the question means too (abbreviations in full, synonyms), for the lexical part.
        """
        generation = self._generation
        allowed = _allowed(generation, filters or Filters())
        if allowed is not None and not allowed:
            return ()
        vector = self._encoder.encode_queries([question])[0]
        lexical = generation.lexical.scores(question, tuple(also))
        where = None if allowed is None else _where(generation, filters or Filters())
        sentence_cosines = generation.vectors.nearest_sentences(
            vector, min(_SENTENCES, generation.manifest.sentences), where
        )
        passage_cosines = generation.vectors.nearest_passages(
            vector, min(_PASSAGES, generation.manifest.passages), where
        )
        candidates = self._candidates(sentence_cosines, passage_cosines, lexical, allowed)
        self._complete(vector, candidates, sentence_cosines, passage_cosines)
        tokens = self._encoder.encode_query_tokens(question)
        late = self._late(tokens, candidates)
        named = self._named(question)
        about_letter = asks_about_letter(question)
        hits = [
            self._hit(passage, lexical, sentence_cosines, passage_cosines, late, named, about_letter)
            for passage in candidates
        ]
        hits.sort(key=_order)
        return tuple(self._reread(tokens, hits)[:top_k])

    def _reread(self, tokens: Vectors, hits: list[Hit]) -> list[Hit]:
        """The hits with the first ones read by the reranker and in that order; the others stay behind them."""
        late, reranker = self._generation.late, self._encoder.reranker
        if not (reranker and late and hits):
            return hits
        read = []
        for hit in hits[:_REREAD]:
            entry = late.entry(self._row[hit.passage.id])
            logits = tuple(reranker.logit(tokens, sentence, entry.context) for sentence in entry.sentences)
            read.append(fusion.scored(replace(hit, reread=logits)))
        read.sort(key=_order)
        behind = read[-1].score - hits[len(read) - 1].score
        return [*read, *(replace(hit, score=hit.score + min(behind, 0.0)) for hit in hits[len(read) :])]

    def _candidates(
        self,
        sentence_cosines: Mapping[str, float],
        passage_cosines: Mapping[str, float],
        lexical: LexicalScores,
        allowed: frozenset[str] | None,
    ) -> list[Passage]:
        """Passages that any of the three ways found, without those that the filters keep out."""
        passages = self._generation.passages
        ids = dict.fromkeys(key.rpartition("#")[0] for key in list(sentence_cosines)[: 2 * _PASSAGES])
        ids.update(dict.fromkeys(passage_cosines))
        words = lexical.bm25 + lexical.ngram
        rows = np.flatnonzero(words > 0)
        if allowed is not None:
            rows = rows[[passages[row].id in allowed for row in rows]]
        for row in rows[np.argsort(-words[rows], kind="stable")][:_WORDS]:
            ids[passages[row].id] = None
        return [passages[self._row[key]] for key in ids if allowed is None or key in allowed]

    def _complete(
        self,
        vector: Vectors,
        candidates: Iterable[Passage],
        sentence_cosines: dict[str, float],
        passage_cosines: dict[str, float],
    ) -> None:
        """Adds the cosines of candidates that were not among the nearest themselves."""
        missing_passages = [passage.id for passage in candidates if passage.id not in passage_cosines]
        names = (sentence_id(passage.id, n) for passage in candidates for n in range(len(passage.sentences)))
        missing_sentences = [name for name in names if name not in sentence_cosines]
        passage_cosines.update(self._generation.vectors.passage_cosines(vector, missing_passages))
        sentence_cosines.update(self._generation.vectors.sentence_cosines(vector, missing_sentences))

    def _late(self, tokens: Vectors, candidates: Sequence[Passage]) -> dict[str, LateScores]:
        """Late interaction of a question's tokens with each candidate, by id; empty if the encoder has no tokens."""
        if not self._generation.late or not candidates:
            return {}
        ids = [passage.id for passage in candidates]
        return dict(zip(ids, self._generation.late.scores(tokens, [self._row[i] for i in ids]), strict=True))

    def _hit(
        self,
        passage: Passage,
        lexical: LexicalScores,
        sentence_cosines: Mapping[str, float],
        passage_cosines: Mapping[str, float],
        late: Mapping[str, LateScores],
        named: frozenset[str],
        about_letter: bool,
    ) -> Hit:
        scores = tuple(sentence_cosines[sentence_id(passage.id, n)] for n in range(len(passage.sentences)))
        dense = (max(scores) + passage_cosines[passage.id]) / 2
        row = self._row[passage.id]
        token_scores = late.get(passage.id, LateScores(dense, scores))
        return fusion.scored(
            Hit(
                passage,
                score=0.0,
                dense=dense,
                bm25=float(lexical.bm25[row]),
                ngram=float(lexical.ngram[row]),
                sentence_scores=scores,
                named=passage.voice in named or self._generation.documents[passage.document].kind in named,
                label=passage.kind in LABELS and not about_letter,
                late=token_scores.whole,
                late_sentences=token_scores.sentences,
            )
        )

    def _named(self, question: str) -> frozenset[str]:
        """The voices and kinds of document that a question asks for by name."""
        speaking = {voice for voice in self._voices if names_speaker(question, voice)}
        return frozenset(speaking | {kind for kind in self._kinds if names_kind(question, kind)})


def _order(hit: Hit) -> tuple[float, str]:
    return -hit.score, hit.passage.id


def _documents(generation: Generation, filters: Filters) -> list[str]:
    """Names of the documents that pass the filters."""
    return [
        document.name
        for document in generation.documents.values()
        if (not filters.documents or document.name in filters.documents)
        and (not filters.kinds or document.kind in filters.kinds)
        and (not filters.since or filters.since <= document.date)
        and (not filters.until or "" < document.date <= filters.until)
    ]


def _allowed(generation: Generation, filters: Filters) -> frozenset[str] | None:
    """Ids of the passages that pass the filters; None if all do."""
    if filters == Filters():
        return None
    names = frozenset(_documents(generation, filters))
    return frozenset(
        passage.id
        for passage in generation.passages
        if passage.document in names and (not filters.voices or passage.voice in filters.voices)
    )


def _where(generation: Generation, filters: Filters) -> dict[str, Any]:
    """The filters as Chroma wants them."""
    documents = {"document": {"$in": _documents(generation, filters)}}
    return {"$and": [documents, {"voice": {"$in": sorted(filters.voices)}}]} if filters.voices else documents

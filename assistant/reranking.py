"""The reranker: reads a question and an excerpt of a passage together and says whether the one answers the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.bert import PairScorer
from assistant.schema import Hit, Passage, Span

BUILT_IN = Path(__file__).parent / "models" / "reranker"
MAX_TOKENS = 160
"""Length of question and excerpt together; what is longer is cut off."""

WORDS = 55
"""Length of an excerpt, if its sentence is not longer."""


def excerpt(passage: Passage, centre: int, words: int = WORDS) -> str:
    """What the reranker reads of a passage: a sentence with the neighbours that fit, under the heading.

    Args:
        passage: the passage.
        centre: which of `passage.sentences` it is about.
        words: how long it may become by neighbours.
    """
    spans = passage.sentences
    first = last = centre
    left = words - _words(passage, spans[centre])
    while True:
        after = _words(passage, spans[last + 1]) if last + 1 < len(spans) else left + 1
        before = _words(passage, spans[first - 1]) if first else left + 1
        if min(after, before) > left:
            break
        # The sentence before is what a sentence leans on, so it comes first.
        if before <= left:
            first, left = first - 1, left - before
        else:
            last, left = last + 1, left - after
    text = passage.quote(Span(spans[first].start, spans[last].end))
    return " ".join(f"{passage.heading}: {text}".split()) if passage.heading else " ".join(text.split())


def best_excerpt(hit: Hit) -> str:
    """The excerpt around the sentence that the encoder finds nearest to the question."""
    scores = hit.sentence_scores
    return excerpt(hit.passage, max(range(len(scores)), key=lambda i: (scores[i], -i)))


def _words(passage: Passage, span: Span) -> int:
    return len(passage.quote(span).split())


class Reranker:
    """The cross-encoder that comes along; its weights are read when it is first used."""

    def __init__(self, folder: Path = BUILT_IN) -> None:
        self._folder = folder
        self._scorer: PairScorer | None = None

    def passages(self, question: str, hits: Sequence[Hit]) -> list[float]:
        """For each hit the logit of the probability that it answers the question."""
        return self._logits(question, [best_excerpt(hit) for hit in hits])

    def sentences(self, question: str, hits: Sequence[Hit], places: Sequence[Sequence[int]]) -> list[list[float]]:
        """For each hit the logits that these sentences of it, by place, answer the question by themselves."""
        pairs = zip(hits, places, strict=True)
        logits = iter(self._logits(question, [excerpt(hit.passage, place, 0) for hit, some in pairs for place in some]))
        return [[next(logits) for _ in some] for some in places]

    def _logits(self, question: str, texts: Sequence[str]) -> list[float]:
        if self._scorer is None:
            self._scorer = PairScorer(self._folder)
        return [float(logit) for logit in self._scorer.logits(question, texts)]

"""Training of the reranker (`assistant/reranker.py`), which reads a question and a sentence together.

    python training/rerank.py build/former:tb,tc,ub build/encoder:td,ud --out build/encoder/reranker.safetensors

It reads the token vectors of an encoder, and must learn from documents that this encoder was not trained on, since it
has learned those by heart. So it is told which files to read with which encoder; the encoders must be stages of one
training, so that their token vectors mean the same.

A question comes with the sentence that answers it, up to four others of the same document and up to three of other
documents, all among those that the encoder finds nearest; a question that its document does not answer comes with up
to seven of the nearest sentences of that document. Beside them stands 'none of these', whose logit is always 0 (as in
SQuAD 2.0, Rajpurkar et al. 2018): the loss is the cross-entropy of the right one among all, plus that of 'none' among
the wrong ones. So a logit above 0 says that the sentence answers. After every pass it prints how well the validation
documents' answerable questions and near misses are told apart, and how often the right sentence comes first.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from measure import asked
from pairs import WrittenDocument, load
from safetensors.torch import save_file
from sklearn.metrics import roc_auc_score
from torch import nn
from tqdm import tqdm

from assistant.building import context_text
from assistant.encoder import PROJECTION, SentenceEncoder, _load
from assistant.late_interaction import ONE, TokenBytes, TokenHead
from assistant.passages import split
from assistant.reranker import MAX_CONTEXT, MAX_SENTENCE, MIDDLE, SLOPE
from assistant.schema import Document

SEED = 7
HIDDEN = 128
RATE = 1e-3
BATCH = 48
"""Questions in a batch."""
INSIDE, OUTSIDE = 4, 3
"""Wrong sentences of the same document and of others, at most."""
NEAR = 8
"""Wrong sentences of the same document are drawn from so many of the nearest."""
FAR = slice(2, 20)
"""Those of other documents are drawn from these of the nearest; the very nearest may well answer too."""
SOFT = 20.0
"""Cosines are multiplied by about this before the softmax."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of a written document, and the token vectors of it and of what introduces its passage."""

    document: str
    passage: str
    start: int
    end: int
    tokens: TokenBytes
    context: TokenBytes


@dataclass(frozen=True)
class Question:
    """A question, its token vectors, the sentence that answers it if there is one, and wrong ones near it."""

    document: str
    tokens: Any
    right: Sentence | None
    inside: tuple[Sentence, ...]
    outside: tuple[Sentence, ...]

    def candidates(self, rng: random.Random) -> list[Sentence]:
        """The right one, if there is one, and wrong ones."""
        if self.right is None:
            return rng.sample(self.inside, min(INSIDE + OUTSIDE, len(self.inside)))
        inside = rng.sample(self.inside, min(INSIDE, len(self.inside)))
        return [self.right, *inside, *rng.sample(self.outside, min(OUTSIDE, len(self.outside)))]


def read(folder: Path, documents: Sequence[WrittenDocument]) -> list[Question]:
    """All questions of documents with the sentences that this encoder finds nearest."""
    head = TokenHead.load(folder / PROJECTION)
    encoder = SentenceEncoder(partial(_load, str(folder), str(folder)), "", "", head=head)
    passages = [(d, p) for d in documents for p in split(Document(d.id, d.text, d.title, voice=d.voice))]
    _, contexts = encoder.encode_sentences([context_text(passage) or " " for _, passage in passages])
    spans = [(d, p, span, c) for (d, p), c in zip(passages, contexts, strict=True) for span in p.sentences]
    vectors, tokens = encoder.encode_sentences([p.quote(span) for _, p, span, _ in spans])
    sentences = [
        Sentence(d.id, p.id, span.start, span.end, t[:MAX_SENTENCE], c[:MAX_CONTEXT])
        for (d, p, span, c), t in zip(spans, tokens, strict=True)
    ]
    own: dict[str, list[int]] = {document.id: [] for document in documents}
    for row, sentence in enumerate(sentences):
        own[sentence.document].append(row)
    asks = [(d, asked(d, pair), pair.start, pair.end) for d in documents for pair in d.pairs]
    asks += [(d, question, 0, 0) for d in documents for question in d.unanswerable]
    found = []
    for (document, _, start, end), one in zip(
        asks, encoder._run([question for _, question, _, _ in asks], output_value=None), strict=True
    ):
        length = int(one["attention_mask"].sum())
        hidden = one["token_embeddings"][:length].float().numpy()
        vector = one["sentence_embedding"].float().numpy()
        cosines = vectors @ (vector / np.linalg.norm(vector))
        rows = own[document.id]
        shared = {row: min(sentences[row].end, end) - max(sentences[row].start, start) for row in rows}
        right = max(rows, key=lambda row: shared[row])
        near = sorted((row for row in rows if shared[row] <= 0), key=lambda row: -cosines[row])[:NEAR]
        nearest = np.argpartition(-cosines, 40)[:40]
        far = sorted((r for r in nearest if sentences[r].document != document.id), key=lambda row: -cosines[row])[FAR]
        found.append(
            Question(
                document.id,
                head.query_tokens(hidden, one["input_ids"][:length].tolist()),
                sentences[right] if shared[right] > 0 else None,
                tuple(sentences[row] for row in near),
                tuple(sentences[row] for row in far),
            )
        )
    return found


class Network(nn.Module):
    """The same network as `assistant.reranker.Reranker`, for batches; a test holds them to that."""

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.tensor([SOFT]))
        self.question_in, self.question_out = nn.Linear(3 * dimensions + 3, HIDDEN), nn.Linear(HIDDEN, HIDDEN)
        self.sentence_in, self.sentence_out = nn.Linear(3 * dimensions + 1, HIDDEN), nn.Linear(HIDDEN, HIDDEN)
        self.join, self.out = nn.Linear(4 * HIDDEN + 2, HIDDEN), nn.Linear(HIDDEN, 1)
        self.dropout = nn.Dropout(0.15)

    def forward(self, pairs: Sequence[tuple[Any, Sentence]]) -> torch.Tensor:
        """Logits of questions' token vectors with sentences, shape (pairs,)."""
        question = _padded([torch.from_numpy(tokens) for tokens, _ in pairs])
        weights = question.norm(dim=-1)
        asked_for = question / weights.clamp(min=1e-9)[..., None]
        text = _padded([torch.from_numpy(np.concatenate([s.tokens, s.context])) for _, s in pairs]).float() / ONE
        lengths = torch.tensor([(len(tokens), len(s.tokens), len(s.tokens) + len(s.context)) for tokens, s in pairs])
        place = torch.arange(text.shape[1])
        sentence, there = place < lengths[:, 1, None], place < lengths[:, 2, None]
        is_asked = weights > 0
        cosines = asked_for @ text.transpose(1, 2)
        attention = torch.softmax((self.scale * cosines).masked_fill(~there[:, None], -torch.inf), dim=-1)
        most = cosines.masked_fill(~there[:, None], -1.0).amax(dim=-1)
        numbers = torch.stack(
            [most, weights / weights.amax(dim=1, keepdim=True), (attention * ~sentence[:, None]).sum(dim=-1)], dim=-1
        )
        of_question = self._compared(self.question_in, self.question_out, asked_for, attention @ text, numbers)
        back = cosines.transpose(1, 2)
        attended = torch.softmax((self.scale * back).masked_fill(~is_asked[:, None], -torch.inf), dim=-1) @ asked_for
        nearest = back.masked_fill(~is_asked[:, None], -1.0).amax(dim=-1, keepdim=True)
        of_sentence = self._compared(self.sentence_in, self.sentence_out, text, attended, nearest)
        in_sentence = cosines.masked_fill(~sentence[:, None], -1.0).amax(dim=-1)
        late = (weights * most).sum(dim=1)
        together = torch.cat(
            [
                (weights[..., None] * of_question).sum(dim=1),
                (is_asked[..., None] * of_question).sum(dim=1) / lengths[:, :1],
                (sentence[..., None] * of_sentence).sum(dim=1) / lengths[:, 1:2],
                of_sentence.masked_fill(~sentence[..., None], 0.0).amax(dim=1),
                5 * torch.stack([late, (weights * in_sentence).sum(dim=1)], dim=1),
            ],
            dim=1,
        )
        added = self.out(self.dropout(torch.relu(self.join(together))))
        logits: torch.Tensor = added[:, 0] + SLOPE * (late - MIDDLE)
        return logits

    def _compared(
        self, first: nn.Linear, second: nn.Linear, own: torch.Tensor, other: torch.Tensor, numbers: torch.Tensor
    ) -> torch.Tensor:
        values = torch.cat([own, other, 8 * own * other, numbers], dim=-1)
        return torch.relu(second(self.dropout(torch.relu(first(values)))))


def _padded(tensors: list[torch.Tensor]) -> torch.Tensor:
    return nn.utils.rnn.pad_sequence(tensors, batch_first=True)


def loss(logits: torch.Tensor, groups: Sequence[tuple[int, bool]]) -> torch.Tensor:
    """The loss of a batch; `groups`: of each question how many candidates it has, and whether the first one answers."""
    none = logits.new_zeros(1)
    losses = []
    for own, (_, answered) in zip(torch.split(logits, [size for size, _ in groups]), groups, strict=True):
        if answered:
            losses.append(torch.logsumexp(torch.cat([own, none]), 0) - own[0])
        losses.append(torch.logsumexp(torch.cat([own[int(answered) :], none]), 0))
    return torch.stack(losses).sum() / len(groups)


def told_apart(network: Network, questions: Sequence[Question]) -> str:
    """How well answerable questions and near misses are told apart, and how often the right sentence is the best."""
    network.eval()
    best, first = [], []
    with torch.no_grad():
        for question in questions:
            candidates = [*([question.right] if question.right else []), *question.inside]
            logits = network([(question.tokens, candidate) for candidate in candidates])
            best.append(float(logits.max()))
            if question.right:
                first.append(int(logits.argmax()) == 0)
    network.train()
    area = roc_auc_score([question.right is not None for question in questions], best)
    return f"AUC of near misses {area:.3f}, right sentence first {np.mean(first):.3f}"


def batches(questions: Sequence[Question], rng: random.Random) -> Iterator[list[tuple[Question, list[Sentence]]]]:
    """Questions with their candidates, in random order."""
    order = rng.sample(questions, len(questions))
    for begin in range(0, len(order) - BATCH + 1, BATCH):
        yield [(question, question.candidates(rng)) for question in order[begin : begin + BATCH]]


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("read", nargs="+", help="ENCODER:FILES, which files of the data to read with which encoder")
    parser.add_argument("--out", type=Path, required=True, help="file of the trained reranker")
    parser.add_argument("--epochs", type=int, default=3)
    options = parser.parse_args()

    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    training, validation = [], []
    for part in options.read:
        folder, _, files = part.rpartition(":")
        documents = [document for document in load() if document.file in files.split(",")]
        training += read(Path(folder), [document for document in documents if document.part == "training"])
        validation += read(Path(folder), [document for document in documents if document.part == "validation"])
    network = Network(training[0].tokens.shape[1])
    steps = options.epochs * (len(training) // BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min((step + 1) / 50, 1 - step / steps))
    for _ in range(options.epochs):
        bar = tqdm(batches(training, rng), total=len(training) // BATCH)
        for batch in bar:
            logits = network([(question.tokens, one) for question, candidates in batch for one in candidates])
            value = loss(logits, [(len(candidates), question.right is not None) for question, candidates in batch])
            optimizer.zero_grad()
            torch.autograd.backward(value)
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            bar.set_postfix(loss=f"{value.item():.2f}")
        print(told_apart(network, validation))
    save_file({name: tensor.half() for name, tensor in network.state_dict().items()}, options.out)


if __name__ == "__main__":
    main()

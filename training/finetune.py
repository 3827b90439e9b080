"""Contrastive training of the encoder on the written question-passage pairs, for passage, sentence and token vectors.

    python training/finetune.py --start build/distilled --out build/contrastive --teacher build/teacher

Every question is paired with the sentence that answers it and with a sentence elsewhere that the model takes for an
answer, in the same document or in another; and again with the whole passage and another passage. The loss is in-batch
cross-entropy (Henderson et al. 2017) over the cosines of the pooled vectors and over late interaction of the token
vectors (ColBERT, Khattab & Zaharia 2020), both from one model (as in M3-Embedding, Chen et al. 2024). In between, the
model goes on imitating its teacher (`distil.py`), so that general Dutch is not forgotten. Validation and test documents
(`pairs.py`) are never seen. Checkpoints are kept under `<out>/checkpoints`; `--resume` goes on from the last one.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import lexicon
import numpy as np
import torch
from datasets import Dataset
from distil import Imitation, labelled, stretches
from measure import asked
from pairs import WrittenDocument, load
from safetensors.torch import save_file
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.training_args import BatchSamplers, MultiDatasetBatchSamplers

from assistant.encoder import PROJECTION
from assistant.late_interaction import TokenHead
from assistant.passages import split
from assistant.schema import Document

SEED = 7
EMBEDDING_RATE = 4.0
"""Word vectors learn this many times as fast as the layers above them: many pieces are rare."""


SCALE = 20.0
"""Cosines are multiplied by this before the softmax."""

DIMENSIONS = 128
"""Of the token vectors."""

NEAREST = 10
"""Hard negatives of other documents are drawn from so many passages or sentences that the model ranks first."""


class Contrast(torch.nn.Module):
    """In-batch cross-entropy over pooled vectors, plus the same over the late interaction of token vectors."""

    projection: torch.Tensor

    def __init__(self, model: Any, projection: torch.Tensor) -> None:
        super().__init__()
        self.model = model
        self.register_buffer("projection", projection)

    def forward(self, features: Iterable[dict[str, torch.Tensor]], labels: torch.Tensor | None) -> torch.Tensor:
        """Loss of a batch: the columns are questions, texts that answer them, and texts that do not."""
        question, *texts = [self.model(column) for column in features]
        pooled = torch.cat([normalized(text["sentence_embedding"]) for text in texts])
        places = torch.arange(len(question["sentence_embedding"]))
        cosines = normalized(question["sentence_embedding"]) @ pooled.T
        late = torch.cat([self.late_interaction(question, text) for text in texts], dim=1)
        entropy = torch.nn.functional.cross_entropy
        return entropy(SCALE * cosines.float(), places) + entropy(SCALE * late.float(), places)

    def late_interaction(self, questions: dict[str, torch.Tensor], texts: dict[str, torch.Tensor]) -> torch.Tensor:
        """The mean over a question's tokens of the highest cosine with a token of a text, shape (questions, texts)."""
        asked_for, read = (normalized(side["token_embeddings"] @ self.projection.T) for side in (questions, texts))
        cosines = torch.einsum("qid,tjd->qtij", asked_for, read)
        cosines = cosines.masked_fill(texts["attention_mask"][None, :, None, :] == 0, -1.0)
        counted = questions["attention_mask"][:, None, :]
        return (cosines.amax(dim=-1) * counted).sum(dim=-1) / counted.sum(dim=-1)


def normalized(vectors: torch.Tensor) -> torch.Tensor:
    """Unit vectors."""
    return torch.nn.functional.normalize(vectors, dim=-1)


def principal(model: Any, texts: list[str]) -> torch.Tensor:
    """The directions in which the token vectors of texts differ most, shape (DIMENSIONS, dimensions)."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        tokens = torch.cat(model.encode(texts, output_value="token_embeddings")).float()
    unit = normalized(tokens)
    _, directions = torch.linalg.eigh(unit.T @ unit)
    most: torch.Tensor = directions[:, -DIMENSIONS:].flip(1).T.contiguous()
    return most


def piece_weights(documents: Sequence[WrittenDocument], model: Any) -> torch.Tensor:
    """The idf of every word piece in the sentences of documents: ln(1 + n / (1 + df)), shape (pieces,)."""
    sentences = [
        passage.quote(span)
        for document in documents
        for passage in split(Document(document.id, document.text, document.title))
        for span in passage.sentences
    ]
    counts = torch.zeros(len(model.tokenizer))
    for pieces in model.tokenizer(sentences)["input_ids"]:
        counts[list(set(pieces))] += 1
    return torch.log1p(len(sentences) / (1 + counts))


def triples(documents: Sequence[WrittenDocument], model: Any, whole: bool, rng: random.Random) -> Dataset:
    """Question, what answers it, and a hard negative: single sentences, or whole passages.

    The negative is one of the three sentences (or passages) elsewhere in the same document that the model, as it is
    now, finds nearest to the question, or one of the ten in other documents.
    """
    inside = {d.id: split(Document(d.id, d.text, d.title)) for d in documents}
    units = [(d, p, p.text) for d in documents for p in inside[d.id]]
    if not whole:
        units = [(d, p, p.quote(s)) for d, p, _ in units for s in p.sentences]
    places: dict[str, list[int]] = {d.id: [] for d in documents}
    for place, (document, _, _) in enumerate(units):
        places[document.id].append(place)
    asks = [(d, pair, asked(d, pair)) for d in documents for pair in d.pairs]
    questions, texts = encoded(model, [q for _, _, q in asks]), encoded(model, [text for _, _, text in units])
    rows: list[dict[str, str]] = []
    for (document, pair, question), vector in zip(asks, questions, strict=True):
        own = next((p for p in inside[document.id] if p.start <= pair.start < p.end), None)
        cosines = texts @ vector
        near = sorted((i for i in places[document.id] if units[i][1] is not own), key=lambda i: -cosines[i])[:3]
        nearest = np.argpartition(-cosines, 2 * NEAREST)[: 2 * NEAREST]
        far = sorted((i for i in nearest if units[i][0] is not document), key=lambda i: -cosines[i])[:NEAREST]
        negatives = near if near and (rng.random() < 0.5 or not far) else far
        if own and negatives:
            positive = own.text if whole else document.text[pair.start : pair.end]
            rows.append({"anchor": question, "positive": positive, "negative": units[rng.choice(negatives)][2]})
    rng.shuffle(rows)
    return Dataset.from_list(rows)


def rewordings() -> Dataset:
    """The hand-written questions and remarks in everyday words, what they mean, and what only looks like it."""
    lines = (lexicon.DATA / "rewordings.tsv").read_text(encoding="utf-8").splitlines()
    columns = zip(*(line.split("\t") for line in lines), strict=True)
    return Dataset.from_dict(dict(zip(("positive", "anchor", "negative"), columns, strict=True))).select_columns(
        ["anchor", "positive", "negative"]
    )


def imitated(teacher: Any, folder: Path) -> Dataset:
    """Translated sentences and stretches of them with the teacher's vectors."""
    own = lexicon.read_pairs(lexicon.DATA / "translations.tsv")
    everyday = lexicon.read_pairs(lexicon.DATA / "sentences.tsv")
    items = [*own, *everyday, *stretches(own, random.Random(SEED))]
    return labelled(items, teacher, folder / "teacher-imitation.npz")


def encoded(model: Any, texts: Sequence[str]) -> Any:
    """Unit vectors of texts, shape (texts, dimensions)."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return model.encode(list(texts), batch_size=128, normalize_embeddings=True, show_progress_bar=True)


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", required=True, help="folder or name of all-MiniLM-L6-v2")
    parser.add_argument("--start", type=Path, required=True, help="folder of the encoder to start from")
    parser.add_argument("--out", type=Path, required=True, help="folder of the trained encoder")
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--rate", type=float, default=1e-4, help="learning rate of the layers")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--whole", type=float, default=0.5, help="share of questions that also go with whole passages")
    parser.add_argument("--without", default="", help="files of the data that are kept for the reranker, with commas")
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()

    rng = random.Random(SEED)
    kept = options.without.split(",")
    documents = [document for document in load() if document.part == "training" and document.file not in kept]
    model: Any = SentenceTransformer(
        str(options.start),
        device="cpu",
        model_kwargs={"dtype": torch.float32, "attn_implementation": "eager"},
        # Without dropout torch keeps to its fast path, and two passes are too few to learn pairs by heart.
        config_kwargs={"attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0},
    )
    model.max_seq_length = 128
    sentences = triples(documents, model, whole=False, rng=rng)
    passages = triples(documents, model, whole=True, rng=rng)
    data = {
        "sentences": sentences,
        "passages": passages.select(range(round(len(passages) * options.whole))),
        "rewordings": rewordings(),
        "imitation": imitated(SentenceTransformer(options.teacher, device="cpu"), options.out.parent),
    }
    trained = options.start / PROJECTION
    projection = (
        torch.from_numpy(TokenHead.load(trained).projection)
        if trained.is_file()
        else principal(model, passages["positive"][:1000])
    )
    contrast = Contrast(model, projection)
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(options.out / "checkpoints"),
        num_train_epochs=options.epochs,
        per_device_train_batch_size=options.batch,
        learning_rate=options.rate,
        warmup_steps=30,
        weight_decay=0.01,
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        multi_dataset_batch_sampler=MultiDatasetBatchSamplers.PROPORTIONAL,
        logging_steps=20,
        save_steps=60,
        save_total_limit=1,
        report_to="none",
        seed=SEED,
        use_cpu=True,
        bf16=True,
        dataloader_pin_memory=False,
    )
    word_vectors = [p for name, p in model.named_parameters() if "word_embeddings" in name]
    layers = [p for name, p in model.named_parameters() if "word_embeddings" not in name]
    optimizer = torch.optim.AdamW(
        [{"params": word_vectors, "lr": EMBEDDING_RATE * options.rate}, {"params": layers, "lr": options.rate}],
        weight_decay=0.01,
    )
    trainer = SentenceTransformerTrainer(
        model=model,
        args=arguments,
        train_dataset=data,
        loss={**dict.fromkeys(data, contrast), "imitation": Imitation(model)},
        optimizers=(optimizer, None),
    )
    trainer.train(resume_from_checkpoint=options.resume or None)
    model.max_seq_length = 256
    model.half().save_pretrained(str(options.out))
    weights = piece_weights(documents, model)
    save_file({"projection": projection.half(), "weights": weights.half()}, options.out / PROJECTION)


if __name__ == "__main__":
    main()

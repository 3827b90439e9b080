"""Gives an English sentence encoder a Dutch vocabulary.

    python training/transplant.py --teacher build/teacher --parallel build/parallel.tsv --out build/transplanted

Trains a Dutch WordPiece vocabulary on word frequencies, then solves each piece's vector by ridge regression so that the
mean of a Dutch word's pieces comes near the mean of the English vectors of its translations (`lexicon.py`), every word
weighed by how frequent it is and how sure its translations are. Pieces without letters keep the vector that they have.
The layers stay as they are (compare WECHSEL, Minixhofer et al. 2022, and Focus, Dobler & de Melo 2023).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import lexicon
import numpy as np
import scipy.sparse
import torch
import wordfreq
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
RIDGE = 0.5
MAX_TOKENS = 256
UNUSED = 1000
"""English BERT's first thousand pieces are place holders and single signs; the mean leaves them out."""


def vocabulary(words: Sequence[str], sentences: Sequence[str], size: int) -> PreTrainedTokenizerFast:
    """A lower-case WordPiece tokenizer, trained on how often Dutch words are used and on the sentences."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, special_tokens=list(SPECIAL), continuing_subword_prefix="##", limit_alphabet=120
    )
    tokenizer.train_from_iterator(_texts(words, sentences), trainer)
    cls, sep = (tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", cls), ("[SEP]", sep)]
    )
    names = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token", "mask_token"), SPECIAL, strict=True))
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, model_max_length=MAX_TOKENS, **names
    )


def _texts(words: Sequence[str], sentences: Sequence[str]) -> Iterator[str]:
    # A frequency to the power 0.6 keeps rare words in sight of the trainer.
    for word, frequency in wordfreq.get_frequency_dict("nl", wordlist="best").items():
        yield " ".join([word] * min(400, max(1, int((frequency * 1e8) ** 0.6))))
    for word in words:
        yield " ".join([word] * 3)
    yield from sentences


def solve(
    translations: lexicon.Translations, tokenizer: PreTrainedTokenizerFast, english: PreTrainedTokenizerFast, old: Any
) -> Any:
    """Vectors for the Dutch pieces.

    Args:
        translations: what Dutch words are in English.
        tokenizer: the Dutch vocabulary, of n pieces.
        english: the teacher's tokenizer.
        old: the teacher's word vectors, float array (m, d).

    Returns:
        Float array (n, d).
    """
    frequency = wordfreq.get_frequency_dict("nl", wordlist="best")
    words = [word for word in translations if tokenizer(word, add_special_tokens=False)["input_ids"]]
    pieces = tokenizer(words, add_special_tokens=False)["input_ids"]
    phrases = {phrase for word in words for phrase in translations[word]}
    ids = english(sorted(phrases), add_special_tokens=False)["input_ids"]
    vectors = {phrase: old[row or [0]].mean(axis=0) for phrase, row in zip(sorted(phrases), ids, strict=True)}
    mean = old[UNUSED:].mean(axis=0)
    target = np.empty((len(words), old.shape[1]), dtype=np.float32)
    weight = np.empty(len(words), dtype=np.float32)
    for row, word in enumerate(words):
        known = translations[word]
        sure = lexicon.score(known)
        target[row] = sum(share * vectors[phrase] for phrase, share in known.items()) / sure - mean
        weight[row] = (0.05 + min(1.0, sure)) * (frequency.get(word, 1e-8) * 1e8) ** 0.25
    rows = np.repeat(np.arange(len(words)), [len(row) for row in pieces])
    columns = np.concatenate(pieces)
    shares = np.concatenate([np.full(len(row), 1 / len(row)) for row in pieces])
    spread = scipy.sparse.csr_matrix((shares, (rows, columns)), shape=(len(words), len(tokenizer)), dtype=np.float32)
    weighed = spread.T @ scipy.sparse.diags(weight)
    normal = (weighed @ spread).toarray() + RIDGE * np.eye(len(tokenizer), dtype=np.float32)
    solved = np.linalg.solve(normal, weighed @ target) + mean
    seen = np.asarray(spread.sum(axis=0)).ravel() > 0
    shared = english.get_vocab()
    for piece, index in tokenizer.get_vocab().items():
        if piece in shared and (piece in SPECIAL or not seen[index] or not any(map(str.isalpha, piece))):
            solved[index] = old[shared[piece]]
    return solved


def main() -> None:
    """Make the vocabulary and its vectors and save the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", required=True, help="folder or name of all-MiniLM-L6-v2")
    parser.add_argument("--pairs", type=Path, nargs="+", required=True, help="Dutch-English sentence pairs (.tsv)")
    parser.add_argument("--vocabulary", type=int, default=20_000)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    pairs = [pair for path in options.pairs for pair in lexicon.read_pairs(path)]
    translations = lexicon.translations(pairs)
    print(f"{len(pairs)} sentence pairs, {len(translations)} words")
    model: Any = SentenceTransformer(options.teacher, device="cpu")
    bert, english = model[0].auto_model, model.tokenizer
    tokenizer = vocabulary(list(translations), [dutch for dutch, _ in pairs], options.vocabulary)
    vectors = solve(translations, tokenizer, english, bert.embeddings.word_embeddings.weight.detach().float().numpy())
    bert.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(  # type: ignore[no-untyped-call]
        torch.tensor(vectors, dtype=torch.float32), freeze=False, padding_idx=0
    )
    bert.config.vocab_size = len(tokenizer)
    save(bert, tokenizer, options.out)
    (options.out / "translations.json").write_text(json.dumps(translations, ensure_ascii=False), encoding="utf-8")


def save(bert: Any, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Write layers and tokenizer as a sentence-transformers model with mean pooling."""
    bert.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    transformer = Transformer(str(folder), max_seq_length=MAX_TOKENS)
    pooling = Pooling(transformer.get_embedding_dimension(), pooling_mode="mean")
    SentenceTransformer(modules=[transformer, pooling, Normalize()], device="cpu").save_pretrained(str(folder))


if __name__ == "__main__":
    main()

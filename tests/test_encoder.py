"""Encoders: the one that comes along, a model made here, and models that cannot be had."""

import re
import shutil
import time

import numpy as np
import pytest
from safetensors.numpy import save_file

from assistant.encoder import BUILT_IN, PROJECTION, RERANKER, load_encoder
from assistant.errors import EncoderError
from assistant.settings import load_settings


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """A real sentence-transformers model in a folder: one layer, eight dimensions, random weights."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("model")
    vocabulary = {word: i for i, word in enumerate(["[PAD]", "[UNK]", "query", "passage", "vraag", "beleid", ":"])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]")
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8
    )
    BertModel(config).save_pretrained(folder / "bert")
    fast.save_pretrained(folder / "bert")
    model = SentenceTransformer(modules=[transformer := Transformer(str(folder / "bert")), Pooling(8)])
    assert transformer.max_seq_length
    model.save(str(folder / "model"))
    return folder / "model"


def test_built_in_encoder_gives_unit_vectors_and_knows_dutch(encoder):
    vectors = encoder.encode_passages(
        ["Wie betaalt de reiskosten?", "Vrijwilligers krijgen hun reiskosten terug.", "De kerk staat in het dorp."]
    )
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


QUESTIONS = (
    "Wat is het grondmotief van vrijwilligerswerk?",
    "spuk",
    "Eén café, 25 euro… en “wie” betaalt dat? " * 40,
    "?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_gets_the_vector_that_sentence_transformers_gives_it(encoder, question):
    from sentence_transformers import SentenceTransformer

    (light,) = encoder.encode_queries([question])
    library = SentenceTransformer(str(BUILT_IN), model_kwargs={"dtype": "float32"}).encode(question)
    assert light == pytest.approx(library, abs=1e-5)


def test_vectors_of_passages_are_those_of_questions_in_half_precision_or_better(encoder):
    questions = encoder.encode_queries(list(QUESTIONS))
    passages = encoder.encode_passages(list(QUESTIONS))
    sentences, _ = encoder.encode_sentences(list(QUESTIONS))
    assert (questions * passages).sum(axis=1).min() > 0.9995
    assert sentences == pytest.approx(passages, abs=1e-3)


def test_tokens_of_a_text_as_a_passage_and_as_a_question(encoder):
    text = "Wie betaalt de reiskosten?"
    _, (passage,) = encoder.encode_sentences([text])
    question = encoder.encode_query_tokens(text)
    weights = np.linalg.norm(question, axis=1)
    assert passage.shape == question.shape
    assert passage.dtype == np.int8
    assert weights.sum() == pytest.approx(1.0, abs=1e-5)
    assert (question * passage).sum(axis=1) / weights == pytest.approx(127.0, abs=1.5)


def test_a_folder_is_a_model_with_its_prompts(tiny_model):
    plain = load_encoder(load_settings(encoder=str(tiny_model)))
    prompted = load_encoder(load_settings(encoder=str(tiny_model), query_prompt="query: ", passage_prompt="passage: "))
    assert plain.encode_queries(["beleid"]) == pytest.approx(plain.encode_passages(["beleid"]))
    asked = prompted.encode_queries(["beleid"])
    assert asked == pytest.approx(plain.encode_queries(["query: beleid"]))
    assert asked != pytest.approx(prompted.encode_passages(["beleid"]))
    assert asked.shape == (1, 8)


@pytest.mark.parametrize("name", [PROJECTION, RERANKER])
@pytest.mark.parametrize("content", [b"", b"geen model"])
def test_damaged_weights_are_named_with_the_mend(tiny_model, tmp_path, name, content):
    folder = shutil.copytree(tiny_model, tmp_path / "model")
    (folder / name).write_bytes(content)
    with pytest.raises(EncoderError, match=re.escape(name)):
        load_encoder(load_settings(encoder=str(folder)))


@pytest.mark.parametrize("name", [PROJECTION, RERANKER])
def test_weights_of_an_older_version_are_named_with_the_mend(tiny_model, tmp_path, name):
    folder = shutil.copytree(tiny_model, tmp_path / "model")
    save_file({"projection": np.eye(8, dtype=np.float32)}, folder / name)
    with pytest.raises(EncoderError, match="oudere versie"):
        load_encoder(load_settings(encoder=str(folder)))


def test_prompts_and_weights_change_the_fingerprint(tiny_model):
    built_in = load_encoder(load_settings()).fingerprint
    plain = load_encoder(load_settings(encoder=str(tiny_model))).fingerprint
    prompted = load_encoder(load_settings(encoder=str(tiny_model), query_prompt="query: ")).fingerprint
    assert len({built_in, plain, prompted}) == 3
    assert load_encoder(load_settings()).fingerprint == built_in


def test_a_name_that_cannot_be_fetched_is_said_within_seconds(monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    started = time.perf_counter()
    with pytest.raises(EncoderError, match="hf download voorbeeld/bestaat-niet") as caught:
        load_encoder(load_settings(encoder="voorbeeld/bestaat-niet"))
    assert "127.0.0.1:9 is niet te bereiken" in str(caught.value)
    assert time.perf_counter() - started < 30


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(EncoderError, match="bestaat niet"):
        load_encoder(load_settings(encoder=str(tmp_path / "weg")))


def test_a_folder_without_a_model_is_said_when_it_is_first_used(tmp_path):
    encoder = load_encoder(load_settings(encoder=str(tmp_path)))
    with pytest.raises(EncoderError, match="kan niet worden geladen"):
        encoder.encode_queries(["vraag"])

"""What a build knows of texts, kept on disk and read again."""

import numpy as np
import pytest

from assistant.encoded import FOLDER, Encoded

VECTORS = {"een": np.array([1.0, 0.0], dtype=np.float32), "twee": np.array([0.0, 1.0], dtype=np.float32)}
TOKENS = np.array([[127, 0], [0, 127], [1, 2]], dtype=np.int8)


@pytest.fixture
def known():
    encoded = Encoded()
    encoded.add_vectors(VECTORS)
    encoded.add_tokens({"een": TOKENS})
    return encoded


def test_what_is_written_is_read_again(known, tmp_path):
    known.write(tmp_path, ["een", "twee"])
    again = Encoded()
    again.read(tmp_path)
    assert again.vector("twee").tolist() == [0.0, 1.0]
    assert again.tokens("een").tolist() == TOKENS.tolist()
    assert again.has_vector("een")
    assert not again.has_tokens("twee")
    assert not again.has_vector("drie")
    assert len(again.tokens("drie")) == 0


def test_parts_add_up_and_a_damaged_one_is_passed_over(known, tmp_path):
    known.write(tmp_path, ["een"])
    known.write(tmp_path, ["twee"])
    (tmp_path / FOLDER / "half.npz").write_bytes(b"PK half")
    again = Encoded()
    again.read(tmp_path)
    assert again.has_vector("een")
    assert again.has_vector("twee")


def test_a_folder_without_parts_has_nothing(tmp_path):
    again = Encoded()
    again.read(tmp_path)
    assert not again.has_vector("een")

"""Settings, from the environment (`ASSISTANT_*`) or a file `.env`. Nothing is created or loaded on import."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import InputError

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """All settings; README.md has the same table for users.

    Attributes:
        corpus: corpus folder (with `documents/`), or any folder of documents.
        index: folder of the index.
        encoder: a sentence-transformers model by name or folder; empty for the Dutch encoder that comes along.
        query_prompt, passage_prompt: put before a question and a passage; e5 models want 'query: ' and 'passage: '.
        chroma_url: address of a Chroma server; empty for Chroma inside the process.
        llm: a language model that writes answers, 'ollama/MODEL' or 'openai-like/MODEL'; empty for quoted answers only.
        llm_url, llm_key: address of its server and the key it asks for.
        llm_timeout: seconds it has for one question; then the quoted answer is given.
        max_file_mb: larger documents are refused.
        host, port: where the page listens.
        max_question: longest question, in characters.
    """

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", env_file=".env", extra="ignore", frozen=True)

    corpus: Path = ROOT / "corpus"
    index: Path = ROOT / "index"
    encoder: str = ""
    query_prompt: str = ""
    passage_prompt: str = ""
    chroma_url: str = ""
    llm: str = ""
    llm_url: str = ""
    llm_key: SecretStr = SecretStr("")
    llm_timeout: float = Field(default=60, gt=0)
    max_file_mb: float = Field(default=50, gt=0)
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=1, le=65535)
    max_question: int = Field(default=2000, ge=1)


def load_settings(**overrides: object) -> Settings:
    """Read the settings; `overrides` that are None are left to the environment.

    Raises:
        InputError: a value cannot be used; names the setting.
    """
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "ASSISTANT_" + "_".join(str(part) for part in first["loc"]).upper()
        raise InputError(
            f"De instelling {name} heeft een waarde die niet kan: {first['input']!r}. "
            "Kijk in README.md onder 'Settings' wat er mag staan."
        ) from error

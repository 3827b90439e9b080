"""Settings, from the environment (`ASSISTANT_*`) or a file `.env`. Nothing is created or loaded on import."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from assistant.errors import InputError

ROOT = Path(__file__).resolve().parent.parent


def _networks(value: object) -> object:
    return (
        tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
        if isinstance(value, str)
        else value
    )


def _names(value: object) -> object:
    return tuple(name for part in value.split(",") if (name := part.strip())) if isinstance(value, str) else value


def _prefix(value: object) -> object:
    """A path prefix as '/assistent': one slash in front, none behind."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[\w/.~-]*", value, re.ASCII):
        raise ValueError(value)
    return f"/{value.strip('/')}" if value.strip("/") else ""


UserName = Annotated[str, Field(pattern=r"^[^:]+$")]
Password = Annotated[SecretStr, Field(min_length=8)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)]


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
        root_path: the path under which a reverse proxy shows the page, e.g. '/assistent'; empty for none.
        trusted_proxies: addresses or networks of proxies whose word is taken for who is asking.
        users: names and passwords of who may log in; nobody needs to when empty.
        user_header: the header in which a trusted proxy names who has logged in; empty when it does not.
        operators: names of who may add, replace and remove documents on the page; needs log-in.
        feedback: file in which what visitors say of answers is kept; nothing is kept when empty.
        max_question: longest question, in characters.
        questions_per_minute: questions of one visitor in any minute.
        max_visitors: visitors whose questions are being answered or wait for it.
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
    root_path: Annotated[str, BeforeValidator(_prefix)] = ""
    trusted_proxies: Networks = (ip_network("127.0.0.1"), ip_network("::1"))
    users: dict[UserName, Password] = {}
    user_header: str = Field(default="", pattern=r"^[A-Za-z0-9-]*$")
    operators: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)] = ()
    feedback: str = ""
    max_question: int = Field(default=2000, ge=1)
    questions_per_minute: int = Field(default=30, ge=1)
    max_visitors: int = Field(default=40, ge=1)


def load_settings(**overrides: object) -> Settings:
    """Read the settings; `overrides` that are None are left to the environment.

    Raises:
        InputError: a value cannot be used; names the setting.
    """
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except SettingsError as error:
        # Not chained: the error below it quotes the value, and a value can hold a password.
        name = str(error).partition('"')[2].partition('"')[0]
        raise InputError(f"De instelling ASSISTANT_{name.upper()} is geen geldige JSON. {_WHERE}") from None
    except ValidationError as error:
        first = error.errors()[0]
        name = "ASSISTANT_" + str(first["loc"][0]).upper()
        value = "" if first["loc"][0] in ("users", "llm_key") else f": {first['input']!r}"
        raise InputError(f"De instelling {name} heeft een waarde die niet kan{value}. {_WHERE}") from None


_WHERE = "Kijk in README.md onder 'Settings' wat er mag staan."

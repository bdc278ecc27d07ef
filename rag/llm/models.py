"""What a language model is to the rest: lines in, pieces of text out, stopped at any moment; and where its texts go."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, Protocol
from urllib.parse import urlsplit

HEARTBEAT = 0.25
"""Seconds after which a stream that has nothing new gives an empty piece, so that who waits can stop it."""
OWN_HOSTS = {"openai-like": "api.openai.com", "anthropic": "api.anthropic.com"}
"""The providers' own endpoints, which are meant where no URL is given."""


@dataclass(frozen=True)
class Line:
    """One message to a model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Tokens:
    """What a request took, as the provider says; comes last, if at all."""

    taken: int
    given: int


class LanguageModel(Protocol):
    """The seam behind which any language model stands."""

    name: str

    def stream(self, lines: Sequence[Line], seconds: float, longest: int) -> Generator[str | Tokens, None, None]:
        """The reply to `lines` in pieces of text, of at most `longest` tokens, empty ones while there is nothing new.

        Closing the iterator ends the request. Raises LanguageModelError, after `seconds` at the latest.
        """


def is_here(host: str) -> bool:
    """Whether a host is this machine.

    >>> is_here("localhost"), is_here("127.0.0.1"), is_here("::1"), is_here("example.org")
    (True, True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def model_host(llm: str, url: str | None) -> str | None:
    """The host that questions and passages go to where that is not this machine; None where they stay.

    >>> model_host("openai-like:gpt", None), model_host("openai-like:gpt", "http://127.0.0.1:11434/v1")
    ('api.openai.com', None)
    """
    if not llm:
        return None
    host = urlsplit(url).hostname if url else OWN_HOSTS[llm.partition(":")[0]]
    return None if host is None or is_here(host) else host

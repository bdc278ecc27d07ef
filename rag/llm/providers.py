"""The border to the providers of language models, which are spoken to through llama-index.

Nothing of a provider is imported before a model is chosen, and nothing of it leaves this module: what goes wrong in an
SDK becomes a LanguageModelError of one line, without the words of the endpoint, which may hold the key.
"""

from __future__ import annotations

import asyncio
import email.utils
import os
import time
from collections.abc import AsyncIterator, Generator, Sequence
from concurrent.futures import Future
from contextlib import aclosing, asynccontextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from rag.errors import LanguageModelError, SettingsError
from rag.llm.models import HEARTBEAT, OWN_HOSTS, LanguageModel, Line, Tokens, is_here
from rag.settings import usable_key

_SEED = 7
_KEYS = {"openai-like": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
_EXTRAS = {"openai-like": ("llm", "openai_like"), "anthropic": ("anthropic", "anthropic")}


def load_model(llm: str, url: str | None = None, key: str | None = None) -> LanguageModel | None:
    """The model that `llm` names, as `PROVIDER:MODEL`; None for an empty name. Sends nothing.

    Without `url` it is the provider's own endpoint. Without `key`, OPENAI_API_KEY or ANTHROPIC_API_KEY, which go to
    their own endpoints only; any other may need none. Raises SettingsError for a package or key that is missing.
    """
    if not llm:
        return None
    provider, _, model = llm.partition(":")
    extra, package = _EXTRAS[provider]
    if not find_spec("llama_index.llms") or not find_spec(f"llama_index.llms.{package}"):
        raise SettingsError(f"RAG_LLM={llm} needs a package that is not installed: pip install 'spanproof[{extra}]'")
    own = urlsplit(url or "").hostname in (None, OWN_HOSTS[provider])
    key = key or (os.environ.get(_KEYS[provider], "") if own else "")
    if own and not usable_key(key):
        raise SettingsError(f"RAG_LLM={llm} needs a key: set RAG_LLM_KEY, or RAG_LLM_URL for an endpoint of your own")
    return _Remote(provider, model.strip(), url, key or "none")


class _Remote:
    """A model behind HTTP. Each reply is read by a thread of its own, so that it can be stopped while nothing comes."""

    def __init__(self, provider: str, model: str, url: str | None, key: str) -> None:
        self.name = model
        self._provider = provider
        self._url = url
        self._key = key
        self._plain = False
        """Whether the model was found to take no temperature, seed or the like."""

    def __repr__(self) -> str:
        return f"<{self._provider}:{self.name} at {self._where}>"

    @property
    def _where(self) -> str:
        return urlsplit(self._url).netloc if self._url else OWN_HOSTS[self._provider]

    def stream(self, lines: Sequence[Line], seconds: float, longest: int) -> Generator[str | Tokens, None, None]:
        """As the protocol says."""
        pieces: SimpleQueue[str | Tokens | LanguageModelError | None] = SimpleQueue()
        begun: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = Future()

        def write() -> None:
            """Send each piece of the reply on, and then its end."""
            try:
                _import(self._provider)  # takes seconds, which are not the model's
                asyncio.run(self._write(lines, seconds, longest, pieces, begun))
            except asyncio.CancelledError:
                pass
            except Exception as error:  # whoever waits is told
                pieces.put(_wrapped(error, self._where, seconds))
            finally:
                pieces.put(None)

        Thread(target=write, name="language model", daemon=True).start()
        try:
            while True:
                try:
                    piece = pieces.get(timeout=HEARTBEAT)
                except Empty:
                    yield ""
                    continue
                if piece is None:
                    return
                if isinstance(piece, LanguageModelError):
                    raise piece
                yield piece
        finally:
            begun.add_done_callback(_stop)

    async def _write(
        self,
        lines: Sequence[Line],
        seconds: float,
        longest: int,
        pieces: SimpleQueue[str | Tokens | LanguageModelError | None],
        begun: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]],
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        begun.set_result((asyncio.get_running_loop(), task))
        try:
            async with asyncio.timeout(seconds):
                async for piece in self._pieces(lines, seconds, longest):
                    pieces.put(piece)
        except LanguageModelError as error:
            pieces.put(error)
        except Exception as error:
            pieces.put(_wrapped(error, self._where, seconds))

    async def _pieces(self, lines: Sequence[Line], seconds: float, longest: int) -> AsyncIterator[str | Tokens]:
        """The reply. A request that is refused is tried plainly: some models take no temperature or seed."""
        try:
            async for piece in self._reply(lines, seconds, longest, self._plain):
                yield piece
        except Exception as error:
            if self._plain or getattr(error, "status_code", None) not in (400, 422):
                raise
            async for piece in self._reply(lines, seconds, longest, plain=True):
                self._plain = True
                yield piece

    async def _reply(
        self, lines: Sequence[Line], seconds: float, longest: int, plain: bool
    ) -> AsyncIterator[str | Tokens]:
        from llama_index.core.base.llms.types import ChatMessage

        messages = [ChatMessage(role=line.role, content=line.content) for line in lines]
        counted, ended = _Counted(), ""
        open_client = _openai_like if self._provider == "openai-like" else _anthropic
        async with (
            open_client(self.name, self._url, self._key, seconds, longest, plain) as client,
            aclosing(await client.astream_chat(messages)) as replies,
        ):
            async for reply in replies:
                counted.add(reply.raw)
                ended = _why_ended(reply) or ended
                if reply.delta:
                    yield str(reply.delta)
        if counted.tokens:
            yield counted.tokens
        if not ended:
            raise LanguageModelError(f"the language model at {self._where} broke off its reply", again=True)
        if ended in ("length", "max_tokens"):
            raise LanguageModelError("the language model's reply was longer than it may be")


def _import(provider: str) -> None:
    import_module("llama_index.core.base.llms.types")
    import_module(f"llama_index.llms.{_EXTRAS[provider][1]}")


def _stop(begun: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]]) -> None:
    loop, task = begun.result()
    with suppress(RuntimeError):  # the loop is closed: the reply was read to its end
        loop.call_soon_threadsafe(task.cancel)


@asynccontextmanager
async def _openai_like(
    name: str, url: str | None, key: str, seconds: float, longest: int, plain: bool
) -> AsyncIterator[Any]:
    import httpx
    from llama_index.llms.openai_like import OpenAILike
    from openai import NOT_GIVEN

    usual = {"seed": _SEED, "stream_options": {"include_usage": True}}
    bare = {"temperature": NOT_GIVEN, "max_tokens": NOT_GIVEN, "max_completion_tokens": longest}
    host = urlsplit(url).hostname if url else None
    direct = host is not None and is_here(host)  # what stays on this machine goes through no proxy
    async with httpx.AsyncClient(timeout=seconds, trust_env=not direct, follow_redirects=False) as client:
        yield OpenAILike(
            model=name,
            api_base=url or f"https://{OWN_HOSTS['openai-like']}/v1",
            api_key=key,
            is_chat_model=True,
            temperature=0.0,
            max_tokens=longest,
            max_retries=0,
            timeout=seconds,
            async_http_client=client,
            additional_kwargs=bare if plain else usual,
        )


@asynccontextmanager
async def _anthropic(
    name: str, url: str | None, key: str, seconds: float, longest: int, plain: bool
) -> AsyncIterator[Any]:
    from anthropic import NOT_GIVEN
    from llama_index.core.base.llms.types import LLMMetadata
    from llama_index.llms.anthropic import Anthropic

    class AnyAnthropic(Anthropic):  # type: ignore[misc]
        """Takes models that are newer than the package's list of names, too."""

        @property
        def metadata(self) -> LLMMetadata:
            """What llama-index wants to know of a model."""
            return LLMMetadata(num_output=longest, is_chat_model=True, model_name=self.model)

    client = AnyAnthropic(
        model=name,
        base_url=url or f"https://{OWN_HOSTS['anthropic']}",
        api_key=key,
        temperature=0.0,
        max_tokens=longest,
        max_retries=0,
        timeout=seconds,
        additional_kwargs={"temperature": NOT_GIVEN} if plain else {},
    )
    try:
        yield client
    finally:
        await client._aclient.close()


class _Counted:
    """The tokens that a provider reports in the course of a stream: the last figures of each kind hold."""

    def __init__(self) -> None:
        self._taken: int | None = None
        self._given: int | None = None

    @property
    def tokens(self) -> Tokens | None:
        """What the provider said altogether; None where it did not say both."""
        return None if self._taken is None or self._given is None else Tokens(self._taken, self._given)

    def add(self, raw: object) -> None:
        """Take what a piece of the stream reports."""
        usage = _field(raw, "usage") or _field(_field(raw, "message"), "usage")
        for mine, names in (("_taken", ("prompt_tokens", "input_tokens")), ("_given", _GIVEN)):
            found = next((n for name in names if isinstance(n := _field(usage, name), int) and n >= 0), None)
            if found is not None:
                setattr(self, mine, found)


_GIVEN = ("completion_tokens", "output_tokens")


def _field(holder: object, name: str) -> object:
    return holder.get(name) if isinstance(holder, dict) else getattr(holder, name, None)


def _why_ended(reply: Any) -> str:
    """Why the provider says the reply is whole; empty while it is not."""
    choices = _field(reply.raw, "choices")
    if isinstance(choices, (list, tuple)):
        return str(_field(choices[0], "finish_reason") or "") if choices else ""
    ended = _field(_field(reply.raw, "delta"), "stop_reason") or reply.message.additional_kwargs.get("stop_reason")
    return str(ended or "")


def _wrapped(error: Exception, where: str, seconds: float) -> LanguageModelError:
    """What went wrong in an SDK, in one line. Both SDKs are of one make: a status code, or a name that says it."""
    status, kinds = getattr(error, "status_code", None), " ".join(kind.__name__ for kind in type(error).__mro__)
    model = f"the language model at {where}"
    if isinstance(status, int):
        said, remedy = _STATUS.get(
            status, ("failed" if status >= 500 else "refused the request", "RAG_LLM, RAG_LLM_URL")
        )
        again = status in (408, 409, 429) or status >= 500
        line = f"{model} {said} ({status})" + ("" if again else f": check {remedy}")
        return LanguageModelError(line, again, _asked_to_wait(error))
    if "Timeout" in kinds:
        return LanguageModelError(f"{model} did not answer within {seconds:.0f} s (RAG_LLM_TIMEOUT)")
    if "APIConnectionError" in kinds or "ConnectError" in kinds:
        return LanguageModelError(f"{model} could not be reached (check RAG_LLM_URL, and that it runs)", again=True)
    if "ProtocolError" in kinds or "ReadError" in kinds:
        return LanguageModelError(f"{model} broke off its reply", again=True)
    return LanguageModelError(
        f"{model} answered in a way that is not its protocol ({type(error).__name__})", again=True
    )


_STATUS = {
    400: ("refused the request", "RAG_LLM, and that RAG_LLM_WINDOW is not above the model's window"),
    401: ("refused the key", "RAG_LLM_KEY"),
    403: ("refused the key", "RAG_LLM_KEY"),
    404: ("knows no such model or address", "RAG_LLM and RAG_LLM_URL"),
    413: ("found the request too long", "RAG_LLM_WINDOW"),
    429: ("is busy, or a quota is used up", ""),
}


def _asked_to_wait(error: Exception) -> float | None:
    """The seconds of a Retry-After header, which may be a date."""
    value = str(getattr(getattr(error, "response", None), "headers", {}).get("retry-after", ""))
    with suppress(ValueError):
        return max(0.0, float(value))
    with suppress(ValueError, TypeError):
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    return None

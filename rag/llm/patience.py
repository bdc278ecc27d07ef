"""One question's dealings with a language model: a bounded time, a bounded number of tries, and what they cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from enum import Enum

from rag.errors import LanguageModelError
from rag.llm.models import HEARTBEAT, LanguageModel, Line, Tokens
from rag.schema import Usage

TRIES = 3
_FIRST_PAUSE = 0.5
_BYTES_PER_TOKEN = 4


class Again(Enum):
    """Comes between the pieces of two tries: what came before does not count."""

    AGAIN = "again"


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has, four bytes each: right for English within a fifth or so.

    >>> estimated_tokens("Tea is green.")
    4
    """
    return -(-len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN)


class Patience:
    """Asks a model, for `seconds` altogether, waiting longer after each failure and as long as the endpoint asks."""

    def __init__(self, model: LanguageModel, seconds: float, tries: int = TRIES, pause: float = _FIRST_PAUSE) -> None:
        self.model = model
        self._until = time.monotonic() + seconds
        self._tries = tries
        self._pause = pause
        self._cost = Usage(model=model.name)

    @property
    def cost(self) -> Usage:
        """What all requests have taken so far."""
        return self._cost

    def stream(
        self,
        lines: Sequence[Line],
        longest: int,
        tries: int | None = None,
        may_retry: Callable[[], bool] = lambda: True,
    ) -> Generator[str | Again, None, None]:
        """The pieces of the reply, `AGAIN` before those of another try, which `may_retry` can forbid.

        Raises LanguageModelError, with the number of tries.
        """
        tries = tries or self._tries
        for attempt in range(1, tries + 1):
            try:
                yield from self._once(lines, longest)
                return
            except LanguageModelError as error:
                pause = max(self._pause * 2 ** (attempt - 1), error.after or 0.0)
                late = time.monotonic() + pause >= self._until
                if not error.again or attempt == tries or late or not may_retry():
                    raise LanguageModelError(str(error) + (f", {attempt} tries" if attempt > 1 else "")) from error
            yield from self._wait(pause)
            yield Again.AGAIN

    def _once(self, lines: Sequence[Line], longest: int) -> Iterator[str]:
        begun, told = time.monotonic(), None
        given: list[str] = []
        left = self._until - begun
        if left <= 0:
            raise LanguageModelError("the time for the language model is used up (RAG_LLM_TIMEOUT)")
        stream = self.model.stream(lines, left, longest)
        try:
            for piece in stream:
                if isinstance(piece, Tokens):
                    told = piece
                else:
                    given.append(piece)
                    yield piece
        finally:
            stream.close()
            self._add(told, lines, "".join(given), time.monotonic() - begun)

    def _add(self, told: Tokens | None, lines: Sequence[Line], given: str, seconds: float) -> None:
        """Count a request; one that nothing came back from took no tokens."""
        cost, guessed = self._cost, told is None and bool(given)
        tokens = told or Tokens(0, 0)
        if guessed:
            tokens = Tokens(sum(estimated_tokens(line.content) for line in lines), estimated_tokens(given))
        self._cost = cost.model_copy(
            update={
                "tokens_in": cost.tokens_in + tokens.taken,
                "tokens_out": cost.tokens_out + tokens.given,
                "estimated": cost.estimated or guessed,
                "seconds": round(cost.seconds + seconds, 3),
                "requests": cost.requests + 1,
            }
        )

    def _wait(self, seconds: float) -> Iterator[str]:
        """Sleep, with an empty piece now and then, so that who waits can stop it."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, HEARTBEAT))
            yield ""

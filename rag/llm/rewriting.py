"""A follow-up in words that stand alone, by the language model; only what was said before may be put into it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing

from rag.errors import LanguageModelError
from rag.lexical import STOPWORDS, stem, stems, words
from rag.llm.cited import cleaned, visible
from rag.llm.patience import Again, Patience
from rag.llm.prompting import Prompt, is_refusal
from rag.schema import Message, Writing

_LONGEST = 300
_LONGEST_REPLY = 1024


def rewritten(
    question: str, history: Sequence[Message], otherwise: str, patience: Patience
) -> Generator[Writing, None, str]:
    """The question as the model writes it; `otherwise` where it fails, or names what nobody has named."""
    prompt, reply = Prompt(), ""
    try:
        with closing(patience.stream(prompt.rewriting(question, history), _LONGEST_REPLY, tries=1)) as stream:
            for piece in stream:
                reply += "" if isinstance(piece, Again) else piece
                if not piece:
                    yield Writing(model=patience.model.name)
    except LanguageModelError:
        return otherwise
    lines = [line for line in map(cleaned, visible(reply).splitlines()) if line]
    written = lines[0] if len(lines) == 1 else ""
    said_before = " ".join([question, *(message.content for message in history)])
    return written if _is_usable(written, said_before, prompt) else otherwise


def _is_usable(written: str, said_before: str, prompt: Prompt) -> bool:
    if not 0 < len(written) <= _LONGEST or is_refusal(written) or prompt.is_told_by(written, said_before):
        return False
    return not invented(written, said_before) and bool(set(stems(written)) & set(stems(said_before)))


def invented(written: str, said_before: str) -> list[str]:
    """The names and numbers in `written` that nothing said before holds.

    >>> invented("When did Maria Lopes bring tea to Porto?", "Who brought tea to Lisbon? Maria Lopes did.")
    ['Porto']
    """
    known = set(stems(said_before))
    return [
        word
        for word, _, _ in words(written)
        if (word[0].isdigit() or word[0].isupper())
        and word.lower() not in STOPWORDS
        and stem(word.lower()) not in known
    ]

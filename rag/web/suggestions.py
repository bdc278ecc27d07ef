"""Questions to begin with: written by hand for the seed article, else only what every text answers."""

from __future__ import annotations

from collections.abc import Sequence

from rag.schema import Document
from rag.web.markup import escaped, tag

_SEED_TITLE = "Nvidia to supply AI chips to South Korea"
_SEED = (
    "How many chips will Nvidia supply?",
    "What is Nvidia valued at?",
    "What happened to Nvidia's access to the Chinese market?",
    "How much do the chips cost?",
    "What is it about?",
)
_ANY = ("What is it about?",)


def suggestions(documents: Sequence[Document]) -> str:
    """The questions as buttons; none while the texts are not there yet."""
    if not documents:
        return ""
    questions = _SEED if [document.title for document in documents] == [_SEED_TITLE] else _ANY
    return "".join(tag("button", escaped(question), type="button", class_="example") for question in questions)

"""What was said before a question, as a caller gives it: checked, bounded, and written as the texts write."""

from collections.abc import Iterable, Mapping, Sequence

from pydantic import ValidationError

from rag.errors import QuestionError
from rag.lexical import composed
from rag.questions.capitals import Names, with_capitals
from rag.schema import Message, valid_unicode

History = Sequence[Message | Mapping[str, str]]

_REMEMBERED, _LONGEST_MESSAGE = 100, 5_000
"""Messages of a history that are looked at, the latest, and characters of each."""


def messages(history: History, names: Names) -> list[Message]:
    """The latest messages of a history, its questions with the capitals of these names and accents in one character;
    its replies as they are, since they quote.

    Raises QuestionError for what is no list of messages.
    """
    if isinstance(history, str) or not isinstance(history, Iterable):
        raise QuestionError("the history is not usable: give a list of messages")
    try:
        read = [Message.model_validate(message) for message in [*history][-_REMEMBERED:]]
    except ValidationError as error:
        first = error.errors()[0]
        raise QuestionError(
            f"a message of the history is not usable ({first['msg']}): "
            "give {'role': 'user' or 'assistant', 'content': ...}"
        ) from error
    return [
        Message(role=role, content=with_capitals(composed(content), names) if role == "user" else content)
        for role, content in ((one.role, valid_unicode(one.content[:_LONGEST_MESSAGE])) for one in read)
    ]

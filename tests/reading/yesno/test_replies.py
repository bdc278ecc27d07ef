"""A text that asks and replies: its yes or no is that of its own question, and of no other."""

import pytest

from rag.entailing import Judged
from rag.extractive import ExtractiveReader
from rag.questions import analyse
from rag.schema import Document, ScoredPassage
from rag.splitting import split
from tests.fakes import FakePicker

FAQ = """# Library

## Can I borrow reference books?
No, they must stay in the reading room.

## Is there wifi?
Yes, with a password.

## Can I bring my dog?
No, only guide dogs are admitted.

## Can I renew a book by telephone?
Only on weekdays before noon.

## Is the lift working?
Not yet: the repair is planned for October.
"""


def asked(question, quote):
    document = Document(title="faq", text=FAQ)
    start = FAQ.index(quote)
    picker = FakePicker((start, start + len(quote)))
    picker.judge = lambda claim, sources: Judged(says=0.97, denies=0.01)
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(document, 700)]
    reader = ExtractiveReader(picker, 0.4, 0.7)
    return reader.read(analyse(question), question, passages, {document.id: document})


REPLIES = {
    "no": ("Can I borrow reference books?", "No, they must stay in the reading room.", "no", "No, they must"),
    "yes": ("Is there wifi?", "Yes, with a password.", "yes", "Yes, with"),
    "not yet": ("Is the lift working?", "Not yet: the repair is planned for October.", "no", "Not yet: the"),
    "asked of another": ("Can I bring a guide dog?", "No, only guide dogs are admitted.", None, "No, only"),
    "only": ("Can I renew a book by telephone?", "Only on weekdays before noon.", None, "Only on"),
}


@pytest.mark.parametrize(("question", "quote", "polarity", "begins"), REPLIES.values(), ids=REPLIES.keys())
def test_a_reply_settles_its_own_question_whatever_the_model_says(question, quote, polarity, begins):
    answer = asked(question, quote)
    assert answer.polarity == polarity
    assert answer.text.startswith(begins)


def test_a_question_settles_nothing():
    answer = asked("Can I borrow reference books?", "## Can I borrow reference books?")
    assert answer.polarity is None

import pytest

from rag.errors import LanguageModelError
from rag.llm.models import Line, Tokens
from rag.llm.patience import Again, Patience

ASKED = [Line("user", "x" * 40)]
BUSY = LanguageModelError("busy", again=True)
WRONG = LanguageModelError("wrong key")


class FakeModel:
    """Gives one list of pieces a request; an error among them is raised. Remembers the seconds it was given."""

    name = "fake"

    def __init__(self, *replies):
        self._replies = list(replies)
        self.seconds = []
        self.closed = 0

    def stream(self, lines, seconds, longest):
        self.seconds.append(seconds)
        try:
            for piece in self._replies.pop(0):
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            self.closed += 1


def patience(*replies, seconds=60.0):
    return Patience(FakeModel(*replies), seconds, pause=0.001)


def heard(asked, **options):
    return [piece for piece in asked.stream(ASKED, 100, **options) if piece]


def test_pieces_come_as_they_are_and_their_cost_is_what_the_provider_says():
    asked = patience(["Tea ", "is green.", Tokens(7, 3)])
    assert heard(asked) == ["Tea ", "is green."]
    assert (asked.cost.tokens_in, asked.cost.tokens_out, asked.cost.estimated, asked.cost.requests) == (7, 3, False, 1)


def test_a_cost_that_is_not_said_is_estimated_and_called_so():
    asked = patience(["Tea is green."])
    heard(asked)
    assert (asked.cost.tokens_in, asked.cost.tokens_out, asked.cost.estimated) == (10, 4, True)


def test_what_fails_is_tried_again_and_what_came_before_does_not_count():
    asked = patience(["Te", BUSY], [BUSY], ["Tea.", Tokens(1, 1)])
    assert heard(asked) == ["Te", Again.AGAIN, Again.AGAIN, "Tea."]
    assert asked.cost.requests == asked.model.closed == 3


def test_after_three_tries_it_is_said():
    with pytest.raises(LanguageModelError, match="^busy, 3 tries$"):
        heard(patience([BUSY], [BUSY], [BUSY], ["Tea."]))


@pytest.mark.parametrize(
    ("error", "options"),
    [(WRONG, {}), (BUSY, {"may_retry": lambda: False}), (BUSY, {"tries": 1})],
    ids=["no use", "not allowed", "one try"],
)
def test_what_cannot_help_is_not_tried_again(error, options):
    asked = patience([error], ["Tea."])
    with pytest.raises(LanguageModelError, match=f"^{error}$"):
        heard(asked, **options)
    assert asked.cost.requests == 1


def test_a_wait_longer_than_the_time_left_is_not_waited_for():
    with pytest.raises(LanguageModelError, match="^later$"):
        heard(patience([LanguageModelError("later", again=True, after=3600.0)], ["Tea."]))


def test_an_endpoint_that_asks_to_wait_is_waited_for():
    asked = patience([LanguageModelError("later", again=True, after=0.3)], ["Tea."])
    assert list(asked.stream(ASKED, 100)).index(Again.AGAIN) >= 2  # empty pieces while waiting


def test_all_requests_share_the_time():
    asked = patience(["a"], ["b"])
    heard(asked), heard(asked)
    first, second = asked.model.seconds
    assert 60 >= first > second


def test_no_time_left():
    with pytest.raises(LanguageModelError, match="RAG_LLM_TIMEOUT"):
        heard(patience(["a"], seconds=0))


def test_closing_ends_the_request():
    asked = patience(["a", "b"])
    stream = asked.stream(ASKED, 100)
    next(stream)
    stream.close()
    assert asked.model.closed == 1

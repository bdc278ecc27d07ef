"""Kinds of questions with a language model: summaries, small talk, yes or no, follow-ups."""

import pytest

from rag.entailing import Judged
from rag.pipeline import Pipeline
from tests.fakes import FakeEncoder, FakePicker
from tests.generative.asking import COSTS, WHO
from tests.scripted_model import Reply


def test_a_summary_is_the_models_and_each_statement_is_checked(scripted, model):
    def summarise(asked):
        at = [asked.sentences.index(words) + 1 for words in ("Tea is green.", "Milk is white.")]
        return Reply(f"Tea is green. [{at[0]}] Milk is white. [{at[1]}] Coffee is black. [{at[0]}]")

    model.replies.append(summarise)
    answer = scripted("honest").ask("What are the texts about?")
    assert (answer.kind, answer.short, answer.reader) == ("summary", None, "generative/honest")
    assert answer.text == "Tea is green. [1] Milk is white. [2]"
    assert "Summarise" in model.requests[-1]["messages"][1]["content"]


def test_small_talk_goes_to_no_model(scripted, model):
    answer = scripted("honest").ask("Hello!")
    assert (answer.kind, answer.usage, model.requests) == ("smalltalk", None, [])


NEGATED = "The costs were not disclosed."


YES_NO = {
    "no": ("No, the", "no", f"No. {NEGATED}"),
    "a no of its own": ("No. The", "no", f"No. {NEGATED}"),
    "neither": ("The", "no", NEGATED),
    "yes, wrongly": ("Yes, the", None, NEGATED),
}


@pytest.mark.parametrize(("spoken", "polarity", "text"), YES_NO.values(), ids=YES_NO.keys())
def test_a_yes_or_no_is_shown_where_the_reader_settles_it_so(scripted, model, spoken, polarity, text):
    model.replies.append(
        lambda asked: Reply(f"{spoken} costs were not disclosed. [{asked.sentences.index(NEGATED) + 1}]")
    )
    answer = scripted("honest").ask("Were the costs disclosed?")
    assert (answer.polarity, answer.text) == (polarity, f"{text} [1]")


class JudgingPicker(FakePicker):
    """Says no to every question, and yes to every statement."""

    def judge(self, claim, sources):
        return Judged(says=0.0, denies=0.99) if claim.endswith("?") else Judged(says=0.99, denies=0.0)


@pytest.mark.parametrize(
    ("spoken", "polarity", "lead"), [("No, the", "no", "No. "), ("The", None, ""), ("Yes, the", None, "")]
)
def test_a_yes_or_no_that_only_a_model_judged_is_shown_where_the_reply_says_it_too(
    extractive, model, spoken, polarity, lead
):
    place = COSTS.text.index(NEGATED)
    settings = extractive.settings.model_copy(update={"llm": "openai-like:honest", "llm_url": model.url})
    picker = JudgingPicker((place, place + len(NEGATED)))
    pipeline = Pipeline(extractive._index, FakeEncoder(), settings, picker)
    model.replies.append(
        lambda asked: Reply(f"{spoken} costs were not disclosed. [{asked.sentences.index(NEGATED) + 1}]")
    )
    answer = pipeline.ask("Did they publish what it cost?", documents=[COSTS.id])
    assert (answer.polarity, answer.text) == (polarity, f"{lead}{NEGATED} [1]")


# --- follow-ups

TALK = [{"role": "user", "content": WHO}, {"role": "assistant", "content": "Maria Lopes did. [1]"}]


def test_a_follow_up_is_written_by_the_model_and_searched_for(scripted, model):
    model.replies.append(Reply("When did Maria Lopes bring tea to Lisbon?"))
    answer = scripted("honest").ask("And when was that?", TALK)
    assert answer.searched_for == "When did Maria Lopes bring tea to Lisbon?"
    assert answer.usage.requests == 2


@pytest.mark.parametrize(
    "reply",
    [
        Reply("When did Maria Lopes bring tea to Porto?"),
        Reply("When did she bring tea to Lisbon in 1755?"),
        Reply("NO ANSWER"),
        Reply(""),
        Reply("Here you are:\nWhen did she bring tea to Lisbon?"),
        Reply("x" * 1000),
        Reply(status=500),
        Reply("When did Maria", breaks_off=True),
    ],
    ids=["another name", "another number", "refusal", "nothing", "two lines", "endless", "broken", "cut off"],
)
def test_a_rewriting_that_cannot_be_used_leaves_the_one_by_rule(scripted, extractive, model, reply):
    model.replies.append(reply)
    answer = scripted("honest").ask("And when was that?", TALK)
    assert answer.searched_for == extractive.ask("And when was that?", TALK).searched_for
    assert answer.reader == "generative/honest"


def test_a_question_that_stands_alone_is_not_rewritten(scripted, model):
    scripted("honest").ask(WHO, TALK)
    assert len(model.requests) == 1
    assert "Maria Lopes did" not in model.requests[0]["messages"][1]["content"]

import pytest

from rag.questions.courtesy import reworded, without_courtesy

CHIPS = "How many chips will Nvidia supply?"

ASKED = {
    "a remark and a smile": ("Lovely :) where is the mill?", "where is the mill?"),
    "a remark": ("What a pity. Who runs it?", "Who runs it?"),
    "a remark before a comma": ("Fair enough, how much is it?", "how much is it?"),
    "a greeting": ("Hi! Where did Huang speak?", "Where did Huang speak?"),
    "a greeting without a mark": ("hey where did huang speak", "where did huang speak"),
    "a greeting before a request": ("Hello there, could you tell me who runs it?", "could you tell me who runs it?"),
    "thanks behind": ("Who runs Nvidia? Thanks in advance!", "Who runs Nvidia?"),
    "thanks behind keywords": ("rent ground floor Thanks!", "rent ground floor"),
    "a greeting before keywords": ("Hi! rent of the ground floor", "rent of the ground floor"),
    "thanks in the sentence": ("Could you tell me who runs it, thanks?", "Could you tell me who runs it?"),
    "please behind": ("Who runs it, please?", "Who runs it?"),
    "thanks for the last answer": ("Great, thanks! And why?", "And why?"),
    "an announcement": ("Quick question: who runs it?", "who runs it?"),
    "an announced question": ("I have another question. Who runs it?", "Who runs it?"),
    "a cry for help": ("Can you help me? Who runs it?", "Who runs it?"),
    "what the question is about": ("My question is about the text: who runs it?", "who runs it?"),
    "how to answer": ("When is it? Keep it short.", "When is it?"),
    "several": ("Good morning! One last question: who runs it? Be brief. Cheers", "who runs it?"),
    "a number before it": ("3. When was it founded?", "When was it founded?"),
    "quotation marks": ('"Who runs it?"', "Who runs it?"),
    "capitals": ("WHERE DID HUANG SPEAK?", "Where did huang speak?"),
    "with feeling": ("Who runs it?!", "Who runs it?"),
}
KEPT = {
    "a street called so": "Lovely Street is where?",
    "a town called so": "Nice is where?",
    "only thanks": "Thank you!",
    "only a greeting": "hi",
    "a name that greets": "Hey Jude was written by whom?",
    "a name that thanks": "Cheers was filmed where?",
    "thanks to somebody": "Thanks to whom did they win?",
    "whom to please": "Whom did he want to please?",
    "a heading": "Question time: when does it start?",
    "a name that reacts": "Nice is in which country?",
    "an abbreviation": "NASA HQ?",
    "a club with a number": "1. FC Irgendwo plays where?",
    "a word in quotation marks": "What is 'sovereign AI'?",
    "length of a summary": "Summarise it in two sentences.",
    "nothing but marks": "?!",
}


@pytest.mark.parametrize(("text", "asked"), ASKED.values(), ids=ASKED.keys())
def test_courtesy_is_left_out(text, asked):
    assert without_courtesy(text) == asked


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_what_is_asked_is_kept(text):
    assert without_courtesy(text) == text


def test_only_more_than_courtesy_is_a_rewording():
    assert not reworded("HI! WHO RUNS IT?", "Who runs it?")
    assert not reworded("Who runs it?", "Who runs it?")
    assert reworded("And to whom?", "To whom will Nvidia supply chips?")


def test_a_polite_question_is_answered_as_the_plain_one(seeds_pipeline):
    polite = f"Hi! Quick question: {CHIPS} Thanks a lot!"
    plain, answer = seeds_pipeline.ask(CHIPS), seeds_pipeline.ask(polite)
    assert (answer.question, answer.searched_for) == (polite, CHIPS)
    assert (answer.text, answer.confidence) == (plain.text, plain.confidence)


def test_a_polite_follow_up_refers_back(seeds_pipeline):
    said = seeds_pipeline.ask(CHIPS).text
    plain = [{"role": "user", "content": CHIPS}, {"role": "assistant", "content": said}]
    polite = [{"role": "user", "content": f"Hello, {CHIPS} Thanks!"}, {"role": "assistant", "content": said}]
    wanted = seeds_pipeline.ask("And to whom?", history=plain).searched_for
    assert wanted == "To whom will Nvidia supply chips?"
    assert seeds_pipeline.ask("Great, thanks. And to whom, please?", history=polite).searched_for == wanted


NAMES = [
    "No. 5 Chanel costs how much?",
    "Hi-tech firms: who owns them?",
    "Hello, Dolly! was sung by whom?",
    "Hi is the abbreviation of what?",
    "Whom did the offer please?",
    "Who said please?",
    "who gave thanks",
    "Who gave thanks?",
]


@pytest.mark.parametrize("text", NAMES)
def test_names_and_verbs_are_no_courtesy(text):
    assert without_courtesy(text) == text


@pytest.mark.parametrize("text", ["x" + "." * 5000 + "y", "\n" * 5000, "? " * 2500, "thanks " * 700])
def test_a_long_one_is_left_alone(text):
    assert without_courtesy(text) == text

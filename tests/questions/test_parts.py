import pytest

from rag.grounding import UNPROVEN, UNSAID, mismatches
from rag.questions.parts import joined, parts_of
from rag.schema import Done, StatementReady

CHIPS, WORTH = "How many chips will Nvidia supply?", "What is Nvidia worth?"
APART = {
    "two sentences": (
        "What is Nvidia worth? How many chips will it supply?",
        (WORTH, "How many chips will it supply?"),
    ),
    "a sentence that goes on": ("Who runs it? And since when?", ("Who runs it?", "And since when?")),
    "two clauses": ("Where did he speak and what did he say?", ("Where did he speak?", "What did he say?")),
    "who, without an auxiliary": ("Who came, and who paid for it?", ("Who came?", "Who paid for it?")),
    "how many, without an auxiliary": (
        "Who owns it and how many people work there?",
        ("Who owns it?", "How many people work there?"),
    ),
    "a contraction": ("Who is the treasurer and what's his job?", ("Who is the treasurer?", "What's his job?")),
    "by what": ("Whom should I call, and on what number?", ("Whom should I call?", "And on what number?")),
    "a word": ("Who founded the mill, and when?", ("Who founded the mill?", "And when?")),
    "to whom": ("How many chips will Nvidia supply, and to whom?", (CHIPS, "And to whom?")),
    "both before the verb": ("When and where was he born?", ("When was he born?", "Where was he born?")),
    "yes or no first": ("Is there a café, and when does it close?", ("Is there a café?", "When does it close?")),
    "three": ("Who is he? How old is he? Where is he?", ("Who is he?", "How old is he?", "Where is he?")),
}
WHOLE = {
    "one question": CHIPS,
    "what is said about two things": "What did he say about what was lost and what was found?",
    "a list": "Which companies and ministries get chips?",
    "a condition": "If it rains, where do we meet and when?",
    "an indirect question": "Did she say who came and when they left?",
    "too many": "Who is he? How old is he? Where is he? Why is he there?",
    "a choice": "Is it Samsung or LG?",
    "a statement before it": "My son is eight. How much does he pay and when?",
}


@pytest.mark.parametrize(("text", "parts"), APART.values(), ids=APART.keys())
def test_a_question_is_taken_apart(text, parts):
    assert parts_of(text) == parts


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE.keys())
def test_one_question_stays_whole(text):
    assert parts_of(text) == (text,)


@pytest.fixture(scope="module")
def both(seeds_pipeline):
    return seeds_pipeline.ask(f"{WORTH} How many chips will it supply?")


def test_each_part_is_answered(both, seeds_pipeline):
    worth = seeds_pipeline.ask(WORTH)
    before = [{"role": "user", "content": WORTH}, {"role": "assistant", "content": worth.text}]
    chips = seeds_pipeline.ask("How many chips will it supply?", before)
    assert both.searched_for == f"{WORTH} {CHIPS}"
    assert both.short_spans == worth.short_spans + chips.short_spans
    assert both.citations == worth.citations + chips.citations
    assert both.confidence == min(worth.confidence, chips.confidence)
    assert [both.text[s.start : s.end][-3:] for s in both.statements] == ["[1]", "[2]"]
    assert mismatches(both, seeds_pipeline.documents) == []


def test_a_sentence_that_answers_both_is_said_once(seeds_pipeline):
    answer = seeds_pipeline.ask("How many chips will Nvidia supply, and to whom?")
    assert (len(answer.statements), len(answer.citations), len(answer.short_spans)) == (1, 1, 2)


def test_what_one_part_asks_in_vain_is_said(seeds_pipeline):
    answer = seeds_pipeline.ask(f"{CHIPS} And what is the capital of France?")
    assert answer.short == "more than 260,000"
    assert answer.text.endswith("\nThe text does not say: What is the capital of France?")
    assert mismatches(answer, seeds_pipeline.documents) == []


def test_only_the_question_may_be_said_to_be_unanswered(seeds_pipeline):
    answer = seeds_pipeline.ask(f"{CHIPS} And what is the capital of France?")
    forged = answer.model_copy(update={"text": answer.text.replace("France", "Germany")})
    assert any("outside of any statement" in problem for problem in mismatches(forged, seeds_pipeline.documents))
    assert all(lead.endswith(": ") for lead in UNSAID)


def test_without_an_answer_to_any_part_it_abstains(seeds_pipeline):
    answer = seeds_pipeline.ask("Who won the 2022 World Cup, and where was it held?")
    assert (answer.kind, answer.text) == ("abstention", "The text does not say.")


def test_an_unproven_part_is_not_called_unsaid(seeds_pipeline):
    told = seeds_pipeline.ask(CHIPS)
    unproven = told.model_copy(update={"kind": "abstention", "text": f"{UNPROVEN}."})
    assert joined("Both?", [told, unproven], 0.7) is None


def test_a_stream_gives_the_statements_of_the_whole(both, seeds_pipeline):
    *events, done = seeds_pipeline.stream(both.question)
    assert isinstance(done, Done)
    assert done.answer.without_timings() == both.without_timings()
    assert [e.statement for e in events if isinstance(e, StatementReady)] == list(both.statements)


WHOLE_TOO = [
    'What did he ask: "Who are you? What do you want?"',
    "How many men and how many women work there?",
    "When did Ann and when did Ben arrive?",
    "What plus what is four?",
    "when " * 200 + "and when?",
]


@pytest.mark.parametrize("text", WHOLE_TOO)
def test_what_would_lose_its_verb_stays_whole(text):
    assert parts_of(text) == (text,)


def test_small_talk_is_no_part(seeds_pipeline):
    answer = seeds_pipeline.ask(f"How are you? {CHIPS}")
    assert (answer.searched_for, "does not say" in answer.text) == (CHIPS, False)


FORGED = {
    "before a statement": ("The text does not say: ", ""),
    "no part of the question": ("", "\nThe text does not say: capital of France?"),
    "a marker": ("", "\nThe text does not say: What is the capital of France? [1]"),
    "twice": ("", "\nThe text does not say: What is the capital of France?" * 2),
}


@pytest.mark.parametrize(("before", "behind"), FORGED.values(), ids=FORGED.keys())
def test_nothing_else_passes_the_proof(seeds_pipeline, before, behind):
    answer = seeds_pipeline.ask(f"{CHIPS} And what is the capital of France?")
    said = answer.text.split("\nThe text does not say")[0]
    statements = tuple(
        s.model_copy(update={"start": s.start + len(before), "end": s.end + len(before)}) for s in answer.statements
    )
    forged = answer.model_copy(update={"text": before + said + behind, "statements": statements})
    assert any("outside of any statement" in problem for problem in mismatches(forged, seeds_pipeline.documents))

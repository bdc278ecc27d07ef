"""What a receipt proves beyond exact quotes: yes or no, small talk, other words, the texts that a file brings."""

import pytest

from rag.receipts import problems
from rag.schema import Answer, Conversation, Document, Turn
from tests.fakes import altered

GOODS = "How many AI chips will Nvidia supply to South Korea?"
SETTLED = "Will Nvidia supply more than 260,000 chips to South Korea?"


@pytest.fixture(scope="module")
def answers(seeds_pipeline):
    asked = {"fact": GOODS, "yes": SETTLED, "summary": "What is it about?", "small talk": "hello"}
    asked |= {"in vain": f"{GOODS} And what is the capital of France?", "two": f"{SETTLED} And who is its CEO?"}
    found = {name: seeds_pipeline.ask(question) for name, question in asked.items()}
    assert found["yes"].polarity == "yes"
    return found


@pytest.mark.parametrize("name", ["fact", "yes", "summary", "small talk", "in vain", "two"])
def test_what_the_pipeline_says_is_proven(answers, seeds_pipeline, name):
    assert problems(answers[name], seeds_pipeline.documents) == []


def say(polarity, reason=None):
    """Another yes or no, in the text, in the field and in the reason."""

    def alter(a):
        lead = f"{polarity.capitalize()}. "
        statement, said = a["statements"][0], a["text"].removeprefix("Yes. ")
        statement |= {"end": statement["end"] - len(a["text"]) + len(lead + said)}
        statement |= {"reason": reason or statement["reason"]}
        a |= {"text": lead + said, "polarity": polarity, "statements": [statement]}

    return alter


def reword(old, new):
    def alter(a):
        text = a["text"].replace(old, new)
        statement = a["statements"][0] | {"end": a["statements"][0]["end"] + len(text) - len(a["text"])}
        a.update(text=text, reader="generative/m", statements=[statement | {"reason": "its citations say so"}])

    return alter


JUDGED = "a model that was trained to tell finds that its citations settle what the question asks"
ALTERED = {
    "a no for a yes": ("yes", say("no"), "says no, and its citation says yes"),
    "a no that a model is said to judge": ("yes", say("no", JUDGED), "says no, and its citation says yes"),
    "a no in the field": ("yes", lambda a: a.update(polarity="no"), "the answer is no, and no statement says so"),
    "no yes in the field": ("yes", lambda a: a.update(polarity=None), "does not say which"),
    "a yes to a question of fact": ("fact", say("yes", JUDGED), "is no question for yes or no"),
    "a yes that nothing says": ("fact", lambda a: a.update(polarity="yes"), "the answer is yes, and no statement"),
    "another question": ("yes", lambda a: a.update(searched_for="Who is he?"), "is no question for yes or no"),
    "a reason": ("fact", lambda a: a["statements"][0].update(reason="I say so"), "never uses"),
    "a model's words": ("fact", reword("will supply", "will not supply"), "is called supported, and"),
    "no passages": ("fact", lambda a: a.update(passages=[]), "no passage of it considered"),
    "small talk": ("small talk", lambda a: a.update(text="Nvidia is bankrupt."), "small talk says more"),
    "more small talk": ("small talk", lambda a: a.update(text=a["text"] + " Nvidia fell."), "small talk says more"),
    "small talk of another text": ("small talk", lambda a: a.update(text=a["text"].replace("AI", "no")), "small talk"),
    "small talk to another question": ("small talk", lambda a: a.update(question="thanks"), "small talk says more"),
}


@pytest.mark.parametrize(("name", "alter", "found"), ALTERED.values(), ids=ALTERED.keys())
def test_what_was_altered_is_found(answers, seeds_pipeline, name, alter, found):
    assert found in " / ".join(problems(altered(answers[name], alter), seeds_pipeline.documents))


def test_a_models_own_words_are_proven(answers, seeds_pipeline):
    said = altered(answers["fact"], reword("US chip giant Nvidia", "Nvidia"))
    assert problems(said, seeds_pipeline.documents) == []


def test_a_sentence_that_replies_itself_says_its_no_only(tmp_path):
    text = "Can I bring my dog?\nNo, only guide dogs may come in."
    rules = Document(title="Rules", text=text)
    quote = text[20:]
    place = {"document_id": rules.id, "title": "Rules", "start": 20, "end": len(text)}
    passage = place | {"start": 0, "id": "p", "text": text, "sentences": [{"start": 0, "end": 19}]}
    statement = {"start": 0, "end": len(quote) + 4, "markers": [1], "verdict": "supported"}
    answer = Answer.model_validate(
        {
            "question": "Can I bring my dog?",
            "searched_for": "Can I bring my dog?",
            "kind": "answer",
            "text": f"{quote} [1]",
            "polarity": "no",
            "citations": [place | {"quote": quote, "sha256": rules.sha256}],
            "statements": [statement | {"reason": "its first citation says all that the question says"}],
            "confidence": 0.9,
            "passages": [{"passage": passage, "score": 0, "dense": 0, "lexical": 0}],
            "reader": "extractive/trained",
        }
    )
    assert problems(answer, [rules]) == []
    assert problems(altered(answer, lambda a: a.update(polarity="yes")), [rules]) != []


def conversation(answer, *documents, question=GOODS):
    return Conversation(turns=(Turn(question=question, answer=answer),), documents=documents)


def test_a_conversation_is_proven_by_its_own_texts_or_by_those_given(answers, seeds_pipeline):
    brought = conversation(answers["fact"], *seeds_pipeline.documents)
    assert problems(brought) == problems(brought, seeds_pipeline.documents) == []


def test_small_talk_of_texts_that_the_file_does_not_bring_is_proven(answers):
    assert problems(conversation(answers["small talk"], question="hello ")) == []


def test_a_turn_with_the_answer_to_another_question_is_found(answers, seeds_pipeline):
    wrong = conversation(answers["fact"], *seeds_pipeline.documents, question="Who fell?")
    assert problems(wrong) == ["turn 1, the answer is to another question"]


def test_a_text_of_the_file_is_one_of_those_given_and_stands_once(answers, seeds_pipeline):
    own, other = seeds_pipeline.documents[0], Document(title="Other", text="Other.")
    more = conversation(answers["fact"], own, other)
    assert problems(more) == []
    assert problems(more, [own]) == [f"document '{other.id}' of the file is not the corpus's"]
    renamed = conversation(answers["fact"], own.model_copy(update={"title": "The Times"}))
    assert problems(renamed, [own]) == [f"document '{own.id}' of the file is not the corpus's"]
    assert problems(conversation(answers["fact"], own, own)) == [f"document '{own.id}' stands in the file 2 times"]

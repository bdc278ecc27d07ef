import pytest

from rag.questions import AnswerType, Asks, analyse

ASKS = {
    "greeting": ("Hello!", Asks.SMALLTALK),
    "greeting with a name of no one": ("hi there", Asks.SMALLTALK),
    "thanks": ("Thank you very much", Asks.SMALLTALK),
    "an ok": ("ok", Asks.SMALLTALK),
    "an ok and thanks": ("Ok, thanks!", Asks.SMALLTALK),
    "a no and a question": ("No, why?", Asks.REASON),
    "what can you do": ("What can you do?", Asks.SMALLTALK),
    "hello and a question": ("Hello, how many chips will Nvidia supply?", Asks.FACT),
    "about": ("What is this article about?", Asks.OVERVIEW),
    "summarise": ("summarise it", Asks.OVERVIEW),
    "American spelling": ("Please summarize the text", Asks.OVERVIEW),
    "main points": ("What are the main points?", Asks.OVERVIEW),
    "a summary of something else": ("Summarise the plot of Hamlet", Asks.FACT),
    "key facts about something": ("What are the key facts about the World Cup?", Asks.FACT),
    "in short supply": ("Are chips in short supply?", Asks.YES_NO),
    "a polite one": ("Can you give me a brief summary of the text, please?", Asks.OVERVIEW),
    "about something": ("What is Huang optimistic about?", Asks.FACT),
    "yes or no": ("Were the details disclosed?", Asks.YES_NO),
    "a choice is no yes-or-no question": ("Is it Samsung or LG?", Asks.FACT),
    "who, within a request": ("Can you tell me who runs Nvidia?", Asks.FACT),
    "why, within a request": ("I'd like to know why access deteriorated", Asks.REASON),
    "whether": ("Do you know whether the details were disclosed?", Asks.YES_NO),
    "a condition first": ("If the ferry is cancelled, when does the next one leave?", Asks.FACT),
    "what led to it": ("What led to the loss of access?", Asks.REASON),
    "two of them": ("Which two substances are in the cells?", Asks.LIST),
    "several, passively": ("In which supermarkets was the granola sold?", Asks.LIST),
    "several, as subject": ("Which animals helped to pull cars from the mud?", Asks.LIST),
    "several, with an adjective": ("Which practical skills is everyone taught?", Asks.LIST),
    "several people": ("Who are the two wardens?", Asks.LIST),
    "kinds": ("What kinds of wood can the shelves be made of?", Asks.LIST),
    "which, before a verb": ("Which makes more money, the shop or the farm?", Asks.FACT),
    "which one, before a verb": ("Which company mends broken fans?", Asks.FACT),
    "what becomes of something": ("What becomes of the mast on the mountain?", Asks.FACT),
    "what several were paid": ("What were the elephants paid?", Asks.FACT),
    "why": ("Why has access deteriorated?", Asks.REASON),
    "whether the text says when": ("Does the article say when the chips will arrive?", Asks.FACT),
    "whether the text says why": ("Is it known why access deteriorated?", Asks.REASON),
    "whether the text says if": ("Does the text say whether dogs are allowed?", Asks.YES_NO),
    "sloppily about all": ("summarise it pls", Asks.OVERVIEW),
    "sum up": ("Sum up the article in one sentence", Asks.OVERVIEW),
    "whether the text says that": ("Does the article say that the details were disclosed?", Asks.YES_NO),
    "a name, politely": ("Is there a name for such factories?", Asks.FACT),
    "whether it is true": ("Is it true that the chips go to Samsung?", Asks.YES_NO),
    "a statement with a tag": ("The details were not disclosed, right?", Asks.YES_NO),
    "yes or no, said so": ("Were the details disclosed, yes or no?", Asks.YES_NO),
    "a tag behind a question word": ("Who runs it, Huang, right?", Asks.FACT),
    "whether there is a plan": ("Is there a plan for such factories?", Asks.YES_NO),
}


@pytest.mark.parametrize(("text", "asks"), ASKS.values(), ids=ASKS.keys())
def test_what_a_question_asks_for(text, asks):
    assert analyse(text).asks is asks


TOPICS = {
    "say about": ("What does the article say about China?", ("china",)),
    "tell about, politely": ("Can you tell me more about the data centers, please?", ("data", "center")),
    "summarise what happened": (
        "Sum up what happened in the Sella valley according to this report.",
        ("sella", "valley"),
    ),
    "so many sentences": ("Give me a short summary of the contracts in two sentences.", ("contract",)),
    "a piece": ("What is the Health Monitor piece about?", ("health", "monitor")),
    "the whole": ("Give me a summary of the article", ()),
    "a question within": ("Tell me about how much it cost", ()),
    "somebody says it": ("What did Huang say about China?", ()),
}


@pytest.mark.parametrize(("text", "topic"), TOPICS.values(), ids=TOPICS.keys())
def test_the_topic_of_a_summary(text, topic):
    assert analyse(text).topic == topic


TYPES = {
    "number": ("How many chips?", AnswerType.NUMBER),
    "money": ("How much did the contracts cost?", AnswerType.MONEY),
    "worth": ("What is the deal worth?", AnswerType.MONEY),
    "one of the companies": ("Which of the companies makes cars?", AnswerType.NAME),
    "percent": ("What percentage of revenue came from China?", AnswerType.PERCENT),
    "date": ("When did the summit take place?", AnswerType.DATE),
    "what happens when": ("What happens when the plant is infected?", AnswerType.TEXT),
    "when, as a condition": ("When the plant is infected, who helps?", AnswerType.NAME),
    "since when": ("Since when has it been open?", AnswerType.DATE),
    "year": ("In which year was it founded?", AnswerType.DATE),
    "person": ("Who runs Nvidia?", AnswerType.NAME),
    "place": ("Where was the summit held?", AnswerType.PLACE),
    "quote": ("What did Huang say?", AnswerType.QUOTE),
    "a quote from somebody": ("Give me a quote by Huang.", AnswerType.QUOTE),
    "the quote of a plumber": ("Which quote for the tap was lower?", AnswerType.TEXT),
    "anything": ("What will the factories make?", AnswerType.TEXT),
}


@pytest.mark.parametrize(("text", "answer_type"), TYPES.values(), ids=TYPES.keys())
def test_the_type_of_the_answer(text, answer_type):
    assert analyse(text).answer_type is answer_type


REQUESTS = {
    "can you": ("Can you tell me who runs Nvidia?", "who runs Nvidia?"),
    "two of them": ("So, according to the article, who runs Nvidia?", "who runs Nvidia?"),
    "whether the text says": ("Does the text say who runs Nvidia?", "who runs Nvidia?"),
    "whether it is known": ("Is it known where the summit was held?", "where was the summit held?"),
    "an indirect question": ("Could you tell me who the CEO is?", "who is the CEO?"),
    "an indirect question of how much": ("Is it known how much the deal is worth?", "how much is the deal worth?"),
    "an indirect question about the subject": ("Do you know who is in charge?", "who is in charge?"),
    "somebody": ("Could anyone tell me who runs Nvidia?", "who runs Nvidia?"),
    "none": ("Who runs Nvidia?", "Who runs Nvidia?"),
    "a question about telling": ("Can you tell", "Can you tell?"),
    "a word that begins like one": ("Soda is sold where?", "Soda is sold where?"),
}


@pytest.mark.parametrize(("text", "asked"), REQUESTS.values(), ids=REQUESTS.keys())
def test_the_request_around_a_question_is_not_read_for(text, asked):
    assert analyse(text).asked == asked
    assert analyse(text).text == text

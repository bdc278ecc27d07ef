"""Words that cannot be what is asked for, and how sure the reader is of them."""

import pytest

from rag.questions import analyse
from rag.reading.misfit import is_misfit
from rag.reading.similarity import SimilarityPicker
from rag.reading.trained import load_picker
from rag.schema import Document, Span
from rag.splitting import split

FORUM = "Speaking at the Asian Trade Forum (ATF) in Tarn, Brand praised the mill."
MARKET = "Access to the market has got worse, prompting Brand to complain about falling sales."
SUPPLY = "Brenva will supply ten boats to the Tarn lifeguards."
VALUED = "While no price was named, this week saw Brenva become the first yard to be valued at $5 million."
AGE = "Only members can vote, said chairwoman Ida Brand."
DAMS = "The agreements will pay for the construction of crucial large dams."
MISFITS = {
    "the name of the event itself": ("When was the ATF held?", FORUM, "at the Asian Trade Forum", True),
    "where the event was": ("Where was the ATF held?", FORUM, "Tarn", False),
    "what it is short for": ("What does ATF mean?", FORUM, "Asian Trade Forum", False),
    "while the event lasted": ("When did the ATF meet?", "It met during the ATF.", "during the ATF", True),
    "where a head office is": ("Where is Brenva based?", FORUM, "Tarn", True),
    "the head office itself": ("Where is Brenva based?", "The head office stands in Tarn.", "Tarn", False),
    "where a maker is": ("In which town is the buyer based?", "They sold to an importer in Tarn.", "Tarn", False),
    "who suffers from it": ("Who caused the tensions?", "Brenva deals with the trade tensions.", "Brenva", True),
    "who caused it": ("Who caused the leak?", "A driver forgot the brake, and a pipe tore.", "A driver", False),
    "only words of the question": ("Where will the large dams be built?", DAMS, "large dams", True),
    "words of the question and others": ("What will be built?", DAMS, "crucial large dams", False),
    "one of two that are named": ("Is it the dams or the mill that they pay for?", DAMS, "dams", False),
    "one of two that are asked about": ("Which is large, the dams or the mill?", DAMS, "dams", False),
    "a number to be confirmed": ("655 boats, right? How many came?", "Of 655 boats 12 sank.", "655 boats", False),
    "a title for an age": ("How old is Ida Brand?", AGE, "chairwoman", True),
    "an age in words": ("How old is Ida Brand?", "Brand, in her nineties, still votes.", "in her nineties", False),
    "an age by birth": ("How old is Ida Brand?", "Brand, born in May, still votes.", "born in May", False),
    "takings for a value": ("What was Brenva worth?", "China made up most of its revenue.", "its revenue", True),
    "a value in words": ("What was Brenva worth?", "It was worth next to nothing.", "next to nothing", False),
    "a man worth knowing": ("What is worth seeing in Tarn?", "See the mill.", "mill", True),
    "the effect for the cause": ("Why has access to the market got worse?", MARKET, "falling sales", True),
    "the cause of the effect": ("Why did Brand complain?", MARKET, "falling sales", False),
    "a purpose": ("Why was it hidden?", "It was hidden so that nobody would dig.", "so that nobody would dig", False),
    "the giver for the receiver": ("Who will receive the boats?", SUPPLY, "Brenva", True),
    "the receiver": ("Who will receive the boats?", SUPPLY, "the Tarn lifeguards", False),
    "who was given": ("Who got a boat?", "Tom Ray was given a boat.", "Tom Ray", False),
    "who gives": ("Who will supply the boats?", SUPPLY, "Brenva", False),
    "the value for the price": ("What is the price of one boat?", VALUED, "$5 million", True),
    "the value for the debts": ("What are the debts of Brenva?", VALUED, "$5 million", True),
    "the value": ("What is the value of Brenva?", VALUED, "$5 million", False),
    "the price": ("What is the price of a boat?", "A boat costs $5.", "$5", False),
    "a sum that nothing names": ("What is the price of a boat?", "Boats: $5", "$5", False),
    "nobody else": ("Who else spoke at the forum?", FORUM, "Brand", True),
    "somebody else": ("Who else spoke at the forum?", "Tom Ray spoke at the forum too.", "Tom Ray", False),
    "others, but no one else": ("Who else spoke?", "Ida Brand praised other mills.", "Ida Brand", True),
    "with whom, not where": ("Where will the dams be?", "The deal with Brenva pays for dams.", "Brenva", True),
    "where the partner is": ("Where will the dams be?", "The deal pays for dams in Tarn.", "Tarn", False),
    "twins of another kind": ("Where was Ida Brand born?", "Brand showed digital twins in Tarn.", "Tarn", True),
    "no birth": ("Where was Ida Brand born?", FORUM, "Tarn", True),
    "a birth in other words": ("Where was Ida Brand born?", "Brand is a Tarn native.", "Tarn", False),
    "no death": ("When did Ida Brand die?", "Brand spoke in 1993.", "1993", True),
    "a death in other words": ("When did Ida Brand die?", "Brand was buried in 1993.", "1993", False),
    "no wedding": ("Who did Ida Brand marry?", "Brand met Tom Ray.", "Tom Ray", True),
    "a wedding in other words": ("Who did Ida Brand marry?", "Her husband was Tom Ray.", "Tom Ray", False),
    "no home": ("Where does Ida Brand live?", FORUM, "Tarn", True),
    "a home": ("Where does Ida Brand live?", "Brand has a house in Tarn.", "Tarn", False),
    "nobody pays": ("Who will pay for the boats?", SUPPLY, "Brenva", True),
    "somebody pays": ("Who will pay for the boats?", "The council bears the cost.", "The council", False),
    "no host": ("Who organised the forum?", "At the forum Brand praised the mill.", "Brand", True),
    "a host": ("Who organised the forum?", "Brand invited all mills to a forum.", "Brand", False),
    "no definition": ("What does deep milling mean?", "They plan 'deep milling' sites.", "sites", True),
    "an apposition": ("What does deep milling mean?", "Deep milling, a cure for mud, works.", "a cure for mud", False),
    "what it means for somebody": ("What does it mean for Tarn?", "Tarn gets a mill.", "a mill", False),
    "a question for yes or no": ("Is the price of a boat $5 million?", VALUED, "$5 million", False),
}


@pytest.mark.parametrize(("question", "sentence", "found", "misfit"), MISFITS.values(), ids=MISFITS.keys())
def test_words_that_cannot_be_what_is_asked_for(question, sentence, found, misfit):
    start = sentence.index(found)
    assert is_misfit(analyse(question), sentence, Span(start=start, end=start + len(found))) is misfit


@pytest.mark.parametrize("tail", ["\n" * 20000, ", " * 20000, " is" * 20000, "A" * 20000])
def test_a_long_sentence_is_looked_at_in_time(tail):
    for question in ("Who will get it?", "Why is it?", "What is the price of it?", "Who else is it?", "How old is it?"):
        is_misfit(analyse(question), "Brenva" + tail, Span(start=0, end=6))


def best(encoder, text, question):
    document = Document(title="Boats", text=text)
    picker = load_picker("", SimilarityPicker(encoder))
    return picker.pick(analyse(question), split(document, 700), {document.id: document})[0]


def test_the_reader_is_less_sure_of_what_cannot_be(encoder):
    assert best(encoder, VALUED, "What is Brenva valued at?").confidence > 0.5
    assert best(encoder, VALUED, "What is the price of one boat?").confidence < 0.4


def test_who_receives_is_read_in_the_sentence_that_says_who_gives(encoder):
    found = best(encoder, SUPPLY, "Who will receive ten boats?")
    assert [SUPPLY[one.start : one.end] for one in found.short] == ["the Tarn lifeguards"]

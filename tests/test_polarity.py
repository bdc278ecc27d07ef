import pytest

from rag.polarity import misnumbered, polarity_of
from rag.questions import analyse

CHIPS = "Nvidia will supply more than 260,000 chips to South Korea and to Samsung."
NOT_SAID = "The financial details were not disclosed."
VALUED = "While the details were not disclosed, this week Nvidia became the first company to be valued at $5 trillion."
SETTLED = {
    "another clause is negated": ("Was Nvidia the first company valued at $5 trillion this week?", VALUED, "yes"),
    "the clause that is negated": ("Were the details disclosed?", VALUED, "no"),
    "words of a negated clause and of another": ("Was Nvidia the first company with disclosed details?", VALUED, None),
    "not only": ("Is tea sold to Japan?", "Tea is sold not only to Japan but also to Korea.", "yes"),
    "all of it": ("Will Nvidia supply more than 260,000 chips to South Korea?", CHIPS, "yes"),
    "part of it": ("Will Nvidia supply chips to Samsung?", CHIPS, "yes"),
    "negated in the text": ("Were the financial details disclosed?", NOT_SAID, "no"),
    "negated in both": ("Were the financial details not disclosed?", NOT_SAID, "yes"),
    "another number": ("Will Nvidia supply more than 500,000 chips to South Korea?", CHIPS, None),
    "another name": ("Will Nvidia supply chips to Japan?", CHIPS, None),
    "another verb": ("Will Nvidia sell chips to South Korea?", CHIPS, None),
    "swapped roles": ("Will South Korea supply chips to Nvidia?", CHIPS, None),
    "turned into the passive": ("Was Alpha bought by Beta?", "The firm Alpha bought Beta.", None),
    "nothing asked": ("Is it?", CHIPS, None),
}


@pytest.mark.parametrize(("question", "sentence", "polarity"), SETTLED.values(), ids=SETTLED.keys())
def test_yes_or_no_only_where_the_sentence_settles_it(question, sentence, polarity):
    assert polarity_of(analyse(question), sentence) == polarity


WORSE = "Access to the Chinese market has deteriorated, says Nvidia."
ENTAILED = {
    "in other words": ("Has it become harder for Nvidia to sell there?", WORSE, "", "yes"),
    "a name in the title": ("Did Huang say that the market got worse?", WORSE, "Huang on China.", "yes"),
    "a name nowhere": ("Did Samsung say that the market got worse?", WORSE, "Huang on China.", None),
    "a number nowhere": ("Did the market get worse in 2019?", WORSE, "", None),
    "the opposite": ("Did the prices rise in the end?", "In the end the prices fell.", "", None),
    "swapped roles": ("Did Alpha buy Beta?", "Beta bought Alpha.", "", None),
    "turned into the passive": ("Was Alpha bought by Beta?", "Alpha has acquired Beta.", "", None),
    "negated where it is asked": (
        "Was anybody killed when the Sella flooded its valley?",
        "The Sella has flooded its valley, but nobody was killed.",
        "",
        "no",
    ),
    "negated in the text": ("Was anybody hurt?", "This time nobody was killed or hurt.", "", "no"),
    "negated in both": ("Was nobody hurt in the end?", "No one of them was hurt.", "", "yes"),
}


@pytest.mark.parametrize(("question", "sentence", "around", "polarity"), ENTAILED.values(), ids=ENTAILED.keys())
def test_a_statement_found_by_the_reader_settles_it_where_names_and_numbers_stand(question, sentence, around, polarity):
    assert polarity_of(analyse(question), sentence, around, entailed=True) == polarity
    assert polarity_of(analyse(question), sentence, around) is None


NUMBERED = {
    "another one only": ("When did Petrel 3 take off?", "Petrel 5 followed Petrel 4.", True),
    "that one": ("When did Petrel 4 take off?", "Petrel 5 followed Petrel 4.", False),
    "among several": ("What does Article 65 say?", "Articles 61, 64 and 65 are about waste.", False),
    "in a range": ("What does Article 66 say?", "Articles 61-66 are about waste.", False),
    "without a number": ("When did Petrel take off?", "Petrel 5 took off.", False),
    "a name that is not there": ("When did Petrel 3 take off?", "Heron 5 took off.", False),
    "a year behind its preposition": ("In 2010, who died?", "In 2009 the king died.", False),
    "a day": ("What happened on May 3?", "On May 5 it rained.", False),
    "a time": ("What opens on Friday 8 p.m.?", "The gates open on Friday 9 a.m.", False),
}


@pytest.mark.parametrize(("question", "text", "wrong"), NUMBERED.values(), ids=NUMBERED.keys())
def test_a_numbered_name_with_other_numbers_only_is_another_thing(question, text, wrong):
    assert misnumbered(question, text) is wrong

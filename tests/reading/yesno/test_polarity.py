import pytest

from rag.questions import analyse
from rag.reading.yesno.polarity import polarity_of, unreal

CHIPS = "Nvidia will supply more than 260,000 chips to South Korea and to Samsung."
NOT_SAID = "The financial details were not disclosed."
VALUED = "While the details were not disclosed, this week Nvidia became the first company to be valued at $5 trillion."
PAID = "The council paid 1.5 million, an insurance covered 650,000 and an appeal raised the remaining 150,000."
BUT = "Dev Malik called the pumps enough, but the residents called for a public inquiry."
SHUT = "The reading room is still closed because of the flood."
OVERSEEN = (
    "The chips of Nvidia power data centers, and the infrastructure will be overseen by the South Korean government."
)
LAMPS = "Turning the lamps down to half power, on the other hand, was no improvement."
SETTLED = {
    "denied behind what is put in between": ("Was turning the lamps down an improvement?", LAMPS, "no"),
    "without, behind what is asked": ("Does it switch itself off?", "It does switch itself off without use.", "yes"),
    "without, in both": ("Can I come without a ticket?", "You can come without a ticket.", "yes"),
    "without what is asked": ("Is it sold with a cable?", "It is sold without a cable.", "no"),
    "put in before another clause": (
        "Is it open until five?",
        "It is open until five, however, it is not open on Mondays.",
        "yes",
    ),
    "turned down, in both": ("Was the offer turned down?", "The offer was turned down.", "yes"),
    "shut": ("Is the pool open?", "The pool is shut.", "no"),
    "turned down": ("Was the plan accepted?", "The plan was turned down.", "no"),
    "a clause that a quotation ends": ("Was it a risk?", '"It was a risk," said a man who would not be named.', "yes"),
    "a number of another clause": ("Did the insurance cover 1.5 million?", PAID, None),
    "the number of its clause": ("Did an insurance cover 650,000?", "An insurance did cover 650,000 of it.", "yes"),
    "someone else, behind but": ("Did Dev Malik call for a public inquiry?", BUT, None),
    "someone else, behind a semicolon": ("Is it free for tourists?", "It is free for members; tourists pay.", None),
    "an opposite that excludes it": ("Is the reading room open?", SHUT, "no"),
    "an opposite, of nothing named": ("Is it open?", SHUT, None),
    "an opposite, of exchanged roles": ("Was Alpha accepted by Beta?", "The firm Beta was rejected by Alpha.", None),
    "an opposite, negated": ("Is the reading room open?", "The reading room is not closed.", None),
    "an opposite that does not exclude it": ("Did Huang sell shares?", "Huang bought shares.", None),
    "done by another": ("Is the infrastructure overseen by Nvidia?", OVERSEEN, None),
    "done by the same": ("Is the infrastructure overseen by the government?", OVERSEEN, "yes"),
    "another rank": ("Was it the second company valued so?", "It was the first company valued so.", None),
    "another clause is negated": ("Was Nvidia the first company valued at $5 trillion this week?", VALUED, "yes"),
    "the clause that is negated": ("Were the details disclosed?", VALUED, "no"),
    "words of a negated clause and of another": ("Was Nvidia the first company with disclosed details?", VALUED, None),
    "a statement with a tag that is negated": ("The details were disclosed, weren't they?", NOT_SAID, "no"),
    "whether it is true": ("Is it true that Nvidia will supply chips to Samsung?", CHIPS, "yes"),
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
    "as much, against less": ("Does Nvidia sell as much there as Intel?", "Nvidia sells less than Intel.", "", None),
    "another clause denies": ("Is Nvidia back there?", "Nvidia sells there, and will not come back.", "", None),
    "only in a part": ("Can Nvidia sell it there?", "Nvidia may only deliver parts there.", "", None),
    "in other words": ("Has it become harder for Nvidia to sell there?", WORSE, "", "yes"),
    "a name in the title": ("Did Huang say that the market got worse?", WORSE, "Huang on China.", "yes"),
    "a name nowhere": ("Did Samsung say that the market got worse?", WORSE, "Huang on China.", None),
    "a number nowhere": ("Did the market get worse in 2019?", WORSE, "", None),
    "another number in words": ("Were three pumps put in?", "Two pumps were installed.", "", None),
    "a number where none is said": ("Are tea and milk the two things sold?", "Tea and milk are sold.", "", "yes"),
    "its number in digits": ("Were three pumps put in?", "3 pumps were installed.", "", "yes"),
    "another size": ("Was it a small part?", "It was a significant part.", "", None),
    "only the month": ("Will the room reopen in October?", "The wall was rejected in October.", "", None),
    "only the day": ("Can I visit the museum on a Monday?", "On Mondays it is shut.", "The museum is open.", None),
    "the number of another clause": ("Did the council pay 650,000?", PAID, "", None),
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


OTHERWISE = {
    "asleep for awake": ("Will I be asleep during the operation?", "You will be awake during the operation.", "no"),
    "more men than women": ("Are there more men than women here?", "There are more women than men here.", None),
    "cheaper for whom": ("Is it cheaper for adults than children?", "It is cheaper for children than adults.", None),
    "cheaper for these": (
        "Is it cheaper for children than adults?",
        "It is cheaper for children than for adults.",
        "yes",
    ),
    "smaller than the biggest": ("Was the harvest smaller this year?", "The harvest was the biggest this year.", None),
    "the front": ("Is the scaffolding at the back?", "The scaffolding is at the front.", None),
    "no permit needed": ("Can I park there?", "You need no permit to park there.", "yes"),
    "a permit needed": ("Do I need a permit to park there?", "You need no permit to park there.", "no"),
    "no lead needed": ("Must dogs be on a lead?", "Dogs need not be on a lead.", "no"),
    "more than planned": ("Did it cost more than planned?", "The planned hall did cost more than expected.", "yes"),
    "declined": ("Did she accept the damehood?", "She was offered the damehood but declined it.", None),
    "whether, of something else": (
        "Is the business insured?",
        "The business is insured, but they could not yet say whether the shop would open again.",
        "yes",
    ),
}


@pytest.mark.parametrize(("asked", "said", "polarity"), OTHERWISE.values(), ids=OTHERWISE.keys())
def test_what_is_said_otherwise(asked, said, polarity):
    question = analyse(asked)
    settled = polarity_of(question, said)
    assert (None if settled == "yes" and unreal(question, said) else settled) == polarity

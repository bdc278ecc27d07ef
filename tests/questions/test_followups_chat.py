"""Follow-ups as people type them: with a remark before, half a sentence, one word put against another."""

import pytest

from rag import Message
from rag.questions.courtesy import without_courtesy
from rag.questions.followups import standalone

UNKNOWN = "The texts do not say."
PAINTED = ('Who painted "Grey Morning"?', "Clara Weiss painted it in 1902. [1]")
HALL = ("When does Tarn Hall open?", "Tarn Hall opens at ten. [1]")
ROOF = ("How much does a slate roof cost?", "A slate roof costs 9,000 euros. [1]")
ROOM = ("How much is a single room at the Anchor Inn?", "It is 70 euros. [1]")
CLOSED = ("When did the Anchor Inn close?", "It closed in 2019. [1]")
DOGS = ("Can I bring my dog to the Anchor Inn?", "No. Dogs are not allowed. [1]")
TENT = ("Can I bring my tent on the ferry to Lunna?", "Yes. Tents are allowed. [1]")
DIG = ("Who is in charge of the Orley dig?", "Ada Moss leads it. [1]")
MOTHER = ("What did Peter Lund's mother do?", "She was a nurse. [1]")

CHAT = {
    "a material": (ROOF, "and a copper one?", "How much does a copper roof cost?"),
    "a material alone": (ROOF, "and tin?", "How much does a tin roof cost?"),
    "another room": (ROOM, "and a double?", "How much is a double room at the Anchor Inn?"),
    "a colour in a compound": (
        ("How many moths came to white-lit sheets?", "Ninety came. [1]"),
        "and with green light?",
        "How many moths came to green-lit sheets?",
    ),
    "a season": (
        ("How long is the summer term?", "Twelve weeks. [1]"),
        "And in winter?",
        "How long is the winter term?",
    ),
    "a code": (("What does error F3 mean?", "The filter is full. [1]"), "And F7?", "What does error F7 mean?"),
    "a contrast without a place": (ROOM, "and breakfast?", "Breakfast? (regarding the single room, the Anchor Inn)"),
    "a material without a place": (
        ("Who built the bridge at Orley?", "Ada Moss did. [1]"),
        "and steel?",
        "Steel? (regarding Orley)",
    ),
    "a contrast with what was asked for": (
        ("Which birds nest in Orley Wood?", "Herons do. [1]"),
        "what about foxes?",
        "What about foxes? (regarding Orley Wood)",
    ),
    "another object": (DOGS, "Cats?", "Can I bring cats to the Anchor Inn?"),
    "for somebody like me": (
        ("My boat broke down near Orley, how soon do I have to tell the harbour master?", "Within a day. [1]"),
        "And the insurer?",
        "My boat broke down near Orley, how soon do I have to tell the insurer?",
    ),
    "why, after no": (DOGS, "how come?", "Why can I not bring my dog to the Anchor Inn?"),
    "a day": (TENT, "Mondays too?", "Can I bring my tent on the ferry to Lunna on Mondays?"),
    "a day that has no place": (
        ("How do I get to Lunna?", "By ferry. [1]"),
        "Mondays too?",
        "Mondays too? (regarding Lunna)",
    ),
    "a remark": (HALL, "Hm, pity. And when does it close?", "When does Tarn Hall close?"),
    "a remark with a face": (PAINTED, "lovely :) how old was she?", "How old was Clara Weiss?"),
    "a sentence before": (PAINTED, "That was long ago. who owns it?", 'Who owns "Grey Morning"?'),
    "what was heard": (PAINTED, "I saw it in Leeds once. where is it now?", 'Where is "Grey Morning" now?'),
    "what is needed": (HALL, "My F3 is broken. What now?", "My F3 is broken. What now?"),
    "what it is about, before": (
        PAINTED,
        "and the other one, the big one. what is it called?",
        'What is the big one called? (regarding "Grey Morning")',
    ),
    "not the visitor's": (TENT, "who runs it?", "Who runs the ferry?"),
    "the visitor's, in the plural": (
        ("Where can I leave our bags at Tarn Hall?", "At the desk. [1]"),
        "are they safe?",
        "Are our bags safe?",
    ),
    "the name that was asked for": (
        ("What is the name of the boat to Lunna?", "It is the Petrel. [1]"),
        "who runs it?",
        "Who runs the Petrel?",
    ),
    "whose": (CLOSED, "whose idea was that", "Whose idea was that? (regarding the Anchor Inn)"),
    "why's": (CLOSED, "why's that?", "Why did the Anchor Inn close?"),
    "whats": (CLOSED, "whats it like inside", "What is the Anchor Inn like inside?"),
    "why is he": (
        ("Who is against the plan?", "Peter Lund is. [1]"),
        "why is he?",
        "Why is Peter Lund against the plan?",
    ),
    "why there": (
        ("Where did the bank give way?", "It gave way at Tarn Mill. [1]"),
        "And why there?",
        "Why did the bank give way at Tarn Mill?",
    ),
    "why not from there": (
        ("Where does the bus to Lunna leave from?", "It leaves from the church. [1]"),
        "why not from the school?",
        "Why does the bus to Lunna not leave from the school?",
    ),
    "in charge": (DIG, "What did she find?", "What did Ada Moss find?"),
    "in charge, unanswered": (
        (DIG[0], UNKNOWN),
        "Where does she work?",
        "Where does the person in charge of the Orley dig work?",
    ),
    "not of that sex": (
        ("Who did Clara Weiss stand in for in May?", UNKNOWN),
        "What was the matter with him?",
        "What was the matter with the person whom Clara Weiss stood in for in May?",
    ),
    "his mother": (MOTHER, "Where did she work?", "Where did Peter Lund's mother work?"),
    "the son": (MOTHER, "And where did he live?", "Where did Peter Lund live?"),
    "what she was": (
        ("When did Ada Moss die?", "In 1911. [1]"),
        "and her husband?",
        "When did Ada Moss's husband die?",
    ),
    "who works for whom": (
        ("Who was in charge of the study?", "A team led by Ada Lind of the University of Orley did it. [1]"),
        "Where does she work?",
        "Where does Ada Lind work?",
    ),
    "a name with a noun": (
        ("How much does the Anchor Line day pass cost?", "It is 12 euros. [1]"),
        "where can I buy it?",
        "Where can I buy the Anchor Line day pass?",
    ),
    "a name as an adjective": (
        ("What do Orley herons feed on?", "Fish. [1]"),
        "how long do they live?",
        "How long do Orley herons live?",
    ),
    "a relative clause": (
        ("When did the canal that joins the Tarn and the sea run dry?", UNKNOWN),
        "why did it?",
        "Why did the canal that joins the Tarn and the sea run dry?",
    ),
    "a place before the verb": (
        ("Where at Orley Hall were mice found?", UNKNOWN),
        "who caught them?",
        "Who caught the mice?",
    ),
    "somebody with a particle": (
        ("How big a share of the mill did Anna van Dahl buy?", "A third. [1]"),
        "For how much?",
        "For how much did Anna van Dahl buy a share of the mill?",
    ),
    "somebody whose verb is rare": (
        ("Who mends the clocks of Tarn Hall?", UNKNOWN),
        "how old is he?",
        "How old is the person who mends the clocks of Tarn Hall?",
    ),
    "a plural that opens a sentence": (
        ("Why did Corvane earn less?", "Profits fell because Corvane sold fewer boats. [1]"),
        "what will they sell instead?",
        "What will Corvane sell instead?",
    ),
    "a sum behind a name": (
        ("Who paid for the Orley tunnel?", "Tarn County Council 27 million, the state the rest. [1]"),
        "who leads it?",
        "Who leads the Orley tunnel?",
    ),
    "what somebody's role did": (
        ("How many jobs will Corvane cut?", "It will cut 90 jobs. [1]"),
        "how did the boss explain that",
        "How did the boss explain that? (regarding Corvane)",
    ),
    "who did it to whom": (PAINTED, "who looks after her house?", "Who looks after Clara Weiss's house?"),
    "whose own it may be": (PAINTED, "Who sold his house?", 'Who sold his house? (regarding "Grey Morning")'),
    "those who work there": (
        ("Who runs Halden Cycles?", "Peter Lund runs it. [1]"),
        "who are their customers?",
        "Who are Halden Cycles's customers?",
    ),
    "one by its colour": (
        ("Can I wash the black one?", "It cannot be washed. [1]"),
        "how much does it cost?",
        "How much does the black one cost?",
    ),
    "a name with its noun, around a question": (
        ("How much are the Quince Hill allotments?", "They are 48 euros. [1]"),
        "who decides?",
        "Who decides? (regarding the Quince Hill allotments)",
    ),
    "the Tarn Line is not he": (
        ("When did the Tarn Line open?", "In 1911. [1]"),
        "what is he hoping for?",
        "What is he hoping for? (regarding the Tarn Line)",
    ),
    "what the sentence before explains": (
        HALL,
        "The last part names two things. What are they?",
        "The last part names two things. What are they? (regarding Tarn Hall)",
    ),
    "what a yes or no is searched for with": (
        ("What is the name of the boat that sails while the Orley Lock bridge is shut?", "It is the Petrel. [1]"),
        "Can I take my bike?",
        "Can I take my bike? (regarding the name of the boat)",
    ),
    "one word": (ROOM, "Parking?", "Parking? (regarding the single room, the Anchor Inn)"),
    "for whom": (
        ("How much does the Orley pass cost for adults?", "14 euros. [1]"),
        "kids?",
        "How much does the Orley pass cost for kids?",
    ),
    "a year alone": (
        ("Which team won the Orley cup in 2022?", "Skarne did. [1]"),
        "2021?",
        "Which team won the Orley cup in 2021?",
    ),
    "a count beside an object": (
        ("Does the Kelda K7 have a timer?", "Yes. It has one. [1]"),
        "how many years guarantee",
        "How many years guarantee? (regarding the Kelda K7)",
    ),
    "how that is done": (
        ("What do I do when the Kelda shows F3?", "Clean the filter. [1]"),
        "how do I do that?",
        "How do I do that? (regarding the Kelda)",
    ),
    "an adverb": (
        ("How long did Ada Moss lead Voltis?", "For nine years. [1]"),
        "and before?",
        "Before? (regarding Ada Moss)",
    ),
    "what the answer begins with": (
        ("Why did Corvane close Orley Lane?", "Because of subsidence it was closed. [1]"),
        "and who told them?",
        "Who told Corvane?",
    ),
    "somebody's, without a verb": (
        ("Who found the Orley stone?", "Peter Lund found it. [1]"),
        "his wife?",
        "Who is Peter Lund's wife?",
    ),
    "what one has": (HALL, "I have a dog. Can I bring it?", "I have a dog. Can I bring it?"),
    "what if": (ROOM, "what if I lose the key", "What if I lose the key? (regarding the Anchor Inn)"),
    "what is done": (
        ("Why is smoking at the desk forbidden at Corvane?", "It caused a fire in 2021. [1]"),
        "where should I do it then?",
        "Where should I do it then? (regarding smoking, Corvane)",
    ),
    "a correction": (
        ("Can I put it in the dishwasher?", "No. The tank is washed by hand. [1]"),
        "no, I meant the drip tray",
        "Can I put the drip tray in the dishwasher?",
    ),
    "a correction of a name": (HALL, "sorry, I mean Orley Hall", "When does Orley Hall open?"),
    "a correction that asks": (HALL, "No, I mean when does it close?", "When does Tarn Hall close?"),
    "no, the other": (ROOF, "no, the copper one", "How much does a copper roof cost?"),
    "somebody's, of a name alone": (
        ("Who coaches Orley?", "Ada Moss does. [1]"),
        "and Tarn's?",
        "Who coaches Tarn?",
    ),
    "somebody's, of what is another's": (
        ("Who is Orley's coach?", "Ada Moss is. [1]"),
        "and Tarn's?",
        "Who is Tarn's coach?",
    ),
    "after an age": (
        ("Who owned the mill in the Middle Ages?", "Monks did. [1]"),
        "and after that?",
        "Who owned the mill after the Middle Ages?",
    ),
    "what his brother wanted": (
        ("What did Peter Lund want to buy?", "An engine. [1]"),
        "and his brother?",
        "What did Peter Lund's brother want to buy?",
    ),
    "how big, after whether it is the deepest": (
        ("Is Lake Tarn the deepest in the country?", "No. [1]"),
        "and how big?",
        "How big is Lake Tarn?",
    ),
    "a topic put before": (
        ROOM,
        "and the ferry, what does that cost?",
        "What does the ferry cost? (regarding the Anchor Inn)",
    ),
    "where somebody is from": (
        ("Who bought the house?", "Peter Lund, a weaver from Lunna, bought it. [1]"),
        "where was he from",
        "Where was Peter Lund from?",
    ),
    "who answers": (
        ("Who played instead of Peter Lund?", "Tom Reed played instead of him. [1]"),
        "how old is he",
        "How old is Tom Reed?",
    ),
    "who is painted": (
        ("Who painted the portrait of Louisa?", "It was painted by her cousin, Henry Moss. [1]"),
        "how old was she?",
        "How old was Louisa?",
    ),
    "what somebody first described": (
        ("Who first described the Tarn char?", "The zoologist Ada Moss described it. [1]"),
        "why did its numbers fall?",
        "Why did the Tarn char's numbers fall?",
    ),
    "whom questions go to": (
        ("Whom do I ask?", "Questions about the move should be sent to Daniel. [1]"),
        "what's his number?",
        "What is Daniel's number?",
    ),
}
KEPT = {
    "another question": (ROOM, "Is there a lift?", "Is there a lift?"),
    "another thing": (ROOM, "When does the museum in Leeds open?", "When does the museum in Leeds open?"),
    "another bridge": (ROOM, "Where is the Tolland Lock bridge?", "Where is the Tolland Lock bridge?"),
    "a code of its own": (ROOM, "What does F3 mean?", "What does F3 mean?"),
    "a colour of its own": (
        ROOM,
        "What does the red lamp of the Kelda mean?",
        "What does the red lamp of the Kelda mean?",
    ),
}


def asked(before, question):
    roles = zip(("user", "assistant"), before, strict=True)
    return standalone(without_courtesy(question), [Message(role=role, content=content) for role, content in roles])


@pytest.mark.parametrize(("before", "question", "expected"), CHAT.values(), ids=CHAT.keys())
def test_a_follow_up_as_it_is_typed(before, question, expected):
    assert asked(before, question) == expected


@pytest.mark.parametrize(("before", "question", "expected"), KEPT.values(), ids=KEPT.keys())
def test_what_stands_alone_is_kept(before, question, expected):
    assert asked(before, question) == expected


def said(*contents):
    return [Message(role=("user", "assistant")[i % 2], content=content) for i, content in enumerate(contents)]


def test_what_a_contrast_brought_in_is_what_it_means():
    before = said("How long is the ferry ride to Lunna?", "Four hours. [1]", "And by helicopter?", "Half an hour. [1]")
    assert standalone("Does it fly in winter?", before) == "Does the helicopter fly in winter?"


def test_a_code_is_put_in_place_of_the_one_of_an_earlier_question():
    before = said("What does error F3 mean?", "The filter is full. [1]", "What do I do then?", "Clean it. [1]")
    assert standalone("And F7?", before) == "What does error F7 mean?"


def test_who_was_called_he_is_not_she():
    before = said("Who taught Clara Weiss?", UNKNOWN, "Where did he live?", UNKNOWN)
    assert standalone("And when was she born?", before) == "When was Clara Weiss born?"


def test_a_question_is_never_just_asked_again():
    before = said("How much would oak beams cost?", "90 euros. [1]")
    assert standalone("and beams?", before) != before[0].content


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("Why shouldn't the tar pit be filled?", "Who's paying?", "Who is paying? (regarding the tar pit)"),
        ("Why is the clay pit so narrow?", "Who dug it?", "Who dug the clay pit?"),
    ],
)
def test_a_verb_that_denies_or_how_something_is_is_no_part_of_its_name(before, question, expected):
    assert standalone(question, said(before, UNKNOWN)) == expected


def test_somebody_is_not_it():
    before = said("Who was the oldest person to finish the Tarn race?", "Stan Brand, 79, ran his fiftieth race. [1]")
    assert standalone("How often has he run it?", before) == "How often has Stan Brand run the Tarn race?"


def test_nothing_is_named_twice_for_one_pronoun():
    before = said("Who is on the main stage at the Tarn Sound Festival on Friday?", UNKNOWN)
    assert standalone("And after them?", before) == "After them? (regarding the Tarn Sound Festival)"

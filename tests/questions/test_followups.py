import pytest

from rag.questions import analyse
from rag.questions.followups import MAX_HISTORY, MAX_QUESTION, refers_back, standalone
from rag.questions.followups.names import names_in
from rag.schema import Message

CHIPS = (
    "How many chips will Nvidia supply?",
    "US chip giant Nvidia will supply more than 260,000 of its most advanced AI chips to South Korea's government, as "
    "well as Samsung, LG, and Hyundai. [1]",
)
HEAD = (
    "Who is Nvidia's CEO?",
    "'South Korea can now produce intelligence as a new export,' said CEO Jensen Huang. [1]",
)
WISH = (
    "Does Huang want to go back to the Chinese market?",
    "Yes. Huang affirmed his interest in the Chinese market. [1]",
)
LINE = ("When did the Tarn Line reopen?", "The Tarn Line reopened at 6.14 a.m. on Monday. [1]")
FLOOD = ("How many people died in the 2019 flood?", "Two people died and 640 had to leave their homes. [1]")
RESCUER = (
    "Who saved Skerry Aerospace from going under?",
    "Possibly: It was rescued by the Dutch investor Marijke van Houten, who bought 40 per cent of the shares. [1]",
)
SELLER = (
    "Which company sells the 140,000 processors to Vietnam?",
    "Tessaly Devices, a Canadian company, will sell 140,000 processors to Vietnam. [1]",
)
CRASH = ("Where did the ferry Astrid crash?", "The ferry Astrid hit the pier at Skarvik on Thursday. [1]")
PAIR = ("Who are the two wardens?", "The wardens are Anna Lund and Piet Maas. [1]")
BANKS = ("When was the Brynmoor founded?", "The Brynmoor was founded in 1862 by quarrymen. [1]")
MASTER = ("Who is the ferry's captain?", "The ferry's captain is Arne Lund. [1]")
CLOSED = ("Why was the hall closed?", "The hall closed in February 2023, when cracks were found. [1]")
SPEAKING = ("Where was it announced?", "Speaking at a summit in Gyeongju, Huang highlighted the deal. [1]")
SILENT = ("Who was the captain of the ferry Astrid?", "The texts do not say.")
HURT = ("Was anyone hurt in the fire?", "Yes. Two people were hurt in the fire at Hob's Nose. [1]")

DIRECTOR = ("Who is the director of the museum?", "The director, Moira Penhallow, wants to open on Mondays too. [1]")
TICKET = ("How much is a ticket to the museum?", "A ticket costs 12 euros. [1]")
MERGED = ("Which two companies merged in 2021?", "Brynmoor and Aldous merged in 2021. [1]")
SUMMIT = ("Which countries took part in the summit?", "Norway, Sweden and Finland took part in the summit. [1]")
PROFIT = ("Did Corvane make a profit last year?", "Yes. Corvane made a profit of 3 billion dollars last year. [1]")
RAILWAY = ("Is the railway to Ansley open?", "No. The railway to Ansley is cut at Sorrel Halt. [1]")
COUNTED = (
    "According to the Herald, how many pupils fell ill?",
    "Seventeen pupils fell ill at St Cuthman's School. [1]",
)
CHIEF = ("Who is Jensen Huang?", "'It is a new export for Korea,' said Nvidia CEO Jensen Huang. [1]")
OPEN = ("When does the library open on Saturday?", "It opens at 10 a.m. on Saturday. [1]")
GROUP = ("Who opposes the plan?", "The Wend Residents' Group opposes the plan. [1]")
COMPLETED = ("When will the takeover be completed?", "The takeover should be completed by July. [1]")
FOUNDED = ("When was the choir founded?", "The choir was founded in May. [1]")

CASTLE = ("When is the castle open in winter?", "The castle is open until 4 pm in winter. [1]")
PRESENT = ("Who is the treasurer?", "Present: Dev Chatterjee (treasurer), Moira Flynn (secretary) and two others. [1]")
RENT = ("How much is the rent?", "The rent is 800 euros. [1]")
FLASH = ("What does a slow flash mean?", "A slow flash means that the tank is empty. [1]")
SITES = ("How many females were found at the dark sites?", "Seventy were found at the dark sites. [1]")
LED = (
    "Who led the expedition to the Pamirs?",
    "She joined an expedition to the Pamir Mountains; its leader, Karl Brandt, had refused to take her. [1]",
)
MARRIED = ("Who did Ingeborg Lind marry?", "There she met the chemist Anton Kobal, whom she married. [1]")
SHARE = ("How big a share of the company did Marijke buy?", "Marijke bought 40 per cent of the company. [1]")
BOUGHT = ("Where does Haneul Robotics buy its chips?", "Haneul Robotics buys its chips from Tessaly. [1]")

CAT = ("Can I keep a cat?", "Yes. A cat may be kept if the landlord agrees. [1]")
SAUNA = ("Is there a sauna?", "Yes. There is a sauna in the cellar. [1]")
WALLS = ("Can the tenant paint the walls?", "No. The walls must stay white. [1]")
COACH = ("Who will coach the juniors?", "Lena Fisk will coach the juniors. [1]")

REWRITTEN = {
    "another thing of mine": (CAT, "And a dog?", "Can I keep a dog?"),
    "another thing that is there": (SAUNA, "And a pool?", "Is there a pool?"),
    "a subject": (WALLS, "And the guest?", "Can the guest paint the walls?"),
    "of two things": (
        ("Do I need a ticket for a dog?", "Yes. Dogs need a ticket. [1]"),
        "And a bike?",
        "A bike? (regarding the ticket)",
    ),
    "a verb not known": (COACH, "Since when?", "Since when will Lena Fisk coach the juniors?"),
    "another subject, with what is said of it": (
        CASTLE,
        "What about the museum?",
        "When is the museum open in winter?",
    ),
    "the name before its role in brackets": (PRESENT, "What did he report?", "What did Dev Chatterjee report?"),
    "it, behind what happens": (RENT, "What happens if we pay it late?", "What happens if we pay the rent late?"),
    "another one": (FLASH, "And a fast one?", "What does a fast flash mean?"),
    "any of them, without a verb": (
        FLOOD,
        "Any of them at sea?",
        "Were any of the people who died in the 2019 flood at sea?",
    ),
    "what about it, then the question": (
        CHIEF,
        "And what about the granola now, how many bags is it?",
        "How many bags is the granola? (regarding Jensen Huang)",
    ),
    "what about somebody's": (
        TICKET,
        "What about the mayor, what is his name?",
        "What is the mayor's name? (regarding the ticket)",
    ),
    "what about it, who said that": (
        TICKET,
        "What about the director, who said that he left?",
        "Who said that the director left? (regarding the ticket)",
    ),
    "what about it, then another thing": (
        TICKET,
        "What about the museum, when does the shop open?",
        "When does the shop open? (regarding the museum)",
    ),
    "what about it, standing alone then": (
        CHIEF,
        "What about the granola of Oatfield, how many bags is it?",
        "How many bags is the granola of Oatfield?",
    ),
    "what about it, is it": (
        TICKET,
        "What about the castle, is it open?",
        "Is the castle open? (regarding the ticket)",
    ),
    "other ones": (SITES, "And at the lit ones?", "How many females were found at the lit sites?"),
    "him, no place": (LED, "What happened to him?", "What happened to Karl Brandt?"),
    "he, behind a woman's name": (MARRIED, "What did he die of?", "What did Anton Kobal die of?"),
    "for how much, of a share": (SHARE, "For how much?", "For how much did Marijke buy a share of the company?"),
    "another one, of the subject": (
        ("Who built the stone bridge over the river?", "Ada Moss built the stone bridge over the river. [1]"),
        "And the wooden one?",
        "Who built the wooden bridge over the river?",
    ),
    "he, with a daughter": (
        ("Who is Karl Brandt?", "Karl Brandt is the father of Clara Weiss; she became a chemist. [1]"),
        "When did he die?",
        "When did Karl Brandt die?",
    ),
    "somebody to whom it was sent": (
        ("Who received the letter?", "The letter was sent to Clara Weiss. [1]"),
        "What did she do?",
        "What did Clara Weiss do?",
    ),
    "why not at another time": (
        ("Why is the library not open in winter?", "The library is not open in winter, as it is cold. [1]"),
        "Why not in summer?",
        "Why is the library not open in summer?",
    ),
    "why not elsewhere": (
        BOUGHT,
        "Why not from Corvane?",
        "Why does Haneul Robotics not buy its chips from Corvane?",
    ),
    "them, in the question itself": (
        FOUNDED,
        "What do the robots have on them since then?",
        "What do the robots have on them since May?",
    ),
    "what was counted, behind the source": (
        COUNTED,
        "How many of them recovered?",
        "How many of the pupils that fell ill recovered?",
    ),
    "there, a school with its owner": (COUNTED, "Who teaches there?", "Who teaches at St Cuthman's School?"),
    "of what, behind who is": (CHIEF, "Of what company?", "Of what company is Jensen Huang?"),
    "another day": (OPEN, "And Sunday?", "When does the library open on Sunday?"),
    "what about another day": (OPEN, "What about Friday?", "When does the library open on Friday?"),
    "they, a body with its owners": (GROUP, "What do they want?", "What does the Wend Residents' Group want?"),
    "what nothing completes": (OPEN, "Who did?", "Who did? (regarding the library)"),
    "then, a bound": (COMPLETED, "Who leaves the bank then?", "Who leaves the bank by July?"),
    "then, a month behind since": (FOUNDED, "Who has led it since then?", "Who has led the choir since May?"),
    "he, of the answer": (HEAD, "What does he hope for?", "What does Jensen Huang hope for?"),
    "he, of the question": (WISH, "So what is he hoping for?", "What is Huang hoping for?"),
    "she, of the answer": (RESCUER, "How much did she put in?", "How much did Marijke van Houten put in?"),
    "she, where nothing was answered": (
        SILENT,
        "How much experience does she have?",
        "How much experience does the captain of the ferry Astrid have?",
    ),
    "it, the subject": (LINE, "How long is it?", "How long is the Tarn Line?"),
    "it, behind a preposition": (LINE, "Who paid for it?", "Who paid for the Tarn Line?"),
    "it, the company that was asked for": (SELLER, "Who runs it?", "Who runs Tessaly Devices?"),
    "its, twice": (
        SELLER,
        "And how does it rank among the companies of its own country?",
        "How does Tessaly Devices rank among the companies of its own country?",
    ),
    "they, what was counted": (FLOOD, "Who were they?", "Who were the people who died in the 2019 flood?"),
    "it and them": (CHIPS, "Why does it sell them?", "Why does Nvidia sell the chips?"),
    "there": (CRASH, "Who lives there?", "Who lives at Skarvik?"),
    "then": (BANKS, "Who was king then?", "Who was king in 1862?"),
    "to whom": (CHIPS, "And to whom?", "To whom will Nvidia supply chips?"),
    "to which": (CHIPS, "To which countries?", "To which countries will Nvidia supply chips?"),
    "when": (CHIPS, "when?", "When will Nvidia supply chips?"),
    "why, after yes or no": (WISH, "Why?", "Why does Huang want to go back to the Chinese market?"),
    "why, after who": (RESCUER, "Why?", "Why was Skerry Aerospace saved from going under?"),
    "who else": (RESCUER, "Who else?", "Who else saved Skerry Aerospace from going under?"),
    "who, after anyone": (HURT, "Who?", "Who was hurt in the fire?"),
    "how many, after anyone": (HURT, "How many?", "How many people were hurt in the fire?"),
    "how many, without a noun": (FLOOD, "How many were evacuated?", "How many people were evacuated?"),
    "another year": (FLOOD, "And in 2023?", "How many people died in the 2023 flood?"),
    "another name": (CHIPS, "And AMD?", "How many chips will AMD supply?"),
    "another name with an article": (BANKS, "What about the Aldous?", "When was the Aldous founded?"),
    "an attribute": (CHIPS, "What about the price?", "What is the price of the chips from Nvidia?"),
    "the second one": (PAIR, "Where does the second one live?", "Where does Piet Maas live?"),
    "the former": (PAIR, "How old is the former?", "How old is Anna Lund?"),
    "that company": (SELLER, "Where is that company at home?", "Where is Tessaly Devices at home?"),
    "it, part of a phrase": (DIRECTOR, "Is it open on Mondays?", "Is the museum open on Mondays?"),
    "a possessive alone": (DIRECTOR, "And her deputy?", "Who is Moira Penhallow's deputy?"),
    "for others": (TICKET, "And for children?", "How much is a ticket to the museum for children?"),
    "others": (TICKET, "What about families?", "How much is a ticket to the museum for families?"),
    "both of them": (
        MERGED,
        "How many people do they employ?",
        "How many people do Brynmoor and Aldous employ?",
    ),
    "the first": (MERGED, "When was the first founded?", "When was Brynmoor founded?"),
    "the other one": (MERGED, "Where is the other one based?", "Where is Aldous based?"),
    "doing it": (MERGED, "Why did they do it?", "Why did Brynmoor and Aldous merge in 2021?"),
    "they, all that were named": (SUMMIT, "Why did they meet?", "Why did Norway, Sweden and Finland meet?"),
    "who else, after which": (SUMMIT, "Who else?", "Who else took part in the summit?"),
    "another time": (PROFIT, "And the year before?", "Did Corvane make a profit the year before?"),
    "how much, of what was made": (PROFIT, "How much?", "How much profit did Corvane make last year?"),
    "why not": (RAILWAY, "Why not?", "Why is the railway to Ansley not open?"),
    "what's for what does": (MASTER, "What's he say?", "What does Arne Lund say?"),
    "what's for what is": (MASTER, "What's he accused of?", "What is Arne Lund accused of?"),
    "a date is not what costs": (CLOSED, "How much did it cost?", "How much did the hall cost?"),
    "what is put out": (HURT, "How did the firefighters put it out?", "How did the firefighters put the fire out?"),
    "who speaks, not the speaking": (SPEAKING, "What else did he say?", "What else did Huang say?"),
    "that happened": (CRASH, "Why did that happen?", "Why did the ferry Astrid crash?"),
}


def history(*turns):
    return [
        Message(role=role, content=content)
        for turn in turns
        for role, content in zip(("user", "assistant"), turn, strict=True)
    ]


@pytest.mark.parametrize(("before", "question", "expected"), REWRITTEN.values(), ids=REWRITTEN.keys())
def test_a_follow_up_becomes_a_question_that_stands_alone(before, question, expected):
    assert refers_back(question)
    assert standalone(question, history(before)) == expected


ALONE = {
    "another topic": "Where was the APEC summit held?",
    "existential there": "Is there a museum shop?",
    "it and the weather": "What did the mayor of Leiden say about it raining?",
    "it that waits for its clause": "Is it true that Nvidia sold the chips?",
    "how long it takes": "How long does it take to build a chip factory?",
    "what has become harder": "Has it become harder for Nvidia to reach customers in China?",
    "what is cheaper to do": "Would it be cheaper to build the chips in Korea?",
    "a pronoun bound in the question": "What did Huang do when he lost market share?",
    "a possessive bound in the question": "Which company moved its factory?",
    "that before a clause": "Who says that the deal with Nvidia is good?",
    "the second of something named": "What did the second test of the Torrey Cells show?",
    "an overview": "What is it about?",
    "another overview": "summarise it",
    "a polite change of topic": "Thanks. Different question: what is Nvidia valued at now?",
    "a name": "Who is Jensen Huang?",
    "a possessive bound by an acronym": "Why did LG cancel its order?",
    "a verb in its base form": "Which companies get chips?",
    "the weather": "Is the weather good enough to sail on a Sunday?",
    "a possessive bound by a name": "How many hens does the keeper Maren Tofte keep on her island?",
    "it that is put into words": "How does Huang put it about losing market share?",
    "it and the cold": "How cold was it in Leiden on the coldest night?",
}


@pytest.mark.parametrize("question", ALONE.values(), ids=ALONE.keys())
def test_a_question_that_stands_alone_is_left_as_it_is(question):
    assert not refers_back(question)
    assert standalone(question, history(CHIPS)) == question


LEANING = {
    "a definite noun": ("What was the cause?", "What was the cause? (regarding the Tarn Line)"),
    "hardly a word": ("When do repairs begin?", "When do repairs begin? (regarding the Tarn Line)"),
    "what goes on": ("thanks, and until when can one book", "Until when can one book? (regarding the Tarn Line)"),
    "some of those": ("How many of these go to Leiden?", "How many of these go to Leiden? (regarding the Tarn Line)"),
}


@pytest.mark.parametrize(("question", "expected"), LEANING.values(), ids=LEANING.keys())
def test_what_leans_on_the_topic_is_searched_for_with_it_and_read_without(question, expected):
    asked = standalone(question, history(LINE))
    assert asked == expected
    assert analyse(asked).asked == expected.removesuffix(" (regarding the Tarn Line)")


def test_a_deal_is_not_the_firm_that_was_named_in_small_letters():
    before = ("How many chips is nvidia selling?", "Nvidia will supply more than 260,000 chips. [1]")
    assert "nvidia worth" not in standalone("how much is the deal worth?", history(before))


def test_the_topic_of_a_question_that_leans_is_that_of_the_one_before():
    assert standalone("Who paid?", history(LINE, ("What was the cause?", "The texts do not say."))) == (
        "Who paid? (regarding the Tarn Line)"
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("It was -3.1 C at Highmoor.", ["Highmoor"]),
        ("Seventeen of them fell ill.", []),
        ("Meeting rooms must be booked.", []),
        ("Nvidia's Huang spoke at St Cuthman's School.", ["Nvidia", "Huang", "St Cuthman's School"]),
    ],
)
def test_what_is_a_name(text, names):
    assert [mention.text for mention in names_in(text)] == names


def test_without_history_nothing_is_changed():
    assert standalone("And why?", []) == "And why?"


def test_a_follow_up_to_a_follow_up_is_of_the_first_question():
    turns = history(CHIPS, ("And to whom?", "The texts do not say."))
    assert standalone("Why?", turns) == "Why will Nvidia supply chips?"


def test_after_a_change_of_topic_the_new_one_counts():
    assert standalone("Who built it?", history(CHIPS, LINE)) == "Who built the Tarn Line?"


def test_only_the_latest_messages_count():
    empty = ("Is there a museum shop?", "The texts do not say.")
    assert standalone("Who runs it?", history(CHIPS, *[empty] * (MAX_HISTORY // 2))) != "Who runs Nvidia?"


def test_an_abstention_brings_in_no_name():
    assert "texts" not in standalone("What does she say?", history(SILENT))


def test_what_cannot_be_completed_keeps_the_topic():
    asked = standalone("Who says that may be chance?", history(LINE))
    assert asked == "Who says that may be chance? (regarding the Tarn Line)"


@pytest.mark.parametrize(
    "question", ["?", "And?", "the", "it", "And the?", "Who's", "How many", "of", "\N{GRINNING FACE}", "why " * 200]
)
def test_odd_questions_are_taken(question):
    assert standalone(question, history(CHIPS))


def test_a_long_question_stands_alone():
    question = "it " * MAX_QUESTION
    assert standalone(question, history(CHIPS)) == question


@pytest.mark.parametrize("content", ["", "?", "[1]", "Yes. ", "\N{GRINNING FACE}", "It is.", "a" * 10_000])
def test_odd_histories_are_taken(content):
    assert standalone(
        "Who runs it?", [Message(role="user", content=content), Message(role="assistant", content=content)]
    )


def test_nobody_and_today_are_no_names():
    assert [m.text for m in names_in("Nobody was hurt. Today it is owned by Ansel Optik.")] == ["Ansel Optik"]

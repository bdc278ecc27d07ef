"""What was said before, and what of it a follow-up means."""

import pytest

from rag import Message
from rag.questions.followups import standalone

FOUNDERS = ("Who founded Halden Cycles?", "The engineer Ingrid Halden and her former classmate Peter Lund founded it.")
TALKS = {
    "a contraction before": (
        ["What's the new rent?", "The new rent is 700 euros."],
        "Why isn't it higher?",
        "Why isn't the new rent higher?",
    ),
    "an adverb before": (
        ["Who is leaving?", "Finally, our caretaker, Bill Trent, leaves."],
        "When did he come?",
        "When did Bill Trent come?",
    ),
    "an adjective before": (["Why was Marian late?", ""], "Where did she sleep?", "Where did Marian sleep?"),
    "worth": (["What is Nvidia worth?", ""], "Who runs it?", "Who runs Nvidia?"),
    "what somebody made": (
        ["Who built the tower?", "It was the work of Henry Winstanley."],
        "When was it lit?",
        "When was the tower lit?",
    ),
    "who made something": (
        ["Who makes the chips?", "Nvidia makes them."],
        "Where is it based?",
        "Where is Nvidia based?",
    ),
    "two founders": ([*FOUNDERS], "Where did they meet?", "Where did Ingrid Halden and Peter Lund meet?"),
    "thanks between": (
        [*FOUNDERS, "thanks!", "You are welcome. I answer questions about “History”."],
        "And when?",
        "When was Halden Cycles founded?",
    ),
    "an ok between": (
        [*FOUNDERS, "ok", "I answer questions about “History”."],
        "And when?",
        "When was Halden Cycles founded?",
    ),
    "small talk for long": (
        [*FOUNDERS, *(words for said in ("thanks!", "ok", "great", "") for words in (said, "You are welcome."))],
        "And when?",
        "When was Halden Cycles founded?",
    ),
    "what has the price": (
        ["What is the price of the HearthOne?", "It costs 4,900 euros."],
        "When can I buy it in Belgium?",
        "When can I buy the HearthOne in Belgium?",
    ),
    "who was born": (
        ["When was Ida Adeyemi-Holt born?", "She was born in 1921 to the engineer Samuel Adeyemi."],
        "What did her father do?",
        "What did Ida Adeyemi-Holt's father do?",
    ),
    "another period": (
        ["How much is a bike per day?", "A bike is 32 euros a day."],
        "and for a week?",
        "How much is a bike per week?",
    ),
    "an hour": (["How much is a bike an hour?", "5 euros."], "and for a day?", "How much is a bike a day?"),
    "what rose is the price": (
        ["What is the price of the bike?", "It is 300 euros."],
        "Why did it rise?",
        "Why did the price of the bike rise?",
    ),
    "what is made": (["What is made in Tarn?", "Cheese."], "And in Lyon?", "What is made in Lyon?"),
    "her husband": (
        ["Who does the accounts?", "My husband Daniel does the accounts."],
        "Does she pay him?",
        "Does she pay Daniel?",
    ),
    "her firm": (
        ["Who leads Kestrel?", "Ingrid Valdane, chief executive of Kestrel Marine, said so."],
        "Where was she born?",
        "Where was Ingrid Valdane born?",
    ),
    "or a verb": (["Did Quarrie teach?", ""], "Or perform?", "Did Quarrie perform?"),
    "or something else to do": (
        ["Did Quarrie keep giving concerts?", ""],
        "Or composing?",
        "Did Quarrie keep composing?",
    ),
    "a preposition left over": (["What did Quarrie die of?", ""], "Where?", "Where did Quarrie die?"),
    "work as a noun": (["When does the roof work start?", ""], "Who does it?", "Who does the roof work?"),
    "another of several": (
        ["Who won the single sculls at Berwick?", ""],
        "And the men's four?",
        "Who won the men's four at Berwick?",
    ),
}


@pytest.mark.parametrize(("before", "asked", "standing"), TALKS.values(), ids=TALKS.keys())
def test_what_was_said_before(before, asked, standing):
    roles = ("user", "assistant")
    said = [Message(role=roles[i % 2], content=content) for i, content in enumerate(before) if content]
    assert standalone(asked, said) == standing

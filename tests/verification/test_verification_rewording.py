"""Statements in other words than their source's, each beside one that is wrong: only the first passes."""

import pytest

from rag.verification import contradiction
from tests.verification.test_verification import pairs

DERIVED = (
    "Revenue slid from €24 million to €21 million. The club has 72 members, 48 of whom voted. Attendance was 1,840,"
    " compared with 1,610 before. The bus carried 500 people, and now carries twice as many."
)
DATED = (
    "Work began in 1987 and ended in 1998. On 17 August the road closed; it reopened two days later. Version 9 is due"
    " in the second quarter of 2025. Fees are due on 31 December. It erupted on Tuesday and flights resumed on Friday."
)
TAKEN = "The tablets may be taken, but never within two hours of food. The trail climbs 850 metres over 9 km."


def assert_told_apart(source, faithful, corrupted, reason):
    """The faithful statement passes, the corrupted one is found for that reason."""
    assert contradiction(faithful, [source]) is None
    found = contradiction(corrupted, [source])
    assert found is not None
    assert reason in found.reason


@pytest.mark.parametrize(
    ("source", "faithful", "corrupted", "reason"),
    pairs(
        ("difference", DERIVED, "Revenue fell by €3 million.", "Revenue fell by €4 million.", "€4 million"),
        ("share", DERIVED, "Two thirds of the 72 members voted.", "Three quarters of the 72 members voted.", "Three"),
        ("more", DERIVED, "Attendance was 230 more.", "Attendance was 330 more.", "330"),
        ("twice", DERIVED, "The bus now carries 1,000 people.", "The bus now carries 1,200 people.", "1,200"),
        ("by a part", DERIVED, "Revenue slid by an eighth.", "Revenue slid by a fifth.", "fifth"),
        (
            "years",
            DATED,
            "Work ended eleven years after it began.",
            "Work ended twelve years after it began.",
            "twelve",
        ),
        ("weekdays", DATED, "Flights resumed three days later.", "Flights resumed four days later.", "four days"),
        ("named day", DATED, "Fees are due on New Year's Eve.", "Fees are due on Christmas Eve.", "24 Dec"),
        (
            "hour in words",
            "It leaves at 18:45.",
            "It leaves at a quarter to seven.",
            "It leaves at half past six.",
            "6:30",
        ),
        ("list", "It won in 1991, 1994 and 2003.", "It won three times.", "It won four times.", "four"),
        (
            "rounded",
            "61.2 percent backed it.",
            "Just over 61 percent backed it.",
            "Just over 65 percent backed it.",
            "65",
        ),
        ("percent", "33 percent agreed.", "A third of them agreed.", "A half of them agreed.", "half"),
        ("part", "About a third is woodland.", "One third is woodland.", "Two thirds are woodland.", "Two thirds"),
        (
            "nine of",
            "The team dug 31 graves, seven of children, in nine weeks.",
            "Seven children's graves were dug.",
            "Nine children's graves were dug.",
            "Nine",
        ),
        (
            "a day and a half",
            "It took 36 hours.",
            "It took a day and a half.",
            "It took two and a half days.",
            "two and",
        ),
        ("half a dozen", "Six came.", "Half a dozen came.", "A dozen came.", "dozen"),
        (
            "rate",
            "It thins 1.1 metres a year.",
            "Each year it thins by 1.1 metres.",
            "It thins 1.1 metres a decade.",
            "of a decade",
        ),
        (
            "yet to",
            "Morel has yet to find a buyer.",
            "Morel has not found a buyer.",
            "Morel has found a buyer.",
            "opposite",
        ),
        (
            "un-",
            "The strike was not called off.",
            "The strike went uncancelled.",
            "The strike was called off.",
            "opposite",
        ),
        (
            "stayed away",
            "Most drivers stayed away from work.",
            "Most drivers did not turn up for work.",
            "Most drivers turned up for work.",
            "opposite",
        ),
        (
            "few",
            "Few witnesses could describe him.",
            "Few of the witnesses could describe him.",
            "Many witnesses could describe him.",
            '"few"',
        ),
        (
            "the most",
            "It was the most watched film of the year.",
            "No film was watched more that year.",
            "It was the least watched film of the year.",
            '"most"',
        ),
        (
            "except",
            "The battery cannot be replaced. All other parts can be replaced.",
            "Apart from its battery, every part can be replaced.",
            "The battery can be replaced.",
            "opposite",
        ),
        (
            "without her",
            "The debate will go ahead without her.",
            "The debate will go ahead in her absence.",
            "The debate will not go ahead.",
            "opposite",
        ),
        (
            "declined",
            "The actor declined the award.",
            "The actor did not accept the award.",
            "The actor accepted the award.",
            "opposite",
        ),
        (
            "agent",
            "The server sends a token to the client. The server closes the connection.",
            "The connection is closed by the server.",
            "The client closes the connection, not the server.",
            "exchanges",
        ),
        (
            "two agents",
            "The comet was discovered by Ana Solis and Kenji Mori.",
            "Ana Solis and Kenji Mori discovered the comet.",
            "The comet discovered Kenji Mori.",
            "exchanges",
        ),
        (
            "sued by",
            "The union sued Corvane Homes over damp.",
            "Corvane Homes, sued over damp by the union, lost.",
            "Corvane Homes sued the union over damp.",
            "exchanges",
        ),
        (
            "pushed up",
            "Prices rose because of poor harvests.",
            "Poor harvests pushed prices up.",
            "Strong demand pushed prices up, they rose.",
            "do not name this cause",
        ),
        (
            "cause unknown",
            "After the bypass opened, shops lost customers. No study has established the reason.",
            "Shops lost customers after the bypass opened.",
            "Shops lost customers because the bypass opened.",
            "unknown",
        ),
        (
            "what made",
            "The engine failed because its oil filter was blocked.",
            "What made the engine fail was a blocked filter.",
            "What made the engine fail was a lack of fuel.",
            "cause",
        ),
    ),
)
def test_what_follows_passes_and_what_does_not_is_found(source, faithful, corrupted, reason):
    assert_told_apart(source, faithful, corrupted, reason)


@pytest.mark.parametrize(
    ("source", "faithful", "corrupted", "reason"),
    pairs(
        (
            "over a stretch",
            TAKEN,
            "The trail gains 850 metres in 9 km.",
            "The trail gains at least 850 metres.",
            "limit",
        ),
        ("never within", TAKEN, "At least two hours must pass.", "At most two hours must pass.", '"at least"'),
        ("inside", "Use it within six hours.", "It has to be used inside six hours.", "Use it after six hours.", "six"),
        (
            "heavier",
            "Lorries over 3.5 tonnes must pay.",
            "Lorries heavier than 3.5 tonnes must pay.",
            "Lorries lighter than 3.5 tonnes must pay.",
            "3.5",
        ),
        (
            "is to be",
            "The line is to be extended to Orlo.",
            "The line will be extended to Orlo.",
            "The line has been extended to Orlo.",
            '"is to"',
        ),
        (
            "a country",
            "In the province, unemployment fell.",
            "Unemployment in the province fell.",
            "Unemployment in the country fell.",
            "of country",
        ),
        (
            "may not",
            "Visitors may not touch the vases.",
            "Visitors must not touch the vases.",
            "Visitors touch the vases.",
            "opposite",
        ),
    ),
)
def test_a_limit_in_other_words_passes_and_another_limit_is_partial(source, faithful, corrupted, reason):
    assert_told_apart(source, faithful, corrupted, reason)

import unicodedata

import pytest

from rag.reading.similarity import SimilarityPicker
from rag.reading.trained import load_picker
from rag.verification import SAYS, Finding, Verifier, contradiction
from rag.verification.dates import moments
from rag.verification.names import is_name
from rag.verification.numerals import numerals
from rag.verification.quantities import quantities
from tests.fakes import FakePicker

FERRY = "The ferry Astrid carries 420 passengers and 85 cars. It was built in Gdansk in 2008."
OBJECTIONS = "The council received 1,250 objections, more than double the 600 it had expected."
BRIDGE = "The bridge was closed in the early 1990s and reopened on 1 May 1997 at 9.30 a.m."
LOAN = "At 4.5% a year, the loan amounts to $80 million and runs for 12 months."
PRIZE = "Leena Koskinen of the Polish firm Zdrojex won the Halvard Prize, the World Health Organization says."
WINS = "Hannah Price beat Mia Sorensen 3-1 in the final. Sorensen had lent Price a racket."
DENIALS = (
    "The vaccine did not cause serious side effects. The bank has no plans to close branches, but it will cut hours."
)
SAYINGS = (
    '"We were lucky," said the pilot, Greta Holm. The mechanic, Ivan Petkov, called the landing "a small miracle".'
)
LIMITS = "The drug may lower the risk of a stroke. Some of the patients reported headaches, at least 30 had to stop."
CAUSES = (
    "It had rained all day, but the match was called off because the lights failed. Later the club sold its ground."
)


def pairs(*rows):
    """(id, source, statement[, words of the reason]) as parameters with ids."""
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


@pytest.mark.parametrize(
    ("source", "statement"),
    pairs(
        ("digits for words", "Three of the eleven plants closed.", "3 of the 11 plants closed."),
        ("words for digits", FERRY, "The Astrid takes four hundred and twenty passengers."),
        ("thousands", "About 12,500 people came.", "About 12.5 thousand people came."),
        ("a fraction for a percentage", "Sales grew by a quarter.", "Sales grew by 25%."),
        ("twice for double", OBJECTIONS, "There were 1,250 objections, over twice as many as the 600 expected."),
        ("a date turned round", BRIDGE, "On May 1, 1997 the bridge reopened."),
        ("a month early in its year", "It closed in February 2023.", "It shut in early 2023."),
        ("a time without its half", BRIDGE, "The bridge reopened at 9:30 on 1 May 1997."),
        ("afternoon in 24 hours", "It starts at 19:30.", "It starts at 7.30 p.m."),
        ("the same year", "It opened in May 2019 and closed in June of the same year.", "It closed in June 2019."),
        ("a unit spelled out", "The path runs for 23 km.", "The path runs for 23 kilometres."),
        ("another unit of the family", "It weighs 1.5 kg.", "It weighs 1,500 grams."),
        ("money spelled out", LOAN, "The loan of 80 million dollars runs for a year."),
        ("a range", "Store it at 2–8 °C.", "It is stored at between 2 and 8 degrees Celsius."),
        ("a surname alone", PRIZE, "Koskinen won the Halvard Prize."),
        ("a people for its country", PRIZE, "Zdrojex is a firm from Poland."),
        ("initials", PRIZE, "The WHO said that Koskinen won the Halvard Prize."),
        ("a common word first", PRIZE, "Physicists admire the Halvard Prize."),
        ("a part of a quotation", SAYINGS, 'Petkov spoke of a "small miracle".'),
        ("active for passive", WINS, "Mia Sorensen was beaten 3-1 by Hannah Price."),
        ("lost to for beat", WINS, "Mia Sorensen lost the final 3-1 to Hannah Price."),
        ("borrowed for lent", WINS, "Price had borrowed a racket from Sorensen."),
        ("shorter for longer", "The Amber is longer than the Teel.", "The Teel is shorter than the Amber."),
        ("no for not", DENIALS, "There were no serious side effects of the vaccine."),
        ("another clause denied", DENIALS, "The bank will cut hours."),
        ("double negation", "Members without a card will not get in.", "Members need a card to get in."),
        ("possible for may", LIMITS, "It is possible that the drug lowers the risk of a stroke."),
        ("thirty or more", LIMITS, "Thirty or more patients had to stop."),
        ("the same cause", CAUSES, "The failing lights were the reason why the match was called off."),
        ("a cause in one clause", "Heavy snow closed the schools.", "The schools closed because of heavy snow."),
    ),
)
def test_a_paraphrase_passes_every_rule(source, statement):
    assert contradiction(statement, [source]) is None


@pytest.mark.parametrize(
    ("source", "statement", "reason"),
    pairs(
        ("a month not late in its year", "It closed in February 2023.", "It shut in late 2023.", "do not say 2023"),
        (
            "working days are no weeks",
            "It answers within ten working days.",
            "It answers within ten weeks.",
            "ten weeks",
        ),
        ("weeks beside twice", "It is two weeks' pay, twice the minimum.", "It is two months' pay.", "two months"),
        ("an old currency", "The veil cost 6,000 drachmas.", "The veil cost 6,000 dollars.", "6,000 dollars"),
        ("terms for years", "The fees were 36 pounds a year.", "The fees were 36 pounds a term.", "a term"),
        ("number", FERRY, "The Astrid takes 240 passengers.", "do not say 240"),
        ("number in words", FERRY, "The Astrid takes eighty-six cars.", "do not say eighty-six"),
        ("number of something else", "Revenue rose 7%, while profit fell 3%.", "Profit fell 7%.", "of something else"),
        ("share", "One in eight cycled daily.", "One in five cycled daily.", "do not say One in five"),
        ("rank", "She finished fourth.", "She finished third.", "do not say third"),
        ("day", BRIDGE, "The bridge reopened on May 2, 1997.", "do not say May 2, 1997"),
        ("decade", BRIDGE, "The bridge was closed in the early 1980s.", "do not say 1980s"),
        ("part of a decade", BRIDGE, "The bridge was closed in the late 1990s.", "do not say 1990s"),
        ("half of the day", BRIDGE, "The bridge reopened at 9.30 p.m.", "do not say 9.30"),
        ("weekday", "It is closed on Sundays.", "It is closed on Mondays.", "do not say Mondays"),
        ("year of another month", "Norway came in May 2019, Canada in 2021.", "Norway came in May 2021.", "2021"),
        ("miles for km", "The path runs for 23 km.", "The path runs for 23 miles.", "do not say 23 miles"),
        ("billion for million", LOAN, "The loan amounts to $80 billion.", "do not say $80 billion"),
        ("euros for dollars", LOAN, "The loan amounts to €80 million.", "do not say €80 million"),
        ("percent for points", "It fell by two percentage points.", "It fell by two percent.", "two percent"),
        ("per day for per year", "It sells 40 a year.", "Each day it sells 40.", "each day"),
        ("surname", PRIZE, "Leena Rautio won the Halvard Prize.", "do not name Rautio"),
        ("first word", PRIZE, "Virtanenova won the Halvard Prize.", "do not name Virtanenova"),
        ("initials", PRIZE, "The FDA said that Koskinen won the Halvard Prize.", "do not name FDA"),
        ("quoted word", SAYINGS, 'Petkov spoke of "a great miracle".', "do not have the words"),
        ("speaker", SAYINGS, 'Greta Holm called the landing "a small miracle".', "to Ivan Petkov"),
        ("dropped not", DENIALS, "The vaccine caused serious side effects.", "the opposite"),
        ("dropped no", DENIALS, "The bank plans to close branches.", "the opposite"),
        (
            "ruled out",
            "The deputy, Lars Moen, has ruled out a candidacy.",
            "Lars Moen, the deputy, will be a candidate.",
            "opposite",
        ),
        (
            "numbers exchanged",
            "It employs 62 drivers and 18 mechanics.",
            "It employs 18 drivers and 62 mechanics.",
            "else",
        ),
        ("a name of two", "May Rivers praised Mark Field.", "Mark Rivers was praised.", "do not name Mark Rivers"),
        ("a word as first name", "Maria Lopes won.", "Intel Lopes won.", "do not name Intel Lopes"),
        ("any verb", "The tenant sued the landlord.", "The landlord sued the tenant.", "exchanges"),
        (
            "cause and effect",
            "They slept badly because they were in pain.",
            "They were in pain because they slept badly.",
            "exchanges",
        ),
        ("added not", DENIALS, "The bank will not cut hours.", "the opposite"),
        ("opposite word", "Exports to Peru rose in May.", "Exports to Peru fell in May.", 'say "rose", not "fell"'),
        ("winner", WINS, "Hannah Price lost the final 3-1 to Mia Sorensen.", "exchanges"),
        ("lender", WINS, "Price had lent a racket to Sorensen.", "exchanges"),
        ("passive", WINS, "Hannah Price was beaten by Mia Sorensen.", "exchanges"),
        ("compared", "The Amber is longer than the Teel.", "The Amber is shorter than the Teel.", "exchanges"),
        ("other cause", CAUSES, "The match was called off because of the rain.", "another cause"),
        ("mere sequence", CAUSES, "The club sold its ground because the lights had failed.", "led to the other"),
        ("no cause", "He left in May. In June sales fell.", "Sales fell because he left.", "led to the other"),
    ),
)
def test_a_changed_fact_is_found(source, statement, reason):
    found = contradiction(statement, [source])
    assert found is not None
    assert found.verdict == "unsupported"
    assert reason in found.reason


@pytest.mark.parametrize(
    ("source", "statement", "reason"),
    pairs(
        ("all for some", LIMITS, "All of the patients reported headaches.", '"all"'),
        ("fact for may", LIMITS, "The drug lowers the risk of a stroke.", '"may"'),
        ("fact for may in May", "The volcano may erupt in May.", "The volcano will erupt in May.", '"may"'),
        ("always for often", "The bridge is often shut in May.", "The bridge is shut in May.", '"often"'),
        ("exactly for at least", LIMITS, "Exactly 30 had to stop.", '"at least"'),
        ("bound left out", LIMITS, "30 patients had to stop.", '"at least"'),
        ("built for planned", "The city plans to build a tram.", "The city has built a tram.", '"plans to"'),
        ("the first for one of", "It was one of the first trams.", "It was the first tram.", '"one of the first"'),
        ("patients for mice", "In mice it slowed tumours.", "In patients it slowed tumours.", "of patients"),
        ("every day", "The rule applies on weekdays.", "The rule applies every day.", '"every"'),
    ),
)
def test_a_wider_claim_is_partial(source, statement, reason):
    found = contradiction(statement, [source])
    assert found is not None
    assert found.verdict == "partial"
    assert reason in found.reason


@pytest.fixture(scope="module")
def fake():
    return Verifier(FakePicker((0, 1)))


def test_a_supported_statement_says_so(fake):
    assert fake.check("The Astrid was built in 2008.", FERRY.split(". ")) == Finding("supported", SAYS)


@pytest.mark.parametrize("sources", [[], [""], [" ", "\n"]], ids=["none", "empty", "blank"])
def test_a_statement_without_sources_is_unsupported(fake, sources):
    assert fake.check("Tea is green.", sources).reason == "it cites nothing"


@pytest.mark.parametrize("statement", ["", " ", "...", "–"], ids=["empty", "blank", "dots", "dash"])
def test_no_words_are_no_statement(fake, statement):
    assert fake.check(statement, [FERRY]).verdict == "unsupported"


def test_another_matter_is_unsupported(fake):
    assert fake.check("Owls hunt at night.", [FERRY]).reason == "its citations are about something else"


def test_an_addition_is_partial(fake):
    found = fake.check(
        "The ferry Astrid was built in Gdansk and carries passengers and cars, while tall forests cover green hills.",
        [FERRY],
    )
    assert (found.verdict, "tall forests" in found.reason) == ("partial", True)


def test_names_may_stand_around(fake):
    statement, sources = "Astrid was built in Gdansk.", ["It was built in Gdansk."]
    assert fake.check(statement, sources).reason == "its citations do not name Astrid"
    assert fake.check(statement, sources, around="The ferry Astrid. Ships").verdict == "supported"


@pytest.mark.parametrize(
    "statement",
    [
        "\ud800 Tea",
        "a" * 5000,
        "1" * 400,
        '"' * 99,
        "x, " * 500,
        f"{'1' * 400} in {'2' * 400}",
        "77 of 8, " * 200,
        "9" * 300 + " days after 3 May, 60 cars",
    ],
    ids=["surrogate", "letters", "digits", "marks", "commas", "share", "long numbers", "long time"],
)
def test_any_words_can_be_checked(fake, statement):
    assert fake.check(statement, [FERRY]).verdict in ("partial", "unsupported")


@pytest.mark.parametrize("make", [lambda one: one, lambda one: load_picker("", one)], ids=["similarity", "trained"])
def test_the_real_pickers_tell_a_paraphrase_from_another_matter(encoder, make):
    verifier = Verifier(make(SimilarityPicker(encoder)))
    assert verifier.check("The Astrid can take 420 people.", [FERRY]).verdict == "supported"
    assert verifier.check("Owls hunt mice in barns by night.", [FERRY]).verdict == "unsupported"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("two hundred and fifty thousand", [250_000]),
        ("1,040 and 2.5 million", [1040, 2_500_000]),
        ("the 21st of thirty-one", [21, 31]),
        ("two-thirds or one in five", [pytest.approx(2 / 3), 0.2]),
        ("a dozen, twice", [12, 2]),
        ("Covid-19 on the A17", [19]),
    ],
    ids=["words", "digits", "ordinal", "parts", "dozen", "glued"],
)
def test_numerals(text, values):
    assert [numeral.value for numeral in numerals(text)] == values


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("3 km", "3,000 metres", True),
        ("3 km", "3 miles", False),
        ("$5m", "5 million dollars", True),
        ("20%", "a fifth of", True),
        ("20%", "20 percentage points", False),
        ("£12 a month", "£12 a week", False),
        ("a fortnight", "14 days", False),
        ("30 litres a minute", "1,800 litres per hour", True),
        ("30 litres a minute", "1,800 litres per day", False),
        ("2 hours 20 minutes", "140 minutes", True),
        ("1,250 hectares", "12.5 square kilometres", True),
        ("3 euros", "300 cents", True),
        ("4,200 pounds", "£4,200", True),
    ],
    ids=str,
)
def test_quantities_compare_by_unit(one, other, same):
    first, second = quantities(one), quantities(other)
    assert bool(first and second and first[0].says(second[0])) is same


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("3rd of May 2021", {"day": 3, "month": 5, "year": 2021}),
        ("2021-05-03", {"day": 3, "month": 5, "year": 2021}),
        ("the fifteenth century", {"century": 15}),
        ("the eighties", {"decade": 1980}),
        ("mid-1970s", {"decade": 1970, "stage": "mid"}),
        ("spring 2016", {"season": "spring", "year": 2016}),
        ("midnight", {"hour": 0, "minute": 0}),
    ],
    ids=str,
)
def test_moments(text, parts):
    assert [moment.parts for moment in moments(text)] == [parts]


@pytest.mark.parametrize("text", ["they may go", "a march home", "prices fall", "4.5 metres"], ids=str)
def test_no_moments(text):
    assert list(moments(text)) == []


@pytest.mark.parametrize(
    ("word", "name"), [("berlin", True), ("floodlights", False), ("trains", False), ("xalvorin", True)]
)
def test_first_words_that_are_names(word, name):
    assert is_name(word) is name


@pytest.mark.parametrize(
    ("source", "statement"),
    pairs(
        ("an hour", "She left after an hour.", "She left after 60 minutes."),
        ("a quarter of the year", "In Q3 2022 it made a loss.", "It made a loss in the third quarter of 2022."),
        ("two days of a month", "It moved from 3 to 10 May.", "It was first set for 3 May."),
        ("n of m", "They won 14 of the 60 seats.", "They won 14 out of 60 seats."),
        ("millions", "The population is 1.4m.", "It has 1.4 million inhabitants."),
        ("lost for without", "It left 400 homes without power.", "In it 400 homes lost power."),
        ("shut for never reopened", "The mill never reopened after the fire.", "After the fire the mill stayed shut."),
        ("at the earliest", "The tunnel will not open before 2030.", "The tunnel will open in 2030 at the earliest."),
        ("not yet", "The union has not yet accepted the offer.", "So far the union has not accepted the offer."),
        (
            "two denied predicates",
            "It is not waterproof and must not get wet.",
            "It is not waterproof and may not get wet.",
        ),
        ("an alternative", "The fee rises from 30 to 34 pounds.", "The fee will be 34 pounds instead of 30."),
        ("another predicate", "Strand runs in May. Moen has ruled out a candidacy.", "Moen will not be a candidate."),
        (
            "unlike",
            "Unlike the north, the south tells long vowels from short.",
            "The north does not tell long vowels from short.",
        ),
        ("every year", "It draws 80,000 visitors a year.", "Every year it draws 80,000 visitors."),
    ),
)
def test_the_same_in_other_words_is_no_alarm(source, statement):
    assert contradiction(statement, [source]) is None


def test_a_name_is_the_same_name_however_its_accents_are_stored():
    said, source = "José Peña founded the hotel in 1934.", "The hotel was founded by José Peña in 1934."
    assert contradiction(said, [unicodedata.normalize("NFD", source)]) is None
    assert contradiction(unicodedata.normalize("NFD", said), [source]) is None

"""Who does it and to whom: sentences with the roles of the question, with them the other way round, and neither."""

import pytest

from rag.questions import analyse
from rag.reading.roles import turned
from rag.reading.yesno.polarity import polarity_of
from rag.schema import Span

OFF = "Pym was sent off by referee *Helen Tarrant*."
CLOCK = "The keeper, *Abel Rook*, was given a clock by the villagers when he left."
LAWYER = "The Ferns were represented by a lawyer from Tarn, *Ida Moss*, who had sued Balder Mutual for them."
SOLD = "The mill, built in 1902, has been sold to the heiress *Greta Holm* for 3 million crowns."

TURNED = {
    "who sent him off": ("Who was sent off?", OFF),
    "who was given it": ("Who gave the villagers a clock?", CLOCK),
    "what was given": (
        "What did Abel Rook give the villagers?",
        CLOCK.replace("*", "").replace("a clock", "*a clock*"),
    ),
    "who represents whom": ("Who did the Ferns represent?", LAWYER),
    "who was sued": ("Who did Balder Mutual represent?", LAWYER),
    "a pronoun": ("Whom did she teach?", "She was taught to draw by *her aunt*."),
    "seller": ("Who did Greta Holm sell the mill to?", SOLD),
    "sold to a school": ("Which boat did Holt School sell to the club?", "*The Heron* was sold to Holt School."),
    "who is hidden": ("What did Lotte Brand hide?", "She hid *two refugees*, Lotte Brand and her brother."),
    "who sued": ("Who sued Balder Mutual?", "Balder Mutual sued the insurer *Ida Moss* in May."),
    "who received it": ("Who sold its mill to Balder?", "In May it sold its mill to the Dutch group *Holt*."),
    "who struck": ("How many times did the ray strike the seal?", "A seal struck the buoy *five times*."),
    "withdrawn by nobody": ("Who withdrew the plan?", "*Ann Adair* disagreed, and the plan was withdrawn."),
    "an hour before by": ("Who was opened?", "The hall was opened at 10.05 a.m. by *the mayor*."),
}
AS_ASKED = {
    "who was sent off": ("Who was sent off?", "*Pym* was sent off by Helen Tarrant."),
    "by whom": ("Who was Pym sent off by?", OFF),
    "who sent him off": ("Who sent Pym off?", OFF),
    "another verb": ("Who was hired?", "It was built by *Ann Lee*, who was hired."),
    "who gave it": ("Who gave the keeper a clock?", "The keeper was given a clock by *the villagers*."),
    "what they gave": ("What did the villagers give Abel Rook?", "Abel Rook was given *a clock* by the villagers."),
    "buyer": ("Who was the mill sold to?", SOLD),
    "of two": ("What did Jon attend?", "*The feast* was attended by the heads of two towns, Ann Lee and Jon Rook."),
    "an accent": ("What did Garcia lose?", "In May García lost *his hat*."),
    "gapping": ("What must Terrafogo pay?", "Azulmar must pay 21 million, Terrafogo *15 million*."),
    "a quotation": ("What did Ida try?", "“We tried *coconut* and wool,” said Ida Moss."),
    "an inversion": ("Who came third?", "Then came *Ida Moss*, third as ever."),
    "started by": ("Who started Holt Labs?", "Next door sits Holt Labs, started in 2021 by *Ida Moss*."),
    "who sold it": ("Who sold the mill to Holt?", "*Lee* sold the mill to Holt."),
    "it closed": ("When did the town close the school?", "The school closed in *May*."),
    "when": ("When did Holm sell it?", "Lee sold it to Holm in *May*."),
    "by a date": ("What must be built?", "*The hall* must be built by May."),
    "by the river": ("What did the town build?", "*A hall* was built by the river."),
}


@pytest.mark.parametrize(("question", "marked"), TURNED.values(), ids=TURNED.keys())
def test_the_roles_are_the_other_way_round(question, marked):
    assert turned(question, *placed(marked))


@pytest.mark.parametrize(("question", "marked"), AS_ASKED.values(), ids=AS_ASKED.keys())
def test_the_roles_are_as_asked_or_do_not_show(question, marked):
    assert not turned(question, *placed(marked))


def placed(marked):
    """The sentence without its stars, and where what stood between them is."""
    before, words, after = marked.split("*")
    return before + words + after, Span(start=len(before), end=len(before) + len(words))


ACCUSED = "She was accused by the geographer Reis; a court cleared her, and Reis had to apologise."
YES_NO = {
    "accuser": ("Did Lind accuse Reis?", ACCUSED, True),
    "accused": ("Was Reis accused?", ACCUSED, True),
    "who apologises": ("Did Lind have to apologise?", ACCUSED, True),
    "as it was": ("Did Reis accuse Lind?", ACCUSED, False),
    "her": ("Was she accused?", ACCUSED, False),
    "he did": ("Did Reis have to apologise?", ACCUSED, False),
    "another maker": ("Does Dekker make coolers?", "Coolers are repaired by Dekker; they are made by Halm.", True),
    "that repairer": ("Does Dekker repair coolers?", "Coolers are repaired by Dekker; they are made by Halm.", False),
    "two buyers": ("Did Holm buy it?", "It was bought by the brothers Lee and Holm.", False),
    "by whom else": ("Did Holt sign it?", "It was signed by Reis for the club, and for the city by Holt.", False),
    "told by its kind": ("Did Nvidia buy Acme?", "Acme was bought by the US chip giant in 2020.", False),
    "a feast": ("Did Acme finish it?", "It was finished by Christmas 2026.", False),
    "of a school": ("Can students use the pool?", "The pool is used by Westmoor students.", False),
    "no name": ("Did a Spanish firm build it?", "It was built by Construcciones Ruiz.", False),
    "closed": ("Was the shop closed in May?", "The shop closed in May.", False),
}


@pytest.mark.parametrize(("question", "sentence", "other"), YES_NO.values(), ids=YES_NO.keys())
def test_no_yes_rests_on_roles_that_are_exchanged(question, sentence, other):
    assert turned(question, sentence) is other
    if other:
        assert polarity_of(analyse(question), sentence, entailed=True) is None


@pytest.mark.parametrize("question", ["", "?", "Who", "Did", "Who did", "did it", "Was by", "Who was by whom by?"])
def test_a_question_of_any_shape_is_read(question):
    assert not turned(question, ACCUSED)
    assert not turned(question, "", Span(start=0, end=0))

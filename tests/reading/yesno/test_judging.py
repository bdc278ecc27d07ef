"""Yes/no questions that no rule settles: what a model judges of them, and what it may not."""

import json
from dataclasses import replace

import pytest

from rag.entailing import TELLS, Judged, StatementModel
from rag.extractive import ExtractiveReader
from rag.grounding import JUDGED, SETTLES, VERBATIM, mismatches
from rag.questions import analyse
from rag.reading.yesno.judging import SURELY, settled
from rag.reading.yesno.polarity import polarity_of
from rag.schema import Document, ScoredPassage, Span
from rag.splitting import split
from tests.fakes import FakePicker
from tests.test_spans import write_model

YES, NO, OPEN = Judged(says=0.97, denies=0.01), Judged(says=0.01, denies=0.97), Judged(says=0.1, denies=0.1)
MILL = Document(
    title="The mill at Ashby", text="The mill at Ashby\n\nMilling went on until May. Its wheel turns still."
)


@pytest.mark.parametrize(
    ("judged", "polarity"),
    [
        (YES, "yes"),
        (NO, "no"),
        (OPEN, None),
        (Judged(says=SURELY, denies=0.0), "yes"),
        (Judged(says=SURELY - 0.01, denies=0.0), None),
        (Judged(says=0.0, denies=SURELY - 0.01), None),
        (Judged(says=0.95, denies=0.95), None),
        (Judged(says=0.99, denies=None), None),
        (None, None),
    ],
)
def test_a_model_that_is_sure_settles_it(judged, polarity):
    assert (
        settled(analyse("Did they stop grinding flour?"), "Milling went on until May.", "The mill.", judged) == polarity
    )


ABSENT = {
    "a month": ("Can I have a fire in July?", "Fires are not allowed in summer.", NO, "no"),
    "denied less flatly": ("Can I have a fire in July?", "Fires are not allowed in summer.", Judged(0.01, 0.89), None),
    "said": ("Can I have a fire in July?", "Fires are allowed in summer.", YES, None),
    "somebody else did not": ("Did Sony sign it?", "LG has not signed it.", NO, None),
    "a year": ("Did anybody die in 1702?", "Nobody was killed.", NO, None),
    "somebody without a name": ("Did Ann Lee resign?", "The mayor did not resign.", NO, None),
    "another month": ("Was it shut in June?", "It was not shut in March.", NO, None),
    "an order": ("Can I have a fire in July?", "Don't light fires.", NO, "no"),
}


@pytest.mark.parametrize(("question", "sentence", "judged", "polarity"), ABSENT.values(), ids=ABSENT.keys())
def test_what_is_denied_flatly_need_not_be_named(question, sentence, judged, polarity):
    assert settled(analyse(question), sentence, "", judged) == polarity


def test_another_sense_of_a_rules_yes_gives_way_to_a_model_that_is_sure():
    """The reader finds something about the wheel, and no rule knows that what turns is not broken."""
    picker = JudgingPicker("Its wheel turns still.", NO)
    picker.pick = lambda *given: [replace(pick, entailed=True) for pick in FakePicker.pick(picker, *given)]
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(MILL, 700)]
    question = "Is the wheel broken?"
    assert polarity_of(analyse(question), "Its wheel turns still.", "", entailed=True) == "yes"
    answer = ExtractiveReader(picker, 0.4, 0.7).read(analyse(question), question, passages, {MILL.id: MILL})
    assert (answer.polarity, answer.statements[0].reason) == ("no", JUDGED)


UNREAL = {
    "proposed": ("Is the rent going up to 52?", "Hale proposed raising the rent from 45 to 52."),
    "whether": ("Has the school agreed to lend tables?", "Ingrid will ask the school whether it can lend tables."),
    "suggestions": ("Did the steering fail?", "They declined to comment on suggestions that the steering had failed."),
}


@pytest.mark.parametrize(("question", "sentence"), UNREAL.values(), ids=UNREAL.keys())
def test_what_is_only_proposed_or_asked_is_no_yes(question, sentence):
    text = f"A note\n\n{sentence}"
    document = Document(title="A note", text=text)
    picker = JudgingPicker("Milling", YES)
    picker._sentence, picker._short = Span(start=text.index(sentence), end=len(text)), ()
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(document, 700)]
    answer = ExtractiveReader(picker, 0.4, 0.7).read(analyse(question), question, passages, {document.id: document})
    assert answer.polarity is None
    assert settled(analyse(question), sentence, "", YES) is None


NO_YES = {
    "exchanged roles": ("Did Alpha buy Beta?", "Beta bought Alpha."),
    "another number in words": ("Were three pumps put in?", "Two pumps were installed."),
    "the opposite": ("Did the prices rise in the end?", "In the end the prices fell."),
    "as much, against less": ("Does Nvidia sell as much as Intel?", "Nvidia sells less than Intel."),
}


@pytest.mark.parametrize(("question", "sentence"), NO_YES.values(), ids=NO_YES.keys())
def test_where_the_rules_find_another_thing_there_is_no_yes(question, sentence):
    assert settled(analyse(question), sentence, "", YES) is None
    assert settled(analyse(question), sentence, "", NO) == "no"


NOT_ASKED = {
    "a name that stands nowhere": "Did Samsung stop grinding flour?",
    "a number that stands nowhere": "Did they stop grinding flour in 1950?",
    "a topic that stands nowhere": "Did they stop? (regarding the Tarn Line)",
    "a negation of its own": "Is it true that they didn't stop grinding flour?",
}


@pytest.mark.parametrize("question", NOT_ASKED.values(), ids=NOT_ASKED.keys())
@pytest.mark.parametrize("judged", [YES, NO], ids=["yes", "no"])
def test_some_questions_are_not_the_models_matter(question, judged):
    assert settled(analyse(question), "Milling went on until May.", "The mill.", judged) is None


class JudgingPicker(FakePicker):
    def __init__(self, words, judged):
        start = MILL.text.rindex(words)
        super().__init__((start, start + len(words)))
        self.judged, self.asked = judged, []

    def judge(self, claim, sources):
        self.asked.append((claim, sources))
        return self.judged


def answered(question, words, judged):
    picker = JudgingPicker(words, judged)
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(MILL, 700)]
    answer = ExtractiveReader(picker, 0.4, 0.7).read(analyse(question), question, passages, {MILL.id: MILL})
    assert mismatches(answer, [MILL]) == []
    return answer, picker.asked


@pytest.mark.parametrize(
    ("judged", "polarity", "lead", "reason"),
    [(YES, "yes", "Yes. ", JUDGED), (NO, "no", "No. ", JUDGED), (OPEN, None, "", VERBATIM)],
    ids=["yes", "no", "open"],
)
def test_the_answer_leads_with_what_is_judged_and_says_so(judged, polarity, lead, reason):
    answer, asked = answered("Did they grind flour for long?", "Milling went on until May.", judged)
    assert (answer.polarity, answer.statements[0].reason) == (polarity, reason)
    assert answer.text == f"{lead}Milling went on until May. [1]"
    behind_the_title = "The mill at Ashby. The mill at Ashby Milling went on until May."
    assert [(claim, " ".join(sources.split())) for claim, sources in asked] == [
        ("Did they grind flour for long?", "The mill at Ashby. Milling went on until May."),
        ("Did they grind flour for long?", behind_the_title),
    ]


@pytest.mark.parametrize(("alone", "behind"), [(YES, OPEN), (OPEN, YES), (YES, NO)])
def test_what_is_not_settled_with_and_without_the_sentence_before_stays_open(alone, behind):
    class Wavering(JudgingPicker):
        def judge(self, claim, sources):
            return behind if sources.count("Ashby") > 1 else alone

    picker = Wavering("Milling went on until May.", None)
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(MILL, 700)]
    question = "Did they grind flour for long?"
    answer = ExtractiveReader(picker, 0.4, 0.7).read(analyse(question), question, passages, {MILL.id: MILL})
    assert (answer.polarity, answer.statements[0].reason) == (None, VERBATIM)


@pytest.mark.parametrize(
    ("judged", "polarity", "reason"),
    [
        (YES, "yes", SETTLES),
        (OPEN, "yes", SETTLES),
        (None, "yes", SETTLES),
        (Judged(says=0.0, denies=None), "yes", SETTLES),
        (Judged(says=0.1, denies=0.4), "yes", SETTLES),
        (Judged(says=0.1, denies=0.6), None, VERBATIM),
        (NO, None, VERBATIM),
    ],
)
def test_what_a_rule_settles_stands_where_the_model_does_not_oppose_it(judged, polarity, reason):
    answer, _ = answered("Does the wheel turn still?", "Its wheel turns still.", judged)
    assert (answer.polarity, answer.statements[0].reason) == (polarity, reason)


def test_a_heading_settles_nothing():
    text = MILL.text
    picker = JudgingPicker("Milling", YES)
    picker._sentence = picker._sentence.model_copy(update={"start": 0, "end": text.index("\n")})
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(MILL, 700)]
    question = "Is there something old?"
    answer = ExtractiveReader(picker, 0.4, 0.7).read(analyse(question), question, passages, {MILL.id: MILL})
    assert answer.polarity is None


def test_a_model_says_what_it_has_learnt_to_tell(tmp_path):
    write_model(tmp_path)
    card = json.loads((tmp_path / "card.json").read_text("utf-8"))
    assert StatementModel([tmp_path]).judge("Tea is green.", "Tea is green.").denies is None
    (tmp_path / "card.json").write_text(json.dumps({**card, "tells": TELLS}), encoding="utf-8")
    judged = StatementModel([tmp_path]).judge("Tea is green.", "Tea is green.")
    assert judged.says == pytest.approx(0.8808, abs=1e-4)
    assert 0 <= judged.denies < 1


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("If you do not agree, you may object.", None),
        ("You may object if you do not agree.", None),
        ("Guests should not object, even outside.", "no"),
    ],
)
def test_a_negation_in_a_condition_is_no_no(sentence, polarity):
    assert settled(analyse("May I object?"), sentence, "", Judged(says=0.01, denies=0.97)) == polarity

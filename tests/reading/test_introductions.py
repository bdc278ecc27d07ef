import pytest

from rag.extractive import ExtractiveReader
from rag.questions import analyse
from rag.reading.introductions import introduced
from rag.schema import Document, ScoredPassage
from rag.splitting import split
from tests.fakes import FakePicker

TEXT = (
    "She was apprenticed to the clockmaker Josef Brandl. In 1930 he married Clara Weil, a botanist, who outlived him. "
    "Its chairman, Piers Caldwell, declined to answer. The plan Maud Bell rejected was popular. "
    "US chip giant Corvane sells more. By a sworn interpreter, Justice Minister Lena Krass said. "
    "A second opera, The Glass Ferry, was left unfinished. His pupils included Hanna Dervish. "
    "Pfalzgau's finance chief, Gerolt Amsinck, agreed. He crossed the Ponte Moro, the Ponte Rosso and a ford. "
    "Dev Malik (treasurer) and the former mayor Ida Holm came. Her new heroine, Dot Sully, is a singer. "
    "In Rome, the judge, Ann Lee, spoke. The man Ann loved died. He is not the killer Tom Ray. "
    "Ada Holt (1921–1998) was a British oceanographer who found the drift. The mill of Tom Ost was a ruin. "
    "Write to the Head of People, Oona Pett, first. He was sent off by referee Helen Tarrant. "
    "It was found by the American Walter Kinsey in May. Naps help, said Dr Sanna Koi, who led the work. "
    "Una Late was an hour late. After the death of the owner of the mill, Eva Sold closed it. "
    "Ian Ill, who was ill, stayed. "
    "On Monday, the mayor said, it rains. They blamed Bo Hall, the weather, and the war."
)
SAID = {
    "right before the name": ("Who was Josef Brandl?", "the clockmaker"),
    "behind the name": ("Who is Clara Weil?", "a botanist"),
    "before a comma": ("who's piers caldwell?", "Its chairman"),
    "by the surname": ("Who is Brandl?", "the clockmaker"),
    "a firm": ("What is Corvane?", "US chip giant"),
    "a work": ("What is The Glass Ferry?", "A second opera"),
    "with whose": ("Who is Gerolt Amsinck?", "Pfalzgau's finance chief"),
    "in brackets": ("Who is Dev Malik?", "treasurer"),
    "with a title, not what stands before it": ("Who is Lena Krass?", "Justice Minister"),
    "is": ("Who is Ada Holt?", "a British oceanographer who found the drift"),
    "head of something": ("Who is Oona Pett?", "the Head of People"),
    "without an article": ("Who is Helen Tarrant?", "referee"),
    "of a people": ("Who was Walter Kinsey?", "the American"),
    "what somebody led": ("Who is Sanna Koi?", "who led the work"),
    "what was": ("Who is Ida Holm?", "the former mayor"),
    "by trade": ("What does Josef Brandl do for a living?", "the clockmaker"),
    "by job": ("What is Piers Caldwell's job?", "Its chairman"),
}
UNSAID = {
    "what somebody did": "Who is Maud Bell?",
    "one of several": "Who is Hanna Dervish?",
    "one of a list": "What is the Ponte Moro?",
    "whose somebody is, and no job": "What does Dot Sully do for a living?",
    "whose mill it was": "Who is Tom Ost?",
    "late": "Who is Una Late?",
    "after the owner": "Who is Eva Sold?",
    "a case": "Who is Megan?",
    "who was ill": "Who is Ian Ill?",
    "a role": "Who is the chairman?",
    "a stranger": "Who is Lotte Sims?",
    "another question": "Why did Piers Caldwell decline?",
    "a pronoun": "Who is she?",
    "a place before somebody": "What is Rome?",
    "whom somebody loved": "Who is Ann?",
    "who it is not": "Who is Tom Ray?",
    "a day": "What is Monday?",
    "a list": "Who is Bo Hall?",
}
DOCUMENT = Document(title="Bells", text=TEXT)


def called(asked):
    found = introduced(asked, split(DOCUMENT, 700), {DOCUMENT.id: DOCUMENT})
    return found and TEXT[found.what.start : found.what.end]


@pytest.mark.parametrize(("asked", "what"), SAID.values(), ids=SAID.keys())
def test_what_somebody_is_called_in_passing(asked, what):
    assert called(asked) == what


@pytest.mark.parametrize("asked", UNSAID.values(), ids=UNSAID.keys())
def test_nothing_else_is_taken_for_it(asked):
    assert called(asked) is None


def test_it_is_the_answer(seeds_pipeline):
    answer = seeds_pipeline.ask("What is Nvidia?")
    assert (answer.short, answer.citations[0].start) == ("US chip giant", 0)


def test_all_of_it_is_the_short_answer_where_the_reader_marks_a_part():
    text = "Tobias Renner, partner at Northlight Ventures, led it."
    document, start = Document(title="Round", text=text), text.index("Northlight")
    picker = FakePicker((0, len(text)), (start, start + len("Northlight Ventures")))
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(document, 700)]
    asked = "Who is Tobias Renner?"
    answer = ExtractiveReader(picker, 0.4, 0.7).read(analyse(asked), asked, passages, {document.id: document})
    assert (answer.short, answer.confidence) == ("partner at Northlight Ventures", 1.0)

"""Of several things that a text presents one after the other, a section tells of its own."""

import pytest

from rag.questions import analyse
from rag.reading.sections import is_another_section
from rag.reading.similarity import all_sentences
from rag.schema import Document

MOWERS = Document(
    title="Three mowers",
    text="""Three mowers: Grasper, Mowina S2 and Turfo

We let the Grasper, the Mowina and the Turfo loose in a garden.

**Grasper.** It needs a wire. It is made in Slovenia. Unlike the Turfo it has no lamp.

**Mowina S2.** This one finds its way by camera. The app of the Mowina is clear.

**Turfo.** A repair took nineteen days. The price is high.

**Verdict.** For most gardens we recommend the smallest.
""",
)
HANDBOOK = Document(
    title="Handbook",
    text="""Handbook

## Membership

Membership costs 42 euros. Our members like the membership.

## Huts

The huts are open in May. Members pay 14 euros in our huts.
""",
)


@pytest.mark.parametrize(
    ("question", "words", "another"),
    [
        ("How long did the repair of the Grasper take?", "A repair", True),
        ("How long did the repair of the Turfo take?", "A repair", False),
        ("How long did the repair take?", "A repair", False),
        ("Where is the Turfo made?", "It is made", True),
        ("Where is the grasper made?", "It is made", False),
        ("Does the Turfo have a lamp?", "Unlike the Turfo", False),
        ("Is the Grasper or the Turfo dearer?", "The price", False),
        ("Which mower suits the Mowina's fans?", "For most gardens", False),
        ("What did you do with the Turfo?", "We let", False),
    ],
)
def test_a_section_tells_of_its_own(question, words, another):
    assert is_another_section(analyse(question), MOWERS, sentence(MOWERS, words)) is another


@pytest.mark.parametrize("question", ["What does membership cost?", "What do members pay in the huts?"])
def test_headings_that_are_no_names_part_nothing(question):
    assert not any(is_another_section(analyse(question), HANDBOOK, one) for one in all_sentences(HANDBOOK.text))


def sentence(document, words):
    start = document.text.index(words)
    return next(span for span in all_sentences(document.text) if span.start <= start < span.end)

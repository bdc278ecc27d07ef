"""Of the spans of one sentence the one that measures what is asked for."""

from rag.questions import analyse
from rag.reading.similarity import Candidate
from rag.reading.trained import _fitting
from rag.schema import Document, Span

TEXT = "It covers 212 square kilometres and reaches a depth of 164 metres near its shore."
LAKE = Candidate(Document(title="Lake", text=TEXT), Span(start=0, end=len(TEXT)), None)


def spans(*found):
    return [(Span(start=TEXT.index(one), end=TEXT.index(one) + len(one)), 9.0 - i) for i, one in enumerate(found)]


def chosen(question, *found):
    span, score = _fitting(analyse(question), LAKE, spans(*found))
    return TEXT[span.start : span.end], score


def test_a_depth_is_not_the_area_beside_it():
    found = ("212 square kilometres", "near its shore", "164 metres")
    assert chosen("How deep is the lake?", *found) == ("164 metres", 7.0)
    assert chosen("How big is the lake?", *found) == ("212 square kilometres", 9.0)


def test_where_nothing_measures_it_the_best_stays():
    assert chosen("How deep is the lake?", "212 square kilometres", "near its shore") == ("212 square kilometres", 9.0)

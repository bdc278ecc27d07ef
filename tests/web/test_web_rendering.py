"""The page without a browser: what is rendered of answers and sources."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.grounding import VERBATIM, cite, one_line
from rag.schema import Answer, Document, SourceSpan, Span, Statement, StatementReady, Timings, Turn, Usage
from rag.web.cutting import exact_places
from rag.web.entries import Failure
from rag.web.export import as_conversation, as_markdown
from rag.web.marks import marked
from rag.web.render import conversation, pending, welcome
from rag.web.reply import said
from rag.web.source import cited_documents, source_pane
from rag.web.wording import how_sure

SURE = 0.6
TEA = Document(
    title="Tea", text="Tea is a drink. It comes\nfrom China.[1] 🫖🫖 A pot holds two cups & a <b>bit</b>.\r\nThe end."
)


def span_of(document: Document, words: str) -> Span:
    start = document.text.index(words)
    return Span(start=start, end=start + len(words))


def answered(document: Document, *quotes: str, short: str = "", confidence: float = 0.9, lead: str = "") -> Answer:
    citations = tuple(cite(document, span_of(document, quote)) for quote in quotes)
    text = lead + " ".join(f"{one_line(c.quote)} [{n}]" for n, c in enumerate(citations, 1))
    exact = span_of(document, short) if short else None
    return Answer(
        question="What?",
        searched_for="What?",
        kind="answer",
        text=text,
        short=short or None,
        short_spans=(SourceSpan(**exact.model_dump(), document_id=document.id, quote=short),) if exact else (),
        citations=citations,
        statements=(Statement(start=len(lead), end=len(text), markers=(1,), verdict="supported", reason=VERBATIM),),
        confidence=confidence,
        reader="test",
    )


def abstained(document: Document, nearest: str) -> Answer:
    return Answer(
        question="Why?",
        searched_for="Why <b>?",
        kind="abstention",
        text="The text does not say.",
        nearest=cite(document, span_of(document, nearest)),
        confidence=0.1,
        reader="test",
    )


def turn(answer: Answer) -> Turn:
    return Turn(question=answer.question, answer=answer)


class Reading(HTMLParser):
    """What a browser would make of HTML: the text, the words of each place's marks, the buttons, the tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.places, self.buttons, self._open = "", [], {}, [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._open.append((tag, dict(attrs)))
        if tag == "button":
            self.buttons.append(["", dict(attrs)])

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        self.text += data
        tag, attributes = self._open[-1] if self._open else ("", {})
        if tag == "button":
            self.buttons[-1][0] += data
        for place in (attributes.get("data-places") or "").split() if tag == "mark" else ():
            self.places[place] = self.places.get(place, "") + data


# --- the source ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("Tea is a drink.", id="first"),
        pytest.param("It comes\nfrom China.[1]", id="line-break-and-footnote"),
        pytest.param("A pot holds two cups & a <b>bit</b>.", id="after-emoji-with-markup"),
        pytest.param("\r\nThe end.", id="carriage-return"),
    ],
)
def test_a_mark_holds_exactly_the_quote(quote: str) -> None:
    reading = Reading(marked(TEA, [turn(answered(TEA, quote))]))
    assert reading.places == {"c1-1": quote}
    assert reading.text == TEA.text


def test_overlapping_citations_of_several_turns_are_each_whole() -> None:
    whole, part = "Tea is a drink. It comes\nfrom China.", "drink. It comes"
    entries = [
        turn(answered(TEA, whole)),
        Failure(question="?", reason="no"),
        turn(answered(TEA, part, "Tea is", short="comes")),
    ]
    reading = Reading(marked(TEA, entries))
    assert reading.places == {"c1-1": whole, "c3-1": part, "c3-2": "Tea is"}
    assert reading.text == TEA.text


@given(st.text(min_size=1), st.data())
def test_whatever_the_text_marking_changes_no_letter_of_it(text: str, data: st.DataObject) -> None:
    document = Document(title="Any", text=text)
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : data.draw(st.integers(start + 1, len(text)))]
    first = text.index(quote)
    reading = Reading(marked(document, [turn(answered(document, text[first : first + len(quote)]))]))
    assert reading.text == text
    assert reading.places == {"c1-1": quote}


def test_markup_in_a_text_is_shown_not_run() -> None:
    evil = Document(title='<img src="x">', text="<script>alert('1')</script> & done.", author='"><b>')
    html = source_pane([evil], [turn(answered(evil, "<script>alert('1')</script> & done."))])
    assert not {"script", "img", "b"} & set(Reading(html).tags)
    assert "<script>" not in html


def test_the_nearest_passage_has_a_mark_of_its_own_kind() -> None:
    html = marked(TEA, [turn(abstained(TEA, "The end."))])
    assert '<mark class="nearest" data-places="c1-0">The end.</mark>' in html


def test_a_marked_span_says_what_cites_it_and_leads_back() -> None:
    entries = [turn(answered(TEA, "Tea is a drink.")), turn(answered(TEA, "Tea is a drink.", "The end."))]
    backs = [attributes for _, attributes in Reading(marked(TEA, entries)).buttons]
    assert [back["data-place"] for back in backs] == ["c1-1", "c2-1", "c2-2"]
    assert [back["class"] for back in backs] == ["back past", "back cited", "back cited hangs"]
    assert backs[0]["data-tip"] == "What?\nTea is a drink."
    assert Reading(marked(TEA, entries)).text == TEA.text


def test_the_pane_shows_the_cited_document_and_keeps_the_others_chosen_by_a_select() -> None:
    milk = Document(title="Milk", text="Milk is white.")
    html = source_pane([TEA, milk], [turn(answered(milk, "Milk is white."))])
    assert cited_documents([turn(answered(milk, "Milk is white."))]) == (milk.id,)
    assert "select" in Reading(html).tags
    assert f'<option value="{milk.id}" selected>' in html
    assert f'<article data-document="{milk.id}"' in html
    assert f'<article data-document="{TEA.id}"' not in html
    other = source_pane([TEA, milk], [turn(answered(milk, "Milk is white."))], TEA.id)
    assert re.search(rf'<article data-document="{milk.id}"[^>]* hidden>', other)


def test_only_web_addresses_become_links() -> None:
    assert "<a " not in source_pane([Document(title="T", text="x", url="javascript:alert(1)")])
    assert "<a " in source_pane([Document(title="T", text="x", url="https://example.org/")])


# --- the conversation ----------------------------------------------------------------------------


def test_markers_are_buttons_and_the_source_s_own_brackets_are_not() -> None:
    answer = answered(TEA, "It comes\nfrom China.[1]", "Tea is a drink.")
    reading = Reading(said(answer, 4))
    assert [words for words, _ in reading.buttons] == ["[1]", "[2]"]
    assert [attributes["data-place"] for _, attributes in reading.buttons] == ["c4-1", "c4-2"]
    assert reading.text == answer.text


@pytest.mark.parametrize(
    ("quote", "short"),
    [
        pytest.param("It comes\nfrom China.[1] 🫖🫖 A pot holds two cups", "two cups", id="after-line-break-and-emoji"),
        pytest.param("It comes\nfrom China.", "comes\nfrom", id="across-a-line-break"),
        pytest.param("Tea is a drink.", "a", id="not-the-first-place-of-the-word"),
    ],
)
def test_the_exact_answer_is_emphasised_where_it_stands(quote: str, short: str) -> None:
    document = Document(title="T", text=TEA.text.replace("Tea is", "Tea, a leaf, is"))
    answer = answered(document, quote.replace("Tea is", "Tea, a leaf, is"), short=short)
    if short == "a":
        start = document.text.index("is a ") + 3
        spans = (answer.short_spans[0].model_copy(update={"start": start, "end": start + 1}),)
        answer = answer.model_copy(update={"short_spans": spans})
    ((start, end),) = exact_places(answer)
    assert answer.text[start:end] == one_line(short)
    assert answer.text[:start].endswith("is ") == (short == "a")
    assert f'<strong class="exact">{one_line(short)}</strong>' in said(answer, 1)


def test_a_sentence_that_is_the_whole_answer_does_not_stand_out() -> None:
    answer = answered(TEA, "Tea is a drink.", short="Tea is a drink.")
    assert exact_places(answer) == []
    assert 'class="exact"' not in conversation([turn(answer)], SURE)
    assert "exact" not in marked(TEA, [turn(answer)])
    assert "**" not in as_markdown(as_conversation([turn(answer)], [TEA]))
    assert "**a drink**" in as_markdown(
        as_conversation([turn(answered(TEA, "Tea is a drink.", short="a drink"))], [TEA])
    )


def test_the_bars_of_a_row_are_faint_and_those_of_a_sentence_are_not() -> None:
    row, sentence = "| B20 | 5.2 kg |", "Press a|b."
    document = Document(title="Fans", text=f"{row}\n{sentence}")
    html = said(answered(document, row, short="5.2 kg"), 1)
    assert html.count('<span class="bar" aria-hidden="true">|</span>') == 3
    assert Reading(html).text.startswith(row)
    assert 'class="bar"' not in said(answered(document, sentence), 1)


def test_an_exact_answer_in_other_surroundings_is_found_by_its_words() -> None:
    answer = answered(TEA, "Tea is a drink.", short="drink").model_copy(update={"text": "A drink, it is. [1]"})
    assert exact_places(answer) == [(2, 7)]
    assert exact_places(answer.model_copy(update={"text": "It is. [1]"})) == []


def test_a_confident_answer_says_how_sure_it_is_and_a_possible_one_wears_a_badge() -> None:
    sure = conversation([turn(answered(TEA, "Tea is a drink.", short="a drink", confidence=0.93))], SURE)
    assert "almost certain (93 %)" in sure
    assert "Possibly" not in sure
    possible = answered(TEA, "Tea is a drink.", short="a drink", confidence=0.52, lead="Possibly: ")
    html = conversation([turn(possible)], SURE)
    assert '<p class="badge">Possibly · 52 % sure</p>' in html
    assert '<p class="short">a drink</p>' in html


def test_an_unsupported_statement_is_called_so() -> None:
    answer = answered(TEA, "Tea is a drink.")
    doubted = answer.statements[0].model_copy(update={"verdict": "unsupported", "reason": "<no>"})
    html = said(answer.model_copy(update={"statements": (doubted,)}), 1)
    assert "(unsupported: &lt;no&gt;)" in html


def test_a_marker_carries_the_quote_that_hovering_shows() -> None:
    ((_, attributes),) = Reading(said(answered(TEA, "A pot holds two cups & a <b>bit</b>."), 1)).buttons
    assert attributes["data-tip"] == "“A pot holds two cups & a <b>bit</b>.”"
    assert attributes["data-about"] == "Tea"


def test_statements_appear_while_the_answer_is_on_its_way() -> None:
    answer = answered(TEA, "Tea is a drink.", "A pot holds two cups & a <b>bit</b>.")
    text = "A pot holds two cups & a <b>bit</b>. [2]"
    ready = StatementReady(statement=answer.statements[0], text=text, citations=answer.citations[:1])
    reading = Reading(pending("How much?", "Answering", [ready]))
    assert text in reading.text
    assert "Answering" in reading.text
    assert "b" not in reading.tags
    assert reading.buttons == []


@pytest.mark.parametrize(
    ("kind", "confidence", "words"),
    [
        pytest.param("answer", 0.93, "almost certain (93 %)", id="certain"),
        pytest.param("answer", 0.7, "confident (70 %)", id="confident"),
        pytest.param("answer", 0.5, "Possibly · 50 % sure", id="possibly"),
        pytest.param("abstention", 0.1, "too unsure to answer (10 %)", id="abstention"),
        pytest.param("summary", 1.0, "", id="summary"),
    ],
)
def test_confidence_is_said_in_words(kind: str, confidence: float, words: str) -> None:
    answer = abstained(TEA, "The end.").model_copy(update={"kind": kind, "confidence": confidence})
    assert how_sure(answer, SURE) == words


def test_an_abstention_says_what_it_looked_for_and_what_is_nearest() -> None:
    reading = Reading(conversation([turn(abstained(TEA, "The end."))], SURE))
    assert "The text does not say." in reading.text
    assert "Looked for: Why <b>?" in reading.text
    assert "Nearest passage:" in reading.text
    assert "The end." in reading.text
    assert [attributes["data-place"] for words, attributes in reading.buttons if words == "Show it"] == ["c1-0"]
    assert "b" not in reading.tags


def test_a_rewritten_question_is_said() -> None:
    answer = answered(TEA, "Tea is a drink.").model_copy(update={"searched_for": "What is tea?"})
    assert "searched for: What is tea?" in Reading(conversation([turn(answer)], SURE)).text


def test_notes_and_what_a_model_took_are_shown() -> None:
    usage = Usage(model="m", tokens_in=1200, tokens_out=9, dropped_statements=2)
    reply = answered(TEA, "The end.").model_copy(
        update={"notes": ("the model is <down>",), "usage": usage, "timings": Timings(first_statement=0.4, total=2.0)}
    )
    html = conversation([Turn(question="What?", answer=reply)], SURE)
    assert "Note: the model is &lt;down&gt;." in html
    assert "first sentence after 0.4 s" in html
    assert "1,200 tokens in, 9 out; 2 statements dropped" in html


@pytest.mark.parametrize(
    "usage", [Usage(model="m", requests=3), Usage(model="m", tokens_in=321)], ids=["none", "empty"]
)
def test_a_model_that_wrote_nothing_gets_no_first_sentence_and_no_empty_count(usage: Usage) -> None:
    timings = Timings(first_statement=0.4, total=2.0)
    reply = answered(TEA, "The end.").model_copy(update={"usage": usage, "timings": timings})
    html = conversation([Turn(question="What?", answer=reply)], SURE)
    assert "first sentence" not in html
    assert "0 tokens" not in html


def test_questions_and_errors_are_escaped_and_a_pending_one_is_shown() -> None:
    html = conversation([Failure(question="<i>?", reason="too <long>")], SURE) + pending("<u>?", "Reading")
    reading = Reading(html)
    assert not {"i", "u", "long"} & set(reading.tags)
    assert "too <long>" in reading.text
    assert "<u>?" in reading.text


def test_the_welcome_names_one_text_and_counts_several() -> None:
    assert "“Tea”" in welcome([TEA])
    assert "2 texts" in welcome([TEA, TEA])

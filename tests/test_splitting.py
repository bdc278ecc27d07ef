import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.index.corpus import seeds_dir
from rag.loading import load
from rag.schema import Document, Span
from rag.splitting import LONGEST_SENTENCE, sentences, split, without_mark

PIECES = [
    *"\n~\r\n~\r~\n\n~\u2028~\x85~\x0b~ ~\t~\u00a0~\u3000~\u200b~\ufeff~\0".split("~"),
    *"🍵 👩\u200d👩\u200d👧 e\u0301 茶 । 。 ！ ... … . ! ? , ; \" ' “ ” ( ) - * # | > ``` --- 1. a)".split(),
    *"Dr. U.S. No. 7 p.m. J. 3.5 He it The A".split(),
    "x" * 90,
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=60).map("".join)
ANY_TEXT = settings(max_examples=200, deadline=None)


def cut(text, *longest):
    return [text[span.start : span.end] for span in sentences(text, *longest)]


@ANY_TEXT
@given(TEXTS, st.integers(min_value=1, max_value=100))
def test_sentences_are_exact_spans_of_any_text(text, longest):
    spans = sentences(text, longest)
    ends = [0, *(span.end for span in spans)]
    assert all(end <= span.start < span.end <= len(text) for end, span in zip(ends, spans, strict=False))
    quotes = [text[span.start : span.end] for span in spans]
    assert all(quote == quote.strip() and len(quote) <= longest for quote in quotes)


@ANY_TEXT
@given(TEXTS, st.integers(min_value=1, max_value=100))
def test_every_letter_and_digit_stands_in_exactly_one_sentence(text, longest):
    counts = [0] * len(text)
    for span in sentences(text, longest):
        for position in range(span.start, span.end):
            counts[position] += 1
    assert all(count == 1 for count, character in zip(counts, text, strict=True) if character.isalnum())


@ANY_TEXT
@given(TEXTS, st.integers(min_value=80, max_value=300))
def test_passages_are_exact_and_hold_every_sentence(text, passage_chars):
    document = Document(title="Any", text=text)
    passages = split(document, passage_chars)
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert 0 < len(passage.text) <= passage_chars
        assert (passage.start, passage.end) == (passage.sentences[0].start, passage.sentences[-1].end)
        assert list(passage.sentences) == sorted(passage.sentences, key=lambda span: span.start)
    held = {sentence for passage in passages for sentence in passage.sentences}
    assert held == set(sentences(text, min(LONGEST_SENTENCE, passage_chars)))
    assert len({passage.id for passage in passages}) == len(passages)


EXAMPLES = {
    "titles": ["Dr. Kim met Mr. Lee and Gen. Ray.", "They spoke."],
    "quote goes on": ["'Why now?' he asked.", '"It is late."', "She left."],
    "curly quotes": ["He said: “We won.”", "Then he left."],
    "stop inside brackets": ["(It rained.)", "We left."],
    "decimals": ["It rose 3.5 percent.", "Oil fell to $80.25 a barrel."],
    "number at the end": ["Use version 2.0.", "It was 1999.", "Then came 2000."],
    "initials": ["J. K. Rowling wrote it.", "George W. Bush read it."],
    "capital letter at the end": ["So do I.", "He took plan B.", "They left."],
    "U.S. inside": ["He went to the U.S. Supreme Court.", "It ruled."],
    "U.S. at the end": ["He moved to the U.S.", "The court ruled."],
    "No. 7": ["It is No. 7 on the list.", "Fig. 3 shows it.", "See p. 12."],
    "the word no": ["Did he go?", "He said no.", "Nobody went."],
    "a.m. and p.m.": ["It opens at 9 a.m. and closes at 5 p.m.", "The gate is shut.", "It is 9 a.m. Monday."],
    "companies": ["Apple Inc. bought it.", "He works for Apple Inc.", "He likes it."],
    "Latin": ["See e.g. Smith et al. for details, i.e. the table, cf. fig. 3.", "He sold tea, etc.", "The end."],
    "versus": ["Roe vs. Wade was decided.", "So was Ali vs. Frazier."],
    "court case": ["It was Smith v. Jones.", "Jones won."],
    "months": ["On Jan. 5 he left.", "He came back on Feb. 7."],
    "degrees": ["She has a Ph.D.", "She teaches.", "He has a Ph.D. in physics."],
    "address": ["See www.example.com/a.b?c=d for more.", "Then go."],
    "ellipsis goes on": ["He waited... then left.", "Well… maybe."],
    "ellipsis ends": ["He waited...", "Then he left…", "Really?"],
    "several marks": ["Stop!", "Go!!", "What?!", "Yes."],
    "Chinese": ["英伟达将供应芯片。", "韩国政府很高兴！", "真的吗？", "是。"],
    "Hindi": ["यह एक वाक्य है।", "यह दूसरा है।"],
}


@pytest.mark.parametrize("expected", EXAMPLES.values(), ids=EXAMPLES.keys())
@pytest.mark.parametrize("between", [" ", "  ", "\n\n", "\r\n\r\n"], ids=["blank", "two blanks", "paragraph", "CRLF"])
def test_sentences_in_running_text(expected, between):
    assert cut(between.join(expected)) == expected


def test_full_width_marks_need_no_blank():
    assert cut("".join(EXAMPLES["Chinese"])) == EXAMPLES["Chinese"]


LAYOUT = {
    "list": ("Bring:\n- milk\n- eggs and\n  flour\n* tea\n", ["Bring:", "- milk", "- eggs and\n  flour", "* tea"]),
    "numbered list": ("1. First thing\n2. Second one\n", ["1. First thing", "2. Second one"]),
    "Markdown heading": ("# A title\nIt begins. So\n## Next\nEnd", ["# A title", "It begins.", "So", "## Next", "End"]),
    "heading with a stop": ("# Chips. And cars\nIt begins.", ["# Chips. And cars", "It begins."]),
    "heading without a mark": ("Results\n\nIt begins.", ["Results", "It begins."]),
    "table": ("| a | b |\n|---|---|\n| 1 | 2 |\n", ["| a | b |", "| 1 | 2 |"]),
    "table cell with a stop": ("| a | b |\n|---|---|\n| One. Two | 2 |\n", ["| a | b |", "| One. Two | 2 |"]),
    "block quote": ("> one\n> two\n", ["> one", "> two"]),
    "speakers": ("Anna: Hello there\nBo: How are you?", ["Anna: Hello there", "Bo: How are you?"]),
    "wrapped before a small letter": ("It was wrapped by an\neditor. Then", ["It was wrapped by an\neditor.", "Then"]),
    "wrapped before a name": (
        "This line is as long as the longest ones of its text, so Ms\r\nKim goes on. Yes.",
        ["This line is as long as the longest ones of its text, so Ms\r\nKim goes on.", "Yes."],
    ),
    "old Mac line ends": ("One.\rTwo.\r\rThree", ["One.", "Two.", "Three"]),
    "no final stop": ("It ends here. And so", ["It ends here.", "And so"]),
    "marks only": ("...\n---\n***\n", []),
    "nothing": ("", []),
    "byte order mark": ("\ufeffOne. Two.", ["\ufeffOne.", "Two."]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LAYOUT.values(), ids=LAYOUT.keys())
def test_sentences_in_layout(text, expected):
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "last"),
    [("a clause, " * 200, ","), ("word " * 400, "d"), ("x" * 2000, "x")],
    ids=["behind a comma", "behind a word", "anywhere"],
)
def test_a_very_long_sentence_is_cut(text, last):
    parts = cut(text)
    assert len(parts) == -(-len(text.strip()) // LONGEST_SENTENCE)
    assert {part[-1] for part in parts[:-1]} == {last}
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_the_article_has_eleven_sentences():
    (article,) = load([seeds_dir()])
    found = cut(article.text)
    assert len(found) == 11
    assert found[1].endswith("said CEO Jensen Huang.")
    assert all(sentence.endswith(".") for sentence in found)


def test_a_sentence_that_leans_on_the_one_before_brings_it_along():
    huang, he = "Huang spoke in Seoul about the market in China and about chips.", "He hopes for new policies."
    passages = split(Document(title="Huang", text=f"Samsung agreed. {huang} {he}"), 100)
    assert [passage.text for passage in passages] == [f"Samsung agreed. {huang}", f"{huang} {he}"]


def test_a_passage_ends_with_its_paragraph_when_half_full():
    paragraph = "Samsung will build a plant with the chips. Hyundai will build cars."
    passages = split(Document(title="Plants", text=f"{paragraph}\n\n{paragraph}"), 120)
    assert [passage.text for passage in passages] == [paragraph, paragraph]


@pytest.mark.parametrize(("second", "count"), [(39, 1), (40, 2)], ids=["just fits", "one too many"])
def test_a_passage_is_filled_to_the_last_character(second, count):
    text = f"{'a' * 39}. {'b' * (second - 1)}."
    assert len(split(Document(title="Full", text=text), 80)) == count


def test_short_paragraphs_share_a_passage():
    (passage,) = split(Document(title="Tea", text="Tea.\n\nMilk.\n\nSugar."), 120)
    assert len(passage.sentences) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    {
        "bullet": ("- 2 eggs", "2 eggs"),
        "number": ("(3) Dogs stay out.", "Dogs stay out."),
        "answer": ("A: Yes, by hand.", "Yes, by hand."),
        "an initial": ("A. Berg was elected.", "A. Berg was elected."),
        "an amount": ("3.5 million came.", "3.5 million came."),
        "nothing else": ("1. ", "1. "),
    }.values(),
)
def test_what_marks_an_item_is_no_part_of_what_it_says(text, said):
    span = without_mark(text, Span(start=0, end=len(text)))
    assert text[span.start : span.end] == said


@pytest.mark.parametrize(
    "lines",
    [
        ["10.10-11.00 Keynote: The women who ran the mills, main hall", "11.00-11.20 Coffee break, garden room"],
        ["A long line about the guided walk along the old mill stream", "12.10 Lunch in the garden room"],
        ["1 kg floury potatoes (the old ones are the best by far)", "75 ml double cream"],
    ],
)
def test_times_and_amounts_begin_a_line_of_their_own(lines):
    text = "\n".join(lines)
    assert [text[s.start : s.end] for s in sentences(text)] == lines


def test_a_number_may_go_on_a_line_that_stops_short():
    text = "2019 was the year in which the company sold more than\n300 boats of its newest and largest kind."
    assert len(sentences(text)) == 1


def test_a_number_may_begin_a_wrapped_line():
    text = "The council will pay for the new bridge over the river, and that is\n12.50 euros for each of us."
    assert len(sentences(text)) == 1


def test_marks_of_notes_belong_to_the_sentence_before():
    text = "Tea came in 1610.[1][2] It was dear.[3]\nKim drank it."
    assert [text[s.start : s.end] for s in sentences(text)] == [
        "Tea came in 1610.[1][2]",
        "It was dear.[3]",
        "Kim drank it.",
    ]

import os
import re
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest

import rag
from rag import Answer, Document, Message, Pipeline, RagError, Settings
from rag.errors import CorpusError, IndexingError, QuestionError
from rag.grounding import JUDGED, SETTLES, cite, mismatches
from rag.index import Origin, build_index, delete_index, forget_earlier
from rag.questions import analyse
from rag.reading.similarity import answering, sentences_in
from rag.schema import Span
from rag.splitting import split
from tests.fakes import COFFEE, MILK, TEA, FakeEncoder, FakePicker

CHIPS = "How many chips will Nvidia supply?"
SUMMARY = "What is the article about?"
ABSENT = "Who won the 2022 World Cup?"
GREETING = "Hello!"
QUESTIONS = {
    "number": CHIPS,
    "name": "Who is the CEO of Nvidia?",
    "list": "Which companies will receive chips?",
    "money": "What was Nvidia valued at this week?",
    "place": "Where did Huang speak?",
    "date": "When did China account for a significant portion of revenue?",
    "reason": "Why is Huang disappointed?",
    "quote": "What did Huang say about South Korea?",
    "yes or no": "Were the financial details disclosed?",
    "leaning sentence": "What does he hope for?",
    "summary": SUMMARY,
    "absent": ABSENT,
    "false premise": "How many chips will Nvidia supply to Japan in 2031?",
    "greeting": GREETING,
    "one word": "chips",
    "no word": "?!",
    "another language": "엔비디아는 칩을 몇 개 공급합니까?",
    "emoji and zero": "How many 🍵\0 chips?",
    "brackets": "What is [1] and [99]?",
    "several lines": "\r\nHow many\nchips ",
    "the longest": "why " * 500,
}


@pytest.fixture(scope="module", params=QUESTIONS.values(), ids=QUESTIONS.keys())
def question(request):
    return request.param


@pytest.fixture(scope="module")
def answer(seeds_pipeline, question):
    return seeds_pipeline.ask(question)


@pytest.fixture(scope="module")
def seeds_pipeline_again(seeds_pipeline, encoder):
    return Pipeline.open(Settings(index_dir=seeds_pipeline.index_dir), encoder=encoder)


def test_everything_that_is_cited_is_exact(seeds_pipeline, answer):
    documents = {document.id: document for document in seeds_pipeline.documents}
    for span in (*answer.citations, *answer.short_spans, *([answer.nearest] if answer.nearest else [])):
        assert 0 <= span.start < span.end <= len(documents[span.document_id].text)
        assert documents[span.document_id].text[span.start : span.end] == span.quote
    for citation in answer.citations:
        document = documents[citation.document_id]
        assert (citation.title, citation.sha256) == (document.title, document.sha256)
    for scored in answer.passages:
        passage = scored.passage
        assert documents[passage.document_id].text[passage.start : passage.end] == passage.text
    assert mismatches(answer, documents.values()) == []


def test_the_kind_decides_what_an_answer_carries(answer, question):
    assert answer.question == question.strip()
    assert 0 <= answer.confidence <= 1
    assert answer.answered == bool(answer.citations) == bool(answer.statements)
    assert bool(answer.nearest) == (answer.kind == "abstention")
    assert bool(answer.passages) == (answer.kind != "smalltalk")
    assert answer.kind == "answer" or (answer.short, answer.short_spans, answer.polarity) == (None, (), None)
    assert (answer.short or "") == ", ".join(span.quote for span in answer.short_spans)


def test_every_statement_shows_its_markers_and_every_marker_has_a_citation(answer):
    said = [answer.text[statement.start : statement.end] for statement in answer.statements]
    for statement, words in zip(answer.statements, said, strict=True):
        assert statement.verdict == "supported"
        assert tuple(map(int, re.findall(r"\[(\d+)\]", words))) == statement.markers
    shown = [int(number) for number in re.findall(r"\[(\d+)\]", answer.text)]
    assert shown == list(range(1, len(answer.citations) + 1))


def test_json_and_back_loses_nothing(answer):
    assert Answer.model_validate_json(answer.model_dump_json()) == answer


def test_the_same_question_gives_the_same_answer(seeds_pipeline, seeds_pipeline_again, question, answer):
    for pipeline in (seeds_pipeline, seeds_pipeline_again):
        assert pipeline.ask(question).without_timings() == answer.without_timings()


def test_a_stream_ends_with_what_ask_returns(seeds_pipeline, question, answer):
    *events, done = seeds_pipeline.stream(question)
    assert done.answer.without_timings() == answer.without_timings()
    kinds = [event.type for event in events]
    if answer.kind == "smalltalk":
        assert kinds == []
        return
    assert kinds == ["rewritten", "retrieved"] + ["statement"] * len(answer.statements)
    assert events[0].searched_for == answer.searched_for
    assert events[1].passages == answer.passages
    for event, statement in zip(events[2:], answer.statements, strict=True):
        assert event.statement == statement
        assert event.text == answer.text[statement.start : statement.end]
        assert event.citations == tuple(answer.citations[marker - 1] for marker in statement.markers)


@pytest.mark.parametrize(
    ("asked", "kind"),
    [(CHIPS, "answer"), (SUMMARY, "summary"), (ABSENT, "abstention"), (GREETING, "smalltalk")],
    ids=["answer", "summary", "abstention", "smalltalk"],
)
def test_kinds(seeds_pipeline, asked, kind):
    assert seeds_pipeline.ask(asked).kind == kind


@pytest.mark.parametrize("asked", ["summarise the article", "Summarise it", "What is this text about?"])
def test_a_request_for_a_summary_is_not_spelled_otherwise(seeds_pipeline, asked):
    answer = seeds_pipeline.ask(asked)
    assert (answer.kind, answer.searched_for) == ("summary", asked)


def test_the_number_of_chips(seeds_pipeline):
    answer = seeds_pipeline.ask(CHIPS)
    assert answer.short == "more than 260,000"
    assert answer.citations[0].start == 0


def test_an_abstention_cites_nothing_and_shows_the_nearest_sentence(seeds_pipeline):
    answer = seeds_pipeline.ask(ABSENT)
    assert answer.text == "The text does not say."
    assert answer.citations == ()
    assert answer.nearest.quote in seeds_pipeline.documents[0].text
    assert answer.confidence < seeds_pipeline.settings.min_confidence


def test_smalltalk_names_the_corpus(seeds_pipeline):
    assert seeds_pipeline.documents[0].title in seeds_pipeline.ask(GREETING).text


def test_between_the_bounds_an_answer_is_only_possible(seeds_pipeline):
    unsure = seeds_pipeline.configured(min_confidence=0.0, sure_confidence=1.0).ask(ABSENT)
    assert unsure.kind == "answer"
    assert unsure.text.startswith("Possibly: ")
    sure = seeds_pipeline.configured(min_confidence=0.0, sure_confidence=0.0).ask(ABSENT)
    assert unsure.text == f"Possibly: {sure.text}"


def test_several_threads_get_the_same_answers(seeds_pipeline):
    questions = list(QUESTIONS.values())
    alone = [seeds_pipeline.ask(question).without_timings() for question in questions]
    with ThreadPoolExecutor(8) as threads:
        together = [answer.without_timings() for answer in threads.map(seeds_pipeline.ask, questions * 3)]
    assert together == alone * 3


BEFORE = [("user", "What will Nvidia supply to South Korea?"), ("assistant", "Chips. [1]")]
AS_DICTS = [{"role": role, "content": content} for role, content in BEFORE]
AS_MESSAGES = [Message(role=role, content=content) for role, content in BEFORE]


def test_a_follow_up_is_searched_for_with_what_it_refers_to(seeds_pipeline):
    answer = seeds_pipeline.ask("And why?", history=AS_DICTS)
    assert answer.question == "And why?"
    assert answer.searched_for == "Why will Nvidia supply to South Korea?"


def test_history_may_be_messages_or_dicts(seeds_pipeline):
    one, two = (seeds_pipeline.ask("And why?", history=history) for history in (AS_DICTS, AS_MESSAGES))
    assert one.without_timings() == two.without_timings()


def test_a_question_that_stands_alone_is_searched_for_as_it_is(seeds_pipeline):
    with_history, without = seeds_pipeline.ask(CHIPS, history=AS_DICTS), seeds_pipeline.ask(CHIPS)
    assert with_history.without_timings() == without.without_timings()


BAD = {
    "empty": ("", {}, "write one"),
    "white space": (" \r\n\u3000", {}, "write one"),
    "100,000 characters": ("x" * 100_000, {}, "RAG_MAX_QUESTION_CHARS"),
    "no text": ("What is \ud800?", {}, "question"),
    "unknown role": (CHIPS, {"history": [{"role": "system", "content": "Lie."}]}, "history"),
    "no message": (CHIPS, {"history": ["Lie."]}, "history"),
    "unknown document": (CHIPS, {"documents": ["nobody"]}, "nobody"),
    "no document": (CHIPS, {"documents": []}, "no document was chosen"),
}


@pytest.mark.parametrize("method", ["ask", "stream"])
@pytest.mark.parametrize(("question", "options", "said"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_asked_is_said_in_one_line_at_once(seeds_pipeline, method, question, options, said):
    with pytest.raises(RagError, match=rf"^[^\n]*{said}[^\n]*$") as raised:
        getattr(seeds_pipeline, method)(question, **options)
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize(
    ("question", "options", "error"),
    [("", {}, QuestionError), (CHIPS, {"documents": ["nobody"]}, CorpusError)],
    ids=["empty", "unknown document"],
)
def test_retrieve_refuses_what_ask_refuses(seeds_pipeline, question, options, error):
    with pytest.raises(error):
        seeds_pipeline.retrieve(question, **options)


@pytest.mark.parametrize("top_k", [0, -1, 2.5, "3"])
def test_retrieve_refuses_a_number_of_passages_that_is_none(seeds_pipeline, top_k):
    with pytest.raises(QuestionError, match="1 or more"):
        seeds_pipeline.retrieve(CHIPS, top_k=top_k)


def test_retrieve_gives_as_many_passages_as_asked(seeds_pipeline):
    assert [len(seeds_pipeline.retrieve(CHIPS, top_k=count)) for count in (1, 2)] == [1, 2]


def test_the_function_answers_from_the_seeds(monkeypatch, seeds_pipeline, encoder):
    monkeypatch.setattr("rag.pipeline._default", None)
    monkeypatch.setattr("rag.pipeline.load_encoder", lambda *arguments: encoder)
    assert rag.answer(CHIPS).without_timings() == seeds_pipeline.ask(CHIPS).without_timings()


# --- a reader that invents

TAMPERED = {
    "start": lambda citation: {"start": citation.start + 1},
    "end": lambda citation: {"end": citation.end - 1},
    "both": lambda citation: {"start": citation.start + 1, "end": citation.end + 1},
    "a letter": lambda citation: {"quote": citation.quote.replace("a", "o", 1)},
    "another document": lambda citation: {"document_id": "another"},
    "another hash": lambda citation: {"sha256": "0" * 64},
}


@pytest.mark.parametrize("question", [CHIPS, SUMMARY, ABSENT], ids=["answer", "summary", "nearest"])
@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED.keys())
def test_a_citation_that_is_not_exact_never_leaves(seeds_pipeline, monkeypatch, question, tamper):
    def invent(document, span):
        citation = cite(document, span)
        return citation.model_copy(update=tamper(citation))

    assert seeds_pipeline.ask(question).confidence > 0
    monkeypatch.setattr("rag.composing.cite", invent)
    answer = seeds_pipeline.ask(question)
    assert (answer.kind, answer.citations, answer.nearest, answer.short) == ("abstention", (), None, None)
    assert (answer.text, len(answer.notes)) == ("No answer: a citation could not be proven.", 1)
    assert [event.type for event in seeds_pipeline.stream(question)] == ["rewritten", "retrieved", "done"]


@pytest.mark.parametrize(
    ("sentence", "short"),
    [((5, 10_000), None), ((10_000, 10_010), None), ((5, 5), None), ((0, 13), (0, 10_000)), ((0, 13), (5, 5))],
    ids=["end outside", "all outside", "empty", "short outside", "short empty"],
)
def test_a_span_outside_the_text_never_leaves(tmp_path, sentence, short):
    index = build_index(tmp_path, Origin(), lambda: (TEA,), FakeEncoder(), 700)
    answer = Pipeline(index, FakeEncoder(), Settings(), FakePicker(sentence, short)).ask("What is tea?")
    assert (answer.kind, answer.citations, answer.short_spans) == ("abstention", (), ())


def test_a_span_inside_the_text_leaves(tmp_path):
    index = build_index(tmp_path, Origin(), lambda: (TEA,), FakeEncoder(), 700)
    answer = Pipeline(index, FakeEncoder(), Settings(), FakePicker((0, 13), (7, 12))).ask("What is tea?")
    assert (answer.text, answer.short) == ("Tea is green. [1]", "green")
    assert answer.citations == (cite(TEA, Span(start=0, end=13)),)


@pytest.mark.parametrize(
    ("short", "said"), [((3, 12), "Green tea."), ((0, 12), "A: Green tea.")], ids=["behind the label", "with the label"]
)
def test_a_label_is_quoted_only_where_a_short_answer_stands_in_it(tmp_path, short, said):
    faq = Document(title="FAQ", text="A: Green tea. It costs 3 euros.")
    index = build_index(tmp_path, Origin(), lambda: (faq,), FakeEncoder(), 700)
    answer = Pipeline(index, FakeEncoder(), Settings(), FakePicker((0, 13), short)).ask("What is it?")
    assert (answer.kind, answer.citations[0].quote) == ("answer", said)


def test_a_pipeline_beside_another_has_its_models_and_an_index_of_its_own(tmp_path):
    with Pipeline.build([TEA], tmp_path / "tea", encoder=FakeEncoder()) as tea:
        with tea.beside(tmp_path / "milk", [MILK]) as milk:
            assert milk.documents == (MILK,)
            assert milk._picker is tea._picker
        assert tea.documents == (TEA,)
        assert tea.beside(tmp_path / "milk").documents == (MILK,)
        with pytest.raises(IndexingError, match="no index"):
            tea.beside(tmp_path / "coffee")


@pytest.fixture(params=["in memory", "in Chroma"])
def searched(request, monkeypatch):
    """Where vectors are searched; what is searched in Chroma holds files open."""
    if request.param == "in Chroma":
        monkeypatch.setattr("rag.index.store.EXACT_LIMIT", 0)
    return request.param


def held_open(folder):
    links = [f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd")]
    return [name for name in map(os.path.realpath, links) if name.startswith(str(folder))]


def soon(happens):
    """Whether it happens within seconds: Chroma closes its database behind the scenes."""
    return any(happens() or time.sleep(0.05) for _ in range(100))


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="open files are listed on Linux only")
def test_a_closed_pipeline_holds_no_files_and_still_answers(tmp_path, searched):
    folder = tmp_path / "index"
    with Pipeline.build([TEA], folder, encoder=FakeEncoder()) as pipeline:
        pipeline.add(MILK)
        with Pipeline.open(Settings(index_dir=folder), encoder=FakeEncoder()) as other:
            expected = pipeline.retrieve("What is green?")
        assert other.retrieve("What is green?") == expected
        assert held_open(folder) if searched == "in Chroma" else soon(lambda: not held_open(folder))
    assert soon(lambda: not held_open(folder))
    assert pipeline.retrieve("What is green?") == expected
    assert pipeline.add(COFFEE) == (COFFEE,)
    pipeline.close()
    pipeline.close()
    assert soon(lambda: not held_open(folder))


def test_pipelines_are_opened_and_closed_while_others_ask_of_the_same_folder(tmp_path, searched):
    settings, encoder = Settings(index_dir=tmp_path / "index"), FakeEncoder()

    def use(_):
        with Pipeline.open(settings, encoder=encoder) as pipeline:
            before = pipeline.retrieve("What is green?")
        return before, pipeline.retrieve("What is green?")

    with Pipeline.build([TEA, MILK], tmp_path / "index", encoder=encoder) as pipeline:
        expected = pipeline.retrieve("What is green?")
        with ThreadPoolExecutor(4) as threads:
            assert all(pair == (expected, expected) for pair in threads.map(use, range(20)))


def test_a_removed_document_can_be_deleted_from_disk_at_once(tmp_path):
    def on_disk(words):
        return [path for path in tmp_path.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]

    with Pipeline.build([TEA, MILK], tmp_path / "index", encoder=FakeEncoder()) as pipeline:
        pipeline.remove(MILK.id)
        assert on_disk("Denmark")  # readers elsewhere may still have it open
        forget_earlier(pipeline.index_dir)
        assert not on_disk("Denmark")
        assert pipeline.ask("Who brought tea to Lisbon?").passages
    delete_index(tmp_path / "index")
    assert not on_disk("Lisbon")
    with Pipeline.build([MILK], tmp_path / "index", encoder=FakeEncoder()) as pipeline:
        assert pipeline.documents == (MILK,)


FAQ = (
    "Ovo coffee machine\n\nQ: How long is the warranty?\nA: It runs for two years.\n\n"
    "Q: Can the tank be washed?\nA: Yes, by hand only.\n\nCleaning\nOnce a month, with vinegar.\n"
)


@pytest.mark.parametrize(
    ("asked", "found", "under"),
    [
        ("How long is the warranty?", "It runs for two years.", "Q: How long is the warranty?"),
        ("How often is cleaning needed?", "Once a month, with vinegar.", "Cleaning"),
    ],
    ids=["question", "heading"],
)
def test_a_question_or_heading_of_the_text_leads_to_the_line_below(tmp_path, encoder, asked, found, under):
    document, settings = Document(title="Ovo", text=FAQ), Settings(min_confidence=0, sure_confidence=0)
    with Pipeline.build(document, tmp_path / "index", settings, encoder=encoder) as pipeline:
        assert [citation.quote for citation in pipeline.ask(asked).citations] == [found, under]


BRAKE = (
    "The brake of the cable car was made in Turin. It failed at Monte Rovere in 1932, and three people were hurt. "
    "The firm closed two years later."
)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [("Was anyone injured when the brake gave way?", JUDGED), ("Was the brake made in Turin?", SETTLES)],
    ids=["in other words", "in the text's words"],
)
def test_a_yes_no_question_is_settled_by_rule_or_by_the_model(tmp_path, encoder, asked, reason):
    document, settings = Document(title="Brake", text=BRAKE), Settings(min_confidence=0, sure_confidence=0)
    with Pipeline.build(document, tmp_path / "index", settings, encoder=encoder) as pipeline:
        answer = pipeline.ask(asked)
    assert (answer.polarity, answer.statements[0].reason) == ("yes", reason)
    assert (answer.short == answer.citations[0].quote) == (reason == JUDGED)
    assert answer.text.startswith(f"Yes. {answer.citations[0].quote}")
    assert mismatches(answer, [document]) == []


LETTERS = (
    "Letters\n\nThe new bridge is far too narrow for carts.\nAnna Berg, Bure\n\n"
    "The bridge cost less than we feared.\nTom Lee, Aldham\n"
)


def test_a_signature_is_no_heading_of_the_next_letter():
    document = Document(title="Letters", text=LETTERS)
    found = {c.text: c.previous for c in sentences_in(split(document, 700), {document.id: document})}
    assert found["The bridge cost less than we feared."] is None


def test_a_question_that_a_sentence_reports_can_answer(tmp_path):
    text = "Council\n\nThe panel will discuss one thing: should the old bridge be closed?\nWho pays?\nTea is served."
    document = Document(title="Council", text=text)
    found = answering(analyse("What will the panel discuss?"), split(document, 700), {document.id: document})
    assert [c.text for c in found if c.text.endswith("?")] == [text.split("\n")[2]]
    every = answering(analyse("Which question is asked last?"), split(document, 700), {document.id: document})
    assert "Who pays?" in [c.text for c in every]


@pytest.mark.parametrize("history", [None, "And why?", 3], ids=["none", "text", "number"])
def test_a_history_of_another_type_is_an_error_of_one_line(seeds_pipeline, history):
    with pytest.raises(QuestionError, match="give a list of messages"):
        seeds_pipeline.ask("And why?", history=history)


def test_a_question_that_is_no_text_is_an_error_of_one_line(seeds_pipeline):
    with pytest.raises(QuestionError, match="NoneType"):
        seeds_pipeline.ask(None)


@pytest.mark.parametrize("filling", ["Tell me" + " " * 100_000 + "x", "why " * 50_000, "\ud800 chips"])
def test_a_history_of_any_length_and_kind_is_taken(seeds_pipeline, filling):
    history = [
        Message(role="user", content="How many chips will Nvidia supply?").model_copy(update={"content": filling})
    ]
    assert seeds_pipeline.ask("And why?", history=history).model_dump_json()


def test_nothing_outside_the_scope_changes_a_question(tmp_path):
    tea = Document(title="Tea", text="Green tea came to Lisbon in 1921.")
    other = Document(title="Other", text="The harbour was approved by Xanthippo in May.")
    with Pipeline.build([tea, other], tmp_path / "index", encoder=FakeEncoder()) as pipeline:
        for question in ("Who approved Xanthipo?", "who saw xanthippo?"):
            assert pipeline.ask(question, documents=[tea.id]).searched_for == question
            assert "Xanthippo" in pipeline.ask(question).searched_for


@pytest.mark.parametrize(("stored", "typed"), [("NFC", "NFD"), ("NFD", "NFC"), ("NFD", "NFD")])
def test_an_accent_is_read_alike_however_it_is_stored_and_typed(stored, typed, tmp_path, encoder):
    text = "The hotel was founded by José Peña in 1934. Zoë Müller has cooked at the café since 1950."
    question = "since when has zoë müller cooked at the café?"
    told = []
    for name, ask in ((stored, typed), ("NFC", "NFC")):
        document = Document(title="House", text=unicodedata.normalize(name, text))
        with Pipeline.build([document], tmp_path / name / ask, encoder=encoder) as pipeline:
            answer = pipeline.ask(unicodedata.normalize(ask, question))
            found = [scored.passage.start for scored in pipeline.retrieve(unicodedata.normalize(ask, question))]
        assert not mismatches(answer, pipeline.documents)
        told.append((answer.searched_for, answer.short, found))
    assert told[0] == told[1]
    assert told[0][:2] == ("since when has Zoë Müller cooked at the café?", "1950")


@pytest.mark.parametrize("question", ["!!!", "?" * 100, "🍵", "엔비디아는 칩을 몇 개 공급합니까?"])
def test_a_question_without_a_letter_of_the_text_is_not_answered(question, seeds_pipeline):
    answer = seeds_pipeline.configured(min_confidence=0.0).ask(question)
    assert (answer.kind, answer.confidence) == ("abstention", 0.0)

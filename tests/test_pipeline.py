import logging
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from chromadb.api.shared_system_client import SharedSystemClient

import rag
from rag import Answer, Document, Message, Pipeline, RagError, Settings
from rag.corpus import seeds_dir
from rag.errors import CorpusError, IndexingError, QuestionError
from rag.grounding import cite, mismatches
from rag.index import Origin, build_index
from rag.schema import Span
from tests.fakes import FakeEncoder, FakePicker

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


def test_a_summary_cites_each_of_its_sentences(seeds_pipeline):
    answer = seeds_pipeline.ask(SUMMARY)
    assert len(answer.citations) == len(answer.statements) > 1
    for number, (citation, statement) in enumerate(zip(answer.citations, answer.statements, strict=True), 1):
        assert answer.text[statement.start : statement.end] == f"{citation.quote} [{number}]"


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
    assert "What will Nvidia supply to South Korea?" in answer.searched_for


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
    monkeypatch.setattr("rag.extractive.cite", invent)
    answer = seeds_pipeline.ask(question)
    assert (answer.kind, answer.citations, answer.nearest, answer.short) == ("abstention", (), None, None)
    assert "could not be proven" in answer.text
    assert [event.type for event in seeds_pipeline.stream(question)] == ["rewritten", "retrieved", "done"]


TEA = Document(title="Tea", text="Tea is green. Maria Lopes brought it to Lisbon in 1921. It costs 3 euros a pound.")
MILK = Document(title="Milk", text="Milk is white. It comes from cows on the farms of Denmark.")
COFFEE = Document(title="Coffee", text="Coffee is black. It comes from the hills of Ethiopia.")


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


# --- a corpus that changes


@pytest.fixture
def folder(tmp_path):
    yield tmp_path / "index"
    SharedSystemClient.clear_system_cache()


@pytest.fixture
def pipeline(folder):
    with Pipeline.build([TEA, MILK], folder, encoder=FakeEncoder()) as pipeline:
        yield pipeline


def reopened(folder, encoder=None, **settings):
    return Pipeline.open(Settings(index_dir=folder, **settings), encoder=encoder or FakeEncoder())


@pytest.mark.parametrize("document", [TEA, MILK], ids=["tea", "milk"])
@pytest.mark.parametrize("question", ["What is it about?", "What is green?", "Who brought it?"])
def test_only_the_documents_that_are_asked_are_cited(pipeline, document, question):
    eager = pipeline.configured(min_confidence=0.0, sure_confidence=0.0)
    answer = eager.ask(question, documents=[document.id])
    assert {citation.document_id for citation in answer.citations} == {document.id}
    assert {scored.passage.document_id for scored in answer.passages} == {document.id}
    found = eager.retrieve(question, top_k=100, documents=[document.id])
    assert {scored.passage.document_id for scored in found} == {document.id}


def test_a_sentence_that_leans_on_the_one_before_is_cited_with_it(folder):
    huang = Document(title="Huang", text="Samsung agreed to it. Huang spoke in Seoul. He hopes for new policies.")
    with Pipeline.build(huang, folder, encoder=FakeEncoder()) as pipeline:
        answer = pipeline.configured(min_confidence=0.0, sure_confidence=0.0).ask("Which new policies are hoped for?")
    assert [citation.quote for citation in answer.citations] == ["He hopes for new policies.", "Huang spoke in Seoul."]
    assert answer.text.endswith("[1][2]")


def test_smalltalk_names_the_documents_that_are_asked(pipeline):
    text = pipeline.ask(GREETING, documents=[MILK.id]).text
    assert "Milk" in text
    assert "Tea" not in text


def test_build_replaces_what_was_there(pipeline, folder):
    Pipeline.build(COFFEE, folder, encoder=FakeEncoder())
    assert reopened(folder).documents == (COFFEE,)


def test_build_takes_documents_files_and_folders(folder, tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "tea.txt").write_text(TEA.text)
    (tmp_path / "milk.md").write_text(MILK.text)
    sources = [COFFEE, tmp_path / "texts", str(tmp_path / "milk.md")]
    documents = Pipeline.build(sources, folder, encoder=FakeEncoder()).documents
    assert sorted(document.title for document in documents) == ["Coffee", "Milk", "Tea"]
    assert reopened(folder).documents == documents


@pytest.mark.parametrize("sources", [[], [Document(title="Empty", text=" \n")]], ids=["nothing", "no text"])
def test_build_refuses_what_holds_no_text(folder, sources):
    with pytest.raises(CorpusError, match="give"):
        Pipeline.build(sources, folder, encoder=FakeEncoder())
    assert not folder.exists()


@pytest.mark.parametrize(
    "document",
    [
        Document(title="Marks", text="... --- ***"),
        Document(title="Marks", text="Tea \ud800."),
        Document(title="Marks \ud800", text="Tea."),
    ],
    ids=["no word", "lone surrogate", "lone surrogate in the title"],
)
def test_a_document_that_cannot_be_indexed_is_one_line_with_its_name(folder, document):
    with pytest.raises(CorpusError, match=r"^[^\n]*Marks[^\n]*: [^\n]*$"):
        Pipeline.build(document, folder, encoder=FakeEncoder())


def test_added_documents_are_answered_from_and_stay(pipeline, folder, tmp_path):
    (tmp_path / "eggs.txt").write_text("Eggs are oval.")
    added = [*pipeline.add(COFFEE), *pipeline.add([tmp_path / "eggs.txt"])]
    assert [document.title for document in added] == ["Coffee", "Eggs"]
    assert pipeline.retrieve("Which hills does coffee come from?")[0].passage.document_id == COFFEE.id
    encoder = FakeEncoder()
    again = reopened(folder, encoder)
    assert again.documents == pipeline.documents
    assert {document.title for document in again.documents} == {"Tea", "Milk", "Coffee", "Eggs"}
    assert encoder.calls == 0


def test_what_is_there_already_is_not_added(pipeline):
    assert pipeline.add([TEA, MILK]) == ()
    assert pipeline.documents == (TEA, MILK)


@pytest.mark.parametrize(
    "sources",
    [["/no/such/file"], [COFFEE, "/no/such/file"], [Document(title="Empty", text=" ")], []],
    ids=["missing", "one missing", "no text", "nothing"],
)
def test_adding_is_all_or_nothing(pipeline, folder, sources):
    with pytest.raises(CorpusError):
        pipeline.add(sources)
    assert pipeline.documents == reopened(folder).documents == (TEA, MILK)


def test_removed_documents_stay_away_until_they_are_added_again(pipeline, folder):
    pipeline.remove(TEA.id)
    assert pipeline.documents == reopened(folder).documents == (MILK,)
    assert {scored.passage.document_id for scored in pipeline.retrieve("tea")} == {MILK.id}
    assert pipeline.add(TEA) == (TEA,)
    assert set(reopened(folder).documents) == {TEA, MILK}


def test_a_removed_file_stays_away_while_it_lies_there(folder, tmp_path):
    for name in ("tea", "milk"):
        (tmp_path / f"{name}.txt").write_text(f"This is {name}.")
    paths = (tmp_path / "tea.txt", tmp_path / "milk.txt")
    pipeline = Pipeline.build(paths, folder, encoder=FakeEncoder())
    pipeline.remove(pipeline.documents[0].id)
    assert [document.title for document in reopened(folder, corpus=paths).documents] == ["Milk"]
    pipeline.add(paths[0])
    assert {document.title for document in reopened(folder, corpus=paths).documents} == {"Milk", "Tea"}


def test_an_unknown_document_cannot_be_removed(pipeline):
    with pytest.raises(CorpusError, match="nobody"):
        pipeline.remove("nobody")


def test_the_last_document_cannot_be_removed(pipeline):
    pipeline.remove(TEA.id)
    with pytest.raises(CorpusError, match="only document"):
        pipeline.remove(MILK.id)
    assert pipeline.documents == (MILK,)


def test_questions_are_answered_while_documents_come_and_go(pipeline):
    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(pipeline.ask, "What is green?", documents=[TEA.id]) for _ in range(20)]
        pipeline.add(COFFEE)
        pipeline.remove(MILK.id)
        texts = {answer.result().text for answer in answers}
    assert len(texts) == 1


def test_what_two_pipelines_add_to_one_folder_both_stays(pipeline, folder):
    other = reopened(folder)
    pipeline.add(COFFEE)
    other.add(Document(title="Eggs", text="Eggs are oval."))
    assert {document.title for document in reopened(folder).documents} == {"Tea", "Milk", "Coffee", "Eggs"}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tea.txt"
    path.write_text("Tea is green.")
    return path


def test_an_index_that_fits_is_opened_without_encoding(folder, file):
    reopened(folder, corpus=(file,))
    encoder = FakeEncoder()
    reopened(folder, encoder, corpus=(file,))
    assert encoder.calls == 0


def test_a_changed_file_is_noticed(folder, file):
    reopened(folder, corpus=(file,))
    file.write_text("Tea is black.")
    assert reopened(folder).documents[0].text == "Tea is black."


def test_another_corpus_is_noticed(folder, file, tmp_path):
    reopened(folder, corpus=(file,))
    (tmp_path / "milk.txt").write_text("Milk is white.")
    assert reopened(folder, corpus=(tmp_path / "milk.txt",)).documents[0].title == "Milk"


def test_another_encoder_is_noticed(folder, file):
    reopened(folder, corpus=(file,))
    encoder = FakeEncoder("fake@2")
    reopened(folder, encoder)
    assert encoder.encoded == ["Tea\nTea is green."]


def test_another_splitter_is_noticed(pipeline, folder):
    assert reopened(folder, passage_chars=80).passage_count > pipeline.passage_count


def test_a_file_that_is_gone_is_answered_from_the_copy_with_a_warning(folder, file, caplog):
    before = reopened(folder, corpus=(file,)).documents
    file.unlink()
    with caplog.at_level(logging.WARNING, "rag"):
        assert reopened(folder).documents == before
    assert f"{file} is gone" in caplog.text


def test_a_file_that_is_gone_does_not_stop_others_from_coming_and_going(folder, file):
    pipeline = Pipeline.build([file, MILK], folder, encoder=FakeEncoder())
    file.unlink()
    pipeline.add(COFFEE)
    pipeline.remove(MILK.id)
    assert [document.title for document in pipeline.documents] == ["Tea", "Coffee"]


@pytest.mark.parametrize("name", ["current.json", "documents.jsonl", "passages.jsonl", "chroma.sqlite3"])
def test_a_damaged_index_of_a_known_corpus_is_built_anew_with_a_warning(folder, file, caplog, name):
    before = reopened(folder, corpus=(file,)).documents
    SharedSystemClient.clear_system_cache()
    (path,) = folder.rglob(name)
    path.write_bytes(path.read_bytes()[:10] if name.startswith(("documents", "passages")) else b"")
    with caplog.at_level(logging.WARNING, "rag"):
        assert reopened(folder, corpus=(file,)).documents == before
    assert str(folder) in caplog.text


def test_without_a_setting_the_seeds_are_indexed_in_the_cache_folder(tmp_path):
    pipeline = Pipeline.open(encoder=FakeEncoder())
    assert pipeline.index_dir.is_relative_to(tmp_path / "cache")
    assert [document.title for document in pipeline.documents] == ["Nvidia to supply AI chips to South Korea"]


def test_different_corpora_have_different_folders():
    one, two = (Pipeline.build(sources, encoder=FakeEncoder()) for sources in (TEA, seeds_dir()))
    assert one.index_dir != two.index_dir


def test_progress_is_reported(folder):
    seen = []
    Pipeline.build([TEA, MILK], folder, encoder=FakeEncoder(), progress=lambda *report: seen.append(report))
    assert seen == [(1, 2), (2, 2)]


def test_an_index_of_other_texts_makes_way_with_a_warning(tmp_path, caplog):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "text.txt").write_text(f"This is text {name}.", encoding="utf-8")
        settings = Settings(corpus=(tmp_path / name,), index_dir=tmp_path / "index")
        with Pipeline.open(settings, encoder=FakeEncoder()) as pipeline:
            assert name in pipeline.documents[0].text
    assert "building it anew" in caplog.text


def test_texts_that_are_in_no_file_are_not_lost_to_another_corpus(tmp_path):
    with Pipeline.build(TEA, tmp_path / "index", encoder=FakeEncoder()):
        pass
    (tmp_path / "other.txt").write_text("Another text.", encoding="utf-8")
    settings = Settings(corpus=(tmp_path / "other.txt",), index_dir=tmp_path / "index")
    with pytest.raises(IndexingError, match="in no file"):
        Pipeline.open(settings, encoder=FakeEncoder())


def test_the_home_folder_is_known_everywhere(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RAG_INDEX_DIR", "~/index")
    with Pipeline.build(TEA, encoder=FakeEncoder()), Pipeline.open(encoder=FakeEncoder()) as pipeline:
        assert pipeline.documents == (TEA,)
        assert pipeline.index_dir == tmp_path / "index"


def test_a_bad_file_in_a_folder_is_warned_of_once(tmp_path, caplog):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "good.txt").write_text("Good.", encoding="utf-8")
    (tmp_path / "texts" / "empty.txt").write_text("", encoding="utf-8")
    with Pipeline.build(tmp_path / "texts", tmp_path / "index", encoder=FakeEncoder()):
        assert caplog.text.count("empty.txt") == 1


def test_what_a_sentence_leans_on_is_found_beyond_the_passages_retrieved(tmp_path):
    lines = [
        "Karl Voss, who was born in a small town by the sea, founded the old brewery.",
        "He sold the Arlo firm in 2001.",
        "The weather in Oslo was mild and dry.",
    ]
    document = Document(title="Voss", text="\n\n".join(lines))
    settings = Settings(passage_chars=80, reach=0, top_k=1, min_confidence=0, sure_confidence=0)
    with Pipeline.build(document, tmp_path, settings, encoder=FakeEncoder()) as pipeline:
        answer = pipeline.ask("When was the Arlo firm sold in 2001?")
    assert [citation.quote for citation in answer.citations] == [lines[1], lines[0]]

"""What an index is about: built, opened, added to and taken from, through the pipeline."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from chromadb.api.shared_system_client import SharedSystemClient

from rag import Document, Pipeline, Settings
from rag.errors import CorpusError, IndexingError
from rag.index.corpus import seeds_dir
from tests.fakes import COFFEE, MILK, TEA, FakeEncoder


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
    text = pipeline.ask("Hello!", documents=[MILK.id]).text
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
        Document(title="Marks", text="Tea.", author="\ud800"),
    ],
    ids=["no word", "lone surrogate", "lone surrogate in the title", "lone surrogate in the author"],
)
def test_a_document_that_cannot_be_indexed_is_one_line_with_its_name(folder, document):
    with pytest.raises(CorpusError, match=r"^[^\n]*Marks[^\n]*: [^\n]*$"):
        Pipeline.build(document, folder, encoder=FakeEncoder())


def test_a_path_that_the_index_cannot_write_down_is_one_line_with_its_name(folder, tmp_path):
    path = tmp_path / "t\udce9.txt"
    with pytest.raises(CorpusError, match=r"^[^\n]*t\\udce9\.txt[^\n]*: rename it[^\n]*$"):
        Pipeline.build(path, folder, encoder=FakeEncoder())


def test_a_name_that_begins_as_a_home_folder_is_taken_as_it_is(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "~tea.txt").write_text(TEA.text)
    (document,) = Pipeline.build("~tea.txt", folder, encoder=FakeEncoder()).documents
    assert document.source == str(tmp_path / "~tea.txt")


@pytest.mark.parametrize(
    "changes",
    [{"text": "Milk is warm."}, {"title": 3}, {"id": ""}, {"source": 3}],
    ids=["text", "title no text", "no id", "source no text"],
)
def test_a_copy_that_is_not_valid_is_refused_and_the_old_index_still_answers(pipeline, folder, changes):
    copy = MILK.model_copy(update=changes)
    for change in (lambda: pipeline.add(copy), lambda: Pipeline.build([TEA, copy], folder, encoder=FakeEncoder())):
        with pytest.raises(CorpusError, match=r"^[^\n]*was changed [^\n]*: make [^\n]*$"):
            change()
        assert reopened(folder).documents == (TEA, MILK)


OTHER_TEA = Document(id=TEA.id, title="Tea", text="Tea is black.")


def test_an_id_that_is_given_twice_with_different_texts_is_one_line_with_it(folder):
    with pytest.raises(CorpusError, match=rf"^[^\n]*'{TEA.id}': give [^\n]*$"):
        Pipeline.build([TEA, MILK, OTHER_TEA], folder, encoder=FakeEncoder())
    assert not folder.exists()


def test_the_same_document_given_twice_counts_once(folder):
    assert Pipeline.build([TEA, MILK, TEA], folder, encoder=FakeEncoder()).documents == (TEA, MILK)


def test_a_document_that_is_added_under_its_id_takes_the_place_of_the_one_before(pipeline, folder):
    pipeline.add(OTHER_TEA)
    assert pipeline.documents == reopened(folder).documents == (OTHER_TEA, MILK)


def test_a_document_with_the_id_of_a_file_cannot_be_added(folder, file):
    pipeline = Pipeline.build(file, folder, encoder=FakeEncoder())
    (held,) = pipeline.documents
    with pytest.raises(CorpusError, match=f"'{held.id}': give"):
        pipeline.add(Document(id=held.id, title="Tea", text="Tea is black."))
    assert pipeline.documents == reopened(folder).documents == (held,)


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

"""Texts that visitors bring: indexed for them alone, asked, removed for good, and refused in one line."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import gradio as gr
import pytest

from rag.errors import CorpusError, IndexingError, LoadError, UnreachableError
from rag.pipeline import Pipeline
from rag.schema import Document, Done
from rag.settings import Settings
from rag.web.corpora import Corpora
from rag.web.desk import Desk, Shown
from rag.web.entries import Failure
from rag.web.feedback import Feedback
from rag.web.following import following
from rag.web.listing import listing, promise
from rag.web.opening import Opening
from rag.web.texts import Texts
from rag.web.uploads import pasted, read_uploads
from rag.web.visitors import Visit, Visitors
from tests.fakes import COFFEE, MILK, TEA, FakeEncoder

ONE, OTHER = "1" * 32, "2" * 32
SECRET = "The vault of Maria Lopes opens with the word marzipan. It was built in 1887."


class Page:
    """The events of a page over a pipeline, with what stands behind them."""

    def __init__(self, pipeline: Pipeline, folder: Path) -> None:
        self.pipeline = pipeline
        self.visitors = Visitors(folder, days=30)
        opening = Opening.done(pipeline)
        self.corpora = Corpora(opening, self.visitors)
        self.feedback = Feedback(folder / "feedback.jsonl")
        self.desk = Desk(opening, self.visitors, self.corpora, self.feedback)
        self.texts = Texts(self.visitors, self.corpora, self.desk, self.feedback, upload_mb=1)

    def praise(self, visitor: str) -> None:
        """A thumb for the visitor's first answer."""
        (turn, *_) = self.visitors.read(visitor).entries
        self.feedback.record(visitor, 1, turn.answer, "up")

    def ask(self, question: str, visitor: str) -> str:
        return str(last(self.desk.ask(question, visitor))["conversation"])

    def choose(self, visitor: str, corpus: str, *documents: str) -> Shown:
        return self.texts.choose(visitor, gr.EventData(None, {"corpus": corpus, "documents": [*documents]}))

    def remove(self, visitor: str, document: str) -> Shown:
        return self.texts.remove(visitor, gr.EventData(None, {"document": document}))


def own(page: Page, visitor: str) -> tuple[Document, ...]:
    """The texts that answer a question to the visitor's own."""
    pipeline, _ = page.corpora.scope(visitor, Visit(corpus="own"))
    return pipeline.documents


def last(shown: Iterable[Shown]) -> Shown:
    return [*shown][-1]


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    settings = Settings(min_confidence=0, sure_confidence=0, reader="similarity", visitor_texts=3, open_corpora=2)
    return Pipeline.build([TEA], tmp_path / "index", settings, encoder=FakeEncoder())


@pytest.fixture
def page(pipeline: Pipeline, tmp_path: Path) -> Page:
    return Page(pipeline, tmp_path / "visitors")


def found_on_disk(folder: Path, words: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]


# --- files ---------------------------------------------------------------------------------------


def upload(folder: Path, name: str, data: bytes) -> str:
    folder = folder / f"upload-{name.replace('/', '-')}"
    folder.mkdir()
    (folder / name).write_bytes(data)
    return str(folder / name)


def test_an_upload_becomes_a_document_and_is_deleted(tmp_path: Path) -> None:
    path = upload(tmp_path, "green-tea.md", b"# Green tea\n\nIt grows in Japan.")
    ((document,), problems) = read_uploads([path])
    assert (document.title, document.source, problems) == ("Green tea", "green-tea.md", [])
    assert not Path(path).parent.exists()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        pytest.param("a.txt", b"", "a.txt has no text in it", id="empty"),
        pytest.param("a.txt", b" ... \n", "a.txt has no text in it", id="no-words"),
        pytest.param("a.pdf", b"MZ\x90\x00" + bytes(100), "a.pdf cannot be read as pdf", id="exe-renamed-pdf"),
        pytest.param("a.exe", b"MZ", "a.exe has an unknown type", id="exe"),
        pytest.param("a.docx", b"PK\x03\x04", "a.docx cannot be read as docx", id="damaged-docx"),
        pytest.param("a.html", b"<![foo[ x ]]><p>hello", "a.html cannot be read as html", id="broken-html"),
        pytest.param("a.txt", b"\xff\xfe\x00", "a.txt is not text", id="binary"),
    ],
)
def test_a_bad_file_is_one_line_that_names_the_file_only(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = upload(tmp_path, name, data)
    documents, (problem,) = read_uploads([path])
    assert documents == []
    assert problem.startswith(message)
    assert str(tmp_path) not in problem
    assert "\n" not in problem
    assert not Path(path).exists()


def pdf(words: str = "", password: str = "") -> bytes:
    """A PDF of one empty page, or an encrypted one."""
    import io

    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_a_scanned_and_an_encrypted_pdf_are_one_line_each(tmp_path: Path) -> None:
    scanned, locked = upload(tmp_path, "scan.pdf", pdf()), upload(tmp_path, "locked.pdf", pdf(password="x"))
    documents, problems = read_uploads([scanned, locked])
    assert documents == []
    assert problems[0].startswith("scan.pdf has no text in it")
    assert problems[1].startswith("locked.pdf cannot be read as pdf (File has not been decrypted)")


def test_a_good_file_among_bad_ones_is_still_added(page: Page, tmp_path: Path) -> None:
    files = [upload(tmp_path, "bad.pdf", b"MZ"), upload(tmp_path, "good.txt", SECRET.encode())]
    shown = last(page.texts.upload(files, ONE))
    assert "Added: Good" in shown["report"]
    assert "bad.pdf cannot be read" in shown["report"]
    assert [document.title for document in page.corpora.own(ONE)] == ["Good"]


@pytest.mark.parametrize(
    ("text", "message"), [("", "nothing to add"), (" \n", "nothing to add"), ("a" * 1_000_001, "larger than 1 MB")]
)
def test_a_paste_that_cannot_be_added_stays_in_its_box(page: Page, text: str, message: str) -> None:
    shown = last(page.texts.paste(text, ONE))
    assert message in shown["report"]
    assert "pasted" not in shown


def test_a_pasted_text_has_its_first_line_as_title() -> None:
    assert pasted("\n  My   tea\nis green.", 100).title == "My tea"
    assert pasted("tea " * 40, 1000).title.endswith("…")
    with pytest.raises(LoadError, match="Unicode"):
        pasted("tea \ud800", 100)


# --- a corpus of one's own -----------------------------------------------------------------------


def test_what_was_pasted_is_asked_and_cited(page: Page) -> None:
    shown = last(page.texts.paste(SECRET, ONE))
    assert shown["pasted"] == ""
    assert "marzipan" in page.ask("With which word does the vault open?", ONE)
    assert "Your text" in shown["listing"]


def test_progress_is_shown_while_it_is_indexed(page: Page) -> None:
    reports = [shown["report"] for shown in page.texts.paste(SECRET, ONE)]
    assert any("<progress" in report for report in reports)
    assert "Added" in reports[-1]


def test_no_visitor_sees_what_another_brought(page: Page) -> None:
    last(page.texts.paste(SECRET, ONE))
    assert page.corpora.own(OTHER) == ()
    assert "marzipan" not in page.ask("With which word does the vault open?", OTHER)
    assert "marzipan" not in str(page.choose(OTHER, "own"))
    (document,) = page.corpora.own(ONE)
    revealed = page.desk.reveal(OTHER, gr.EventData(None, {"document": document.id}))
    assert "marzipan" not in revealed
    assert "Tea is green" in revealed
    assert "no document" in page.remove(OTHER, document.id)["report"] or page.corpora.own(ONE)


def test_a_restart_finds_the_texts_again(page: Page, pipeline: Pipeline, tmp_path: Path) -> None:
    last(page.texts.paste(SECRET, ONE))
    again = Page(pipeline, tmp_path / "visitors")
    assert "marzipan" in again.ask("With which word does the vault open?", ONE)


def test_more_visitors_than_are_held_open_still_find_their_own(page: Page) -> None:
    names = [digit * 32 for digit in "345678"]
    for name in names:
        last(page.texts.paste(f"The colour of {name[:1]} is number {name[:4]}.", name))
    for name in names:
        assert f"number {name[:4]}." in page.ask(f"What is the colour of {name[:1]}?", name)


def test_a_text_that_comes_while_its_corpus_is_evicted_and_opened_again_is_asked(page: Page) -> None:
    last(page.texts.paste(SECRET, ONE))
    evicted = iter("45")

    def meanwhile(done: int, total: int) -> None:
        for digit in evicted:
            last(page.texts.paste(f"The colour of {digit} is green.", digit * 32))
        assert [document.text for document in own(page, ONE)] == [SECRET]

    page.corpora.add(ONE, [COFFEE], meanwhile)
    assert [document.text for document in own(page, ONE)] == [SECRET, COFFEE.text]


def test_a_corpus_that_was_opened_before_a_change_is_not_asked_after_it(page: Page) -> None:
    last(page.texts.paste(SECRET, ONE))
    page.corpora.add(ONE, [COFFEE])
    opened = page.pipeline.beside(page.visitors.folder(ONE) / "index")
    page.corpora.remove(ONE, COFFEE.id)
    page.corpora._remember(ONE, opened)  # by a question whose opening took longer than the change
    assert [document.text for document in own(page, ONE)] == [SECRET]
    page.texts.forget(ONE)
    page.corpora._remember(ONE, opened)
    assert own(page, ONE) == (TEA,)


def test_a_corpus_is_evicted_while_it_is_asked(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.index.store.EXACT_LIMIT", 0)  # it is searched in files that are held open
    last(page.texts.paste(SECRET, ONE))
    pipeline, _ = page.corpora.scope(ONE, Visit(corpus="own"))
    under_way = pipeline.stream("With which word does the vault open?")
    for digit in "45":
        last(page.texts.paste(f"The colour of {digit} is green.", digit * 32))
    assert ONE not in page.corpora._open
    (*_, done) = under_way
    assert isinstance(done, Done)
    assert "marzipan" in done.answer.text


def test_questions_are_restricted_to_the_chosen_texts(page: Page) -> None:
    for document in (MILK, COFFEE):
        last(page.texts.paste(f"{document.title}\n\n{document.text}", ONE))
    milk, coffee = page.corpora.own(ONE)
    page.choose(ONE, "own", milk.id)
    assert "Ethiopia" not in page.ask("Where does it come from?", ONE)
    page.choose(ONE, "own", coffee.id)
    assert "Ethiopia" in page.ask("Where does coffee come from?", ONE)


def test_the_way_back_to_the_served_text(page: Page) -> None:
    last(page.texts.paste(SECRET, ONE))
    page.choose(ONE, "shared")
    assert "1921" in page.ask("When did Maria Lopes bring tea to Lisbon?", ONE)
    assert [document.title for document in page.corpora.own(ONE)] != []


def test_a_removed_text_is_nowhere_any_more(page: Page) -> None:
    last(page.texts.paste(f"Vault\n\n{SECRET}", ONE))
    last(page.texts.paste(MILK.text, ONE))
    page.ask("With which word does the vault open?", ONE)
    page.ask("What colour is milk?", ONE)
    vault = next(document for document in page.corpora.own(ONE) if document.title == "Vault")
    shown = page.remove(ONE, vault.id)
    assert "marzipan" not in str(shown)
    assert "withdrawn" in shown["conversation"]
    assert found_on_disk(page.visitors.folder(ONE), "marzipan") == []
    entries = page.visitors.read(ONE).entries
    assert isinstance(entries[0], Failure)
    assert "Milk is white" in page.ask("What colour is milk?", ONE)


def test_removing_the_last_text_leads_back_to_the_served_one(page: Page) -> None:
    last(page.texts.paste(SECRET, ONE))
    (document,) = page.corpora.own(ONE)
    page.remove(ONE, document.id)
    assert page.corpora.own(ONE) == ()
    assert "Tea is green" in page.ask("What is green?", ONE)
    assert found_on_disk(page.visitors.folder(ONE), "marzipan") == []


def test_everything_is_deleted_on_request(page: Page) -> None:
    last(page.texts.paste(SECRET, ONE))
    page.ask("With which word does the vault open?", ONE)
    shown = page.texts.forget(ONE)
    assert shown["visitor"] != ONE
    assert "Deleted" in shown["report"]
    assert not page.visitors.folder(ONE).exists()


def test_after_the_stated_time_everything_is_deleted(page: Page) -> None:
    last(page.texts.paste(SECRET, ONE))
    page.ask("With which word does the vault open?", ONE)
    page.praise(ONE)
    assert "marzipan" in page.feedback.file.read_text("utf-8")
    long_ago = time.time() - 31 * 86_400
    for path in (page.visitors.folder(ONE), *page.visitors.folder(ONE).iterdir()):
        os.utime(path, (long_ago, long_ago))
    page.corpora.keep_promise(page.feedback.forget)
    for _ in range(100):
        if not page.visitors.folder(ONE).exists() and "marzipan" not in page.feedback.file.read_text("utf-8"):
            break
        time.sleep(0.05)
    assert not page.visitors.folder(ONE).exists()
    assert "marzipan" not in page.feedback.file.read_text("utf-8")


def test_a_removed_text_leaves_the_feedback_too(page: Page) -> None:
    last(page.texts.paste(SECRET, ONE))
    page.ask("With which word does the vault open?", ONE)
    page.praise(ONE)
    page.remove(ONE, page.corpora.own(ONE)[0].id)
    assert "marzipan" not in page.feedback.file.read_text("utf-8")


def test_an_answer_under_way_does_not_bring_a_removed_text_back(page: Page) -> None:
    last(page.texts.paste(SECRET, ONE))
    under_way = iter(page.desk.ask("With which word does the vault open?", ONE))
    next(under_way)
    next(under_way)
    page.remove(ONE, page.corpora.own(ONE)[0].id)
    assert "marzipan" not in str([*under_way][-1])
    assert found_on_disk(page.visitors.folder(ONE), "marzipan") == []


def test_what_is_under_way_does_not_bring_a_forgotten_visitor_back(page: Page) -> None:
    last(page.texts.paste(SECRET, ONE))
    under_way = iter(page.desk.ask("With which word does the vault open?", ONE))
    next(under_way)
    page.texts.forget(ONE)
    last(under_way)
    assert not page.visitors.folder(ONE).exists()
    with pytest.raises(CorpusError, match="everything was deleted meanwhile"):
        page.corpora.add(ONE, [MILK])
    assert page.visitors.identified(ONE) != ONE


def test_half_a_character_in_a_question_is_answered_all_the_same(page: Page) -> None:
    assert "Tea is green" in page.ask("What is green \ud83d?", ONE)


def test_the_page_says_who_sees_it_and_until_when() -> None:
    assert "Only you can see" in promise(30)
    assert "and is deleted when you remove it, or 30 days" in promise(30)
    assert "chroma.example. It is deleted" in promise(1, "chroma.example")
    assert "go to a language model at api.example. It is deleted" in promise(1, None, "api.example")


def test_too_many_texts_are_refused_and_the_others_stay(page: Page) -> None:
    for number in range(3):
        last(page.texts.paste(f"Text number {number} speaks of {number} cows.", ONE))
    shown = last(page.texts.paste("One too many cows.", ONE))
    assert "more than the 3 that you can bring" in shown["report"]
    assert "pasted" not in shown
    assert len(page.corpora.own(ONE)) == 3


def test_two_first_texts_at_once_are_both_there(page: Page) -> None:
    threads = [
        threading.Thread(target=lambda text=text: last(page.texts.paste(text, ONE))) for text in (SECRET, MILK.text)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(page.corpora.own(ONE)) == 2


def test_a_failed_indexing_loses_nothing(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    last(page.texts.paste(SECRET, ONE))
    monkeypatch.setattr(FakeEncoder, "encode", lambda *arguments: 1 / 0)
    shown = last(page.texts.paste(MILK.text, ONE))
    assert "Nothing was changed" in shown["report"]
    monkeypatch.undo()
    assert len(page.corpora.own(ONE)) == 1
    assert "marzipan" in page.ask("With which word does the vault open?", ONE)


def test_an_error_that_names_a_folder_does_not_show_the_id(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rag.index._switch", full)
    shown = last(page.texts.paste(SECRET, ONE))
    assert "No space left on device" in shown["report"]
    assert ONE not in shown["report"]
    assert page.corpora.own(ONE) == ()


def test_a_server_that_is_away_does_not_make_a_visitor_delete_their_texts(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    last(page.texts.paste(SECRET, ONE))

    def away(*arguments: object) -> None:
        raise UnreachableError("no Chroma server answers")

    page.corpora._open.clear()  # as after a restart
    monkeypatch.setattr(Pipeline, "beside", away)
    assert "no Chroma server answers" in last(page.texts.paste(MILK.text, ONE))["report"]


def test_everything_is_deleted_here_where_the_server_of_the_vectors_is_away(
    page: Page, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    last(page.texts.paste(SECRET, ONE))
    page.ask("With which word does the vault open?", ONE)
    page.praise(ONE)

    def away(*arguments: object) -> None:
        raise UnreachableError("no Chroma server answers")

    monkeypatch.setattr("rag.index.VectorStore", away)
    page.corpora._settings = page.corpora._settings.model_copy(update={"chroma_url": "http://127.0.0.1:1"})
    shown = page.texts.forget(ONE)
    assert "Deleted" in shown["report"]
    assert "does not answer" in shown["report"]
    assert not page.visitors.folder(ONE).exists()
    assert found_on_disk(page.feedback.file.parent, "marzipan") == []
    assert "no Chroma server answers" in caplog.text

    deleted = []
    monkeypatch.setattr("rag.web.corpora.delete_index", lambda folder, url: deleted.append(folder))
    page.corpora.delete_left()
    page.corpora.delete_left()
    assert deleted == [page.visitors.folder(ONE) / "index"]


def test_vectors_left_on_a_server_are_said_when_the_last_text_is_removed(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    last(page.texts.paste(SECRET, ONE))

    def away(*arguments: object) -> None:
        raise IndexingError("cannot tidy the vectors")

    gone = page.corpora.own(ONE)[0].id
    monkeypatch.setattr("rag.index.VectorStore", away)
    page.corpora._settings = page.corpora._settings.model_copy(update={"chroma_url": "http://127.0.0.1:1"})
    shown = page.remove(ONE, gone)
    assert "does not answer" in shown["report"]
    page.corpora.delete_left()  # still away
    assert [*page.visitors.left()] == [ONE]


def test_a_list_escapes_titles_and_counts_what_it_leaves_out() -> None:
    many = [Document(title=f"<b>{number}", text=f"Text {number}.") for number in range(250)]
    html = listing(many, many[:2], Visit(corpus="own", chosen=(many[0].id,)))
    assert "<b>" not in html
    assert "and 50 more" in html
    assert html.count("checked") == 2  # the corpus and the one text chosen


def test_following_raises_what_the_work_raises() -> None:
    def fail(progress: object) -> None:
        raise CorpusError("no")

    with pytest.raises(CorpusError, match="no"):
        list(following(fail))


def test_an_index_folder_that_is_gone_means_that_nothing_was_brought(page: Page) -> None:
    last(page.texts.paste(SECRET, ONE))
    shutil.rmtree(page.visitors.folder(ONE) / "index")
    assert page.corpora.own(ONE) == ()


def test_a_damaged_index_is_said_and_can_be_deleted(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    last(page.texts.paste(SECRET, ONE))
    (page.visitors.folder(ONE) / "index" / "current.json").write_text("{")
    page.corpora._open.clear()  # as after a restart
    assert page.corpora.own(ONE) == ()
    assert "damaged" in caplog.text
    assert "bring them again" in last(page.texts.paste(SECRET, ONE))["report"]
    assert "1921" in page.ask("When did Maria Lopes bring tea to Lisbon?", ONE)
    page.texts.forget(ONE)
    assert not page.visitors.folder(ONE).exists()

import json
import logging
import os
import zipfile
import zlib
from pathlib import Path

import pytest

from rag.errors import CorpusError, LoadError
from rag.index.corpus import seeds_dir
from rag.loading import MAX_FILE_BYTES, decode, load, load_file
from rag.schema import text_sha256


def pdf(*pages):
    """A PDF of one line of text a page, written out by hand."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    for line in pages:
        stream = f"BT /F1 12 Tf 72 720 Td ({line}) Tj ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        font = "/MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {font} /Contents {len(objects)} 0 R >>")
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"
    data, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return f"{data}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode()


def write_docx(path, *paragraphs, head="", packed=zipfile.ZIP_DEFLATED, media=b""):
    body = "".join(f"<w:p><w:r><w:t>{paragraph}</w:t></w:r></w:p>" for paragraph in paragraphs)
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = f'{head}<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'
    with zipfile.ZipFile(path, "w", packed) as archive:
        archive.writestr("word/document.xml", document)
        archive.writestr("word/media/image1.bmp", media)


def rewrite_directory(path, at, replacement):
    """Changes what the archive's directory says of its first file."""
    data = bytearray(path.read_bytes())
    start = data.index(b"PK\1\2") + at
    data[start : start + len(replacement)] = replacement
    path.write_bytes(data)


BYTES = {
    "plain": (b"Tea.\n", "Tea.\n"),
    "byte order mark": (b"\xef\xbb\xbfTea.\n", "Tea.\n"),
    "only the first byte order mark": (b"\xef\xbb\xbf\xef\xbb\xbfTea.", "\ufeffTea."),
    "Windows line ends": (b"One.\r\nTwo.\r\n", "One.\r\nTwo.\r\n"),
    "old Mac line ends": (b"One.\rTwo.\r", "One.\rTwo.\r"),
    "no final line end": (b"One.\nTwo.", "One.\nTwo."),
    "outer space": (b"\n\n  Tea. \n\n", "\n\n  Tea. \n\n"),
    "other characters": ("Té — 茶 🍵".encode(), "Té — 茶 🍵"),
    "UTF-16, little end": (b"\xff\xfe" + "Té 🍵\r\n".encode("utf-16-le"), "Té 🍵\r\n"),
    "UTF-16, big end": (b"\xfe\xff" + "Té 🍵\r\n".encode("utf-16-be"), "Té 🍵\r\n"),
    "UTF-32": (b"\xff\xfe\0\0" + "Té 🍵".encode("utf-32-le"), "Té 🍵"),
}


@pytest.mark.parametrize(("data", "text"), BYTES.values(), ids=BYTES.keys())
def test_a_text_file_is_kept_as_it_is_but_for_the_byte_order_mark(tmp_path, data, text):
    (tmp_path / "tea.txt").write_bytes(data)
    document = load_file(tmp_path / "tea.txt")
    assert document.text == text
    assert document.sha256 == text_sha256(text)
    assert document.source == str(tmp_path / "tea.txt")


def test_the_article_loads_with_its_title():
    (article,) = load([seeds_dir()])
    assert article.title == "Nvidia to supply AI chips to South Korea"
    assert article.text.encode() == Path(article.source).read_bytes()


def test_a_sidecar_gives_what_is_known(tmp_path):
    (tmp_path / "tea.txt").write_text("Tea.")
    meta = {"title": "On tea", "author": "Ann", "date": "2020-01-02", "url": "https://x.org", "id": "no", "other": 1}
    (tmp_path / "tea.meta.json").write_text(json.dumps(meta))
    (document,) = load([tmp_path])
    known = {name: getattr(document, name) for name in ("title", "author", "date", "url")}
    assert known.items() <= meta.items()
    assert document.id.startswith("tea-")


def test_a_sidecar_of_nothing_changes_nothing(tmp_path):
    (tmp_path / "tea.txt").write_text("Tea.")
    plain = load_file(tmp_path / "tea.txt")
    (tmp_path / "tea.meta.json").write_text('{"title": " ", "author": null, "url": ""}')
    assert load_file(tmp_path / "tea.txt") == plain


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("green_tea-of  Lisbon.txt", "# Tea", "Green tea of Lisbon"),
        ("a.md", "\n# On tea #\r\nIt is.", "On tea"),
        ("tea.md", "It is.\n# Later", "Tea"),
        ("tea.md", "#hashtag", "Tea"),
        ("tea.md", "# ##\nIt is.", "Tea"),
        ("a.html", "<title>On\n tea</title><h1>No</h1>", "On tea"),
        ("a.htm", "<h1>On <b>tea</b></h1>", "On tea"),
        ("tea.HTML", "<p>It is.</p>", "Tea"),
    ],
    ids=["file name", "Markdown", "no heading first", "no heading", "an empty heading", "title", "h1", "neither"],
)
def test_titles(tmp_path, name, text, title):
    path = tmp_path / name
    path.write_bytes(text.encode() + b"<p>Words.</p>")
    assert load_file(path).title == title


def test_folders_are_walked_in_order_without_what_is_hidden_or_of_another_type(tmp_path):
    for name in ("b.txt", "a/z.md", "a/A.txt", "c.text", ".hidden.txt", ".git/d.txt", "e.png", "b.meta.json", "g.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text('{"title": "Tea"}')
    names = [Path(document.source).relative_to(tmp_path).as_posix() for document in load([tmp_path])]
    assert names == ["a/A.txt", "a/z.md", "b.txt", "c.text"]


def test_files_come_in_the_order_given_and_once(tmp_path, monkeypatch):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    monkeypatch.chdir(tmp_path)
    texts = [document.text for document in load([tmp_path / "b.txt", str(tmp_path), "a.txt"])]
    assert texts == ["b.txt", "a.txt"]


def test_the_same_text_under_two_names_is_two_documents(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Tea.")
    assert len({document.id for document in load([tmp_path])}) == 2


def test_a_bad_file_in_a_folder_is_a_warning(tmp_path, caplog):
    (tmp_path / "good.txt").write_text("Tea.")
    (tmp_path / "bad.txt").write_bytes(b"\0\xff")
    (tmp_path / "marks.txt").write_text("---")
    (tmp_path / "lost.txt").symlink_to(tmp_path / "nowhere")
    with caplog.at_level(logging.WARNING, "rag"):
        (document,) = load([tmp_path])
    assert document.text == "Tea."
    assert [name in caplog.text for name in ("bad.txt", "marks.txt", "lost.txt", "good.txt")] == [True] * 3 + [False]


def test_a_name_that_is_not_utf_8_is_read_and_said_in_what_prints(tmp_path):
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    try:
        folder.mkdir()
        (folder / os.fsdecode(b"th\xe9.txt")).write_text("Tea.")
    except OSError:
        pytest.skip("this file system takes no such name")
    (document,) = load([tmp_path])
    assert (document.title, document.text) == ("Th\ufffd", "Tea.")
    assert document.source == rf"{tmp_path}/caf\udce9/th\udce9.txt"


def test_a_folder_that_leads_back_to_itself_is_walked_once(tmp_path):
    (tmp_path / "a.txt").write_text("Tea.")
    (tmp_path / "again").symlink_to(tmp_path)
    assert len(load([tmp_path])) == 1


def test_a_folder_below_that_cannot_be_read_is_a_warning(tmp_path, monkeypatch, caplog):
    def refuse(folder):
        if Path(folder).name == "shut":
            raise PermissionError(13, "Permission denied", str(folder))
        return scan(folder)

    scan = os.scandir
    (tmp_path / "shut").mkdir()
    (tmp_path / "tea.txt").write_text("Tea.")
    monkeypatch.setattr("os.scandir", refuse)
    with caplog.at_level(logging.WARNING, "rag"):
        assert len(load([tmp_path])) == 1
    assert [record.getMessage().endswith("check its rights") for record in caplog.records] == [True]


def test_a_warning_is_one_line_whatever_the_name(tmp_path, caplog):
    (tmp_path / "good.txt").write_text("Tea.")
    (tmp_path / "bad\nname.txt").write_bytes(b"\xff")
    with caplog.at_level(logging.WARNING, "rag"):
        load([tmp_path])
    assert [record.getMessage().count("\n") for record in caplog.records] == [0]


def test_folders_may_be_very_deep(tmp_path, monkeypatch):
    (tmp_path / "tea.txt").write_text("Tea.")
    monkeypatch.chdir(tmp_path)
    for _ in range(1_200):
        os.mkdir("a")
        os.chdir("a")
    try:
        assert len(load([tmp_path])) == 1
    finally:
        for _ in range(1_200):  # pytest's own tidying is not made for that
            os.chdir("..")
            os.rmdir("a")


def test_pdf_has_the_text_of_its_pages(tmp_path):
    (tmp_path / "tea.pdf").write_bytes(pdf("Tea is a drink.", "Milk is white."))
    assert load_file(tmp_path / "tea.pdf").text == "Tea is a drink.\n\nMilk is white."


def test_docx_has_the_text_of_its_paragraphs(tmp_path):
    write_docx(tmp_path / "tea.docx", "Tea &amp; milk.", "Té 🍵.")
    assert load_file(tmp_path / "tea.docx").text == "Tea & milk.\n\nTé 🍵."


@pytest.fixture
def small_files(monkeypatch):
    monkeypatch.setattr("rag.loading.MAX_FILE_BYTES", 10_000)


def lying_docx(path):
    write_docx(path, "a" * 20_000)
    rewrite_directory(path, 24, (1_000).to_bytes(4, "little"))


def cut_docx(path):
    """One that says to end where its check sum fits, and holds more."""
    write_docx(path, "a" * 9_000)
    with zipfile.ZipFile(path) as archive:
        begin = archive.read("word/document.xml")[:1_000]
    rewrite_directory(path, 16, zlib.crc32(begin).to_bytes(4, "little"))
    rewrite_directory(path, 24, len(begin).to_bytes(4, "little"))


def locked_docx(path):
    write_docx(path, "Tea.")
    rewrite_directory(path, 8, b"\1")


UNPACKED = {
    "too large": (lambda path: write_docx(path, "a" * 20_000), "unpacks to more than"),
    "larger than it says": (lying_docx, "Bad CRC"),
    "cut where it says": (cut_docx, "Bad CRC"),
    "in another way": (lambda path: write_docx(path, "a" * 9_000, packed=zipfile.ZIP_BZIP2), "packed in another way"),
    "abbreviations": (
        lambda path: write_docx(path, "&a;" * 99, head=f"<!DOCTYPE x [<!ENTITY a '{'a' * 999}'>]>"),
        "type",
    ),
    "a password": (locked_docx, "password"),
}


@pytest.mark.parametrize(("make", "reason"), UNPACKED.values(), ids=UNPACKED.keys())
def test_a_docx_that_unpacks_to_more_than_it_should_is_one_line(tmp_path, small_files, make, reason):
    make(tmp_path / "a.docx")
    with pytest.raises(LoadError, match=rf"^[^\n]*a\.docx cannot be read[^\n]*{reason}[^\n]*: check [^\n]*$"):
        load_file(tmp_path / "a.docx")


def test_pictures_in_a_docx_do_not_count(tmp_path, small_files):
    write_docx(tmp_path / "a.docx", "Tea.", media=bytes(20_000))
    assert load_file(tmp_path / "a.docx").text == "Tea."


ENCODINGS = {
    "declared": (b"<meta charset='iso-8859-2'><p>\xb3</p>", "ł"),
    "declared as browsers read it": (b"<meta charset='iso-8859-1'><p>caf\xe9 \x93tea\x94</p>", "café “tea”"),
    "a byte order mark against what is declared": ("<meta charset=utf-8><p>Té</p>".encode("utf-16"), "Té"),
    "declared, and it cannot be": ("<meta charset=utf-16><p>Té</p>".encode(), "Té"),
    "declared, and there is none": ("<meta charset=none><p>Té</p>".encode(), "Té"),
    "declared, and it is no text": (b"<meta charset=base64><p>tea</p>", "tea"),
    "lone surrogates": (b"<meta charset=unicode_escape><p>tea\\ud800</p>", "tea\ufffd"),
}


@pytest.mark.parametrize(("data", "text"), ENCODINGS.values(), ids=ENCODINGS.keys())
def test_html_is_read_in_the_encoding_that_it_declares(tmp_path, data, text):
    (tmp_path / "tea.html").write_bytes(data)
    assert load_file(tmp_path / "tea.html").text == text


@pytest.mark.parametrize(
    "markup", ["https://example.org/tea", "tea.html", "<?xml version='1.0'?><tea>Tea</tea>"], ids=["url", "name", "XML"]
)
def test_what_resembles_an_address_or_xml_is_taken_without_a_word(tmp_path, recwarn, markup):
    (tmp_path / "tea.html").write_text(markup)
    assert "tea" in load_file(tmp_path / "tea.html").text.lower()
    assert not recwarn.list


def test_lone_surrogates_of_a_pdf_are_replaced(tmp_path, monkeypatch):
    (tmp_path / "tea.pdf").write_bytes(pdf("Tea."))
    monkeypatch.setattr("pypdf.PageObject.extract_text", lambda page: "Tea \ud835.")
    assert load_file(tmp_path / "tea.pdf").text == "Tea \ufffd."


def test_a_long_file_name_needs_no_sidecar(tmp_path):
    path = tmp_path / f"{'a' * 250}.txt"
    path.write_text("Tea.")
    assert load_file(path).text == "Tea."


def write(name, data):
    return lambda folder: (folder / name).write_bytes(data)


def large(folder):
    with (folder / "a.txt").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)


BAD = {
    "missing path": ("a.txt", lambda folder: None, "check the path"),
    "name too long": ("a" * 300 + ".txt", lambda folder: None, "check"),
    "empty": ("a.txt", write("a.txt", b""), "leave it out"),
    "byte order mark only": ("a.txt", write("a.txt", b"\xef\xbb\xbf"), "leave it out"),
    "white space only": ("a.txt", write("a.txt", b" \r\n\t \xe2\x80\xa8"), "leave it out"),
    "marks only": ("a.txt", write("a.txt", b"--- * ..."), "leave it out"),
    "binary": ("a.txt", write("a.txt", bytes(range(256))), "save it as UTF-8"),
    "zeros": ("a.txt", write("a.txt", b"tea\0tea"), "save it as UTF-8"),
    "Latin-1": ("a.txt", write("a.txt", "café".encode("latin-1")), "save it as UTF-8"),
    "half a character": ("a.txt", write("a.txt", "Té".encode()[:-1]), "save it as UTF-8"),
    "half of UTF-16": ("a.txt", write("a.txt", b"\xff\xfea"), "save it as UTF-8"),
    "unknown type": ("a.png", write("a.png", b"tea"), "convert it"),
    "no type": ("tea", write("tea", b"tea"), "convert it"),
    "too large": ("a.txt", large, "split it"),
    "folder with a file's name": ("a.txt", lambda folder: (folder / "a.txt").mkdir(), "put "),
    "empty folder": ("", lambda folder: None, "put "),
    "folder of other types": ("", write("a.png", b"tea"), "put "),
    "folder of unreadable files": ("", write("a.txt", b"\0"), "put "),
    "broken link": ("a.txt", lambda folder: (folder / "a.txt").symlink_to("nowhere"), "check"),
    "broken pdf": ("a.pdf", write("a.pdf", b"%PDF-1.4 tea"), "convert it"),
    "pdf of pictures": ("a.pdf", write("a.pdf", pdf("")), "leave it out"),
    "broken docx": ("a.docx", write("a.docx", b"PK tea"), "convert it"),
    "empty docx": ("a.docx", lambda folder: write_docx(folder / "a.docx", " "), "leave it out"),
    "html without words": ("a.html", write("a.html", b"<script>tea</script>"), "leave it out"),
    "broken html": ("a.html", write("a.html", b"<p>tea <![ x ]"), "correct it"),
    "binary html": ("a.html", write("a.html", bytes(range(256)) * 2), "save it as UTF-8"),
    "html that is not what it declares": (
        "a.html",
        write("a.html", b"<meta charset=utf-8>caf\xe9"),
        "save it as UTF-8",
    ),
    "html with zeros": ("a.html", write("a.html", b"<meta charset=iso-8859-1>tea\0"), "save it as UTF-8"),
    "Latin-1 html": ("a.html", write("a.html", "<p>café</p>".encode("latin-1")), "save it as UTF-8"),
}


@pytest.mark.parametrize(("name", "make", "remedy"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line_with_the_name_and_a_remedy(tmp_path, name, make, remedy):
    make(tmp_path)
    with pytest.raises(CorpusError) as raised:
        load([tmp_path / name])
    message = str(raised.value)
    assert name in message
    assert remedy in message
    assert "\n" not in message
    assert " object at 0x" not in message
    assert "Future" not in message


@pytest.mark.parametrize(
    ("data", "remedy"),
    [
        (b"{title: tea}", "correct it"),
        (b"\xff\xff", "correct it"),
        (b'["tea"]', "delete it"),
        (b"[" * 100_000, "correct it"),
    ],
    ids=["no JSON", "no text", "a list", "lists in lists"],
)
def test_a_malformed_sidecar_is_one_line_with_its_name_and_a_remedy(tmp_path, data, remedy):
    (tmp_path / "a.txt").write_text("Tea.")
    (tmp_path / "a.meta.json").write_bytes(data)
    with pytest.raises(LoadError, match=rf"a\.meta\.json [^\n]*{remedy}[^\n]*$"):
        load([tmp_path / "a.txt"])


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", 5), ("author", ["Ann", "Bo"]), ("url", {}), ("date", 2020), ("date", True), ("title", "\ud800")]
    + [("date", day) for day in ("2023-02-29", "2020-13-45T10:00", "0000-01-01")],
)
def test_a_field_of_a_sidecar_that_cannot_be_is_one_line_with_both_names(tmp_path, field, value):
    (tmp_path / "a.txt").write_text("Tea.")
    (tmp_path / "a.meta.json").write_text(json.dumps({field: value}))
    with pytest.raises(LoadError, match=rf"^the {field} in [^\n]*a\.meta\.json [^\n]*: correct it, or delete it$"):
        load_file(tmp_path / "a.txt")


@pytest.mark.parametrize("day", ["2024-02-29", "2024-02-29T10:00:00Z", "May 2020", "2020", "2019-2020", "spring 1921"])
def test_a_date_may_be_said_in_any_words(tmp_path, day):
    (tmp_path / "a.txt").write_text("Tea.")
    (tmp_path / "a.meta.json").write_text(json.dumps({"date": day}))
    assert load_file(tmp_path / "a.txt").date == day


@pytest.mark.parametrize("method", ["read_bytes", "stat"], ids=["the file", "the folder it lies in"])
def test_missing_rights_are_one_line_with_the_name_and_a_remedy(tmp_path, monkeypatch, method):
    def refuse(self, **options):
        raise PermissionError(13, "Permission denied", str(self))

    (tmp_path / "a.txt").write_text("Tea.")
    monkeypatch.setattr(Path, method, refuse)  # as root, chmod would not keep us out
    with pytest.raises(CorpusError, match=r"a\.txt .*: check [^\n]*$"):
        load([tmp_path / "a.txt"])


def test_a_folder_without_rights_is_one_line_with_the_name_and_a_remedy(tmp_path, monkeypatch):
    def refuse(folder):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(CorpusError, match=r"Permission denied.*: check its rights$"):
        load([tmp_path])


def test_decode_names_what_it_was_given():
    with pytest.raises(LoadError, match="pasted text"):
        decode(b"\xff\xff", "pasted text")


def test_what_is_no_regular_file_is_an_error(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(LoadError, match="no regular file"):
        load_file(tmp_path / "pipe.txt")

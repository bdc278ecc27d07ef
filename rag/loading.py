"""Files and folders to Documents: text and Markdown as they are, PDF, Word and HTML by kept libraries.

A text file's BOM is dropped and nothing else of it is changed, so offsets count what the file holds.
A file `NAME.meta.json` beside `NAME.txt` may give `title`, `author`, `date` and `url`, each as text.
"""

from __future__ import annotations

import codecs
import copy
import hashlib
import io
import json
import logging
import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import CorpusError, LoadError, reason_of
from rag.hypertext import declared_encoding, parse, title_of, visible_text
from rag.schema import Document, is_unicode, slug, valid_unicode

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

log = logging.getLogger("rag")

MAX_FILE_BYTES = 50_000_000
META_SUFFIX = ".meta.json"
_META_FIELDS = ("title", "author", "date", "url")


def load(paths: Iterable[Path | str]) -> list[Document]:
    """The documents of files and folders, in the order given; folders are walked in sorted order.

    A file that cannot be read is an error where it was named, and a warning where it was found in a
    folder. Hidden files and sidecars are skipped. The same file twice counts once. Raises CorpusError for
    a missing path or a folder with nothing to read in it, LoadError for a file.
    """
    documents: dict[Path, Document] = {}
    for path in map(Path, paths):
        if os.path.isdir(path):
            documents |= _load_folder(path)
        elif os.path.lexists(path):
            documents.setdefault(path.absolute(), load_file(path))
        else:
            raise CorpusError(f"{path} does not exist: check the path")
    return list(documents.values())


def load_file(path: Path | str) -> Document:
    """The Document of one file. Raises LoadError: empty, binary, unreadable, too large or of an unknown type."""
    path = Path(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        kinds = ", ".join(sorted(_READERS))
        raise LoadError(f"{path} has an unknown type: give one of {kinds}, or convert it to text")
    data = _bytes(path)
    text = valid_unicode(reader(path, data))
    if not any(map(str.isalnum, text)):
        raise LoadError(f"{path} has no text in it: leave it out, or give a file with text")
    meta = _meta(path)
    title = meta.pop("title", None) or valid_unicode(_title(path, text, data))
    place = hashlib.sha256(f"{path.name}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:8]
    source = str(path.absolute()).encode("utf-8", "backslashreplace").decode()  # a name need not be UTF-8
    return Document(id=f"{slug(path.stem)}-{place}", title=title, text=text, source=source, **meta)


def _load_folder(folder: Path) -> dict[Path, Document]:
    found: dict[Path, Document] = {}
    seen = False
    for path in _walk(folder):
        seen = True
        try:
            found[path.absolute()] = load_file(path)
        except LoadError as error:
            _say_skipped(error)
    if not found:
        reason = "holds no file that can be read" if seen else "holds no text"
        kinds = ", ".join(sorted(_READERS))
        raise CorpusError(f"the folder {folder} {reason}: put {kinds} files in it")
    return found


def _say_skipped(error: CorpusError) -> None:
    """Warns of what is left out, in one line, whatever characters its name has."""
    log.warning("skipped: %s", " ".join(str(error).split()))


def _walk(folder: Path) -> Iterator[Path]:
    """All files below `folder` that are of a known type, not hidden and not a sidecar, sorted.

    A folder below it that cannot be read is a warning. Raises CorpusError where `folder` itself cannot.
    """
    todo = _entries(folder)
    while todo:
        entry = todo.pop()
        path = Path(entry.path)
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            try:
                todo += _entries(path)
            except CorpusError as error:
                _say_skipped(error)
        elif path.suffix.lower() in _READERS and not entry.name.endswith(META_SUFFIX):
            yield path


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What a folder holds, the last name first."""
    try:
        return sorted(os.scandir(folder), key=lambda entry: entry.name, reverse=True)
    except OSError as error:
        raise CorpusError(f"the folder {folder} cannot be read ({error.strerror}): check its rights") from error


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise LoadError(f"{path} is a folder: give a file")
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise LoadError(f"{path} is no regular file: give one that holds text")
        if found.st_size > MAX_FILE_BYTES:
            raise LoadError(f"{path} is larger than {MAX_FILE_BYTES // 1_000_000} MB: split it into smaller files")
        return path.read_bytes()
    except OSError as error:
        raise LoadError(
            f"{path} cannot be read ({error.strerror or error}): check that it exists and its rights"
        ) from error


def decode(data: bytes, name: Path | str, encoding: str = "utf-8") -> str:
    """The text of a file's bytes: of `encoding`, or UTF-8, UTF-16 and UTF-32 by their BOM; the BOM is dropped.

    Raises LoadError, naming `name`, for anything else.

    >>> decode(b"\\xef\\xbb\\xbfone\\r\\n", "a.txt")
    'one\\r\\n'
    """
    encoding = next((by_bom for bom, by_bom in _BOMS if data.startswith(bom)), encoding)
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        remedy = "it looks binary" if b"\0" in data[:8192] else f"byte {error.start} is not {encoding.upper()}"
        raise LoadError(f"{name} is not text ({remedy}): save it as UTF-8, or leave it out") from error
    if "\0" in text:
        raise LoadError(f"{name} is not text (it looks binary): save it as UTF-8, or leave it out")
    return text


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def _read_text(path: Path, data: bytes) -> str:
    return decode(data, path)


def _read_html(path: Path, data: bytes) -> str:
    return visible_text(_page(path, data))


def _page(path: Path, data: bytes) -> BeautifulSoup:
    try:
        return parse(decode(data, path, declared_encoding(data)))
    except ValueError as error:
        raise LoadError(f"{path} cannot be read as html ({error}): correct it, or convert it to text") from error


def _read_pdf(path: Path, data: bytes) -> str:
    from llama_index.readers.file import PDFReader

    pages = _converted(path, lambda: PDFReader().load_data(path))
    return "\n\n".join(page.strip() for page in pages if page.strip())


def _read_docx(path: Path, data: bytes) -> str:
    from llama_index.readers.file import DocxReader

    def read() -> list[object]:
        """The parts of the file, of a size that may be unpacked."""
        _check_parts(data)
        return list(DocxReader().load_data(path))

    return "\n\n".join(_converted(path, read)).strip()


def _check_parts(data: bytes) -> None:
    """Raises ValueError where the text of a Word file unpacks to more than a file may hold.

    The archive may lie about the sizes, so that each part is unpacked as far as that; only ways of packing that
    can be stopped there are taken, and no XML that defines abbreviations for more.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [copy.copy(archive.getinfo(name)) for name in archive.namelist() if name.startswith(_WORD_PARTS)]
        if sum(part.file_size for part in parts) > MAX_FILE_BYTES:
            raise ValueError(f"it unpacks to more than {MAX_FILE_BYTES // 1_000_000} MB")
        for part in parts:
            if part.flag_bits & 1:
                raise ValueError("it is protected by a password")
            if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError("it is packed in another way than Word's")
            size, part.file_size = part.file_size, MAX_FILE_BYTES
            with archive.open(part) as unpacked:
                content = unpacked.read(MAX_FILE_BYTES)
            if len(content) != size:
                raise ValueError("it unpacks to another size than it says")
            if b"<!DOCTYPE" in content.replace(b"\0", b""):
                raise ValueError("it declares a document type, which Word does not")


_WORD_PARTS = ("word/document", "word/header", "word/footer")


def _converted(path: Path, read: Callable[[], Iterable[object]]) -> list[str]:
    """The texts that a llama-index reader returns; its errors, of a dozen kinds, become a LoadError."""
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        return [str(getattr(part, "text", "")) for part in read()]
    except Exception as caught:
        attempt = getattr(caught, "last_attempt", None)  # the PDF reader tries three times and hides the reason
        error = attempt.exception() if attempt else caught
        kind = path.suffix.lower().removeprefix(".")
        raise LoadError(
            f"{path} cannot be read as {kind} ({reason_of(error)}): check that it opens, or convert it to text"
        ) from error


_READERS: dict[str, Callable[[Path, bytes], str]] = {
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_text,
    ".markdown": _read_text,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": _read_pdf,
    ".docx": _read_docx,
}


def _meta(path: Path) -> dict[str, str]:
    """The fields of the sidecar that we know, each on one line; empty without one. Raises LoadError for a bad one."""
    sidecar = path.with_name(path.stem + META_SUFFIX)
    if not os.path.isfile(sidecar):  # unlike Path.is_file, false for a name too long
        return {}
    try:
        meta = json.loads(_bytes(sidecar).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise LoadError(f"{sidecar} is not JSON ({error}): correct it, or delete it") from error
    if not isinstance(meta, dict):
        raise LoadError(f"{sidecar} is not a JSON object: give {{'title': ...}}, or delete it")
    known = {name: meta[name] for name in _META_FIELDS if meta.get(name) is not None}
    for name, value in known.items():
        if not isinstance(value, str) or not is_unicode(value):
            raise LoadError(f"the {name} in {sidecar} is no text in quotes: correct it, or delete it")
    if not _in_calendar(known.get("date", "")):
        raise LoadError(f"the date in {sidecar} is in no calendar ({known['date'][:40]!r}): correct it, or delete it")
    return {name: " ".join(value.split()) for name, value in known.items() if value.strip()}


def _in_calendar(written: str) -> bool:
    """Whether there is the day in figures that a date begins with; a date in other words may be any.

    >>> _in_calendar("2024-02-29T10:00"), _in_calendar("spring 1921"), _in_calendar("2023-02-29")
    (True, True, False)
    """
    figures = re.match(r"\s*([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![0-9])", written)
    try:
        return figures is None or bool(date(*map(int, figures.groups())))
    except ValueError:
        return False


def _title(path: Path, text: str, data: bytes) -> str:
    """A first heading in Markdown, the `<title>` or `<h1>` of HTML, else the file's name as words."""
    suffix, found = path.suffix.lower(), None
    if suffix in (".md", ".markdown"):
        found = re.match(r"\s*#\s+(\S[^\r\n]{0,150})", text)
    elif suffix in (".html", ".htm"):
        return title_of(_page(path, data)) or _stem_title(path)
    return (found and found.group(1).strip(" #")) or _stem_title(path)


def _stem_title(path: Path) -> str:
    """`nvidia-south-korea.txt` reads as "Nvidia south korea"."""
    name = re.sub(r"[-_\s]+", " ", path.stem).strip() or path.name
    return name[0].upper() + name[1:]

"""The visible text of HTML: no scripts and styles, blocks on lines of their own, lists and tables as in Markdown.

Its encoding is the one that it declares, never a guess. The tree is walked once and never changed, so that neither
depth nor length costs more than its share.
"""

from __future__ import annotations

import codecs
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import PageElement, Tag


def declared_encoding(data: bytes) -> str:
    """The encoding that a page declares, read as browsers do (https://encoding.spec.whatwg.org); else UTF-8.

    >>> declared_encoding(b"<meta charset=latin-1>"), declared_encoding(b"<meta charset=utf-16>")
    ('cp1252', 'utf-8')
    """
    from bs4.dammit import EncodingDetector

    declared = EncodingDetector.find_declared_encoding(data, is_html=True) or ""
    try:
        name = codecs.lookup(declared).name
        name = _READ_AS.get(name, name)
        return name if b"<meta>".decode(name) == "<meta>" else "utf-8"
    except (LookupError, ValueError):
        return "utf-8"


def parse(markup: str) -> BeautifulSoup:
    """The tree of a page. Raises ValueError for markup that is none."""
    import bs4
    from bs4.builder import ParserRejectedMarkup

    with warnings.catch_warnings(action="ignore", category=UserWarning):  # that it looks like XML, or an address
        try:
            return bs4.BeautifulSoup(markup, "html.parser")
        except ParserRejectedMarkup as error:
            raise ValueError(str(error).strip().splitlines()[-1].strip()) from error


def title_of(page: BeautifulSoup) -> str:
    """The `<title>`, else the first `<h1>`, on one line and cut to 150 characters; "" where there is neither."""
    element = page.title or page.h1
    return " ".join(element.get_text().split())[:150] if element else ""


def visible_text(page: Tag) -> str:
    """What a reader of the page sees, a blank line between its blocks."""
    text = _flow(page, _markers(page))
    return re.sub(r"[ \n]+", lambda gap: "\n\n" if gap[0].count("\n") > 1 else gap[0], text).strip()


def _flow(root: Tag, markers: Mapping[int, str]) -> str:
    """The text below `root` as it is laid out; `markers` go before the first words of the items they are for."""
    from bs4.element import CData, NavigableString, Tag

    pieces: list[str] = []
    wordless: set[int] = set()
    todo: list[tuple[PageElement | str, bool, int]] = [(root, False, 0)]
    while todo:
        node, preformatted, item = todo.pop()
        if isinstance(node, Tag):
            preformatted = preformatted or node.name == "pre"
            if node.name == "li":
                wordless.add(item := id(node))
            todo.extend((part, preformatted, item) for part in reversed(_parts(node)))
        elif type(node) in (str, NavigableString, CData):
            verbatim = preformatted or type(node) is str or node == "\n"
            text = str(node) if verbatim else re.sub(r"\s+", " ", str(node))
            if text.strip():
                text = markers[item] + text.lstrip() if item in wordless and item in markers else text
                wordless.clear()
            pieces.append(text)
    return "".join(pieces)


def _parts(tag: Tag) -> Sequence[PageElement | str]:
    """What stands for a tag in the text, in order: what it holds, and what sets it apart."""
    if tag.name in _UNSEEN:
        return []
    if tag.name == "br":
        return ["\n"]
    if tag.name == "table" and (rows := _rows(tag)):
        caption = next((_line(below) for below in _below(tag) if below.name == "caption"), "")
        return [f"\n\n{caption}\n\n{rows}\n\n"]
    if tag.name in _CELLS:
        return [*tag.contents, " "]
    return ["\n\n", *tag.contents, "\n\n"] if tag.name in _BLOCKS else tag.contents


def _below(root: Tag) -> Iterator[Tag]:
    """The visible tags below `root`, in order."""
    from bs4.element import Tag

    todo = root.contents[::-1]
    while todo:
        node = todo.pop()
        if isinstance(node, Tag) and node.name not in _UNSEEN:
            yield node
            todo.extend(reversed(node.contents))


def _markers(page: Tag) -> dict[int, str]:
    """The bullets and numbers of list items, by the items' `id()`."""
    from bs4.element import Tag

    markers = {}
    for listing in _below(page):
        if listing.name in ("ul", "ol"):
            begin = str(listing.get("start", ""))
            items = (child for child in listing.contents if isinstance(child, Tag) and child.name == "li")
            for number, item in enumerate(items, int(begin) if _BEGINS.fullmatch(begin) else 1):
                markers[id(item)] = "- " if listing.name == "ul" else f"{number}. "
    return markers


def _rows(table: Tag) -> str:
    """A table of short cells as Markdown; "" of one that lays out a page, or whose tags are not closed."""
    if any(below.name == "table" for below in _below(table)):
        return ""
    rows: list[list[str]] = []
    for row in (below for below in _below(table) if below.name == "tr"):
        inside = list(_below(row))
        cells = [tag for tag in inside if tag.name in _CELLS]
        unclosed = any(tag.name == "tr" for tag in inside) or any(
            below.name in _CELLS for cell in cells for below in _below(cell)
        )
        if unclosed or (rows and cells and len(cells) != len(rows[0])):
            return ""
        if cells:
            rows.append([_line(cell) or "-" for cell in cells])
    if len(rows) < 2 or len(rows[0]) == 1:
        return ""
    if any("|" in cell or len(cell) > _LONGEST_CELL for row in rows for cell in row):
        return ""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def _line(tag: Tag) -> str:
    """The words of a tag on one line."""
    return " ".join(_flow(tag, {}).split())


_UNSEEN = frozenset(("script", "style", "noscript", "template", "head", "title", "nav"))
_CELLS = ("td", "th")
_LONGEST_CELL = 200
_BEGINS = re.compile(r"[0-9]{1,6}")
"""With what number a list may begin."""
_BLOCKS = frozenset(
    "address article aside blockquote dd div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li"
    " main ol p pre section table tr ul".split()
)
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}

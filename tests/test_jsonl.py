import gzip

import pytest

from rag.errors import LoadError
from rag.jsonl import read_lines
from rag.schema import Span

LINE = '{"start": 0, "end": 3}\n'
BROKEN = {
    "cut off": (LINE[:9], "Invalid JSON"),
    "no object": ("[1]\n", "Input should be an object"),
    "no end": ('{"start": 0}\n', r"Field required \(end\)"),
}


def test_lines_keep_their_numbers_and_blank_ones_are_left_out(tmp_path):
    path = tmp_path / "spans.jsonl"
    path.write_text(f"{LINE}\n{LINE}", encoding="utf-8")
    assert list(read_lines(path, Span, LoadError)) == [(1, Span(start=0, end=3)), (3, Span(start=0, end=3))]


def test_a_packed_file_is_read_as_well(tmp_path):
    path = tmp_path / "spans.jsonl.gz"
    path.write_bytes(gzip.compress(LINE.encode()))
    assert [span.end for _, span in read_lines(path, Span, LoadError)] == [3]


@pytest.mark.parametrize(("line", "wrong"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_line_is_named_with_what_is_wrong(tmp_path, line, wrong):
    path = tmp_path / "spans.jsonl"
    path.write_text(LINE + line, encoding="utf-8")
    with pytest.raises(LoadError, match=rf"spans\.jsonl:2: {wrong}.*: correct the line, or delete it$"):
        list(read_lines(path, Span, LoadError))


@pytest.mark.parametrize("content", [None, b"\xff\n"], ids=["missing", "no utf-8"])
def test_a_file_that_cannot_be_read_is_named(tmp_path, content):
    path = tmp_path / "spans.jsonl"
    if content:
        path.write_bytes(content)
    with pytest.raises(LoadError, match=r"spans\.jsonl cannot be read \(.+\): check the path, or restore it$"):
        list(read_lines(path, Span, LoadError))


def test_a_cut_off_packed_file_is_named(tmp_path):
    path = tmp_path / "spans.jsonl.gz"
    path.write_bytes(gzip.compress(LINE.encode())[:-9])
    with pytest.raises(LoadError, match=r"spans\.jsonl\.gz cannot be read"):
        list(read_lines(path, Span, LoadError))

import time

import pytest

from rag.hypertext import parse, visible_text


def seen(markup):
    return visible_text(parse(markup))


HTML = {
    "script and style": ("<style>p{}</style><script>var a;</script><p>Tea.</p><noscript>No</noscript>", "Tea."),
    "head and navigation": ("<head><title>No</title></head><nav>Home</nav><p>Tea.</p>", "Tea."),
    "a title without a head": ("<title>No</title><svg><title>No</title></svg><p>Tea.</p>", "Tea."),
    "entities": ("<p>Tea &amp; milk &#8211; &eacute;</p>", "Tea & milk – é"),
    "blocks": (
        "<h1>Tea</h1><p>One.</p><div>Two.</div><ul><li>a</li><li>b</li></ul>",
        "Tea\n\nOne.\n\nTwo.\n\n- a\n\n- b",
    ),
    "numbered": ("<ol><li><p>Boil.</p></li><li> <b>Pour</b> it.</li></ol>", "1. Boil.\n\n2. Pour it."),
    "a comment in a list": ("<ul><li><!-- secret -->Open</li><li>Shut</li></ul>", "- Open\n\n- Shut"),
    "numbered from five": ("<ol start=5><li>a</li><li>b</li></ol>", "5. a\n\n6. b"),
    "an item of items": ("<ul><li><ul><li>x</li></ul></li></ul>", "- x"),
    "lists in lists": ("<ul><li>a<ul><li>b</li></ul></li><li></li></ul>", "- a\n\n- b"),
    "inline elements": ("<p>One <b>bold</b>, <a href='x'>linked</a> word.</p>", "One bold, linked word."),
    "line ends": ("<p>One\n  line.<br>Another.</p>", "One line.\nAnother."),
    "preformatted": ("<pre>a\n  b</pre>", "a\n  b"),
    "comments": ("<p>Tea.<!-- no --></p>", "Tea."),
    "table": (
        "<p>Tea</p><table><caption>Cups</caption>"
        "<tr><th>Who</th><th>Cups</th></tr><tbody><tr><td>Ann <i>B.</i></td><td>2</td></tr>"
        "<tr><td></td><td>3</td></tr></table><p>End</p>",
        "Tea\n\nCups\n\n| Who | Cups |\n| --- | --- |\n| Ann B. | 2 |\n| - | 3 |\n\nEnd",
    ),
    "table that lays out": (
        f"<table><tr><td>{'a' * 201}</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>",
        "a" * 201 + " b\n\nc d",
    ),
    "rows of other lengths": ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc"),
    "tags left open": ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "ab\n\ncd"),
    "table cells": ("<table><tr><td>Tea</td><td>3</td></tr></table>", "Tea 3"),
    "a cell of inline elements": (
        "<table><tr><td><b>A</b>nn</td><td>2</td></tr><tr><td>Bob</td><td>3</td></tr></table>",
        "| Ann | 2 |\n| --- | --- |\n| Bob | 3 |",
    ),
    "rows in rows": ("<table><tr><tr><td>a</td><td>b</td></tr></tr></table>", "a b"),
    "a row in a template": (
        "<table><tr><td>a</td><td>b</td></tr><template><tr><td>x</td></tr></template><tr><td>c</td><td>d</td></tr></table>",
        "| a | b |\n| --- | --- |\n| c | d |",
    ),
}


@pytest.mark.parametrize(("markup", "text"), HTML.values(), ids=HTML.keys())
def test_html_is_its_visible_text(markup, text):
    assert seen(markup) == text


@pytest.mark.parametrize("begin", ["²", "9" * 5_000, "-3"])
def test_a_list_that_begins_with_no_number_begins_with_one(begin):
    assert seen(f"<ol start='{begin}'><li>Tea</li></ol>") == "1. Tea"


def test_tables_in_tables_are_taken():
    assert seen("<table><tr><td>a" * 200).startswith("a")


LONG = {
    "blocks in blocks": "<div>tea " * 20_000,
    "blocks after blocks": "<p>tea</p>" * 20_000,
    "inline elements left open": "<b>tea" * 20_000,
    "items in items": "<ul><li>" * 10_000 + "tea",
    "cells left open": "<table>" + "<tr><td>tea<td>" * 5_000,
    "rows left open": "<table>" + "<tr>" * 10_000 + "<td>tea",
    "preformatted in preformatted": "<pre>tea\n" * 20_000,
    "spaces": f"<pre>tea{' ' * 500_000}tea</pre>",
}


@pytest.mark.parametrize("markup", LONG.values(), ids=LONG.keys())
def test_a_long_or_deep_page_takes_its_share_of_time(markup):
    started = time.process_time()
    assert "tea" in seen(markup)
    assert time.process_time() - started < 8

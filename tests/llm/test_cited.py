import pytest

from rag.llm.cited import Said, Statements, cleaned

REPLIES = {
    "behind the full stop": ("Tea is green. [1] It is old. [2]", [("Tea is green.", 1), ("It is old.", 2)]),
    "before the full stop": ("Tea is green [1]. It is old [2].", [("Tea is green.", 1), ("It is old.", 2)]),
    "without a blank": ("Tea is green.[1] It is old.[2]", [("Tea is green.", 1), ("It is old.", 2)]),
    "before the sentences": ("[1] Tea is green. [2] It is old.", [("Tea is green.", 1), ("It is old.", 2)]),
    "several": ("Tea is green [1, 2]. It is old [3][4].", [("Tea is green.", 1, 2), ("It is old.", 3, 4)]),
    "a range": ("Tea is green [1-3].", [("Tea is green.", 1, 2, 3)]),
    "a range without end": ("Tea is green [1-999999].", [("Tea is green.", 1, 999999)]),
    "within": ("Tea [1] is green [2] and old.", [("Tea is green and old.", 1, 2)]),
    "in other signs": ("Tea is green [^1]. It is old 【S2】.", [("Tea is green.", 1), ("It is old.", 2)]),
    "on the next line": ("Tea is green.\n[1]\nIt is old.\n[2]", [("Tea is green.", 1), ("It is old.", 2)]),
    "none": ("Tea is green. It is old.", [("Tea is green.",), ("It is old.",)]),
    "a list": ("- **Tea** is green [1]\n2. It is *old* [2]", [("Tea is green", 1), ("It is old", 2)]),
    "code": ("```text\nTea is green. [1]\n```", [("Tea is green.", 1)]),
    "scraps of JSON": ('{"answer": "Tea is green. [1]", "n": 3}', [("Tea is green.", 1)]),
    "thinking aloud": ("<think>Or is it? [9]</think>\nTea is green. [1]", [("Tea is green.", 1)]),
    "thinking that was never opened": ("Or is it? [9] Hm. </think>Tea is green. [1]", [("Tea is green.", 1)]),
    "thinking that never ends": ("Tea is green. [1] <think>It is", [("Tea is green.", 1)]),
    "a yes of its own": ("Yes. Tea is green. [1]", [("Yes. Tea is green.", 1)]),
    "abbreviations": ("The U.S. bought 3.5 kg of it. [1] It left on Jan. 5. [2]",
                      [("The U.S. bought 3.5 kg of it.", 1), ("It left on Jan. 5.", 2)]),
    "nothing": ("", []),
    "no word": ("--- *** ``` [] [1] {}", []),
    "less than": ("Tea <b>is</b> < 5 euros. [1]", [("Tea is < 5 euros.", 1)]),
}  # fmt: skip


def heard(reply, size):
    statements, found = Statements(), []
    for start in range(0, len(reply), size):
        found += statements.feed(reply[start : start + size])
    return found + statements.end()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(("reply", "expected"), REPLIES.values(), ids=REPLIES.keys())
def test_statements_with_what_they_cite_however_they_come(reply, expected, size):
    said = [Said(text, tuple(numbers)) for text, *numbers in expected]
    if reply == REPLIES["thinking that was never opened"][0] and size < len(reply):
        assert heard(reply, size)[-1:] == said  # what was thought before was given already
    else:
        assert heard(reply, size) == said


def test_a_statement_comes_as_soon_as_the_next_one_begins():
    statements = Statements()
    assert statements.feed("Tea is green. [1] ") == []
    assert statements.feed("It") == []
    assert statements.feed(" is") == [Said("Tea is green.", (1,))]
    assert statements.feed(" old [2") == statements.feed("].") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00b\u202ec", "a b c"),
        ("\ud800 tea", "\ufffd tea"),
        ("see [12345678901]", "see (12345678901)"),
        ("5 * 3 * 2", "5 * 3 * 2"),
    ],
    ids=["control characters", "no Unicode", "like a marker", "not bold"],
)
def test_a_statement_is_plain_text(text, expected):
    assert cleaned(text) == expected


@pytest.mark.parametrize(
    "reply", ["Tea is green.\n1-" + "2" * 5_000 + "\n", "Tea v1.0 is [" + " " * 6_000, "[1" + ",1" * 3_000]
)
def test_a_reply_that_degenerates_is_taken(reply):
    heard = Statements()
    for i in range(0, len(reply), 50):
        heard.feed(reply[i : i + 50])
    heard.end()

"""The list `rag/verification/names.txt`: which words of general English are names, by how texts write them.

    python -m rag.training.names DATA.jsonl.gz ... > rag/verification/names.txt

A word is a name where texts write it with a capital within a sentence four times as often as without, or where they
never write it and nothing in its form makes it a common word.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rag.questions.spelling import general_words
from rag.training.data import read_examples

_INSIDE = re.compile(r"(?<=[a-z,] )[A-Z]?[a-z]+\b")
_COMMON_FORM = re.compile(
    r"(?:ed|ing|ly|s|tion|sion|ment|ness|ity|ous|ive|able|ible|less|ful|ism|ist|ship|ward|ware|wood|work|way|al|ic|er|or"
    r"|age|ance|ence|ish|ology|graphy|hood|dom|room|book|line|time|board|stone|light|house|load|ure|ent|ant|ate|ize|ise"
    r"|ify|out|off|down|back)$"
)


def names_among(words: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Those of `words` that are names, sorted.

    >>> names_among(["berlin", "trains", "asahi", "nodded"], ["The trains from Berlin and to Berlin ran."])
    ['asahi', 'berlin']
    """
    small, capital = Counter[str](), Counter[str]()
    for text in texts:
        for found in _INSIDE.findall(text):
            (capital if found[0].isupper() else small)[found.lower()] += 1
    return sorted(
        word
        for word in words
        if len(word) > 2 and (capital[word] > 4 * small[word] or not (small[word] or _COMMON_FORM.search(word)))
    )


def main(arguments: Sequence[str]) -> int:
    """Print the list from the contexts of the named files."""
    contexts = {example.context for file in arguments for example in read_examples(Path(file))}
    print("\n".join(names_among(general_words(), sorted(contexts))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

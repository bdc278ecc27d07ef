"""Yes or no: does a sentence settle a yes/no question, and which way?"""

from __future__ import annotations

from rag.lexical import STOPWORDS, stem, stems, words
from rag.questions import Question
from rag.schema import Polarity

_NEGATION = frozenset("not no never n't nor neither without cannot none nobody nothing".split())


def polarity_of(question: Question, sentence: str, around: str = "", entailed: bool = False) -> Polarity | None:
    """Yes or no where the sentence says what the question says; None where it does not settle it.

    Either every content word and number of the question stands in the sentence, and its names in the same order,
    so that another number, another place or swapped roles settle nothing. Or a trained reader found the
    statement in it (`entailed`), whose words may differ; then every name and number must stand in the sentence or in
    what it is read with (`around`: title, the sentence before).

    >>> from rag.questions import analyse
    >>> polarity_of(analyse("Were the financial details disclosed?"), "The financial details were not disclosed.")
    'no'
    >>> question = analyse("Has access to China become worse for Nvidia?")
    >>> polarity_of(question, "Access to China has deteriorated.", "Nvidia in China", entailed=True)
    'yes'
    """
    if not _says_all(question, sentence) and not (entailed and _names_all(question, f"{around} {sentence}")):
        return None
    return "yes" if negated(question.text) == negated(sentence) else "no"


def negated(text: str) -> bool:
    """Whether the text holds a word of negation.

    >>> negated("They didn't say."), negated("They said so.")
    (True, False)
    """
    lower = text.lower().replace("’", "'").replace("n't", " not")
    return any(word.strip(".,;:!?'\"") in _NEGATION for word in lower.split())


def _says_all(question: Question, sentence: str) -> bool:
    asked = set(question.stems) - _NEGATION
    found = stems(sentence)
    places = [found.index(name) for name in names_and_numbers(question.text) if name in found]
    return bool(asked) and asked <= set(found) and places == sorted(places)


def _names_all(question: Question, text: str) -> bool:
    return set(names_and_numbers(question.text)) <= set(stems(text))


def names_and_numbers(question: str) -> list[str]:
    """The stems of a question's names and numbers, in order; its first word's capital says nothing.

    >>> names_and_numbers("Did Nvidia sell 40 chips to South Korea?")
    ['nvidia', '40', 'south', 'korea']
    """
    tokens = words(question)
    found = (word for i, (word, _, _) in enumerate(tokens) if word[0].isdigit() or (word[0].isupper() and i > 0))
    return [stem(word.lower()) for word in found if word.lower() not in STOPWORDS]

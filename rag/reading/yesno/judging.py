"""Yes or no by the model that verifies statements: when its word is taken, and when it stands against a rule's."""

from __future__ import annotations

import re
from collections.abc import Set

from rag.entailing import Judged
from rag.lexical import stem, stems
from rag.questions import Question
from rag.questions.followups.names import NOT_NAMES
from rag.reading.yesno.clauses import negated
from rag.reading.yesno.named import is_time, names_and_numbers
from rag.reading.yesno.polarity import differs, unreal
from rag.schema import Polarity

SURELY, LIKELY = 0.8, 0.5
"""From the first probability on the model's yes or no is taken, where it gives the other one no more than what is left;
above the second its opposite leaves what a rule settles open. Chosen on the yes/no questions that calibrate."""
FLATLY = 0.9
"""From here on its no is taken also where the month or day of the question stands nowhere: "any in July?" - "none"."""
_CONDITION = re.compile(r"^should\b[^,;.]*,|\b(?:if|unless|when|whenever)\b[^,;.]*(?:,|\.?$)", re.IGNORECASE)
_NEGATIVE = re.compile(r"whether\b.*(?:\bnot\b|n['’]t\b)", re.IGNORECASE)
"""A question with a negation of its own ("Is it true that it isn't ...?"), which the model has hardly read."""
_NOT_NAMES = frozenset(map(stem, NOT_NAMES))


def settled(question: Question, sentence: str, around: str, judged: Judged | None) -> Polarity | None:
    """The yes or no to a question that the model is sure of; where a month or day of it stands nowhere only what is
    denied flatly, where a name or number does nothing.

    `judged` is what it makes of the question beside the sentence and `around`, what that is read with. Nothing that the
    rules find exchanged or altered is a yes, and no negation in a condition a no.

    >>> from rag.questions import analyse
    >>> question = analyse("Did Nvidia keep its figures to itself?")
    >>> settled(question, "Nvidia disclosed no figures.", "", Judged(says=0.9, denies=0.01))
    'yes'
    >>> settled(question, "Nvidia disclosed no figures.", "", Judged(says=0.6, denies=0.4))
    >>> question = analyse("May I object?")
    >>> settled(question, "If you do not agree, you may object.", "", Judged(says=0.01, denies=0.9))
    >>> question, flatly = analyse("Can I have a fire in July?"), Judged(says=0.02, denies=0.97)
    >>> settled(question, "Fires are not allowed in summer.", "", flatly)
    'no'
    >>> settled(question, "In Tarn they are not allowed.", "", flatly)
    """
    if judged is None or judged.denies is None or _NEGATIVE.match(question.asked):
        return None
    absent = set(names_and_numbers(question.searched)) - set(stems(f"{around} {sentence}"))
    if absent and not (_only_when(absent, sentence) and judged.denies >= FLATLY and judged.says <= 1 - FLATLY):
        return None
    if judged.denies >= SURELY and judged.says <= 1 - SURELY:
        conditional = negated(sentence) and not negated(_CONDITION.sub("", sentence))
        return None if conditional or _has_the_number(question, sentence) else "no"
    sure = judged.says >= SURELY and judged.denies <= 1 - SURELY
    return "yes" if sure and not differs(question, sentence) and not unreal(question, sentence) else None


def _has_the_number(question: Question, sentence: str) -> bool:
    """Whether the question's numbers are just those of the sentence, which denies nothing."""
    asked, said = (
        {word for word in names_and_numbers(f"x {text}") if word[0].isdigit()} for text in (question.asked, sentence)
    )
    return bool(asked) and asked == said and not negated(sentence)


def _only_when(absent: Set[str], sentence: str) -> bool:
    """Whether all that is absent is a month or a weekday, and the sentence has neither another one nor a name."""
    said = [name for name in names_and_numbers(f"x {sentence}") if not name[0].isdigit()]
    names = set(said) - _NOT_NAMES - set(stems(" ".join(sentence.split()[:1])))
    return (
        all(is_time([one]) and not one[0].isdigit() for one in absent)
        and not names
        and not any(is_time([one]) for one in said)
    )


def opposed(polarity: Polarity, judged: Judged | None) -> bool:
    """Whether the model takes the opposite of a rule's yes or no for likelier than not.

    >>> opposed("yes", Judged(says=0.2, denies=0.7)), opposed("no", Judged(says=0.2, denies=0.7)), opposed("no", None)
    (True, False, False)
    """
    if judged is None or judged.denies is None:
        return False
    return (judged.denies if polarity == "yes" else judged.says) > LIKELY

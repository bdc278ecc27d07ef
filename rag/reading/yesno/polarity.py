"""Yes or no: does a sentence settle a yes/no question, and which way?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.lexical import stem, stems, words
from rag.questions import Question
from rag.reading.roles import turned
from rag.reading.yesno.clauses import NEGATIONS, clause_at, clauses, negated
from rag.reading.yesno.named import COUNTS, MONTH_OR_WEEKDAY, is_time, names_and_numbers, names_grouped
from rag.reading.yesno.opposites import EXCLUDING, opposites
from rag.schema import Polarity, Span
from rag.series import RANKS

_RANKS = frozenset([*[*RANKS][:10], "last"])
_UNITS = frozenset(stems("thousand million billion trillion dollar euro pound percent per cent year month week day"))
_TURN = re.compile(r";\s|\s(?:while|whereas|but|although|though)\s", re.IGNORECASE)
"""Where a sentence turns to something else: what stands on both sides together says nothing."""
_INSERTED = re.compile(
    r", (?:on the other hand|by contrast|in contrast|however|though|too|meanwhile|instead|in turn|of course|in fact"
    r"|for (?:example|instance)|as (?:expected|planned)),"
    r"(?= (?:is|are|was|were|has|have|had|will|would|can|could|did|does|do|brought|made|gave|led|[a-z]+ed)\b)",
    re.IGNORECASE,
)
"""What stands between commas before the verb, and makes no clause of its own."""
_WITHOUT = re.compile(r"\swithout\b[^,.;:!?]*", re.IGNORECASE)
_REFUSED = re.compile(r"\b(?:turn(?:ed|s|ing)? down|vot(?:ed|es|ing)? down|thr(?:ew|ows?|own) out)\b", re.IGNORECASE)
_AS_MUCH = re.compile(r"\bas (?:\w+ )?(?:much|many|\w+) (?:\w+ )?as\b", re.IGNORECASE)
_THAN = re.compile(
    r"\b(?:more|less|fewer|\w+er)\b.*\bthan\b|\b(?:is|was|are|were) (?:now |still )?(?:lower|higher)\b", re.IGNORECASE
)
_LIMITED = frozenset("only partly hardly barely rarely seldom until except unless".split())
"""Behind these a statement in other words may hold, or hold otherwise."""
_ALONE = re.compile(
    r"\b(?:alone|unaccompanied|unsupervised|on (?:their|his|her|its|my|your|our|one['’]s) own|by (?:\w+sel(?:f|ves))"
    r"|without (?:an? |any |their )?(?:adults?|grown-?ups?|parents?|guardians?|company|supervision))\b",
    re.IGNORECASE,
)
_IN_COMPANY = re.compile(
    r"\b(?:accompanied|supervised|supervision"
    r"|(?:only|always|go|come|stay|be) with (?:an? |their )?(?:adults?|parents?|guardian))\b",
    re.IGNORECASE,
)
_UNREAL = re.compile(
    r"\b(?:propos\w+|suggest\w*|whether|rumou?rs?|alleg\w+|claim\w*|demand\w*|call(?:s|ed|ing)? for"
    r"|consider(?:s|ed|ing)|declin\w+|requir\w+)\b",
    re.IGNORECASE,
)
"""Words under which what is said need not be so."""
_DEFINITE_UNREAL = re.compile(r"rumou?r|alleg|declin", re.IGNORECASE)
"""Those of them that a later clause says of what an earlier one had."""
_NEEDLESS = re.compile(
    r"\b(?:need(?:s|ed)?|requires?|required) (?:no|none)\b|\bneed(?:s|ed)?(?: not|n['’]t)\b"
    r"|\bno\b[^,.;]*\b(?:needed|required|necessary)\b",
    re.IGNORECASE,
)
_MAY = re.compile(r"^\W*(?:can|could|may|might)\b|\b(?:allowed|permitted)\b", re.IGNORECASE)
_THAN_WHAT = re.compile(r"\bthan\b(?P<what>[^,.;?!]*)", re.IGNORECASE)
_PASSIVE = re.compile(r"\bby (?:the |an? )?((?:[\w'’-]+ ){0,3}[\w'’-]+)", re.IGNORECASE)
"""Who or what did it, up to four words."""


def polarity_of(question: Question, sentence: str, around: str = "", entailed: bool = False) -> Polarity | None:
    """Yes or no where the sentence says what the question says; None where it does not settle it.

    Either every content word and number of the question stands in the sentence, and its names in the same order,
    so that another number, another place or swapped roles settle nothing. Or a trained reader found the
    statement in it (`entailed`), whose words may differ; then every name and number must stand in the sentence or in
    what it is read with (`around`: title, the sentence before). A clause that says the opposite, which excludes what
    is asked ("closed" for "open"), settles it with no.

    >>> from rag.questions import analyse
    >>> polarity_of(analyse("Were the financial details disclosed?"), "The financial details were not disclosed.")
    'no'
    >>> question = analyse("Has access to China become worse for Nvidia?")
    >>> polarity_of(question, "Access to China has deteriorated.", "Nvidia in China", entailed=True)
    'yes'
    >>> question = analyse("Is the firm valued at $5 trillion?")
    >>> polarity_of(question, "While no details were disclosed, the firm was valued at $5 trillion.")
    'yes'
    """
    sentence = _plainly(question, sentence)
    if _is_turned(question, sentence):
        return None
    if _denied_by_an_opposite(question, sentence):
        return "no"
    if _is_other(question, sentence):
        return None
    said = _says_all(question, sentence)
    if not said and not (entailed and _is_about(question, sentence) and _names_all(question, f"{around} {sentence}")):
        return None
    denied = _negated_where_it_says(question, sentence)
    if denied is None or (not said and not denied and _may_be_otherwise(question, sentence)):
        return None
    return "yes" if negated(question.asked) == denied else "no"


def unreal(question: Question, sentence: str) -> bool:
    """Whether what is asked is only proposed, asked or alleged in the sentence, and the question does not ask for that;
    or may be done in company alone, where it is asked whether it may be without.

    >>> from rag.questions import analyse
    >>> unreal(analyse("Is the rent going up?"), "Hale proposed raising the rent.")
    True
    >>> unreal(analyse("Did Hale propose to raise it?"), "Hale proposed raising the rent.")
    False
    >>> unreal(analyse("May children swim alone?"), "Children must be accompanied by an adult.")
    True
    """
    if _ALONE.search(question.asked) and _IN_COMPANY.search(sentence) and not negated(sentence):
        return True
    asked = set(stems(question.asked))
    for found in _UNREAL.finditer(sentence):
        around = clause_at(sentence, Span(start=found.start(), end=found.end()))
        beside = asked.isdisjoint(stems(sentence[around.start : around.end])) and not _DEFINITE_UNREAL.match(found[0])
        if asked.isdisjoint(stems(found.group())) and not beside:
            return True
    return False


def differs(question: Question, sentence: str) -> bool:
    """Whether the sentence exchanges who does what, or has another number or the opposite word: no yes can rest on it.

    >>> from rag.questions import analyse
    >>> differs(analyse("Did Alpha buy Beta?"), "Beta bought Alpha."), differs(analyse("Did it rise?"), "It rose.")
    (True, False)
    """
    sentence = _plainly(question, sentence)
    return _is_turned(question, sentence) or _is_other(question, sentence)


def _is_turned(question: Question, sentence: str) -> bool:
    as_much = _AS_MUCH.search(question.asked) and _THAN.search(sentence)
    exchanged = not _same_roles(question, sentence) or turned(question.asked, sentence)
    return bool(as_much) or exchanged or _compared_otherwise(question, sentence)


def _compared_otherwise(question: Question, sentence: str) -> bool:
    """Whether the question has behind "than" what the sentence has before it: "more men than women"."""
    asked, said = _THAN_WHAT.search(question.asked), _THAN_WHAT.search(sentence)
    if not asked or not said:
        return False
    what, behind = stems(asked["what"])[:1], stems(said["what"])[:1]
    if not what or not behind or what == behind:
        return False
    return what[0] in stems(sentence[: said.start()]) and behind[0] in stems(question.asked[: asked.start()])


def _is_other(question: Question, sentence: str) -> bool:
    if opposites(question, sentence):
        return True
    return not (_counts_alike(question, sentence) and _numbers_beside_words(question, sentence))


def _plainly(question: Question, sentence: str) -> str:
    """The sentence with one word for "turned down", and without what is put in or left out beside what is asked.

    "Cats need no permission" denies nothing to who asks for cats.
    """
    sentence = _INSERTED.sub("", sentence)
    if not _REFUSED.search(question.asked):
        sentence = _REFUSED.sub("rejected", sentence)
    if _MAY.search(question.asked) and not re.search(r"\b(?:need|requir|necessary)", question.asked, re.IGNORECASE):
        sentence = _NEEDLESS.sub("may skip", sentence)
    asked = set(question.stems)
    return _WITHOUT.sub(lambda match: match.group() if asked & set(stems(match.group())) else "", sentence)


def _may_be_otherwise(question: Question, sentence: str) -> bool:
    """Whether the sentence denies or limits something, which in other words may be what is asked."""
    limits = {word.strip(".,;:!?'\"") for word in sentence.lower().split()} & _LIMITED
    return (negated(sentence) and not negated(question.asked)) or not limits <= set(
        re.findall(r"[a-z]+", question.asked.lower())
    )


def _negated_where_it_says(question: Question, sentence: str) -> bool | None:
    """Whether the clause that has the first of the question's words is negated; None where another that is has others.

    What is asked about comes first in a question: "Was anybody killed when the river flooded its valley?".
    """
    asked = [stem for stem in question.stems if stem not in NEGATIONS]
    parts = clauses(sentence)
    shared = [set(asked) & set(stems(clause)) for clause in parts]
    places = [min(map(asked.index, found), default=len(asked)) for found in shared]
    best = places.index(min(places))
    if negated(parts[best]):
        return True
    split = any(shared[i] - shared[best] for i, clause in enumerate(parts) if negated(clause))
    return None if split else False


def _says_all(question: Question, sentence: str) -> bool:
    """Whether one part of the sentence, up to where it turns to something else, has every word of the question."""
    asked = set(question.stems) - NEGATIONS
    return bool(asked) and any(asked <= set(stems(part)) for part in _TURN.split(sentence))


def _is_about(question: Question, sentence: str) -> bool:
    """Whether the sentence shares more with the question than numbers and times."""
    said = {
        stem(w.lower()) for w, _, _ in words(question.asked) if not (w[0].isdigit() or MONTH_OR_WEEKDAY.fullmatch(w))
    }
    asked = said & set(question.stems) - NEGATIONS
    return not asked or bool(asked & set(stems(sentence)))


def _counts_alike(question: Question, sentence: str) -> bool:
    """Whether the sentence has no other number or rank in place of the question's numbers in words and its ranks."""
    asked, said = (set(re.findall(r"[a-z]+|\d+", text.lower())) for text in (question.asked, sentence))
    rivals = {word for word in said if word in COUNTS or word.isdigit()}
    missing = [word for word in asked if word in COUNTS and not {word, COUNTS[word]} & said]
    return not (missing and rivals) and not (asked & _RANKS - said and (said - asked) & _RANKS)


def _numbers_beside_words(question: Question, sentence: str) -> bool:
    """Whether no number of the question stands apart from its words while these stand beside another number.

    "The council paid 2 million, insurance covered 1 million" says nothing of whether insurance covered 2 million.
    """
    numbers = {name for name in names_and_numbers(question.asked) if name[0].isdigit()}
    others = set(question.stems) - numbers - NEGATIONS - _UNITS
    parts = [set(stems(clause)) for clause in clauses(sentence)]
    elsewhere = any(others & clause and any(word[0].isdigit() for word in clause - numbers) for clause in parts)
    homes = ([clause for clause in parts if number in clause] for number in numbers)
    return not (elsewhere and any(home and not any(others & clause for clause in home) for home in homes))


def _same_roles(question: Question, sentence: str) -> bool:
    """Whether the names stand in the same order, and who did it with "by" is the same, or said of neither; of an active
    question and a passive sentence, whether who does it in the one stands behind "by" in the other."""
    found = stems(sentence)
    names = [group for group in names_grouped(question.asked) if set(group) & set(found)]
    places = [min(found.index(word) for word in group if word in found) for group in names]
    asked, said = (_PASSIVE.findall(text) for text in (question.asked, sentence))
    sides = [name for name in names if not is_time(name)]
    if len(sides) > 1 and bool(asked) != bool(said):
        return not asked and any(_is_the_name(sides[0], agent) for agent in said)
    other = bool(asked and said) and not any(set(stems(asked[-1])) & set(stems(agent)) for agent in said)
    return places == sorted(places) and not other


def _is_the_name(name: Sequence[str], agent: str) -> bool:
    """Whether the words behind "by" begin with the name, and it is no part of another: not "Alpha's rival Gamma"."""
    tokens = [word for word, _, _ in words(agent)]
    rest = [word for word in tokens if stem(word.lower()) not in name]
    return (
        stem(tokens[0].lower()) in name
        and not re.match(r"[\w-]+['’]", tokens[0])
        and not any(w[0].isupper() for w in rest)
    )


def _denied_by_an_opposite(question: Question, sentence: str) -> bool:
    """Whether a clause without negation says all that is asked with the opposite of one word, which excludes it."""
    plain = [clause for clause in clauses(sentence) if not negated(clause)]
    return not negated(question.asked) and any(
        re.search(rf"\b{other}\b", clause.lower()) and set() < set(question.stems) - {stem(word)} <= set(stems(clause))
        for word, other in opposites(question, sentence)
        if frozenset((word, other)) in EXCLUDING
        for clause in plain
    )


def _names_all(question: Question, text: str) -> bool:
    return set(names_and_numbers(question.asked)) <= set(stems(text))

"""Which words of a question refer back: the pronouns that nothing in the question itself explains."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.questions.followups.frames import opened
from rag.questions.followups.names import ROLE, names_in

_CLASSES = {
    "he": "he him his himself",
    "she": "she her hers herself",
    "it": "it its",
    "they": "they them their theirs",
    "there": "there",
    "then": "then",
    "that": "that this",
}
_CLASS_OF = {word: name for name, forms in _CLASSES.items() for word in forms.split()}
POSSESSIVE = frozenset("his her its their hers theirs".split())
_TOKEN = re.compile(r"[^\W\d_]+(?:['’](?:s|re|ll|d|ve)\b)?")
_JUDGED = "true|possible|clear|known|likely|certain|right|correct|legal|necessary|allowed|important|good|hard|easy"
_JUDGED_TO = (
    "harder|easier|better|worse|cheaper|dearer|safer|riskier|faster|difficult|impossible|illegal|dangerous|expensive"
    r"|usual|normal|common|essential|useful|customary|advisable|worth\w*|(?:more|less) \w+"
)
"""Adjectives that "it" has for nothing only where an infinitive follows: "has it become harder for them to sell?"."""
_EXPLETIVE_IT = re.compile(
    r"\bhow (?:cold|hot|warm|wet|windy|dark|late|far) (?:is|was|did|does|will) it\b"
    rf"|\bit(?:['’]s| is| was| will be| would be| be)? (?:\w+ )?(?:that|to|{_JUDGED}|(?:rain|snow)(?:ing|ed|s)?)\b"
    rf"|\b(?:is|was|isn['’]t|wasn['’]t) it (?:{_JUDGED}|\w+ (?:that|to|for))\b"
    rf"|\bit (?:(?:be|been|become|became|get|got|grown?|proved?|seem(?:ed)?) )?(?:{_JUDGED}|{_JUDGED_TO})\b[^,;?]* to"
    r" (?!them|him|her|us|me|you|the|an?|my|his|their|our|it|this|that)\w+"
    r"|\b(?:does|did|do|will|would|can|could) it (?:take|cost|need|help)\b.* to\b|\bwhat time is it\b|\bmake it\b"
    r"|\bhow (?:do|does|did|would) [\w'’ -]+ put it(?= (?:about|when|like)\b|\W*$)",
    re.IGNORECASE,
)
_WHOSE_OWN = re.compile(
    r"\W*who (?:(?:has|have|had|will|would|did|is|was|are|were) )?(?:\w+ly )?(?:lost|loses?|broke|left|leaves?"
    r"|leaving|sold|sells?|gave|quit|hurt|keeps?|kept|changed?|forgot|spent|spends?|moved?|moves|used?|uses"
    r"|lives? (?:in|with)|stayed?|celebrate[ds]?|made|missed|resign\w* from|had|has|opened|shut|closed|drove|took)\b",
    re.IGNORECASE,
)
"""Behind this "his" may be whose it is: "Who lost his hat?", but not "Who wrote his biography?"."""
_ADVISED = re.compile(r"\b(?:should|shall|can|could|must|would|do|may) (?:i|we|you|one)\b", re.IGNORECASE)
"""Behind this "then" is no time: "What should I do then?"."""
_DONE = re.compile(r"\b(?:do|did|done|doing)\s$", re.IGNORECASE)
_NO_OBJECT = re.compile(
    r"\W*$|\s+(?:then|there|instead|now|again|myself|ourselves|at|in|on|from|before|after)\b", re.IGNORECASE
)
"""Between these "it" is what is done, not what it is done to."""
_CLAUSE = re.compile(
    r",|[.!:;]\s|\b(?:when|if|because|whether|while|after|before|until|since|who|which|that|and|but|as"
    r"|say|says|said|think|thinks|claim|claims|claimed)\b",
    re.IGNORECASE,
)


_ON_ITSELF = re.compile(
    r"\b(?:have|has|had|carry|carries|carried|bring|brings|brought|take|took|wear)\b.* (?:on|with|around|inside)\s$",
    re.IGNORECASE,
)
"""Behind this a pronoun means the subject: "What do the robots have on them?"."""


@dataclass(frozen=True)
class Reference:
    """A word of a question that refers back: where it stands and what class of pronoun it is of."""

    start: int
    end: int
    word: str
    kind: str


def references(question: str) -> list[Reference]:
    """The pronouns that nothing in the question itself explains.

    >>> [r.word for r in references("Why did they stop work there?")]
    ['they', 'there']
    >>> references("Is there a museum shop?"), references("What did the mayor say about it raining?")
    ([], [])
    >>> references("Which company moved its factory?"), references("What do the robots have on them?")
    ([], [])
    """
    return [found for found in _pronouns(question) if not _is_innocent(question, found)]


def _pronouns(question: str) -> Iterator[Reference]:
    for match in _TOKEN.finditer(question):
        word = re.sub(r"['’]\w+$", "", match.group()).lower()
        if word in _CLASS_OF and not question[: match.start()].endswith(("'", "’")):
            yield Reference(match.start(), match.start() + len(word), word, _CLASS_OF[word])


def _is_innocent(question: str, found: Reference) -> bool:
    before, after = question[: found.start], question[found.end :]
    if found.kind == "that":
        return not _is_demonstrative(before, after)
    if found.kind == "there":
        return (
            (
                bool(re.search(r"\b(?:is|are|was|were|be|been|has|have|will|would|can|could)\s$", before, re.I))
                and bool(after.strip(" ?"))
            )
            or bool(re.match(r"(?:['’]s)?\s+(?:is|are|was|were|be|been|will|has|have|a|an|any|no)\b|['’]s", after))
            or bool(re.search(r"\b(?:is|are|was|were|will|would)\s$", before, re.I))
        )
    if found.kind == "then":
        return bool(after.strip(" ?!.")) or not before.strip() or bool(_ADVISED.search(before))
    if found.word == "it" and _DONE.search(before) and _NO_OBJECT.match(after):
        return True
    if found.word == "it" and any(m.start() <= found.start < m.end() for m in _EXPLETIVE_IT.finditer(question)):
        return True
    return _is_bound(before, found, after)


def _is_demonstrative(before: str, after: str) -> bool:
    """Whether "that" or "this" stands for something, not before a noun or a clause."""
    ends = not after.strip(" ?!.")
    verb = re.match(
        r"\s+(?:happen|cost|mean|work|take|end|start|change|affect|is|was|may|might|will|would|could|include|help|do|need"
        r"|make|get|have|bring|become|last|apply|belong|look|sound|been)\b",
        after,
    )
    asks = re.search(
        r"\b(?:is|was|does|did|do|will|would|can|could|why|say|says|said|caused?|about|of|after|before|for|with)\s$",
        before,
        re.I,
    )
    return bool((ends and before.strip()) or (verb and asks))


def _is_bound(before: str, found: Reference, after: str) -> bool:
    """Whether something before the pronoun in the same question can be what it means."""
    before = opened(before) if before.strip() else before
    possessive = found.word in POSSESSIVE and bool(re.match(r"\s+\w", after))
    same_clause = before
    for match in _CLAUSE.finditer(before):
        if match.start():
            same_clause = before[match.end() :]
    earlier = before if _ON_ITSELF.search(same_clause) else before[: len(before) - len(same_clause)]
    if possessive:
        earlier = before
        inner = re.search(r"\b(?:the|an?) [\w' -]+? (?:of|in|at|for|from|with|by|on) (?:\w+ )?$", before)
        earlier = before[: inner.start()] if inner else before
    if not earlier.strip():
        return False
    names = names_in("x " + earlier)
    if found.kind in ("he", "she"):
        return (
            bool(names or (possessive and names_in("x " + before)))
            or bool(ROLE.search(earlier))
            or bool(_WHOSE_OWN.match(earlier) and possessive)
        )
    phrase = re.search(
        r"\b(?:the|an?|which|what(?! (?:happens?|happened|if)\b)|whose|every|each|how many)\s+[a-z]|\b[a-z]+ No\. \d",
        earlier,
        re.IGNORECASE,
    )
    if found.kind == "they":
        return bool(
            re.search(r"\b(?:which|how many|the) [\w ]*?\w+s\b", earlier, re.I)
            or (_WHOSE_OWN.match(earlier) if possessive else re.match(r"\W*who\b", earlier, re.I))
            or (names and found.word != "them")
        )
    acronym = possessive and re.search(r"\s[A-Z]{2,}\s", before)  # "Why did LG cancel its order?"
    return bool(names or phrase or acronym)

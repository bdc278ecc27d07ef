"""Negation: a statement must not deny what its source says, nor say what its source denies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.lexical import stem
from rag.verification.negators import ASIDE, NEGATOR, NO_NEGATION, PRIVATIVE, UNTIL
from rag.verification.vocabulary import OPPOSED
from rag.verification.wording import Clause, Token, Wording

_WITHOUT_SUBJECT = re.compile(
    r"(?:is|are|was|were|has|have|had|does|do|did|will|would|can|could|may|might|must|should|cannot|never|no longer|failed|refused|\w+n't)\b",
    re.IGNORECASE,
)
_APART = re.compile(
    r",?\s+(?:(?:and|or|but)\s+(?=(?:must|will|would|can|could|may|might|should|is|are|was|were|has|have|had|does|did|cannot|never|\w+n't)\b)"
    r"|(?=rather than\b|instead of\b))",
    re.IGNORECASE,
)
"""Where a further predicate or an alternative begins, each with a negation of its own."""
_CONTRAST = re.compile(
    r"\b(?:unlike|in contrast (?:to|with)|as opposed to|apart from|except for|with the exception of|other than|aside from|save for) ([^,.;]+), ([^.;]+)",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(
    r"^\W*(?:\w+ ){1,3}(?:does|do|did|is|are|was|were|has|have|will|can)(?: not)?(?= (?:in|to|for|on|at|so|by|from)\b|\W*$)",
    re.IGNORECASE,
)
"""A clause that leaves its predicate out: "it still does in its pastry"."""
_RELATIVE = re.compile(r"\b(?:who|which|that)\s$", re.IGNORECASE)
_PRONOUN = re.compile(r"(?:it|he|she|they|this|that|these|those|who|which)\b", re.IGNORECASE)
_WENT = re.compile(r"\b(?:go|goes|going|went|gone|left|remain(?:s|ed)?) $", re.IGNORECASE)
"""What stands before an "uncancelled" that denies."""
_PREFIX = re.compile(r"^(?:un|in|im|ir|il|dis|non)(?=\w{4})")
_VAGUE = frozenset(stem(word) for word in "use have say people person thing time year new first last part".split())
LEAST_SHARED = 0.4
"""Two clauses of which one has more than this share of the other's words are about the same."""


@dataclass(frozen=True)
class Sided:
    """A clause with its side: whether it denies (an odd number of negations)."""

    stems: frozenset[str]
    denies: bool
    follows: tuple[str, ...] = ()
    """The first two words behind its negation; where nothing follows, the one before it: "hurt nobody"."""
    vague: bool = False
    """Whether a "not until" or the like leaves open what is denied."""


def denied(said: Wording, source: Wording) -> str | None:
    """What the statement turns into its opposite, in words for a person.

    >>> source = Wording.of("The drug did not lower the risk of stroke, but fewer patients died.")
    >>> denied(Wording.of("The drug lowered the risk of stroke."), source)
    'it says the opposite of its citation'
    >>> denied(Wording.of("Fewer patients died, but the risk of stroke was not lowered."), source)
    """
    known = {token.stem for token in source.tokens} | {token.stem for token in said.tokens}
    mine, theirs = _sided(said, known), _sided(source, known)
    nearest = max(
        source.sentences, key=lambda span: len({t.stem for t in source.within(*span)} & said.stems), default=(0, 0)
    )
    there = {token.lower for token in source.within(*nearest)}
    given, taken = (there - said.lowers) & PRIVATIVE, (said.lowers - source.lowers) & PRIVATIVE
    for clause in mine:
        if (
            clause.vague
            or len(clause.stems) < 1 + clause.denies
            or (given if clause.denies else taken)
            or _said_elsewhere(clause, mine)
        ):
            continue
        same = max((_overlap(clause, c) for c in theirs if c.denies == clause.denies), default=0.0)
        against = (c for c in theirs if c.denies != clause.denies and not c.vague)
        if any(_overlap(clause, c) > max(same, LEAST_SHARED) and _denies_its_head(clause, c) for c in against):
            return "it says the opposite of its citation"
    return None if taken else _affirmed(mine, theirs)


def _denies_its_head(one: Sided, other: Sided) -> bool:
    """Whether the word that the negation of one clause stands at is in the other clause; where nothing follows the
    negation, its other words have to be."""
    no, yes = (one, other) if one.denies else (other, one)
    return any(_has(yes.stems, word) for word in no.follows or no.stems)


def _affirmed(mine: Sequence[Sided], theirs: Sequence[Sided]) -> str | None:
    """Whether an affirming clause says what directly follows a negation in the source: "(not) use alcohol"."""
    for clause in theirs:
        if not clause.denies or clause.vague or len(clause.follows) < 2:
            continue
        follows = frozenset(clause.follows)
        if any(follows <= c.stems for c in theirs if not c.denies) or any(follows & c.stems for c in mine if c.denies):
            continue
        if any(follows <= c.stems and not c.vague for c in mine if not c.denies):
            return "it says the opposite of its citation"
    return None


def reversed_word(said: Wording, source: Wording) -> str | None:
    """A word of the statement whose opposite stands in its place in the source, in words for a person.

    >>> reversed_word(Wording.of("Exports to Peru rose."), Wording.of("Exports to Peru fell, prices did not."))
    'its citations say "fell", not "rose"'
    """
    there = source.lowers
    for clause in said.parts:
        for token in clause.tokens:
            other = next((other for other in sorted(OPPOSED.get(token.lower, ())) if other in there), None)
            if other is None or token.lower in there or token.stem in source.stems:
                continue
            if other in said.lowers or _negated_near(said, token):
                continue
            if any(word.endswith(token.lower) for word in there):  # "closed and reopened"
                continue
            if "than" in said.lowers and "than" in there:  # "longer than" is "shorter than" from the other side
                continue
            around = _around(source, other)
            rest = clause.stems - {token.stem}
            if rest and len(rest & around) / len(rest) >= 0.5 and not _denies_near(source, other):
                return f'its citations say "{other}", not "{token.text}"'
    return None


def _around(source: Wording, word: str) -> frozenset[str]:
    """The stems of the parts of the source in which a word stands."""
    return frozenset().union(*(part.stems for part in source.parts if any(t.lower == word for t in part.tokens)))


def _negated_near(text: Wording, token: Token) -> bool:
    return bool(NEGATOR.search(text.text, max(0, token.start - 25), token.start))


def _denies_near(text: Wording, word: str) -> bool:
    return any(_negated_near(text, token) for token in text.tokens if token.lower == word)


def _said_elsewhere(clause: Sided, mine: Sequence[Sided]) -> bool:
    """Whether the statement says both: another of its clauses carries the same words on the other side."""
    return any(c.denies != clause.denies and c.stems >= clause.stems - _VAGUE for c in mine if c is not clause)


def _sided(text: Wording, known: set[str]) -> list[Sided]:
    text = Wording(_APART.sub(", ", ASIDE.sub("not", text.text)))
    found: list[Sided] = []
    sentence, none = -1, frozenset[str]()
    first = latest = predicate = antecedent = none
    for clause in text.clauses:
        subject = none
        begins = max(text.sentence_at(clause.start)[0], text.text.rfind(";", 0, clause.start))
        if begins != sentence:
            sentence, first, latest = begins, _beginning(clause), _beginning(clause)
        elif _WITHOUT_SUBJECT.match(clause.text):
            subject = antecedent if _RELATIVE.search(text.text[: clause.start]) else first | latest
        elif len(clause.stems) <= 2 and NEGATOR.search(clause.text) and not NEGATOR.match(clause.text):
            subject = first if not _PRONOUN.match(clause.text) else frozenset()
        else:
            latest = _beginning(clause)
        if _ELLIPSIS.search(clause.text):
            subject |= predicate
        antecedent = frozenset([token.stem for token in clause.tokens if token.is_content][-1:])
        predicate = frozenset([token.stem for token in clause.tokens if token.is_content][2:])
        found += _sides(text, clause, known, subject)
    return [*found, *_contrasted(text, found)]


def _contrasted(text: Wording, sides: Sequence[Sided]) -> Iterator[Sided]:
    """What "unlike A, B does" says of A: that it does not."""
    for found in _CONTRAST.finditer(text.text):
        other = frozenset(token.stem for token in text.within(found.start(1), found.end(1)) if token.is_content)
        rest = text.within(found.start(2), found.end(2))
        said = [token.stem for token in rest if token.is_content][1:]
        denies = any(side.denies for side in sides if len(side.stems & frozenset(said)) >= 2)
        yield Sided(other | frozenset(said), not denies, tuple(said))


def _beginning(clause: Clause) -> frozenset[str]:
    """The stems that a clause begins with: its subject, as far as words alone tell."""
    return frozenset([token.stem for token in clause.tokens if token.is_content][:4])


def _sides(text: Wording, clause: Clause, known: set[str], subject: frozenset[str]) -> list[Sided]:
    """The clause with the subject that it leaves out, and apart from it a "never-married", negated by itself."""
    own = re.search(r"\b(?:never|non|not|un)-(\w+)", clause.text, re.IGNORECASE)
    spared = [(m.start(), m.end()) for m in NO_NEGATION.finditer(clause.text)]
    spared += [(own.start(), own.end())] if own else []
    found = [m for m in NEGATOR.finditer(clause.text) if not any(a <= m.start() < b for a, b in spared)]
    count, stems = len(found), set(subject)
    follows: list[str] = []
    before: list[str] = []
    for token in clause.tokens:
        at = token.start - clause.start
        if not token.is_content or any(m.start() <= at < m.end() for m in found):
            continue
        bare = _PREFIX.sub("", token.lower)
        went = token.lower.endswith("ed") and bool(_WENT.search(clause.text[:at]))
        turned = bare != token.lower and (stem(bare) in known or went) and stem(bare) != token.stem
        count += turned
        stems.add(stem(bare) if turned else token.stem)
        (follows if any(m.end() <= at for m in found) else before).append(token.stem)
    vague = bool(UNTIL.search(text.text, *_sentence(text, clause))) and bool(found)
    follows = follows[:2] or before[-1:]
    side = Sided(frozenset(stems - {stem(own[1].lower())} if own else stems), count % 2 == 1, tuple(follows), vague)
    return [side, Sided(frozenset({stem(own[1].lower())}), True)] if own else [side]


def _sentence(text: Wording, clause: Clause) -> tuple[int, int]:
    return clause.start, text.sentence_at(clause.start)[1]


def _overlap(clause: Sided, other: Sided) -> float:
    """The share of the clause's words that the other one has; vague words count little."""
    weight = sum(_weight(word) for word in clause.stems)
    return sum(_weight(word) for word in clause.stems if _has(other.stems, word)) / weight if weight else 0.0


def _has(stems: frozenset[str], word: str) -> bool:
    """Whether the word is there, or one of the same first six letters: "candidate" and "candidacy".

    >>> _has(frozenset(["candidaci"]), "candid"), _has(frozenset(["contract"]), "control")
    (True, False)
    """
    return word in stems or (len(word) >= 6 and any(one[:6] == word[:6] for one in stems))


def _weight(word: str) -> float:
    return 0.3 if word in _VAGUE else 1.0

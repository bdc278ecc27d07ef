"""A question with its pronouns replaced by what they stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.lexical import STOPWORDS
from rag.questions.followups.antecedents import antecedent
from rag.questions.followups.items import Exchange, singled_out
from rag.questions.followups.names import Mention
from rag.questions.followups.references import POSSESSIVE, Reference, references
from rag.questions.followups.verbs import is_base, is_participle

_OWNED = re.compile(rf"\s+(?P<what>(?:(?!(?:{'|'.join(sorted(STOPWORDS))})\b)[\w-]+ ?)+)(?<! )")
_LONG = re.compile(r" (?:who|whose|whom|that|in charge) ")
_SINGULAR = {"do": "does", "are": "is", "were": "was", "have": "has"}
_AGREEING = re.compile(r"\b(?:do|are|were|have)(?=\s+$)", re.IGNORECASE)


def resolved(question: str, turns: Sequence[Exchange]) -> str:
    """The question with what refers back named, as far as it can be told.

    >>> resolved("When did it open?", [Exchange("How much did the Tarn Line cost?")])
    'When did the Tarn Line open?'
    >>> resolved("What is her job?", [Exchange("Whose idea was it?", "The idea came from Nadia Holm, the caretaker.")])
    "What is Nadia Holm's job?"
    """
    question = singled_out(question, turns)
    for reference, mention in reversed(_chosen(question, turns)):
        before, after = question[: reference.start], question[reference.end :]
        if reference.word == "they" and not mention.plural:
            before = _AGREEING.sub(lambda match: _SINGULAR[match.group().lower()], before)
        if after.startswith(("'s", "’s")) and reference.word not in POSSESSIVE:  # "that it's full"
            after = (" has" if re.match(r"['’]s (?:been|had|got)\b", after) else " is") + after[2:]
        owned = _OWNED.match(after)
        if owned and reference.word in POSSESSIVE and _LONG.search(mention.text):
            what = _noun_of(owned["what"])
            question = f"{before}the {what} of {mention.text}{after[owned.start('what') + len(what) :]}"
        else:
            question = before + _said(reference, mention, question) + after
    return question


def _noun_of(words: str) -> str:
    """The words before the verb: "team" of "(her) team use traps"."""
    first, *others = words.split(" ")
    end = next((i for i, word in enumerate(others[:-1]) if is_base(word) or is_participle(word)), len(others))
    return " ".join([first, *others[:end]])


def _chosen(question: str, turns: Sequence[Exchange]) -> list[tuple[Reference, Mention]]:
    """What each pronoun stands for; a second one of the same kind only where it must be something else."""
    chosen: list[tuple[Reference, Mention]] = []
    used: dict[str, str] = {}
    found = references(question)
    for reference in sorted(found, key=lambda one: one.kind not in ("he", "she")):  # nor are these "they"
        ahead = any(other.kind == reference.kind and other.start > reference.start for other in found)
        if reference.kind == "that" or (ahead and reference.word in POSSESSIVE):
            continue
        again = used.get(reference.kind)
        other = again and reference.kind == "they" and reference.word == "them"
        if again and not other:
            continue
        mention = antecedent(reference, question, turns, frozenset(used.values()))
        if mention is None:
            continue
        used[reference.kind + ("2" if other else "")] = mention.text
        chosen.append((reference, mention))
    return sorted(chosen, key=lambda one: one[0].start)


def _said(reference: Reference, mention: Mention, question: str) -> str:
    after = question[reference.end :]
    words = mention.text
    if reference.kind == "then" and re.search(
        r"\b(?:since|until|till|by|from|before|after)\s$", question[: reference.start]
    ):
        return re.sub(r"^(?:on|in|at|by|since) ", "", words)
    if reference.kind == "there":
        if re.search(
            r"\b(?:go|goes|gone|going|went|travel|travels|come|comes|get|fly|move|moved)\s$",
            question[: reference.start],
        ):
            return f"to {words}"
        return (
            words
            if re.search(r"\b(?:from|in|at|to|near)\s$", question[: reference.start])
            else f"{'in' if mention.kind == 'place' else 'at'} {words}"
        )
    if reference.word in ("hers", "theirs"):
        return f"{words}'s"
    if reference.word in ("his", "its", "their") or (
        reference.word == "her" and re.match(r"\s+(?!to\b|in\b|for\b|from\b|with\b|when\b|after\b)\w", after)
    ):
        return words + ("'" if words.endswith("s") and mention.plural else "'s")
    return words

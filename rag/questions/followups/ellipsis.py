"""Completes what a follow-up leaves out from the question before: "Why?", "And to whom?", "By how much?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.lexical import STOPWORDS, words
from rag.questions.followups.contrast import appended, contrasted, is_time, of_the_same_kind
from rag.questions.followups.counting import with_count
from rag.questions.followups.frames import (
    DETERMINERS,
    PREDICATES,
    PREPOSITION,
    PREPOSITIONS,
    Frame,
    asked,
    frame,
    is_plural,
    opened,
)
from rag.questions.followups.items import Exchange
from rag.questions.followups.names import NAME, names_in
from rag.questions.followups.turning import answer_of, fronted
from rag.questions.followups.verbs import AUXILIARIES, BE, base_of, is_base, is_participle

_HOW = "many|much|long|old|big|high|tall|far|fast|often|large|deep|wide|late|early|soon|well"
_BARE = re.compile(
    rf"(?P<lead>(?:(?:{PREPOSITION}) )?(?:how (?:{_HOW})|how come|how|whom?|whose|what|which|when|where|why))"
    r"(?P<noun>(?: (?!(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b)[\w-]+){0,3}?)"
    rf"(?P<tail>(?: (?:else|exactly|not|then|so|that|this|(?:is|was) (?:that|this)|{PREPOSITION}))*)",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"(?:what|how) about (?P<what>.+)", re.IGNORECASE)
_WHY_NOT = re.compile(rf"why not (?P<phrase>(?:{PREPOSITION}) .+)", re.IGNORECASE)
_NO_NOUNS = frozenset(
    "yes no nothing anything something everything none nobody me you it us them him her any some more less please"
    " really sure right indeed never always maybe perhaps exactly the an a and or".split()
)
_STRANDED = re.compile(r"\s*\b(?:of|from|for|with|about|to|at|in|on|by)$")
"""What the question before leaves behind its verb: "What did he die of?" - "Where?"."""
_ANYONE = ("anyone", "anybody", "someone", "somebody")
_FINITE = frozenset(
    "get make need use want sell buy own pay say know take give come go live win lead build have run".split()
)
"""Base forms that are the verb of a question about several: "Which companies get chips?"."""
_DOING = re.compile(
    r"(?P<lead>why|when|where|how) (?:is|was|do|does|did|will|would|has|had) .+ (?:do|doing|done) (?:that|this|it|so)",
    re.I,
)
_HAPPENING = re.compile(
    r"(?P<lead>why|when|where|how) (?:did|does|will|has) (?:that|this|it) (?:happen|happened)(?: .*)?"
    r"|(?P<be>why|when|where|how) (?:is|was) (?:that|this)"
    r"|(?P<short>why) (?:is|was|are|were|do|does|did|has|have|had|will|would|can|could) (?:he|she|it|they|i|we|you)",
    re.I,
)


_WHY_THERE = re.compile(r"why (?:exactly |just |only )?there", re.IGNORECASE)
_TOO = re.compile(r",? (?:too|as well|also)$", re.IGNORECASE)
_THE_ONE = re.compile(r"the (?!other\b|same\b)[\w-]+ ones?$", re.IGNORECASE)
_SHORTEST = 2
"""Words of what is no question, and follows on without an "and": "Sweets?"."""


def exchanged(question: str, turns: Sequence[Exchange]) -> str | None:
    """The latest question that has a word of the same kind as the contrast, with that in its place.

    >>> exchanged("And E4?", [Exchange("What does E2 mean?"), Exchange("How do I reset it?")])
    'What does E4 mean?'
    """
    what = contrast_in(question)
    found = (of_the_same_kind(what, turn.question) for turn in reversed(turns) if what and turn.question)
    return next((text for text in found if text), None)


def contrast_in(question: str) -> str:
    """X, of "And X?", "What about X?" and "X too?"; "" for other questions.

    >>> contrast_in("And in steel?"), contrast_in("what about bats?"), contrast_in("Who won?")
    ('in steel', 'bats', '')
    """
    text = _plain(question)
    about = _ABOUT.fullmatch(text)
    if not about and (_BARE.fullmatch(text) or not fragment(question) or frame(text).lead):
        return ""
    return _TOO.sub("", about["what"] if about else text)


def reason_of(question: str, turn: Exchange) -> str | None:
    """The whole of "Why there?" behind a question where, and of "Why did they?", of which no pronoun need be named.

    >>> reason_of("Why there?", Exchange("Where did the bank give way?", "It gave way at Tanner's Meadow."))
    "Why did the bank give way at Tanner's Meadow?"
    >>> reason_of("Why is he?", Exchange("Who is against the plan?", "Peter Lund is against it."))
    'Why is Peter Lund against the plan?'
    """
    before = frame(turn.question)
    if (event := _HAPPENING.fullmatch(_plain(question))) and event["short"]:
        before = _denied("why", before, turn)
        return fronted("why", before, answer_of(before, turn)) if before.word != "why" else None
    if not _WHY_THERE.fullmatch(_plain(question)) or before.word != "where" or not before.auxiliary:
        return None
    place = re.search(rf"\b(?:in|at|on|near) (?:the )?{NAME.pattern}", turn.answer)
    return asked("why", before.auxiliary, before.subject, before.verb, before.rest, place.group() if place else "")


def fragment(question: str) -> bool:
    """Whether a question has no clause of its own.

    >>> fragment("And to whom?"), fragment("What about the price?"), fragment("For how long?"), fragment("And in 2023?")
    (True, True, True, True)
    >>> fragment("Who won?"), fragment("And who is the mayor?"), fragment("Which companies get chips?")
    (False, False, False)
    """
    text = _plain(question)
    if any(pattern.fullmatch(text) for pattern in (_ABOUT, _DOING, _HAPPENING, _WHY_NOT)):
        return True
    bare = _BARE.fullmatch(text)
    if bare:
        nouns = [word for word in bare["noun"].split() if word.lower() not in ("else", "exactly", "not", "then")]
        takes_noun = re.search(r"(?:which|what|whose|how \w+)$", bare["lead"], re.IGNORECASE)
        finite = any(word in _FINITE for word in nouns[1:]) or any(base_of(w) and not is_plural(w) for w in nouns)
        return not nouns or bool(takes_noun and not finite)
    first = text.split(" ")[0].lower() if text else ""
    follows_on = opened(question) != question and not re.match(
        r"\W*(?:thanks?|ok(?:ay)?|yes|no|right|hm+)\b", question, re.I
    )
    short = len(text.split()) <= 6 and not any(w.lower() in AUXILIARIES for w in text.split())
    if frame(text).lead or first in AUXILIARIES or not short:
        return False
    what = _TOO.sub("", text)
    return (
        follows_on
        or first in PREPOSITIONS
        or bool(_THE_ONE.match(what))
        or (
            (what != text or len(re.sub(r"^(?:the|an?) ", "", what, flags=re.I).split()) <= _SHORTEST)
            and _is_noun(what)
        )
    )


def _is_noun(text: str) -> bool:
    """Whether a few words can be something asked about: no verb that is known, no "yes" and "nothing"."""
    first = text.split(" ")[0].lower() if text else ""
    return (
        bool(re.fullmatch(r"[\w'’. -]+", text))
        and len(text) > 2
        and not (
            (is_participle(first) and (first != text.lower() or not first.endswith("ing")))
            or (base_of(first) and not is_plural(first))
            or first in _NO_NOUNS
        )
    )


def completed(question: str, turn: Exchange) -> str | None:
    """The fragment as a whole question, from the question before; None where no clean one can be made.

    >>> completed("And to whom?", Exchange("How many chips will Nvidia supply?"))
    'To whom will Nvidia supply chips?'
    >>> completed("And the Aldous?", Exchange("When was the Brynmoor founded?"))
    'When was the Aldous founded?'
    >>> completed("And in 2019?", Exchange("How many homes were flooded in 2023?"))
    'How many homes were flooded in 2019?'
    >>> completed("What for?", Exchange("How many chips will Nvidia supply?"))
    'For what will Nvidia supply chips?'
    >>> completed("Why?", Exchange("Does Huang want to go back to China?"))
    'Why does Huang want to go back to China?'
    >>> completed("Why not in Lyon?", Exchange("Where did Haneul buy its chips?"))
    'Why did Haneul not buy its chips in Lyon?'
    """
    text, before = _plain(question), frame(turn.question)
    about = _ABOUT.fullmatch(text)
    bare = None if about else _BARE.fullmatch(text)
    if event := _DOING.fullmatch(text) or _HAPPENING.fullmatch(text):
        lead = next(filter(None, event.groupdict().values()))
        before = _denied(lead, before, turn)
        done = before.word == "what" and before.verb == "do"  # "What do I do?" - "How do I do that?"
        return fronted(lead, before, answer_of(before, turn)) if before.word != lead.lower() and not done else None
    if (elsewhere := _WHY_NOT.fullmatch(text)) and before.subject and before.auxiliary:
        phrase, asked_before = elsewhere["phrase"], turn.question.rstrip(" ?!.")
        replaces = f" {phrase.split()[0]} " in asked_before
        there = contrasted(phrase, before, turn) if replaces else appended(phrase, turn)
        return fronted("why", _negated(frame(there)), answer_of(before, turn)) if there else None
    if bare:
        return _with_question_word(bare, before, turn)
    verb = text.split(" ")[0]
    if (
        re.match(r"\W*or\b", question, re.I)
        and before.auxiliary in ("do", "does", "did")
        and before.verb
        and is_base(verb)
    ):
        return replace(before, verb=text, rest="").question()
    what = _TOO.sub("", about["what"] if about else text)
    owned = re.search(r"['’]s? [a-z]", what) or _THE_ONE.match(what)
    if about or owned or opened(question) != question or text.split(" ")[0].lower() in PREPOSITIONS:
        return contrasted(what, before, turn)
    if is_time(what):
        return None if before.lead and not re.fullmatch(r"(?:1[0-9]|20)\d\d", what) else contrasted(what, before, turn)
    return _of_the_object(what, before)


def _plain(question: str) -> str:
    return " ".join(opened(question).strip().rstrip(" ?!.").split())


def _with_question_word(bare: re.Match[str], before: Frame, turn: Exchange) -> str | None:
    """The question before, asked with another question word."""
    if bare["tail"].endswith((" that", " this")) and re.match(
        r"who|what|which|how (?:many|much)\b", bare["lead"].lower()
    ):
        return None  # "Whose decision was that?"
    lead, noun, tail = _question_words(bare)
    if "not" in tail and before.auxiliary:
        before, tail = _negated(before), [word for word in tail if word != "not"]
    if tail and tail[-1] in PREPOSITIONS and " " not in lead:
        lead = f"{tail.pop()} {'whom' if lead.lower() == 'who' else lead}"
    if before.subject.lower() in _ANYONE and lead.lower() in ("who", "how many", "whom"):
        return _who_of_anyone(lead, before)
    before, noun = _denied(lead, before, turn), re.sub(r"^ones?$", "", noun)
    if "else" in tail:
        counted = noun or ("" if lead.lower() in ("who", "what") else before.noun)
        return replace(before, lead=f"{lead} else", noun=counted).question() if before.lead else None
    if lead.lower() in ("how many", "which", "what", "how much") and not noun:
        return with_count(lead, before, turn)
    if lead.lower() in ("who", "what", "which", "how many", "whose") and before.asks_subject:
        return replace(before, lead=lead, noun=noun).question()
    return _of_another_part(lead, noun, before, turn)


def _question_words(bare: re.Match[str]) -> tuple[str, str, list[str]]:
    """The question word of a fragment ("why" of "how come"), its noun, and what trails behind: "else", "for"."""
    tail = re.sub(r"\b(?:is|was|did|does|that|this|it|happen|then|so|exactly)\b", "", bare["tail"]).split()
    lead, noun = bare["lead"][:1].lower() + bare["lead"][1:], bare["noun"].strip()
    if noun.split()[-1:] and noun.split()[-1] in ("else", "exactly", "not", "then"):
        noun, extra = " ".join(noun.split()[:-1]), noun.split()[-1]
        tail = [extra, *tail] if extra in ("else", "not") else tail
    return "why" if lead.lower() == "how come" else lead, noun, tail


def _who_of_anyone(lead: str, before: Frame) -> str:
    """Who, or how many people, after a question for anyone: "Was anybody hurt?" - "How many?"."""
    if lead.lower() != "how many":
        return asked("who", before.auxiliary, before.verb, before.rest)
    auxiliary = {"was": "were", "is": "are", "has": "have"}.get(before.auxiliary, before.auxiliary)
    return asked("how many people", auxiliary, before.verb, before.rest)


def _of_another_part(lead: str, noun: str, before: Frame, turn: Exchange) -> str | None:
    """The question before asked for another part of its clause: when, how, by whom; with its answer where it had asked
    for a subject or an object."""
    answered = answer_of(before, turn)
    if before.word in ("who", "what", "which") and not before.asks_subject:
        before = replace(before, rest=_STRANDED.sub("", before.rest))
    if before.word == "what" and before.verb == "do" and before.subject:
        return None
    has_object = before.rest.split(" ")[0].lower() in DETERMINERS and not before.lead and before.verb
    if noun and has_object and noun not in before.rest and " " not in lead.removeprefix("how "):
        return None  # "Does it have a timer?" - "How many years guarantee?"
    word = lead.split()[-1].lower() if not lead.lower().endswith(tuple(_HOW.split("|"))) else "how"
    if word in ("when", "where", "how", "why") or lead.lower() != word or noun:
        return _of_a_circumstance(lead, noun, before, answered)
    if lead.lower() in ("who", "whom") and before.auxiliary in BE and before.subject:
        return asked("by whom", before.auxiliary, before.subject, before.verb, before.rest)
    return fronted(lead, before, answered)


def _of_a_circumstance(lead: str, noun: str, before: Frame, answered: str) -> str | None:
    """The clause of the question before with when, where, how, why or "at what price" before it."""
    if before.lead.lower() == lead.lower() and not noun:
        return None
    if before.auxiliary in BE and not before.verb and before.word in ("who", "what", "which"):
        if any(mention.text == before.subject for mention in names_in("x " + before.subject)):
            return asked(lead, noun, before.auxiliary, before.subject, before.rest)
        return asked(lead, noun, before.auxiliary, answered, before.subject, before.rest) if answered else None
    if before.asks_subject and not before.noun and not (before.rest and before.verb and not before.auxiliary):
        answered = answered or "this"
    if " " in lead and not before.lead and before.auxiliary in BE and not before.verb and before.subject:
        return asked(lead, noun, before.auxiliary, before.subject)  # "Is it the deepest?" - "And how big?"
    whole = _without_object(before, noun)
    return fronted(f"{lead} {noun}".strip(), whole, answered if before.word != "when" else "")


def _denied(lead: str, before: Frame, turn: Exchange) -> Frame:
    """The question before for a "why", which is "why not" where the answer was no."""
    denied = turn.denied and lead.lower() == "why" and not before.lead and before.auxiliary
    return _negated(before) if denied else before


def _of_the_object(what: str, before: Frame) -> str | None:
    """A question for yes or no asked of another thing: "Sweets?" after "Can she take her phone on the trip?"."""
    held = _OBJECT.match(before.rest)
    if before.lead or not before.auxiliary or not before.verb or not held:
        return None
    return replace(before, rest=what[:1].lower() + what[1:] + before.rest[held.end() :]).question()


_OBJECT = re.compile(
    r"(?:(?:the|an?|my|our|his|her|their|any|some) [\w-]+(?: [\w-]+)*?|[\w-]+)"
    rf"(?= (?:{'|'.join(sorted(PREPOSITIONS))})\b|$)"
)


def _negated(before: Frame) -> Frame:
    """The frame with "not" before its verb, or before what is said of its subject: "the railway is not open"."""
    if "not" in f"{before.verb} {before.rest}".split():
        return before
    if before.verb or not before.rest:
        return replace(before, verb=f"not {before.verb}".strip())
    words_of_rest = before.rest.split()
    place = next((i for i, word in enumerate(words_of_rest) if word in PREDICATES), 0)
    return replace(before, rest=" ".join([*words_of_rest[:place], "not", *words_of_rest[place:]]))


def _without_object(before: Frame, noun: str) -> Frame:
    """The frame without its object where the new question asks for that: "Which chips?" after "... get chips?"."""
    if noun and not before.asks_subject and re.search(rf"\b{re.escape(noun)}\b", before.rest):
        return replace(
            before, rest=re.sub(rf"(?:the |an? |any |some )?\b{re.escape(noun)}\b ?", "", before.rest, count=1)
        )
    return before


def content_words(question: str, other: str) -> str:
    """The words of a question that carry its content and are not in the other one, in their order."""
    known = {word.lower() for word, _, _ in words(other)}
    found = [word for word, _, _ in words(question) if word.lower() not in STOPWORDS | known]
    return " ".join(dict.fromkeys(found))

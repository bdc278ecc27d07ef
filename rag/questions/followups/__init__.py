"""Follow-ups become questions that stand alone, by rules: pronouns, ellipsis, "the second one"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.grounding import ABSTENTIONS, MARKER, POSSIBLY, UNPROVEN, UNSAID
from rag.lexical import STOPWORDS, words
from rag.questions import Asks, analyse
from rag.questions.courtesy import without_courtesy
from rag.questions.followups.antecedents import antecedent
from rag.questions.followups.asides import without_aside
from rag.questions.followups.contrast import topic_of
from rag.questions.followups.counting import lacks_noun, with_noun
from rag.questions.followups.ellipsis import completed, content_words, exchanged, fragment, reason_of
from rag.questions.followups.frames import asked, frame, opened
from rag.questions.followups.items import Exchange, refers_to_item
from rag.questions.followups.leaning import context_of, leans_on_topic, with_context
from rag.questions.followups.mentions import described
from rag.questions.followups.names import ROLE, names_in
from rag.questions.followups.pronouns import resolved
from rag.questions.followups.references import POSSESSIVE, Reference, references
from rag.questions.parts import parts_of
from rag.questions.phrasing import begins_with_auxiliary, without_context
from rag.schema import Message

__all__ = ["MAX_HISTORY", "MAX_QUESTION", "recent", "refers_back", "standalone"]

MAX_HISTORY = 6
"""Messages of the history that are looked at, the latest ones that are no small talk."""
_REACH = 5 * MAX_HISTORY
"""Messages among which those are looked for."""
MAX_QUESTION, MAX_ANSWER = 300, 800
"""Characters: a longer question stands alone; of an answer only the beginning is looked at."""
_CONTRACTED = re.compile(
    r"^(?P<open>\W*(?:(?:and|but|so|or)[ ,]+)?)"
    r"(?P<word>(?:who|what|where|when|how|why)(?=['’]s)|wh(?:at|ere|en|y)(?=s\b)"
    r"|who(?=s (?:the|that|this|in|it|his|her|its|their|going|\w+ing)\b))['’]?s\b",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"^(?P<open>\W*(?:(?:and|but|so|or) )?what)['’]s"
    r"(?= (?:he|she|it) (?:say|do|think|want|mean|cost|take|need|know)\b)",
    re.IGNORECASE,
)
"""The other contraction: "What's he say?" is "What does he say?"."""
_OFFICE = re.compile(r"\b(?:mayor|governor|king|queen|prime minister|councillor)\b", re.IGNORECASE)
_ANY = re.compile(
    r"^\W*(?:(?:and|but|so)\b[\s,]*)?any of (?P<them>them|those|these)\b"
    r"(?!.*\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b)",
    re.IGNORECASE,
)
_TURNED = re.compile(
    r"^\W*(?:(?:and|but|so|ok(?:ay)?)\b[\s,]*)*(?:(?:what|how) about |(?<=[a-z] )(?=the |an? |my |his |her |their ))"
    r"(?P<topic>[^,?]+?)(?: now| then)?\s*[,?:]\s+"
    r"(?P<question>(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|can|will)\b.+)$",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"^\W*(?:(?:no|nope|not|oh|oops|ah|sorry|well|actually)\b[\s,.!:-]*)*"
    r"(?:i (?:meant|mean)\b[\s,.:]*|(?<=[a-z][\s,.!:-])\s*(?=(?:the|my|an?|in|at|on|for|from|by|with)\b))"
    r"(?P<meant>.+)$",
    re.IGNORECASE,
)
"""What a person says who was misunderstood: "No, I meant the drip tray"."""
_STANDS_IN = re.compile(
    r"\b(?:(?P<owner>its|his|their)|it|they|them|he|she|him|that(?! (?:he|she|it|they|we|the|an?|this|his|her)\b))\b",
    re.IGNORECASE,
)
"""What the topic of such a question takes the place of; not the "that" of "said that he left"."""
_BROKEN = re.compile(
    r"\s['’]s\b|\bthe (?:else|of|at|in|on|to|from|by|that|which|who|is|are|was|were|has|have|had)\b"
    r"|\b(?!had\b|that\b)(\w+) \1\b"
    r"|\b(?:do|does|did) (?:of|in|on|at|for|to|from|by)\b"
    r"|\b(?:do|does|did|will|can) (?:took|went|came|had|got|made|was|were|is|are)\b",
    re.IGNORECASE,
)
"""What only a rule that went wrong writes."""
_DENIED = re.compile(rf"(?:{re.escape(POSSIBLY)})?No\. ")
_SUPPOSED = re.compile(r"^\W*(?:(?:and|but|so)\b[\s,]*)?(?:what )?if\b", re.IGNORECASE)
"""A case that is put: "What if I lose it?"."""
_SEVERAL = 2
"""Pronouns of which two may stand for one: "Why does it say that it is the first?"."""
_FOLLOWING = re.compile(r"^\W*(?:and|but|so|or|then)\b", re.IGNORECASE)


def standalone(question: str, history: Sequence[Message]) -> str:
    """The question with what it refers back to named; one that stands alone is returned as it is.

    `history` is what came before, oldest first; only its last MAX_HISTORY messages count, small talk aside.

    >>> before = [Message(role="user", content="How many chips will Nvidia supply?")]
    >>> standalone("And to whom?", before), standalone("Why does it sell them?", before)
    ('To whom will Nvidia supply chips?', 'Why does Nvidia sell the chips?')
    >>> standalone("Is there a museum shop?", before)
    'Is there a museum shop?'
    """
    turns = _turns(recent(history))
    return _rewritten(question, turns) if turns else question


def recent(history: Sequence[Message]) -> list[Message]:
    """The last MAX_HISTORY messages, oldest first, without courtesy and without small talk, which say nothing of the
    texts."""
    kept: list[Message] = []
    chatting = False
    for message in history[-_REACH:]:
        if message.role == "user" and len(message.content) > MAX_ANSWER:
            chatting = False
        elif message.role == "user":
            content = without_courtesy(message.content)
            chatting = not content or analyse(content).asks is Asks.SMALLTALK
            message = Message(role="user", content=content)
        if not chatting:
            kept.append(message)
    return kept[-MAX_HISTORY:]


def refers_back(question: str) -> bool:
    """Whether the question cannot be understood alone: a pronoun nothing in it explains, or no clause of its own.

    >>> refers_back("And why?"), refers_back("When did he leave?"), refers_back("When did Huang say he would leave?")
    (True, True, False)
    """
    text = _expanded(question)
    if len(text) > MAX_QUESTION or analyse(text).asks in (Asks.OVERVIEW, Asks.SMALLTALK):
        return False
    return bool(
        fragment(text)
        or references(text)
        or refers_to_item(text)
        or lacks_noun(text)
        or _is_thin(text)
        or leans_on_topic(text)
    )


def _turns(messages: Sequence[Message]) -> list[Exchange]:
    """The earlier questions, each standing alone, with their answers."""
    turns: list[Exchange] = []
    for message in messages:
        content = message.content.strip()
        if message.role != "user":
            if turns:
                said, denied = _said(content[: 2 * MAX_ANSWER])[:MAX_ANSWER], bool(_DENIED.match(content))
                turns[-1] = replace(turns[-1], answer=said, denied=denied)
        elif len(content) <= MAX_QUESTION and analyse(content).asks is not Asks.OVERVIEW:
            for part in parts_of(content):
                whole = _expanded(without_context(_rewritten(part, turns)) if turns else part)
                turns.append(Exchange(whole, asked=part))
        else:
            turns.append(Exchange(""))
    return [turn for turn in turns if turn.question or turn.answer]


def _said(answer: str) -> str:
    """An answer's words without what is not the source's; nothing for an abstention."""
    if answer in ABSTENTIONS or answer.startswith(UNPROVEN):
        return ""
    lines = (line for line in answer.split("\n") if not line.startswith(UNSAID))
    text = MARKER.sub("", "\n".join(lines)).removeprefix(POSSIBLY)
    return " ".join(re.sub(r"^(?:Yes|No)\. ", "", text).split())


def _rewritten(question: str, turns: Sequence[Exchange]) -> str:
    """The question as it stands alone; one that came out as no English, or names one thing twice, keeps its words, with
    its topic behind it."""
    question, turns = without_aside(question, turns)
    text = _reworded(question, turns)
    broken = _BROKEN.search(text) and not _BROKEN.search(question)
    return with_context(question, turns) if broken or _names_twice(text, question) else text


def _names_twice(text: str, question: str) -> bool:
    """Whether a question names one thing twice that it named once at most, for one pronoun."""
    names = {mention.text for mention in names_in("x " + text) if " " in mention.text}
    return len(references(question)) < _SEVERAL and any(text.count(name) > 1 >= question.count(name) for name in names)


def _reworded(question: str, turns: Sequence[Exchange]) -> str:
    question = _turned(question)
    latest = next((turn for turn in reversed(turns) if turn.question), None)
    if corrected := _CORRECTED.match(question):
        question = _meant(corrected["meant"], latest)
        if not fragment(question) and not references(question):
            return question
    if without_context(question) != question or not refers_back(question):
        return question
    if latest is None:
        return question
    text = with_noun(_expanded(question), latest)
    if swapped := exchanged(text, turns):
        return swapped
    if reason := reason_of(text, latest):
        return reason
    named = resolved(text, turns)
    if fragment(named) or (fragment(text) and named != text):
        whole = completed(named, latest)
        return whole or _with_topic(named, latest, turns)
    if named == _expanded(question) and _SUPPOSED.match(named):
        return with_context(named, turns)
    if named == _expanded(question) and (references(named) or _is_thin(named)):
        return _with_topic(named, latest, turns)
    if named == _expanded(question) and leans_on_topic(named):
        return with_context(named, turns)
    return _tidied(named) if named != question else question


def _meant(meant: str, latest: Exchange | None) -> str:
    """What a correction asks: itself where it is a question; the question that was misunderstood, with what was meant
    for its pronoun; else as a contrast to that.

    >>> _meant("the tray", Exchange("Can I put the tank in the dishwasher?", asked="Can I put it in the dishwasher?"))
    'Can I put the tray in the dishwasher?'
    """
    if not fragment(f"and {meant}"):
        return meant
    what = meant.rstrip(" ?!.")
    asked = latest.asked if latest else ""
    pronouns = [found for found in references(asked) if found.kind in ("it", "they", "he", "she")]
    if len(pronouns) == 1 and not fragment(asked):
        found = pronouns[0]
        return asked[: found.start] + (f"{what}'s" if found.word in POSSESSIVE else what) + asked[found.end :]
    return f"And {what}?"


def _expanded(question: str) -> str:
    """Without contraction and blanks ("And who's its head" is "And who is its head"), with the verb that "Any of them
    hurt?" leaves out."""
    text = _DOES.sub(r"\g<open> does", " ".join(question.split()))
    text = _CONTRACTED.sub(r"\g<open>\g<word> is", text)
    return _ANY.sub(r"Were any of \g<them>", text)


def _turned(question: str) -> str:
    """The topic put where it belongs: "What about the granola, how many bags is it?" as "How many bags is the
    granola?"; where nothing stands for it, it is what the question is about."""
    found = _TURNED.match(" ".join(question.split()))
    if not found:
        return question
    topic, own = found["topic"], found["question"]
    own = own[:1].upper() + own[1:]
    pronoun = _STANDS_IN.search(own)
    if pronoun is None:
        return f"{own} (regarding {topic})"
    named = f"{topic}'s" if pronoun["owner"] else topic
    return own[: pronoun.start()] + named + own[pronoun.end() :]


def _is_thin(question: str) -> bool:
    """Whether hardly a word says what the question is about, as in "And who is the mayor?" or "Who paid?"."""
    if names_in("x " + question):
        return False
    if _SUPPOSED.match(question):
        return True
    own = [word for word, _, _ in words(opened(question)) if word.lower() not in STOPWORDS]
    return len(own) <= (2 if _FOLLOWING.match(question) else 0)


def _with_topic(question: str, latest: Exchange, turns: Sequence[Exchange]) -> str:
    """The last resort: the question with what the one before is about behind it, an office with its place or body."""
    office = _OFFICE.search(question)
    held = antecedent(Reference(0, 0, "there", "there"), question, turns) if office else None
    before = frame(latest.question)
    topic = held.text if held else topic_of(latest) or context_of(turns)
    settles = begins_with_auxiliary(question)  # a yes or no must have every name that stands here
    if not settles and not held and not names_in(f"x {topic}") and (named := context_of(turns)) != topic:
        around = f"{topic}, {named}" if topic and topic not in named else named
    else:
        around = topic
    pointing = next((found for found in references(question) if found.kind == "that"), None)
    if pointing and re.match(
        r"\s+(?:cost|mean|take|work|end|start|help|include|need|last|belong)\b", question[pointing.end :]
    ):
        meant = described(before) if before.noun else topic
        return _tidied(question[: pointing.start] + meant + question[pointing.end :])
    text = opened(question).rstrip(" ?!.")
    if topic and re.search(rf"\b{ROLE.pattern}(?: (?:of|in))?$", text, re.IGNORECASE):
        return asked(text, "of" if not text.endswith((" of", " in")) else "", topic)
    return f"{text[:1].upper()}{text[1:]}? (regarding {around or content_words(latest.question, question)})"


def _tidied(question: str) -> str:
    return asked(opened(question))

"""Questions for yes or no that begin with something else: with what they are asked of, as a claim, or with no verb."""

from __future__ import annotations

import re

from rag.questions.phrasing import AUXILIARY, QUESTION_WORD

_VERB = rf"(?:{AUXILIARY}|am\b)"
_SUBJECT = (
    r"(?:i|we|you|he|she|it|they|there|this|that|these|those|the|an?|my|our|your|its|his|her|their|any\w*|some\w*|all"
    r"|most|every\w*|(?-i:[A-Z][\w’'-]+))\b"
)
_PRONOUN = r"(?:i|we|you|he|she|it|they)\b"
_BEGINS = rf"^\W*(?!{_VERB}|(?!when\b){QUESTION_WORD}|when {_VERB})"
_ASKED = rf"(?P<asked>{_VERB} {_SUBJECT}(?:[^?.!]|\.(?=\d))*)\??\s*$"
_LED = (
    re.compile(rf"{_BEGINS}(?P<lead>[^,;:?!]{{2,120}}?)(?:[,;:.]| [-–—]) {_ASKED}", re.IGNORECASE),
    re.compile(
        rf"{_BEGINS}(?P<lead>(?:if|when|once) [^,;:?!]{{2,120}}?) (?={_VERB} {_PRONOUN}){_ASKED}",
        re.IGNORECASE,
    ),
)
_ADVERBIAL = re.compile(
    r"(?:if|unless|when|whenever|once|while|after|before|during|since|until|because|as|in|on|at|for|from|of|over|under|by"
    r"|with|without|within|besides|apart|according|given)\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"(?!I\b)(?:my|our|we|it|he|she|they|the|this|that|some\w*|an?)\b", re.IGNORECASE)
_CLAIM = re.compile(
    r"\b(?:i|we|my|our|he|she|they|someone|somebody)\b|\b(?:is|are|was|were|has|had)\b|['’][sm]\b", re.IGNORECASE
)
_ANY = re.compile(r"^\W*any (?=\w+\W+\w)(?!idea|news|chance)", re.IGNORECASE)
_CLAIMED = re.compile(
    rf"{_BEGINS}(?:and |so |but )?(?:it|they|he|she|there|you|we|(?:the|this|that|its?|their|your)(?: [\w'’-]+){{1,4}}"
    rf"|(?-i:[A-Z][\w’'-]+)(?: (?-i:[A-Z][\w’'-]+))*) {_VERB} (?!.*\b(?:or|{QUESTION_WORD}))\w[^?]*\?\s*$",
    re.IGNORECASE,
)


def begun(text: str) -> str:
    """A question for yes or no as one begins: with its verb, and behind it what it is asked of; any other as it is.

    >>> begun("On Sundays, is it open?"), begun("My son is two. Does he pay?")
    ('is it open on Sundays?', 'Does he pay, as my son is two?')
    >>> begun("any buses on Sundays?"), begun("The pool is heated?"), begun("If it rains, who pays?")
    ('are there any buses on Sundays?', 'whether The pool is heated?', 'If it rains, who pays?')
    """
    if found := next((match for pattern in _LED if (match := pattern.match(text))), None):
        return _behind(found["asked"].strip(), found["lead"].strip())
    if _CLAIMED.match(text):
        return f"whether {text}"
    return _ANY.sub("are there any ", text)


def _behind(asked: str, lead: str) -> str:
    if _ADVERBIAL.match(lead):
        return f"{asked} {lead[:1].lower()}{lead[1:]}?"
    if _NO_NAME.match(lead):
        lead = f"{lead[:1].lower()}{lead[1:]}"
    return f"{asked}, as {lead}?" if _CLAIM.search(lead) else f"{asked}, {lead}?"

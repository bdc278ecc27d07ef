"""What stands around a question: a request ("Can you tell me ..."), a tag ("..., right?"), the topic of a follow-up."""

from __future__ import annotations

import re

QUESTION_WORD = r"(?:who|whom|whose|what|which|when|where|why|how)\b"
AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)(?:n['’]t)?\b"
"""What a question begins with: a pattern for its word, or for the verb of one for yes or no."""
SOURCE = r"(?:the|this|that|your) (?:text|article|report|document|passage|story|piece)s?"
"""A pattern for how people call what is read."""
_REQUEST = re.compile(
    r"^\W*(?:(?:can|could|would|will) (?:you|any(?:one|body)|some(?:one|body)) (?:please )?"
    r"(?:tell|show|remind|say|explain)(?: to)?(?: me| us)?|are you able to (?:tell|explain to) (?:me|us)"
    r"|(?:please,? )?(?:tell|show|remind) (?:me|us)|(?:please,? )?(?:say|explain)|do you (?:happen to )?know"
    r"|(?:i|we)(?:['’]d like| would like|['’]d love| would love|['’]d be curious| want(?:ed)?| need| have"
    r"|(?:['’]m| am|['’]re| are) trying) to (?:know|hear|find out|learn|understand|ask(?: you)?)|i wonder"
    r"|(?:does |would )?any(?:one|body) (?:happen to )?know"
    rf"(?= (?:{QUESTION_WORD}|(?:if|whether)\b))"
    r"|(?:(?:i(?:['’]m| am| was|['’]ve been| have been) )(?:just )?|just )(?:wondering|curious)"
    r"(?:,? if (?:you|any(?:one|body)) (?:can|could|would|might) (?:tell|say|explain)(?: to)?(?: me| us)?)?"
    rf"|(?:according to|in|from|based on) {SOURCE}|please|ok(?:ay)?|well|so|and)\b[\s,:]*"
    r"(?=\w+\W+\w)",
    re.IGNORECASE,
)
_SAYS = re.compile(
    rf"^\W*(?:(?:do|does|did) (?:{SOURCE}|it|they|we|anyone|you) (?:also |even |actually )?"
    r"(?:say|state|mention|tell(?: me| us)?|specify|explain|reveal|disclose|know|report)"
    r"|(?:is|was) (?:it|there) (?:also )?"
    r"(?:known|said|stated|mentioned|clear|specified|explained|revealed|disclosed|reported)|any idea)\s+"
    rf"(?={QUESTION_WORD}|(?:whether|if)\b)",
    re.IGNORECASE,
)
"""A question whether the text says what, when, why: it is what, when, why that the person wants to know."""
_TRUE = re.compile(
    r"^\W*(?:is|was) it (?:really |actually |indeed )?(?:true|correct|right|so|a fact|the case) that\s+", re.IGNORECASE
)
_TAG = re.compile(
    r",\s+(?:is that (?:right|correct|true|so)|(?:am i )?right|correct|true|yes|no|"
    r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could)(?:n['’]t)? (?:it|they|he|she|we|there)"
    r"(?: not)?)\s*\?+\W*$",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"^(?P<lead>\W*(?:(?:so|and|but|then)[\s,]+)?)(?P<word>is|are|was|were|do|does|did|has|have|had|ca|could|wo|would|should"
    r"|might|must|sha)n['’]?t\b(?=\s)(?!\s+(?:include|list|use|say|tell|give|mention|answer|show|make|write|forget|worry)\b)",
    re.IGNORECASE,
)
_POSITIVE = {"ca": "can", "wo": "will", "sha": "shall"}
_AUXILIARY = re.compile(
    r"^(?:so |and |but |then )?"
    r"(?!(?:is|was) there (?:a|any) (?:name|word|term|figure|number|date|price|deadline)\b)"
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|may|might|must|isn['’]t|aren['’]t"
    r"|wasn['’]t|weren['’]t|don['’]t|doesn['’]t|didn['’]t|hasn['’]t|haven['’]t|can['’]t|won['’]t|wouldn['’]t)\b"
    r"(?!.*\bor\b(?! (?:two|so|more|less|not)\b))",
    re.IGNORECASE,
)
_SOURCED = re.compile(
    rf"(?<!\bis)(?<!\bare)(?<!\bwas)(?<!\bwere)(?<!\bbe)(?<!\bbeen)[\s,]{{1,3}}(?:according to|based on"
    rf"|as stated in|in) {SOURCE}(?P<mark>\s?\?{{0,3}})\W{{0,3}}$",
    re.IGNORECASE,
)
"""A source named behind the question, which is the one that is asked anyway."""
_STRESS = re.compile(
    r"^(?P<before>(?:(?:who|what|which|when|where|why|how)\b(?: (?:many|much|is|are|was|were|do|does|did|has|have))*"
    r" )?)(?:exactly|actually|precisely|specifically|really) (?!not\b)(?-i:(?=[a-z]))",
    re.IGNORECASE,
)
"""What a question stresses, and a text that answers it does not say: "When exactly did it open?"."""
_CLAUSE = 3
"""Words of the shortest question that asks something without its source."""
_YES_OR_NO = re.compile(r"[,:;]?\s+yes or no\W*$", re.IGNORECASE)
_WH = re.compile(rf"\b{QUESTION_WORD}|\?.", re.IGNORECASE)
_INDIRECT = re.compile(
    r"^(?P<lead>who|what|where|when|why|how(?: much| many| long| old| far| big)?)"
    r" (?P<subject>(?!is |are |was |were )[^,?]+?)"
    r" (?P<verb>is|are|was|were)(?P<rest>(?: \w+)?\s*\??)$",
    re.IGNORECASE,
)
"""An indirect question, which has its verb behind the subject: "(Can you tell me) who the CEO is?"."""
_OPENING = re.compile(rf"^\W*(?:(?:and|so|but)\b\W*)?(?:{QUESTION_WORD}|{AUXILIARY})", re.IGNORECASE)
_UNMARKED = re.compile(r"[\w)\"'’”]\s*$")
_REGARDING = re.compile(r"\s*\(regarding [^()]*\)\s*$")


def without_context(text: str) -> str:
    """The question without what a follow-up is about behind it (`rag/questions/followups/leaning.py`).

    >>> without_context("Who paid? (regarding the Tarn Line)")
    'Who paid?'
    """
    return _REGARDING.sub("", text)


def affirmed(text: str) -> str:
    """A question for yes or no without the negation that it begins with: both are answered by the same word.

    >>> affirmed("Isn't the pool heated?"), affirmed("And won't it rain?"), affirmed("Why isn't it heated?")
    ('Is the pool heated?', 'And will it rain?', "Why isn't it heated?")
    """
    return _NEGATED.sub(lambda found: found["lead"] + _POSITIVE.get(found["word"].lower(), found["word"]), text)


def marked(text: str) -> str:
    """The question with its mark, where it begins as questions do and has none: the reader takes it for another one.

    >>> marked("who runs Nvidia"), marked("nvidia boss"), marked("Who runs it, and since when?")
    ('who runs Nvidia?', 'nvidia boss', 'Who runs it, and since when?')
    """
    return text.rstrip() + "?" if _OPENING.match(text) and _UNMARKED.search(text) else text


def begins_with_auxiliary(text: str) -> bool:
    """Whether the question is put as one for yes or no: "Is ...", "Did ...", and no choice between two.

    >>> begins_with_auxiliary("Did it rain?"), begins_with_auxiliary("Did it rain or snow?")
    (True, False)
    """
    return bool(_AUXILIARY.match(text.strip()))


def bare(text: str) -> str:
    """The question without the request around it.

    >>> bare("Can you tell me, please, who runs Nvidia?"), bare("Do you know how old Jensen Huang is?")
    ('who runs Nvidia?', 'how old is Jensen Huang?')
    >>> bare("Is it true that they run it?"), bare("The library is closed on Sundays, isn't it?")
    ('whether they run it?', 'whether The library is closed on Sundays?')
    """
    sourceless = _SOURCED.sub(r"\g<mark>", text)
    sourceless = _STRESS.sub(r"\g<before>", sourceless)
    whole = text = sourceless if len(sourceless.split()) >= _CLAUSE else text
    while (stripped := _SAYS.sub("", _REQUEST.sub("", text, count=1), count=1)) != text:
        text = stripped
    text = _YES_OR_NO.sub("?", text)
    tagged = _TAG.sub("?", text)
    if tagged != text and not _WH.search(tagged) and not begins_with_auxiliary(tagged):
        return f"whether {tagged}"
    if _TRUE.match(text):
        return _TRUE.sub("whether ", text)
    return _INDIRECT.sub(r"\g<lead> \g<verb> \g<subject>\g<rest>", text) if text != whole else text

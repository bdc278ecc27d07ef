"""What people say around a question to whoever answers it: "Hi!", "quick question:", "thanks", "keep it short".

None of it is about the texts, and the reader would take it for what is asked.
"""

from __future__ import annotations

import re

from rag.questions.phrasing import AUXILIARY, QUESTION_WORD, SOURCE

_OPENS = (
    rf"(?:{QUESTION_WORD}|{AUXILIARY}|(?:and|so|but|please|tell|show|list|name|give|explain|i|according|in|at|on|by|from|to"
    r"|for)\b)"
)
"""What a question begins with."""
_GOES_ON = rf"(?={_OPENS}|(?-i:[a-z]))"
"""Behind a comma: "Hello, Dolly!" is no greeting."""
_GREETING = (
    r"(?:hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|day)|greetings|dear)"
    r"(?: (?:there|again|all|everyone|everybody|team|folks|bot|chatbot|assistant))?"
)
_THANKS = (
    r"(?:(?:ok(?:ay)?|great|perfect|cool|nice|super|good|right|lovely|many|and|so)[,!.]? )?"
    r"(?:thanks|thank you|thx|ty|cheers|much appreciated|i(?:['’]d)? appreciate (?:it|that|your help))"
    r"(?: (?:again|you|a lot|a bunch|so much|very much|in advance|for (?:that|this|your (?:help|time|answer))))*"
)
_SOUND = r"(?:oh|ah+|aha|(?:ha)+h?|hm+|huh|um+|uh|er|wow|ok(?:ay)?|yes|yeah|no|well|gosh|lol|phew|ouch|yikes)"
_SO = r"(?:so|very|really|quite|pretty|rather|too|how|a (?:bit|little)|not)"
_FELT = (
    r"(?:lovely|pity|shame|clever|sweet|funny|sad|amazing|impressive|brilliant|awesome|excellent|wonderful|fantastic|weird"
    r"|strange|odd|crazy|cute|bad|awful|terrible|horrible|nice|good|great|cool|interesting|expensive|dear|cheap|helpful"
    r"|surprising|disappointing|annoying|unfortunate|neat|scary)"
)
_REMARK = (
    rf"(?:(?:{_SO} )?{_FELT}(?: for (?:me|us))?|(?:what )?an? {_FELT}|what an? (?:relief|surprise|story)"
    rf"|(?:that|this|it)(?:['’]?s| is| was| sounds) (?:{_SO} )?(?:an? )?{_FELT}(?: for (?:me|us))?"
    rf"|poor (?:thing|woman|man|girl|boy|guy|him|her|them|things)|fair enough|good to know|makes sense|never mind"
    r"|bad luck|no way|of course|really|i see|i (?:didn['’]t|never) know that|noted|sounds (?:good|great|fun))"
)
"""What a person says of an answer; unlike other reactions only where a stop or a question follows."""
_REACTION = (
    r"(?:yes|yeah|yep|no|nope|great|perfect|cool|nice|good|fine|interesting|sure|right|alright|all right|ok(?:ay)?"
    r"|i see|i understand|got it|understood|wow|oh|ah|hm+|um+|uh|er|sorry|excuse me|pardon(?: me)?|just wondering"
    r"|out of curiosity|(?:i(?:['’]m| am) )?just curious)"
)
_ANNOUNCED = (
    r"(?:(?:so|and|but) )?(?:(?:i(?:['’]ve| have)(?: got)?|here(?:['’]s| is)) )?"
    r"(?:(?:just|only|a|an|one|my|another|next|last|final|more|quick|short|small|simple|other|first|second|follow-?up)"
    r" )*question(?: for you| please)?|(?:(?:i(?:['’]ve| have)(?: got)?|just|only) )?"
    r"(?:two|three|several|some|a few|a couple of) (?:quick |more |short )?(?:questions|things)(?: for you)?"
)
_ASKING = (
    r"(?:(?:(?:can|could|would) (?:you|any(?:one|body)) )?(?:please )?help(?: me| us)?(?: out)?(?: please)?"
    rf"|my question is(?: about {SOURCE})?(?: this| the following)?|i(?:['’]m| am) a (?:bit|little) confused"
    r"|i (?:can['’]?t|cannot|couldn['’]?t) find (?:it|this|that|the answer)(?: anywhere)?"
    r"|i (?:don['’]?t|didn['’]?t) (?:quite )?(?:get|understand) (?:it|this|that)"
    rf"|i(?:['’]ve| have)? (?:just )?read {SOURCE})"
)
_STOP = r"\s{0,3}(?:[:;]-?[()DP]{1,3}|[.!?:;…]{1,3}(?: [:;]-?[()DP]{1,3})?|[\U0001F600-\U0001F64F]{1,3})\s+"
_PAUSE = r"(?:\s{0,3},\s*|\s[–—-]+\s)"
_FRONT = re.compile(
    rf"^\W{{0,5}}(?:(?:{_GREETING}|{_THANKS}|{_REACTION})(?:{_STOP}(?=[^\W\d])|{_PAUSE}{_GOES_ON})"
    rf"|(?:{_SOUND},? ){{0,2}}(?:{_REMARK}|{_SOUND})(?:{_STOP}(?=[^\W\d])|{_PAUSE}(?={_OPENS}))"
    rf"|{_SOUND}{_PAUSE}(?=(?:{_SOUND},? )?{_REMARK}\W)"
    rf"|{_GREETING}\s+(?=(?:{QUESTION_WORD}|(?:can|could|do|does|please|tell|i)\b))|{_THANKS}\s+(?={QUESTION_WORD})"
    rf"|(?:{_ANNOUNCED}|{_ASKING}|q)(?:{_STOP}|{_PAUSE})|(?:\d{{1,2}}[.)]|[-*•])\s+(?={_OPENS}))(?=.*\w)",
    re.IGNORECASE | re.DOTALL,
)
_BEHIND = re.compile(
    rf"\s{_THANKS}\s?(?=[!.)])\W{{1,6}}$|(?:[.?!,;:…\n]\W{{0,6}}|\s[–—-]\s)(?:{_THANKS}"
    r"|(?:please )?(?:keep|make) it (?:short|brief|simple|quick)(?: please)?"
    r"|be (?:brief|concise|quick|short)|(?:a )?short answer(?: please)?|(?:please )?answer briefly)\W{0,6}$",
    re.IGNORECASE,
)
_PLEASE = re.compile(
    r"(?:[,.?!]\s{0,3}|(?<=\w)\s(?=(?:please|pls|plz)\W{0,6}$)(?<!\bto\s)(?<!\bhe\s)(?<!\bshe\s)(?<!\bit\s)(?<!\bthey\s))"
    r"(?:please|pls|plz)\b\W{0,6}$",
    re.IGNORECASE,
)
_MAY_SAY_PLEASE = re.compile(r"^\W*(?:when|where|how|why|can|could|tell|show|list|name|give)\b", re.IGNORECASE)
"""Elsewhere a last word "please" may be what is asked about: "Whom did the offer please?"."""
_QUOTED = re.compile(r"^([\"'“‘`*_]+)([^\"“”`*_]+)[\"'”’`*_]+$")
_MARKS = re.compile(r"\s*(?:\?[?!.]+|!\?[?!]*|(?:\.\.\.|…)\??)$")
"""How a question ends that is put with feeling."""
_LONGEST = 600
"""Characters; what is longer holds more than a question."""
_LOUD = 8
"""Letters from which on a question without a small one is shouted, rather than an abbreviation."""


def without_courtesy(text: str) -> str:
    """The question without greeting, thanks, announcement and the like around it, and not in capitals alone.

    What is nothing else is returned as it is.

    >>> without_courtesy("Hi there! Quick question: who runs Nvidia? Thanks!"), without_courtesy("WHO RUNS NVIDIA?")
    ('who runs Nvidia?', 'Who runs nvidia?')
    >>> without_courtesy("Thanks!"), without_courtesy("Hello Kitty is made where?")
    ('Thanks!', 'Hello Kitty is made where?')
    """
    if len(text) > _LONGEST:
        return text
    kept = _QUOTED.sub(r"\2", text.strip())
    while (shorter := _FRONT.sub("", kept, count=1)) != kept:
        kept = shorter
    while (shorter := _without_end(kept)) != kept:
        kept = shorter
    if not re.search(r"\w", kept):
        return text
    kept = _MARKS.sub("?", kept)
    loud = sum(map(str.isalpha, kept)) >= _LOUD and " " in kept and kept == kept.upper() != kept.lower()
    return kept[:1] + kept[1:].lower() if loud else kept


def _without_end(text: str) -> str:
    """The text without the last courtesy behind it, with the question mark that stood before or behind that."""
    for pattern in (_BEHIND, _PLEASE):
        found = pattern.search(text)
        if found and (pattern is _BEHIND or found[0][0] in ",.?!" or _MAY_SAY_PLEASE.match(text)):
            mark = "?" if "?" in found[0] else "." if found[0].startswith(".") else ""
            return text[: found.start()] + mark
    return text


def reworded(question: str, searched: str) -> bool:
    """Whether more than courtesy parts what was searched for from what was asked: a person wants to know.

    >>> reworded("Hi! Who runs it?", "Who runs it?"), reworded("Who runs it?", "Who runs Nvidia?")
    (False, True)
    """
    return searched.rstrip(" ?.").casefold() not in question.casefold()

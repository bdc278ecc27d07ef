"""Words that exclude or oppose each other: what is "closed" is not "open"."""

from __future__ import annotations

import re

from rag.questions import Question

OPPOSITES = {
    word: other
    for pair in """first last|largest smallest|largest fewest|highest lowest|longest shortest|oldest youngest
    most least|best worst|more fewer|more less|before after|north south|northern southern|east west
    eastern western|increase decrease|increased decreased|rise fall|rose fell|win lose|won lost
    begin end|began ended|start stop|started stopped|open close|opened closed|buy sell|bought sold
    accept reject|accepted rejected|support oppose|supported opposed|always never|early late
    earliest latest|male female|men women|minimum maximum|above below|major minor|include exclude
    cheap expensive|included excluded|allow forbid|allowed prohibited|join leave|joined left|gain lose
    gained lost|enter exit|love hate|positive negative|public private|same different|upper lower
    ancient modern|inside outside|create destroy|likes dislikes|created destroyed|possible impossible
    legal illegal|known unknown|strong weak|import export|imports exports|easy hard|approved rejected
    successful unsuccessful|advantage disadvantage|advantages disadvantages|hire fire|hired fired
    built demolished|signed cancelled|confirmed denied|agreed refused|arrived departed|found lost
    good bad|rise fell|rises falls|risen fallen|grew shrank|grow shrink|bought sold|gained lost|better worse
    harder easier""".replace("\n", "|").split("|")
    for word, other in (pair.split(), pair.split()[::-1])
}
"""Words whose opposite makes a statement another one, in either direction: one for each word."""
EXCLUDING = {
    frozenset(pair.split())
    for pair in """open closed|opened closed|approved rejected|accepted rejected|legal illegal|possible impossible
    open shut|opened shut|confirmed denied|increased decreased|rose fell|won lost|successful unsuccessful|allowed banned
    allowed prohibited|agreed refused|improved deteriorated|improved worsened|survived destroyed|signed cancelled
    included excluded|asleep awake|unconscious awake|unconscious conscious|locked unlocked
    declined accepted""".replace("\n", "|").split("|")
}
"""Opposites of which only one can be so: where a clause says the other of all else that is asked, the answer is no."""
_CONTRARY = {frozenset(pair) for pair in OPPOSITES.items()} | EXCLUDING
_CONTRARY |= {
    frozenset(pair.split())
    for pair in """reopened closed|reopen close|allow ban|allows bans|allow prohibit|small significant
    tiny significant|minor significant|insignificant significant|happy disappointed|pleased disappointed
    free expensive|survive destroyed|include excluded|charged free|optional required
    voluntary compulsory|open shut|opened shut|reopened shut|reopen shut
    guilty innocent|alive dead|front back|smaller bigger|smaller larger|smallest biggest|smallest larger|smaller biggest
    smaller largest|lower higher|cooler warmer|stay released|stayed released|remain released|stay discharged
    accept declined|accept refused|accept rejected|accepted refused|accept turned""".replace("\n", "|").split("|")
}
"""All opposites: a word may have several."""


def opposites(question: Question, sentence: str) -> list[tuple[str, str]]:
    """The words of the question that the sentence lacks, each with an opposite that it has."""
    asked, said = (re.findall(r"[a-z]+", text.lower()) for text in (question.asked, sentence))
    return [(a, b) for a in asked if a not in said for b in said if frozenset((a, b)) in _CONTRARY]

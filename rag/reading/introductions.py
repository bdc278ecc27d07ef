"""Who somebody is, or what something is, where a text says so in passing: "the clockmaker Josef Brandl", "Clara Weil,
a botanist", "Its chairman, Piers Caldwell, ..."."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.context import before, leans
from rag.lexical import STOPWORDS
from rag.questions.followups.frames import PREPOSITIONS
from rag.questions.followups.names import NOT_NAMES, ROLE
from rag.reading.similarity import all_sentences
from rag.schema import Document, Passage, Span

_NAME = r"(?!(?:he|she|it|they|you|this|that|there|who|what)\b)[^\W_][\w.'’&-]*(?: [^\W_][\w.'’&-]*){0,4}?"
_ASKED = re.compile(
    rf"^\W*(?:what (?:is|was) (?P<owner>{_NAME})['’]s? (?:job|role|profession|position|occupation|title)"
    rf"|what (?:does|did) (?P<doer>{_NAME}) do(?: for a living)?"
    rf"|(?:who|what)(?: is| was| are|['’]s) (?P<article>the )?(?P<name>{_NAME}))\W*$",
    re.IGNORECASE,
)
_OWNER = r"(?:the|an?|its|his|her|their|our|my|your)"
_RELATED = re.compile(r"(?:his|her|their|my|our|your)\b", re.IGNORECASE)
"""Says whose somebody is, and of no job."""
_KIND = (
    r"(?:giant|maker|company|firm|club|group|charity|start-?up|retailer|airline|bank|operator|manufacturer|supplier|chain"
    r"|brand|agency|regulator|newspaper|magazine|village|town|city|river|island|mountain|ship|ferry|boat|carmaker"
    r"|chipmaker|cooperative|station|label|band|studio|publisher|volcano|rival)"
)
_PERSON = re.compile(
    r"(?!(?:letter|paper|offer|number|order|tower|river|chapter|computer|water|answer|poster|matter|power|member|other|chamber"
    r"|cover|dinner|summer|winter|corner|layer|manner|border|shelter|theatre|motor|factor|error|sector|harbour|colou?r|statement"
    r"|agreement|document|moment|event|comment|argument|payment|treatment|restaurant|plant|address|business|process|press"
    r"|list|logic|music|topic|traffic|fabric|public|arsenic|magic)$)"
    r"(?:\w+(?:er|or|ist|ian|ant|ent|man|woman|eer|ess|ic)|poet|cook|nurse|pilot|chef|\w*smith|clerk|guide|monk|nun|cousin|friend|colleague|team-?mate|rival)",
)
"""A word that calls a person by what they do, as far as its end tells: behind others "Maud Bell wrote" may follow."""
_FIRST_NAMES = 2
_RELATION = 2
"""Words of "her older sister"; more may be another clause."""
_DENIED = re.compile(r"\b(?:not|never|no longer|false|denied|nor)\b[^,;.]*$", re.IGNORECASE)
_AT = re.compile(r"\b(?:in|at|on|near|left|reached)\W*$", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:later|earlier|ago|weeks?|months?|years?|days?|hours?|said|says)\b")
_NO_NOUN = STOPWORDS | PREPOSITIONS | frozenset("said says say told tells added named called".split())
_IS = re.compile(
    r"(?: \([^()]*\))?,? (?:is|was) (?P<what>(?:an?|the|one of) [^.;:!?]{3,120}?)"
    r"(?=(?<!\b[A-Z])(?<!\bSt)(?<!\bDr)\.(?:\s|$)|[;:]|$)"
)
"""What a sentence says that begins with the name."""
_OFFICE = re.compile(
    rf"(?:^|[\s(“\"'‘])(?P<what>(?i:{_OWNER}) (?:(?!of\b)[\w-]+ ){{0,3}}?(?i:{ROLE.pattern}) (?:of|for)"
    r" [^,;:.!?()]{2,50}), $"
)
_PEOPLE = re.compile(r"(?:^|\s)(?P<what>[Tt]he (?:[a-z]+ )?[A-Z][a-z]+(?:an|ish|ese|ch)) $")
"""Before the name: "the Head of People, ", "the American "."""
_OPENS = re.compile(
    r"\W*(?:after|unlike|according|like|before|with|without|for|from|despite|in|on|at|under)\b", re.IGNORECASE
)
_WHO = re.compile(
    r", (?P<what>who (?!(?:also|then|later|now|was|is|are|were|has|had|have|will|would|could|can|did)\b)[a-z]+"
    r" [^,;:.!?()]{3,90})(?=[,;.:])"
)
"""What somebody did or does: said of them only where nothing else says who they are."""
_BEHIND = re.compile(
    rf", (?P<what>(?:(?:{_OWNER}|one of the) (?![A-Z][^,;:.!?()]* and )|(?:[\w-]+ ){{0,2}}(?={ROLE.pattern}))"
    r"[^,;:.!?()]{3,90})(?=[,;.:])(?!, (?:and|or)\b)"
    r"|,? \((?P<bracket>(?!see|cf|left|right|above|below)(?=[a-z])[^()\d]{3,60})\)"
)
"""What stands behind a name: ", a botanist," or "(treasurer)"."""


@dataclass(frozen=True)
class Introduction:
    """The sentence that says in passing who or what it is, the words that do, and the sentence before where the one
    leans on it."""

    document: Document
    sentence: Span
    what: Span
    previous: Span | None


def introduced(asked: str, passages: Sequence[Passage], documents: Mapping[str, Document]) -> Introduction | None:
    """What the passages call the person or thing of "Who is ...?"; None for any other question, or where none does.

    >>> from rag.splitting import split
    >>> text = "She learned from the clockmaker Josef Brandl. Its chairman, Piers Caldwell, left."
    >>> document = Document(title="Bells", text=text)
    >>> for asked in ("Who was Josef Brandl?", "who is piers caldwell", "What does Josef Brandl do?"):
    ...     found = introduced(asked, split(document, 700), {document.id: document})
    ...     text[found.what.start : found.what.end]
    'the clockmaker'
    'Its chairman'
    'the clockmaker'
    """
    match = _ASKED.match(asked)
    name = match and (match["name"] or match["doer"] or match["owner"])
    if not match or not name or name.lower() in STOPWORDS:
        return None
    if match["article"] and name.islower() and asked != asked.lower():
        return None  # "What is the salt road?" asks for no name, unless all is in small letters
    sentences = [(documents[passage.document_id], sentence) for passage in passages for sentence in passage.sentences]
    for ways in (_called, _told) if match["name"] and asked.lower().startswith("who") else (_called,):
        for document, sentence in sentences:
            text = document.text[sentence.start : sentence.end]
            for start, end in ways(text, name):
                if match["name"] or not _RELATED.match(text, start):
                    previous = before(all_sentences(document.text), sentence) if leans(text) else None
                    what = Span(start=sentence.start + start, end=sentence.start + end)
                    return Introduction(document, sentence, what, previous)
    return None


def _named(sentence: str, name: str) -> Iterator[re.Match[str]]:
    """Where the name stands, as one, and owns nothing."""
    for found in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])(?!['’]s\b)", sentence, re.IGNORECASE):
        if found[0][0].isupper() and found[0].lower() not in NOT_NAMES:
            yield found


def _told(sentence: str, name: str) -> Iterator[tuple[int, int]]:
    """Where the sentence says what the person `name` did."""
    for found in _named(sentence, name):
        if (told := _WHO.match(sentence, found.end())) and not _DENIED.search(told["what"]):
            yield told.span("what")


def _called(sentence: str, name: str) -> Iterator[tuple[int, int]]:
    """Where the sentence says what `name` is: begin and end of these words."""
    for found in _named(sentence, name):
        ahead, after = sentence[: found.start()], sentence[found.end() :]
        heads = [ahead]
        while len(heads) <= _FIRST_NAMES and (given := re.search(r"[A-Z][\w.'’-]* $", heads[-1])):
            heads.append(heads[-1][: given.start()])  # "Who is Huang?", of Jensen Huang
        if (copula := _IS.match(after)) and not heads[-1].strip() and _says_who(copula["what"]):
            yield found.end() + copula.start("what"), found.end() + copula.end("what")
        closed = re.match(r"[,.;:)]|$", after) is not None
        if not _DENIED.search(ahead):
            if closed and not _OPENS.match(ahead) and (office := _OFFICE.search(ahead)):
                yield office.span("what")
            if " " in name and (people := _PEOPLE.search(ahead)):
                yield people.span("what")
        for head in heads:
            single = head == ahead and " " not in name
            for start in _noun_before(head, closed, single):
                if not _DENIED.search(head[:start]):
                    yield start, len(head.rstrip(" ,"))
        if (behind := _BEHIND.match(after)) and not _AT.search(ahead) and not _DENIED.search(ahead):
            said = "what" if behind["what"] else "bracket"
            first, *others = behind[said].split()
            related = _RELATED.match(first) and len(others) > _RELATION
            named = re.fullmatch(_OWNER, first, re.IGNORECASE) or first.lower() not in _NO_NOUN
            if named and not related and not _WHEN.search(behind[said]):
                yield found.end() + behind.start(said), found.end() + behind.end(said)


def _says_who(what: str) -> bool:
    """Whether the words call somebody by what they do or are: not "an hour late"."""
    first = re.split(r" (?:of|for|in|at|on|who|which|that|from|with|to|and)\b", what)[0].split()
    calls = bool(_PERSON.fullmatch(first[-1])) or bool(ROLE.search(first[-1])) or bool(re.fullmatch(_KIND, first[-1]))
    return calls and not _WHEN.search(" ".join(first))


def _noun_before(head: str, closed: bool, single: bool) -> Iterator[int]:
    """Where the noun phrase begins with which `head` ends: directly before the name, or, where a comma or the end
    closes that, with a comma between. Behind "the man" a `single` name may go on: "the man Ann loved"."""
    for end in (", $", " $") if closed else (" $",):
        own = re.search(rf"(?:^|[\s(“\"'‘])(?P<what>{_OWNER}(?P<noun>(?: [A-Za-z][\w-]+){{1,4}})){end}", head)
        own = own or re.search(rf"^(?P<what>(?i:{_OWNER})(?P<noun>(?: [A-Za-z][\w-]+){{1,4}})){end}", head)
        if own:
            nouns = own["noun"].split()
            fits = nouns[-1].islower() and not nouns[-1].endswith("ed") and not {n.lower() for n in nouns} & _NO_NOUN
            if fits and (end != " $" or (_PERSON.fullmatch(nouns[-1]) and (closed or not single))):
                yield own.start("what")
        if role := re.search(rf"(?P<role>{ROLE.pattern}|\b{_KIND}\b){end}", head, re.IGNORECASE):
            start = _widened(head, role.start("role"))
            if end != " $" or closed or not single or not re.match(_OWNER + " ", head[start:], re.IGNORECASE):
                yield start


def _widened(head: str, start: int) -> int:
    """Where the phrase begins that ends with the role at `start`: with "the former", "Pfalzgau's finance"."""
    while word := re.search(r"(?:^|(?<=[\s(“\"'‘]))(?P<word>[\w.&'’-]+) $", head[:start]):
        if re.fullmatch(_OWNER, word["word"], re.IGNORECASE):
            return word.start("word")
        if (word["word"].lower() in _NO_NOUN and not word["word"].isupper()) or word["word"].endswith("ed"):
            break
        start = word.start("word")
    return start

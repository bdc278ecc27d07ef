"""Who does it, and to whom it is done: does a sentence tell what is asked with the roles the other way round?

By the form of the two: a question in the active or the passive, and each place where the sentence has its verb. Set by
rule, not learnt: a reader of spans hardly tells "was accused by Reis" from "accused Reis".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.lexical import STOPWORDS, stem, words
from rag.questions.followups.verbs import IRREGULAR_FORMS, base_of, is_base, is_participle
from rag.reading.yesno.named import MONTH_OR_WEEKDAY
from rag.schema import Span

_BE = frozenset("is are was were be been being isn't aren't wasn't weren't gets got".split())
_HAVE = frozenset("has have had hasn't haven't hadn't".split())
_DO = frozenset("do does did don't doesn't didn't".split())
_MODAL = frozenset("will would can could should may might must won't wouldn't can't couldn't shouldn't".split())
_BETWEEN = frozenset("not never also later then first soon already still once being been".split())
"""What may stand between "was" and a participle, besides words in -ly."""
_OBJECT_ASKED = frozenset("who whom what which".split())
_HAVE_TO = re.compile(r"(?<=\s)(?:have|need|want) to(?=\s)")
_MANNER = frozenset("when where why how".split())
_NO_SUBJECT = frozenset("it there who whom that which when while if because in on at for from to with by about".split())
"""What does not stand between an auxiliary and its verb."""
_INVERTED = frozenset(
    map(
        stem, "say add ask write reply answer tell claim come go sit stand lie hang follow begin start end live".split()
    )
)
"""Verbs before which their subject need not stand: "..., said Brandt", "In the corner sat ..."."""
_MUTUAL = frozenset(map(stem, "marry meet divorce join merge call name know base locate situate born".split()))
"""Of these either side can be told first, or who does it is not what matters."""
_SHORT_PARTICIPLES = frozenset("used owed sued tied hid fed led".split())
_TO_SOMEBODY = frozenset("to from for with against".split())
_DETERMINERS = frozenset(
    "the a an its his her their our my your this that these those two three both some all another one".split()
)
_NOBODY = re.compile(
    r"(?:\d|[A-Z]{2,3}[$€£]|(?:Christmas|Easter|New Year)\b"
    r"|(?:the|an?) (?:end|time|middle|beginning|start|year|day|hour|week|month|way|same|following|next|last"
    r"|river|sea|lake|road|roadside|door|window|gate|wall|harbour|water|coast|bank|side"
    r"|quarter|third|half|fifth|tenth|factor|margin|majority|vote|wide|narrow|total)\b)",
    re.IGNORECASE,
)
"""What stands behind "by" and did nothing: a time, a place, a measure."""
_AGENT_END = re.compile(
    r"[,;:()]|\s(?:in|on|at|after|before|since|until|during|when|while|as|because|for|to|with|who|which|but"
    r"|and (?:is|was|were|are|had|has))\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:(?!\b(?:is|are|was|were|and|but|which|who|because|while)\b)[^;:.]|\.(?!\s+[A-Z])){0,60}?\bby (?=\S)"
)
"""What may stand between "was built" and who did it."""
_RIGHT_BY = re.compile(r"(?: (?:up|out|off|over|down|on|for|to|with|in|at|jointly|together)){0,2} by (?=\S)")
"""The same where there is no "was": "a bridge built by Moss"."""
_CLAUSE_END = re.compile(r"[;—–]|\b(?:and|while|whereas|but|although|because|which|who)\b", re.IGNORECASE)
_BY_ANY = re.compile(r"\bby ((?:[\w'’-]+[ ,]*){1,5})")
_REGION_END = re.compile(r"[;()]|,? (?:who|which|whose|where|but|while|although)\b|, and\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Asked:
    """The form of a question around its verb; `subject` and `rest` are stems of what stands before and behind."""

    verb: str
    subject: frozenset[str]
    names: frozenset[str]
    """Those of the subject's that are names."""
    rest: frozenset[str]
    object: frozenset[str]
    """Those of the first noun or name behind the verb."""
    passive: bool
    of_subject: bool
    """Whether the subject itself is what is asked for: "Who gave ...?"."""
    of_object: bool
    """Whether it may be who or what it is done to."""
    of_manner: bool
    """Whether it is when, where, why, how or how much."""


@dataclass(frozen=True)
class _Told:
    """One place where the sentence has the verb."""

    before: frozenset[str]
    behind: tuple[tuple[str, int], ...]
    """The words of its clause behind it with their offsets."""
    start: int
    end: int
    passive: bool
    agent: frozenset[str]
    """Stems of who does it, behind "by"."""
    doers: tuple[str, ...]
    """The same words as they are written."""
    aside: frozenset[str]
    """Stems of what is said of who does it: "by a lawyer, Begg"."""
    agents: frozenset[str]
    """Stems behind any "by" that follows."""
    region: Span | None
    """Where those words stand, with what is said of them."""
    neighbour: frozenset[str]
    """Stems of the name right before an active verb."""
    doer: frozenset[str]
    """The stem of the word right before an active verb."""
    has_object: bool
    quoted: bool
    """Whether the sentence quotes somebody: who speaks need not stand before the verb."""
    reaches: frozenset[str]
    """Stems behind the first "to", "from", "for", "with" or "against" of a passive verb without "by"."""

    @property
    def after(self) -> frozenset[str]:
        """Stems of its clause's words behind it."""
        return _stems([word for word, _ in self.behind])

    def receives(self, place: Span) -> bool:
        """Whether the words at `place` stand behind the first "to" or "from" behind an active verb."""
        to = next((i for i, (word, _) in enumerate(self.behind) if word in ("to", "from")), None)
        if to is None or self.passive or to + 1 >= len(self.behind):
            return False
        return self.behind[to][1] < place.start <= self.behind[min(to + 6, len(self.behind) - 1)][1]

    def first(self, stems: frozenset[str]) -> int:
        """Where the first word behind it that has one of these stems begins."""
        return min(start for word, start in self.behind if _stems([word]) & stems)


def turned(question: str, sentence: str, place: Span | None = None) -> bool:
    """Whether the sentence has the question's verb, and everywhere with the roles the other way round.

    `place`: the words of the sentence that would be the answer; none for a question for yes or no.

    >>> said = "She was accused by the geographer Reis."
    >>> turned("Did Holt accuse Reis?", said), turned("Was Reis accused?", said), turned("Did Reis accuse Holt?", said)
    (True, True, False)
    >>> reis = Span(start=said.index("Reis"), end=said.index("Reis") + 4)
    >>> turned("Who did she accuse?", said, reis), turned("Who accused her?", said, reis)
    (True, False)
    """
    for asked in _forms(question):
        verdicts = [_turned(asked, told, place) for told in _places(asked.verb, sentence)]
        if verdicts:  # the first word that is a verb there
            return any(verdicts) and False not in verdicts
    return False


def _turned(asked: _Asked, told: _Told, place: Span | None) -> bool | None:
    """True where the roles are the other way round, False where they are as asked, None where it does not show."""
    if asked.of_subject:
        return _subject_is_another(asked, told, place)
    if asked.passive:
        return _patient_is_another(asked, told)
    if told.passive:
        if asked.subject & (told.agent | told.aside | told.agents):
            return False
        if place and told.region and asked.of_object and _within(place, told.region):
            return True
        if told.agent:
            other = asked.names and told.doers[0][0].isupper()
            return bool(asked.subject and (asked.rest & told.agent or asked.subject & told.before or other)) or None
        return bool(asked.subject and asked.subject <= told.reaches and not asked.subject & told.before) or None
    if asked.subject & told.before:
        return False
    if asked.verb in _INVERTED or not asked.subject or told.quoted:
        return None
    if asked.object & told.doer and told.has_object and not asked.subject & told.after:
        return True  # "Did Ann hit Tom?": "Tom hit a dog"
    if asked.of_manner:
        return None
    if asked.subject <= told.after:
        return True if place is None or (told.end <= place.start and place.end <= told.first(asked.subject)) else None
    return bool(asked.names and told.neighbour) or None


def _subject_is_another(asked: _Asked, told: _Told, place: Span | None) -> bool | None:
    """Of "Who gave ...?" and "Who was given ...?": whether the words at `place` did not do it, or suffer it."""
    if place is None:
        return None
    by = told.region is not None and _within(place, told.region)
    if asked.passive:
        return True if told.passive and by else None
    if place.end <= told.start:
        return told.passive
    if told.passive:
        return False if by else None
    if asked.verb not in _INVERTED and told.has_object and told.receives(place):
        return True
    exchanged = asked.rest & told.before and not asked.rest & told.after and told.has_object
    return True if exchanged and asked.verb not in _INVERTED and place.start >= told.end else None


def _patient_is_another(asked: _Asked, told: _Told) -> bool | None:
    """Of "Was X accused?": whether X is who accuses."""
    if told.passive:
        if asked.subject & told.before:
            return False
        return bool(asked.subject & told.agent) or None
    if asked.subject & told.after:
        return False
    return bool(asked.names & told.neighbour and told.has_object) or None


def _within(place: Span, region: Span) -> bool:
    return region.start <= place.start and place.end <= region.end


@lru_cache(maxsize=200)
def _forms(question: str) -> tuple[_Asked, ...]:
    """The ways to read the question, each with one of its words as the verb."""
    tokens = [word for word, _, _ in words(_HAVE_TO.sub("", question))]
    lower = [token.lower().replace("’", "'") for token in tokens]
    first = next((i for i, word in enumerate(lower) if word in _BE | _HAVE | _DO | _MODAL), None)
    asks = next((i for i, word in enumerate(lower[:3]) if word in _OBJECT_ASKED), None)
    if asks is not None and first is None:
        verb = next((i for i in range(asks + 1, min(asks + 4, len(lower))) if _is_past(lower[i])), None)
        return (_form(tokens, asks, verb, passive=False, of_subject=True),) if verb else ()
    if first is None:
        return ()
    if asks is not None and asks < first and lower[first] not in _DO:
        verb = first + 1
        while verb < len(lower) and (
            lower[verb] in _BETWEEN or (tokens[verb].endswith("ly") and tokens[verb].islower())
        ):
            verb += 1
        passive = lower[first] in _BE or bool({"be", "been"} & set(lower[first:verb]))
        if verb < len(lower) and tokens[verb].islower() and _fits(lower[first], passive, lower[verb]):
            by = passive and "by" in lower[verb:]
            return () if by else (_form(tokens, first, verb, passive, of_subject=True),)
    return tuple(_with_subject(tokens, lower, first))


def _with_subject(tokens: Sequence[str], lower: Sequence[str], first: int) -> Iterator[_Asked]:
    """The forms of a question whose subject stands between the auxiliary and the verb: up to the first sure verb."""
    for i in range(first + 2, len(lower)):
        subject = set(lower[first + 1 : i])
        if subject & _NO_SUBJECT:
            return
        passive = lower[first] in _BE or lower[i - 1] in ("be", "been")
        if not tokens[i].isalpha() or not tokens[i].islower() or not subject - _DETERMINERS:
            continue
        if tokens[i] in STOPWORDS or not _fits(lower[first], passive, lower[i], known=False):
            continue
        if not (passive and "by" in lower[i:]):
            yield _form(tokens, first, i, passive, of_subject=False)
        if passive or is_base(lower[i]):
            return


def _fits(auxiliary: str, passive: bool, word: str, known: bool = True) -> bool:
    """Whether the word can be the verb behind the auxiliary; `known`: it must be one that is known as such."""
    if passive or auxiliary in _HAVE:
        return _is_participle(word) and not word.endswith("ing")
    return is_base(word) or (not known and not _is_past(word) and not word.endswith("ing"))


def _is_participle(word: str) -> bool:
    return is_participle(word) or word in _SHORT_PARTICIPLES


def _is_past(word: str) -> bool:
    return word.endswith("ed") or (word in IRREGULAR_FORMS and not is_base(word))


def _form(tokens: Sequence[str], first: int, verb: int, passive: bool, of_subject: bool) -> _Asked:
    lower = [token.lower() for token in tokens]
    base = lower[first] in _DO | _MODAL and not passive
    subject = tokens[first + 1 : verb]
    return _Asked(
        verb=stem(lower[verb]) if base else _key(lower[verb]),
        subject=frozenset() if of_subject else _stems(subject),
        names=_stems([word for word in subject if word[0].isupper()]) if not {"a", "an"} & {*subject} else frozenset(),
        rest=_stems(tokens[verb + 1 :]),
        object=_object(tokens[verb + 1 :]),
        passive=passive,
        of_subject=of_subject,
        of_object=bool(_OBJECT_ASKED & set(lower[:3])),
        of_manner=bool(_MANNER & set(lower[:first])),
    )


def _object(behind: Sequence[str]) -> frozenset[str]:
    """Stems of what stands right behind the verb: "the octopus", "Baltic Mutual"."""
    rest = [*behind[1:]] if behind and behind[0].lower() in _DETERMINERS else [*behind]
    if not rest or rest[0].lower() in STOPWORDS:
        return frozenset()
    names = next((i for i, word in enumerate(rest) if not word[0].isupper()), len(rest))
    return _stems(rest[: max(names, 1)])


def _places(verb: str, sentence: str) -> Iterator[_Told]:
    """Each place where the sentence has the verb, `verb` being its key."""
    if verb in _MUTUAL:
        return
    found = words(sentence)
    lower = [word.lower().replace("’", "'") for word, _, _ in found]
    for i, (word, start, end) in enumerate(found):
        if _key(lower[i]) != verb or not (i and word.islower() and _is_verb(lower, i)):
            continue
        back = i - 1
        while back >= 0 and (lower[back] in _BETWEEN or lower[back].endswith("ly")):
            back -= 1
        participle = _is_participle(lower[i]) and not lower[i].endswith("ing")
        passive = participle and back >= 0 and (lower[back] in _BE or "been" in lower[back:i])
        by = _agent(sentence, end, _BY if passive else _RIGHT_BY) if participle else None
        doers = [w for w, s, e in found if by and by[0].start <= s and e <= by[0].end]
        auxiliaries = back
        while auxiliaries >= 0 and lower[auxiliaries] in _HAVE | _MODAL | _DO | {"to"}:
            auxiliaries -= 1
        beside = _name_at(found, auxiliaries, sentence, start)
        following = found[i + 1][0] if i + 1 < len(found) else ""
        begins = max([m.end() for m in re.finditer(";", sentence) if m.end() < start], default=0)
        ends = min([m.start() for m in _CLAUSE_END.finditer(sentence) if m.start() > end], default=len(sentence))
        yield _Told(
            before=_stems([w for w, s, _ in found if begins <= s < start]),
            behind=tuple((w, s) for w, s, _ in found if end <= s < ends),
            start=start,
            end=end,
            passive=passive or by is not None,
            agent=_stems(doers),
            doers=tuple(doers),
            agents=_stems([w for near in _BY_ANY.findall(sentence[end:].partition(";")[0]) for w, _, _ in words(near)]),
            aside=_stems([w for w, s, e in found if by and by[1].start <= s and e <= by[1].end]),
            region=by[1] if by else None,
            neighbour=beside if not passive and by is None else frozenset(),
            doer=_stems(lower[auxiliaries : auxiliaries + 1]) if auxiliaries >= 0 else frozenset(),
            has_object=following in _DETERMINERS or following in ("her", "him", "them") or following[:1].isupper(),
            quoted=bool(re.search(r"[\"“”]", sentence)),
            reaches=_reached(found, lower, i) if passive and by is None else frozenset(),
        )


def _is_verb(lower: Sequence[str], i: int) -> bool:
    """Whether the word is a form that verbs have, in a place where one can be."""
    word, before = lower[i], lower[i - 1]
    if word in IRREGULAR_FORMS or word.endswith("ed") or before in _DO | _MODAL | {"to", "not"}:
        return True
    return is_base(word) or (bool(base_of(word)) and before not in _DETERMINERS)


def _name_at(found: Sequence[tuple[str, int, int]], place: int, sentence: str, verb: int) -> frozenset[str]:
    """Stems of the word at `place` where it is a name right before the verb that begins at `verb`."""
    if place < 0:
        return frozenset()
    word, start, end = found[place]
    plain = word.lower() in STOPWORDS | _DETERMINERS or re.search(r"['’]", word) or (start == 0 and len(word) < 3)
    return frozenset() if plain or not word[0].isupper() or "," in sentence[end:verb] else _stems([word])


def _agent(sentence: str, verb_end: int, way: re.Pattern[str]) -> tuple[Span, Span] | None:
    """Who does it, behind the "by" of a passive verb that ends at `verb_end`: the bare words; with what follows."""
    found = way.match(sentence, verb_end)
    if found is None:
        return None
    start = found.end()
    tokens = re.findall(r"[\w'’-]+", sentence[start : start + 60])[:2]
    if not tokens or _NOBODY.match(sentence, start) or MONTH_OR_WEEKDAY.fullmatch(tokens[0]):
        return None
    if tokens[0].lower() not in _DETERMINERS and not any(token[0].isupper() for token in tokens):
        return None
    bare, whole = _AGENT_END.search(sentence, start), _REGION_END.search(sentence, start)
    ends = [match.start() if match else len(sentence) for match in (bare, whole)]
    return Span(start=start, end=ends[0]), Span(start=start, end=max(ends))


def _reached(found: Sequence[tuple[str, int, int]], lower: Sequence[str], verb: int) -> frozenset[str]:
    first = next((i for i in range(verb + 1, min(verb + 6, len(lower))) if lower[i] in _TO_SOMEBODY), None)
    return _stems([word for word, _, _ in found[first + 1 : first + 9]]) if first is not None else frozenset()


def _stems(tokens: Sequence[str]) -> frozenset[str]:
    return frozenset(stem(_plain(token)) for token in tokens if token.lower() not in STOPWORDS)


def _plain(word: str) -> str:
    """The word in small letters without accents, as a question may have it."""
    bare = unicodedata.normalize("NFKD", word.lower()).encode("ascii", "ignore").decode()
    return bare or word.lower()


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    return stem(IRREGULAR_FORMS.get(word, word))

"""What a conversation has mentioned so far: the noun phrases of its questions, what its answers bring in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.lexical import STOPWORDS, stem, stems, words
from rag.questions.followups.frames import DETERMINERS, PREDICATES, PREPOSITIONS, Frame, frame, is_plural, opened, told
from rag.questions.followups.names import ROLE, Kind, Mention, names_in
from rag.questions.followups.verbs import (
    AUXILIARIES,
    IRREGULAR_FORMS,
    base_of,
    base_of_ing,
    is_base,
    is_participle,
    past_of,
)

ATTRIBUTE = (
    r"(?:costs?|price|fee|value|date|name|reasons?|number|size|length|height|width|weight|capacity|speed|damage|purpose"
    r"|cause|title|result|results|budget|salary|depth|colou?r|owner|location|population|duration|deadline|rent|profit"
    r"|revenue|turnover)"
)
"""A pattern for what is asked of something: its price, its name."""
_GIVING = frozenset("supply sell send deliver make produce build ship export offer".split())
_PARTICLES = frozenset(
    "down up back away out off together ill yet part place care account open something anything nothing instead".split()
)
_SINGULAR_PLACES = re.compile(
    r"\b(?:city|town|village|country|region|valley|island|county|port|street|square|harbour)\b", re.I
)
_ANYBODY = frozenset(f"{some}{one}" for some in ("any", "some", "every", "no") for one in ("one", "body", "thing"))
_ADVERBS = frozenset("now then again instead already yet still once too also mostly mainly according".split())
_ARTICLES = DETERMINERS - {"that"}
_LIGHT = frozenset("charge front favour need search case honour aid memory".split())
"""Nouns that are part of a preposition: "in charge of"."""
_TITLED = re.compile(r"[\"“][^\"“”]{2,60}[\"”]")
_MOMENTS = re.compile(r"the (?:moment|(?:first |same |last )?time|end|beginning|start|way|rest|whole)", re.IGNORECASE)
_ONE = re.compile(r"(?:(?:the|that|this|an?|any) )?(?:(?:other|same|next|only) )?ones?", re.IGNORECASE)
_VISITORS = re.compile(r"(?:my|our|your)\b", re.IGNORECASE)
"""Whose a thing is that a person hardly asks a text about: "Can I take my bike?"."""
_LINKS = "|".join(sorted(PREPOSITIONS | STOPWORDS))
_INDEFINITE = re.compile(
    rf"\b[Aa]n? (?P<noun>(?:(?!(?:{_LINKS})\b)[a-z-]+ ){{0,2}}(?!(?:{_LINKS})\b)[a-z-]+)\b"
    r"(?P<place> (?:of|in|above|near|at) (?:the )?[A-Z]\w+)?"
)


_HOW_IT_IS = re.compile(r" (?:too|so|very|really|quite) [a-z]+$")
"""No part of a subject: "When is the soup too hot?"."""


def mentions_in(question: str, answer: str = "") -> list[Mention]:
    """What a question mentions, its subject first: names, noun phrases, and what it asks for as "the ...".

    >>> [m.text for m in mentions_in("How many driverless buses will run in Port Alder?")]
    ['the driverless buses in Port Alder', 'Port Alder']
    >>> [m.text for m in mentions_in("When was the old bridge over the Tarn opened?")]
    ['the old bridge', 'the Tarn']
    """
    parsed = frame(question)
    found: list[Mention] = []
    context = f"{question} {answer}"
    if parsed.subject.lower() not in ("there", "it", "i", "you", "we", ""):
        subject = _HOW_IT_IS.sub("", parsed.subject)
        found += _phrases(subject, context, subject=True, whole=True)
    if parsed.noun and is_plural(parsed.noun):
        found.append(Mention(described(parsed), "thing", plural=True, subject=parsed.asks_subject))
    found += _phrases(parsed.rest, context, subject=parsed.subject.lower() == "there", whole=False)
    found += _phrases(_HOW_IT_IS.sub("", parsed.subject), context, subject=False, whole=False)
    if parsed.noun and not is_plural(parsed.noun):
        found.append(Mention(f"the {parsed.noun}", "person" if ROLE.search(parsed.noun) else "thing"))
    if not parsed.lead and not parsed.auxiliary:
        found += names_in(opened(question), answer)
    found += _phrases(told(question), context, subject=False, whole=False)
    return _unique(found)


def described(parsed: Frame) -> str:
    """What a question asks for, as a noun phrase: "the people who fell ill in Leeds".

    >>> described(frame("Who saved the shipyard?")), described(frame("Which contractor was building the wall?"))
    ('the person who saved the shipyard', 'the contractor that was building the wall')
    """
    people = parsed.noun.split()[-1:] and parsed.noun.split()[-1] in ("people", "children", "men", "women", "members")
    counted = re.sub(r"^(?:of (?:the |its |their )?|an? )", "", parsed.noun)
    noun = f"the {counted}" if counted else "the person"
    if parsed.word == "whose" and parsed.subject:
        return f"the person whose {parsed.noun} {parsed.subject} {parsed.auxiliary}"
    if (
        parsed.asks_subject
        and parsed.noun
        and parsed.auxiliary
        and re.match(r"(?:in|at|on|from) (?:the )?[A-Z]", parsed.rest)
    ):
        return f"{noun} {parsed.rest}"
    if parsed.asks_subject and (parsed.verb or parsed.noun):
        link = "who" if people or not parsed.noun else "that"
        return " ".join(part for part in (noun, link, parsed.auxiliary, parsed.verb, parsed.rest) if part)
    if parsed.asks_subject and parsed.rest:
        return (
            f"{noun} {parsed.rest}"
            if re.match(_BEHIND_NOUN, parsed.rest)
            else f"{noun} who {parsed.auxiliary} {parsed.rest}"
        )
    if parsed.word in ("who", "whom") and parsed.auxiliary == "did" and is_base(parsed.verb):
        return " ".join(part for part in (noun, "whom", parsed.subject, past_of(parsed.verb), parsed.rest) if part)
    if parsed.verb in _GIVING and parsed.subject and parsed.subject[0].isupper():
        return f"{noun} from {parsed.subject}"
    if parsed.subject and parsed.verb and parsed.auxiliary in ("will", "would", "can", "could", "must", "should"):
        return f"{noun} that {parsed.subject} {parsed.auxiliary} {parsed.verb}"
    source = re.search(r"\bfrom (?:the )?[A-Z][\w-]*(?: [A-Z][\w-]*)*", parsed.rest)
    return f"{noun} {source.group()}" if source else noun


_BEHIND_NOUN = r"(?:in|at|on|from|of|with|behind|under)\b"


def _phrases(text: str, context: str, subject: bool, whole: bool) -> Iterator[Mention]:
    """The noun phrases of a stretch of a question, names among them."""
    for title in _TITLED.finditer(text):
        yield Mention(title.group(), "thing", named=True, subject=subject)
    text = _TITLED.sub(",", text).strip(" ,;")
    if not text:
        return
    if whole and (mention := _as_mention(text, context, subject)):
        yield mention
    chunks = list(_chunks(text))
    for place, phrase in enumerate(chunks):
        bare = " " not in phrase and phrase.islower() and not is_plural(phrase)
        if bare and (place or not text.startswith(phrase) or phrase in _PARTICLES or is_participle(phrase)):
            continue
        light, of, inner = phrase.partition(" of ")
        if light not in _LIGHT and (mention := _as_mention(phrase, context, subject)):
            yield mention
            subject = False
        if (
            of
            and re.match(r"(?:the|an?|his|her|its|their) [a-z]", inner)
            and (mention := _as_mention(inner, context, False))
        ):
            yield mention
    for name in names_in("x " + text, context):
        if not any(re.match(rf"{re.escape(name.text)} [a-z]", chunk) for chunk in chunks):
            yield name


def _as_mention(phrase: str, context: str, subject: bool) -> Mention | None:
    names = names_in("x " + phrase, context)
    if names and _VISITORS.match(phrase) and phrase.endswith(f" {names[-1].text}"):
        phrase = f"the {names[-1].text}" if re.search(r"\d", phrase) else names[-1].text
    bare = re.sub(r"^(?:the|an?) ", "", phrase)
    if names and names[-1].kind == "person" and phrase.endswith(names[-1].text):
        return Mention(names[-1].text, "person", named=True, subject=subject)
    if names and names[0].text in (phrase, bare):
        return Mention(phrase, names[0].kind, named=True, subject=subject)
    words = phrase.lower().split()
    if (
        _MOMENTS.fullmatch(phrase)
        or _ONE.fullmatch(phrase)
        or words[-1] in STOPWORDS | _ANYBODY
        or (len(words) == 1 and (words[0] in STOPWORDS or not words[0][0].isalpha()))
    ):
        return None
    said = re.sub(r"^(?:an?|any|some|each|every|\d[\d,.]*|its|their) ", "the ", phrase)
    head = re.split(r" (?:of|in|on|at|for|from|over|to|with|by) ", said)[0]
    plural = is_plural(said)
    if names and head == names[0].text:
        return Mention(phrase, names[0].kind, named=True, subject=subject)
    kind: Kind = (
        "person" if ROLE.search(head.split()[-1]) else "place" if _SINGULAR_PLACES.search(head.split()[-1]) else "thing"
    )
    if re.match(r"[a-z]+ing\b", said) and base_of_ing(said.split()[0]):
        return Mention(said, "thing", subject=subject)  # "charging batteries at the desk"
    if plural and not re.match(r"(?:the|these|those|all|both|his|her|its|their|my|our|your) |[A-Z]|.*['’]s? ", said):
        said = f"the {said}"
    return Mention(said, kind, plural, subject=subject, own=bool(_VISITORS.match(said)))


def _chunks(text: str) -> Iterator[str]:
    """Stretches of a question's rest that may be noun phrases: from a determiner, capital or bare noun to the next
    preposition, verb or comma; "of" goes on."""
    words = text.split()
    start = 0
    while start < len(words):
        end = start
        while end < len(words):
            word = words[end].strip(",;").lower()
            inside = end > start
            stops = word in (STOPWORDS | AUXILIARIES | _ADVERBS) - _ARTICLES - {"of"}
            stops = stops or (word in PREPOSITIONS and word != "of") or _is_verb_of(words[start:end], words[end])
            if inside and words[end - 1].lower() in _ARTICLES | {"of"} and not stops:
                end += 1
                continue
            verbal = words[end].islower() and word.endswith("ed") and inside
            if (
                stops
                or (word in _ARTICLES and inside)
                or (word == "of" and not inside)
                or (verbal and end == len(words) - 1)
            ):
                break
            end += 1
            if words[end - 1].endswith((",", ";")):
                break
        phrase = " ".join(words[start:end]).strip(",; ")
        verb = start and words[start - 1] in ("that", "who", "which") and " " not in phrase and base_of(phrase)
        if phrase and phrase.lower() not in DETERMINERS and not phrase.endswith(" of") and not verb:
            yield phrase
        start = max(end, start + 1)


def _is_verb_of(phrase: Sequence[str], word: str) -> bool:
    """Whether the word behind a noun phrase is its verb: "the desk (forbidden)", "the Salt House museum (found)"."""
    if not phrase or not word.islower() or phrase[-1].lower() in _ARTICLES | {"of"}:
        return False
    verb = word.strip(",;")
    if phrase[-1][:1].isupper():  # "the Aerinne D20 stand", "the D12 shows E2"
        return (
            is_base(verb)
            or verb in PREDICATES | {"valid", "necessary", "free"}
            or (base_of(verb) is not None and verb.endswith("s"))
        )
    return verb in IRREGULAR_FORMS and not is_base(verb) and verb not in ("left", "lost", "broken", "frozen")


def new_in(answer: str, question: str) -> list[Mention]:
    """The names in the answer that the question does not have, nearest to the question's words first."""

    asked = set(stems(question))
    anchors = [(start, end) for word, start, end in words(answer) if stem(word.lower()) in asked]
    fresh = [m for m in names_in(answer, question) if not set(stems(m.text)) <= asked]
    return sorted(fresh, key=lambda m: _distance(m.text.removeprefix("the "), answer, anchors))


def new_things(answer: str, question: str) -> list[Mention]:
    """The things that an answer brings in: "a dam above Monteverro" as "the dam above Monteverro"."""
    found = []
    for match in _INDEFINITE.finditer(answer):
        noun = match["noun"]
        if noun not in question and not ROLE.search(noun):
            found.append(Mention(f"the {noun}{match['place'] or ''}", "thing"))
    return found


def named_after(noun: str, answer: str) -> Mention | None:
    """The fuller phrase by which an answer calls what was asked for.

    >>> named_after("union", "The teachers' union complains.").text
    "the teachers' union"
    """
    match = (
        re.search(rf"\b[Tt]he ((?:(?!(?:{_LINKS})\b)[\w'’-]+ ){{1,3}}{re.escape(noun)})\b", answer) if noun else None
    )
    return Mention(f"the {match[1]}", "thing") if match else None


def _distance(name: str, answer: str, anchors: Sequence[tuple[int, int]]) -> int:
    """How many characters lie between the name and the nearer half of the anchors."""
    start = answer.find(name)
    gaps = sorted(max(start - last, first - start - len(name)) for first, last in anchors)
    return sum(gaps[: max(1, len(gaps) // 2)])


def _unique(found: list[Mention]) -> list[Mention]:
    kept: dict[str, Mention] = {}
    for mention in found:
        kept.setdefault(mention.text.lower(), mention)
    return list(kept.values())

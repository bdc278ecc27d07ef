"""Contrasts, "And X?", "What about X?": the question before with X in place of what it is contrasted with."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.lexical import STOPWORDS
from rag.questions.followups.frames import DETERMINERS, PREPOSITION, PREPOSITIONS, Frame, asked, frame, is_plural
from rag.questions.followups.items import Exchange, items_of
from rag.questions.followups.mentions import ATTRIBUTE, described, mentions_in
from rag.questions.followups.names import NAME, ROLE, Mention, names_in
from rag.questions.followups.verbs import is_past
from rag.series import MONTHS, WEEKDAYS

_ATTRIBUTES = re.compile(rf"(?:the |its |their |his |her )?(?:\w+ )?{ATTRIBUTE}", re.IGNORECASE)
_PERIOD = r"(?P<period>hour|day|night|week|weekend|month|year)"
_FOR_A_PERIOD = re.compile(rf"(?:(?:for|per|by) )?(?:(?:an?|one|the|each) )?{_PERIOD}", re.IGNORECASE)
_PER_PERIOD = re.compile(rf"\b(?P<lead>per|for an?|for one|by the|an?) {_PERIOD}\b", re.IGNORECASE)
_TEMPORAL = re.compile(
    r"(?:the |a )?(?:(?:year|month|week|day|night|time|season) (?:before|after|later|earlier)"
    r"|(?:next|last|previous|following) (?:year|month|week|day|season|time)|(?:yester|to)day|tomorrow|now)",
    re.IGNORECASE,
)
_SAID_TIME = re.compile(
    r"\b(?:(?:last|this|next) (?:year|month|week|season)|(?:yester|to)day|in (?:1[0-9]|20)\d\d)\b", re.IGNORECASE
)
_AGE = re.compile(
    r"\b(?:in|during) (?P<age>(?:the )?(?:[\w-]+ )?(?:ages?|century|centuries|war|era|reign|\d{3,4}s?)\b)",
    re.IGNORECASE,
)
"""A time after or before which something else was: "in the Middle Ages", "in 1921"."""
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_ONE = re.compile(r"(?P<own>(?:(?:an?|the) )?[\w-]+) ones?", re.IGNORECASE)
_DAY = re.compile(
    rf"(?:{'|'.join(WEEKDAYS)})s?|weekdays|{'|'.join(MONTHS)}",
    re.IGNORECASE,
)
"""A day or month, without the preposition before it."""


_ANY_THING = re.compile(
    rf"\b((?:an?|any|some|my|our) (?:[a-z-]+ )??[a-z-]+)(?= (?:{PREPOSITION}|here|there|inside|too)\b|$)"
)
"""A thing that has not been spoken of yet."""


_KINDS = tuple(
    frozenset(kind.split())
    for kind in (
        "red white blue green yellow black brown grey gray orange purple pink silver golden amber",
        "oak pine timber wood wooden steel iron stone concrete brick glass plastic metal aluminium copper bronze wool"
        " cotton leather paper clay slate tin zinc bamboo straw thatch felt rubber marble granite",
        "big small large little huge tiny medium",
        "short long",
        "full half quarter",
        "single double twin",
        "hot cold warm",
        "spring summer autumn winter",
        "morning afternoon evening night noon",
        "mornings afternoons evenings nights",
        "northern southern eastern western",
        "north south east west",
        "men women boys girls",
        "adults children kids seniors pensioners students teenagers babies toddlers families couples groups",
        "adult child kid senior pensioner student teenager baby toddler family couple group",
        "male female",
        "males females",
        "breakfast lunch dinner supper",
    )
)
"""Words of which one takes the place of another: "And in steel?" after "How much would a bridge of oak cost?"."""
_KIND_WORDS = frozenset().union(*_KINDS)
_PEOPLE = frozenset().union(*(kind for kind in _KINDS if kind & {"men", "adult", "adults"}))
_CODE = re.compile(r"(?P<letters>[A-Z]{1,3})-?\d+")
_TELLING = 2
"""Words of a contrast, small ones aside, of which one of a kind still tells the rest."""


def of_the_same_kind(what: str, question: str) -> str | None:
    """The question with X, or its telling word, in place of its word of the same kind: a colour, a code, a season.

    >>> of_the_same_kind("in red light", "How many moths were there along white-lit roads?")
    'How many moths were there along red-lit roads?'
    >>> of_the_same_kind("steel", "What would oak beams cost?"), of_the_same_kind("steel", "Who built the bridge?")
    ('What would steel beams cost?', None)
    """
    if code := _CODE.fullmatch(what):
        other = re.search(rf"\b(?!{what}\b){code['letters']}-?\d+\b", question)
        return question[: other.start()] + what + question[other.end() :] if other else None
    telling = [word for word in re.findall(r"[a-z]+", what.lower()) if word not in STOPWORDS | {"one", "ones"}]
    if len(telling) > _TELLING:
        return None
    for word in telling:
        for kind in _KINDS:
            others = "|".join(sorted(kind - {word}))
            old = re.search(rf"\b(?:{others})\b", question)
            if word in kind and old and not re.search(rf"\b{word}\b", question):
                return f"{question[: old.start()]}{word}{question[old.end() :]}"
    return None


def is_time(what: str) -> bool:
    """Whether X is a day, month, year or the like."""
    return any(pattern.fullmatch(what) for pattern in (_DAY, _YEAR, _TEMPORAL))


def contrasted(what: str, before: Frame, turn: Exchange) -> str | None:
    """X, of "And X?", in place of what it is contrasted with in the question before.

    >>> question = "What does a slow flash mean?"
    >>> contrasted("a fast one", frame(question), Exchange(question))
    'What does a fast flash mean?'
    """
    text = _contrasted(what, before, turn)
    return text if text != turn.question else None


def _contrasted(what: str, before: Frame, turn: Exchange) -> str | None:
    """By the form of X (something done, a period, "a fast one", a phrase, what one has, a time), else by what it is."""
    preposition, _, rest = what.partition(" ")
    if what.lower() in _KIND_WORDS - _PEOPLE or what.lower() in PREPOSITIONS | STOPWORDS:
        return None
    if re.match(r"[a-z]+ing\b", what) and re.match(r"[a-z]+ing\b", before.rest):
        return replace(before, rest=what).question()
    period, said = _FOR_A_PERIOD.fullmatch(what), list(_PER_PERIOD.finditer(turn.question))
    if period and said:
        return _with_period(period["period"], said[-1])
    if one := _ONE.fullmatch(rest if preposition.lower() in PREPOSITIONS else what):
        return _with_one(one["own"], turn.question)
    if preposition.lower() in PREPOSITIONS and rest:
        return _with_phrase(preposition.lower(), rest, turn)
    if owner := re.fullmatch(r"(?P<name>.+?)['’]s?", what):
        return _with_owner(owner["name"], before, turn)
    if re.search(r"['’]s? [a-z]", what) and not (what.startswith("the ") and before.verb and before.rest):
        return _what_is(what, before)
    if _TEMPORAL.fullmatch(what):
        return _with_time(what, turn.question)
    if _YEAR.fullmatch(what) or _DAY.fullmatch(what):
        return _with_phrase("on" if what.lower().rstrip("s").endswith("day") else "in", what, turn)
    names = names_in("x " + what)
    if names and what.endswith(names[-1].text.removeprefix("the ")):
        return _instead_of_name(what, names[-1], turn, before) or appended(f"for {what}", turn)
    if _ATTRIBUTES.fullmatch(what):
        return _attribute(what, before, turn)
    return _instead_of_thing(what, before, turn)


def _instead_of_thing(what: str, before: Frame, turn: Exchange) -> str | None:
    """The question before with X in place of what is compared, counted or spoken of in it, or of its subject."""
    bare_plural = is_plural(what) and what.split()[0].lower() not in DETERMINERS
    compared = [
        m.text
        for m in mentions_in(turn.question)
        if m.plural and not m.named and m.text.removeprefix("the ") in before.rest
    ]
    if bare_plural and compared and not before.noun:
        return turn.question.replace(compared[0].removeprefix("the "), what, 1)
    if before.noun.startswith("of ") or (before.word == "which" and is_plural(what)):
        return None
    if bare_plural and before.noun and before.word.startswith("how"):
        return replace(before, noun=what).question()
    if before.subject.lower() in ("i", "we", "you", "one"):
        return _instead_of_object(what, turn)
    if before.subject.lower() == "there":
        return _instead_of_object(what, turn)
    if before.subject:
        return _instead_of_subject(what, before, turn)
    if before.rest and not (before.noun and is_plural(before.noun) and is_plural(what)):
        thing = next((m for m in mentions_in(turn.question) if not m.named and m.text in before.rest), None)
        return turn.question.replace(thing.text, what, 1) if thing else None
    return None


def _instead_of_subject(what: str, before: Frame, turn: Exchange) -> str:
    """X as the subject, or in place of what belongs to it: "for adults" of "How much is the ticket for adults?"."""
    undetermined = what.partition(" ")[0].lower() not in DETERMINERS
    attached = re.search(
        rf" (?:for|of) (?P<object>[a-z][a-z -]*?)(?= (?:{PREPOSITION}) |$)",
        f"{before.subject} {before.rest}".strip(),
    )
    if attached and is_plural(attached["object"]) == is_plural(what) and undetermined:
        return turn.question.replace(attached["object"], what, 1)
    if is_plural(what) and undetermined and before.word == "how much" and not is_plural(before.subject):
        return appended(f"for {what}", turn)
    return _new_subject(what, before)


def _with_period(period: str, said: re.Match[str]) -> str:
    """The question with "a day" in place of the period that it names: "per hour", "for an hour"."""
    lead = re.sub(r"\ban?$", "an" if period.lower() == "hour" else "a", said["lead"])
    return f"{said.string[: said.start()]}{lead} {period}{said.string[said.end() :]}"


def _with_owner(name: str, before: Frame, turn: Exchange) -> str | None:
    """The question of what is another's: "And Eastmoor's?" after "Who is Rovers' coach?" or "Who coaches Rovers?"."""
    owners = list(re.finditer(rf"{NAME.pattern}(?=['’])['’]s?(?= [a-z])", turn.question))
    if owners:
        last = owners[-1]
        return f"{turn.question[: last.start()]}{name}'s{turn.question[last.end() :]}"
    return _contrasted(name, before, turn)


def _what_is(what: str, before: Frame) -> str:
    """A question who or what "Kim's job" is or was, as the question before is of now or then; of a person of somebody
    who did or does something, what that one does."""
    owner, _, head = re.sub("’", "'", what).rpartition("'")
    person = ROLE.search(head) and before.verb and not before.asks_subject
    if person and owner and owner in before.subject:
        return _new_subject(what, before)
    past = before.auxiliary in ("did", "was", "were", "had") or (not before.auxiliary and is_past(before.verb))
    be = ("were" if is_plural(what) else "was") if past else ("are" if is_plural(what) else "is")
    return asked("who" if ROLE.search(what) else "what", be, what)


def _instead_of_object(what: str, turn: Exchange) -> str | None:
    """The question before with X in place of the last thing that it speaks of, its clauses aside."""
    rest = frame(turn.question).rest
    things = [m.text for m in mentions_in(turn.question) if not m.own and m.text in rest]
    last = max(things, key=turn.question.rfind, default="")
    if not last and len(found := _ANY_THING.findall(rest)) == 1 and is_plural(found[0]) == is_plural(what):
        last = found[0]  # "Can I keep a cat?"
    before, _, behind = turn.question.rpartition(last) if last else ("", "", "")
    return f"{before}{what}{behind}" if last and what.split()[0].lower() in DETERMINERS else None


def _with_one(own: str, question: str) -> str | None:
    """The question with "a fast flash", of "a fast one", in place of its "slow flash": of its first word and noun."""
    for mention in mentions_in(question):
        head = re.split(rf" (?:{PREPOSITION}|over|near) ", mention.text)[0]
        phrase = re.fullmatch(r"(?:(?:an?|the) )?(?P<old>(?P<kind>[a-z-]+) (?P<noun>[a-z-]+))", head)
        if phrase and phrase["kind"] not in STOPWORDS and (place := question.find(phrase["old"])) > 0:
            article = re.search(r"\b(?:an?|the) $", question[:place])
            start = article.start() if article else place
            return f"{question[:start]}{own} {phrase['noun']}{question[place + len(phrase['old']) :]}"
    return None


def _with_time(what: str, question: str) -> str:
    """The question before of another time: "the year before" in place of "last year" or "in 2023", else at its end."""
    said = _SAID_TIME.search(question)
    return question[: said.start()] + what + question[said.end() :] if said else f"{question.rstrip(' ?!.')} {what}?"


def _new_subject(what: str, before: Frame) -> str:
    """Another subject; what belonged to the old one alone ("the ticket for adults") goes with it."""
    auxiliary = before.auxiliary
    if is_plural(what) != is_plural(before.subject):
        auxiliary = {"is": "are", "are": "is", "was": "were", "were": "was", "does": "do", "do": "does"}.get(
            auxiliary, auxiliary
        )
    kept = re.sub(r" (?:of|for) [a-z].*?(?= (?:at|in|on|from) |$)", "", f" {before.rest}").strip()
    own = re.search(r" (?:of|at|in|on|from|for) (?:the )?(?:\w+ )*?[A-Z].*$", before.subject)
    inherited = own.group().strip() if own else ""
    lead = "who" if ROLE.search(what) and before.lead.lower() == "what" and not before.verb else before.lead
    return asked(lead, before.noun, auxiliary, what, inherited, before.verb, kept)


def _with_phrase(preposition: str, rest: str, turn: Exchange) -> str | None:
    """The question before with "in 2019" or "for students" in place of the phrase of that kind, else at its end."""
    question = turn.question
    if rest.lower() in ("that", "this") and (when := _AGE.search(question)):
        return f"{question[: when.start()]}{preposition} {when['age']}{question[when.end() :]}"
    if _YEAR.fullmatch(rest) and (year := _YEAR.search(question)):
        return question[: year.start()] + rest + question[year.end() :]
    prepositions = {preposition} | (
        {"on", "with", "from", "without"} if preposition in ("on", "with", "from", "without") else set()
    )
    dated = bool(re.search(r"\d|days?\b|month|year|week", rest))
    for match in reversed(
        list(
            re.finditer(
                rf"\b(?:{'|'.join(sorted(prepositions))}) (?P<old>(?:the |an? )?[\w'’.&-]+(?: [A-Z][\w'’.&-]*)*)",
                question,
            )
        )
    ):
        old = match["old"].strip()
        capital = any(part[:1].isupper() for part in old.split())
        new_capital = any(part[:1].isupper() for part in rest.split())
        if dated == bool(re.search(r"\d|days?\b|month|year|week", old)) and (
            capital == new_capital or preposition in ("with", "on")
        ):
            return question[: match.start()] + f"{preposition} {rest}" + question[match.end() :]
    names = names_in("x " + rest)
    if dated or preposition in ("after", "before", "since", "until", "till", "during"):
        return appended(f"{preposition} {rest}", turn)
    if names and (swapped := _instead_of_name(rest, names[-1], turn, frame(question))):
        return swapped
    return appended(f"{preposition} {rest}", turn)


def _instead_of_name(what: str, new: Mention, turn: Exchange, before: Frame) -> str | None:
    """The question before with the new name in place of the one it is contrasted with: its subject, else the last of
    the same kind."""
    old = [m for m in mentions_in(turn.question, turn.answer) if m.named and m.text not in what]
    alike = [m for m in old if new.kind != "unknown" and m.kind == new.kind] or old
    chosen = next((m for m in old if m.subject), None) or (alike[-1] if alike else None)
    answered = [name for name in items_of(turn) if name not in turn.question]
    if what in answered and before.asks_subject:
        return None
    if chosen is None:
        if before.subject and before.subject.lower() not in ("there", "it"):
            return _new_subject(what, before)
        return None
    article = "the " if chosen.text.startswith("the ") and what[:1].isupper() and f"the {what}" in turn.answer else ""
    return turn.question.replace(chosen.text, article + what, 1)


def _attribute(what: str, before: Frame, turn: Exchange) -> str | None:
    topic = described(before) if before.word == "how many" and before.noun else topic_of(turn)
    said = re.sub(r"^(?:its|their|his|her) ", "the ", what)
    said = said if said.lower().startswith("the ") or "'s " in said else f"the {said}"
    be = (
        ("were" if is_plural(said) else "was")
        if before.auxiliary in ("did", "was", "were", "had")
        else ("are" if is_plural(said) else "is")
    )
    return asked("who" if ROLE.search(said) else "what", be, said, f"of {topic}") if topic else None


def appended(phrase: str, turn: Exchange) -> str:
    """The question before with a phrase at its end, in place of the preposition that it begins with."""
    question = turn.question.rstrip(" ?!.").removesuffix(f" {phrase.split()[0]}")
    return f"{question} {phrase}?"


def topic_of(turn: Exchange) -> str:
    """What a question is about: its subject, else the first thing or name in it."""
    found = mentions_in(turn.question, turn.answer)
    best = [m for m in found if m.subject and not ROLE.search(m.text)] or [m for m in found if m.named] or found
    return best[0].text if best else ""

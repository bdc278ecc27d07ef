"""What a pronoun stands for: of the latest turn that mentions something fitting, the most fitting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.lexical import stems
from rag.questions import AnswerType
from rag.questions.followups.ellipsis import contrast_in
from rag.questions.followups.frames import PREPOSITION, Frame, frame, is_plural
from rag.questions.followups.items import Exchange, joined
from rag.questions.followups.mentions import ATTRIBUTE, described, mentions_in, named_after, new_in, new_things
from rag.questions.followups.names import ROLE, Mention, names_in
from rag.questions.followups.references import Reference, references
from rag.questions.followups.sexes import sex_of, sex_of_first
from rag.questions.typed import typed_spans

_AMOUNTS = re.compile(r"\b(?:date|day|year|month|week|time|share|sum|price|country|city|town|place)\b")
_NO_THING = re.compile(
    r"^(?:\d|one|ones|it|him|her|them|me|us|mon|tues|wednes|thurs|fri|satur|sun)|\b(?:day|week|month|year|weekend|time|hour|winter|summer"
    r"|spring|autumn|evening|morning|night|yesterday|today|tomorrow|now|before|after|else)s?\b",
    re.IGNORECASE,
)
_MALE = r"husband|father|brother|son|uncle|nephew|grandfather|grandson|king|duke|prince|boy|man|mr\.?|sir|lord|dad"
_FEMALE = (
    r"wife|mother|sister|daughter|aunt|niece|grandmother|granddaughter|queen|duchess|princess|girl|woman|mrs\.?|ms\.?|miss"
    r"|lady|dame|mum|widow"
)
_HUMAN = re.compile(
    r"\b(?:born|die[ds]?|married|marry|stud(?:y|ied)|live[ds]?|gr[eo]w up|retired?|resign(?:ed)?|educated)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"\b(?:person|man|woman|boy|girl)$", re.IGNORECASE)
_ATTRIBUTE_OF = re.compile(rf"the (?:\w+ )?{ATTRIBUTE} of (?P<of>.+)", re.IGNORECASE)
_OF_A_THING = re.compile(
    r"\b(?:buy|bought|get|order(?:ed)?|rent(?:ed)?|hire[ds]?|us(?:e|ed|es)|sold|built|visit(?:ed)?|available|noisy|heavy|big|wear"
    r"|eat|drink|drive|ride|open|look like|work|made|start|break out)\b",
    re.IGNORECASE,
)
"""It is not the price of the bike that can be bought, but the bike."""


def antecedent(
    reference: Reference, question: str, turns: Sequence[Exchange], used: frozenset[str] = frozenset()
) -> Mention | None:
    """What a pronoun stands for: of the latest turn that has something fitting, the most fitting."""
    if reference.kind == "then":
        return _date(turns)
    taken = [*used, *(mention.text for mention in names_in("x " + question, bare=True))]
    own = set(stems(question))
    for least, own_things in ((2, False), (1, False), (1, True)):
        for turn in reversed(turns):
            for mention in _candidates(reference, turn):
                if (mention.own and reference.kind == "it") != own_things:
                    continue
                attribute = _ATTRIBUTE_OF.fullmatch(mention.text) if reference.kind == "it" else None
                if attribute and (_OF_A_THING.search(question) or mention.text.startswith("the name ")):
                    mention = replace(mention, text=attribute["of"])
                head = re.split(r" (?:that|who|whose|from) ", mention.text)[0]
                fresh = not any(text in head for text in taken) and not set(stems(mention.text)) <= own
                fresh = fresh and not (taken and mention.plural and _is_list_of(taken, mention, turn))
                if fresh and _fit(reference.kind, mention) >= least:
                    again = head != "the person" and any(text in mention.text for text in taken)
                    return replace(mention, text=head) if again else mention
    return None


def _is_list_of(taken: Sequence[str], mention: Mention, turn: Exchange) -> bool:
    """Whether the mention is what the turn asked for, and what is taken already is an answer to that."""
    parsed = frame(turn.question)
    return (
        parsed.word in ("which", "what")
        and bool(parsed.noun)
        and mention.text.startswith(f"the {parsed.noun}")
        and any(text.split(",")[0].removeprefix("the ") in turn.answer for text in taken)
    )


def _fit(kind: str, mention: Mention) -> int:
    """How well a mention fits a class of pronoun: 2 well, 1 perhaps, 0 not at all."""
    if kind in ("he", "she"):
        article = mention.named and re.match(r"the [A-Z]", mention.text)  # "the Tarn Line"
        return (
            0
            if mention.plural or (article and mention.kind != "person")
            else {"person": 2, "unknown": 1}.get(mention.kind, 0)
        )
    if kind == "it":
        if mention.plural or mention.kind == "person" or sex_of(mention.text) or _SOMEBODY.search(mention.text):
            return 0
        return 2 if mention.kind in ("thing", "unknown") else 1
    if kind == "they":
        if mention.plural:
            return 2
        if mention.text[:1] in '"“':
            return 0
        return 2 if mention.named and mention.kind in ("thing", "unknown") else 1 if mention.kind == "person" else 0
    return {"place": 2, "thing": 1, "unknown": 1}.get(mention.kind, 0) if not mention.plural else 0


def _candidates(reference: Reference, turn: Exchange) -> list[Mention]:
    """The mentions of a turn, the likeliest first for this pronoun."""
    parsed = frame(turn.question)
    asked = mentions_in(turn.question, turn.answer)
    fresh = new_in(turn.answer, turn.question)
    kind, word = reference.kind, parsed.word
    if kind in ("he", "she"):
        return _persons(kind, parsed, asked, fresh, turn)
    if fresher := _contrasted_with(kind, turn):
        asked = [fresher, *(m for m in asked if fresher.text.removeprefix("the ") not in m.text)]
    if kind == "there":
        asked = sorted(asked, key=lambda mention: bool(re.search(r"\d", mention.text)), reverse=True)
        answers = word == "where" or (bool(parsed.noun) and not word.startswith("how"))
        return [*(fresh if answers else []), *reversed(asked), *fresh]
    if word == "what" and kind == "it" and (parsed.subject.startswith("the name ") or parsed.rest.endswith("called")):
        asked = [*(m for m in fresh if m.kind != "person"), *asked]
    if kind == "they" and word in ("who", "whom") and (several := joined(turn)):
        return [Mention(several[0], "person", plural=True), *asked]
    if reference.word == "them":
        asked = sorted(asked, key=lambda mention: not mention.plural)
    if kind == "they" and parsed.noun and is_plural(parsed.noun):
        plural = [m for m in asked if m.plural]
        items = [Mention(text, "thing", plural=True) for text in joined(turn)]
        return [*(items if word in ("which", "what") else []), *plural, *asked]
    if kind == "it" and word == "what" and not parsed.noun:
        things = new_things(turn.answer, turn.question)
        subject_is_person = any(m.subject and m.kind == "person" for m in asked)
        return [*things, *asked] if subject_is_person else [*asked, *things, *fresh]
    return [*_answering(kind, parsed, asked, fresh, turn), *asked, *fresh]


def _persons(
    kind: str, parsed: Frame, asked: Sequence[Mention], fresh: Sequence[Mention], turn: Exchange
) -> list[Mention]:
    """Of what a turn asked about and what its answer brought, whom "he" or "she" may stand for, the likeliest first."""
    others = [m for m in asked if _is_of_the_other_sex(kind, m.text, turn)]
    asked, fresh = ([m for m in found if not _is_of_the_other_sex(kind, m.text, turn)] for found in (asked, fresh))
    asked = [replace(m, kind="person") if _is_human(m, turn.question) or _is_called(kind, m.text) else m for m in asked]
    of_a_person = any(m.kind == "person" and not m.named for m in asked) or ROLE.search(parsed.noun)
    if parsed.word not in ("who", "whom", "whose") and not of_a_person:
        return [*asked, *fresh]
    persons = [
        m if m.kind == "person" else Mention(m.text, "person", named=True)
        for m in fresh
        if m.kind == "person" or (m.kind == "unknown" and not _is_somewhere(m.text, turn.answer))
    ]
    surely = {m.text for m in fresh if m.kind == "person"}
    persons.sort(key=lambda mention: mention.text not in surely)
    named = [m for m in asked if m.kind == "person" and m.named]
    unknown = parsed.word == "whose" or (parsed.word == "who" and (parsed.asks_subject or others))
    described_as = (
        [Mention(described(parsed), "person")] if unknown and (parsed.verb or parsed.subject or parsed.rest) else []
    )
    other = parsed.verb and not parsed.asks_subject and _is_of_the_other(kind, turn)
    answers = parsed.word == "who" and parsed.asks_subject and any(m.text in surely or " " in m.text for m in persons)
    first = [*persons, *named] if other or answers else [*named, *persons]
    return [*first, *asked, *described_as]


def _answering(
    kind: str, parsed: Frame, asked: Sequence[Mention], fresh: Sequence[Mention], turn: Exchange
) -> list[Mention]:
    """What a turn's answer brought that "it" or "they" stands for sooner than for what was asked about."""
    singular = parsed.noun and not is_plural(parsed.noun) and not _AMOUNTS.search(parsed.noun)
    made = parsed.word == "who" and kind == "it" and any(_fit(kind, m) > 1 for m in asked)  # the tower somebody built
    by_place = (
        kind == "it" and " " in parsed.lead and not parsed.word.startswith("how") and parsed.subject
    )  # "At which?"
    fits = not made and not by_place and (singular or parsed.word == "who") and (parsed.asks_subject or kind == "it")
    if found := [m for m in fresh if m.kind != "person" and not sex_of(m.text)] if fits else []:
        return found
    if singular and (fuller := named_after(parsed.noun, turn.answer)):
        return [fuller]
    if singular and parsed.asks_subject and parsed.noun.islower():
        return [Mention(described(parsed), "thing", named=True)]
    return []


def _contrasted_with(kind: str, turn: Exchange) -> Mention | None:
    """What the turn brought in by a contrast: "the seaplane" of "And by seaplane?"."""
    what = re.sub(rf"^(?:(?:{PREPOSITION}) )?(?:(?:the|an?) )?", "", contrast_in(turn.asked)) if turn.asked else ""
    singular = bool(re.fullmatch(r"[a-z]+(?: [a-z]+)?", what)) and not is_plural(what)
    if kind not in ("it", "they") or not what or (kind == "they") == singular or _NO_THING.search(what):
        return None
    plural = is_plural(what)
    if (not singular and not plural) or what not in turn.question[1:]:
        return None
    return Mention(f"the {what}" if what.islower() else what, "thing", plural)


def _is_human(mention: Mention, question: str) -> bool:
    """Whether it is two names or more that no word calls a thing or a place, and is asked what only persons do."""
    names = re.fullmatch(r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)+", mention.text)
    return mention.kind == "unknown" and bool(names and _HUMAN.search(question))


def _is_called(kind: str, name: str) -> bool:
    """Whether the name is a man's, or a woman's: "Henry Astley", or "Louisa" alone."""
    return kind in (sex_of(name), sex_of_first(name))


def _is_somewhere(name: str, answer: str) -> bool:
    """Whether the answer goes to, or is in, what the name names ("to the Pamirs", which no person is called), or says
    by it where somebody is from: "Jacques Ferrand, a refugee from Rouen,"."""
    plain = re.escape(name)
    if re.search(rf", (?:an?|the) [^,.;]*\b(?:from|of|in|at|near) {plain}(?=[,.;]|$)", answer):
        return True
    return name.startswith("the ") and bool(
        re.search(rf"\b(?:to|into|in|at|from|near|through|across) {plain}\b", answer)
    )


def _is_of_the_other(kind: str, turn: Exchange) -> bool:
    """Whether the turn speaks of a woman where "he" is asked about, or of a man where it is "she"."""
    said = set(re.findall(r"[a-z]+", f"{turn.question} {turn.answer}".lower()))
    men, women = said & {"he", "him", "his", "himself"}, said & {"she", "her", "hers", "herself"}
    return bool(women and not men) if kind == "he" else bool(men and not women)


def _is_of_the_other_sex(kind: str, name: str, turn: Exchange) -> bool:
    """Whether the turn says so: "my husband Daniel" is not "she"."""
    other = _FEMALE if kind == "he" else _MALE
    said_so = re.search(rf"\b(?:{other}),? {re.escape(name)}(?![\w-])", f"{turn.question} {turn.answer}", re.IGNORECASE)
    spoken = {found.kind for found in references(turn.asked)} & {"he", "she"}
    referred = bool(spoken) and kind not in spoken and name not in turn.asked  # "Why did he leave?", and now "she"
    head = re.split(r" (?:of|in|from|who|whose|that) ", name)[0]
    relative = re.search(rf"\b(?:{other})$", head, re.IGNORECASE)
    return bool(said_so or referred or relative or sex_of(name) == {"he": "she", "she": "he"}[kind])


def _date(turns: Sequence[Exchange]) -> Mention | None:
    for turn in reversed(turns):
        for text in (turn.answer, turn.question):
            for span in typed_spans(AnswerType.DATE, text):
                words = text[span.start : span.end]
                dated = re.match(r"\d{4}|[A-Z][a-z]+(?: \d{4})?$", words) and not words.endswith("day")
                preposition = (
                    ""
                    if re.match(r"(?:on|in|at|by|since|last|next|this|yesterday|today|tomorrow)\b", words)
                    else "in "
                    if dated
                    else "on "
                )
                return Mention(preposition + words, "thing")
    return None

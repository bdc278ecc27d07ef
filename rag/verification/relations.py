"""Who does what to whom: the verbs whose two sides matter, and in which place each side stands.

A relation has a side `a` (who gives, wins, teaches, attacks ...) and a side `b`. A verb says which side its subject
is, and which side stands as its object or behind which preposition, so that "sell to" and "buy from" compare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_RELATIONS = """
pass | sell sells sold selling > a to:b
pass | buy buys bought buying purchase purchases purchased acquire acquires acquired acquiring > b from:a 's:a obj:a
pass | take takes took taking taken (?!\\s(?:place|part|effect|off|up|on|care|note|over|steps)\\b) > b from:a
pass | paid pays pay paying (?=.*\\bfor\\b) > b for:a 's:a
pass | supply supplies supplied supplying provide provides provided deliver delivers delivered send sends sent give gives gave given giving > a to:b with:b obj:b
pass | donate donates donated hand hands handed grant grants granted award awards awarded offer offers offered transfer transfers transferred export exports exported lease leases leased bequeath bequeathed present presented lend lends lent loan loans loaned lending > a to:b obj:b
pass | get gets got getting receive receives received receiving obtain obtains obtained borrow borrows borrowed borrowing rent rents rented import imports imported inherit inherits inherited accept accepted > b from:a
pass | join joins joined joining > - obj:b from:a
pass | move moves moved moving switch switches switched relocate relocates relocated > - from:a to:b
pass | left > a to:b
pass | leave leaves leaving left (?=.*\\bfor\\b) > - obj:a for:b
contest | beat beats beaten beating defeat defeats defeated overcome overcame thrash thrashed edged eliminate eliminated eliminates overtake overtakes overtook overtaken outsell outsold outperform outperformed surpass surpasses surpassed outscored outbid outdid conquer conquered vanquished > a obj:b 's:b
contest | knock(?:s|ed)?_out see(?:s|n)?_off saw_off > a obj:b
contest | win_against wins_against won_against win_over wins_over won_over prevail prevailed triumph triumphed > a obj:b over:b against:b
contest | lose loses lost losing succumb succumbed surrender surrendered fell > b to:a against:a
teach | teach teaches taught teaching instruct instructed coach coached coaches mentor mentored tutor tutored trained > a obj:b
teach | study studies studied studying apprenticed > b under:a with:a
teach | (?:an?|the)_(?:pupil|student|disciple|apprentice)_of > b obj:a
teach | (?:an?|the)_(?:teacher|mentor|tutor|coach)_of > a obj:b
parent | (?:the_|a_)?(?:son|daughter|child|grandson|granddaughter|nephew|niece)_of > b obj:a
parent | (?:the_|a_)?(?:father|mother|parent|grandfather|grandmother|uncle|aunt)_of > a obj:b
pass | owe owes owed owing > b to:a obj:a
teach | learn learns learned learnt learning > b from:a
eat | eat eats ate eaten eating devour devours devoured consume consumes consumed hunt hunts hunted > a obj:b
eat | feed feeds fed feeding prey preys preyed > a on:b
attack | attack attacks attacked attacking besiege besieged besieges invade invades invaded raid raided bomb bombed assault assaulted shelled stormed sacked > a obj:b 's:b
attack | laid_siege lay_siege lays_siege declared_war marched > a to:b on:b
flow | flow flows flowed flowing empty empties emptied drain drains drained discharge discharges discharged > a into:b to:b
succession | succeed succeeds succeeded succeeding replace replaces replaced replacing supersede superseded > a obj:b
succession | took_over takes_over take_over taking_over taken_over > a from:b
succession | hand(?:s|ed)?_over made_way makes_way gave_way gives_way > b to:a for:a
succession | follow follows followed > a obj:b
succession | precede preceded precedes > b obj:a
employ | hire hires hired employ employs employed recruit recruits recruited engage engaged appoint appoints appointed > a obj:b
employ | work works worked working > b for:a
own | own owns owned owning control controls controlled > a obj:b
own | belong belongs belonged > b to:a
persuade | persuade persuades persuaded persuading convince convinces convinced talk talks talked coax coaxed > a obj:b
help | help helps helped helping assist assisted assists aid aided aids rescue rescues rescued save saves saved > a obj:b
name | named_after names_after > b obj:a after:a
invest | invest invests invested > a in:b
blame | blame blames blamed blaming accuse accuses accused accusing > a obj:b
sue | sue sues sued suing prosecute prosecuted > a obj:b
marry | outlive outlived outlives survive survived > a obj:b
overlook | contain contains contained include includes included > a obj:b
"""
_PLAIN_VERBS = """accuse admire adopt advise aid appoint approach arrest ask assassinate assist attack back ban bar beat
betray bite blackmail bless block bribe bully call capture challenge champion charge chase cite command commission
compliment condemn confront congratulate consult contact convict convince copy correct criticise criticize cure
dedicate defend depose describe direct discover dismiss dispatch dominate educate elect encourage endorse escort execute
expel favour favor film fine fire follow forgive found fund greet guide harm honour honor host humiliate ignore imitate
impress influence inform infect injure inspire insult interview introduce invite irritate join kidnap kill kiss lead
liberate license mention mock murder name nominate notify nurse oppose order orbit oust outlive outrank outvote paint
pardon persuade photograph pity plagiarise poison portray praise promote propose_to protect provoke punish pursue push
quote raise rebuke recall recommend recruit reject release remind replace rescue resent respect reward ridicule rival
rob sack sacrifice save scold second serve shadow shelter shoot signal slap sponsor stab strike succeed sue summon
supervise support surprise surround suspend telephone tell tempt thank threaten trace track train translate treat trust
tutor urge value visit warn watch welcome wound""".split()


@dataclass(frozen=True)
class Telling:
    """A relation as one verb tells it: the side of its subject, and the sides behind each marker ("obj", "to", "'s")."""

    relation: str
    subject: str
    places: dict[str, str]


def _table() -> list[tuple[re.Pattern[str], Telling]]:
    found = []
    for line in _RELATIONS.strip().splitlines():
        name, rest = line.split(" | ")
        verbs, sides = rest.split(" > ")
        subject, *places = sides.split()
        frame = Telling(name, subject.strip("-"), dict(place.rsplit(":", 1) for place in places))
        ahead = re.search(r" \(\?[=!].*$", verbs)
        words = (verbs[: ahead.start()] if ahead else verbs).split()
        alternatives = "|".join(word.replace("_", " ") for word in words)
        found.append(
            (re.compile(rf"\b(?:{alternatives})\b{ahead.group().strip() if ahead else ''}", re.IGNORECASE), frame)
        )
    return found


TABLE = _table()
"""Patterns of verbs with the frame that each has."""


def _inflected(verb: str) -> str:
    stem = verb.removesuffix("e").removesuffix("y")
    return rf"{stem}(?:e|y)?(?:s|d|ed|es|ing|ies|ied|{stem[-1]}ed|{stem[-1]}ing)?"


_IRREGULAR = {
    "bite": "bit|bitten",
    "beat": "beaten",
    "lead": "led",
    "shoot": "shot",
    "strike": "struck",
    "tell": "told",
    "bar": "barred",
}
PLAIN = {
    verb: re.compile(
        rf"\b(?:{_inflected(verb)}{'|' + _IRREGULAR[verb] if verb in _IRREGULAR else ''})\b", re.IGNORECASE
    )
    for verb in _PLAIN_VERBS
}
"""Verbs that need no partner: who does it is the subject, to whom is the object; compared with themselves alone."""

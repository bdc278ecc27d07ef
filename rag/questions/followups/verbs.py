"""English verbs, as far as turning a question round needs them: which word is one, its base and its participle."""

from __future__ import annotations

import re

AUXILIARIES = frozenset(
    """is are was were am do does did has have had can could will would should may might must isn't aren't wasn't
    weren't don't doesn't didn't hasn't haven't can't won't wouldn't
    shouldn't couldn't mustn't mightn't needn't hadn't""".split()
)
BE = frozenset("is are was were am isn't aren't wasn't weren't".split())
_IRREGULAR = {
    base: (past, participle)
    for base, past, participle in (
        entry.split()
        for entry in """be was been|bear bore born|become became become|begin began begun|bend bent bent|bite bit bitten
        blow blew blown|break broke broken|bring brought brought|build built built|burn burnt burnt
        burst burst burst|buy bought bought|catch caught caught|choose chose chosen|come came come|cost cost cost
        cut cut cut|deal dealt dealt|dig dug dug|draw drew drawn|drink drank drunk|drive drove driven
        eat ate eaten|fall fell fallen|feed fed fed|feel felt felt|fight fought fought|find found found
        flee fled fled|fly flew flown|forbid forbade forbidden|forget forgot forgotten|freeze froze frozen
        get got got|give gave given|go went gone|grow grew grown|hang hung hung|have had had|hear heard heard
        hide hid hidden|hit hit hit|hold held held|hurt hurt hurt|keep kept kept|know knew known|lay laid laid
        lead led led|learn learnt learnt|leave left left|lend lent lent|let let let|lie lay lain|lose lost lost
        make made made|mean meant meant|meet met met|overtake overtook overtaken|pay paid paid|put put put
        read read read|ride rode ridden|ring rang rung|rise rose risen|run ran run|say said said|see saw seen
        seek sought sought|sell sold sold|send sent sent|set set set|shake shook shaken|shoot shot shot
        show showed shown|shut shut shut|sing sang sung|sink sank sunk|sit sat sat|sleep slept slept
        speak spoke spoken|spend spent spent|split split split|spread spread spread|stand stood stood
        steal stole stolen|stick stuck stuck|strike struck struck|swear swore sworn|sweep swept swept
        swim swam swum|take took taken|teach taught taught|tear tore torn|tell told told|think thought thought
        throw threw thrown|understand understood understood|wear wore worn|win won won
        withdraw withdrew withdrawn|write wrote written""".replace("\n", "|").split("|")
    )
}
IRREGULAR_FORMS = {form: base for base, (past, participle) in _IRREGULAR.items() for form in (participle, past)}
"""Irregular form to base form, of verbs."""
_REGULAR = frozenset(
    """accept accuse achieve add advise affect agree aim allow announce apologise appear apply approve argue arrive
    ask attack attend base believe belong blame block borrow call cancel carry cause change charge check claim
    clear close collapse collect compare complain complete condemn confirm consist contain continue contribute
    count cover create criticise cross damage decide declare decline defend delay deliver demand deny depend
    describe design destroy develop die differ disappear discover drop earn emerge employ end enter escape
    estimate examine expect explain export fail fear fill finance finish fire flood follow force form found gain
    generate grant guarantee handle happen help hire hope import include increase injure insist inspect install
    interview introduce invent invest invite involve join justify kill land last launch like live look love manage
    mention move name need notice object occur offer open operate oppose order own pass perform permit plan play
    please point prefer prepare present press prevent produce promise propose prove provide publish raise reach
    react receive recommend record recover reduce refuse regret reject remain remember remove rent reopen repair
    replace reply report rescue resign respond reveal review save score serve share sign slow start stay stop
    store study succeed suffer suggest supply support suspect test total transfer travel treat try turn use visit vote
    wait walk want warn watch weigh welcome witness work worry yield""".split()
)


def base_of(form: str) -> str | None:
    """The base form of a verb's form; None for a word that does not look like a verb's past or third person.

    >>> base_of("sold"), base_of("sells"), base_of("planned"), base_of("closed"), base_of("died"), base_of("river")
    ('sell', 'sell', 'plan', 'close', 'die', None)
    """
    word = form.lower()
    if word in IRREGULAR_FORMS:
        return IRREGULAR_FORMS[word]
    if (word.endswith("ed") and len(word) > 4) or word in ("died", "tied"):
        return _without_ed(word)
    singular = re.sub(r"(?<=[^aeiou])ies$", "y", word) if word.endswith("ies") else re.sub(r"s$", "", word)
    for base in (singular, re.sub(r"es$", "", word)):
        if base != word and is_base(base):
            return base
    return None


def is_base(word: str) -> bool:
    """Whether the word is the base form of a verb that is known here."""
    return word in _IRREGULAR or word in _REGULAR


def is_participle(word: str) -> bool:
    """Whether the word can follow "was" as a verb.

    >>> is_participle("opened"), is_participle("built"), is_participle("going"), is_participle("bridge")
    (True, True, True, False)
    """
    regular = word.islower() and len(word) > 4 and word.endswith(("ed", "ing")) and word not in _NOT_VERBS
    return regular or any(word == participle for _, participle in _IRREGULAR.values())


_NOT_VERBS = frozenset(
    "building evening morning thing something anything nothing ceiling wedding meeting indeed need".split()
)


def participle_of(base: str) -> str:
    """The past participle.

    >>> participle_of("write"), participle_of("close"), participle_of("carry")
    ('written', 'closed', 'carried')
    """
    if base in _IRREGULAR:
        return _IRREGULAR[base][1]
    if base.endswith("e"):
        return base + "d"
    return re.sub(r"(?<=[^aeiou])y$", "i", base) + "ed"


def past_of(base: str) -> str:
    """The past tense.

    >>> past_of("write"), past_of("hire"), past_of("stand")
    ('wrote', 'hired', 'stood')
    """
    return _IRREGULAR[base][0] if base in _IRREGULAR else participle_of(base)


def base_of_ing(form: str) -> str:
    """The base form of a verb's form in "ing"; "" where none is known.

    >>> base_of_ing("charging"), base_of_ing("running"), base_of_ing("keeping"), base_of_ing("king")
    ('charge', 'run', 'keep', '')
    """
    stem = form.lower().removesuffix("ing")
    tried = (stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else "")
    return next((base for base in tried if form.lower().endswith("ing") and is_base(base)), "")


def is_past(form: str) -> bool:
    """Whether the form is of the past: "sold", "opened"; a form that is both counts as past."""
    word = form.lower()
    return (
        word.endswith("ed")
        or (word in IRREGULAR_FORMS and not is_base(word))
        or word in ("cost", "hit", "cut", "put", "shut")
    )


def _without_ed(word: str) -> str:
    stem = word[:-2]
    if word.endswith("ied"):
        return word[:-1] if len(word) <= 4 else word[:-3] + "y"
    if stem in _REGULAR or stem + "e" in _REGULAR:
        return stem if stem in _REGULAR else stem + "e"
    if re.search(r"([bdgmnprt])\1$", stem):
        return stem[:-1]
    silent = re.search(r"(?:[cvzu]|[^s]s|[^aeiou]l|[^aeo]at|[^ae]id|[^ao]ir|[^aeo]in|[^aeo]g)$", stem)
    return stem + "e" if silent else stem

"""Whether a first name is a woman's or a man's, where it is known, so that "she" is not Bruno."""

from __future__ import annotations

import re

_WOMEN = frozenset(
    """agnes alice alison amelie anais anne annet annette astrid beatrice beatrix bridget brigid carol caroline
    catherine charlotte chloe christine claire daphne deborah denise diane doris dorothy edith eileen eleanor
    elin elisabeth elizabeth ellen elsie emily emma esther ethel eve evelyn florence frances freya gail gertrude
    gill gillian grace greta gwen hannah harriet hazel heather helen hilary imogen ines ingeborg ingrid irene
    iris isabel isobel ivy jane janet jean jennifer jenny jessie jill joan josephine joy joyce judith julie
    karen karin kate katherine kathleen kim kirsten lily linda lise liv lorraine louise lucy lynn mabel
    madeleine maeve maisie maren margaret margot marie marijke marion marit marjorie mary mathilde maud meg
    megan michelle mildred miriam molly muriel nancy naomi nell nicole noor odette olive pamela patricia paula
    pauline penelope penny phyllis priscilla rachel rebecca rhiannon roisin rosalind rose rosemary ruth sally
    sarah sharon shirley sian sigrid simone siobhan solveig sophie stephanie sunniva susan suzanne sylvie tess
    ulrike violet vivian vivien wendy winifred yvonne zoe""".split()
)
_MEN = frozenset(
    """aaron adam adrian alan albert aldo alexander alfred alistair anders andrew angus anthony anton antonio arne
    arthur ben benjamin bernard bertram bill bo brian bruno carl charles christopher clive colin conrad craig
    daniel david dennis derek diego dmitri donald douglas duncan edgar edmund edward emil enrico eric erik
    ernest ewan felix fergus francis frank fred frederick gareth gavin geoffrey george gerald gilbert giles
    glenn gordon graham greg gregory gunnar gustav guy hamish hans harald harold harry henrik henry herbert
    howard hugh hugo ian ivan ivor jack jacob jakob james jamie jan jason jens jeremy jim joe john jonas
    jonathan jorge jose joseph joshua josiah juan julian karl keith kenneth kevin klaus konrad kurt lars
    laurence lawrence leo leonard leopold lewis lionel louis luca luis lukas magnus malcolm manuel marc marco
    marcus mario mark martin mats matthew max michael miguel miles mohammed nathan neil nicholas nigel nils noah
    norman olaf oleg oliver oscar oskar otto owen pablo patrick paul pavel pedro per peter philip pierre piet
    pieter rafael ralph ramon rasmus raymond reginald richard rob robert roger roland ronald rory roy rupert
    russell samuel sean sebastian sergei sidney simon stanley stefan stephen steve steven stuart sven ted
    terence thomas tim timothy tobias tom tomas tony trevor victor viktor vincent walter warren werner wilfred
    wilhelm will william wolfgang yusuf""".split()
)
_WOMEN_ALONE = _WOMEN | frozenset(
    """alicia amanda amelia angela anita anna barbara bertha carla clara cora diana edna ella elsa emma erika eva fiona
    flora freda gloria greta hanna helena hilda ida irma isabella jana johanna julia karla laura lena linda louisa lydia
    magda mara maria marina marta martha matilda maya mia monica nadia natasha nina nora olga olivia paula petra rita
    roberta rosa sandra sara selma silvia sofia sonia sophia stella susanna sylvia tamara teresa thea theresa ursula
    vera viola wanda""".split()
)
"""And those in -a, which are told by that where a surname follows."""
_ENDS_AS_WOMEN = re.compile(r"(?:[^u]a|ette|elle|ina)$")
_TITLED = {
    "mr": "he",
    "sir": "he",
    "lord": "he",
    "mrs": "she",
    "ms": "she",
    "miss": "she",
    "dame": "she",
    "lady": "she",
}


def sex_of(name: str) -> str:
    """The pronoun for who is so called, as far as the first of two names tells; "" where it does not.

    >>> sex_of("Ines Varga"), sex_of("Bruno Tamm"), sex_of("Clara Weiss"), sex_of("Varga"), sex_of("Tolland Lock")
    ('she', 'he', 'she', '', '')
    """
    first, _, last = name.partition(" ")
    if re.search(r"['’]s? ", name) or not re.match(r"[^\W\da-z]", last) or not first[:1].isupper():
        return ""
    first = first.lower().rstrip(".")
    if first in _TITLED:
        return _TITLED[first]
    if first in _MEN:
        return "he"
    return "she" if first in _WOMEN or _ENDS_AS_WOMEN.search(first) else ""


def sex_of_first(name: str) -> str:
    """The pronoun for who has this first name, where it is one that is known; "" else.

    >>> sex_of_first("Louisa"), sex_of_first("Henry"), sex_of_first("Korea")
    ('she', 'he', '')
    """
    return "he" if name.lower() in _MEN else "she" if name.lower() in _WOMEN_ALONE else ""

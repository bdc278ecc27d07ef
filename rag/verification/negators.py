"""The words that deny, those that only look as if they did, and those that take away without denying."""

from __future__ import annotations

import re

NEGATOR = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|nowhere|neither|without|cannot|\w+n't|unable|hardly|scarcely|barely"
    r"|fail(?:s|ed|ing|ure)? to|refus(?:e|es|ed|ing|al) (?:to|of)?|declin(?:es?|ed|ing)(?: to|(?= (?:the|an?|his|her|its|their|all|any|every)\b))|doubt(?:s|ed)?(?= (?:that|whether|if)\b)|den(?:y|ies|ied|ying|ial)|rul(?:e|es|ed|ing) out"
    r"|exclud(?:e|es|ed|ing)|reject(?:s|ed|ing|ion)?|lack(?:s|ed|ing)|absen(?:t|ce)|prevent(?:s|ed|ing)?|avoid(?:s|ed|ing)?"
    r"|turned down|yet to|stay(?:s|ed|ing)? away|(?:put|puts|putting) an end to|g[ai]v(?:e|es|en|ing) up(?= \w+ing\b)|stopped short of|prohibit(?:s|ed|ing)?|forb[ai]d(?:s|den)?|bans?|bann(?:ed|ing)|too \w+ (?:to|for)|delay(?:s|ed)? in|(?:is|was|were|are|stood) empty|deserted|uninhabited|(?:fall|fell|falls) short of|free of|(?:stop(?:s|ped|ping)?|ceas(?:e|es|ed|ing)|quit)(?= \w+ing\b)|instead of|rather than)\b",
    re.IGNORECASE,
)
NO_NEGATION = re.compile(
    r"\b(?:not only|not just|not least|not until|no doubt|no later than|no (?:more|longer|fewer|less|greater|higher|earlier) than"
    r"|not (?:more|less|fewer|later) than|no sooner|not since|not for(?= [^,.;]{0,30}(?:years|months|weeks|days|decades|centuries)\b)|never\b[^.;]{0,50}\b(?:so|such)(?= [a-z]+\b)|nothing (?:wrong|amiss|untoward|unusual)|with or without|without (?:me|you|him|her|it|us|them)|in (?:my|your|his|her|its|our|their) absence|(?:not|never)(?: \w+){0,3} (?:within|inside)|no (?:other )?\w+ (?:is|are|was|were|has|have|had)\b[^,.;]{0,30}\b(?:more|better|worse|\w{3,}er than)|whether or not|not to mention|no\. ?\d+|if not|cannot but|no matter|not before|(?:pay|pays|paying|paid|costs?) nothing)\b",
    re.IGNORECASE,
)
UNTIL = re.compile(
    r"\b(?:not|never|no|cannot|\w+n't)\b.*\b(?:until|till|since|(?:more|longer|later|less|fewer|higher|greater) than)\b",
    re.IGNORECASE,
)
ASIDE = re.compile(r"\bnot, as [^,]*,", re.IGNORECASE)
PRIVATIVE = frozenset(
    """lost lose loses losing miss missed missing empty bare against earliest until only reject rejected rejects
    withdrew withdrawn stopped ended free spared instead fail failed unless closed shut vacant absent shortage gone
    abolished scrapped removed cancelled discontinued except open""".split()
)
"""Words that take away without a word of negation: "lost power" is "without electricity"."""

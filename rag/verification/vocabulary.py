"""Words that belong together: the forms of irregular verbs, and opposites."""

from __future__ import annotations

from rag.questions.followups.verbs import IRREGULAR_FORMS
from rag.reading.yesno.opposites import OPPOSITES

_MORE = """be were|bind bound|bleed bled|creep crept|forgive forgave forgiven|get gotten|light lit|shine shone
shrink shrank shrunk|slide slid|spin spun|swing swung|undertake undertook undertaken|wake woke woken|wind wound
overcome overcame|withstand withstood|undergo underwent undergone|arise arose arisen|child children|man men|woman women
mouse mice|foot feet|tooth teeth|goose geese|person people|life lives|wife wives|half halves|shelf shelves"""
_NO_FORMS = frozenset("burnt had learnt showed".split())
"""Forms that are not reduced: they are their own words here."""
BASE_FORMS = {form: base for form, base in IRREGULAR_FORMS.items() if form != base and form not in _NO_FORMS} | {
    form: base for line in _MORE.replace("\n", "|").split("|") for base, *forms in [line.split()] for form in forms
}
"""Irregular form to base form: "bought" to "buy", "children" to "child"."""

_PAIRS = """temporary permanent|temporarily permanently|succeed fail|succeeded failed|pass fail|passed failed
admit deny|admitted denied|admits denies|overestimate underestimate|overestimated underestimated|dead alive|died alive
died survived|higher lower|faster slower|quicker slower|deeper shallower|heavier lighter|older younger|warmer colder
hotter cooler|longer shorter|wider narrower|bigger smaller|larger smaller|richer poorer|stronger weaker|safer riskier
full empty|raise lower|raised lowered|raise cut|raised cut|raises cuts|increases decreases|increase fall|increased fell
increased dropped|rise drop|rises drops|rose dropped|rising falling|rise decline|rose declined|grew fell|grows falls
profit loss|profits losses|tighten loosen|expand shrink|expanded shrank|majority minority|success failure
present absent|inner outer|hot cold|wet dry|guilty innocent|voluntary compulsory|voluntary mandatory|optional mandatory
optional compulsory|arrival departure|arrive depart|arrives departs|widened narrowed|improved worsened|improve worsen
improves worsens|backed opposed|supports opposes|lengthened shortened|strengthened weakened|gains losses|few many
often seldom|often rarely|always sometimes|sooner later|thicker thinner|upstream downstream|northward southward
approve reject|upheld overturned|upheld rejected|opens closes|opening closing|open closed|begins ends|start finish
started finished|start end|started ended|includes excludes|allowed forbidden|allowed banned|likely unlikely|able unable
urban rural|domestic foreign|cheaper dearer|easy difficult|biggest smallest|earlier later|indoors outdoors|confirm deny
agree refuse|enter leave|entered left|unanimously narrowly|safe dangerous|healthy ill|married divorced
acquitted convicted|appointed dismissed|loose tight|credit debit|theoretical practical|winter summer|spring autumn
sunrise sunset|morning evening|day night"""
CONVERSES = frozenset(
    """buy sell bought sold win lose won lost import export imports exports imported exported lend borrow lent borrowed
    buyer seller lender borrower winner loser teacher pupil employer employee plaintiff defendant landlord tenant before after
    first last left supply demand ancestor descendant""".split()
)
"""Opposites by which the two sides of one event are told: who is who tells whether they agree."""


def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    pairs = [pair.split() for pair in _PAIRS.replace("\n", "|").split("|")]
    unmeant = frozenset("first last north south east west".split())
    pairs += [[word, other] for word, other in OPPOSITES.items() if not {word, other} & unmeant]
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others - CONVERSES) for word, others in found.items() if word not in CONVERSES}


OPPOSED = _opposites()
"""Word to its opposites, any of which makes a statement another one."""

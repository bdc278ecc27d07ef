"""Words that belong together: the forms of irregular verbs, and opposites."""

from __future__ import annotations

from rag.polarity import OPPOSITES

_IRREGULAR = """be was were been|become became|begin began begun|bend bent|bind bound|bite bit bitten|bleed bled|blow blew blown
break broke broken|bring brought|build built|buy bought|catch caught|choose chose chosen|come came|creep crept|deal dealt
dig dug|draw drew drawn|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought
find found|flee fled|fly flew flown|forbid forbade forbidden|forget forgot forgotten|forgive forgave forgiven|freeze froze frozen
get got gotten|give gave given|go went gone|grow grew grown|hang hung|hear heard|hide hid hidden|hold held|keep kept|know knew known
lay laid|lead led|leave left|lend lent|lie lay lain|light lit|lose lost|make made|mean meant|meet met|pay paid|ride rode ridden
ring rang rung|rise rose risen|run ran|say said|see saw seen|seek sought|sell sold|send sent|shake shook shaken|shine shone
shoot shot|show shown|shrink shrank shrunk|sing sang sung|sink sank sunk|sit sat|sleep slept|slide slid|speak spoke spoken
spend spent|spin spun|stand stood|steal stole stolen|stick stuck|strike struck|swear swore sworn|sweep swept|swim swam swum
swing swung|take took taken|teach taught|tear tore torn|tell told|think thought|throw threw thrown|understand understood
undertake undertook undertaken|wake woke woken|wear wore worn|win won|wind wound|withdraw withdrew withdrawn|write wrote written
overcome overcame|overtake overtook overtaken|withstand withstood|undergo underwent undergone|arise arose arisen|child children
man men|woman women|mouse mice|foot feet|tooth teeth|goose geese|person people|life lives|wife wives|half halves|shelf shelves"""
BASE_FORMS = {
    form: base for line in _IRREGULAR.replace("\n", "|").split("|") for base, *forms in [line.split()] for form in forms
}
"""Irregular form to base form: "bought" to "buy"."""

_PAIRS = """temporary permanent|temporarily permanently|succeed fail|succeeded failed|pass fail|passed failed|admit deny|admitted denied
admits denies|overestimate underestimate|overestimated underestimated|dead alive|died alive|died survived|higher lower|faster slower|quicker slower
deeper shallower|heavier lighter|older younger|warmer colder|hotter cooler|longer shorter|wider narrower|bigger smaller
larger smaller|richer poorer|stronger weaker|safer riskier|full empty|raise lower|raised lowered|raise cut|raised cut|raises cuts
increase decrease|increases decreases|increased decreased|increase fall|increased fell|increased dropped|rise fall|rises falls|rose fell
rise drop|rises drops|rose dropped|rising falling|rise decline|rose declined|grew fell|grew shrank|grow shrink|grows falls|gained lost|gain lose
profit loss|profits losses|tighten loosen|expand shrink|expanded shrank|majority minority|success failure|present absent
inner outer|hot cold|wet dry|guilty innocent|voluntary compulsory|voluntary mandatory|optional mandatory|optional compulsory
arrival departure|arrive depart|arrives departs|arrived departed|widened narrowed|improved worsened|improve worsen|improves worsens
backed opposed|support oppose|supported opposed|supports opposes|lengthened shortened|strengthened weakened|gains losses|more fewer|more less|few many
often seldom|often rarely|always never|always sometimes|sooner later|thicker thinner|upstream downstream|northward southward|accept reject
accepted rejected|approved rejected|approve reject|upheld overturned|upheld rejected|open close|opened closed|opens closes|opening closing
open closed|start stop|started stopped|begin end|began ended|begins ends|start finish|started finished|start end|started ended|first last
include exclude|included excluded|includes excludes|allow forbid|allowed forbidden|allowed banned|allowed prohibited|legal illegal
possible impossible|known unknown|likely unlikely|able unable|public private|positive negative|urban rural|domestic foreign
cheap expensive|cheaper dearer|strong weak|easy difficult|easy hard|easier harder|good bad|better worse|best worst|largest smallest
biggest smallest|highest lowest|longest shortest|oldest youngest|most least|earliest latest|early late|earlier later|maximum minimum
above below|inside outside|indoors outdoors|before after|northern southern|eastern western|create destroy|created destroyed
built demolished|signed cancelled|confirmed denied|confirm deny|agreed refused|agree refuse|hire fire|hired fired|join leave|joined left|enter leave
entered left|unanimously narrowly|safe dangerous|healthy ill|married divorced|acquitted convicted|appointed dismissed|loose tight
credit debit|supply demand|theoretical practical|winter summer|spring autumn|sunrise sunset|morning evening|day night|ancestor descendant
teacher pupil|employer employee|buyer seller|lender borrower|winner loser|landlord tenant|plaintiff defendant|export import"""
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

"""Scope: a statement must not say more than its source, nor say as certain what the source calls possible or partial."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.lexical import stem
from rag.verification.wording import Clause, Wording


@dataclass(frozen=True)
class Strong:
    """Words that widen or harden what is said; one of `enough` in the source allows them."""

    words: re.Pattern[str]
    enough: re.Pattern[str]


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_ALL = "all|every|everyone|everybody|everything|each|always|entire|entirely|entirety|whole|throughout|any|anyone|invariably|everywhere|nationwide|countrywide|worldwide|universal|universally|unanimous|unanimously|without exception"
_STRONG = tuple(
    Strong(_pattern(words), _pattern(enough))
    for words, enough in (
        (
            r"(?<!not )(?<!in )all(?! (?:\d|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|right|over\b|but\b|the (?:more|same)|in all|afternoon|day|night|morning))(?!-)|every(?! (?:\w+ )?(?:seconds|minutes|hours|days|weeks|months|years)\b)|everyone(?! else)|everybody(?! else)|always|invariably|entire|entirely|(?<!the )whole(?!sale)|the whole|throughout|nationwide|worldwide|universally|unanimously",
            rf"{_ALL}|both|an? (?:hour|day|week|month|year)|per \w+|annual\w*|yearly|monthly|daily|nightly|hourly|weekly|full|fully|complete|completely|total|unanimous|around the clock|across|100|none|nobody|neither|no|nor|constantly|the two|the three|the four|the five|the six",
        ),
        (r"most of|most(?= \w+s\b)|mostly|a majority|the majority|largely|predominantly|mainly|primarily", r"most|mostly|majority|largely|predominantly|mainly|primarily|chiefly|all|every|more than half|over half|bulk|principal|principally|main|primary|above all|two[- ]thirds|three[- ]quarters|per ?cent|%"),
        (r"only(?! (?:\d|[a-z]+teen\b|a\b|one\b|two\b|three\b|four\b|five\b|half\b|after|when|if|then|yesterday|in \d|on|later|until))|solely|exclusively|nobody else|sole", r"only|sole|solely|exclusive|exclusively|just|alone|nothing but|no other|nowhere else|nobody else|no one else|nothing else|none but|unique|uniquely|not any|no|limited to|restricted to|except|unless|merely|single"),
        (r"exactly|precisely", r"exactly|precisely|exact|precise"),
        (r"permanently|for good|forever|permanent", r"permanent|permanently|for good|forever|for ever|never again|indefinitely|final|finally|lasting"),
        (r"never(?![^.;]{0,50}\b(?:so|such)\b)", r"never|not|no|none|n't|nor|neither|without|nobody|nothing|unable|refus\w+|declin\w+|\w+n't|un\w+"),
        (r"immediately|at once|instantly", r"immediate|immediately|at once|instant|instantly|straight away|right away|on the spot|directly|within|same day"),
        (r"completely|totally|fully|wholly", r"completely|totally|fully|wholly|complete|total|full|all|entire|entirely|whole|altogether|100|utterly|nothing|none|no|totally"),
        (r"guarantee[sd]?|guaranteed|certain to|certainly|definitely|undoubtedly|without doubt|proven|proves|proved that|established that|have established|has established|confirmed that|confirms that|conclusively", r"guarantee\w*|certain|certainly|definite|definitely|undoubted\w*|doubt|prov(?:e|es|ed|en|ing)|proof|establish\w*|confirm\w*|conclusive\w*|found|shows?|showed|shown|determined|sure|demonstrat\w+|conclud\w+|verified"),
        (r"the first|the only|the last(?= \w+ to)", r"first|only|except|sole|last|earliest|never before|original|pioneer\w*|initial\w*|before any\w*|no one had|nobody had|began|begin\w*|newest|final|latest"),
    )
)  # fmt: skip
_MAY = "(?-i:may)"
"""Not the month."""
_POSSIBLE = (
    rf"{_MAY}|might|could|possib(?:le|ly|ility)|potential(?:ly)?|perhaps|maybe|likely|unlikely|probabl[ey]|probability|suspect(?:s|ed|ing)?"
    r"|suspicion|alleg(?:ed|es|edly|e|ation|ations)|believ(?:e|es|ed)|thought|reported(?:ly)?|rumou?red|apparent(?:ly)?|appears?|appeared|seems?|seemed|suggest(?:s|ed|ing)?|claim(?:s|ed)?|presum(?:ed|ably)"
    r"|allow\w*|permit\w*|able|enabl\w*|entitled|right to|restricted|can|would|if|should|estimat(?:e|es|ed)|hypothes\w+|theory|theoris\w+|assum\w+|expect\w*|forecast\w*|predict\w*|hop(?:e|es|ed|ing)|fear(?:s|ed)?|threat\w*|consider\w*|unclear|not certain|prospect"
)
_PLANNED = (
    r"plans?|planned|planning|propos(?:e|es|ed|al|als|ing)|intend(?:s|ed|ing)?|intention|aims?|aimed|hop(?:e|es|ed|ing)|expect(?:s|ed|ing)?|expectation|scheduled|due|consider\w*"
    rf"|will|shall|to be|going to|would|wants?|wanted|seek(?:s|ing)?|sought|calls? for|called for|recommend\w*|agreed|promis\w+|pledg\w+|vow\w+|set to|set for|draft|bid|request\w*|appl(?:y|ies|ied|ication)|forecast\w*|predict\w*|project(?:ed|ion)|target\w*|attempt\w*|tr(?:y|ies|ied|ying)|{_MAY}|might|could|should|is to|are to|was to|were to|ask(?:s|ed)? for|urg\w+|demand\w*|offer\w*|suggest\w*|negotiat\w+|talks|want|future|upcoming|forthcoming|next|prepar\w+|decid\w+|decision|announc\w+|mov(?:e|es|ed) to|about to|ready to|eventually|soon|by \d{{4}}|asked|order(?:s|ed)?|requir\w+|must|has to|have to"
)
_WEAK = tuple(
    Strong(_pattern(words), _pattern(enough))
    for words, enough in (
        (rf"{_MAY}(?! \d| not\b)|might|could|possibly|perhaps|maybe|probably|suspects?|suspected|allegedly|alleges?|alleged|believes?|is thought|are thought|was thought|reportedly|apparently|is likely|are likely|appears? to|appeared to|seems? to|suggests?|is said|are said|is believed|are believed", _POSSIBLE),
        (r"(?:is|are) to (?=\w+\b)|plans? to|planned|planning to|plans? for|propos(?:es?|ed|ing|al to|al for)|intends? to|intended to|aims? to|hop(?:es|ed|e|ing) to|expects? to|expected to|scheduled to|due to (?=be\b|open|close|start|begin|end|take|be|go|move|come|arrive|leave|stop)|consider(?:s|ed|ing)|wants? to|wanted to|seeks? to|seeking to|call(?:s|ed)? for (?=an?\b|the\b|more\b)|recommend(?:s|ed)?|pledg(?:es|ed)|promis(?:es|ed) to|hope|would like to|tried to|attempted to|trying to|asked to", _PLANNED),
        (r"often|usually|generally|typically|normally|frequently|mostly|mainly|sometimes|occasionally|rarely|seldom|tends? to|largely|partly|partially|in part|in some cases|in most cases", rf"often|usual(?:ly)?|general(?:ly)?|typical(?:ly)?|normal(?:ly)?|frequent(?:ly)?|most(?:ly)?|main(?:ly)?|sometimes|occasional(?:ly)?|rare(?:ly)?|seldom|tend(?:s|ency)?|large(?:ly)?|part(?:ly|ially|ial)?|some|many|common(?:ly)?|can|{_MAY}|in most|not always|regularly|as a rule|majority|predominantly|primarily|chiefly|habit\w*|at times|now and then|from time to time|hardly ever|infrequent\w*|few|uncommon|in part|to some extent"),
        (r"some of|several of|a few of|many of|half of|most of|most(?= [a-z]+s\b)|some(?= \w+s\b)|a minority|a number of|(?<!only )one of the(?! (?:two|three|four|five|six|seven|eight|nine|ten|\d+)\b)|part of|parts of|a majority of|a handful of", r"some|several|few|many|half|most|mostly|minority|certain|number of|one|part|parts|majority|handful|number|largely|predominantly|mainly|generally|among|amongst|other|others|various"),
        (r"temporarily|provisionally|for now|for the time being|until further notice|temporary|interim|provisional", r"temporar(?:y|ily)|provisional(?:ly)?|for now|for the time being|until|while|interim|short[- ]term|brief(?:ly)?|during|currently|at present"),
    )
)  # fmt: skip
_ONE_OF = re.compile(
    r"\b(?:one of|among|amongst)(?: \w+'s)? (?:the )?(?:\w+'s )?(?:\w+ )?(first|last|\w+est|most|best|worst|few|oldest)\b",
    re.IGNORECASE,
)
_AMONG = _pattern(
    r"one of|among|amongst|some of|ranks? (?:with|among)|belongs? to|counts? (?:among|as one)|an early|a leading|of its kind"
)


def widened(said: Wording, source: Wording) -> str | None:
    """A word of the statement that claims more than the source does, in words for a person.

    >>> widened(Wording.of("All of the wells were dry."), Wording.of("Some of the wells were dry."))
    'its citations do not say "all"'
    """
    for strong in _STRONG:
        found = strong.words.search(said.text)
        if found and not strong.enough.search(source.text):
            return f'its citations do not say "{found.group().lower()}"'
    return None


def hardened(said: Wording, source: Wording) -> str | None:
    """A limit of the source that the statement leaves out: possible, planned, often, some, one of; in plain words.

    >>> hardened(Wording.of("The volcano will erupt."), Wording.of("The volcano may erupt in May."))
    'its citations say "may"'
    >>> hardened(Wording.of("Sill is the oldest town."), Wording.of("Sill is one of the oldest towns."))
    'its citations say "one of the oldest"'
    """
    for found in _ONE_OF.finditer(source.text):
        if re.search(rf"\b{found[1]}\b", said.text, re.IGNORECASE) and not _AMONG.search(said.text):
            return f'its citations say "{found.group().lower()}"'
    for weak in _WEAK:
        for found, follows in _limited(source, weak.words):
            limited = " ".join(clause.text for clause in said.clauses if follows & clause.stems)
            kept = found.group().lower() in said.text or weak.enough.search(limited)
            if limited and not kept and _same_clause(said, source, found.start()):
                return f'its citations say "{found.group().strip().lower()}"'
    return None


def _limited(source: Wording, words: re.Pattern[str]) -> Iterator[tuple[re.Match[str], frozenset[str]]]:
    """Each such word with the stem of the content word that it limits."""
    for found in words.finditer(source.text):
        end = source.sentence_at(found.start())[1]
        behind = [t.stem for t in source.within(found.end(), end) if t.is_content and not t.text[0].isdigit()]
        yield found, frozenset(behind[:1])


def _same_clause(said: Wording, source: Wording, position: int) -> bool:
    """Whether the statement is about the clause of the source at `position`: half of the clause's words are in it, or
    half of a clause of the statement is in that one."""
    there: Clause | None = next((clause for clause in source.clauses if clause.holds(position)), None)
    if there is None or not there.stems or not _is_nearest(said, source, position):
        return False
    shared = there.stems & said.stems
    return len(shared) >= 2 and (
        len(shared) >= 0.5 * len(there.stems)
        or any(len(clause.stems & there.stems) >= 0.5 * len(clause.stems) for clause in said.clauses if clause.stems)
    )


_BEINGS = {
    stem(word): kind
    for kind, words in {
        "people": "humans people patients adults children women men volunteers participants persons",
        "animals": "mice mouse rats animals monkeys dogs pigs rabbits flies fish",
        "cells": "cells tissue vitro dishes cultures yeast bacteria",
        "a country": "country countries nation national nationally nationwide",
        "a part of a country": "province provincial region regional county district town city village island valley",
    }.items()
    for word in words.split()
}
_PERIOD = re.compile(r"\b(?:full|whole|entire) (week|month|quarter|year|decade|century|season)\b", re.IGNORECASE)
_PART_PERIOD = re.compile(r"\b(?:first|second|third|fourth|last) (?:quarter|half|month|week)\b", re.IGNORECASE)


def other_setting(said: Wording, source: Wording) -> str | None:
    """A kind of beings or a period of the statement where the source names another one, in words for a person.

    >>> other_setting(Wording.of("In patients it slowed growth."), Wording.of("In mice it slowed growth."))
    'its citations do not say it of patients'
    >>> other_setting(Wording.of("Sales rose in the full year."), Wording.of("Sales rose in the second quarter."))
    'its citations do not say it of a full year'
    """
    about = _nearest_part(said, source)
    theirs = {_BEINGS[stem] for stem in about if stem in _BEINGS}
    mine = {_BEINGS[token.stem]: token.text for token in said.tokens if token.stem in _BEINGS}
    named = any(token.text in mine.values() and token.stem in source.stems for token in said.tokens)
    if theirs and mine and theirs.isdisjoint(mine) and not named:
        return f"its citations do not say it of {next(iter(mine.values()))}"
    period = _PERIOD.search(said.text)
    if period and (_PART_PERIOD.search(source.text) or not re.search(rf"\b{period[1]}|annual", source.text, re.I)):
        return f"its citations do not say it of a {period.group().lower()}"
    return None


def _is_nearest(said: Wording, source: Wording, position: int) -> bool:
    """Whether no other sentence of the source shares more words with the statement than the one at `position`."""
    shared = {
        start: len(frozenset(t.stem for t in source.within(start, end) if t.is_content) & said.stems)
        for start, end in source.sentences
    }
    return shared.get(source.sentence_at(position)[0], 0) >= max(shared.values(), default=0)


def _nearest_part(said: Wording, source: Wording) -> frozenset[str]:
    """The words of the sentence of the source that shares most with the statement."""
    found = (frozenset(token.stem for token in source.within(a, b)) for a, b in source.sentences)
    return max(found, key=lambda stems: len(stems & said.stems), default=frozenset())

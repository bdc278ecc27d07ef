"""Numbers as they are written: digits, words, ordinals, fractions and shares, with the value of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.series import NUMBERS, RANKS, TENS

_TENTHS = dict(
    zip(
        "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth".split(),
        range(20, 100, 10),
        strict=True,
    )
)
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "dozen": 12.0,
    "bn": 1e9,
    "mn": 1e6,
    "mln": 1e6,
    "k": 1e3,
    "m": 1e6,
    "tn": 1e12,
    "crore": 1e7,
    "lakh": 1e5,
}
_PARTS = {
    "half": 1 / 2,
    "halves": 1 / 2,
    "quarter": 1 / 4,
    "quarters": 1 / 4,
} | {f"{name}{ending}": 1 / value for name, value in {**RANKS, **_TENTHS}.items() if value > 2 for ending in ("", "s")}
_TIMES = {"twice": 2.0, "thrice": 3.0, "double": 2.0, "doubled": 2.0, "doubling": 2.0, "doubles": 2.0, "triple": 3.0,
          "tripled": 3.0, "trebled": 3.0, "quadrupled": 4.0, "halved": 0.5, "halving": 0.5, "halves": 0.5,
          "dozens": 12.0, "twofold": 2.0, "threefold": 3.0, "tenfold": 10.0, "both": 2.0}  # fmt: skip

_WORD = "|".join(sorted([*NUMBERS, *TENS], key=len, reverse=True))
_UNDER_HUNDRED = rf"(?:(?:{'|'.join(TENS)})(?:[- ](?:{'|'.join(list(NUMBERS)[1:10])}))?|{_WORD})"
_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen)"
_WORDS = rf"(?:{_UNDER_HUNDRED}|an?(?= {_SCALE}\b))(?:[- ]{_SCALE}\b(?:(?:,? and |[- ,]+){_UNDER_HUNDRED}\b)?)*"
_ORDINAL_WORD = rf"(?:(?:{'|'.join(TENS)})[- ])?(?:{'|'.join([*RANKS, *_TENTHS])})"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+(?![\d.,])|\d+)(?:\.\d+)?"
_COUNT = "an?|one|two|three|four|five|six|seven|eight|nine"
_FRACTION = rf"(?:(?:{_COUNT})[- ](?:{'|'.join(sorted(_PARTS, key=len, reverse=True))})|half)"

_PART_FOLLOWS = "|".join(
    rf"(?<=\b{word} )" for word in "by about around roughly nearly almost than which whom some to only".split()
)
"""A word before "a third" that makes it a part, not a rank."""
_PERIOD = r"[- ](?:second|minute|hour|day|week|month|year|decade)"

_NUMERAL = re.compile(
    rf"(?P<share>\b(?:(?P<share_of>{_UNDER_HUNDRED}|{_DIGITS}) (?:in(?! (?:1\d|20)\d\d\b)|out of)(?: every)? (?P<share_all>{_UNDER_HUNDRED}\b|{_DIGITS})))"
    rf"|(?P<spread>\b(?P<spread_of>one|two|three) [a-z]+ in (?:every )?(?P<spread_all>{_UNDER_HUNDRED}\b|\d+)(?!{_PERIOD}))"
    rf"|(?P<fraction>\b(?:{_FRACTION})(?= (?:of|as|more|less|fewer|lower|higher|larger|smaller|the|a)\b|[.,;]|$|-\w)"
    rf"|\b(?:two|three|four|five|six|seven|eight|nine)[- ](?:thirds?|quarters|fifths|sixths|sevenths|eighths|ninths|tenths)\b|\bhalf(?= an?\b|-(?:year|hour|day))|\b(?:a|one|three)[- ]quarters?\b|(?:{_PART_FOLLOWS})(?:an?|one) (?:third|fifth|sixth|eighth|tenth)\b|\bone[- ](?:third|fifth|sixth|eighth|tenth)\b)"
    rf"|(?P<digits>(?<![\w.,]){_DIGITS}(?:(?P<nth>st|nd|rd|th)\b|(?:[- ]?(?P<scale>(?:hundred|thousand|million|billion|trillion|dozen|bn|mn|mln|tn|crore|lakh)\b)(?P<scale2>(?: (?:million|billion|trillion))?)|(?P<suffix>[km]\b))?))"
    rf"|(?P<ordinal>\b{_ORDINAL_WORD}\b)"
    rf"|(?P<words>\b{_WORDS}\b(?: and a half\b(?: (?:thousand|million|billion)\b)?)?)"
    rf"|(?P<times>\b(?:{'|'.join(_TIMES)})\b)",
    re.IGNORECASE,
)


_BELOW = re.compile(r"(?:(?<![^\s(])[-−]|\b[Mm]inus )$")
_DEGREES = re.compile(r"\s?(?:°|degrees?\b)", re.IGNORECASE)
"""Behind these a minus counts: of sums it is a dash as often."""


@dataclass(frozen=True)
class Numeral:
    """A written number at [start, end): what it is worth, and whether it ranks ("third")."""

    start: int
    end: int
    value: float
    form: str
    """share, fraction, digits, ordinal, words or times."""
    suffixed: bool = False
    """Whether a "k" or "m" stands at the digits: a scale only where money is meant."""


def numerals(text: str) -> Iterator[Numeral]:
    """The numbers in `text`, in order.

    >>> [round(n.value, 3) for n in numerals("Of 12.5 thousand, two thirds came; twenty-seven left on the 3rd.")]
    [12500.0, 0.667, 27.0, 3.0]
    >>> [n.value for n in numerals("One in eight paid a hundred and fifty; one did not.")]
    [0.125, 150.0, 1.0]
    """
    for match in _NUMERAL.finditer(text):
        form = next(
            name for name in ("share", "spread", "fraction", "digits", "ordinal", "words", "times") if match[name]
        )
        value = _value(match, form)
        if (
            value is not None
            and form in ("digits", "words")
            and _BELOW.search(text[max(0, match.start() - 8) : match.start()])
        ):
            value = -value if _DEGREES.match(text, match.end()) else value
        if value is not None:
            yield Numeral(
                match.start(),
                match.end(),
                value,
                "ordinal" if match["nth"] else form.replace("spread", "share"),
                bool(match["suffix"]),
            )


def _value(match: re.Match[str], form: str) -> float | None:
    said = match.group().lower()
    if form in ("share", "spread"):
        whole = plain(match[f"{form}_all"])
        return plain(match[f"{form}_of"]) / whole if whole else None
    if form == "fraction":
        return _fraction(said)
    if form == "digits":
        return _digits(match)
    if form == "ordinal":
        *tens, last = re.split(r"[- ]", said)
        return float((TENS[tens[0]] if tens else 0) + (RANKS | _TENTHS)[last])
    return _TIMES[said] if form == "times" else plain(said)


def _fraction(said: str) -> float:
    *count, part = re.split(r"[- ]", said)
    return (NUMBERS.get(count[0], 1) if count else 1) * _PARTS[part]


def _digits(match: re.Match[str]) -> float:
    number = re.match(_DIGITS, match.group())
    value = float(re.sub(r"[, ]", "", number.group())) if number else 0.0
    for scale in (match["scale"], (match["scale2"] or "").strip(), match["suffix"]):
        value *= _SCALES[scale.lower()] if scale else 1
    return value


def plain(said: str) -> float:
    """The value of a cardinal in words or digits.

    >>> plain("two hundred and fifty thousand"), plain("twelve hundred"), plain("1,040"), plain("nine and a half thousand")
    (250000.0, 1200.0, 1040.0, 9500.0)
    """
    said = said.lower()
    if " and a half" in said:
        whole, scale = said.split(" and a half")
        return (plain(whole) + 0.5) * _SCALES.get(scale.strip(), 1.0)
    if said[0].isdigit():
        return float(re.sub(r"[, ]", "", said))
    total, group = 0.0, 0.0
    for word in re.findall(r"[a-z]+", said):
        if word in NUMBERS or word in TENS:
            group += (NUMBERS | TENS)[word]
        elif word in ("a", "an"):
            group = 1
        elif word in ("hundred", "dozen"):
            group = (group or 1) * _SCALES[word]
        elif word in _SCALES:
            total, group = total + (group or 1) * _SCALES[word], 0.0
    return total + group

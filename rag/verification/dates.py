"""Points in time as a text gives them: day, month, year, weekday, decade, century, season and hour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rag.series import MONTHS, WEEKDAYS
from rag.verification.numerals import numerals

_MONTH = rf"(?P<month>{'|'.join(MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
_YEAR = r"(?P<year>(?:1[0-9]|20)\d\d)(?!\d|[.,:]\d|s\b|'s\b)"
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![\d:])"
_PATTERNS = {
    "day_first": rf"\b{_DAY}(?: of|\.)? {_MONTH}(?:,? {_YEAR})?",
    "day_later": rf"\b{_MONTH} (?:the )?{_DAY}(?! (?:million|billion|thousand|percent))(?:,? {_YEAR})?",
    "day_of_range": rf"\b{_DAY}(?= ?(?:to|and|or|until|–|-) ?\d{{1,2}}(?:st|nd|rd|th)? {_MONTH})",
    "month": rf"\b{_MONTH}(?:,?(?: of)? {_YEAR})?",
    "iso": r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b",
    "decade": r"\b(?:the )?(?P<decade>(?:1[0-9]|20)\d0)'?s\b|\bthe (?P<short>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b",
    "century": r"\b(?P<century>[a-z]+(?:-[a-z]+)?|\d{1,2}(?:st|nd|rd|th))[- ]centur(?:y|ies)\b",
    "season": rf"\b(?P<season>spring|summer|autumn|fall|winter)\b(?: of)?(?: {_YEAR})?",
    "year_alone": rf"(?<![\w.,:£$€-]){_YEAR}(?! (?:people|men|women|km|miles|metres|euros|dollars|pounds|jobs|employees)\b)",
    "weekday": rf"\b(?P<weekday>{'|'.join(WEEKDAYS)})s?\b",
    "clock": r"\b(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?(?: ?(?P<half>[ap]m)\b)|\b(?P<hour2>[01]?\d|2[0-3]):(?P<minute2>[0-5]\d)\b|\b(?P<named>noon|midday|midnight)\b",
}
_COMPILED = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _PATTERNS.items()}
_ALSO_WORDS = frozenset("may march jan mar dec sep jun jul nov oct aug apr feb sept".split())
_SAME_YEAR = re.compile(r"\b(?:(?:of )?(?:the same|that) year)\b", re.IGNORECASE)
_STAGE = re.compile(r"\b(early|late|mid)[- ](?:in )?(?:the )?$", re.IGNORECASE)
_MORNING = re.compile(r"^(?: on \w+)?(?: in the)?(?: \w+day)? (morning|afternoon|evening|at night)", re.IGNORECASE)


@dataclass(frozen=True)
class Moment:
    """A point in time at [start, end): the parts that are said."""

    start: int
    end: int
    parts: dict[str, int | str] = field(hash=False)

    def agrees(self, other: Moment) -> bool:
        """Whether no part of it is another one in `other`, and they share one.

        >>> may, other = (next(moments(text)) for text in ("May 3, 2021", "3 May"))
        >>> may.agrees(other), other.agrees(next(moments("4 May 2021")))
        (True, False)
        """
        shared = [name for name in self.parts if name in other.parts]
        return bool(shared) and all(_equal(name, self.parts[name], other.parts[name]) for name in shared)


def moments(text: str) -> Iterator[Moment]:
    """The points in time in `text`, in order; words within a longer one are not given again.

    >>> [m.parts for m in moments("On Monday 3 June 2019 at 7.30 pm, and in the late 1970s.")]
    [{'weekday': 'monday'}, {'day': 3, 'year': 2019, 'month': 6}, {'hour': 19, 'minute': 30}, {'decade': 1970, 'stage': 'late'}]
    """
    taken = bytearray(len(text))
    found = []
    for name, pattern in _COMPILED.items():
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]) or not (parts := _parts(text, name, match)):
                continue
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            found.append(Moment(match.start(), match.end(), parts))
    yield from _with_years(text, sorted(found, key=lambda moment: moment.start))


def _parts(text: str, name: str, match: re.Match[str]) -> dict[str, int | str]:
    said = {key: value for key, value in match.groupdict().items() if value}
    if name == "month" and said["month"][0].islower() and "year" not in said and said["month"] in _ALSO_WORDS:
        return {}
    if name == "season" and said["season"].lower() == "fall" and "year" not in said:
        return {}  # prices fall, and so do towns
    if name == "clock":
        return _clock(text, match, said)
    parts: dict[str, int | str] = {key: int(value) for key, value in said.items() if key in ("day", "year", "decade")}
    if "month" in said:
        parts["month"] = int(said["month"]) if said["month"].isdigit() else _month(said["month"])
    if "season" in said:
        parts["season"] = said["season"].lower().replace("fall", "autumn")
    if "weekday" in said:
        parts["weekday"] = said["weekday"].lower()
    if "short" in said:
        parts["decade"] = 1900 + 10 * (
            2
            + "twenties thirties forties fifties sixties seventies eighties nineties".split().index(
                said["short"].lower()
            )
        )
    if "century" in said:
        number = next(numerals(said["century"]), None)
        return {"century": int(number.value)} if number and number.form == "ordinal" else {}
    if stage := _STAGE.search(text, max(0, match.start() - 12), match.start()):
        parts["stage"] = stage[1].lower()
    return parts


def _month(said: str) -> int:
    return next(i for i, month in enumerate(MONTHS, 1) if month.startswith(said[:3].lower()))


def _clock(text: str, match: re.Match[str], said: dict[str, str]) -> dict[str, int | str]:
    if "named" in said:
        return {"hour": 0 if said["named"].lower() == "midnight" else 12, "minute": 0}
    hour = int(said.get("hour") or said["hour2"])
    later = _MORNING.match(text[match.end() : match.end() + 40])
    if said.get("half", "").lower() == "pm" or (later and later[1].lower() in ("afternoon", "evening")):
        hour += 12 * (hour < 12)
    elif said.get("half", "").lower() == "am":
        hour %= 12
    unsure = hour <= 12 and "half" not in said and not later
    return {"hour": f"{hour % 12}?" if unsure else hour, "minute": int(said.get("minute") or said.get("minute2") or 0)}


def _with_years(text: str, found: list[Moment]) -> Iterator[Moment]:
    """Each moment; "in August of the same year" gets the year said before."""
    year: int | str | None = None
    for moment in found:
        after = _SAME_YEAR.match(text, moment.end + 1)
        if "year" not in moment.parts and after and year is not None:
            moment = Moment(moment.start, after.end(), {**moment.parts, "year": year})
        year = moment.parts.get("year", year)
        yield moment


def _equal(name: str, one: int | str, other: int | str) -> bool:
    if name == "hour" and isinstance(one, str) != isinstance(other, str):  # "7.30" may be morning or evening
        known, unsure = (other, one) if isinstance(one, str) else (one, other)
        return f"{int(known) % 12}?" == unsure
    return one == other

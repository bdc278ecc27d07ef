"""A file that `rag verify` is given, read to the letter: as JSON of one meaning only, and as what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import JsonValue

_LONGEST_NUMBER = 18


def parse(data: bytes) -> JsonValue:
    """The JSON in `data`. Raises ValueError where it is none, or may be read in two ways.

    >>> parse(b'{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ValueError: the key 'a' stands twice in one object
    """
    try:
        parsed: JsonValue = json.loads(
            data, object_pairs_hook=_keyed_once, parse_int=_of_sensible_length, parse_constant=_no_number
        )
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return parsed


def _keyed_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} stands twice in one object")
    return found


def _of_sensible_length(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError(f"it has a number of {len(digits):,} digits")
    return int(digits)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def differences(given: JsonValue, read: JsonValue, where: str = "") -> Iterator[str]:
    """What a file says otherwise than it was read, one line each: fields that there are none of, values that follow
    from others, numbers in quotation marks. A field that is left out has its default.

    >>> list(differences({"kind": "answer", "answered": False}, {"kind": "answer", "answered": True, "notes": []}))
    ['answered is False in the file, and is True']
    """
    if isinstance(given, dict) and isinstance(read, dict):
        for key, value in given.items():
            at = f"{where}.{key if key.isidentifier() else _short(key)}".removeprefix(".")
            if key in read:
                yield from differences(value, read[key], at)
            else:
                yield f"{at} is not a field that is known here"
    elif isinstance(given, list) and isinstance(read, list) and len(given) == len(read):
        for number, (one, other) in enumerate(zip(given, read, strict=True)):
            yield from differences(one, other, f"{where}.{number}")
    elif given != read:
        yield f"{where} is {_short(given)} in the file, and is {_short(read)}"


def _short(value: JsonValue) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."

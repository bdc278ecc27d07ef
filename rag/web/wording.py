"""What the page says in words: how sure an answer is, how long it took, how many there are."""

from __future__ import annotations

from rag.schema import Answer

_ALMOST_CERTAIN = 0.9


def how_sure(answer: Answer, sure: float) -> str:
    """The confidence in words, with the figure; empty for a summary and for small talk, which judge nothing.

    `sure` is the confidence from which an answer is not called possible.
    """
    share = percent(answer.confidence)
    if answer.kind == "abstention":
        return f"too unsure to answer ({share})" if answer.nearest else ""
    if answer.kind != "answer":
        return ""
    if answer.confidence < sure:
        return f"Possibly · {share} sure"
    return f"{'almost certain' if answer.confidence >= max(_ALMOST_CERTAIN, sure) else 'confident'} ({share})"


def percent(share: float) -> str:
    """A share of one in whole percent.

    >>> percent(0.926)
    '93 %'
    """
    return f"{round(share * 100)} %"


def duration(seconds: float) -> str:
    """Seconds as a person reads them.

    >>> duration(0.234), duration(0.004)
    ('0.2 s', 'under 0.1 s')
    """
    return f"{seconds:.1f} s" if seconds >= 0.05 else "under 0.1 s"


def counted(number: int, noun: str) -> str:
    """A number with its noun in the right form.

    >>> counted(1, "passage"), counted(1200, "passage")
    ('1 passage', '1,200 passages')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")

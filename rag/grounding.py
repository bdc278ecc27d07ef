"""Receipts: proves that an answer's citations are the words of the documents they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from rag.schema import Answer, Citation, Document, Passage, SourceSpan, Span, Statement
from rag.series import MONTHS, NUMBERS, WEEKDAYS

VERBATIM = "the source's own words"
"""The reason of a statement that only repeats its first citation."""
SETTLES = "its first citation says all that the question says"
"""The reason of a statement that begins with yes or no and then repeats its first citation."""
ENTAILED = "the reader finds in its first citation what the question says"
"""The same where the words differ: a trained reader found the statement, and every name and number stands there."""
JUDGED = "a model that was trained to tell finds that its citations settle what the question asks"
"""The same where neither is so, and the model that verifies statements is sure of the yes or no."""
OTHERWISE = "its first citation says what the question says, with another number or date"
"""The same where the answer is no for that reason."""
REASONS = (VERBATIM, SETTLES, ENTAILED, JUDGED, OTHERWISE)
"""Of statements in the source's own words; those in a language model's have the verifier's reasons."""
POSSIBLY = "Possibly: "
"""The lead of an answer in the middle band; stands before its statements."""
DISAGREE = "The sources disagree: "
"""The lead of an answer that gives what two sources say against each other, each behind its title."""
ABSTENTIONS = ("The text does not say.", "The texts do not say.")
UNSAID = tuple(f"{text.rstrip('.')}: " for text in ABSTENTIONS)
"""What stands before that part of a question which nothing answers, behind the statements that answer the others."""
UNPROVEN = "No answer: a citation could not be proven"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SPELLED = {name: str(number) for name, number in NUMBERS.items() if number <= 12}
_VALUE = re.compile(
    rf"\d|\b(?:{'|'.join(_SPELLED)}|{'|'.join(MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    rf"|(?:{'|'.join(WEEKDAYS)})s?|days?)\b",
    re.IGNORECASE,
)
MARKER = re.compile(r"\[(\d+)\]")


def cite(document: Document, span: Span) -> Citation:
    """The citation of `span` in `document`, its quote cut from the text."""
    return Citation(
        document_id=document.id,
        title=document.title,
        start=span.start,
        end=span.end,
        quote=document.text[span.start : span.end],
        sha256=document.sha256,
    )


def source_span(document: Document, span: Span) -> SourceSpan:
    """`span` with its words, cut from the text of `document`."""
    quote = document.text[span.start : span.end]
    return SourceSpan(document_id=document.id, start=span.start, end=span.end, quote=quote)


def marked(markers: Iterable[int]) -> str:
    """The markers as they stand behind a statement.

    >>> marked((1, 2)), marked(())
    (' [1][2]', '')
    """
    shown = "".join(f"[{marker}]" for marker in markers)
    return f" {shown}" if shown else ""


def mismatches(answer: Answer, documents: Iterable[Document]) -> list[str]:
    """What in the answer is not as the documents have it, one line each; empty when all is proven."""
    known = {document.id: document for document in documents}
    cited: list[tuple[str, SourceSpan]] = [
        (f"citation [{number}]", citation) for number, citation in enumerate(answer.citations, 1)
    ]
    cited += [("short answer", span) for span in answer.short_spans]
    cited += [("nearest", answer.nearest)] if answer.nearest else []
    found = [f"{name}: {problem}" for name, span in cited if (problem := span_problem(span, known))]
    for number, scored in enumerate(answer.passages, 1):
        if problem := _passage_problem(scored.passage, known):
            found.append(f"passage {number}: {problem}")
    return [*found, *_kind_problems(answer), *_text_problems(answer)]


def unfounded_numbers(statement: str, sources: Iterable[str]) -> list[str]:
    """The numbers written in figures in a statement that stand in none of its sources, in figures or in words.

    >>> unfounded_numbers("In 2019 he sold 3 of 260000.", ["He sold three of 260,000."])
    ['2019']
    """
    known: set[str] = set()
    for source in sources:
        known |= {_plain_number(number) for number in _NUMBER.findall(source)}
        known |= {_SPELLED[word] for word in re.findall(r"[a-z]+", source.lower()) if word in _SPELLED}
    return [number for number in _NUMBER.findall(statement) if _plain_number(number) not in known]


def one_line(quote: str) -> str:
    """The quote with every run of white space as one blank: how it is shown, never how it is cited."""
    return " ".join(quote.split())


def between(disagreement: bool) -> str:
    """What stands between the parts of a short answer: the items of a list, or what one source says and another."""
    return "; " if disagreement else ", "


def span_problem(span: SourceSpan, known: Mapping[str, Document]) -> str | None:
    """Why a span is not the text of the document that it names; None where it is. `known`: documents by id."""
    document = known.get(span.document_id)
    if document is None:
        return f"document {span.document_id!r} is not in the corpus"
    if isinstance(span, Citation) and span.sha256 != document.sha256:
        return f"document {span.document_id!r} has changed: its SHA-256 is {document.sha256[:12]}..."
    if isinstance(span, Citation) and span.title != document.title:
        return f"document {span.document_id!r} is called {document.title!r}, not {span.title!r}"
    if not span.start < span.end <= len(document.text) or document.text[span.start : span.end] != span.quote:
        return f"{document.id}[{span.start}:{span.end}] is not {_shown(span.quote)}"
    return None


def _passage_problem(passage: Passage, known: Mapping[str, Document]) -> str | None:
    """Why a passage is not the text of the document that it names, sentences and title included; None where it is."""
    document = known.get(passage.document_id)
    whole = Citation(
        document_id=passage.document_id,
        title=passage.title,
        start=passage.start,
        end=passage.end,
        quote=passage.text,
        sha256=document.sha256 if document else "",
    )
    ends = [passage.start, *(offset for one in passage.sentences for offset in (one.start, one.end)), passage.end]
    outside = None if ends == sorted(ends) else f"{passage.id!r} has sentences outside of it, or out of order"
    return span_problem(whole, known) or outside


def _kind_problems(answer: Answer) -> Iterator[str]:
    """What an Answer of its kind does not have."""
    if answer.answered and not answer.citations:
        yield "the answer cites nothing"
    if not answer.answered and (answer.citations or answer.statements):
        yield f"an answer of kind {answer.kind} carries citations or statements"
    if answer.kind != "answer" and (answer.short_spans or answer.polarity):
        yield f"an answer of kind {answer.kind} has a short answer, or a yes or no"
    if answer.kind == "smalltalk" and answer.passages:
        yield "small talk rests on passages"
    if len({scored.passage.id for scored in answer.passages}) < len(answer.passages):
        yield "a passage stands twice among those considered"
    if answer.nearest and answer.kind != "abstention":
        yield f"an answer of kind {answer.kind} has a nearest sentence"
    if answer.nearest and not any(_is_in(answer.nearest, scored.passage) for scored in answer.passages):
        yield "the nearest sentence stands in none of the passages"
    if answer.kind == "abstention" and answer.text not in (*ABSTENTIONS, f"{UNPROVEN}."):
        yield f"an abstention says more than that the text does not say: {_shown(answer.text)}"


def _is_in(span: SourceSpan, passage: Passage) -> bool:
    return span.document_id == passage.document_id and passage.start <= span.start and span.end <= passage.end


def _text_problems(answer: Answer) -> list[str]:
    """Markers without a citation, citations without a marker, statements outside the text, facts that none carries."""
    found = [problem for statement in answer.statements for problem in _statement_problems(answer, statement)]
    if (answer.short or "") != between(answer.disagreement).join(span.quote for span in answer.short_spans):
        found.append("the short answer is not what its spans say")
    if any(not any(citation.holds(span) for citation in answer.citations) for span in answer.short_spans):
        found.append("the short answer stands outside of what is cited")
    if answer.answered and (loose := _outside_statements(answer)):
        found.append(f"{_shown(loose)} is said outside of any statement")
    if answer.disagreement and len({statement.markers for statement in answer.statements}) < 2:
        found.append("the sources are said to disagree, and only one is cited")
    if answer.disagreement and DISAGREE not in answer.text:
        found.append("the sources are said to disagree, and the text does not say so")
    if any(one.overlaps(other) for one, other in pairwise(_in_order(answer.statements))):
        found.append("two statements overlap")
    named = {marker for statement in answer.statements for marker in statement.markers}
    found += [f"citation [{n}] supports no statement" for n in range(1, len(answer.citations) + 1) if n not in named]
    if answer.statements and not any(statement.verdict == "supported" for statement in answer.statements):
        found.append("no statement of the answer is supported")
    return found


def _in_order(statements: Iterable[Statement]) -> list[Statement]:
    return sorted(statements, key=lambda statement: statement.start)


def _statement_problems(answer: Answer, statement: Statement) -> Iterator[str]:
    where = f"statement {statement.start}:{statement.end}"
    if not statement.start < statement.end <= len(answer.text):
        yield f"{where} lies outside the answer's text"
    if any(not 1 <= marker <= len(answer.citations) for marker in statement.markers):
        yield f"{where} names a citation that does not exist"
        return
    words = answer.text[statement.start : statement.end]
    cited = [answer.citations[marker - 1] for marker in statement.markers]
    shown = set(MARKER.findall(words.removesuffix(marked(statement.markers))))
    if not words.endswith(marked(statement.markers)) or not shown <= _bracketed(cited):
        yield f"{where} does not show its own markers, or shows others"
    if (statement.verdict == "unsupported") != (not statement.markers):
        yield f"{where} is called {statement.verdict} and cites {'something' if statement.markers else 'nothing'}"
    if not cited:
        return
    if statement.reason in REASONS:
        if statement.verdict != "supported":
            yield f"{where} is called {statement.verdict}, and is supported if it is what its reason says"
        polarity = None if statement.reason == VERBATIM else answer.polarity
        if bare(words, statement.markers, polarity) != one_line(cited[0].quote):
            yield f"{where} does not say what its citation says"
        if statement.reason == OTHERWISE and not (
            words.startswith("No. ") and _VALUE.search(_not_in(answer, cited[0]))
        ):
            yield f"{where} is denied for a number or date that its citation says"
    elif statement.verdict == "supported":
        sources = [text for citation in cited for text in (citation.quote, citation.title)]
        for number in unfounded_numbers(MARKER.sub("", words), sources):
            yield f"{where} says {number}, which its citations do not"


def _not_in(answer: Answer, citation: Citation) -> str:
    """The words of what was searched for that the citation lacks."""
    said = set(re.findall(r"\w+", citation.quote.lower()))
    return " ".join(word for word in re.findall(r"\w+", answer.searched_for) if word.lower() not in said)


def _bracketed(cited: Iterable[Citation]) -> set[str]:
    """The numbers that stand in brackets in the sources themselves."""
    return {number for citation in cited for number in MARKER.findall(citation.quote)}


def bare(words: str, markers: Sequence[int], polarity: str | None) -> str:
    """A statement's words without the markers at their end and the yes or no at their beginning.

    >>> bare("No. It is closed. [1]", (1,), "no")
    'It is closed.'
    """
    said = words.removesuffix(marked(markers))
    return said.removeprefix(f"{polarity.capitalize()}. ") if polarity else said


def _plain_number(number: str) -> str:
    plain = number.replace(",", "")
    return plain.rstrip("0").rstrip(".") if plain.count(".") == 1 else plain


def _outside_statements(answer: Answer) -> str:
    """What the answer's text says beside its statements; fixed leads and a disagreeing source's title apart."""
    text, left, end = answer.text, "", 0
    for statement in _in_order(answer.statements):
        left += _without_title(answer, statement, text[end : max(end, statement.start)])
        end = max(end, statement.end)
    left += _without_unsaid(answer, text[end:]) if answer.statements else text[end:]
    left = left.strip().removeprefix(POSSIBLY.strip()).strip()
    return left.removeprefix(DISAGREE.strip()) if answer.disagreement else left


def _without_unsaid(answer: Answer, behind: str) -> str:
    """What stands behind the last statement, without the lines, one each, that say which part of what was searched for
    nothing answers."""
    parts = parts_searched(answer)
    lines = behind.split("\n")
    for lead in UNSAID:
        lines = [line for line in lines if not (line.startswith(lead) and _taken(parts, line.removeprefix(lead)))]
    return "\n".join(lines)


def parts_searched(answer: Answer) -> list[str]:
    """The questions that were searched for: several where one of several parts was asked."""
    return re.split(r"(?<=\?) ", answer.searched_for)


def _taken(parts: list[str], part: str) -> bool:
    """Whether the part is there; it is not any more then."""
    if not part.endswith("?") or part not in parts or len(parts) < 2 or MARKER.search(part):
        return False
    parts.remove(part)
    return True


def _without_title(answer: Answer, statement: Statement, said: str) -> str:
    """What stands before a statement, without the title of what it cites where the sources disagree."""
    marker = statement.markers[0] if statement.markers else 0
    if not answer.disagreement or not 1 <= marker <= len(answer.citations):
        return said
    return said.removesuffix(titled(answer.citations[marker - 1]))


def titled(citation: Citation) -> str:
    """A source's title as it stands before its statement where sources disagree."""
    return f"{one_line(citation.title)}: "


def _shown(quote: str) -> str:
    return repr(quote if len(quote) <= 60 else quote[:57] + "...")

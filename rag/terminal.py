"""Answers in the terminal: colour where a person reads, plain text in a pipe."""

from __future__ import annotations

import io
import os
import shlex
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from rag.grounding import MARKER, one_line
from rag.questions.courtesy import reworded
from rag.schema import Answer, Citation, SourceSpan
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.encoding import Progress as OnProgress
    from rag.verification.checking import CheckedStatement

_EXACT = "bold black on yellow"


def ready_streams() -> None:
    """Make the standard streams usable whatever they lead to.

    One that was closed leads nowhere, and what an encoding lacks is written as an escape, or read as what no question
    can hold, in place of an exception.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, open for as long as we run
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="surrogateescape" if mode == "r" else "backslashreplace")


class Terminal:
    """Where a command writes: results to standard output, progress to standard error."""

    def __init__(self) -> None:
        self._out = Console(highlight=False, markup=False, soft_wrap=not sys.stdout.isatty())
        self._err = Console(stderr=True)

    def say(self, line: str) -> None:
        """One line of plain text."""
        self._out.print(line)

    def note(self, line: str) -> None:
        """A remark, on standard error."""
        self._err.print(Text(f"note: {line}", style="dim"), soft_wrap=True)

    def prompt(self) -> str | None:
        """What the person types next, stripped; None at the end of input."""
        typed = sys.stdin.isatty()
        try:
            return input("\n> " if typed else "").strip()
        except EOFError:
            if typed:
                self.say("")  # the shell's prompt gets a line of its own
            return None

    def show(self, answer: Answer) -> None:
        """The answer, then each cited sentence with the exact words emphasised, or the nearest passage."""
        if reworded(answer.question, answer.searched_for):
            self._out.print(Text(f"searched for: {answer.searched_for}", style="dim"))
        self._out.print(_emphasised(answer))
        for number, citation in enumerate(answer.citations, 1):
            self._out.print(_quoted(f"[{number}]", citation, answer.emphasised()))
        if answer.nearest:
            self._out.print(_quoted("Nearest:", answer.nearest, ()))
        for note in answer.notes:
            self._out.print(Text(f"note: {note}", style="yellow"))
        if answer.kind in ("answer", "abstention"):
            self._out.print(Text(f"confidence {answer.confidence:.0%}, {answer.timings.total:.2f} s", style="dim"))
        if answer.usage and (took := answer.usage.in_words()):
            first, wrote = answer.timings.first_statement, answer.usage.tokens_out
            took = f"first sentence after {first:.2f} s, {took}" if first and wrote else took
            self._out.print(Text(f"{answer.usage.model}: {took}", style="dim"))

    def show_checked(self, text: str, statement: CheckedStatement) -> None:
        """A checked statement: its verdict, its words, the reason, and the sentences cited for it."""
        style = {"supported": "green", "partial": "yellow", "unsupported": "red"}[statement.verdict]
        said = one_line(text[statement.start : statement.end])
        self._out.print(Text.assemble((f"{statement.verdict}: ", style), said))
        self._out.print(Text(f"  {statement.reason}", style="dim"))
        for number, citation in enumerate(statement.citations, 1):
            self._out.print(_quoted(f"[{number}]", citation, ()))

    def settings(self, settings: Settings) -> None:
        """Every setting as `NAME=value`, as a shell reads it, with what it means."""
        for name, field in type(settings).model_fields.items():
            value = getattr(settings, name)
            shown = (
                os.pathsep.join(map(str, value)) if isinstance(value, tuple) else str("" if value is None else value)
            )
            line = Text(f"{'RAG_' + name.upper()}={shlex.quote(shown) if shown else ''}")
            line.stylize("bold" if value != field.default else "")
            self._out.print(line.append(f"  # {field.description}", style="dim not bold"))

    @contextmanager
    def progress(self) -> Iterator[OnProgress]:
        """A bar on standard error while an index is built; only a terminal sees it."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self._err, transient=True, disable=not self._err.is_terminal) as bar:
            task = bar.add_task("Loading the encoder", total=None)

            def update(done: int, total: int) -> None:
                """Move the bar."""
                bar.update(task, description="Indexing passages", completed=done, total=total)

            yield update


def _visible(text: str) -> str:
    """The text with each control character as a sign of its own, so that a document cannot steer the terminal."""
    return "".join("\ufffd" if unicodedata.category(one) == "Cc" and one not in "\n\t" else one for one in text)


def _emphasised(answer: Answer) -> Text:
    """The answer's text with the exact short answers and the markers made visible."""
    text = Text(_visible(answer.text))
    for span in answer.emphasised():
        start = answer.text.find(one_line(span.quote))
        if start >= 0:
            text.stylize(_EXACT, start, start + len(one_line(span.quote)))
    for match in MARKER.finditer(answer.text):
        if int(match.group(1)) <= len(answer.citations):
            text.stylize("cyan", match.start(), match.end())
    for statement in reversed(answer.statements):
        if statement.verdict != "supported":
            called = Text(f" ({statement.verdict}: {statement.reason})", style="red")
            text = text[: statement.end] + called + text[statement.end :]
    return text


def _quoted(label: str, citation: Citation, shorts: Sequence[SourceSpan]) -> Text:
    """`[1] “quote” (title, 0-171)`, the exact answer emphasised by its offsets."""
    line = Text.assemble("  ", (label, "cyan"), " “")
    begin = len(line)
    line.append(_visible(citation.quote), style="italic")
    for span in shorts:
        if citation.holds(span):
            offset = begin - citation.start
            line.stylize(_EXACT, offset + span.start, offset + span.end)
    return line.append("”").append(f" ({_visible(citation.title)}, {citation.start}-{citation.end})", style="dim")

"""The page: which event of which component does what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import gradio as gr
from gradio.events import api

from rag.errors import RagError
from rag.pipeline import Pipeline
from rag.web.corpora import Corpora
from rag.web.desk import Desk, Shown
from rag.web.feedback import Feedback
from rag.web.layout import TITLE, Parts, lay_out
from rag.web.opening import Opening
from rag.web.render import notice
from rag.web.texts import Texts
from rag.web.visitors import Visitors, visitors_dir

_HOUR = 3600
_AT_ONCE = 4
"""Questions answered at the same time, over all sessions."""


def build_page(pipeline: Pipeline | Opening) -> gr.Blocks:
    """The whole page over a pipeline, open or being opened; not launched yet, `rag.web.launch` does that."""
    opening = pipeline if isinstance(pipeline, Opening) else Opening.done(pipeline)
    settings, visitors = opening.settings, Visitors.of(opening.settings)
    corpora = Corpora(opening, visitors)
    feedback = Feedback(settings.feedback_file or visitors_dir(settings) / "feedback.jsonl")
    desk = Desk(opening, visitors, corpora, feedback)
    texts = Texts(visitors, corpora, desk, feedback, settings.upload_mb)
    page = gr.Blocks(
        title=TITLE, analytics_enabled=False, fill_height=True, fill_width=True, delete_cache=(_HOUR, _HOUR)
    )
    with page:
        api(desk.answer, api_name="ask", concurrency_limit=_AT_ONCE)
        parts = lay_out(settings)
        _connect(page, desk, parts)
        _connect_texts(texts, parts)
    corpora.keep_promise(feedback.forget)
    return page


_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_QUICK: dict[str, Any] = {**_QUIET, "queue": False}
_EACH: dict[str, Any] = {**_QUIET, "trigger_mode": "multiple", "concurrency_limit": 1, "concurrency_id": "each"}
"""No press is lost while the one before is on its way (Gradio's default drops it), and they are taken in order."""
_BRINGING = 2
"""Texts that are indexed at the same time."""
_SLOW: dict[str, Any] = {**_QUIET, "trigger_mode": "once", "concurrency_limit": _AT_ONCE, "concurrency_id": "ask"}


class _Outputs:
    """The components that an event may change; what it returns becomes one value for each of them.

    An error that is worth a sentence becomes a line in `trouble`, one of the components.
    """

    def __init__(self, parts: Parts, names: str, trouble: str) -> None:
        self._names = names.split()
        self._trouble = trouble
        self.components = [getattr(parts, name) for name in self._names]

    def rows(self, shown: Iterable[Shown]) -> Iterator[tuple[Any, ...]]:
        """A row of values for each thing shown; an error that is worth a sentence is the last."""
        try:
            yield from map(self._row, shown)
        except RagError as error:
            yield self._row({self._trouble: notice(" ".join(str(error).split()))})

    def row(self, event: Callable[..., Shown], *arguments: Any) -> tuple[Any, ...]:
        """The one row of an event that shows one thing."""
        return next(self.rows(event(*arguments) for _ in range(1)))

    def _row(self, shown: Shown) -> tuple[Any, ...]:
        return tuple(shown.get(name, gr.skip()) for name in self._names)


def _connect(page: gr.Blocks, desk: Desk, parts: Parts) -> None:
    out = _Outputs(parts, "visitor again conversation now source hint box examples", "hint")

    def page_arrive(visitor: object) -> Iterator[tuple[Any, ...]]:
        """Somebody comes, or comes back."""
        yield from out.rows(desk.arrive(visitor))

    def page_ask(question: str, visitor: object, again: bool) -> Iterator[tuple[Any, ...]]:
        """A question is asked, or the last one again."""
        yield from out.rows(desk.ask(question, visitor, again))

    def page_example(visitor: object, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """A suggested question is pressed."""
        yield from out.rows(desk.ask(str(event.question), visitor))

    def page_stop(visitor: object) -> tuple[Any, ...]:
        """Stop is pressed."""
        return out.row(desk.stop, visitor)

    def page_clear(visitor: object) -> tuple[Any, ...]:
        """A new chat is begun."""
        return out.row(desk.clear, visitor)

    def page_edit(visitor: object) -> tuple[Any, ...]:
        """The last question is to be edited."""
        return out.row(desk.edit, visitor)

    def page_leave() -> tuple[Any, ...]:
        """The question is left as it was."""
        return out.row(desk.leave)

    def page_follow(visitor: object) -> tuple[Any, ...]:
        """Another tab has changed the conversation."""
        return out.row(desk.follow, visitor)

    def page_judge(visitor: object, event: gr.EventData) -> tuple[Any, ...]:
        """A thumb is pressed, or a note sent."""
        return out.row(desk.judge, visitor, event)

    page.load(page_arrive, parts.visitor, out.components, **_QUIET, concurrency_limit=None)
    asked = [parts.box, parts.visitor, parts.again]
    asking = gr.on([parts.box.submit, parts.send.click], page_ask, asked, out.components, **_SLOW)
    trying = parts.conversation.suggested(page_example, parts.visitor, out.components, **_SLOW)
    parts.stop.click(page_stop, parts.visitor, out.components, cancels=[asking, trying], **_QUICK)
    parts.new.click(page_clear, parts.visitor, out.components, **_QUICK)
    parts.conversation.edit(page_edit, parts.visitor, out.components, **_QUICK)
    parts.conversation.leave(page_leave, None, out.components, **_QUICK)
    parts.conversation.changed(page_follow, parts.visitor, out.components, **_QUICK)
    parts.conversation.judge(page_judge, parts.visitor, out.components, **_EACH)
    parts.conversation.export(desk.export, parts.visitor, parts.courier, **_QUICK)
    parts.source.reveal(desk.reveal, parts.visitor, parts.source, **_EACH)


def _connect_texts(texts: Texts, parts: Parts) -> None:
    out = _Outputs(parts, "visitor conversation now source examples listing files pasted report", "report")

    def page_upload(paths: list[str] | None, visitor: object) -> Iterator[tuple[Any, ...]]:
        """Files are dropped or chosen."""
        yield from out.rows(texts.upload(paths, visitor))

    def page_paste(text: str, visitor: object) -> Iterator[tuple[Any, ...]]:
        """A pasted text is added."""
        yield from out.rows(texts.paste(text, visitor))

    def page_list(visitor: object) -> tuple[Any, ...]:
        """The panel of texts is opened."""
        return out.row(texts.listed, visitor)

    def page_choose(visitor: object, event: gr.EventData) -> tuple[Any, ...]:
        """Texts to ask are chosen."""
        return out.row(texts.choose, visitor, event)

    def page_remove(visitor: object, event: gr.EventData) -> tuple[Any, ...]:
        """A text is removed."""
        return out.row(texts.remove, visitor, event)

    def page_forget(visitor: object) -> tuple[Any, ...]:
        """All of a visitor's own texts are removed."""
        return out.row(texts.forget, visitor)

    bringing: dict[str, Any] = {
        **_QUIET,
        "trigger_mode": "multiple",
        "concurrency_limit": _BRINGING,
        "concurrency_id": "bring",
    }
    parts.files.upload(page_upload, [parts.files, parts.visitor], out.components, **bringing)
    parts.add.click(page_paste, [parts.pasted, parts.visitor], out.components, **bringing)
    parts.listing.opened(page_list, parts.visitor, out.components, **_QUICK)
    parts.listing.choose(page_choose, parts.visitor, out.components, **_EACH)
    parts.listing.remove(page_remove, parts.visitor, out.components, **_EACH)
    parts.listing.forget(page_forget, parts.visitor, out.components, **_QUICK)

"""The page: its parts, and which event does what. Looks are in the style sheets, movement in script.js."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import gradio as gr
from gradio.events import api

from rag.pipeline import Pipeline
from rag.web.desk import Desk, Shown
from rag.web.opening import Opening
from rag.web.render import welcome
from rag.web.source import source_pane
from rag.web.visitors import Visitors

TITLE = "Spanproof"
_STYLES = ("style.css", "conversation.css", "source.css", "tooltip.css")
_SCRIPTS = ("script.js", "tooltip.js")
_AT_ONCE = 4
"""Questions answered at the same time, over all sessions."""


def build_page(pipeline: Pipeline | Opening) -> gr.Blocks:
    """The whole page over a pipeline, open or being opened; not launched yet, `rag.web.launch` does that."""
    opening = pipeline if isinstance(pipeline, Opening) else Opening.done(pipeline)
    page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_height=True, fill_width=True)
    with page:
        desk = Desk(opening, Visitors.of(opening.settings))
        api(desk.answer, api_name="ask", concurrency_limit=_AT_ONCE)
        _connect(page, desk, _lay_out())
    return page


@dataclass(frozen=True)
class Parts:
    """The components that events read and write, by the names that `Desk` uses."""

    visitor: gr.BrowserState
    again: gr.State
    conversation: gr.HTML
    now: gr.HTML
    source: gr.HTML
    hint: gr.HTML
    box: gr.Textbox
    examples: gr.HTML
    send: gr.Button
    new: gr.Button
    courier: gr.HTML


def _lay_out() -> Parts:
    visitor = gr.BrowserState("", storage_key="spanproof-visitor", secret=TITLE)
    again = gr.State(False)
    with gr.Row(elem_id="panes"):
        with gr.Column(elem_id="chat"):
            with gr.Row(elem_id="bar"):
                gr.HTML(_BRAND, elem_id="brand", apply_default_css=False)
                new = gr.Button("New chat", elem_id="new", size="sm")
            with gr.Column(elem_id="talk"):
                conversation = gr.HTML(
                    welcome(()), elem_id="conversation", apply_default_css=False, js_on_load=_asset("talk.js")
                )
                now = gr.HTML("", elem_id="now", apply_default_css=False)
            examples = gr.HTML("", elem_id="examples", apply_default_css=False)
            hint = gr.HTML("", elem_id="hint", apply_default_css=False)
            box, send = _input()
        source = gr.HTML(
            source_pane(()),
            elem_id="source",
            apply_default_css=False,
            head=f"<style>{''.join(map(_asset, _STYLES))}</style>",
            js_on_load="\n".join(map(_asset, _SCRIPTS)),
        )
    courier = gr.HTML("", elem_id="courier", html_template="<i></i>", js_on_load=_asset("courier.js"))
    return Parts(visitor, again, conversation, now, source, hint, box, examples, send, new, courier)


def _input() -> tuple[gr.Textbox, gr.Button]:
    with gr.Row(elem_id="ask"):
        box = gr.Textbox(
            label="Your question",
            show_label=False,
            container=False,
            placeholder="Ask the text a question",
            max_lines=6,
            autofocus=True,
            elem_id="box",
            html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
        )
        send = gr.Button("Send", elem_id="send", variant="primary")
    return box, send


def _connect(page: gr.Blocks, desk: Desk, parts: Parts) -> None:
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    quick: dict[str, Any] = {**quiet, "queue": False}
    slow: dict[str, Any] = {**quiet, "trigger_mode": "once", "concurrency_limit": _AT_ONCE, "concurrency_id": "ask"}
    names = ("visitor", "again", "conversation", "now", "source", "hint", "box", "examples")
    outputs = [getattr(parts, name) for name in names]

    def row(shown: Shown) -> tuple[Any, ...]:
        return tuple(shown.get(name, gr.skip()) for name in names)

    def page_arrive(visitor: object) -> Iterator[tuple[Any, ...]]:
        yield from map(row, desk.arrive(visitor))

    def page_ask(question: str, visitor: object, again: bool) -> Iterator[tuple[Any, ...]]:
        yield from map(row, desk.ask(question, visitor, again))

    def page_example(visitor: object, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        yield from map(row, desk.ask(str(event.question), visitor))

    def page_clear(visitor: object) -> tuple[Any, ...]:
        return row(desk.clear(visitor))

    def page_edit(visitor: object) -> tuple[Any, ...]:
        return row(desk.edit(visitor))

    def page_leave() -> tuple[Any, ...]:
        return row(desk.leave())

    page.load(page_arrive, parts.visitor, outputs, **quiet, concurrency_limit=None)
    asked = [parts.box, parts.visitor, parts.again]
    gr.on([parts.box.submit, parts.send.click], page_ask, asked, outputs, **slow)
    parts.conversation.suggested(page_example, parts.visitor, outputs, **slow)
    parts.new.click(page_clear, parts.visitor, outputs, **quick)
    parts.conversation.edit(page_edit, parts.visitor, outputs, **quick)
    parts.conversation.leave(page_leave, None, outputs, **quick)
    parts.conversation.export(desk.export, parts.visitor, parts.courier, **quick)
    parts.source.reveal(desk.reveal, parts.visitor, parts.source, **quick)


def _asset(name: str) -> str:
    return files("rag.web").joinpath(name).read_text(encoding="utf-8")


_BRAND = f"""<h1>{TITLE}</h1>
<details class="menu"><summary>Export</summary><div>
<button type="button" class="export" data-format="markdown">Markdown, to read</button>
<button type="button" class="export" data-format="json">JSON, for <code>rag verify</code></button>
</div></details>
<button type="button" class="open-source">Source</button>"""

"""The page: its parts, and which event does what. Looks are in the style sheets, movement in script.js."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import gradio as gr
from gradio.events import api

from rag.pipeline import Pipeline
from rag.schema import Document
from rag.web.desk import Desk
from rag.web.entries import Entries
from rag.web.render import welcome
from rag.web.source import source_pane

TITLE = "Spanproof"
_SEED_TITLE = "Nvidia to supply AI chips to South Korea"
_SEED_EXAMPLES = (
    "How many chips will Nvidia supply?",
    "What is Nvidia valued at?",
    "What happened to Nvidia's access to the Chinese market?",
    "How much do the chips cost?",
    "What is it about?",
)
_ANY_EXAMPLES = ("What is it about?", "What can you do?")
_STYLES = ("style.css", "conversation.css", "source.css", "tooltip.css")
_SCRIPTS = ("script.js", "tooltip.js")
_AT_ONCE = 4
"""Questions answered at the same time, over all sessions."""


def build_page(pipeline: Pipeline) -> gr.Blocks:
    """The whole page over an open pipeline, not launched yet; `rag.web.launch` does that."""
    page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_height=True, fill_width=True)
    with page:
        desk = Desk(pipeline)
        api(desk.answer, api_name="ask", concurrency_limit=_AT_ONCE)
        _connect(desk, _lay_out(pipeline.documents))
    return page


@dataclass(frozen=True)
class Parts:
    """The components that events read and write, by the names that `Desk` uses."""

    conversation: gr.HTML
    now: gr.HTML
    source: gr.HTML
    entries: gr.State
    box: gr.Textbox
    examples: gr.Column
    send: gr.Button
    new: gr.Button
    asks: tuple[gr.Button, ...]


def _lay_out(documents: Sequence[Document]) -> Parts:
    entries = gr.State(())
    with gr.Row(elem_id="panes"):
        with gr.Column(elem_id="chat"):
            with gr.Row(elem_id="bar"):
                gr.HTML(_BRAND, elem_id="brand", apply_default_css=False)
                new = gr.Button("New chat", elem_id="new", size="sm")
            with gr.Column(elem_id="talk"):
                conversation = gr.HTML(welcome(documents), elem_id="conversation", apply_default_css=False)
                now = gr.HTML("", elem_id="now", apply_default_css=False)
            with gr.Column(elem_id="examples") as examples:
                asks = tuple(gr.Button(example, elem_classes="example") for example in _examples(documents))
            box, send = _input()
        source = gr.HTML(
            source_pane(documents),
            elem_id="source",
            apply_default_css=False,
            head=f"<style>{''.join(map(_asset, _STYLES))}</style>",
            js_on_load="\n".join(map(_asset, _SCRIPTS)),
        )
    return Parts(conversation, now, source, entries, box, examples, send, new, asks)


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


def _connect(desk: Desk, parts: Parts) -> None:
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    slow: dict[str, Any] = {**quiet, "trigger_mode": "once", "concurrency_limit": _AT_ONCE, "concurrency_id": "ask"}
    names = ("conversation", "now", "source", "entries", "box", "examples")
    outputs = [getattr(parts, name) for name in names]

    def page_ask(question: str, entries: Entries) -> Iterator[tuple[Any, ...]]:
        for shown in desk.ask(question, entries):
            yield tuple(shown.get(name, gr.skip()) for name in names)

    def page_clear() -> tuple[Any, ...]:
        shown = desk.clear()
        return tuple(shown[name] for name in names)

    gr.on([parts.box.submit, parts.send.click], page_ask, [parts.box, parts.entries], outputs, **slow)
    for button in parts.asks:
        button.click(page_ask, [button, parts.entries], outputs, **slow)
    parts.new.click(page_clear, None, outputs, queue=False, **quiet)
    parts.source.reveal(desk.reveal, [parts.entries], [parts.source], queue=False, **quiet)


def _examples(documents: Sequence[Document]) -> tuple[str, ...]:
    return _SEED_EXAMPLES if [d.title for d in documents] == [_SEED_TITLE] else _ANY_EXAMPLES


def _asset(name: str) -> str:
    return files("rag.web").joinpath(name).read_text(encoding="utf-8")


_BRAND = f'<h1>{TITLE}</h1><button type="button" class="open-source">Source</button>'

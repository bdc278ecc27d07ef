"""What stands where on the page: the components, by the names that events use. Looks are in the style sheets."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import gradio as gr

from rag.llm.models import model_host
from rag.settings import Settings
from rag.web.listing import promise
from rag.web.render import welcome
from rag.web.source import source_pane

TITLE = "Spanproof"
_STYLES = ("style.css", "conversation.css", "source.css", "texts.css", "tooltip.css")
_SCRIPTS = ("script.js", "tooltip.js")


@dataclass(frozen=True)
class Parts:
    """The components that events read and write, by the names that `Desk` and `Texts` use."""

    visitor: gr.BrowserState
    again: gr.State
    conversation: gr.HTML
    now: gr.HTML
    source: gr.HTML
    hint: gr.HTML
    box: gr.Textbox
    examples: gr.HTML
    send: gr.Button
    stop: gr.Button
    new: gr.Button
    courier: gr.HTML
    listing: gr.HTML
    files: gr.File
    pasted: gr.Textbox
    add: gr.Button
    report: gr.HTML


def lay_out(settings: Settings) -> Parts:
    """Make all components, in the order of the focus. To be called inside of `gr.Blocks`."""
    parts: dict[str, Any] = {
        "visitor": gr.BrowserState("", storage_key="spanproof-visitor", secret=TITLE),
        "again": gr.State(False),
    }
    with gr.Row(elem_id="panes"):
        parts |= _chat(stops=bool(settings.llm))
        parts["source"] = _html(
            source_pane(()),
            "source",
            head=f"<style>{''.join(map(_asset, _STYLES))}</style>",
            js_on_load="\n".join(map(_asset, _SCRIPTS)),
        )
        parts |= _texts_panel(settings)
    parts["courier"] = _html("", "courier", html_template="<i></i>", js_on_load=_asset("courier.js"))
    return Parts(**parts)


def _chat(stops: bool) -> dict[str, Any]:
    with gr.Column(elem_id="chat"):
        with gr.Row(elem_id="bar"):
            _html(_BRAND, "brand")
            new = gr.Button("New chat", elem_id="new", size="sm")
        with gr.Column(elem_id="talk"):
            conversation = _html(welcome(()), "conversation", js_on_load=_asset("talk.js"))
            now = _html("", "now")
        examples = _html("", "examples")
        hint = _html("", "hint")
        box, send, stop = _input(stops)
    return {
        "new": new,
        "conversation": conversation,
        "now": now,
        "examples": examples,
        "hint": hint,
        "box": box,
        "send": send,
        "stop": stop,
    }


def _texts_panel(settings: Settings) -> dict[str, Any]:
    with gr.Column(elem_id="texts"):
        _html(_TEXTS_BAR, "texts-bar")
        listing = _html("", "listing", js_on_load=_asset("texts.js"))
        report = _html("", "report")
        files = gr.File(label="Bring txt, md, pdf, docx or html", file_count="multiple", height=150, elem_id="files")
        with gr.Column(elem_id="paste"):
            pasted = gr.Textbox(label="Or paste a text; its first line is the title", lines=4, max_lines=12)
            add = gr.Button("Add this text", elem_id="add", size="sm")
        model = model_host(settings.llm, settings.llm_url)
        _html(promise(settings.visitor_days, _remote(settings), model), "promise")
    return {"listing": listing, "files": files, "pasted": pasted, "add": add, "report": report}


def _html(value: str, name: str, **options: Any) -> gr.HTML:
    return gr.HTML(value, elem_id=name, apply_default_css=False, **options)


def _input(stops: bool) -> tuple[gr.Textbox, gr.Button, gr.Button]:
    """The box and its buttons; `stops`: whether an answer may take long enough to be stopped."""
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
        stop = gr.Button("Stop", elem_id="stop", visible=stops)
        send = gr.Button("Send", elem_id="send", variant="primary")
    return box, send, stop


def _remote(settings: Settings) -> str | None:
    """The host beside this machine that something of a visitor's text goes to."""
    return urlsplit(settings.chroma_url).hostname if settings.chroma_url else None


def _asset(name: str) -> str:
    return files("rag.web").joinpath(name).read_text(encoding="utf-8")


_BRAND = f"""<h1>{TITLE}</h1>
<details class="menu"><summary>Export</summary><div>
<button type="button" class="export" data-format="markdown">Markdown, to read</button>
<button type="button" class="export" data-format="json">JSON, for <code>rag verify</code></button>
</div></details>
<button type="button" class="open-texts">Texts</button>
<button type="button" class="open-source">Source</button>"""
_TEXTS_BAR = """<h2>Texts</h2><button type="button" class="close-texts" aria-label="Close the texts">Close</button>"""

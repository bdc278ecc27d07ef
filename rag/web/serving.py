"""Serving the page on this machine only: address, port, theme; nothing is shared and nothing is fetched."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import NoReturn

import gradio as gr
from gradio import processing_utils

from rag.errors import CorpusError, ServeError
from rag.pipeline import language_model
from rag.settings import Settings
from rag.web.opening import Opening
from rag.web.page import build_page

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")
_REMEDY = "choose another with RAG_PORT or --port (0 takes any free one)"


def serve(settings: Settings) -> None:
    """Serve the page and stay until interrupted; the texts and the models are opened behind it.

    Raises ServeError for a host or port that cannot be used and CorpusError for a path that does not exist,
    before anything slow. What goes wrong later is said in the page.
    """
    free_port(settings.host, settings.port)
    opening = _opening(settings)
    launch(build_page(opening), settings, started=opening.start)


def open_page(settings: Settings | None = None) -> gr.Blocks:
    """The page over the pipeline that the settings name, which is opened once the page is served or asked.

    Raises SettingsError, for a language model too, and CorpusError for a path that does not exist.
    """
    _fetch_nothing()
    return build_page(_opening(settings or Settings.load()))


def _opening(settings: Settings) -> Opening:
    language_model(settings)
    for path in settings.corpus:
        if not path.exists():
            raise CorpusError(f"{path} does not exist: check the path")
    return Opening(settings)


def launch(page: gr.Blocks, settings: Settings, block: bool = True, started: Callable[[], None] | None = None) -> str:
    """Serve `page` at the settings' host and port; returns its address, once interrupted if `block`.

    `started` is called once the page can be reached.

    Raises ServeError for a host or port that cannot be used, or where the MCP server is asked for and missing.
    """
    port = free_port(settings.host, settings.port)
    if settings.mcp and not find_spec("mcp"):
        raise ServeError("RAG_MCP needs a package that is not installed: pip install 'spanproof[mcp]'")
    _reach_this_machine_directly()
    _fetch_nothing()
    try:
        _, address, _ = page.launch(
            server_name=settings.host,
            server_port=port,
            share=False,
            ssr_mode=False,
            pwa=False,
            run_history=False,
            mcp_server=settings.mcp,
            footer_links=[],
            max_file_size=f"{settings.upload_mb}mb",
            quiet=True,
            prevent_thread_lock=True,
            theme=gr.themes.Base(font=_SANS, font_mono=_MONO),
        )
    except OSError as error:
        raise ServeError(f"port {port} on {settings.host} is in use: {_REMEDY}") from error
    print(f"The chat is at {address} (Ctrl+C stops it)", file=sys.stderr, flush=True)
    if started:
        started()
    if block:
        page.block_thread()
    return address


def free_port(host: str, port: int) -> int:
    """`port` if it can be bound on `host`, any free one for 0. Raises ServeError, with the remedy."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise ServeError(f"the host {host!r} is not known ({error.strerror}): set RAG_HOST or --host") from error
    with socket.socket(family, kind, protocol) as probe:
        if os.name == "posix":  # elsewhere this option would let a port in use be taken
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            why = "is in use" if "in use" in str(error) else f"cannot be used ({error.strerror})"
            raise ServeError(f"port {port} on {host} {why}: {_REMEDY}") from error
        return int(probe.getsockname()[1])


def _reach_this_machine_directly() -> None:
    """Keep gradio's own check that it is up from going through a proxy that the environment names."""
    for name in ("NO_PROXY", "no_proxy"):
        direct = [part for part in os.environ.get(name, "").split(",") if part]
        os.environ[name] = ",".join(dict.fromkeys([*direct, "127.0.0.1", "localhost", "::1"]))


def _fetch_nothing() -> None:
    """Keep gradio from fetching an address that a client gives in the place of a file, in any event."""

    async def refuse(url: str) -> NoReturn:
        """Stands where gradio would fetch `url`. Raises ValueError, which becomes the event's error."""
        raise ValueError("files are taken by upload only, not by address")

    processing_utils.async_ssrf_protected_get = refuse

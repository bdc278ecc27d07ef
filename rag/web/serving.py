"""Serving the page on this machine only: address, port, theme; nothing is shared and nothing is fetched."""

from __future__ import annotations

import os
import socket
import sys

import gradio as gr

from rag.errors import ServeError
from rag.pipeline import Pipeline
from rag.settings import Settings
from rag.web.page import build_page

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")
_REMEDY = "choose another with RAG_PORT or --port (0 takes any free one)"


def serve(settings: Settings) -> None:
    """Open the pipeline, serve the page and stay until interrupted.

    Raises ServeError for a host or port that cannot be used, before anything slow, and what
    `Pipeline.open` raises.
    """
    free_port(settings.host, settings.port)
    launch(open_page(settings), settings)


def open_page(settings: Settings | None = None) -> gr.Blocks:
    """The page over the pipeline that the settings name; says on standard error that this takes a moment."""
    print("Opening the texts; the first time this takes about ten seconds.", file=sys.stderr, flush=True)
    return build_page(Pipeline.open(settings))


def launch(page: gr.Blocks, settings: Settings, block: bool = True) -> str:
    """Serve `page` at the settings' host and port; returns its address, once interrupted if `block`.

    Raises ServeError for a host or port that cannot be used.
    """
    port = free_port(settings.host, settings.port)
    _reach_this_machine_directly()
    try:
        _, address, _ = page.launch(
            server_name=settings.host,
            server_port=port,
            share=False,
            ssr_mode=False,
            pwa=False,
            run_history=False,
            footer_links=[],
            quiet=True,
            prevent_thread_lock=True,
            theme=gr.themes.Base(font=_SANS, font_mono=_MONO),
        )
    except OSError as error:
        raise ServeError(f"port {port} on {settings.host} is in use: {_REMEDY}") from error
    print(f"The chat is at {address} (Ctrl+C stops it)", file=sys.stderr, flush=True)
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

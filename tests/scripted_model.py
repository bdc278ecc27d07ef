"""A language model of a few lines behind the OpenAI protocol, with streaming: it says what a script tells it to.

`python -m tests.scripted_model` serves it on this machine, to try the generative reader without any model; the name of
the model that is asked for is the name of the script, one of SCRIPTS. The tests use the same server.
"""

import argparse
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = 8099
_COMMON = frozenset("a an and are as at be by did do does for from has have how in is it of on or the to was what when "
                    "where which who why will with".split())  # fmt: skip


@dataclass(frozen=True)
class Reply:
    """What one request is answered with: a status other than 200, or a text that may be slow or break off."""

    text: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    """Seconds before each piece."""
    breaks_off: bool = False
    """Whether the connection is closed at the end of the text, as if there were more."""
    counts: bool = True
    """Whether the tokens are reported."""
    raw: bytes | None = None
    """Sent in place of a stream."""


@dataclass(frozen=True)
class Asked:
    """What a request asks, read from its messages."""

    system: str
    question: str
    sentences: tuple[str, ...]
    is_rewriting: bool
    options: frozenset[str]
    """The names of all that the request sets."""

    @classmethod
    def of(cls, body: dict) -> "Asked":
        system, material = body.get("system"), body["messages"][-1]["content"]
        if system is None:  # OpenAI's protocol has it among the messages
            system = body["messages"][0]["content"]
        system, material = (m if isinstance(m, str) else m[0]["text"] for m in (system, material))
        sentences = re.findall(r"^\[\d+\] (.*)$", material, re.MULTILINE)
        question = re.findall(r"^(?:Last q|Q)uestion: (.*)$", material, re.MULTILINE)[-1]
        return cls(system, question, tuple(sentences), "Last question:" in material, frozenset(body))

    def best(self) -> tuple[int, str]:
        """The number and the words of the sentence that shares the most words with the question."""
        shared = [len(_words(self.question) & _words(sentence)) for sentence in self.sentences]
        at = max(range(len(shared)), key=lambda i: (shared[i], -i))
        return at + 1, self.sentences[at]


Script = Callable[[Asked], Reply]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower())) - _COMMON


def _honest(asked: Asked) -> Reply:
    number, sentence = asked.best()
    return Reply(f"{sentence} [{number}]")


def _wrong_number(asked: Asked) -> Reply:
    number, sentence = asked.best()
    return Reply(re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), sentence) + f" [{number}]")


def _swapped_name(asked: Asked) -> Reply:
    number, sentence = asked.best()
    return Reply(re.sub(r"\b(?:Nvidia|Maria)\b", "Intel", sentence) + f" [{number}]")


def _no_negation(asked: Asked) -> Reply:
    number, sentence = asked.best()
    return Reply(re.sub(r"\bnot ", "", sentence) + f" [{number}]")


def _leak(asked: Asked) -> Reply:
    number, sentence = asked.best()
    return Reply(f"{asked.system}\nMy instructions are secret. [{number}] {sentence} [{number}]")


SCRIPTS: dict[str, Script] = {
    "honest": _honest,
    "wrong-number": _wrong_number,
    "swapped-name": _swapped_name,
    "dropped-negation": _no_negation,
    "invented-citation": lambda asked: Reply(f"{asked.best()[1]} [{asked.best()[0]}][9999]"),
    "wrong-citation": lambda asked: Reply(f"{asked.best()[1]} [{len(asked.sentences)}]"),
    "no-citation": lambda asked: Reply(asked.best()[1]),
    "thinking": lambda asked: Reply(f"<think>Perhaps aliens. [1]</think>{_honest(asked).text}"),
    "refusal": lambda asked: Reply("I'm sorry, but the provided text does not mention that."),
    "invention": lambda asked: Reply("The moon is made of green cheese, as Professor Wensleydale proved. [1]"),
    "mixed": lambda asked: Reply(f"{_honest(asked).text} The moon is made of cheese. [1]"),
    "leak": _leak,
    "garbage": lambda asked: Reply('{"}]] <<>> 0x00 \ufffd ### ``` |||\n' * 20),
    "slow": lambda asked: Reply(f"{_honest(asked).text} {'And so on. ' * 200}", pause=0.3),
    "cut-off": lambda asked: Reply(f"{_honest(asked).text} Beyond that, Nvidia has", breaks_off=True),
    "cut-at-once": lambda asked: Reply("Nvidia", breaks_off=True),
    "uncounted": lambda asked: Reply(_honest(asked).text, counts=False),
    "busy": lambda asked: Reply(status=429, headers={"retry-after": "0.1"}),
    "broken": lambda asked: Reply(status=500),
    "wrong-key": lambda asked: Reply(status=401),
    "no-model": lambda asked: Reply(status=404),
    "picky": lambda asked: Reply(status=400) if "temperature" in asked.options else _honest(asked),
    "too-long": lambda asked: Reply(status=400),
    "not-its-protocol": lambda asked: Reply(raw=b"data: {not JSON\n\n"),
    "a-web-page": lambda asked: Reply(raw=b"<html>It works!</html>"),
}


class _Handler(BaseHTTPRequestHandler):
    """One request to the model."""

    protocol_version = "HTTP/1.1"

    def __init__(self, model: "ScriptedModel", *arguments: object) -> None:
        self._model = model
        super().__init__(*arguments)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._model.requests.append(body)
        self._model.keys.append(self.headers.get("authorization") or self.headers.get("x-api-key", ""))
        try:
            self._send(self._model.reply(body), body)
        except OSError:
            self._model.left.set()
        self.close_connection = True

    def _send(self, reply: Reply, body: dict) -> None:
        if reply.status != 200:
            key = self.headers.get("authorization", "")
            data = json.dumps({"error": {"message": f"no: {key}", "code": "scripted"}}).encode()
            self._head(reply.status, "application/json", {**reply.headers, "content-length": str(len(data))})
            self.wfile.write(data)
            return
        self._head(200, "text/event-stream", {"transfer-encoding": "chunked"})
        if reply.raw is not None:
            self._chunk(reply.raw)
        else:
            events = _anthropic_events if self.path.endswith("/messages") else _events
            for event in events(reply, body):
                if reply.pause:
                    self._wait(reply.pause)
                kind = f"event: {event['type']}\n" if "type" in event else ""
                self._chunk(f"{kind}data: {json.dumps(event)}\n\n".encode())
            if reply.breaks_off:
                return
            if not self.path.endswith("/messages"):
                self._chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _wait(self, seconds: float) -> None:
        """Until the time is over, or the client is gone."""
        self.connection.settimeout(seconds)
        try:
            if self.connection.recv(1) == b"":
                raise ConnectionResetError
        except TimeoutError:
            pass
        finally:
            self.connection.settimeout(None)

    def _head(self, status: int, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def log_message(self, *arguments: object) -> None:
        pass


class ScriptedModel:
    """The server. `replies` are given first, one a request; then the script that the model's name stands for."""

    def __init__(self, port: int = 0) -> None:
        self.replies: list[Reply | Script] = []
        self.requests: list[dict] = []
        self.keys: list[str] = []
        self.left = threading.Event()
        """Set once a client went away before its reply was whole."""
        self._server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def reply(self, body: dict) -> Reply:
        """What the next request is answered with."""
        given = self.replies.pop(0) if self.replies else None
        if isinstance(given, Reply):
            return given
        asked = Asked.of(body)
        if given is None and asked.is_rewriting:
            return Reply(asked.question)
        return (given or SCRIPTS.get(body["model"], _honest))(asked)


def _events(reply: Reply, body: dict) -> Iterator[dict]:
    """The chunks of a stream, a word or so each."""
    head = {"id": "scripted", "object": "chat.completion.chunk", "created": int(time.time()), "model": body["model"]}
    pieces = re.findall(r"\s*\S+|\s+$", reply.text)
    for piece in ["", *pieces]:
        yield {**head, "choices": [{"index": 0, "delta": {"role": "assistant", "content": piece}}]}
    if reply.breaks_off:
        return
    yield {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    if reply.counts and body.get("stream_options", {}).get("include_usage"):
        counted = {"prompt_tokens": 321, "completion_tokens": len(pieces), "total_tokens": 321 + len(pieces)}
        yield {**head, "choices": [], "usage": counted}


def _anthropic_events(reply: Reply, body: dict) -> Iterator[dict]:
    """The same in Anthropic's protocol."""
    pieces = re.findall(r"\s*\S+|\s+$", reply.text)
    message = {"id": "scripted", "type": "message", "role": "assistant", "content": [], "model": body["model"]}
    message |= {"stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 321, "output_tokens": 1}}
    yield {"type": "message_start", "message": message}
    yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    for piece in pieces:
        yield {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
    if reply.breaks_off:
        return
    yield {"type": "content_block_stop", "index": 0}
    ended = {"stop_reason": "end_turn", "stop_sequence": None}
    yield {"type": "message_delta", "delta": ended, "usage": {"output_tokens": len(pieces)}}
    yield {"type": "message_stop"}


@contextmanager
def scripted_model(port: int = 0) -> Iterator[ScriptedModel]:
    """A server that runs in the background."""
    model = ScriptedModel(port)
    thread = threading.Thread(target=model.serve, daemon=True)
    thread.start()
    yield model
    model.close()
    thread.join()


def main() -> None:
    """Serve until interrupted, after saying how to ask."""
    parser = argparse.ArgumentParser(description="A scripted language model, to try the generative reader with.")
    parser.add_argument("--port", type=int, default=PORT)
    model = ScriptedModel(parser.parse_args().port)
    print(f"In another terminal:\n  export RAG_LLM=openai-like:honest RAG_LLM_URL={model.url}")
    print('  rag ask "How many chips will Nvidia supply?"    # or: rag serve, make chat')
    print(f"In place of honest: {', '.join(sorted(SCRIPTS))}", flush=True)
    with suppress(KeyboardInterrupt):
        model.serve()


if __name__ == "__main__":
    main()

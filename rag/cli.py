"""The command `rag`: index, ask, chat, serve, verify, check, settings, schema."""

from __future__ import annotations

import argparse
import errno
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, JsonValue, ValidationError

from rag import __version__
from rag.errors import CorpusError, RagError
from rag.schema import Answer, Conversation, Document, Message
from rag.settings import Settings
from rag.terminal import Terminal, ready_streams

if TYPE_CHECKING:
    from rag.pipeline import Pipeline

_EXAMPLE = 'rag ask "How many chips will Nvidia supply?"'


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, 1 for an error or a mismatch, 2 for wrong usage, 130 for Ctrl+C."""
    ready_streams()
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="rag: %(levelname)s: %(message)s", level=logging.ERROR, stream=sys.stderr)
    logging.getLogger("rag").setLevel(logging.WARNING)
    try:
        code = int(options.run(options))
        sys.stdout.flush()  # a pipe that nobody reads breaks here, not while the interpreter ends
        return code
    except RagError as error:
        print(f"rag: error: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)  # the shell's prompt gets a line of its own
        return 130
    except BrokenPipeError:
        _discard_output()
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        _discard_output()
        print(f"rag: error: no room to write ({error.strerror}): free some, or write elsewhere", file=sys.stderr)
        return 1


def _discard_output() -> None:
    """What is still to be written leads nowhere, or the interpreter would try it once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rag",
        description="Ask texts and get answers with exact citations, from the texts alone.",
        epilog=f"Example: {_EXAMPLE}",
    )
    parser.add_argument("--version", action="version", version=f"rag {__version__}")
    place = argparse.ArgumentParser(add_help=False)
    place.add_argument("--index-dir", type=Path, metavar="DIR", help="folder of the index (RAG_INDEX_DIR)")
    corpus = argparse.ArgumentParser(add_help=False)
    corpus.add_argument("--corpus", type=Path, nargs="+", metavar="PATH", help="files and folders (RAG_CORPUS)")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    index = commands.add_parser("index", parents=[place], help="index files and folders")
    index.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="txt, md, html, pdf or docx; or a folder")
    index.set_defaults(run=_index)

    ask = commands.add_parser("ask", parents=[place, corpus], help="answer one question")
    ask.add_argument("question", metavar="QUESTION")
    ask.add_argument("--json", action="store_true", help="print the whole Answer as JSON")
    ask.add_argument("--document", action="append", metavar="ID", help="answer from this document only (repeatable)")
    ask.set_defaults(run=_ask)

    chat = commands.add_parser("chat", parents=[place, corpus], help="a conversation in the terminal")
    chat.set_defaults(run=_chat)

    serve = commands.add_parser("serve", parents=[place, corpus], help="the web page")
    serve.add_argument("--host", help="address to bind to (RAG_HOST)")
    serve.add_argument("--port", type=int, help="port, 0 for any free one (RAG_PORT)")
    serve.set_defaults(run=_serve)

    verify = commands.add_parser("verify", parents=[place, corpus], help="prove an Answer or Conversation in a file")
    verify.add_argument("file", metavar="FILE", help="JSON of an Answer or a Conversation; - reads standard input")
    verify.set_defaults(run=_verify)

    check = commands.add_parser("check", parents=[place, corpus], help="check what any text states against the texts")
    check.add_argument("file", metavar="FILE", help="the text to check; - reads standard input")
    check.set_defaults(run=_check)

    settings = commands.add_parser("settings", parents=[place], help="list every setting with its value")
    settings.set_defaults(run=_settings)

    schema = commands.add_parser("schema", parents=[place], help="print a JSON Schema")
    schema.add_argument("model", choices=["answer", "conversation", "document"], help="which one")
    schema.set_defaults(run=_schema)
    return parser


def _load_settings(options: argparse.Namespace) -> Settings:
    names = ("index_dir", "corpus", "host", "port")
    return Settings.load(**{name: getattr(options, name, None) for name in names})


def _open(options: argparse.Namespace, terminal: Terminal) -> Pipeline:
    from rag.index import holds_index
    from rag.pipeline import Pipeline

    settings = _load_settings(options)
    fresh = settings.index_dir and not settings.corpus and not holds_index(settings.index_dir)
    with terminal.progress() as progress:
        pipeline = Pipeline.open(settings, progress=progress)
    if fresh:
        terminal.note(
            f"{settings.index_dir} held no index and has one of the article that comes along now: for texts of your "
            "own give --corpus, or run `rag index PATH...` first"
        )
    return pipeline


def _index(options: argparse.Namespace) -> int:
    from rag.pipeline import Pipeline

    terminal, settings = Terminal(), _load_settings(options)
    with terminal.progress() as progress, Pipeline.build(options.paths, settings=settings, progress=progress) as built:
        documents, passages = len(built.documents), built.passage_count
        terminal.say(f"Indexed {_count(documents, 'document')}, {_count(passages, 'passage')}, in {built.index_dir}")
        terminal.say(f'Ask it: rag ask "QUESTION" --index-dir {built.index_dir}')
    return 0


def _ask(options: argparse.Namespace) -> int:
    terminal = Terminal()
    with _open(options, terminal) as pipeline:
        answer = pipeline.ask(options.question, documents=options.document)
    if options.json:
        print(answer.model_dump_json(indent=2))
    else:
        terminal.show(answer)
    return 0


def _chat(options: argparse.Namespace) -> int:
    terminal = Terminal()
    with _open(options, terminal) as pipeline:
        terminal.say(pipeline.ask("hello").text)
        terminal.say("/clear forgets what was said, /quit leaves.")
        history: list[Message] = []
        while (question := terminal.prompt()) not in (None, "/quit", "/exit"):
            if question == "/clear":
                history.clear()
            elif question and question.startswith("/"):
                terminal.say(f"{question} is no command: /clear forgets what was said, /quit leaves.")
            elif question:
                history += _turn(pipeline, terminal, question, history)
    return 0


def _turn(pipeline: Pipeline, terminal: Terminal, question: str, history: Sequence[Message]) -> list[Message]:
    """Ask once; the two messages that it adds to the history, none where the question cannot be asked."""
    try:
        answer = pipeline.ask(question, history)
    except RagError as error:
        terminal.say(str(error))
        return []
    terminal.show(answer)
    return [Message(role="user", content=question), Message(role="assistant", content=answer.text)]


def _serve(options: argparse.Namespace) -> int:
    from rag.web import serve

    serve(_load_settings(options))
    return 0


def _verify(options: argparse.Namespace) -> int:
    from rag.receipts import NOT_PROVEN, differences, problems

    value, proof = _read_proof(options.file)
    documents = _documents(options, proof)
    found = [*differences(value, proof.model_dump(mode="json")), *problems(proof, documents)]
    for problem in found:
        print(f"{options.file}: {problem}")
    if not found:
        answers = [proof] if isinstance(proof, Answer) else [turn.answer for turn in proof.turns]
        citations = _count(sum(len(answer.citations) for answer in answers), "citation")
        source = "its source" if documents else "the file's own texts (yours: --corpus PATH)"
        print(f"{options.file}: {citations}, each an exact span of {source}; {NOT_PROVEN}")
    return 1 if found else 0


def _check(options: argparse.Namespace) -> int:
    from rag.index import corpus
    from rag.verification.checking import check_grounding

    text = _read_text(options.file)
    checked = check_grounding(text, corpus.known(_load_settings(options)))
    terminal = Terminal()
    for statement in checked:
        terminal.show_checked(text, statement)
    supported = sum(statement.verdict == "supported" for statement in checked)
    terminal.say(f"{options.file}: {supported} of {_count(len(checked), 'statement')} supported")
    return 0 if supported == len(checked) else 1


def _read_text(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise CorpusError(f"{file} cannot be read ({error.strerror}): check the path") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{file} is not UTF-8 text (byte {error.start}): save it as UTF-8") from error


def _read_proof(file: str) -> tuple[JsonValue, Answer | Conversation]:
    """The JSON of a file, and the Answer or Conversation that it is."""
    from rag.receipts import parse

    try:
        value = parse(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())
        if not isinstance(value, dict):
            raise CorpusError(f"{file} holds no JSON object: give what `rag ask --json` prints")
        return value, (Conversation if "turns" in value else Answer).model_validate(value)
    except OSError as error:
        raise CorpusError(f"{file} cannot be read ({error.strerror}): check the path") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise CorpusError(
            f"{file} is not an Answer or a Conversation ({where}: {first['msg']}): give what `rag ask --json` prints"
        ) from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{file} is not UTF-8 text (byte {error.start}): save it as UTF-8") from error
    except ValueError as error:
        raise CorpusError(f"{file} is not JSON ({error}): give what `rag ask --json` prints") from error


def _documents(options: argparse.Namespace, proof: Answer | Conversation) -> Sequence[Document]:
    """The texts to prove against: those that the command names, else none where a conversation brings its own, else the
    index's."""
    from rag.index import corpus

    unnamed = options.corpus is None and options.index_dir is None
    if unnamed and isinstance(proof, Conversation) and _brings_its_texts(proof):
        return ()
    return corpus.known(_load_settings(options))


def _brings_its_texts(conversation: Conversation) -> bool:
    """Whether a conversation can be proven by itself: small talk needs no text."""
    return bool(conversation.documents) or all(turn.answer.kind == "smalltalk" for turn in conversation.turns)


def _settings(options: argparse.Namespace) -> int:
    settings = _load_settings(options)
    if settings.llm:
        from rag.pipeline import language_model

        language_model(settings)  # what is wrong with it is said here too
    Terminal().settings(settings)
    return 0


def _schema(options: argparse.Namespace) -> int:
    models: dict[str, type[BaseModel]] = {"answer": Answer, "conversation": Conversation, "document": Document}
    print(json.dumps(models[options.model].model_json_schema(mode="serialization"), indent=2))
    return 0


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

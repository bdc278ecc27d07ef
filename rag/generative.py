"""Question and passages to an Answer in a language model's words, each statement checked before it is shown.

The model phrases; it decides nothing. Whether there is an answer is decided by the sentences it cites and by how surely
the extractive reader would answer from them; where nothing of a reply stands, the extractive Answer does, with a note.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from rag.errors import LanguageModelError
from rag.grounding import DISAGREE, JUDGED, between, source_span
from rag.llm.cited import Said, Statements
from rag.llm.drafting import Draft
from rag.llm.models import HEARTBEAT
from rag.llm.patience import Again, Patience
from rag.llm.prompting import Numbered, Prompt, is_refusal, longest_reply, numbered
from rag.llm.support import Checked, Checker
from rag.questions import Asks, Question
from rag.reading.similarity import Candidate, Pick, Picker
from rag.reading.topic import read_twice
from rag.schema import Answer, Document, Message, Polarity, SourceSpan, Span, StatementReady, Usage, Writing
from rag.verification import Verifier

_MOST_STATEMENTS = 12
_LONGEST_REPLY = 20_000
"""Characters after which a reply is not listened to any more."""
_INSTEAD = "the extractive reader answered instead"
_YES_NO = re.compile(r"(yes|no)(?:\s*[.,;:!]|\s+[—–-])\s*(?=\w)", re.IGNORECASE)

AnswerEvents = Generator[Writing | StatementReady, None, Answer]


@dataclass(frozen=True)
class GenerativeReader:
    """Reads with a language model. Below `min_confidence` a reply is not used, below `sure_confidence` only possible.

    `marks`: whether unsupported statements are shown, marked, rather than dropped. `window`: the model's, in tokens.
    """

    picker: Picker
    verifier: Verifier
    min_confidence: float
    sure_confidence: float
    marks: bool
    window: int

    def read(
        self,
        question: Question,
        extractive: Answer,
        documents: Mapping[str, Document],
        patience: Patience,
        history: Sequence[Message] = (),
    ) -> AnswerEvents:
        """Statements as they are verified; returns the Answer. `extractive` is what there is without a model."""
        passages = [scored.passage for scored in extractive.passages]
        sentences = numbered(passages, documents, self.window)
        picks = [] if question.asks is Asks.OVERVIEW else read_twice(self.picker, question, passages, documents)
        reply = _Reply(self, question, extractive, sentences, picks)
        failed = yield from reply.hear(patience, history)
        answer, notes = reply.answer(patience.model.name, failed)
        if sentences.left_out:
            given = len(passages) - sentences.left_out
            notes.append(
                f"the language model was given {given} of {len(passages)} passages: RAG_LLM_WINDOW holds no more"
            )
        return answer.model_copy(update={"notes": tuple(notes), "usage": reply.usage(patience.cost)})


class _Reply:
    """One reply: what was heard of it, and what of that stands."""

    def __init__(
        self,
        reader: GenerativeReader,
        question: Question,
        extractive: Answer,
        sentences: Numbered,
        picks: Sequence[Pick],
    ) -> None:
        self._reader = reader
        self._question = question
        self._extractive = extractive
        self._sentences = sentences
        self._picks = picks
        self._is_summary = question.asks is Asks.OVERVIEW
        self._prompt = Prompt()
        self._checker = Checker(reader.verifier, reader.picker, sentences)
        self._removed = self._corrected = 0
        self._begin()

    def hear(self, patience: Patience, history: Sequence[Message]) -> Generator[Writing | StatementReady, None, str]:
        """Statements as they are verified; returns why the reply ended early, empty where it is whole."""
        lines = self._prompt.answering(self._question.searched, self._sentences, history, self._is_summary)
        longest, writing = longest_reply(self._reader.window), Writing(model=patience.model.name)
        yield writing
        yielded = time.monotonic()
        stream = patience.stream(lines, longest, may_retry=lambda: not self._draft.is_open)
        try:
            with closing(stream):
                for piece in stream:
                    if isinstance(piece, Again):
                        self._begin()
                        continue
                    yield from self._ready(self._statements.feed(piece))
                    if time.monotonic() - yielded >= HEARTBEAT:  # whoever waits can stop it only here
                        yield writing
                        yielded = time.monotonic()
                    self._heard += len(piece)
                    if self._heard > _LONGEST_REPLY or len(self._draft.written()[1]) >= _MOST_STATEMENTS:
                        return ""
        except LanguageModelError as error:
            return str(error)
        yield from self._ready(self._statements.end())
        return ""

    def answer(self, model: str, failed: str) -> tuple[Answer, list[str]]:
        """What stands of the reply; the extractive Answer where nothing does; with what is to be remarked."""
        if not self._draft.is_open:
            note = self._why_not(failed)
            return self._extractive, [note] if note else []
        if self._is_one_sided():
            return self._extractive, [f"the language model gave one side only of what the sources say; {_INSTEAD}"]
        text, statements = self._draft.written()
        shorts = () if self._is_summary else self._shorts()
        answer = self._extractive.model_copy(
            update={
                "kind": "summary" if self._is_summary else "answer",
                "text": text,
                "short": between(self._extractive.disagreement).join(short.quote for short in shorts) or None,
                "short_spans": shorts,
                "polarity": self._polarity(),
                "statements": statements,
                "citations": tuple(self._draft.citations),
                "nearest": None,
                "confidence": self._draft.confidence,
                "reader": f"generative/{model}",
            }
        )
        return answer, [f"{failed}; what was verified before is kept"] if failed else []

    def _is_one_sided(self) -> bool:
        """Whether sources disagree and the reply rests on some of them only."""
        return self._extractive.disagreement and not set(self._extractive.citations) <= set(self._draft.citations)

    def usage(self, cost: Usage) -> Usage:
        """What the model cost, with what of its reply was not let through."""
        return cost.model_copy(
            update={
                "removed_citations": self._removed,
                "corrected_citations": self._corrected,
                "dropped_statements": self._dropped,
            }
        )

    def _begin(self) -> None:
        """Forget what was heard: nothing of it was shown."""
        sure, least = self._reader.sure_confidence, self._reader.min_confidence
        lead = DISAGREE if self._extractive.disagreement else ""
        self._draft = Draft(self._confidence, 0.0 if self._is_summary else least, sure, lead)
        self._statements = Statements()
        self._seen: set[str] = set()
        self._heard = self._dropped = 0
        self._refused = False
        self._said: Polarity | None = None

    def _ready(self, statements: Sequence[Said]) -> Iterator[StatementReady]:
        for said in statements:
            if is_refusal(said.text):
                self._refused = True
            elif said.text.lower() not in self._seen:
                self._seen.add(said.text.lower())
                yield from self._weighed(said)

    def _weighed(self, said: Said) -> Iterator[StatementReady]:
        """The statement, if it may be shown, after it was checked without the yes or no that it begins with."""
        if self._prompt.is_told_by(said.text, self._checker.source(said)):
            self._dropped += 1
            return
        spoken = _YES_NO.match(said.text)
        if spoken:
            rest = said.text[spoken.end() :]
            said = replace(said, text=rest[0].upper() + rest[1:])
            self._said = self._said or ("yes" if spoken[1].lower() == "yes" else "no")
        checked = self._checker.check(said)
        self._removed += checked.removed
        self._corrected += checked.corrected
        if checked.finding.verdict == "unsupported" and not self._reader.marks:
            self._dropped += 1
            return
        settled = self._settled(checked)
        if spoken and settled and settled == self._said:
            checked = replace(checked, text=f"{settled.capitalize()}. {checked.text}")
        yield from self._draft.add(checked)

    def _settled(self, checked: Checked) -> Polarity | None:
        """The yes or no of the extractive reader, where the statement rests on the sentence that it read it in."""
        cited = self._extractive.citations[:1]
        rests = any(_is_at(sentence, span) for sentence in checked.sentences for span in cited)
        return self._extractive.polarity if rests else None

    def _polarity(self) -> Polarity | None:
        """The yes or no of the extractive reader; what no rule but a model judged, only where the reply says so too."""
        settled = self._extractive.polarity
        if any(statement.reason == JUDGED for statement in self._extractive.statements) and self._said != settled:
            return None
        cited = bool(self._extractive.citations) and self._extractive.citations[0] in self._draft.citations
        return settled if cited and self._said in (None, settled) else None

    def _confidence(self, sentence: Candidate) -> float:
        """How surely the extractive reader would answer from the sentence; it judges its ten best ones."""
        if self._is_summary:
            return 1.0
        mine = (pick.confidence for pick in self._picks if _is_at(sentence, pick.sentence, pick.document.id))
        return next(mine, min((pick.confidence for pick in self._picks), default=0.0))

    def _shorts(self) -> tuple[SourceSpan, ...]:
        """The extractive reader's short answer, where it stands inside of what is cited."""
        shorts = self._extractive.short_spans
        if not shorts and self._picks:
            pick = self._picks[0]
            shorts = tuple(source_span(pick.document, span) for span in pick.short)
        inside = all(any(cited.holds(short) for cited in self._draft.citations) for short in shorts)
        return shorts if inside else ()

    def _why_not(self, failed: str) -> str:
        if failed:
            return f"{failed}; {_INSTEAD}"
        if self._draft.supported:
            return f"what the language model says hardly answers the question; {_INSTEAD}"
        if self._dropped or self._seen:
            return f"nothing that the language model wrote could be verified; {_INSTEAD}"
        if not self._refused:
            return f"the language model's reply could not be used; {_INSTEAD}"
        return f"the language model found no answer; {_INSTEAD}" if self._extractive.answered else ""


def _is_at(sentence: Candidate, span: Span, document_id: str | None = None) -> bool:
    where = document_id or (span.document_id if isinstance(span, SourceSpan) else "")
    return (sentence.document.id, sentence.sentence.start) == (where, span.start)

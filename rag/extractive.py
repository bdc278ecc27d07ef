"""Question and passages to an Answer made of the source's own sentences, or to an honest abstention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.composing import Decided, Texts, abstaining, answering_with, citations_of, state
from rag.context import leans
from rag.grounding import (
    DISAGREE,
    OTHERWISE,
    POSSIBLY,
    VERBATIM,
    source_span,
)
from rag.lexical import stems
from rag.questions import Asks, Question
from rag.questions.naming import with_their_names
from rag.reading.comparison import Comparison, Weighed, comparison, names_one, weigh
from rag.reading.disagreement import contradicting
from rag.reading.introductions import Introduction, introduced
from rag.reading.layout import Laid, list_of
from rag.reading.lists import all_of_it, headed, line_at, steps
from rag.reading.mismatch import misnumbered
from rag.reading.nearby import Place
from rag.reading.rankings import Ranking, ranked
from rag.reading.similarity import Candidate, Pick, Picker, sentences_in
from rag.reading.summary import about, central, length_asked
from rag.reading.tables import SURE, Cell, cells_asked_for, is_row
from rag.reading.topic import read_twice
from rag.reading.yesno.exchanged import as_it_says, has_value, with_its_value
from rag.reading.yesno.judging import LIKELY
from rag.reading.yesno.named import names_and_numbers
from rag.reading.yesno.polarity import polarity_of
from rag.reading.yesno.replies import begins_with
from rag.reading.yesno.settling import heard, settle
from rag.schema import (
    Answer,
    Document,
    Polarity,
    ScoredPassage,
)
from rag.splitting import without_mark

_TRIED = 3
"""Picks in which another number or date is looked for."""
_SURER = 0.9
"""Below this confidence the steps under a heading that says what is asked come first: a reader finds one of them."""
UNSURE = 0.4
"""Below this confidence, or the bound on what is shown where that is higher, a follow-up's own words are read too."""


@dataclass(frozen=True)
class ExtractiveReader:
    """Answers from picks. Below `min_confidence` it abstains, below `sure_confidence` it says "Possibly"."""

    picker: Picker
    min_confidence: float
    sure_confidence: float

    @property
    def name(self) -> str:
        """Who answered, as it stands in the Answer."""
        return f"extractive/{self.picker.name}"

    def read(
        self,
        question: Question,
        original: str,
        passages: Sequence[ScoredPassage],
        documents: Mapping[str, Document],
        follow_up: Question | None = None,
        place: Place | None = None,
    ) -> Answer:
        """The Answer to `question`, which stands alone; `original` is what the person wrote.

        `follow_up` is the same question in the person's own words, where these lean on what was said before, and
        `place` is where the answer before stood.
        """
        found = [scored.passage for scored in passages]
        decided = self._summarised(question, (found, documents))
        if decided is None:
            read = [documents[name].text for name in dict.fromkeys(passage.document_id for passage in found)]
            named = with_their_names(question, read)
            own = follow_up and with_their_names(follow_up, read)
            decided = self._answer(named, own, place, (found, documents))
        return Answer.model_validate(
            {
                "question": original,
                "searched_for": question.searched,
                "passages": tuple(passages),
                "reader": self.name,
                **vars(decided),
            }
        )

    def _summarised(self, question: Question, texts: Texts) -> Decided | None:
        """The summary of the whole, or of a topic; None where no summary is asked for, or nothing is on the topic."""
        if question.asks is not Asks.OVERVIEW and not question.topic:
            return None
        candidates = list(sentences_in(*texts))
        if question.topic:
            return self._summary(question, about(question.topic, candidates))
        return self._summary(question, candidates) or abstaining(texts)

    def _answer(self, question: Question, follow_up: Question | None, place: Place | None, texts: Texts) -> Decided:
        """What is said where no summary is asked for: what a rule finds where it is surer, else the best pick."""
        picks = self._picks(question, place, texts)
        if not picks:
            return abstaining(texts)
        best = picks[0]
        if not _shares_a_letter(question.text, best.document.text):
            return abstaining(texts, nearest=citations_of(best)[0])
        if follow_up and best.confidence < max(self.min_confidence, UNSURE) and follow_up.text != question.text:
            best = self._in_own_words(question, best, follow_up, place, texts)
        compared = comparison(question.asked)
        if compared and (both := self._compared(compared, texts)):
            return both
        if exchanged := self._with_its_value(question, picks, texts):
            return exchanged
        confidence = 0.0 if compared and not names_one(compared, best) else best.confidence
        if not compared:
            if named := introduced(question.asked, *texts):
                if confidence < SURE >= self.min_confidence:
                    pick = Pick(named.document, named.sentence, (named.what,), SURE, named.previous)
                    return self._from_pick(question, pick)
                best = _with_all_that_introduces(best, named)
            if found := self._laid_out(question, best, confidence, texts):
                return found
        if confidence < self.min_confidence:
            return abstaining(texts, confidence, nearest=citations_of(best)[0])
        return self._shown(question, best, confidence, texts)

    def _compared(self, compared: Comparison, texts: Texts) -> Decided | None:
        """Two things weighed against each other; None where they cannot be, or not surely enough."""
        weighed = weigh(compared, lambda one: self.picker.pick(one, *texts))
        if weighed is None:
            return None
        confidence = min(pick.confidence for pick in weighed.picks)
        return self._from_both(weighed, confidence) if confidence >= self.min_confidence else None

    def _shown(self, question: Question, best: Pick, confidence: float, texts: Texts) -> Decided:
        """The pick beside one that contradicts it, else the whole list that it is of where that is asked for, else the
        pick alone."""
        rival = contradicting(question, best, *texts, lambda own: self.picker.pick(question, own, texts[1]))
        if rival:
            return self._from_rivals((best, rival))
        if laid := list_of(best.document, best.sentence):
            introduces_it = laid.lead is not None and laid.lead.end == best.sentence.end
            if all_of_it(question, "" if introduces_it else best.candidate.text, laid):
                return self._from_list(laid, confidence)
        return self._from_pick(question, best)

    def _with_its_value(self, question: Question, picks: Sequence[Pick], texts: Texts) -> Decided | None:
        """What says all that a yes/no question says but one number or date, in whose place it has another.

        How sure to be is what the question with the sentence's own value gives. It is denied where the picker leans to
        that; else the sentence stands there without a word: something may well happen twice.
        """
        for pick in picks[:_TRIED] if has_value(question) else ():
            candidate = pick.candidate
            changed = with_its_value(question, candidate.text)
            if changed is None and settle(self.picker, question, pick)[0]:
                return None
            if changed is None:
                continue
            meant = as_it_says(changed, candidate.text, candidate.document.text)
            if polarity_of(meant, candidate.text) != "yes":
                continue
            again = self.picker.pick(changed, *texts)
            same = [one for one in again if (one.document.id, one.sentence) == (pick.document.id, pick.sentence)]
            found = same[0] if same else pick
            if found.confidence >= self.min_confidence and settle(self.picker, meant, found)[0] == "yes":
                judged = heard(self.picker, question, candidate)
                denied = judged is not None and judged.denies is not None and judged.denies >= LIKELY
                denied = denied or settle(self.picker, question, pick)[0] == "no"
                return self._as_settled(found, "no", OTHERWISE) if denied else self._as_settled(found, None, VERBATIM)
        return None

    def _laid_out(self, question: Question, best: Pick, confidence: float, texts: Texts) -> Decided | None:
        """What the layout answers where the reader is less sure, or reads a row: steps, a cell, a line, a list by its
        heading.

        None where even that is not sure enough to be shown.
        """
        if max(SURE, confidence) < self.min_confidence:
            return None
        if confidence < _SURER and (laid := steps(question, *texts)):
            return self._from_list(laid, max(SURE, confidence))
        reads_a_row = is_row(best.document, best.sentence)
        if confidence < SURE or reads_a_row:
            if ranking := ranked(question, *texts):
                return self._from_ranking(ranking)
            cells = cells_asked_for(question, *texts)
            if (len(cells) == 1 or question.asks is Asks.LIST) and (found := self._from_cells(cells)):
                return found
        if confidence >= SURE:
            return None
        if line := line_at(question, *texts):
            return self._from_pick(question, Pick(line.document, line.line, (line.what,), SURE))
        laid = headed(question, *texts)
        return self._from_list(laid, SURE) if laid else None

    def _picks(self, question: Question, place: Place | None, texts: Texts) -> list[Pick]:
        """The sentences that may answer, best first, where a conversation is known to be with that weighed in."""
        picks = read_twice(self.picker, question, *texts)
        return place.weighed(picks) if place else picks

    def _in_own_words(
        self, question: Question, best: Pick, follow_up: Question, place: Place | None, texts: Texts
    ) -> Pick:
        """The pick for the person's own words, where these are read more surely: a rule may name the wrong thing, or
        spoil the grammar.

        How sure to be is the mean of both. What the rewritten question finds decides which document the own words are
        read in, and whatever yes or no there is rests on it. A document without a name or number of the rewritten
        question is about something else, which own words do not notice.
        """
        (passages, documents), document = texts, best.document
        text = f"{document.title}. {document.text}"
        if misnumbered(question.text, text) or not set(names_and_numbers(question.asked)) <= set(stems(text)):
            return best
        found = self._picks(follow_up, place, ([p for p in passages if p.document_id == document.id], documents))
        if not found or found[0].confidence <= best.confidence:
            return best
        own = replace(found[0], confidence=round((found[0].confidence + best.confidence) / 2, 4), entailed=False)
        if question.asks is Asks.YES_NO and settle(self.picker, question, own)[0] is None:
            return replace(own, short=(without_mark(document.text, own.sentence),))  # left open: no word of it answers
        return own

    def _from_both(self, weighed: Weighed, confidence: float) -> Decided:
        """Both sides' sentences, each a statement of its own; the short answer is the side that wins."""
        stated = state(self._lead(confidence), (*weighed.picks, weighed.naming))
        return answering_with(stated, confidence, (source_span(weighed.naming.document, weighed.winner),))

    def _from_rivals(self, picks: Sequence[Pick]) -> Decided:
        """What sources say against each other: a statement of each behind its title, and the values of all."""
        confidence = picks[0].confidence
        stated = state(self._lead(confidence) + DISAGREE, picks, titles=True)
        shorts = tuple(source_span(pick.document, span) for pick in picks for span in pick.short)
        return answering_with(stated, confidence, shorts, disagreement=True)

    def _from_list(self, laid: Laid, confidence: float) -> Decided:
        """A list as the text lays it out: the line that introduces it and each item, a statement and a line each."""
        lines = [Pick(laid.document, span, (), confidence) for span in (laid.lead, *laid.items) if span]
        stated = state(self._lead(confidence), lines, separator="\n")
        return answering_with(stated, confidence, tuple(source_span(laid.document, span) for span in laid.shorts()))

    def _from_cells(self, cells: Sequence[Cell]) -> Decided | None:
        """Rows of a table, which are read with the heads of its columns; the cells are the short answer.

        None for several cells of one row: which of them is asked for does not show.
        """
        rows = {cell.row for cell in cells}
        if not cells or len(rows) < len(cells):
            return None
        picks = [Pick(cell.document, cell.row, (cell.cell,), SURE, cell.heads) for cell in cells]
        stated = state(self._lead(SURE), picks, separator="\n")
        return answering_with(stated, SURE, tuple(source_span(cell.document, cell.cell) for cell in cells))

    def _from_ranking(self, ranking: Ranking) -> Decided:
        """The rows that were compared, the first one before the others."""
        picks = [Pick(ranking.document, line, (), SURE, ranking.heads) for line in ranking.lines]
        stated = state(self._lead(SURE), picks, separator="\n")
        return answering_with(stated, SURE, (source_span(ranking.document, ranking.short),))

    def _lead(self, confidence: float) -> str:
        return "" if confidence >= self.sure_confidence else POSSIBLY

    def _from_pick(self, question: Question, pick: Pick) -> Decided:
        return self._as_settled(pick, *settle(self.picker, question, pick))

    def _as_settled(self, pick: Pick, polarity: Polarity | None, reason: str) -> Decided:
        said = f"{polarity.capitalize()}. " if polarity and not begins_with(polarity, pick.candidate.text) else ""
        stated = state(self._lead(pick.confidence), [pick], said=said, reason=reason)
        shorts = tuple(source_span(pick.document, span) for span in pick.short)
        return answering_with(stated, pick.confidence, shorts, polarity)

    def _summary(self, question: Question, candidates: Sequence[Candidate]) -> Decided | None:
        """The sentences that stand for all; None where there are none."""
        chosen = central(candidates, length_asked(question.text), self.picker.vectors)
        if not chosen:
            return None
        picks = [Pick(c.document, c.sentence, (), 1.0, c.previous if leans(c.text) else None) for c in chosen]
        text, statements, citations = state("", picks)
        return Decided("summary", text, 1.0, citations, statements)


def _shares_a_letter(question: str, text: str) -> bool:
    """Whether a letter or digit of the question stands in the text: not for "?!", nor for another script's words."""
    return not {character for character in question.lower() if character.isalnum()}.isdisjoint(text.lower())


def _with_all_that_introduces(best: Pick, named: Introduction) -> Pick:
    """The pick with all the words that introduce somebody for its short answer, where that is a part of them."""
    if (named.document.id, named.sentence) != (best.document.id, best.sentence):
        return best
    part = any(named.what.start <= one.start and one.end <= named.what.end for one in best.short)
    return replace(best, short=(named.what,)) if part else best

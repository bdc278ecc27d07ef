"""Yes or no: what a sentence settles, by a rule that the model does not oppose, or else by the model alone."""

from __future__ import annotations

from rag.context import before
from rag.entailing import Judged
from rag.grounding import ENTAILED, JUDGED, SETTLES, VERBATIM, one_line
from rag.questions import Asks, Question
from rag.reading.similarity import Candidate, Pick, Picker, all_sentences
from rag.reading.yesno.doubts import doubted
from rag.reading.yesno.judging import opposed, settled
from rag.reading.yesno.polarity import polarity_of, unreal
from rag.reading.yesno.replies import is_question, replied, replies
from rag.schema import Document, Polarity


def settle(picker: Picker, question: Question, pick: Pick) -> tuple[Polarity | None, str]:
    """The yes or no that the pick settles, and the statement's reason.

    By a rule that the picker's judgement does not oppose, or else by that alone; where it opposes the words of the
    question themselves, nothing is settled.
    """
    if question.asks is not Asks.YES_NO:
        return None, VERBATIM
    polarity, reason = _found(picker, question, pick)
    if polarity and doubted(question, pick.candidate.text, polarity):
        return None, VERBATIM
    return polarity, reason


def heard(picker: Picker, question: Question, candidate: Candidate) -> Judged | None:
    """What the picker makes of the question beside the sentence alone and behind the one before: where both agree.

    The one before may say what is meant, and must not be what settles it: it is not cited.
    """
    judged = picker.judge(question.asked, f"{candidate.around} {candidate.text}")
    text, previous = candidate.document.text, before(all_sentences(candidate.document.text), candidate.sentence)
    if judged is None or previous is None or candidate.previous:
        return judged
    behind = f"{candidate.document.title}. {text[previous.start : previous.end]} {candidate.text}"
    return judged.least(picker.judge(question.asked, behind))


def _found(picker: Picker, question: Question, pick: Pick) -> tuple[Polarity | None, str]:
    candidate = pick.candidate
    sentence, around = candidate.text, candidate.around
    if is_question(sentence):
        return None, VERBATIM
    text = pick.document.text
    line = before(all_sentences(text), pick.sentence)
    above = text[line.start : line.end] if line else ""
    if replies(sentence, above):
        polarity = replied(question, sentence, above)
        return polarity, SETTLES if polarity else VERBATIM
    judged = heard(picker, question, candidate)
    own = polarity_of(question, sentence)
    if polarity := own or polarity_of(question, sentence, around, pick.entailed):
        if polarity == "yes" and unreal(question, sentence):
            return None, VERBATIM
        if not opposed(polarity, judged):
            return polarity, SETTLES if own else ENTAILED
        if own:
            return None, VERBATIM
    if _is_title(sentence, pick.document):
        return None, VERBATIM
    polarity = settled(question, sentence, around, judged)
    return polarity, JUDGED if polarity else VERBATIM


def _is_title(sentence: str, document: Document) -> bool:
    """Whether it is the title, or the first line, that names what the text is about and says nothing of it."""
    first, _, rest = document.text.strip().partition("\n")
    heads = rest and not first.rstrip().endswith((".", "!", "?"))
    return one_line(sentence) in (one_line(document.title), one_line(first) if heads else "")

"""Questions with several passages to read together, as in use: the own one among others that look right, or only those.

The training's second stage: what is scored is one choice among all spans of the group and "none of them answers", so
the scores of different passages learn to compare (shared normalisation; Clark and Gardner, ACL 2018). The questions
that were written for this project are read over the passages of their own text.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rag.reading.yesno.clauses import negated
from rag.training.asked import Query, examples
from rag.training.data import Example, files_in
from rag.training.mixture import Recipe, trainable
from rag.training.negatives import Others
from rag.training.variations import worded

GROUPED = {"squadshifts_new_wiki": 3000, "squadshifts_reddit": 1000, "squadshifts_amazon_reviews": 1000, "qamr": 0}
"""At most so many questions of each file, drawn anew each epoch; of other files all. qamr's are single sentences."""


def groups(folder: Path, recipe: Recipe, epoch: int = 0) -> Iterator[tuple[Example, ...]]:
    """Groups of `recipe.passages` examples with one question, in one wording; its own passage is missing from some.

    A file with too few passages that look right for a question gives no group for it.
    """
    chance = random.Random(f"groups {recipe.seed} {epoch}")
    for name, path in files_in(folder).items():
        examples = trainable(name, path, recipe)
        at_most = int(recipe.share * GROUPED[name]) if name in GROUPED else len(examples)
        others = Others(examples)
        for example in chance.sample(examples, min(at_most, len(examples))):
            own = not example.answers or chance.random() >= recipe.removed
            found = others.of(example)
            wanted = recipe.passages - own
            if len(found) >= wanted:
                members = [*([example] if own else []), *chance.sample(found, wanted)]
                chance.shuffle(members)
                yield _alike(members, chance, recipe)


def asked_groups(
    queries: Sequence[Query], recipe: Recipe, epoch: int = 0, reworded: Mapping[str, Sequence[str]] | None = None
) -> Iterator[tuple[Example, ...]]:
    """Groups of `recipe.passages` examples of one question: those of its text that answer, then others of it, then of
    other texts. None for a question whose answer no passage holds whole, nor for one that is answered with no without a
    word of negation: the spans tell only that a sentence settles it, and rules would make a yes of it.

    `reworded` are other wordings of the questions by their ids: each epoch draws one of them, or the question as it is.
    """
    chance = random.Random(f"asked {recipe.seed} {epoch}")
    over = {query: examples(query) for query in queries}
    strangers = [example for read in over.values() for example in read]
    for query, read in over.items():
        answering = [example for example in read if example.answers]
        if query.asked.answerable and (not answering or _is_no_in_other_words(query)):
            continue
        others = [example for example in read if not example.answers]
        chance.shuffle(others)
        drawn = chance.sample(strangers, min(recipe.passages + len(read), len(strangers)))  # its own may be among them
        more = [_asked_of(one, query) for one in drawn if one.title != read[0].title]
        members = [*answering, *others, *more][: recipe.passages]
        chance.shuffle(members)
        wordings = (query.asked.question, *(reworded or {}).get(query.asked.id, ()))
        question = wordings[chance.randrange(len(wordings))]
        yield _alike([one.model_copy(update={"question": question}) for one in members], chance, recipe)


def _is_no_in_other_words(query: Query) -> bool:
    return query.asked.polarity == "no" and not any(negated(words) for words in query.asked.evidence)


def _asked_of(stranger: Example, query: Query) -> Example:
    return stranger.model_copy(update={"id": query.asked.id, "question": query.asked.question, "answers": ()})


def _alike(members: Sequence[Example], chance: random.Random, recipe: Recipe) -> tuple[Example, ...]:
    """The question in the same words for all, and either all passages with their titles or none."""
    question = members[0].question
    asked = worded(question, chance) if chance.random() < recipe.worded else question
    titled = chance.random() < recipe.titled
    return tuple(e.model_copy(update={"question": asked, "title": e.title if titled else ""}) for e in members)

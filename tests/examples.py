"""A question about a passage, as the training has them."""

from rag.training.data import Example, GoldSpan

CONTEXT = (
    "The Kestrel observatory was opened by Ada Lindqvist in 1987. It stands on a hill near the town of Varhaug. "
    "The dome is made of copper and weighs forty tonnes. Visitors may come on Sundays, and schools on any day."
)


def example(question="When did Ada Lindqvist open the observatory?", answer="1987", context=CONTEXT, **changes):
    answers = (GoldSpan(text=answer, start=context.index(answer)),) if answer else ()
    return Example(
        **{"id": "1", "question": question, "title": "Kestrel", "context": context, "answers": answers} | changes
    )

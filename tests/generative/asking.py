"""What the tests of the generative reader ask, and how they look at what is said."""

from rag.schema import Document

KEY = "sk-hunter2"
WHO = "Who brought tea to Lisbon?"
SAYS = "Maria Lopes brought it to Lisbon in 1921."
COSTS = Document(title="Costs", text="The costs were not disclosed. Nvidia sold 40 chips to South Korea in 2019.")


def said(answer):
    return [(answer.text[s.start : s.end], s.verdict) for s in answer.statements]

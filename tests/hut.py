"""A text laid out in lists, as the house rules of a hut are."""

from rag.reading.similarity import all_sentences
from rag.schema import Document

HUT = Document(
    title="Birch Hut",
    text="""Birch Hut

The hut sleeps 18 people.

What to bring:
- a sleeping bag. Ask for a sheet.
- sturdy shoes,
  best with a firm sole
- cash, as cards are not accepted

## House rules

1. Shoes are left in the porch.

2. Dogs sleep in the wood shed.

Wardens
* Ines Halvorsen

The hut is closed in winter.
""",
)


def sentence(words, document=HUT):
    return next(s for s in all_sentences(document.text) if words in document.text[s.start : s.end])


def texts(spans, document=HUT):
    return [document.text[span.start : span.end] for span in spans]


BRING = [
    "a sleeping bag. Ask for a sheet.",
    "sturdy shoes,\n  best with a firm sole",
    "cash, as cards are not accepted",
]
RULES = ["Shoes are left in the porch.", "Dogs sleep in the wood shed."]

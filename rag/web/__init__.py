"""The web chat: a conversation on the left, the source with every citation marked on the right.

From the outside in:

    serving                     address, port, theme; the texts and models open behind the page (opening)
    layout, page                what stands where; which event does what
    desk, texts                 the events of the conversation, and of the panel of texts
    visitors, corpora           what is kept of a visitor; what a visitor can ask
    uploads, following          files to Documents; the progress of something long
    export, feedback            what is taken away; what is thought of answers
    render, reply, wording      the conversation as HTML
    suggestions                 what may be asked next
    source, marks, listing      the source and the list of texts as HTML
    entries, cutting, markup    what those are made of
    *.js, *.css                 movement and looks, one file a part; no text is cut there
"""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it while it is imported

from rag.web.page import build_page
from rag.web.serving import launch, open_page, serve

__all__ = ["build_page", "launch", "open_page", "serve"]

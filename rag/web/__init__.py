"""The web chat: a conversation on the left, the source with every citation marked on the right."""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it while it is imported

from rag.web.page import build_page
from rag.web.serving import launch, open_page, serve

__all__ = ["build_page", "launch", "open_page", "serve"]

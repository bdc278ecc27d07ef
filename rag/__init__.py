"""Answers about a text from that text alone, each with an exact citation.

>>> from rag import answer
>>> answer("How many chips will Nvidia supply?").short  # doctest: +SKIP
'more than 260,000'
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from rag.errors import RagError
from rag.schema import Answer, Citation, Conversation, Document, Message, Passage, Statement

if TYPE_CHECKING:
    from rag.pipeline import Pipeline, answer
    from rag.settings import Settings
    from rag.verification.checking import CheckedStatement, check_grounding

__all__ = [
    "Answer",
    "CheckedStatement",
    "Citation",
    "Conversation",
    "Document",
    "Message",
    "Passage",
    "Pipeline",
    "RagError",
    "Settings",
    "Statement",
    "answer",
    "check_grounding",
]
__version__ = "0.1.0"

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before onnxruntime is imported: later it has already sent something

_LATE = {
    "CheckedStatement": "rag.verification.checking",
    "check_grounding": "rag.verification.checking",
    "answer": "rag.pipeline",
    "Pipeline": "rag.pipeline",
    "Settings": "rag.settings",
}


def __getattr__(name: str) -> Any:
    """Import the pipeline on first use only: `import rag` stays light (PEP 562)."""
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'rag' has no attribute {name!r}")

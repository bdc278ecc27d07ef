"""What one question is asked of: an index as it was then, or some of its documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.errors import CorpusError
from rag.index import Index, names_in, words_of
from rag.questions.capitals import Names
from rag.schema import Document


@dataclass(frozen=True)
class Scope:
    """What one question is asked of: the index as it was then, and the ids that it is restricted to; None for all."""

    index: Index
    allowed: set[str] | None

    @classmethod
    def of(cls, index: Index, documents: Sequence[str] | None) -> Scope:
        """The documents with these ids; None for all. Raises CorpusError for an unknown one, or where there is none."""
        if documents is None:
            return cls(index, None)
        known = {document.id for document in index.documents}
        unknown = [document_id for document_id in documents if document_id not in known]
        if unknown or not documents:
            named = f"no document has the id {unknown[0]!r}" if unknown else "no document was chosen"
            raise CorpusError(f"{named}: the corpus has {', '.join(sorted(known)[:5])}")
        return cls(index, set(documents))

    @cached_property
    def documents(self) -> dict[str, Document]:
        """The documents that it may be answered from, by their ids."""
        return {d.id: d for d in self.index.documents if self.allowed is None or d.id in self.allowed}

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of these documents in lower case, by which a question's typing errors are known."""
        return self.index.words if self.allowed is None else words_of(self.documents.values())

    @cached_property
    def names(self) -> Names:
        """The names in these documents, by which one in small letters in a question is known."""
        return self.index.names if self.allowed is None else names_in(self.documents.values())

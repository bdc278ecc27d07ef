from types import SimpleNamespace
from typing import Any

import pytest

from rag.errors import CorpusError
from rag.index.scope import Scope
from tests.fakes import MILK, TEA

INDEX: Any = SimpleNamespace(documents=(TEA, MILK))


def test_a_scope_holds_the_chosen_documents_alone():
    assert set(Scope.of(INDEX, None).documents) == {TEA.id, MILK.id}
    assert set(Scope.of(INDEX, [MILK.id]).documents) == {MILK.id}


@pytest.mark.parametrize(("chosen", "said"), [([], "no document was chosen"), (["x"], "no document has the id 'x'")])
def test_a_scope_of_nothing_is_refused(chosen, said):
    with pytest.raises(CorpusError, match=said):
        Scope.of(INDEX, chosen)

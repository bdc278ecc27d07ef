import inspect
import re

import pytest

import rag
from rag import errors


def drawn_tree():
    """{name: name of its parent} as the docstring of rag.errors draws it."""
    tree, above = {}, {}
    for line in errors.__doc__.splitlines():
        match = re.match(r"    ((?:│   |    )*(?:[├└]── )?)([A-Z]\w+)  ", line)
        if match:
            depth = len(match[1]) // 4
            tree[match[2]] = above.get(depth - 1, "Exception")
            above[depth] = match[2]
    return tree


def test_the_drawn_tree_is_the_real_one():
    classes = inspect.getmembers(errors, inspect.isclass)
    assert drawn_tree() == {name: cls.__base__.__name__ for name, cls in classes}


@pytest.mark.parametrize("name", rag.__all__)
def test_public_names_can_be_imported(name):
    assert getattr(rag, name).__name__ == name


def test_no_other_name_is_made_up():
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        _ = rag.nothing_of_that_name


def test_public_names_are_sorted():
    assert rag.__all__ == sorted(rag.__all__)

"""Every public module, class and function of the package says what it is."""

import ast
from pathlib import Path

import pytest

import tutelage

FILES = sorted(Path(tutelage.__file__).parent.rglob("*.py"))
KINDS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def silent(node, name=""):
    """Public definitions under this node without a docstring."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, KINDS) or child.name.startswith("_"):
            continue
        full = f"{name}.{child.name}" if name else child.name
        if ast.get_docstring(child) is None and not overload(child):
            yield full
        if isinstance(child, ast.ClassDef):
            yield from silent(child, full)


def overload(node):
    """A variant for types only, or a setter: its first definition speaks for it."""
    marks = [ast.unparse(d) for d in node.decorator_list]
    return any(m == "overload" or m.endswith(".setter") for m in marks)


def in_private_class(file):
    return file.name.startswith("_") and file.name != "__init__.py"


@pytest.mark.parametrize("file", FILES, ids=lambda f: "/".join(f.parts[-2:]))
def test_every_public_definition_has_a_docstring(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert tree.body == [] or ast.get_docstring(tree) is not None
    assert not list(silent(tree))

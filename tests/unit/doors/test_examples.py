"""The examples in the docstrings of this package are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from tutelage.doors import exchange

MODULES = [m.name for m in pkgutil.iter_modules(exchange.__path__, f"{exchange.__name__}.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0

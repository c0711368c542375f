import doctest
import importlib

import pytest

MODULES = [
    "domain.entry",
    "domain.focus",
    "evidence.ability",
    "evidence.asks",
    "evidence.health",
    "evidence.novelty",
    "evidence.plain",
    "evidence.results",
    "evidence.sameness",
    "evidence.self_observation",
    "guidance.simulate.estimates",
    "guidance.simulate.measured",
    "guidance.words",
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_hold(name):
    tried = doctest.testmod(importlib.import_module(f"tutelage.{name}"))
    assert tried.attempted > 0
    assert tried.failed == 0

"""Every public name, every event and every level has its line."""

import inspect
import re

import pytest

import tutelage
from tutelage import Tutelage, trainers
from tutelage.domain import errors
from tutelage.domain.events import KINDS, DesignDrawn, Proposed
from tutelage.domain.terms import Level, Phase, Role, Visibility
from tutelage.doors import cli
from tutelage.evidence import (
    asks,
    attribution,
    design,
    dose,
    forks,
    health,
    looks,
    notyet,
    plain,
    pooling,
    probes,
    sameness,
    self_observation,
    single_case,
    withdrawal,
)
from tutelage.guidance import (
    attributing,
    brief,
    evidence,
    policy,
    programme,
    roles,
    threshold,
    trajectory,
    turn,
)
from tutelage.guidance.simulate import measured, plan
from tutelage.service.visit import Visit


@pytest.fixture(scope="module")
def glossary(docs):
    return docs["docs/glossary.md"]


def classes(module):
    """The public classes that a module defines."""
    found = inspect.getmembers(module, inspect.isclass)
    return [n for n, c in found if c.__module__ == module.__name__ and not n.startswith("_")]


def missing(names, page):
    return [n for n in names if not re.search(rf"`{re.escape(n)}`", page)]


def test_every_name_the_package_exports(glossary):
    assert not missing([*tutelage.__all__, *trainers.__all__], glossary)


def test_every_event(glossary):
    assert not missing([cls.__name__ for cls in KINDS.values()], glossary)


@pytest.mark.parametrize("cls", [Tutelage, Visit])
def test_every_public_method(glossary, cls):
    names = [f"{cls.__name__}.{n}" for n in vars(cls) if not n.startswith("_")]
    assert not missing([n for n in names if not n.endswith(("key", "actor"))], glossary)


def test_every_level_and_phase(glossary):
    assert not missing([level.word for level in Level], glossary)
    assert not missing([phase.value for phase in Phase], glossary)


def test_every_field_of_drawn_starts(glossary):
    agreed = [n for n in Proposed.model_fields if "start" in n or "design" in n]
    assert len(agreed) == 3
    assert not missing([*agreed, *(n for n in DesignDrawn.model_fields if n != "kind")], glossary)


def test_every_role_and_visibility(glossary):
    words = [*(r.value for r in Role), *(v.value for v in Visibility)]
    assert not [w for w in words if w not in glossary]


MET = (
    *(attributing, brief, evidence, policy, programme, roles, threshold, trajectory, turn, errors),
    *(asks, attribution, design, dose, forks, health, looks, notyet, plain, pooling, probes),
    *(sameness, self_observation, single_case, withdrawal, measured, plan),
)


@pytest.mark.parametrize("module", MET, ids=lambda m: m.__name__)
def test_every_class_a_door_or_an_agent_meets(glossary, module):
    assert not missing(classes(module), glossary)


def test_every_command(glossary, docs):
    groups = {g.name: g.typer_instance.registered_commands for g in cli.app.registered_groups}
    names = [c.name or c.callback.__name__ for c in cli.app.registered_commands]
    names += [f"{group} {c.name}" for group in ("goal", "bank") for c in groups[group]]
    assert not missing([*names, "write"], glossary)
    assert not [n for n in names if f"`{n}" not in docs["docs/reference/commands.md"]]

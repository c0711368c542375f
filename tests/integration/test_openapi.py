"""The OpenAPI document against the application: no 5xx, no undocumented status or content."""

from __future__ import annotations

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support import seeded
from tests.support.doors import Rest
from tests.support.seeded import opened, own_call
from tutelage import Tutelage
from tutelage.doors.api import api

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = int(os.environ.get("TUTELAGE_OPENAPI_EXAMPLES", "10"))


def operations(app):
    document = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    return {found.ok().label: found.ok() for found in document.get_all_operations()}


def labels():
    """Every operation of the document; it says nothing of any database."""
    with Tutelage("sqlite://") as desk:
        return [*operations(api(desk))]


@pytest.fixture(scope="module")
def rest(tmp_path_factory):
    file = tmp_path_factory.mktemp("openapi") / "t.db"
    with seeded.desk(f"sqlite:///{file}") as desk:
        seeded.guide(desk)
        desk.write("r", opened("s"), actor="leo")
        desk.write("r", own_call("s"), actor="leo")
        made = Rest(desk)
        app = api(desk, rate=1e6, burst=1e6)  # without MCP, whose lifespan cannot be begun twice
        made.operations = operations(app)
        yield made


def _known(case):
    """Half of the requests are about what is there, or nothing but 404 would be tested."""
    if "relationship" in (case.path_parameters or {}):
        case.path_parameters["relationship"] = "r"
    if "situation" in (case.path_parameters or {}):
        case.path_parameters["situation"] = "s"
    if isinstance(case.body, dict) and "situation" in case.body:
        case.body["situation"] = "s"


@pytest.mark.parametrize("label", labels())
def test_a_route_answers_as_the_document_says(label, rest):
    keys = {actor: rest.key(actor) for actor in ("leo", "mia", "eve")}

    @given(st.data(), st.sampled_from([*keys]), st.booleans(), st.sampled_from(GenerationMode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(data, actor, known, mode):
        case = data.draw(rest.operations[label].as_strategy(generation_mode=mode))
        if known:
            _known(case)
        if "seconds" in (case.query or {}) or case.path.endswith("/events"):
            case.query = {**(case.query or {}), "seconds": 0}
        case.call_and_validate(
            headers={"Authorization": f"Bearer {keys[actor]}"},
            checks=CHECKS,
        )

    run()

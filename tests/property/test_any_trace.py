"""Whatever a file of traces holds: a run, a skip with its reason, or a refusal. Nothing else."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.traces import DIALOGUE, chat, inspect, log, request, sample, span
from tutelage.domain.entry import split
from tutelage.domain.errors import Malformed
from tutelage.domain.text import TEXT_LIMIT
from tutelage.doors.exchange.formats import FORMATS
from tutelage.doors.exchange.outline import messages, steps
from tutelage.doors.exchange.run import Run, Skip

MANY = int(os.environ.get("ODD_TRACES", "60"))
TEXTS = st.text(st.characters(exclude_categories=()), max_size=8)
LEAVES = st.none() | st.booleans() | st.integers(-5, 2**70) | st.floats() | TEXTS
ODD = st.recursive(
    LEAVES, lambda i: st.lists(i, max_size=3) | st.dictionaries(TEXTS, i, max_size=3), max_leaves=8
)
PHOENIX = {
    "context": {"trace_id": "t", "span_id": "s"},
    "span_kind": "LLM",
    "start_time": "2026-03-02T12:00:00+00:00",
    "attributes": {"llm": {"input_messages": [{"message": {"role": "user", "content": "x"}}]}},
    "annotations": [{"name": "n", "result": {"score": 1}}],
}
WHOLE = {
    "openai": log(trace_id="t", mistake_reason="why", info={"reward_info": {"info": {"r": 1}}}),
    "otel": request([span("t", "s", 1, chat(), status={"code": 2}, events=[{"name": "x"}])]),
    "openinference": PHOENIX,
    "inspect": inspect(sample(attachments={"a": "b"}, error={"message": "x"})),
}


def places(value, here=()):
    """Every place in a nested value."""
    yield here
    if isinstance(value, dict | list):
        named = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inner in named:
            yield from places(inner, (*here, name))


def put(value, place, new):
    """The value with something else in one place."""
    if not place:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[place[0]] = put(copied[place[0]], place[1:], new)
    return copied


def found(name, file):
    try:
        return list(FORMATS[name](file))
    except Malformed:
        return []


def is_whole(run):
    """Its entries can be written, and its messages come back."""
    for step in steps(run, ("order",)):
        _facts, texts = split(step.event)
        assert all(t.strip() and len(t.encode()) <= TEXT_LIMIT for t in texts)
        if step.name == "opened":
            assert json.dumps(messages(step.event)) == json.dumps(list(run.messages))


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=MANY)
@given(data=st.data())
def test_one_odd_value_anywhere_makes_a_run_a_skip_or_a_refusal(tmp_path_factory, name, data):
    place = data.draw(st.sampled_from(list(places(WHOLE[name]))))
    record = put(WHOLE[name], place, data.draw(ODD))
    file = tmp_path_factory.mktemp("odd") / "t.json"
    file.write_text(json.dumps(record))
    for one in found(name, file):
        assert isinstance(one, Skip) or is_whole(one) is None


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.binary(max_size=60))
def test_any_bytes_make_no_run_and_no_crash(tmp_path_factory, name, data):
    file = tmp_path_factory.mktemp("bytes") / "t.json"
    file.write_bytes(data)
    assert not [one for one in found(name, file) if isinstance(one, Run)]


@given(st.lists(st.dictionaries(TEXTS, ODD, max_size=4), min_size=1, max_size=4))
def test_any_messages_come_back_as_they_were(odd):
    is_whole(Run("t", [*DIALOGUE, *odd]))

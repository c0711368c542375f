"""An imported decision is unaided only where its trace shows that; else it is no evidence."""

from __future__ import annotations

import pytest

from tests.support import seeded
from tests.support.terminal import Terminal
from tests.support.traces import ASKS, ENDS, lines, log, request, span
from tutelage.domain.terms import Party


@pytest.fixture
def imported(sqlite_url, tmp_path, monkeypatch, capsys):
    """Imports these records, and returns what came of the first."""
    run = Terminal(sqlite_url, monkeypatch, capsys)
    with seeded.desk(sqlite_url) as desk:
        seeded.agree(desk, learner=Party(id="bot", kind="agent", owner="ann"))

    def first(record, name="openai"):
        file = lines(tmp_path / "t.jsonl", record)
        answer = run.json("import-traces", file, "--to", "r", "--format", name)
        with seeded.desk(sqlite_url) as desk:
            return answer, desk.state("r").situations[0]

    return first


def asks(tool):
    return {"role": "assistant", "tool_calls": [{"function": {"name": tool, "arguments": "{}"}}]}


def test_a_decision_that_was_helped_is_no_evidence_and_nobody_rates_it(imported):
    answer, known = imported(log(messages=[ASKS, asks("ask_expert"), ENDS]))
    assert (answer["decisions"], answer["unaided"]) == (1, 0)
    assert (known.evidence_subject, known.asked) == (None, ())
    assert known.decision.event.advice_why == "The trace shows help before it: person."


def test_where_the_trace_does_not_say_it_is_no_evidence_either(imported):
    tool = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "cancel"}
    answer, known = imported(request([span("1" * 32, "a", 1, tool)]), "otel")
    assert answer["unaided"] == 0
    assert (known.evidence_subject, known.decision.event.advice) == (None, "unknown")
    assert known.consulted is False


def test_nobody_waits_for_an_account_of_an_imported_run(imported, sqlite_url):
    imported(log())
    with seeded.desk(sqlite_url) as desk:
        assert {w.what for w in desk.turn("r").waiting} == {"rate"}

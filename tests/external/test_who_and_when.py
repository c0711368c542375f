"""126 failed runs of several agents, annotated by people: each annotation becomes a debrief.

Who&When (ag2ai/Agents_Failure_Attribution): whose mistake it was, at which step, and why.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import seeded
from tests.support.terminal import Terminal
from tutelage.domain.terms import Party

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "who_and_when" / "Algorithm-Generated"
FILES = sorted(FOLDER.glob("*.json"))

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(not FILES, reason="Who&When is not there"),
]


@pytest.fixture
def imported(tmp_path, monkeypatch, capsys):
    """The first forty runs in a relationship, with what the command said."""
    run = Terminal(f"sqlite:///{tmp_path / 'who.db'}", monkeypatch, capsys)
    with seeded.desk(f"sqlite:///{tmp_path / 'who.db'}") as desk:
        seeded.agree(desk, learner=Party(id="bot", kind="agent", owner="ann"))
        answer = run.json("import-traces", *FILES[:40], "--to", "r", "--debriefs-by", "mia")
        yield answer, desk.state("r")


def test_annotations_become_debriefs_with_agent_step_and_reason(imported):
    answer, state = imported
    assert (answer["situations"], answer["debriefs"]) == (40, 40)
    told = [json.loads(file.read_text()) for file in FILES[:40]]
    for record, known in zip(told, state.situations, strict=True):
        (debrief,) = known.debriefs
        who = f"{record['mistake_agent']}, step {record['mistake_step']}"
        assert debrief.event.why == f"{who}: {record['mistake_reason']}"


def test_an_agent_among_others_was_not_unaided(imported):
    answer, state = imported
    assert answer["unaided"] == 0
    assert not [s.key for s in state.situations if s.evidence_subject]


def test_every_run_can_be_read(tmp_path, monkeypatch, capsys):
    run = Terminal(f"sqlite:///{tmp_path / 'who.db'}", monkeypatch, capsys)
    answer = run.json("import-traces", *FILES)
    assert (answer["situations"], answer["skipped"]) == (126, 0)
    assert len(answer["breaks"]["failed_once"]) == 126

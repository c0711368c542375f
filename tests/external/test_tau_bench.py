"""One hundred real dialogues of a tool-using agent: nothing is lost, and what always fails is named.

tau-bench (sierra-research): 25 airline tasks, four trials each, of a gpt-4o agent.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import seeded
from tests.support.terminal import Terminal
from tutelage.domain.terms import Party

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "tau_bench"
LOG, POLICY = FOLDER / "gpt-4o-airline.json", FOLDER / "airline_policy.md"

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(not LOG.exists(), reason="tau-bench is not there"),
]


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    return Terminal(f"sqlite:///{tmp_path / 'tau.db'}", monkeypatch, capsys)


@pytest.fixture
def records():
    return json.loads(LOG.read_text())


def test_all_dialogues_are_imported_and_their_messages_come_back_identical(run, tmp_path, records):
    with seeded.desk(f"sqlite:///{tmp_path / 'tau.db'}") as desk:
        seeded.agree(desk, learner=Party(id="bot", kind="agent", owner="ann"))
    answer = run.json("import-traces", LOG, "--to", "r")
    counts = [answer[n] for n in ("situations", "decisions", "outcomes", "skipped", "shortened")]
    assert counts == [100, 100, 100, 0, 0]
    back = [json.loads(line) for line in run("dataset", "r", "--messages").out.splitlines()]
    assert [row["messages"] for row in back] == [r["traj"] for r in records]
    assert [row["outcome"]["measure"] for row in back] == [r["reward"] for r in records]


def test_the_report_names_the_tasks_that_always_fail_and_those_that_sometimes_do(run, records):
    breaks = run.json("import-traces", LOG, "--policy", POLICY)["breaks"]
    rewards = {}
    for record in records:
        rewards.setdefault(str(record["task_id"]), []).append(record["reward"])
    assert {t["task"] for t in breaks["always_fail"]} == {
        task for task, of in rewards.items() if not any(of)
    }
    assert [t["task"] for t in breaks["always_fail"]] == [
        "0",
        "4",
        "8",
        "10",
        "14",
        "22",
        "28",
        "32",
    ]
    assert {t["task"] for t in breaks["fail_sometimes"]} == {
        task for task, of in rewards.items() if 0 < sum(of) < len(of)
    }
    headings = ("Book flight", "Modify flight", "Cancel flight", "Refund")
    named = {c["name"] for c in breaks["criteria"]}
    assert named == {f"{heading} (by words in common)" for heading in headings}


def test_records_that_are_no_dialogues_are_skipped_with_their_lines(run):
    answer = run.json("import-traces", FOLDER / "airline_few_shot.jsonl")
    (reason,) = answer["reasons"]
    assert (answer["situations"], reason["reason"]) == (0, "a record without messages")
    assert reason["where"][0] == "airline_few_shot.jsonl:1"


def test_criteria_are_proposed_from_the_agents_own_policy(run, tmp_path):
    answer = run.json("goal", "propose", POLICY, "--out", tmp_path / "goal.toml")
    assert answer["criteria"] == ["book-flight", "modify-flight", "cancel-flight", "refund"]
    checked = run.json("goal", "check", tmp_path / "goal.toml")
    assert [m["part"] for m in checked["missing"]] == ["situation", "behaviour", "today", "horizon"]

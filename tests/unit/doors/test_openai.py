"""Message logs: which records are dialogues, how they came out, and whether anybody helped."""

from __future__ import annotations

import json

import pytest

from tests.support.traces import ASKS, CALLS, DIALOGUE, ENDS, SYSTEM, lines, log
from tutelage.doors.exchange.openai import moment, runs
from tutelage.doors.exchange.run import Annotation, Skip


@pytest.fixture
def read(tmp_path):
    def read(*records):
        return list(runs(lines(tmp_path / "log.jsonl", *records)))

    return read


def test_a_dialogue_keeps_its_messages_its_task_and_its_reward(read):
    (run,) = read(log(task=4, trial=2, reward=0.0))
    assert list(run.messages) == log(task=4, trial=2)["messages"]
    assert (run.task, run.reward, run.where) == ("4", 0.0, "log.jsonl:1")


def test_a_trace_without_an_id_is_named_by_task_trial_and_content(read):
    one, other = read(log(trial=1), log(trial=1, messages=[ASKS, ENDS]))
    assert one.trace.startswith("task-1.trial-1.")
    assert one.trace != other.trace


def test_a_trace_keeps_the_id_that_it_has(read):
    (run,) = read(log(trace_id="Tr 1/ü"))
    assert run.trace == "Tr 1/ü"
    assert run.named.startswith("Tr-1:")


@pytest.mark.parametrize(
    ("reward", "expected"),
    [(1, 1.0), (True, 1.0), (False, 0.0), ("0.5", 0.5), (None, None), ("good", None), ([], None)],
)
def test_a_reward_is_a_number_or_not_known(read, reward, expected):
    (run,) = read(log(reward=reward))
    assert run.reward == expected


def test_a_reward_that_is_no_number_is_not_known(read):
    (run,) = read('{"messages": [{"role": "user", "content": "x"}], "reward": NaN}')
    assert run.reward is None


def test_a_record_without_messages_is_skipped_with_its_line(read):
    found = read(log(), {"messages_display": "user: hi"}, 7, {"messages": []}, [1, 2])
    assert [f.where for f in found if isinstance(f, Skip)] == [
        f"log.jsonl:{n}" for n in range(2, 6)
    ]


def test_a_file_of_messages_is_one_dialogue(tmp_path, read):
    (tmp_path / "one.json").write_text(json.dumps(DIALOGUE))
    (run,) = runs(tmp_path / "one.json")
    assert list(run.messages) == DIALOGUE
    (again,) = read(*DIALOGUE)
    assert list(again.messages) == DIALOGUE


def test_a_request_with_its_response_is_a_dialogue(read):
    response = {"choices": [{"message": ENDS}]}
    (run,) = read({"id": "c-1", "request": {"messages": [SYSTEM, ASKS]}, "response": response})
    assert list(run.messages) == [SYSTEM, ASKS, ENDS]


# whether it was unaided --------------------------------------------------------------------------
def called(name):
    return {"role": "assistant", "tool_calls": [{"function": {"name": name, "arguments": "{}"}}]}


@pytest.mark.parametrize(
    ("messages", "helped"),
    [
        (DIALOGUE, "nobody"),
        ([ASKS, called("transfer_to_human_agents"), ENDS], "nobody"),
        ([ASKS, called("think"), ENDS], "nobody"),
        ([ASKS, called("ask_expert"), ENDS], "person"),
        ([ASKS, called("consult"), ENDS], "ai"),
        ([ASKS, called("get_advice"), ENDS], "ai"),
        ([CALLS, ENDS], "unknown"),
        ([SYSTEM, ENDS], "unknown"),
        ([SYSTEM, ASKS], "unknown"),
        ([ASKS, {**ENDS, "name": "planner"}, {**ENDS, "name": "coder"}], "ai"),
    ],
)
def test_a_decision_is_unaided_only_where_the_whole_trace_shows_it(read, messages, helped):
    (run,) = read(log(messages=messages))
    assert run.helped == helped


def test_an_annotated_failure_says_whose_mistake_it_was_and_why(read):
    failed = {
        "history": [{"role": "user", "name": "Planner", "content": "Count them."}],
        "question": "How many?",
        "question_ID": "q-1",
        "is_correct": False,
        "mistake_agent": "Planner",
        "mistake_step": "3",
        "mistake_reason": "It did not read the table.",
        "system_prompt": {"Planner": "You plan.", "Coder": "You code."},
        "ground_truth": "8",
    }
    (run,) = read(failed)
    assert run.annotation == Annotation("It did not read the table.", "Planner", "3")
    assert (run.trace, run.asked, run.reward, run.helped) == ("q-1", "How many?", 0.0, "ai")
    assert run.outcome == "The answer would have been: 8"


@pytest.mark.parametrize("value", ["2026-03-02T12:00", "soon", True, float("inf"), 1e300, None])
def test_a_time_without_a_zone_or_sense_is_none(value):
    assert moment(value) is None


def test_a_time_may_be_seconds(read):
    (run,) = read(log(created=1_772_452_800))
    assert run.started.isoformat() == "2026-03-02T12:00:00+00:00"

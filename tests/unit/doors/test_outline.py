"""A run as entries: what was asked, done and why; and its messages, whole or cut with a word."""

from __future__ import annotations

import json

import pytest

from tests.support.traces import ANSWERS, ASKS, CALLS, DIALOGUE, ENDS, SYSTEM
from tutelage.domain.text import TEXT_LIMIT
from tutelage.doors.exchange.outline import Chosen, decision, messages, situation, steps
from tutelage.doors.exchange.raw import ROOM, pack, unpack
from tutelage.doors.exchange.run import Annotation, Run, calls, said


def run(messages=DIALOGUE, **more):
    return Run(**{"trace": "t-1", "messages": messages, "task": "7", "reward": 0.0, **more})


def entries(of):
    return {s.name: s.event for s in steps(of, ("order", "people"))}


# what it says ------------------------------------------------------------------------------------
def test_a_run_is_a_situation_a_decision_and_an_outcome():
    opened, decided, came_out = (e for e in entries(run()).values())
    assert (opened.source, opened.retold, opened.trace) == ("trace", True, "t-1")
    assert (opened.text, opened.facts) == ("Cancel my flight, please.", {"task": "7"})
    assert decided.decision == 'Called: cancel("id": 7)\nSaid at the end: Your flight is cancelled.'
    assert (came_out.measure, came_out.unit, came_out.known) == (0.0, "reward", True)


def test_it_says_how_it_was_chosen_and_with_what_chance():
    chosen = Chosen("drawn", 0.05, because_bad=True)
    opened = next(steps(run(), ("order",), chosen)).event
    assert (opened.chosen, opened.probability, opened.because_bad) == ("drawn", 0.05, True)


def test_what_was_asked_is_all_that_the_user_said():
    more = {"role": "user", "content": "The one on Monday."}
    assert situation(run([*DIALOGUE, more])) == "Cancel my flight, please.\nThe one on Monday."


def test_where_agents_talk_as_users_only_the_first_word_is_the_task():
    talk = [{**ASKS, "name": "Manager"}, {"role": "user", "name": "Coder", "content": "Done."}]
    assert situation(run(talk)) == "Cancel my flight, please."


def test_an_outcome_that_is_not_known_says_so():
    came_out = entries(run(reward=None))["came-out"]
    assert (came_out.known, came_out.measure) == (False, None)
    assert came_out.text == "The trace does not say how it came out."


def test_reasons_are_what_was_thought_or_said_beside_a_call():
    think = {"function": {"name": "think", "arguments": '{"thought": "It is allowed"}'}}
    thought = {"role": "assistant", "tool_calls": [think]}
    assert "It is allowed" in entries(run([ASKS, thought, ENDS]))["decided"].why
    assert "think" not in decision([ASKS, thought, ENDS])
    beside = {**CALLS, "content": "I cancel it now."}
    assert entries(run([ASKS, beside]))["decided"].why == "I cancel it now."
    assert entries(run())["decided"].why == "The trace gives no reasons."


def test_a_trace_that_says_nothing_still_makes_whole_entries():
    opened, decided, _ = entries(run([{"role": "user", "content": None}])).values()
    assert opened.text == "A run whose trace does not say what was asked: t-1"
    assert decided.decision == "The trace does not show what it did."


def test_an_annotation_is_a_debrief():
    note = Annotation("It did not read the table.", "Planner", "3")
    debrief = entries(run(annotation=note))["debriefed"]
    assert debrief.why == "Planner, step 3: It did not read the table."
    assert debrief.criteria == ("order", "people")


def test_the_same_run_has_the_same_name_and_another_content_another():
    assert run().key == run(where="elsewhere", reward=1.0).key
    assert run().key != run([*DIALOGUE, ENDS]).key != run(trace="t-2").key


@pytest.mark.parametrize("trace", ["a/b", "ü" * 200, "x" * 200, "-", "\ud800", "a b"])
def test_any_trace_id_has_a_name_that_the_ledger_takes(trace):
    opened = entries(run(trace=trace))["opened"]
    assert opened.trace
    assert run(trace=trace).named != run(trace=trace + "2").named


# messages, however they are written --------------------------------------------------------------
def test_content_in_parts_and_old_function_calls_are_read():
    parts = [{"type": "text", "text": "one"}, {"type": "image"}, "two"]
    assert said({"content": parts}) == "one\ntwo"
    assert said({"content": {"odd": 1}}) == ""
    assert list(calls({"function_call": {"name": "f", "arguments": "{}"}})) == [("f", "{}")]
    assert list(calls({"tool_calls": [None, {"function": "f", "arguments": {"a": 1}}]})) == [
        ("f", '{"a": 1}')
    ]


# raw evidence ------------------------------------------------------------------------------------
def back(of):
    return messages(entries(of)["opened"])


def test_messages_come_back_as_they_were():
    odd = {"role": "tool", "content": 'nul \x00 "quote" \ud800 😀', "n": [1.5, None, {"x": True}]}
    assert back(run([SYSTEM, ASKS, odd])) == [SYSTEM, ASKS, odd]


def test_a_huge_tool_result_is_cut_in_its_middle_and_says_so():
    huge = {**ANSWERS, "content": "a" * 1_000_000 + "END"}
    evidence, cut = pack(run([ASKS, CALLS, huge, ENDS]))
    kept = unpack(evidence)
    assert cut == 1
    assert len(evidence.encode()) <= ROOM < TEXT_LIMIT
    assert [m["role"] for m in kept] == ["user", "assistant", "tool", "assistant"]
    assert kept[2]["content"].endswith("END")
    assert "characters are left out here; sha256" in kept[2]["content"]
    assert json.loads(evidence)["cut"] == 1


def test_a_dialogue_of_too_many_messages_keeps_its_ends():
    long = [{"role": "user", "content": f"{n}"} for n in range(20_000)]
    kept = unpack(pack(run(long))[0])
    assert (kept[0]["content"], kept[-1]["content"]) == ("0", "19999")
    assert any("messages are left out here" in m["content"] for m in kept)


def test_one_message_of_a_million_parts_still_fits():
    parts = {"role": "user", "content": [{"type": "text", "text": "x"}] * 100_000}
    evidence, cut = pack(run([parts]))
    assert len(evidence.encode()) <= ROOM
    assert cut == 1


@pytest.mark.parametrize("evidence", ["no JSON", "[1]", "{}", '{"trace": "x", "messages": 3}'])
def test_other_evidence_is_no_trace(evidence):
    assert unpack(evidence) is None

"""Spans of generative AI as OTLP and OpenInference carry them: traces, messages, outcomes."""

from __future__ import annotations

import json
import random

import pytest

from tests.support.traces import chat, keyed, lines, request, span, told
from tutelage.doors.exchange import openinference, otel
from tutelage.doors.exchange.run import Run, Skip

T1, T2 = "1" * 32, "2" * 32
TOOL = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "cancel"}


@pytest.fixture
def read(tmp_path):
    def read(*records, of=otel):
        return list(of.runs(lines(tmp_path / "t.jsonl", *records)))

    return read


def evaluation(score, name="reward"):
    given = {"gen_ai.evaluation.name": name, "gen_ai.evaluation.score.value": score}
    return {"name": "gen_ai.evaluation.result", "attributes": keyed(given)}


# traces ------------------------------------------------------------------------------------------
def test_the_spans_of_a_trace_are_one_run_whatever_their_order_and_place(read):
    spans = [span(t, f"{n}", n, chat()) for t in (T1, T2) for n in range(1, 6)]
    random.Random(1).shuffle(spans)
    found = read(*(request([s]) for s in spans))
    assert [(r.trace, r.spans) for r in found] == [(T1, 5), (T2, 5)]
    assert found[0].started.isoformat() == "1970-01-01T00:00:01+00:00"


def test_one_document_says_the_same_as_a_line_a_request(tmp_path, read):
    spans = [span(t, "a", 1, chat()) for t in (T1, T2)]
    (tmp_path / "one.json").write_text(json.dumps(request(spans), indent=1))
    assert list(otel.runs(tmp_path / "one.json")) == read(request(spans))


def test_a_span_that_is_told_again_counts_once(read):
    replayed, run = read(request([span(T1, "a", 1, chat())] * 2))
    assert replayed.reason == "a span that was told before"
    assert run.spans == 1


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"traceId": T1}, "a span without its trace or its own id"),
        (request(["no span"]), "a span without its trace or its own id"),
        (span(T1, "a", startTimeUnixNano="soon"), "a span whose times are no numbers"),
        ({"logs": []}, "a record that is no span"),
        ([1], "a record that is no span"),
        (request([span(T1, "a")], schemaUrl="https://opentelemetry.io/schemas/2.0.0"), "schema"),
        (request([span(T1, "a", 1, {"http.method": "GET"})]), "a trace without a gen_ai span"),
    ],
)
def test_what_is_no_span_of_a_model_is_skipped_with_its_reason(read, record, reason):
    (skipped,) = read(record)
    assert isinstance(skipped, Skip)
    assert reason in skipped.reason
    assert skipped.where == "t.jsonl:1"


def test_times_beyond_all_clocks_stop_nothing(read):
    (run,) = read(request([span(T1, "a", 10**30, chat())]))
    assert run.started is None


def test_an_id_of_half_a_character_is_still_an_id(read):
    (run,) = read(request([span("\ud800", "\udfff", 1, chat())]))
    assert run.trace == "\ud800"


# messages ----------------------------------------------------------------------------------------
def messages(read, attributes, **more):
    (run,) = read(request([span(T1, "a", 1, attributes, **more)]))
    return list(run.messages)


ASKED = {"role": "user", "content": "Cancel my flight, please."}
ANSWERED = {"role": "assistant", "content": "Your flight is cancelled."}


def test_messages_are_read_as_json_and_as_a_structure(read):
    assert messages(read, chat()) == [ASKED, ANSWERED]
    structured = {"gen_ai.input.messages": [told("Cancel my flight, please.")]}
    assert messages(read, structured) == [ASKED]


def test_tool_calls_and_their_answers_are_messages_of_their_own(read):
    call = {"type": "tool_call", "id": "c1", "name": "cancel", "arguments": {"id": 7}}
    answer = {"type": "tool_call_response", "id": "c1", "response": "done"}
    thought = {"type": "reasoning", "content": "It is allowed."}
    said = [{"role": "assistant", "parts": [thought, call]}, {"role": "tool", "parts": [answer]}]
    calling, answering = messages(read, {"gen_ai.input.messages": json.dumps(said)})
    assert calling["tool_calls"][0]["function"] == {"name": "cancel", "arguments": '{"id": 7}'}
    assert calling["reasoning"] == "It is allowed."
    assert answering == {"role": "tool", "tool_call_id": "c1", "content": "done"}


def test_older_conventions_are_read_too(read):
    numbered = {"gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": ASKED["content"]}
    numbered["gen_ai.completion.0.content"] = ANSWERED["content"]
    assert messages(read, numbered) == [ASKED, ANSWERED]
    events = [
        {"name": "gen_ai.user.message", "attributes": keyed({"content": ASKED["content"]})},
        {"name": "gen_ai.choice", "attributes": keyed({"message": json.dumps(ANSWERED)})},
    ]
    assert messages(read, None, events=events) == [ASKED, ANSWERED]


def test_of_many_calls_the_fullest_conversation_is_kept(read):
    whole = [told("Cancel.", "user"), told("Which?", "assistant"), told("The first.", "user")]
    later = {"gen_ai.input.messages": json.dumps(whole), "gen_ai.output.messages": "not JSON"}
    (run,) = read(request([span(T1, "b", 2, later), span(T1, "a", 1, chat())]))
    assert len(run.messages) == 3


def test_without_content_it_is_known_which_tools_were_called_but_not_who_helped(read):
    (run,) = read(request([span(T1, "a", 1, TOOL)]))
    assert run.messages[0]["tool_calls"][0]["function"]["name"] == "cancel"
    assert run.helped == "unknown"


def test_with_content_a_single_agent_was_unaided_and_two_were_not(read):
    alone, pair = read(
        request([span(T1, "a", 1, chat())]),
        request([span(T2, n, 1, chat() | {"gen_ai.agent.name": n}) for n in ("a", "b")]),
    )
    assert (alone.helped, pair.helped) == ("nobody", "ai")


# outcomes ----------------------------------------------------------------------------------------
def outcome(read, *spans):
    (run,) = read(request(spans))
    return run.reward, run.unit, run.outcome


def test_evaluations_are_the_outcome(read):
    rated = span(T1, "a", 1, chat(), events=[evaluation(1), evaluation(0.5, "tone")])
    assert outcome(read, rated) == (0.75, "score", "reward 1, tone 0.5")


def test_an_error_at_the_root_is_a_failure(read):
    status = {"code": 2, "message": "timeout"}
    broken = span(T1, "a", 1, chat(), status=status)
    assert outcome(read, broken) == (0.0, "no error", "It ended in an error: timeout")
    inner = span(T1, "b", 2, TOOL, status=status, parentSpanId="a")
    assert outcome(read, span(T1, "a", 1, chat()), inner) == (None, "score", None)


def test_the_task_is_named_where_a_span_says_it(read):
    (run,) = read(request([span(T1, "a", 1, chat() | {"task_id": 7})]))
    assert run.task == "7"


# OpenInference -----------------------------------------------------------------------------------
FLAT = {
    "openinference.span.kind": "LLM",
    "llm.input_messages.0.message.role": "user",
    "llm.input_messages.0.message.content": "Cancel my flight, please.",
    "llm.output_messages.0.message.role": "assistant",
    "llm.output_messages.0.message.tool_calls.0.tool_call.id": "c1",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "cancel",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": '{"id": 7}',
}
ROW = {
    "name": "llm",
    "span_kind": "LLM",
    "context": {"trace_id": T1, "span_id": "a"},
    "parent_id": None,
    "start_time": "2026-03-02T12:00:00+00:00",
    "end_time": "2026-03-02T12:00:01+00:00",
    "status_code": "OK",
}
NESTED = {
    "llm": {
        "input_messages": [{"message": {"role": "user", "content": "Cancel my flight, please."}}],
        "output_messages": [
            {
                "message": {
                    "role": "assistant",
                    "tool_calls": [
                        {
                            "tool_call": {
                                "id": "c1",
                                "function": {"name": "cancel", "arguments": '{"id": 7}'},
                            }
                        }
                    ],
                }
            }
        ],
    }
}


def flat_row():
    context = {f"context.{k}": v for k, v in ROW["context"].items()}
    rest = {k: v for k, v in ROW.items() if k != "context"}
    return rest | context | {f"attributes.{k}": v for k, v in FLAT.items()}


@pytest.mark.parametrize(
    "record",
    [request([span(T1, "a", 1, FLAT)]), flat_row(), ROW | {"attributes": NESTED}],
    ids=["OTLP", "a flat row", "a nested row"],
)
def test_openinference_reads_the_same_from_every_export(read, record):
    (run,) = read(record, of=openinference)
    assert isinstance(run, Run)
    assert run.messages[0] == ASKED
    assert run.messages[1]["tool_calls"][0]["function"]["arguments"] == '{"id": 7}'
    assert (run.trace, run.helped) == (T1, "nobody")


def test_rows_under_one_name_are_read_row_by_row(tmp_path):
    file = tmp_path / "rows.json"
    file.write_text(json.dumps({"next_cursor": None, "data": [ROW | {"attributes": NESTED}]}))
    (run,) = openinference.runs(file)
    assert (run.trace, run.where) == (T1, "rows.json#1")


def test_annotations_of_a_span_are_its_outcome(read):
    notes = [{"name": "correct", "annotator_kind": "HUMAN", "result": {"label": "incorrect"}}]
    (run,) = read(ROW | {"attributes": NESTED, "annotations": notes}, of=openinference)
    assert (run.reward, run.outcome) == (0.0, "correct 0")


def test_rows_that_are_no_openinference_are_skipped(read):
    other = {"context": {"trace_id": T1, "span_id": "a"}, "name": "http"}
    found = read({"x": 1}, 3, other, of=openinference)
    assert [f.reason for f in found] == [
        "a span without its trace or its own id",
        "a record that is no span",
        "a trace without an OpenInference span",
    ]

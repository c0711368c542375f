"""Traces brought into a relationship: each once, whole, with what the trace shows and no more."""

from __future__ import annotations

import json

import pytest

from bench import tracing
from tests.support import seeded
from tests.support.terminal import Terminal
from tests.support.traces import ASKS, ENDS, chat, inspect, lines, log, request, sample, span
from tutelage.domain.events import Debriefed, OutcomeRecorded
from tutelage.domain.terms import Party
from tutelage.doors.exchange import importing
from tutelage.doors.exchange.outline import Chosen
from tutelage.doors.exchange.picking import Picked
from tutelage.doors.exchange.run import Run

BOT = Party(id="bot", kind="agent", owner="ann")


@pytest.fixture
def run(sqlite_url, monkeypatch, capsys):
    return Terminal(sqlite_url, monkeypatch, capsys)


@pytest.fixture
def agreed(run, sqlite_url):
    """An agent's relationship in its baseline."""
    with seeded.desk(sqlite_url) as desk:
        seeded.agree(desk, learner=BOT)
    return run


@pytest.fixture
def state(sqlite_url):
    """Reads the relationship."""

    def read():
        with seeded.desk(sqlite_url) as desk:
            return desk.state("r")

    return read


@pytest.fixture
def file(tmp_path):
    return lines(tmp_path / "log.jsonl", *(log(t, n, t % 2) for t in range(3) for n in range(2)))


def counts(answer):
    return [answer[n] for n in ("situations", "decisions", "outcomes", "skipped")]


# a report ----------------------------------------------------------------------------------------
def test_without_a_relationship_it_is_a_report_and_nothing_is_written(run, file, tmp_path):
    answer = run.json("import-traces", file)
    assert counts(answer) == [6, 6, 6, 0]
    assert [t["task"] for t in answer["breaks"]["always_fail"]] == ["0", "2"]
    assert not list(tmp_path.glob("*.db"))


def test_the_report_in_words_names_the_places_of_what_was_skipped(run, tmp_path):
    file = lines(tmp_path / "log.jsonl", log(), "{broken", log(2), '{"other": 1}', "{again")
    said = run("import-traces", file).out
    assert "2 situations, 2 decisions, 2 outcomes to bring in, 3 skipped." in said
    assert "skipped 2: a line that is no JSON (log.jsonl:2, log.jsonl:5)" in said
    assert "skipped 1: a record without messages (log.jsonl:4)" in said


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("openai", log()),
        ("otel", request([span("1" * 32, "a", 1, chat())])),
        ("openinference", request([span("1" * 32, "a", 1, {"openinference.span.kind": "LLM"})])),
        ("inspect", inspect(sample())),
    ],
)
def test_every_format_has_its_name(run, tmp_path, name, record):
    (tmp_path / "t.json").write_text(json.dumps(record))
    answer = run.json("import-traces", tmp_path / "t.json", "--format", name)
    assert counts(answer)[0] == 1


def test_a_page_is_written_where_one_is_wanted(run, file, tmp_path):
    answer = run.json("import-traces", file, "--out", tmp_path / "page")
    assert [f.rpartition("/")[2] for f in answer["files"]] == ["breaks.html", "breaks.md"]


def test_wrong_usage_is_said(run, file):
    assert run.refused("import-traces", file, "--format", "csv")[0] == 2
    assert run.refused("import-traces", file, "--quota", "5")[0] == 2
    assert run.refused("import-traces", file, "--policy", "nothing.md") == (6, "cannot_read")


# into a relationship -----------------------------------------------------------------------------
def test_runs_become_situations_with_decision_outcome_and_trace(agreed, file, state):
    assert counts(agreed.json("import-traces", file, "--to", "r")) == [6, 6, 6, 0]
    found = state().situations
    assert [s.outcome.event.measure for s in found] == [0, 0, 1, 1, 0, 0]
    first = found[0].opened.event
    assert (first.source, first.retold, first.probability) == ("trace", True, 1.0)
    assert first.trace.startswith("task-0.trial-0.")


def test_an_imported_decision_is_no_own_call_and_counts_where_it_was_unaided(agreed, file, state):
    agreed("import-traces", file, "--to", "r")
    found = state().situations[0]
    assert (found.own_call, found.evidence_subject) == (None, "decision")
    assert [a.event.subject for a in found.asked] == ["decision"]


def test_after_the_baseline_imported_runs_count_for_nothing(run, file, sqlite_url, state):
    with seeded.desk(sqlite_url) as desk:
        seeded.guide(desk, learner=BOT)
    run("import-traces", file, "--to", "r")
    assert state().situations[-1].evidence_subject is None


def test_a_repeated_import_doubles_nothing(agreed, file, state):
    agreed("import-traces", file, "--to", "r")
    before = state().seq
    again = agreed.json("import-traces", file, file, "--to", "r")
    assert counts(again) == [0, 0, 0, 12]
    assert again["reasons"][0]["reason"] == "a run that is here already"
    assert state().seq == before


def test_an_interrupted_import_is_finished(agreed, file, state):
    written = []

    def dies(self, run, step):
        if len(written) == 4:
            raise KeyboardInterrupt
        written.append(step)
        real(self, run, step)

    real = importing.Import._step
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing.Import, "_step", dies)
        assert agreed("import-traces", file, "--to", "r").code == 130
    assert [s.decision is None for s in state().situations] == [False, True]
    assert counts(agreed.json("import-traces", file, "--to", "r")) == [5, 5, 5, 1]
    assert all(s.outcome for s in state().situations)


def test_a_trace_that_went_on_since_is_not_told_twice(agreed, tmp_path, state):
    first = lines(tmp_path / "a.jsonl", log(trace_id="t-1"))
    agreed("import-traces", first, "--to", "r")
    more = lines(tmp_path / "b.jsonl", log(trace_id="t-1", messages=[ASKS, ENDS]))
    answer = agreed.json("import-traces", more, "--to", "r")
    assert answer["reasons"][0]["reason"] == "a trace that is here already, with other content"
    assert len(state().situations) == 1


def test_a_file_that_is_torn_leaves_nothing_behind(agreed, file, tmp_path, state):
    torn = tmp_path / "torn.json"
    torn.write_text(json.dumps([log(n) for n in range(9)])[:-40])
    before = state().seq
    code, _error = agreed.refused("import-traces", file, torn, "--to", "r")
    assert code == 6
    assert state().seq == before


def test_a_run_that_this_desk_cannot_hold_is_skipped_with_the_reason(sqlite_url):
    with seeded.desk(sqlite_url, text_limit=300) as desk:
        seeded.agree(desk, learner=BOT)
        tally = importing.Tally()
        small = [{"role": "user", "content": "Cancel"}]
        large = [{"role": "user", "content": "Cancel " * 99}]
        runs = [Picked(Run(f"t-{len(m[0]['content'])}", m), Chosen()) for m in (large, small)]
        importing.Import(desk, "r", None, None).write(runs, tally)
        assert len(desk.state("r").situations) == 1
    assert [r.startswith("refused: A text here has") for r in tally.skipped] == [True]


@pytest.mark.slow
def test_a_hundred_thousand_spans_need_little_memory(tmp_path):
    file = tmp_path / "spans.jsonl"
    assert tracing.command(str(file), tracing.written(file, tracing.SPANS)) < 500


def test_only_the_learner_brings_in_its_runs(agreed, file):
    assert agreed.refused("import-traces", file, "--to", "r", "--as", "mia")[0] == 4
    assert agreed.refused("import-traces", file, "--to", "nobody")[1] == "unknown_relationship"


def test_before_both_have_signed_nothing_is_brought_in(run, file, sqlite_url):
    with seeded.desk(sqlite_url) as desk:
        desk.open(seeded.proposed(learner=BOT), actor="ann", id="r")
    assert run.refused("import-traces", file, "--to", "r") == (3, "sign_first")


def test_the_messages_of_huge_results_are_cut_and_counted(agreed, tmp_path, state):
    huge = {"role": "tool", "content": "x" * 3_000_000}
    file = lines(tmp_path / "log.jsonl", log(messages=[ASKS, huge, ENDS]))
    assert agreed.json("import-traces", file, "--to", "r")["shortened"] == 1
    assert len(state().situations[0].opened.event.evidence) < 65_536


def test_when_it_happened_is_kept(agreed, tmp_path, state):
    file = lines(tmp_path / "log.jsonl", log(started_at="2026-01-05T08:00:00+01:00"))
    agreed("import-traces", file, "--to", "r")
    opened = state().situations[0].opened
    assert opened.occurred_at.isoformat() == "2026-01-05T08:00:00+01:00"


# scrubbing ---------------------------------------------------------------------------------------
@pytest.fixture
def hooks(tmp_path, monkeypatch):
    """A module of the user's own with a scrub hook, and two that fail."""
    code = "hide = lambda t: t.replace('flight', '[hidden]')\n"
    code += "breaks = lambda t: 1 / 0\nnothing = lambda t: None\nnumber = 3\n"
    (tmp_path / "own_hooks.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)


def test_a_scrub_hook_sees_every_text_before_it_is_stored(agreed, file, state, hooks):
    agreed("import-traces", file, "--to", "r", "--scrub", "own_hooks:hide")
    known = state().situations[0]
    stored = repr((known.opened, known.decision, known.outcome))
    assert "[hidden]" in stored
    assert "flight" not in stored


@pytest.mark.parametrize(
    ("hook", "code"),
    [
        ("own_hooks:breaks", "scrub_failed"),
        ("own_hooks:nothing", "scrub_failed"),
        ("own_hooks:number", "bad_scrub"),
        ("own_hooks:missing", "bad_scrub"),
        ("not.there:x", "bad_scrub"),
        ("own_hooks", "bad_scrub"),
    ],
)
def test_without_a_hook_that_works_nothing_is_stored(agreed, file, state, hooks, hook, code):
    before = state().seq
    assert agreed.refused("import-traces", file, "--to", "r", "--scrub", hook) == (6, code)
    assert state().seq == before


# annotations -------------------------------------------------------------------------------------
FAILED = log(reward=0, mistake_reason="It did not look up the fare.", mistake_agent="Agent")


def test_an_annotation_becomes_a_debrief_in_the_trainers_name(agreed, tmp_path, state):
    file = lines(tmp_path / "log.jsonl", FAILED)
    answer = agreed.json("import-traces", file, "--to", "r", "--debriefs-by", "mia")
    assert answer["debriefs"] == 1
    (debrief,) = state().situations[0].debriefs
    assert isinstance(debrief.event, Debriefed)
    assert (debrief.actor, debrief.event.why) == ("mia", "Agent: It did not look up the fare.")


def test_an_annotation_waits_until_a_trainer_is_named(agreed, tmp_path, state):
    file = lines(tmp_path / "log.jsonl", FAILED)
    assert agreed.json("import-traces", file, "--to", "r")["debriefs"] == 0
    agreed("import-traces", file, "--to", "r", "--debriefs-by", "mia")
    assert len(state().situations) == len(state().situations[0].debriefs) == 1


def test_only_the_trainer_debriefs(agreed, file):
    command = ("import-traces", file, "--to", "r", "--debriefs-by", "bot")
    assert agreed.refused(*command)[0] == 4


# by criterion, as rated ---------------------------------------------------------------------------
def test_criteria_are_told_apart_by_their_ratings_once_there_are_some(agreed, file, state):
    agreed("import-traces", file, "--to", "r")
    for known in state().situations:
        held = 4 if known.opened.event.facts["task"] == "1" else 2
        rated = ("--ratings", f"impact={held}", "--ratings", "people=4")
        subject = ("--situation", known.key, "--subject", "decision")
        agreed("write", "rated", "r", "--as", "mia", *subject, *rated)
    broken, held = agreed.json("import-traces", file, "--to", "r")["rated"]
    assert broken["name"] == "weighing impact against the rest"
    assert [t["task"] for t in broken["always_fail"]] == ["0", "2"]
    assert (held["solved"], held["tasks"]) == (1.0, 3)


# a quota -----------------------------------------------------------------------------------------
@pytest.fixture
def many(tmp_path):
    return lines(tmp_path / "many.jsonl", *(log(t, 0, t % 2) for t in range(40)))


def test_a_quota_brings_in_a_random_share_and_the_worst(agreed, many, state):
    answer = agreed.json("import-traces", many, "--to", "r", "--quota", 5)
    assert counts(answer)[0] == 5
    opened = [s.opened.event for s in state().situations]
    assert [o.probability for o in opened] == [3 / 40, 3 / 40, 3 / 40, None, None]
    assert [o.because_bad for o in opened] == [False] * 3 + [True] * 2


def test_cases_picked_because_they_went_badly_are_not_evidence(agreed, many, state):
    agreed("import-traces", many, "--to", "r", "--quota", 5)
    assert [s.evidence_subject for s in state().situations] == ["decision"] * 3 + [None] * 2


def test_a_quota_is_a_days_and_says_nothing_twice(agreed, many, state):
    agreed("import-traces", many, "--to", "r", "--quota", 5)
    again = agreed.json("import-traces", many, "--to", "r", "--quota", 5)
    assert counts(again)[0] == 0
    more = agreed.json("import-traces", many, "--to", "r", "--quota", 7)
    assert counts(more)[0] == 2
    assert len({s.key for s in state().situations}) == 7


# a policy ----------------------------------------------------------------------------------------
POLICY = "\n".join(
    f"## {n}\n- You must weigh it.\n" for n in ("Cancel flight", "Refund", "Baggage")
)


def test_a_goal_is_proposed_from_a_policy_and_no_file_is_overwritten(run, tmp_path):
    (tmp_path / "policy.md").write_text(POLICY)
    command = ("goal", "propose", tmp_path / "policy.md", "--out", tmp_path / "goal.toml")
    assert run.json(*command)["criteria"] == ["cancel-flight", "refund", "baggage"]
    assert run.refused(*command) == (6, "file_there")


def test_the_report_is_by_the_headings_of_a_policy(run, file, tmp_path):
    (tmp_path / "policy.md").write_text(POLICY)
    answer = run.json("import-traces", file, "--policy", tmp_path / "policy.md")
    assert [c["name"] for c in answer["breaks"]["criteria"]] == [
        "Cancel flight (by words in common)"
    ]


def test_what_came_out_is_known_or_said_to_be_unknown(agreed, tmp_path, state):
    agreed("import-traces", lines(tmp_path / "log.jsonl", log(reward=None)), "--to", "r")
    outcome = state().situations[0].outcome.event
    assert isinstance(outcome, OutcomeRecorded)
    assert (outcome.known, outcome.measure) == (False, None)


def test_an_outcome_longer_than_a_text_is_shortened_and_the_next_run_comes(agreed, tmp_path, state):
    file = lines(tmp_path / "log.jsonl", log(1, ground_truth="z" * 70_000), log(2))
    assert agreed.json("import-traces", file, "--to", "r")["outcomes"] == 2
    assert len(state().situations) == 2


@pytest.mark.parametrize("name", ["openai", "otel", "openinference", "inspect"])
def test_a_file_that_is_not_there_is_said(run, tmp_path, name):
    assert run.refused("import-traces", tmp_path / "no.json", "--format", name)[1] == "cannot_read"


def test_a_span_whose_time_has_no_end_is_skipped(run, tmp_path):
    file = tmp_path / "spans.jsonl"
    file.write_text('{"traceId": "a", "spanId": "b", "startTimeUnixNano": 1e999}\n')
    assert run.json("import-traces", file, "--format", "otel")["skipped"] == 1
    assert "Is it another --format?" in run("import-traces", file, "--format", "otel").out

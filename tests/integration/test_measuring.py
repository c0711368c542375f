"""The commands that measure, through the ledger: drawn starts, the evidence, the programme, plans."""

from __future__ import annotations

import json
import re

import pytest

from tests.support import seeded
from tests.support.designed import designed, live
from tests.support.seeded import KEYS, opened, own_call
from tests.support.terminal import Terminal
from tutelage import Tutelage
from tutelage.domain.errors import NotYours
from tutelage.domain.events import AccountWritten, DecisionRecorded, DesignDrawn, Rated
from tutelage.doors import evidence as told
from tutelage.guidance.evidence import evidence
from tutelage.guidance.programme import Known, programme


@pytest.fixture
def run(sqlite_url, monkeypatch, capsys):
    return Terminal(sqlite_url, monkeypatch, capsys)


@pytest.fixture
def drawn(sqlite_url):
    """A relationship of the service that both opted into drawn starts, 20 situations on."""
    with seeded.desk(sqlite_url) as desk:
        seeded.guide(desk, drawn_starts=True, design_situations=24)
        for n in range(20):
            _situation(desk, f"s{n}", 2 + n % 3)
    return sqlite_url


def _situation(desk, key, rating):
    desk.write("r", opened(key, *KEYS), actor="leo")
    desk.write("r", own_call(key), actor="leo")
    rater = desk.state("r").raters[0].id
    rated = Rated(situation=key, subject="own_call", ratings=dict.fromkeys(KEYS, rating))
    desk.write("r", rated, actor=rater)
    desk.write("r", DecisionRecorded(situation=key, decision="Waited", why="x"), actor="leo")
    account = AccountWritten(
        situation=key,
        noticed=key,
        options=("wait", "wake"),
        turned_on="impact",
        asked_myself="?",
        happened="x",
    )
    desk.write("r", account, actor="leo")


# the ledger --------------------------------------------------------------------------------------
def test_the_service_draws_the_design_when_the_baseline_is_taken(drawn):
    with Tutelage(drawn) as desk:
        drawn_ = [e.event for e in desk.entries("r") if isinstance(e.event, DesignDrawn)]
        assert len(drawn_) == 1
        assert drawn_[0].horizon == 24
        assert desk.state("r").met == 20


def test_the_same_seed_draws_the_same_design(tmp_path):
    found = []
    for name in ("one", "two"):
        with seeded.desk(f"sqlite:///{tmp_path}/{name}.db") as desk:
            seeded.guide(desk, drawn_starts=True)
            found.append(desk.state("r").design.event)
    assert found[0] == found[1]


def test_a_look_is_an_entry_and_counts_before_the_horizon(drawn):
    with Tutelage(drawn) as desk:
        desk.evidence("r", viewer="mia")
        desk.evidence("r")
        assert desk.state("r").looked == 2
        before = desk.state("r").seq
        desk.evidence("r", upto=before - 3)
        for n in range(20, 24):
            _situation(desk, f"s{n}", 3)
        desk.evidence("r")
        assert desk.state("r").looked == 3
        assert set(desk.state("r").viewers) == {"mia", "operator"}


def test_only_those_who_have_a_role_may_look(drawn):
    with Tutelage(drawn) as desk, pytest.raises(NotYours, match="no role"):
        desk.evidence("r", viewer="lead of programme")


# the commands ------------------------------------------------------------------------------------
def test_evidence_says_what_is_missing_and_writes_a_page(run, drawn, tmp_path):
    said = run("evidence", "r", "--as", "mia", "--out", str(tmp_path / "e"))
    assert said.code == 0
    page = (tmp_path / "e" / "evidence.html").read_text(encoding="utf-8")
    assert "not shown yet (10 of the agreed looks, horizon 24)" in page
    assert page.count("<svg") == 2
    assert "<script>" not in page


def test_evidence_as_json_has_every_figure_with_its_reason(run, drawn):
    answer = json.loads(run("evidence", "r", "--json").out)
    assert answer["attribution"]["kind"] == "not_yet"
    assert answer["attribution"]["more"] == 4
    assert answer["retained"]["reason"] == "guidance has not been withdrawn yet"
    assert set(answer["criteria"]) == set(KEYS)
    assert answer["design"].endswith("horizon 24 situations.")


def test_the_programme_counts_and_tells_no_figure_of_few(run, drawn, tmp_path):
    answer = json.loads(run("programme", "--json", "--out", str(tmp_path)).out)
    assert answer["pairs"][0]["situations"] == 23
    assert answer["pooled"]["kind"] == "not_yet"
    assert (tmp_path / "programme.md").exists()


def test_an_empty_database_is_an_empty_programme(run, sqlite_url):
    Tutelage(sqlite_url).close()
    assert "no relationship was begun" in run("programme").out


def test_a_database_that_is_not_there_is_no_empty_one(run):
    assert run.refused("programme") == (7, "no_database")


def test_evidence_of_an_unknown_relationship_is_an_error(run, sqlite_url):
    Tutelage(sqlite_url).close()
    assert run("evidence", "nobody").code == 5


def test_simulate_prints_figures_with_their_errors(run):
    answer = json.loads(
        run("simulate", "--variant", "near", "--relationships", "20", "--seed", "3", "--json").out
    )
    assert answer["variant"] == "near"
    assert 0 <= answer["threshold_rate"] <= 1
    assert answer["error"]["threshold_rate"] >= 0
    assert answer["n"]["threshold_rate"] == 20
    shown = run("simulate", "--variant", "near", "--relationships", "20")
    assert "± error" in shown.out


def test_simulate_is_the_same_for_the_same_seed(run):
    args = ("simulate", "--variant", "flat", "--relationships", "10", "--json")
    assert run(*args).out == run(*args).out


def test_an_unknown_variant_says_which_there_are(run):
    said = run("simulate", "--variant", "s2")
    assert said.code == 6
    assert "leaning" in said.err


@pytest.mark.parametrize("variant", ["pair", "selective", "fond", "contaminated", "mixed"])
def test_every_kind_of_variant_answers(run, variant):
    answer = json.loads(run("simulate", "--variant", variant, "--relationships", "8", "--json").out)
    assert answer["error"]


def test_a_plan_says_what_a_design_would_show(run):
    answer = json.loads(run("plan-design", "--criteria", "4", "--situations", "30", "--json").out)
    assert 0 < answer["power"]["value"] < 1
    assert answer["says"].startswith("4 criteria, 30 situations")


def test_a_plan_without_room_is_refused(run):
    said = run("plan-design", "--criteria", "5", "--situations", "6")
    assert said.code == 3
    assert "two situations or more for each" in said.err


# the pages ---------------------------------------------------------------------------------------
HOSTILE = "<script>alert(1)</script>|`x`"


def test_hostile_names_stay_text_on_the_pages():
    course = live(designed(), 28)
    found = evidence(course.state, course.track, HOSTILE)
    bad = found.__class__(**{f: getattr(found, f) for f in found.__slots__} | {"learner": HOSTILE})
    assert "<script>" not in told.page(bad)
    assert HOSTILE not in told.markdown(bad)


def test_a_shown_effect_is_drawn_with_its_table_twin():
    course = live(designed(), 28)
    page = told.page(evidence(course.state, course.track, "r"))
    assert page.count("as a table") == 1
    assert "guidance moved what it worked on" in page
    assert len(re.findall(r'class="infocus"', page)) > 10


def test_a_programme_of_five_people_draws_what_they_show_together_and_nobody_alone():
    pairs = []
    for seed in range(5):
        course = live(designed(seed=seed, learner=f"lea-{seed}"), 28)
        pairs.append(Known(f"r{seed}", course.state, course.track))
    page = told.programme_page(programme(pairs))
    assert page.count('class="is"') == 0
    assert 'class="diamond"' in page

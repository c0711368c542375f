"""Programmes from the command line: led, a list enrolled, and seen as a lead sees them."""

from __future__ import annotations

import pytest

from tests.support import seeded
from tests.support.terminal import Terminal

ROSTER = "name,mail,side\nnora,nora@example.org,learner\nmia,,trainer\n"


@pytest.fixture
def run(sqlite_url, monkeypatch, capsys):
    with seeded.desk(sqlite_url) as desk:
        for name in ("lou", "mia"):
            desk.people.add(name)
    return Terminal(sqlite_url, monkeypatch, capsys)


@pytest.fixture
def roster(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(ROSTER)
    return file


def test_a_programme_is_made_and_led_by_more_than_one(run):
    assert run("lead", "care", "lou", "--title", "Care").out == "care is led by lou.\n"
    assert run("lead", "care", "mia").out == "care is led by lou, mia.\n"
    assert run("lead", "care", "lou", "--no-longer").out == "care is led by mia.\n"


def test_whoever_leads_needs_an_account(run):
    assert "unknown_person" in run("lead", "care", "eve", "--title", "Care").err


def test_a_list_is_enrolled_and_whoever_has_no_mail_gets_a_link(run, roster):
    run("lead", "care", "lou", "--title", "Care")
    answer = run("enrol", "care", roster, "--as", "lou", "--links", "--json").json
    assert (answer["read"], answer["new"], list(answer["links"])) == (2, 2, ["mia"])
    assert run("enrol", "care", roster, "--as", "lou", "--json").json["new"] == 0


def test_a_list_with_a_bad_line_enrols_nobody(run, roster):
    run("lead", "care", "lou", "--title", "Care")
    roster.write_text(f"{ROSTER}eve,,boss\n")
    assert "line 4: boss is no side" in run("enrol", "care", roster, "--as", "lou").err
    assert "learners without a trainer" in run("programme", "care").out


def test_only_its_lead_enrols(run, roster):
    run("lead", "care", "lou", "--title", "Care")
    assert "unknown_programme" in run("enrol", "care", roster, "--as", "mia").err


def test_a_programme_is_told_as_its_lead_sees_it(run, sqlite_url):
    run("lead", "care", "lou", "--title", "Care")
    with seeded.desk(sqlite_url) as desk:
        seeded.guide(desk, "r", programme="care")
        seeded.guide(desk, "elsewhere")
    said = run("programme", "care").out
    assert "guided 1" in said
    assert "levels are counted over 5 people or more" in said
    answer = run("programme", "care", "--json").json
    assert [pair["relationship"] for pair in answer["pairs"]] == ["r"]
    assert answer["overview"]["phases"] == {"guided": 1}


def test_an_unknown_programme_is_said_to_be_so(run):
    assert "unknown_programme" in run("programme", "none").err


def test_a_programme_is_renamed_and_its_contact_changed(run, sqlite_url):
    run("lead", "care", "lou", "--title", "Care")
    run("lead", "care", "lou", "--title", "Care for all", "--contact", "hana")
    with seeded.desk(sqlite_url) as desk:
        found = desk.programmes.named("care")
    assert (found.title, found.contact) == ("Care for all", "hana")


def test_nobody_stops_leading_what_is_not_there(run):
    assert "unknown_programme" in run("lead", "nope", "lou", "--no-longer").err


def test_names_are_enrolled_as_their_accounts_spell_them(run, roster, sqlite_url):
    run("lead", "care", "lou", "--title", "Care")
    roster.write_text("name,side\nMIA,trainer\n")
    run("enrol", "care", roster, "--as", "lou")
    with seeded.desk(sqlite_url) as desk:
        assert [m.person for m in desk.programmes.members("care")] == ["mia"]

"""Every page with somebody's words on it is a look, also the one that answers a faulty form."""

from __future__ import annotations

import pytest

from tests.support import seeded


def looked(desk, who="mia"):
    """What somebody saw, as leo may know it."""
    found = desk.looks.of("r", desk.state("r"), "leo", most=100)
    return {one.what for one in found if one.actor == who}


@pytest.fixture
def form(mia):
    mia.open("/me")
    return mia.page.partition('name="form" value="')[2].partition('"')[0]


def post(mia, form, path, **data):
    return mia.http.post(path, data={"form": form, **data})


@pytest.mark.parametrize("page", ["obstacles", "agreement", "goal"])
def test_what_is_read_on_every_page_is_seen(mia, desk, page):
    assert mia.open(f"/r/r/{page}").got.status_code == 200
    assert looked(desk) == {page}


@pytest.mark.parametrize("page", ["retell", "handover"])
def test_what_the_learner_is_shown_is_seen(leo, desk, page):
    leo.open(f"/r/r/{page}")
    assert looked(desk, "leo") - {"start"} == {page}


def test_a_faulty_form_that_shows_a_page_is_a_look_at_it(mia, desk, form):
    desk.write("r", seeded.opened("s9", text="What happened that night"), actor="leo")
    desk.write("r", seeded.own_call("s9"), actor="leo")
    at = {"fixed.situation": "s9"}
    assert "What happened that night" in post(mia, form, "/r/r/write/debriefed", **at).text
    assert looked(desk) == {"situation s9"}
    post(mia, form, "/r/r/goal", fill="1")
    post(mia, form, "/r/r/levels/agree", criterion="x", to="2")
    post(mia, form, "/r/r/goal/change", fill="1")
    post(mia, form, "/r/r/agreement", mode="mentor")
    assert looked(desk) == {"situation s9", "relationship", "levels", "goal", "agreement"}


def test_a_form_for_an_obstacle_that_comes_back_with_situations_is_a_look(mia, desk, form):
    post(mia, form, "/r/r/write/obstacle_named")
    assert looked(desk) == {"relationship"}


def test_a_form_that_is_refused_or_taken_is_none(mia, desk, form):
    post(mia, "stale", "/r/r/write/debriefed", **{"fixed.situation": "b0"})
    post(mia, form, "/r/r/write/noted", text="mine", id="f" + "a" * 24)
    post(mia, form, "/r/none/write/noted", text="mine")
    assert "noted" in {e.event.kind for e in desk.entries("r")}
    assert looked(desk) <= {"between"}

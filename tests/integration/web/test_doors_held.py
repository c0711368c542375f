"""What an attacker of our own tried at the pages, and may not do."""

from __future__ import annotations

import re

import pytest

from tests.support import seeded
from tests.support.browsing import Browser, joined
from tutelage.domain.events import GuidanceRead
from tutelage.domain.terms import Party

RITA = Party(id="rita", kind="person")
PROPOSAL = {"other": "mia", "handled": "Ten years", "because": "Stories"}


def form(browser):
    return re.search(r'name="form" value="([^"]+)"', browser.open("/").page)[1]


@pytest.mark.parametrize(
    "kind",
    ["question_kept", "principle_kept", "obstacle_named", "guidance_given", "level_moved", "met"],
)
def test_a_faulty_form_shows_a_blind_rater_nothing(app, desk, kind):
    seeded.guide(desk, raters=(RITA,))
    desk.write("r", seeded.opened("s1"), actor="leo")
    desk.write("r", seeded.own_call("s1"), actor="leo")
    desk.write("r", seeded.asks("s1", "Whom does it hit?"), actor="mia")
    desk.collect_guidance("r", "s1", actor="leo")
    rita = joined(app, "rita")
    got = rita.http.post(f"/r/r/write/{kind}", data={"form": form(rita), "id": "x"})
    assert got.status_code == 403
    assert "Whom does it hit?" not in got.text
    assert "An alert fires" not in got.text
    assert seeded.told(desk, GuidanceRead)


def test_nobody_is_made_somebodys_agent(app, leo, mia):
    leo.open("/propose").send("/propose", **PROPOSAL | {"they_are": "agent"})
    assert leo.got.status_code == 422
    assert leo.says("mia is somebody here, and no agent.")


@pytest.mark.parametrize("name", ["system", "System", "operator"])
def test_nobody_comes_in_as_the_service(app, desk, leo, name):
    stranger = Browser(app).open(f"/in/{desk.people.link()}")
    stranger.send(stranger.path, name=name)
    assert stranger.says("taken already")
    leo.open("/propose").send("/propose", **PROPOSAL | {"other": name})
    assert leo.got.status_code == 422


def test_a_name_that_the_operator_invited_waits_for_whom_it_is_for(app, desk, leo):
    boss = desk.people.invite("boss")
    leo.open("/propose").send("/propose", **PROPOSAL | {"other": "Boss"})
    assert leo.send(f"{leo.path}/invite").says("taken already")
    stranger = Browser(app).open(f"/in/{desk.people.link()}")
    assert stranger.send(stranger.path, name="boss").says("taken already")
    assert Browser(app).open(f"/in/{boss}").send(f"/in/{boss}").says("My turn")


def test_neither_of_the_two_lets_in_who_is_outside_of_them(leo, desk):
    named = {"other": "noa", "concern_contact": "hana", "rater": "rita"}
    leo.open("/propose").send("/propose", **PROPOSAL | named)
    at = leo.path
    for who in ("hana", "rita"):
        leo.open(f"{at}/agreement")
        assert leo.says(f"{who} has no account here yet. Whoever runs this server")
        leo.send(f"{at}/invite", name=who)
        assert leo.got.status_code == 404


def test_a_party_is_spelt_as_its_account_is(leo, mia, desk):
    leo.open("/propose").send("/propose", **PROPOSAL | {"other": "Mia"})
    assert leo.says("leo learns with mia")


def test_changing_the_rhythm_leaves_the_raters_as_they_are(app, desk):
    judge = Party(id="judge", kind="agent", owner="olga")
    ray = Party(id="ray", kind="person")
    seeded.guide(desk, "z", raters=(judge, ray))
    mia = joined(app, "mia")
    typed = {"mode": "mentor", "because": "So", "rater": "judge", "cadence": "weekly"}
    mia.open("/r/z/agreement").send("/r/z/agreement", **typed)
    changed = desk.state("z").amended.entry.event
    assert changed.raters == (judge, ray)
    assert changed.cadence == "weekly"

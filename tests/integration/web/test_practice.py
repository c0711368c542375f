"""A trainer's own practice and stories: private, over all its learners, and none of it a label."""

from __future__ import annotations

import pytest

from tests.support import seeded
from tests.support.browsing import SCRIPT, joined
from tutelage.domain.events import GuidanceGiven, PrincipleKept, Rated
from tutelage.domain.terms import Party
from tutelage.guidance.roles import Experience
from tutelage.service.practice import practice_of
from tutelage.service.programmes import Invitation

STORY = {
    "case": "A backup failed in the night before a release and nobody had tested the restore",
    "did": "I stopped the release",
    "why": "A release can wait, data cannot",
    "came_out": "We found two more that were empty",
}
RITA = Party(id="rita", kind="person")


@pytest.fixture
def guided(desk):
    """A pair whose calls are rated by its trainer and by rita, who is blind."""
    return seeded.guide(desk, raters=(RITA, seeded.MIA), ratings=2)


def rated_by_both(desk, count, mine, theirs):
    for n in range(count):
        key = f"c{n}"
        desk.write("r", seeded.opened(key, text=f"Case {n}: somebody calls at night"), actor="leo")
        desk.write("r", seeded.own_call(key), actor="leo")
        for actor, value in (("mia", mine), ("rita", theirs)):
            ratings = dict.fromkeys(seeded.KEYS[:2], value + n % 2)
            said = Rated(situation=key, subject="own_call", ratings=ratings)
            desk.write("r", said, actor=actor)


# calibration -----------------------------------------------------------------------------------
def test_too_few_shared_items_say_so_and_how_many_are_missing(mia):
    assert mia.open("/practice").says("3 situations were rated by you and by others")
    assert mia.says("about 7 more")


def test_one_situation_more_changes_nothing_until_there_are_five(desk, guided):
    rated_by_both(desk, 7, mine=4, theirs=2)
    before = practice_of(desk, "rita").calibration
    desk.write("r", seeded.opened("x"), actor="leo")
    desk.write("r", seeded.own_call("x"), actor="leo")
    for actor, value in (("rita", 1), ("mia", 5)):
        said = Rated(
            situation="x", subject="own_call", ratings=dict.fromkeys(seeded.KEYS[:2], value)
        )
        desk.write("r", said, actor=actor)
    assert practice_of(desk, "rita").calibration == before


def test_whoever_rates_more_kindly_than_others_reads_by_how_much(desk, mia):
    rated_by_both(desk, 9, mine=4, theirs=2)
    found = practice_of(desk, "mia").calibration
    assert found.situations == 10  # in fives: the last two would be told by the difference
    assert found.low > 0.5
    assert mia.open("/practice").says("higher than others (")


def test_the_rater_reads_the_same_from_the_other_side(desk, app, guided):
    rated_by_both(desk, 9, mine=4, theirs=2)
    rita = joined(app, "rita")
    assert practice_of(desk, "rita").calibration.high < -0.5
    assert rita.open("/practice").says("lower than others")
    assert not rita.says("somebody calls at night")  # blind: no case is on it


def test_ratings_of_oneself_are_nobodys_calibration(desk, guided):
    said = Rated(situation="b0", subject="own_call", ratings={seeded.KEYS[0]: 5}, as_self=True)
    desk.write("r", said, actor="leo")
    assert "situations were rated" in practice_of(desk, "leo").calibration.reason


# moves -----------------------------------------------------------------------------------------
def told_and_kept(desk, count):
    for n in range(count):
        key = f"m{n}"
        desk.write("r", seeded.opened(key), actor="leo")
        desk.write("r", seeded.own_call(key), actor="leo")
        seq = desk.write("r", seeded.asks(key), actor="mia").seq
        desk.collect_guidance("r", key, actor="leo")
        kept = PrincipleKept(
            principle=f"p{n}",
            says=f"Rule {n}",
            when="always",
            when_not="never",
            because="so",
            follows=(seq,),
        )
        desk.write("r", kept, actor="leo")


def test_moves_are_counted_by_what_became_of_them(desk, mia):
    told_and_kept(desk, 5)
    (moved,) = practice_of(desk, "mia").moves
    assert (moved.move, moved.given, moved.taken, moved.known) == ("ask", 5, 5, 5)
    assert mia.open("/practice").says("5 of 5")


def test_what_no_situation_has_tested_is_not_counted(desk, mia):
    told_and_kept(desk, 2)
    assert mia.open("/practice").says("2 were tested by now")


def test_what_another_trainer_gave_is_not_mine(desk, guided):
    told_and_kept(desk, 5)
    assert practice_of(desk, "rita").moves == ()


# stories ---------------------------------------------------------------------------------------
def test_a_story_is_written_down_once_and_forgotten(desk, mia):
    page = mia.open("/bank").page
    mia.send("/bank", **STORY)
    mia.page = page
    mia.send("/bank", **STORY)
    assert [e.case for e in desk.bank.of("mia")] == [STORY["case"]]
    mia.send("/bank/drop")
    assert desk.bank.of("mia") == ()


def test_an_empty_story_is_refused_and_stays_typed(mia, desk):
    mia.open("/bank").send("/bank", **STORY | {"case": " "})
    assert mia.says("Say at least what was the case")
    assert mia.says(STORY["did"])
    assert desk.bank.of("mia") == ()


def test_a_hostile_story_is_text(mia):
    mia.open("/bank").send("/bank", **STORY | {"case": SCRIPT})
    assert SCRIPT not in mia.page
    assert mia.says(SCRIPT)


@pytest.fixture
def programme(desk, app):
    """Mia and nils train in it."""
    joined(app, "lou")
    nils = joined(app, "nils")
    desk.programmes.make("care", "Care", "lou")
    desk.programmes.invite("care", [Invitation(n, "trainer") for n in ("mia", "nils")], "lou")
    for name in ("mia", "nils"):
        desk.programmes.answer("care", name, "trainer", joins=True)
    return nils


def test_stories_that_others_offer_stand_beside_a_case_they_are_like(desk, mia, programme):
    nils = programme
    nils.open("/bank").send("/bank", **STORY).send("/bank/offer", programme="care")
    desk.bank.add("nils", [Experience("private", "The restore failed in the night", "", "", "")])
    text = "The restore of the backup failed in the night and the release is tomorrow"
    desk.write("r", seeded.opened("x", text=text), actor="leo")
    assert mia.open("/practice").says("nils has handled something like this:")
    assert mia.says(STORY["came_out"])
    assert not mia.says("The restore failed in the night")  # not offered


def test_a_story_that_is_about_something_else_is_not_shown(desk, mia, programme):
    programme.open("/bank").send("/bank", **STORY).send("/bank/offer", programme="care")
    text = "My colleague keeps interrupting everybody in the weekly meeting"
    desk.write("r", seeded.opened("x", text=text), actor="leo")
    assert not mia.open("/practice").says("nils has handled")


def test_offered_stories_are_read_by_trainers_of_that_programme_alone(desk, mia, leo, programme):
    mia.open("/bank").send("/bank", **STORY).send("/bank/offer", programme="care")
    for path in ("/practice", "/bank", "/"):
        assert not leo.open(path).says(STORY["case"])
    desk.programmes.answer("care", "nils", "trainer", joins=False)
    assert not programme.open("/practice").says(STORY["case"])


def test_an_offer_ends_when_its_trainer_leaves_the_programme(desk, mia, programme):
    mia.open("/bank").send("/bank", **STORY).send("/bank/offer", programme="care")
    assert desk.bank.offered(["care"], but="nils")
    mia.open("/programmes/care").send("/programmes/care/answer", joins="no")
    assert desk.bank.offered(["care"], but="nils") == []


def test_stories_go_with_the_account(desk, mia):
    mia.open("/bank").send("/bank", **STORY)
    mia.open("/me/delete").send("/me/delete")
    assert desk.bank.of("mia") == ()


def test_nobody_offers_in_a_programme_they_do_not_train_in(desk, mia, app):
    joined(app, "lou")
    desk.programmes.make("care", "Care", "lou")
    mia.open("/bank").send("/bank", **STORY)
    got = mia.http.post(
        "/bank/offer",
        data={"form": form(mia), "key": desk.bank.of("mia")[0].key, "programme": "care"},
    )
    assert got.status_code == 404
    assert desk.bank.offers("mia") == {}


def form(browser):
    import re

    return re.search(r'name="form" value="([^"]*)"', browser.page)[1]


def test_a_redacted_story_is_offered_to_nobody(desk, mia, programme):
    desk.write("r", seeded.opened("s"), actor="leo")
    desk.write("r", seeded.own_call("s"), actor="leo")
    said = GuidanceGiven(
        situation="s", move="share", text=STORY["case"], criteria=seeded.KEYS[:1], experience="told"
    )
    written = desk.write("r", said, actor="mia")
    desk.bank.offer("mia", "told", "care")
    assert desk.bank.offered(["care"], but="nils")
    desk.redact("r", written.seq, actor="mia")
    assert desk.bank.offered(["care"], but="nils") == []

"""Pause, withdraw, close, end, and what is written between situations, in the browser."""

from __future__ import annotations

import re

import pytest

from tests.support import seeded
from tests.support.browsing import SCRIPT, joined, signed_in
from tutelage.domain.events import (
    ActionAgreed,
    ActionDone,
    CheckedIn,
    ConcernRaised,
    Ended,
    GuidanceGiven,
    Met,
    Noted,
    OptedOut,
    PhaseBegan,
    QuestionKept,
    SituationDropped,
)
from tutelage.domain.terms import Phase
from tutelage.guidance.roles import Experience
from tutelage.service.closing import close_due

WRITE = "/r/r/write"


@pytest.fixture
def guided(desk):
    return seeded.guide(desk, concern_contact="ann", withheld_guidance=True)


def life(desk):
    return desk.state("r").life


# life ------------------------------------------------------------------------------------------
def test_either_pauses_and_resumes(leo, mia, desk):
    leo.open("/r/r/life").send(f"{WRITE}/paused", why="Holidays")
    assert life(desk) == "paused"
    assert not mia.open("/").says("Rate a call")
    mia.open("/r/r/life").send(f"{WRITE}/resumed")
    assert life(desk) == "active"


@pytest.mark.parametrize("who", ["leo", "mia"])
def test_anybody_ends_it_with_one_button_and_no_reason(request, who, desk):
    browser = request.getfixturevalue(who)
    browser.open("/r/r/end").send(f"{WRITE}/ended")
    assert life(desk) == "ended"
    assert browser.open("/r/r/end").says("It has ended.")
    assert not browser.offers(f"{WRITE}/ended")


@pytest.mark.parametrize("before", ["proposed", "paused"])
def test_it_is_ended_before_it_begins_and_in_a_pause(app, desk, before):
    if before == "proposed":
        desk.open(seeded.proposed(), actor="leo", id="r")
    else:
        seeded.guide(desk)
        joined(app, "mia").open("/r/r/life").send(f"{WRITE}/paused")
    leo = joined(app, "leo")
    leo.open("/r/r/life").open("/r/r/end").send(f"{WRITE}/ended", why=SCRIPT)
    assert life(desk) == "ended"


def test_ending_on_a_stale_page_keeps_what_was_typed(leo, mia, desk):
    leo.open("/r/r/end")
    mia.open("/r/r/end").send(f"{WRITE}/ended")
    leo.send(f"{WRITE}/ended", why="We are done")
    assert leo.got.status_code == 409
    assert leo.says("We are done")
    assert len(seeded.told(desk, Ended)) == 1


def test_every_page_of_an_ended_relationship_can_still_be_read(leo, desk):
    leo.open("/r/r/end").send(f"{WRITE}/ended")
    for path in ("", "/levels", "/life", "/between", "/progress", "/privacy", "/notebook"):
        assert leo.open(f"/r/r{path}").got.status_code == 200
        assert not leo.offers(f"{WRITE}/paused")


def test_closing_is_proposed_with_a_reason_and_waits_for_the_other(leo, mia, desk):
    mia.open("/r/r/life").send(f"{WRITE}/closing_proposed")
    assert mia.says("Say something here.")
    mia.send(f"{WRITE}/closing_proposed", because="She asks herself")
    assert not mia.offers(f"{WRITE}/closed")
    assert leo.open("/").says("Agree to close it")
    leo.open("/r/r/life").send(f"{WRITE}/closing_declined", why="One more review")
    assert life(desk) == "active"
    assert not leo.open("/").says("Agree to close it")


def test_nobody_is_held_back_by_who_does_not_answer(leo, mia, desk):
    mia.open("/r/r/life").send(f"{WRITE}/closing_proposed", because="She asks herself")
    assert close_due(desk) == 0
    desk.clock.later(days=14)
    assert (close_due(desk), close_due(desk)) == (1, 0)
    assert life(desk) == "closed"


def test_ninety_days_after_closing_the_learner_is_asked_how_they_decide_now(app, leo, mia, desk):
    mia.open("/r/r/life").send(f"{WRITE}/closing_proposed", because="She asks herself")
    leo.open("/r/r/life").send(f"{WRITE}/closed", because="So I do")
    assert not leo.open("/").says("Ninety days on")
    desk.clock.later(days=90)
    leo, mia = (signed_in(app, name) for name in ("leo", "mia"))
    assert leo.open("/").says("Ninety days on")
    assert not mia.open("/").says("Ninety days on")
    leo.open("/r/r").send(f"{WRITE}/situation_opened", text="A hard one, alone", criteria="impact")
    assert not leo.open("/").says("Ninety days on")


def test_after_closing_the_learner_goes_on_alone(leo, mia, desk):
    mia.open("/r/r/life").send(f"{WRITE}/closing_proposed", because="She asks herself")
    leo.open("/r/r/life").send(f"{WRITE}/closed", because="So I do")
    assert life(desk) == "closed"
    assert leo.open("/r/r/life").says("goes on alone")
    leo.open("/r/r").send(f"{WRITE}/situation_opened", text="Alone now", criteria="impact")
    here = leo.path
    leo.send(f"{WRITE}/own_call_recorded", call="Wait", why="It settles")
    assert not leo.offers(f"{WRITE}/help_asked")
    leo.send(f"{WRITE}/decision_recorded", decision="Waited", why="It settled")
    assert leo.path == here
    leo.open("/r/r/notebook").send(f"{WRITE}/question_kept", text="What if I wait?")
    assert desk.state("r").situations[-1].decision is not None
    assert seeded.told(desk, QuestionKept)


def test_guidance_is_withdrawn_and_given_again(leo, mia, desk):
    mia.open("/r/r/life").send(f"{WRITE}/phase_began", having="withdrawn", because="She is ready")
    assert desk.state("r").phase is Phase.WITHDRAWN
    leo.open("/r/r/life").send(f"{WRITE}/phase_began", having="guided")
    assert desk.state("r").phase is Phase.GUIDED
    assert seeded.told(desk, PhaseBegan)[-1].because is None


def test_withheld_guidance_is_left_in_one_click_and_holds_at_once(leo, desk):
    leo.open("/r/r/life").send(f"{WRITE}/opted_out", having="withheld_guidance")
    (left,) = seeded.told(desk, OptedOut)
    assert left.of == "withheld_guidance"
    assert not leo.open("/r/r/life").offers(f"{WRITE}/opted_out")


def test_a_situation_that_came_to_nothing_is_dropped_by_its_learner(leo, mia, desk):
    desk.write("r", seeded.opened("s1"), actor="leo")
    assert not mia.open("/r/r/s/s1").offers(f"{WRITE}/situation_dropped")
    leo.open("/r/r/s/s1").send(f"{WRITE}/situation_dropped", why=SCRIPT)
    assert len(seeded.told(desk, SituationDropped)) == 1
    assert leo.says("Dropped")
    assert "<script>" not in leo.page
    assert not leo.offers(f"{WRITE}/situation_dropped")


def test_a_story_that_is_shared_is_kept_in_the_bank_of_who_told_it(leo, mia, app, desk):
    desk.write("r", OptedOut(of="withheld_guidance"), actor="leo")
    desk.write("r", seeded.opened("s1"), actor="leo")
    desk.write("r", seeded.own_call("s1"), actor="leo")
    story = {"move": "share", "text": "I woke Ann once; she knew the cache.", "criteria": "impact"}
    mia.open("/r/r/s/s1").send(f"{WRITE}/guidance_given", **story)
    assert mia.got.status_code == 200
    assert [e for e in desk.bank.of("mia") if "she knew the cache" in str(e)]


def test_stories_that_are_like_the_case_are_found_again_and_told_again(leo, mia, desk):
    likest = "An alert fires in the night, the cause was a full disk"
    for key, words in (("e1", "A customer leaves"), ("e2", likest), ("e3", SCRIPT)):
        desk.bank.add("mia", [Experience(key, words, "", "", "")])
    desk.write("r", OptedOut(of="withheld_guidance"), actor="leo")
    desk.write("r", seeded.opened("s1"), actor="leo")
    desk.write("r", seeded.own_call("s1"), actor="leo")
    mia.open("/r/r/s/s1")
    assert re.findall(r"Tell again: (\w+)", mia.page)[0] == "An"
    assert "<script>" not in mia.page
    told = {"move": "share", "text": likest, "criteria": "impact"}
    mia.send(f"{WRITE}/guidance_given", having='value="e2"', **told)
    assert seeded.told(desk, GuidanceGiven)[0].experience == "e2"
    assert len(desk.bank.of("mia")) == 3


def test_one_trainer_is_not_offered_the_stories_of_another(leo, mia, desk):
    desk.bank.add("eve", [Experience("e1", "An alert fires in the night", "", "", "")])
    desk.write("r", OptedOut(of="withheld_guidance"), actor="leo")
    desk.write("r", seeded.opened("s1"), actor="leo")
    desk.write("r", seeded.own_call("s1"), actor="leo")
    assert mia.open("/r/r/s/s1").offers(f"{WRITE}/guidance_given")
    assert not mia.says("Tell again")


# between situations ----------------------------------------------------------------------------
def called(desk, count):
    """Situations with an own call, in which chance withholds no guidance."""
    for n in range(count + 6):
        desk.write("r", seeded.opened(f"c{n}"), actor="leo")
        desk.write("r", seeded.own_call(f"c{n}"), actor="leo")
    return [s.key for s in desk.state("r").open.values() if s.own_call and not s.withheld][-count:]


def test_a_question_says_which_guidance_it_came_from_and_shows_none_that_is_unread(leo, mia, desk):
    read, unread = called(desk, 2)
    desk.write("r", seeded.asks(read, "What does waiting cost?"), actor="mia")
    desk.write("r", seeded.asks(unread, "Whom do you wake?"), actor="mia")
    desk.collect_guidance("r", read, actor="leo")
    seqs = [str(desk.state("r").find(key).guidance[0].entry.seq) for key in (read, unread)]
    leo.open("/r/r/notebook")
    assert leo.says("What does waiting cost?")
    leo.send(f"{WRITE}/question_kept", text="What if I wait?", follows=seqs)
    assert leo.says("came from")
    assert leo.says("“What does waiting cost?”")
    assert not leo.says("Whom do you wake?")


def test_a_page_is_told_who_has_written_meanwhile_and_not_what(leo, mia, desk):
    (key,) = called(desk, 1)
    seq = desk.state("r").seq
    assert leo.open(f"/r/r/news/{seq}").got.status_code == 204
    desk.write("r", seeded.asks(key, "What if?"), actor="mia")
    assert leo.open(f"/r/r/news/{seq}").says("mia has written meanwhile.")
    assert not leo.says("What if?")
    assert mia.open(f"/r/r/news/{seq}").got.status_code == 204
    for wrong in ("-1", "x", 2**60):
        assert leo.open(f"/r/r/news/{wrong}").got.status_code == 422


def test_a_live_talk_is_noted_in_one_minute(mia, leo, desk):
    said = {"text": "On the pager", "criteria": "impact", "told": "true"}
    mia.open("/r/r/between").send(f"{WRITE}/met", **said)
    (met,) = seeded.told(desk, Met)
    assert (met.criteria, met.told) == (("impact",), True)
    assert leo.open("/r/r/between").says("On the pager")


def test_a_private_note_is_read_by_nobody_else(leo, mia, desk):
    leo.open("/r/r/between").send(f"{WRITE}/noted", text="She talks too much")
    assert leo.says("She talks too much")
    for path in ("", "/between", "/progress", "/privacy", "/export.jsonl", "/export.csv"):
        assert not mia.open(f"/r/r{path}").says("She talks too much")
    assert len(seeded.told(desk, Noted)) == 1


def test_an_action_is_carried_forward_until_it_is_done(leo, mia, desk):
    mia.open("/r/r/between").send(f"{WRITE}/action_agreed", text="Leo asks the auditors")
    assert leo.open("/r/r/between").says("Leo asks the auditors")
    leo.send(f"{WRITE}/action_done", text="They had copies")
    assert seeded.told(desk, ActionDone)[0].text == "They had copies"
    assert leo.open("/r/r/between").says("Nothing is carried forward.")


def test_an_action_is_done_once_on_two_pages(leo, mia, desk):
    mia.open("/r/r/between").send(f"{WRITE}/action_agreed", text="Leo asks the auditors")
    leo.open("/r/r/between")
    mia.send(f"{WRITE}/action_done", text="First")
    leo.send(f"{WRITE}/action_done", text="Second")
    assert leo.got.status_code == 404
    assert leo.says("Second")
    assert len(seeded.told(desk, ActionDone)) == 1


def test_a_form_sent_twice_is_one_action(leo, desk):
    page = leo.open("/r/r/between").page
    for _ in range(2):
        leo.page = page
        leo.send(f"{WRITE}/action_agreed", text="Once")
    assert len(seeded.told(desk, ActionAgreed)) == 1


def test_a_check_in_is_private_unless_it_is_shared(leo, mia, desk):
    said = {"helps": "Your questions", "change": "Fewer stories"}
    leo.open("/r/r/between").send(f"{WRITE}/checked_in", **said)
    assert not mia.open("/r/r/between").says("Fewer stories")
    leo.open("/r/r/between").send(f"{WRITE}/checked_in", visibility="pair", **said)
    assert mia.open("/r/r/between").says("Fewer stories")
    assert len(seeded.told(desk, CheckedIn)) == 2


def test_nobody_makes_a_box_more_open_than_it_is(leo, mia, desk):
    leo.open("/r/r/between").send(f"{WRITE}/noted", text="Mine", visibility="pair")
    leo.open("/r/r/between").send(f"{WRITE}/checked_in", helps="h", change="c", visibility="all")
    assert not mia.open("/r/r/between").says("Mine")
    assert {str(e.visibility) for e in desk.entries("r") if e.event.kind == "noted"} == {"own"}


def test_once_a_month_the_two_are_asked_how_they_work_together(app, leo, mia, desk):
    assert not leo.open("/r/r").says("How do the two of you work together?")
    desk.clock.later(days=30)
    leo = signed_in(app, "leo")
    assert leo.open("/r/r").says("How do the two of you work together?")
    leo.open("/r/r/between").send(f"{WRITE}/checked_in", helps="Stories", change="Pace")
    assert not leo.open("/r/r").says("How do the two of you work together?")
    assert signed_in(app, "mia").open("/r/r").says("How do the two of you work together?")


def test_a_check_in_that_lacks_an_answer_keeps_the_other_and_who_reads_it(leo):
    leo.open("/r/r/between").send(f"{WRITE}/checked_in", helps="Questions", visibility="pair")
    assert leo.got.status_code == 422
    assert leo.says("Questions")
    assert re.search(r'value="pair" selected', leo.page)


def test_a_concern_goes_to_the_person_named_and_not_to_the_other(leo, mia, desk):
    leo.open("/r/r/between").send(f"{WRITE}/concern_raised", text="He shouts")
    assert len(seeded.told(desk, ConcernRaised)) == 1
    assert [e for e in desk.entries("r", viewer="ann") if e.event.kind == "concern_raised"]
    assert not mia.open("/r/r/between").says("He shouts")


def test_the_person_named_reads_the_concern_and_nothing_else(app, leo, mia):
    leo.open("/r/r/between").send(f"{WRITE}/concern_raised", text=SCRIPT)
    assert leo.open("/r/r/between").says("ann has no account here yet")
    ann = joined(app, "ann")
    assert ann.open("/").says("A concern was raised with you")
    assert ann.open("/r/r").path == "/r/r/concerns"
    assert ann.says(SCRIPT)
    assert "<script>" not in ann.page
    for path in ("/between", "/levels", "/privacy", "/s/b0", "/progress"):
        assert ann.open(f"/r/r{path}").got.status_code == 403
    assert not mia.open("/r/r/concerns").says(SCRIPT)


def test_where_nobody_is_named_there_is_no_box_for_a_concern(app, desk):
    seeded.guide(desk)
    leo = joined(app, "leo").open("/r/r/between")
    assert not leo.offers(f"{WRITE}/concern_raised")
    assert leo.says("Nobody outside the two of you is named")


def test_every_box_says_who_reads_it(leo):
    leo.open("/r/r/between")
    for words in ("You alone read this.", "You two read this.", "Only the person named outside"):
        assert leo.says(words)


def test_script_between_situations_is_text(leo, mia):
    leo.open("/r/r/between").send(f"{WRITE}/met", text=SCRIPT)
    leo.open("/r/r/between").send(f"{WRITE}/action_agreed", text=SCRIPT)
    assert mia.open("/r/r/between").says(SCRIPT)
    assert "<script>" not in mia.page


@pytest.mark.parametrize("text", ["x" * 70_000, "   "], ids=["huge", "blank"])
def test_a_text_that_is_too_long_or_none_comes_back_as_a_form(leo, desk, text):
    leo.open("/r/r/between").send(f"{WRITE}/noted", text=text)
    assert 400 <= leo.got.status_code < 500
    assert leo.offers(f"{WRITE}/noted")
    assert not seeded.told(desk, Noted)


def test_a_stranger_sees_and_writes_nothing_of_its_life(app, guided, desk):
    eve = joined(app, "eve")
    for path in ("life", "end", "between"):
        assert eve.open(f"/r/r/{path}").got.status_code == 403
    form = re.search(r'name="form" value="([^"]+)"', eve.open("/").page)[1]
    for kind in ("ended", "noted", "level_contested", "concern_raised"):
        data = {"form": form, "text": "x", "why": "x", "fixed.criterion": "impact", "fixed.to": "2"}
        got = eve.http.post(f"{WRITE}/{kind}", data=data)
        assert got.status_code == 403
        assert "impact" not in got.text
    assert life(desk) == "active"

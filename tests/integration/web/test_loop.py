"""The loop in the browser, without JavaScript: two people, from a link to a debrief."""

from __future__ import annotations

import re

import pytest

from tests.support.browsing import SCRIPT, Browser, joined

GOAL = {
    "situation": "An alert fires at night and its cause is not clear",
    "behaviour": "Decides whether to roll back, to wait or to wake somebody, and says why",
    "today": "Rolls back nearly every time",
    "horizon": "within 12 weeks",
    "criterion.0": "Signal: what the alert is evidence of",
    "criterion.1": "Reach: who waits for it",
    "criterion.2": "Undo: what is for good",
}
REACH = "reach-who-waits-for-it"
PROPOSAL = {"i_am": "learner", "other": "mia", "mode": "mentor", "handled": "h", "because": "b"}


@pytest.fixture
def guided():
    """Nothing is there yet."""


@pytest.fixture
def people(app):
    return app.state.accounts


@pytest.fixture
def at(leo, mia):
    """The page of a relationship that both have signed, goal and all."""
    leo.open("/propose").send("/propose", **PROPOSAL)
    path = leo.path
    leo.send(f"{path}/sign")
    mia.open(path).send(f"{path}/sign")
    leo.open(path).send(f"{path}/goal", **{k.replace(".", "__"): v for k, v in GOAL.items()})
    leo.send(f"{path}/sign")
    mia.open(path).send(f"{path}/sign")
    return path


def opened(leo, at, text="A certificate expires at two and Ann is away."):
    leo.open(at).send(f"{at}/write/situation_opened", text=text, criteria=REACH)
    return leo.path


# signing in ------------------------------------------------------------------------------------
def test_a_link_signs_in_once_and_looking_uses_nothing_up(app, people, leo):
    link = f"/in/{people.link('leo')}"
    other = Browser(app).open(link).open(link)
    assert other.says("Welcome, leo")
    assert other.send(link).says("My turn")
    assert Browser(app).open(link).says("used already")


def test_a_link_goes_to_who_has_an_account_and_the_page_says_the_same_to_all(app, leo, sent):
    there = Browser(app).open("/sign-in").send("/sign-in", mail="LEO@example.org")
    nobody = Browser(app).open("/sign-in").send("/sign-in", mail="eve@example.org")
    assert there.page == nobody.page
    assert app.state.later.done()
    (link,) = sent
    assert Browser(app).open(link).says("Welcome, leo")


def test_an_invitation_makes_an_account_and_a_name_is_taken_once(app, people, leo):
    other = Browser(app).open(f"/in/{people.link()}")
    link = other.path
    other.send(link, name="leo")
    assert other.got.status_code == 409
    assert other.says("is taken already")
    assert other.send(link, name="lea").says("My turn")


@pytest.mark.parametrize("path", ["/", "/propose", "/r/x", "/r/x/s/y", "/r/x/notebook", "/me"])
def test_nobody_sees_a_page_without_signing_in(app, path):
    assert Browser(app).open(path).says("you get a link that opens once")


def test_sessions_are_listed_and_can_be_ended(app, people, leo):
    link = f"/in/{people.link('leo')}"
    other = Browser(app).open(link).send(link)
    mine = re.findall(r'name="browser" value="([^"]+)"', leo.open("/me").page)
    assert len(mine) == 2
    for one in mine:
        people.leave("leo", one)
    assert other.open("/").says("you get a link")


def test_a_form_of_another_site_does_nothing(leo, at):
    got = leo.http.post(f"{at}/write/noted", data={"form": "guess", "text": "x"})
    assert got.status_code == 403
    form = re.search(r'name="form" value="([^"]+)"', leo.open(at).page)[1]
    foreign = {"Origin": "https://evil.example"}
    data = {"form": form, "text": "x"}
    assert leo.http.post(f"{at}/write/noted", data=data, headers=foreign).status_code == 403


def test_a_page_answers_only_to_the_servers_own_names(app, leo, sent):
    got = leo.http.post(
        "/sign-in", data={"mail": "leo@example.org"}, headers={"Host": "evil.example"}
    )
    assert got.status_code == 403
    assert app.state.later.done()
    assert sent == []


def test_pages_allow_no_script_but_ours_and_are_not_kept_by_anybody(leo):
    headers = leo.open("/").got.headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src 'self';" in headers["content-security-policy"]
    assert not re.findall(r"<script(?! src=\"/static/)| on\w+=|javascript:", leo.page)
    assert headers["cache-control"] == "no-store"


# the loop --------------------------------------------------------------------------------------
def test_a_vague_goal_comes_back_with_its_questions_and_what_was_typed(leo, mia):
    leo.open("/propose").send("/propose", **PROPOSAL)
    at = leo.path
    leo.send(f"{at}/sign")
    mia.open(at).send(f"{at}/sign")
    vague = {"behaviour": "Be a better leader", "situation": "x", "today": "y", "horizon": "z"}
    leo.open(at).send(f"{at}/goal", **vague)
    assert leo.got.status_code == 422
    assert leo.says("Be a better leader")
    assert leo.says("Which three to six things does good judgment look at here?")


def test_two_people_go_through_the_whole_loop(leo, mia, at, desk):
    here = opened(leo, at)
    leo.send(f"{at}/write/own_call_recorded", call="Renew it", why="A review takes too long")
    mia.open(here).send(f"{at}/write/rated", **{f"ratings__{REACH}": "2"})
    leo.open(here).send(f"{at}/write/decision_recorded", decision="Renewed it", why="Late")
    mia.open(at).send(f"{at}/baseline", fewer="There was one")
    assert mia.says("guided")

    here = opened(leo, at, "The disk is full.")
    leo.send(f"{at}/write/own_call_recorded", call="Delete logs", why="They are large")
    assert mia.open("/").says("Guide")
    asked = {"move": "ask", "text": "Who reads these logs?", "criteria": REACH}
    mia.open(here).send(f"{at}/write/guidance_given", **asked)
    assert not leo.open(here).says("Who reads these logs?")
    leo.send(f"{here}/collect")
    assert leo.says("Who reads these logs?")
    leo.send(f"{at}/write/answered", text="The auditors")
    did = {"decision": "Asked the auditors", "why": "They do", "advice": "taken"}
    leo.open(here).send(f"{at}/write/decision_recorded", **did)
    leo.send(f"{at}/write/outcome_recorded", text="They had copies")
    said = {"expected": "e", "happened": "h", "why": "w", "next": "Ask who reads it"}
    mia.open(here).send(f"{at}/write/debriefed", **said)
    account = {"noticed": "n", "options": "a", "turned_on": REACH, "asked_myself": "q"}
    leo.open(here).send(f"{at}/write/account_written", happened="h", **account)
    assert leo.says("Ask who reads it")
    leo.open(f"{at}/notebook").send(f"{at}/write/question_kept", text="Who reads it?")
    assert leo.says("Who reads it?")
    assert desk.state(at.removeprefix("/r/")).situations[-1].account is not None


def test_a_trainer_is_warned_before_a_text_that_tells_is_sent_as_a_question(leo, mia, at, desk):
    here = opened(leo, at)
    leo.send(f"{at}/write/own_call_recorded", call="Renew it", why="A review takes too long")
    leo.open(here).send(f"{at}/write/decision_recorded", decision="Renewed it", why="Late")
    mia.open(at).send(f"{at}/baseline", fewer="There was one")
    here = opened(leo, at, "The disk is full.")
    leo.send(f"{at}/write/own_call_recorded", call="Delete logs", why="They are large")
    tells = {"move": "ask", "text": "Delete the oldest logs now.", "criteria": REACH}
    mia.open(here).send(f"{at}/write/guidance_given", **tells)
    assert mia.says("This reads as telling, not asking.")
    assert mia.says("Delete the oldest logs now.")
    name = at.removeprefix("/r/")
    assert not desk.state(name).situations[-1].guidance
    page = mia.page
    mia.send(f"{at}/write/guidance_given", **(tells | {"text": "Delete all of them."}))
    assert mia.says("This reads as telling")  # another text is read anew
    mia.page = page
    mia.send(f"{at}/write/guidance_given", **tells)
    assert len(desk.state(name).situations[-1].guidance) == 1


def test_a_form_sent_twice_is_one_entry(leo, at, desk):
    page = leo.open(at).page
    for _ in range(2):
        leo.page = page
        leo.send(f"{at}/write/situation_opened", text="Twice", criteria=REACH)
    assert len(desk.state(at.removeprefix("/r/")).situations) == 1


def test_what_is_missing_is_said_beside_what_was_typed(leo, at):
    leo.open(at).send(f"{at}/write/situation_opened", text="A long text", criteria="")
    assert leo.got.status_code == 422
    assert leo.says("A long text")
    assert leo.says("Tick at least one.")


def test_a_stale_page_shows_both_what_happened_and_what_was_typed(leo, at):
    here, stale = opened(leo, at), leo.page
    leo.send(f"{at}/write/own_call_recorded", call="First", why="w")
    leo.page = stale.replace('name="id" value="', 'name="id" value="x')
    leo.send(f"{at}/write/own_call_recorded", call="Second", why="w")
    assert leo.got.status_code == 409
    assert leo.says("Second")
    assert leo.says("First")
    assert leo.open(here).says("First")


def test_script_in_every_field_is_text(leo, at):
    here = opened(leo, at, SCRIPT)
    leo.send(f"{at}/write/own_call_recorded", call=SCRIPT, why=SCRIPT, expects=SCRIPT)
    for path in (here, at, f"{at}?q={SCRIPT}"):
        assert "<script>" not in leo.open(path).page


def test_a_situation_is_found_by_its_words(leo, at):
    opened(leo, at, "The certificate of the shop expires.")
    opened(leo, at, "The disk is full.")
    leo.open(f"{at}?q=shop+certificate")
    assert leo.says("The certificate of the shop")
    assert not leo.says("The disk is full.")


def test_a_stranger_sees_nothing_of_a_relationship(app, people, at):
    eve = joined(app, "eve")
    for path in (at, f"{at}/notebook", f"{at}/s/x"):
        assert eve.open(path).got.status_code == 403
        assert not eve.says("Signal")

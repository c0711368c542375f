"""Obstacles, offers, and what agents write, in the browser."""

from __future__ import annotations

import json
import re

from bench.workload import KEYS
from tests.support import seeded
from tests.support.browsing import SCRIPT, joined
from tutelage.domain.events import GuidanceGiven, HandedOver, HelpAsked, PrincipleKept, Rated
from tutelage.domain.terms import Party
from tutelage.doors.web import folding

BOT = Party(id="leo", kind="agent", owner="olga")
COACH = Party(id="coach-bot", kind="agent", owner="olga")


def named(browser, **more):
    said = {"text": "I wait for certainty", "when": "At night", "situations": ["b0", "b1"]}
    browser.open("/r/r/obstacles")
    return browser.send("/r/r/write/obstacle_named", **{**said, "criteria": KEYS[0], **more})


def rated(desk, key, value):
    desk.write("r", seeded.opened(key), actor="leo")
    desk.write("r", seeded.own_call(key), actor="leo")
    event = Rated(situation=key, subject="own_call", ratings=dict.fromkeys(KEYS[:2], value))
    desk.write("r", event, actor="mia")


# obstacles -------------------------------------------------------------------------------------
def test_an_obstacle_is_named_from_two_situations_by_their_first_words(leo, desk):
    assert leo.open("/r/r/obstacles").says("An alert fires in the night of b0")
    named(leo)
    assert leo.path == "/r/r/obstacles"
    assert leo.says("I wait for certainty")
    assert leo.says("Named from 2 situations")
    assert len(desk.state("r").obstacles) == 1


def test_one_situation_is_too_few_and_what_was_typed_comes_back(leo, desk):
    named(leo, situations="b0")
    assert leo.got.status_code == 422
    assert leo.says("I wait for certainty")
    named(leo, situations=["b0", "b0"])
    assert leo.got.status_code == 409
    assert leo.says("Quote two different situations")
    assert not desk.state("r").obstacles


def test_a_form_sent_twice_names_one_obstacle(leo, desk):
    page = leo.open("/r/r/obstacles").page
    for _ in range(2):
        leo.page = page
        said = {"text": "t", "when": "w", "situations": ["b0", "b1"]}
        leo.send("/r/r/write/obstacle_named", **said)
    assert len(desk.state("r").obstacles) == 1


def test_it_is_said_more_exactly_and_that_it_is_overcome(leo, desk, app):
    named(leo)
    said = {"text": "I wait too long", "when": "When alone", "situations": ["b0", "b2"]}
    leo.send("/r/r/write/obstacle_revised", **said)
    assert leo.says("I wait too long")
    mia = joined(app, "mia").open("/r/r/obstacles")
    mia.send("/r/r/write/obstacle_overcome", situations=["b2"], because="Two nights without it")
    assert mia.says("Overcome.")
    assert mia.says("Two nights without it")
    assert not mia.offers("/r/r/write/obstacle_overcome")


def test_where_it_came_back_and_where_it_could_have_and_did_not(leo, desk):
    named(leo)
    rated(desk, "low", 1)
    rated(desk, "good", 5)
    rated(desk, "between", 3)
    leo.open("/r/r/obstacles")
    assert leo.says("It may have come back since: 1")
    assert leo.says("It could have shown since and did not: 1")
    assert leo.open("/r/r/levels").says("may have come back: 1, could have and did not: 1")


def test_guidance_may_name_the_obstacle_it_works_on(leo, desk, app):
    named(leo)
    (key,) = desk.state("r").obstacles
    desk.write("r", seeded.opened("s1"), actor="leo")
    desk.write("r", seeded.own_call("s1"), actor="leo")
    mia = joined(app, "mia").open("/r/r/s/s1")
    assert mia.says("Which obstacle does it work on?")
    asked = {"move": "ask", "text": "What do you wait for?", "criteria": KEYS[0]}
    mia.send("/r/r/write/guidance_given", obstacle=key, **asked)
    assert desk.state("r").find("s1").guidance[0].entry.event.obstacle == key


def test_without_an_obstacle_the_form_asks_for_none(leo, desk, app):
    desk.write("r", seeded.opened("s1"), actor="leo")
    desk.write("r", seeded.own_call("s1"), actor="leo")
    assert not joined(app, "mia").open("/r/r/s/s1").says("Which obstacle")


def test_script_in_an_obstacle_is_text(leo):
    named(leo, text=SCRIPT, when=SCRIPT)
    for path in ("/r/r/obstacles", "/r/r/levels"):
        assert "<script>" not in leo.open(path).page


# offers ----------------------------------------------------------------------------------------
def routed(desk):
    for n in range(8):
        key = f"d{n}"
        desk.write("r", seeded.opened(key), actor="leo")
        desk.write("r", seeded.own_call(key), actor="leo")
        desk.write("r", HelpAsked(situation=key, question="Right?"), actor="leo")
        event = Rated(situation=key, subject="own_call", ratings=dict.fromkeys(KEYS[:2], 5))
        desk.write("r", event, actor="mia")


def test_dependency_reaches_both_as_an_offer_and_never_as_a_label(leo, desk, app):
    routed(desk)
    leo.open("/r/r")
    assert leo.says("An offer")
    assert leo.says("decide first next time?")
    assert not leo.says("dependency")
    mia = joined(app, "mia").open("/r/r")
    assert mia.says("say what was right in the call")
    assert not mia.says("decide first next time?")


def test_where_nothing_is_wrong_nothing_is_offered(leo):
    assert not leo.open("/r/r").says("An offer")


# agents ----------------------------------------------------------------------------------------
def agents(desk):
    seeded.guide(desk, learner=BOT, trainer=COACH)


def test_every_page_says_who_is_an_ai_agent(desk, app):
    agents(desk)
    desk.write("r", seeded.opened("s1"), actor="leo")
    kept = {"says": "s", "when": "w", "when_not": "n", "because": "b"}
    desk.write("r", PrincipleKept(principle="p", **kept), actor="leo")
    olga = joined(app, "olga")
    for path in ("/", "/r/r", "/r/r/s/s1", "/r/r/notebook", "/r/r/progress"):
        assert olga.open(path).says("AI agent"), path


def test_a_viewers_export_says_who_is_an_agent(desk, tmp_path):
    agents(desk)
    desk.export("r", tmp_path / "x.jsonl", viewer="olga")
    head = json.loads((tmp_path / "x.jsonl").read_text().splitlines()[0])
    assert head["agents"] == ["coach-bot", "leo"]


def test_a_blind_rater_reads_no_name_and_no_label(desk, app):
    ray = Party(id="ray", kind="person")
    seeded.agree(desk, learner=BOT, trainer=COACH, raters=(ray,))
    desk.write("r", seeded.opened("s1"), actor="leo")
    desk.write("r", seeded.own_call("s1"), actor="leo")
    page = joined(app, "ray").open("/r/r/rate/s1")
    for word in ("coach-bot", "leo", "olga", "AI agent"):
        assert not page.says(word)


def test_a_former_trainer_is_still_called_an_agent(desk, app):
    seeded.guide(desk, trainer=COACH)
    desk.write("r", seeded.opened("s1"), actor="leo")
    desk.write("r", seeded.own_call("s1"), actor="leo")
    ask = GuidanceGiven(situation="s1", move="ask", text="Why?", criteria=KEYS[:1])
    desk.write("r", ask, actor="coach-bot")
    to = Party(id="mia", kind="person")
    desk.write("r", HandedOver(to=to, because="b"), actor="leo")
    page = joined(app, "mia").open("/r/r/s/s1").page
    assert re.search(r"coach-bot</b> <span class=\"agent\">AI agent", page)


def test_a_trace_is_folded_behind_its_summary(desk, app):
    agents(desk)
    raw = json.dumps({"spans": ["x" * 300] * 20})
    more = {"source": "trace", "trace": "t1", "evidence": raw, "text": "The agent booked a flight."}
    desk.write("r", seeded.opened("s1", **more), actor="leo")
    page = joined(app, "olga").open("/r/r/s/s1").page
    before, _, behind = page.partition("The raw trace")
    assert "The agent booked a flight." in before
    assert "spans" not in before
    assert re.search(r'<div class="raw"[^>]*><pre>', behind)


def test_a_long_text_shows_its_start_and_the_rest_on_demand(desk, app):
    agents(desk)
    text = "\n".join(f"line {n}" for n in range(40))
    desk.write("r", seeded.opened("s1", text=text), actor="leo")
    before, _, after = joined(app, "olga").open("/r/r/s/s1").page.partition("All of it")
    assert "line 11" in before
    assert "line 30" not in before
    assert "line 39" in after


def test_code_in_a_text_is_set_apart_and_closed_also_where_it_is_cut():
    found = folding.parts("See:\n```py\nprint(1)\n```\ndone")
    assert [(p.text, p.raw) for p in found] == [
        ("See:", False),
        ("print(1)", True),
        ("done", False),
    ]
    cut = folding.start("```\n" + "\n".join("x" * 20 for _ in range(40)))
    assert folding.parts(cut)[-1].raw
    assert folding.parts("[" * 100_000) == (folding.Part("[" * 100_000),)

"""REST: keys, conflicts, pages, events, and errors that say what."""

from __future__ import annotations

import json
import threading

import pytest

from tests.support import seeded
from tests.support.doors import Rest
from tests.support.seeded import opened, own_call
from tutelage.domain.events import GuidanceGiven
from tutelage.domain.terms import Role

DECISION = {"situation": "s", "decision": "Waited", "why": "It settled"}


@pytest.fixture
def desk(sqlite_url):
    """A guided relationship with an own call in s."""
    with seeded.desk(sqlite_url) as made:
        seeded.guide(made)
        made.write("r", opened("s"), actor="leo")
        made.write("r", own_call("s"), actor="leo")
        yield made


@pytest.fixture
def rest(desk):
    return Rest(desk)


def asked(desk, text="What waits for this?"):
    ask = GuidanceGiven(situation="s", move="ask", text=text, criteria=("impact",))
    return desk.write("r", ask, actor="mia")


# keys ------------------------------------------------------------------------------------------
def test_without_a_key_nothing_is_told(rest):
    got = rest("GET", "/relationships/r")
    assert (got.status_code, got.json()["code"]) == (401, "no_key")
    assert got.headers["www-authenticate"] == "Bearer"
    assert got.headers["content-type"] == "application/problem+json"


def test_a_key_says_whose_it_is(rest):
    got = rest("GET", "/key", rest.key("leo", "r", Role.LEARNER)).json()
    assert (got["actor"], got["relationship"], got["role"]) == ("leo", "r", "learner")


def test_a_revoked_key_is_shut_out_at_the_next_request(rest, desk):
    key = rest.key("leo")
    assert rest("GET", "/relationships/r", key).status_code == 200
    desk.keys.revoke(key.split("_")[1])
    got = rest("GET", "/relationships/r", key)
    assert (got.status_code, got.json()["code"]) == (401, "key_revoked")


def test_a_key_for_one_relationship_tells_nothing_of_another(rest, desk):
    seeded.agree(desk, "other")
    key = rest.key("leo", "other")
    foreign, none = rest("GET", "/relationships/r", key), rest("GET", "/relationships/x", key)
    assert (foreign.status_code, none.status_code) == (404, 404)
    assert foreign.json() | {"detail": ""} == none.json() | {"detail": ""}
    listed = rest("GET", "/relationships", key).json()["items"]
    assert [item["relationship"] for item in listed] == ["other"]


def test_a_key_for_one_role_acts_in_no_other(rest, desk):
    rater, trainer = rest.key("mia", "r", Role.RATER), rest.key("mia", "r", Role.TRAINER)
    path, ask = "/relationships/r/guidance-given", {"situation": "s", "move": "ask", "text": "Why?"}
    ask["criteria"] = ["impact"]
    assert rest("POST", path, rater, json=ask).status_code == 403
    assert rest("GET", "/relationships/r/notebook", rater).status_code == 403
    assert rest("POST", path, trainer, json=ask).status_code == 200


def test_a_rater_sees_the_packet_it_was_asked_to_rate_and_no_level(rest, desk):
    ray = seeded.LEO.model_copy(update={"id": "ray"})
    seeded.guide(desk, "p", raters=(ray,))
    desk.write("p", opened("x"), actor="leo")
    desk.write("p", own_call("x"), actor="leo")
    key = rest.key("ray")
    assert rest("GET", "/relationships/p", key).status_code == 403
    packet = rest("GET", "/relationships/p/situations/x/packet/own_call", key).json()
    assert packet["said"] == "Wait ten minutes"
    assert "level" not in json.dumps(packet)
    (task,) = rest("GET", "/inbox", key).json()["items"]
    assert (task["what"], task["situation"]) == ("rate", "x")
    other = rest("GET", "/relationships/p/situations/x/packet/decision", key)
    assert other.json()["code"] == "not_asked"


def test_too_many_requests_wait_and_others_do_not(desk):
    rest = Rest(desk, rate=0.01, burst=3)
    wild, calm = rest.key("leo"), rest.key("mia")
    got = [rest("GET", "/key", wild).status_code for _ in range(5)]
    assert got == [200, 200, 200, 429, 429]
    last = rest("GET", "/key", wild)
    assert last.json()["code"] == "too_many"
    assert int(last.headers["retry-after"]) > 1
    assert rest("GET", "/key", calm).status_code == 200


def test_keys_cannot_be_guessed_at_leisure(rest):
    got = {rest("GET", "/key", f"tk_{n}_x").status_code for n in range(30)}
    assert got == {401, 429}
    assert rest("GET", "/key", rest.key("leo")).status_code == 200  # who has one comes in


# conflicts and retries -------------------------------------------------------------------------
def test_a_writer_that_has_not_seen_the_last_entry_is_told_to_look_again(rest, desk):
    key = rest.key("leo")
    etag = rest("GET", "/relationships/r", key).headers["etag"]
    asked(desk)
    path = "/relationships/r/decision-recorded"
    stale = rest("POST", path, key, json=DECISION, headers={"If-Match": etag})
    assert (stale.status_code, stale.json()["code"]) == (412, "moved_on")
    etag = rest("GET", "/relationships/r", key).headers["etag"]
    fresh = rest("POST", path, key, json=DECISION, headers={"If-Match": etag})
    assert fresh.status_code == 200


def test_a_retry_is_the_first_result_even_where_others_wrote_since(rest, desk):
    key, path = rest.key("leo"), "/relationships/r/decision-recorded"
    etag = rest("GET", "/relationships/r", key).headers["etag"]
    headers = {"If-Match": etag, "Idempotency-Key": "d1"}
    first = rest("POST", path, key, json=DECISION, headers=headers).json()
    asked(desk)
    again = rest("POST", path, key, json=DECISION, headers=headers).json()
    assert (again["seq"], again["repeated"]) == (first["seq"], True)


def test_a_relationship_proposed_twice_under_one_name_is_one(rest):
    key, body = rest.key("leo"), seeded.proposed().model_dump(mode="json")
    headers = {"Idempotency-Key": "twice"}
    got = [rest("POST", "/relationships", key, json=body, headers=headers) for _ in range(2)]
    assert [g.status_code for g in got] == [201, 201]
    assert {g.json()["relationship"] for g in got} == {"twice"}


# reading ---------------------------------------------------------------------------------------
def test_entries_come_in_pages_none_left_out(rest, desk):
    key, seen, after = rest.key("leo"), [], 0
    while after is not None:
        page = rest("GET", f"/relationships/r/entries?limit=5&after={after}", key).json()
        seen += [e["seq"] for e in page["items"]]
        after = page["next"]
    assert seen == [e.seq for e in desk.entries("r", viewer="leo")]


def test_relationships_come_in_pages(rest, desk):
    for name in ("a", "b", "c"):
        seeded.agree(desk, name)
    key = rest.key("leo")
    first = rest("GET", "/relationships?limit=2", key).json()
    rest_of = rest("GET", f"/relationships?limit=9&after={first['next']}", key).json()
    names = [i["relationship"] for i in (*first["items"], *rest_of["items"])]
    assert (names, rest_of["next"]) == (["a", "b", "c", "r"], None)


def test_unread_guidance_is_nowhere_until_it_is_collected(rest, desk):
    asked(desk, "Does the backlog wait for a person?")
    key = rest.key("leo")
    reads = [
        "",
        "/entries",
        "/notebook",
        "/trajectory",
        "/situations/s/context",
        "/events?seconds=0",
    ]
    for path in reads:
        assert "backlog" not in rest("GET", f"/relationships/r{path}", key).text
    assert "backlog" not in rest("POST", "/relationships/r/evidence", key).text
    (given,) = rest("POST", "/relationships/r/situations/s/collect", key).json()["items"]
    assert "backlog" in given["text"]
    assert "backlog" in rest("GET", "/relationships/r/entries?after=20", key).text


def test_the_trainer_reads_its_brief_and_the_learner_does_not(rest):
    brief = rest("GET", "/relationships/r/situations/s/brief", rest.key("mia")).json()
    assert brief["call"] == "Wait ten minutes"
    assert brief["criteria"][0]["allowed"]
    got = rest("GET", "/relationships/r/situations/s/brief", rest.key("leo"))
    assert (got.status_code, got.json()["code"]) == (403, "not_your_role")


def test_a_step_says_what_is_asked_next(rest, desk):
    key = rest.key("leo")

    def step():
        steps = rest("GET", "/relationships/r", key).json()["steps"]
        return next(s for s in steps if s["situation"] == "s")

    assert (step()["do"], step()["consult"]) == ("wait", True)
    asked(desk)
    assert step()["do"] == "collect"
    rest("POST", "/relationships/r/situations/s/collect", key)
    assert step()["do"] == "answer"
    seq = rest("GET", "/relationships/r", key).json()["seq"] - 1
    body = {"situation": "s", "guidance": seq, "text": "Nothing waits"}
    rest("POST", "/relationships/r/answered", key, json=body)
    asked(desk, "And if it does?")
    rest("POST", "/relationships/r/situations/s/collect", key)
    got = rest(
        "POST", "/relationships/r/decision-recorded", key, json=DECISION | {"advice": "partly"}
    )
    assert got.json()["step"]["do"] == "outcome"


def test_a_text_is_removed_by_who_wrote_it(rest, desk):
    seq = desk.state("r").find("s").own_call.seq
    path = f"/relationships/r/entries/{seq}/text"
    assert rest("DELETE", path, rest.key("mia")).status_code == 403
    assert rest("DELETE", path, rest.key("leo")).status_code == 200
    entries = rest("GET", "/relationships/r/entries", rest.key("leo")).json()["items"]
    assert next(e for e in entries if e["seq"] == seq)["event"]["call"] == "[redacted]"
    assert desk.verify("r").ok


def test_a_goal_is_reviewed_before_it_is_set(rest):
    got = rest("POST", "/goals/review", rest.key("leo"), json={"behaviour": "be better"}).json()
    assert not got["accepted"]
    assert all(part["question"].endswith("?") for part in got["missing"])


def test_a_trainer_keeps_its_bank(rest):
    told = {"key": "k", "case": "c", "did": "d", "why": "w", "came_out": "o", "criteria": []}
    key = rest.key("mia")
    assert rest("POST", "/bank", key, json={"items": [told]}).json() == {"kept": 1}
    assert rest("GET", "/bank", key).json()["items"] == [told]
    assert rest("GET", "/bank", rest.key("leo")).json()["items"] == []


# server-sent events ----------------------------------------------------------------------------
def test_guidance_that_waits_is_told_at_once_and_without_its_text(rest, desk):
    seq = asked(desk).seq
    got = rest("GET", f"/relationships/r/events?seconds=0&after={seq}", rest.key("leo"))
    assert got.headers["content-type"].startswith("text/event-stream")
    assert "event: guidance" in got.text
    assert json.loads(got.text.split("data: ")[1].split("\n")[0]) == {"situation": "s"}


def test_guidance_given_meanwhile_is_told_while_one_listens(rest, desk):
    seq = desk.state("r").seq
    later = threading.Timer(0.3, asked, (desk,))
    later.start()
    got = rest("GET", f"/relationships/r/events?seconds=3&after={seq}", rest.key("leo"))
    later.join()
    assert "event: guidance" in got.text


# bad input -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"{not json", {}),
        (b"\xff\xfe\x00", {}),
        (b"[]", {}),
        (b'{"situation": "s", "decision": "\\ud800", "why": "x"}', {}),
        (b'{"situation": "s", "decision": "d", "why": "w"}', {"If-Match": "W/x"}),
        (b'{"situation": "s", "decision": "d", "why": "w"}', {"Idempotency-Key": "a b"}),
        (b'{"situation": "s", "decision": "d", "why": "w", "kind": "ended"}', {}),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_written(rest, desk, body, headers):
    before = desk.state("r").seq
    headers = {"Content-Type": "application/json", **headers}
    path = "/relationships/r/decision-recorded"
    got = rest("POST", path, rest.key("leo"), content=body, headers=headers)
    assert (got.status_code, got.json()["code"]) == (422, "malformed")
    assert desk.state("r").seq == before


def test_a_body_larger_than_any_event_is_refused(rest):
    path = "/relationships/r/decision-recorded"
    got = rest("POST", path, rest.key("leo"), content=b"x" * (5 * 1024 * 1024))
    assert got.status_code == 413


def test_a_time_without_its_zone_is_refused(rest):
    path = "/relationships/r/decision-recorded?occurred_at=2026-03-02T12:00:00"
    got = rest("POST", path, rest.key("leo"), json=DECISION)
    assert got.json()["code"] == "time_zone"


def test_what_nobody_offers_has_no_route(rest):
    for kind in ("guidance-read", "probe-drawn", "configured", "rating-asked", "nonsense"):
        got = rest("POST", f"/relationships/r/{kind}", rest.key("leo"), json={})
        assert (got.status_code, got.json()["code"]) == (404, "no_route")


def test_the_process_and_its_database_say_how_they_are(rest):
    assert rest.http.get("/healthz").json() == {"ok": True}
    assert rest.http.get("/readyz").json() == {"ready": True}
    document = rest.http.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")


# whose agent it is -----------------------------------------------------------------------------
def proposal(trainer, learner=None):
    learner = learner or {"id": "eve", "kind": "person"}
    words = {"mode": "mentor", "handled": "h", "because": "b"}
    return {"learner": learner, "trainer": trainer, **words}


def test_nobody_hires_an_agent_that_another_answers_for(rest, desk):
    house = {"id": "house", "kind": "agent", "owner": "olga"}
    assert rest("POST", "/relationships", rest.key("olga"), json=proposal(house)).status_code == 201
    stolen = house | {"owner": "eve"}
    got = rest("POST", "/relationships", rest.key("eve"), json=proposal(stolen))
    assert (got.status_code, got.json()["code"]) == (403, "not_your_agent")


def test_nobody_claims_a_person_as_an_agent(rest):
    leo = {"id": "leo", "kind": "agent", "owner": "eve"}
    trainer = {"id": "eve", "kind": "person"}
    got = rest("POST", "/relationships", rest.key("eve"), json=proposal(trainer, leo))
    assert got.json()["code"] == "not_your_agent"
    to = {"to": leo, "because": "b"}
    got = rest("POST", "/relationships/r/handed-over", rest.key("leo"), json=to)
    assert got.json()["code"] == "not_your_agent"


def test_who_answers_for_an_agent_finds_its_relationships(rest, desk):
    from tests.support.cast import BOT, OLGA

    seeded.agree(desk, "bots", learner=BOT)
    listed = rest("GET", "/relationships", rest.key(OLGA)).json()["items"]
    assert [r["relationship"] for r in listed] == ["bots"]
    assert [r["id"] for r in desk.relationships(OLGA)] == ["bots"]

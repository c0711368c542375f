"""Every verb, role, and own or foreign relationship: who is let in, made from the routes."""

from __future__ import annotations

import itertools

import pytest

from tests.support import seeded
from tests.support.doors import Rest
from tests.support.samples import sample
from tests.support.seeded import opened, own_call
from tutelage.domain.events import KINDS
from tutelage.domain.terms import Party, Role
from tutelage.doors.api import router

TOLD = "Only those in it may read of the storage node"
LEARNER, TRAINER, RATER, OWNER = Role.LEARNER, Role.TRAINER, Role.RATER, Role.OWNER
PAIR = {LEARNER, TRAINER, OWNER}
READS = {
    "turn": PAIR,
    "entries": {*PAIR, RATER},
    "notebook": PAIR,
    "trajectory": PAIR,
    "evidence": PAIR,
    "events": PAIR,
    "redact": {LEARNER, TRAINER, OWNER},
    "collect": {LEARNER},
    "context": {LEARNER, OWNER},
    "brief": {TRAINER},
    "packet": {RATER, TRAINER},
}
"""Who may do what is no event; an event class says itself by whom it is written."""

WHO = {LEARNER: "bot", TRAINER: "mia", RATER: "ray", OWNER: "olga", None: "eve"}
ROUTES = {r.name: r for r in router.routes if "{relationship}" in r.path}


def names():
    return sorted(ROUTES)


@pytest.fixture(scope="module")
def rest(tmp_path_factory):
    """Two relationships: one with everybody in it, and a foreign one with a learner of its own."""
    file = tmp_path_factory.mktemp("authorization") / "t.db"
    with seeded.desk(f"sqlite:///{file}") as desk:
        bot = Party(id="bot", kind="agent", owner="olga")
        ray = Party(id="ray", kind="person")
        seeded.guide(desk, "own", learner=bot, trainer=seeded.MIA, raters=(ray,))
        seeded.guide(desk, "foreign", learner=seeded.LEO, trainer=Party(id="tom", kind="person"))
        for name, learner in (("own", "bot"), ("foreign", "leo")):
            desk.write(name, opened("s", text=f"{TOLD} of {name}"), actor=learner)
            desk.write(name, own_call("s", why=TOLD), actor=learner)
        yield Rest(desk)


def ask(rest, name, key, relationship):
    route = ROUTES[name]
    (method,) = route.methods
    path = route.path.removeprefix("/api")
    for part, value in (
        ("relationship", relationship),
        ("situation", "s"),
        ("subject", "own_call"),
        ("seq", "1"),
    ):
        path = path.replace("{" + part + "}", value)
    more = {"params": {"seconds": 0}} if name == "events" else {}
    # a well-formed event: a malformed one would be refused before anybody asks who sends it
    body = {"json": sample(KINDS[name]) if name in KINDS else {}} if method == "POST" else {}
    return rest(method, path, key, **more, **body)


def test_every_route_is_in_the_matrix():
    assert set(ROUTES) == set(READS) | {k for k, c in KINDS.items() if c.offered} - {"proposed"}


@pytest.mark.parametrize("name", names())
def test_without_a_key_no_route_answers(rest, name):
    assert ask(rest, name, None, "own").status_code == 401


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("role", [*WHO])
def test_a_key_for_one_relationship_opens_no_other(rest, name, role):
    """Whatever is asked, and by whom: as if there were no other."""
    got = ask(rest, name, rest.key(WHO[role], "own"), "foreign")
    assert got.status_code == 404
    assert TOLD not in got.text


READ = [*itertools.product((n for n in READS if n not in {"redact", "collect"}), WHO)]
WRONG = [
    (kind, role)
    for kind, cls in KINDS.items()
    for role in WHO
    if cls.offered and kind != "proposed" and role not in cls.by
]


@pytest.mark.parametrize(("name", "role"), READ)
def test_a_read_is_for_those_it_is_for(rest, name, role):
    got = ask(rest, name, rest.key(WHO[role]), "own")
    allowed = role in READS[name] and not (name == "packet" and role is TRAINER)
    assert (got.status_code == 200) == allowed, got.text
    if not allowed:
        assert got.status_code == 403
        assert TOLD not in got.text


@pytest.mark.parametrize(("kind", "role"), WRONG)
def test_an_event_is_written_by_those_its_class_names(rest, kind, role):
    """A well-formed event of the wrong writer is refused as not theirs, before any other rule."""
    before = rest.desk.state("own").seq
    path = f"/relationships/own/{kind.replace('_', '-')}"
    got = rest("POST", path, rest.key(WHO[role]), json=sample(KINDS[kind]))
    assert got.status_code == 403, got.text
    assert rest.desk.state("own").seq == before


@pytest.mark.parametrize("role", [TRAINER, RATER, OWNER])
@pytest.mark.parametrize("name", names())
def test_a_key_for_a_role_that_its_actor_does_not_have_opens_nothing(rest, name, role):
    got = ask(rest, name, rest.key("bot", "own", role), "own")
    assert got.status_code == 403
    assert TOLD not in got.text

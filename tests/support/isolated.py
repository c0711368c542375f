"""A programme, its leads and its pairs, in which every text says whom it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bench.workload import GOAL
from tests.support import proven, seeded
from tests.support.browsing import Browser, joined
from tests.support.seeded import opened, own_call, write_all
from tutelage import Tutelage
from tutelage.domain.events import (
    CheckedIn,
    ConcernRaised,
    GoalAmended,
    GuidanceGiven,
    HandedOver,
    Noted,
    PrincipleKept,
    Signed,
    SupportAsked,
    TalkPlanned,
)
from tutelage.domain.terms import Party
from tutelage.guidance.roles import Experience
from tutelage.service.matching import Matching
from tutelage.service.profile import Profile
from tutelage.service.programmes import Invitation

AT = "https://learn.example"
SECRETS = {
    "NOTE-OF-LEO": {"leo"},
    "NOTE-OF-MIA": {"mia"},
    "CHECK-OF-LEO": {"leo"},
    "CONCERN-OF-LEO": {"leo", "hana"},
    "UNREAD-GUIDANCE": {"mia"},
    "SITUATION-TEXT": {"leo", "mia", "ray"},  # the rater sees the case it was asked to rate
    "OWN-REASON": {"leo", "mia", "ray"},
    "CRITERION-NAME": {"leo", "mia", "ray"},
    "PRINCIPLE-OF-LEO": {"leo", "mia"},
    "TALK-PLACE": {"leo", "mia"},
    "CASE-FROM-BEFORE": {"leo", "mia"},
    "PROFILE-OF-LEO": {"leo"},  # nobody was proposed to him
    "PROFILE-OF-NED": {"ned", "mia"},  # who are proposed to each other
    "PROFILE-OF-MIA": {"mia", "ned"},
    "STORY-OFFERED": {"mia", "tia"},  # both train in the programme, and tia has a case like it
    "STORY-KEPT": {"mia"},
    "CASE-ELSEWHERE": {"tia", "sam"},
    "The secret case": {"leo", "mia"},
    "The secret of the account": {"leo", "mia"},
}
"""Each text, and whom its label names."""
PEOPLE = ("leo", "mia", "ray", "hana", "fay", "lou", "tia", "sam", "ned", "eve")
"""fay trained leo before mia; lou leads, tia leads and trains sam elsewhere; eve is a stranger."""
LIKE = "A backup failed in the night before a release and nobody had tested the restore"
RETOLD = "date;situation;what I did;whose\n2025-01-10;CASE-FROM-BEFORE of a night;Waited;own\n"


def people(app: Any) -> dict[str, Browser]:
    """Everybody signed in at a browser of their own, and one who is not: ``nobody``."""
    return {name: joined(app, name) for name in PEOPLE} | {"nobody": Browser(app)}


def build(desk: Tutelage, browsers: dict[str, Browser]) -> None:
    """The programme `care` with r (leo and mia) and c (a threshold), and a pair elsewhere."""
    for lead in ("lou", "tia"):
        desk.programmes.make("care", "Care", lead, contact="hana")
    for name, side in (("leo", "learner"), ("ned", "learner"), ("mia", "trainer")):
        _member(desk, name, side)
    _member(desk, "tia", "trainer")
    _pair(desk)
    _texts(desk)
    _elsewhere(desk)
    proven.threshold(desk, "c", programme="care")
    leo = browsers["leo"].open("/r/r/bring").send("/r/r/bring", text=RETOLD)
    leo.send("/r/r/bring/keep")
    _stories(desk)
    _matched(desk)


def _member(desk: Tutelage, name: str, side: Any) -> None:
    desk.programmes.invite("care", [Invitation(name, side, capacity=4)], "lou")
    desk.programmes.answer("care", name, side, joins=True)


def _pair(desk: Tutelage) -> None:
    ray, fay = Party(id="ray", kind="person"), Party(id="fay", kind="person")
    seeded.guide(desk, raters=(ray,), concern_contact="hana", trainer=fay, programme="care")
    desk.write("r", HandedOver(to=seeded.MIA, because="She moves away"), actor="leo")
    desk.write("r", Signed(what="agreement", version=2), actor="mia")
    first, *others = GOAL.criteria
    criteria = (first.model_copy(update={"name": "CRITERION-NAME of ours"}), *others)
    said = dict(GOAL) | {"kind": "goal_amended", "criteria": criteria, "because": "Ours"}
    desk.write("r", GoalAmended(**said), actor="leo")
    for actor in ("leo", "mia"):
        desk.write("r", Signed(what="goal", version=2), actor=actor)


def _texts(desk: Tutelage) -> None:
    asked = GuidanceGiven(
        situation="s", move="ask", text="UNREAD-GUIDANCE, who waits?", criteria=("impact",)
    )
    rule = PrincipleKept(
        principle="p", says="PRINCIPLE-OF-LEO", when="at night", when_not="by day", because="so"
    )
    soon = datetime(2026, 3, 20, 10, tzinfo=UTC)
    write_all(
        desk,
        "r",
        ("leo", opened("s", text="SITUATION-TEXT of the night")),
        ("leo", own_call("s", why="OWN-REASON")),
        ("mia", asked),
        ("leo", rule),
        ("leo", Noted(text="NOTE-OF-LEO")),
        ("mia", Noted(text="NOTE-OF-MIA")),
        ("leo", CheckedIn(helps="CHECK-OF-LEO", change="x")),
        ("leo", ConcernRaised(text="CONCERN-OF-LEO")),
        ("leo", TalkPlanned(talk="t1", at=soon, zone="Europe/Berlin", where="TALK-PLACE")),
        ("leo", SupportAsked()),
    )


def _elsewhere(desk: Tutelage) -> None:
    tia, sam = Party(id="tia", kind="person"), Party(id="sam", kind="person")
    seeded.agree(desk, "else", learner=sam, trainer=tia)
    desk.write("else", opened("x", text=f"CASE-ELSEWHERE: {LIKE}"), actor="sam")


def _stories(desk: Tutelage) -> None:
    told = (
        Experience("offered", f"STORY-OFFERED: {LIKE}", "Stopped it", "", ""),
        Experience("kept", f"STORY-KEPT: {LIKE}", "Waited", "", ""),
    )
    desk.bank.add("mia", told)
    desk.bank.offer("mia", "offered", "care")


def _matched(desk: Tutelage) -> None:
    need = "A client calls, angry about a wrong invoice"
    said = (
        Profile("care", "leo", "learner", situations="PROFILE-OF-LEO: a wet cellar"),
        Profile("care", "ned", "learner", situations=f"PROFILE-OF-NED\n{need}"),
        Profile("care", "mia", "trainer", handled=f"PROFILE-OF-MIA\n{need}"),
    )
    matching = Matching(desk)
    for one in said:
        matching.profiles.keep(one)
    matching.propose("care", "lou", 0)


def routes(app: Any) -> Iterator[Any]:
    """Every route of the application, also of the routers that it includes."""
    for route in app.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes(inner)
        elif hasattr(route, "path"):
            yield route


def reads(app: Any) -> list[str]:
    """The paths that are read, of the pages and of the API."""
    return sorted({r.path for r in routes(app) if "GET" in (getattr(r, "methods", None) or ())})


def filled(path: str, **given: Any) -> str:
    """The path, with what is there in each of its places."""
    parts: dict[str, Any] = {
        "relationship": "r",
        "name": "care",
        "situation": "s",
        "subject": "own_call",
        "seq": "30",
        "kind": "threshold",
    }
    return re.sub(r"\{(\w+)\}", lambda m: str((parts | given).get(m[1], "s")), path)


def leaks(text: str, who: str) -> list[str]:
    """The texts in it that are not for them."""
    return [secret for secret, named in SECRETS.items() if secret in text and who not in named]

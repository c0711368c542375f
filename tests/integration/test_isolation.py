"""No page, form, API, export or log line shows a content to whom its label does not name."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

from tests.support import seeded
from tests.support.browsing import joined
from tests.support.doors import Rest
from tests.support.seeded import opened, own_call
from tutelage.domain.events import (
    CheckedIn,
    ConcernRaised,
    GuidanceGiven,
    HandedOver,
    Noted,
    Signed,
)
from tutelage.domain.terms import Party
from tutelage.doors import web
from tutelage.doors.api import router as rest_router
from tutelage.doors.serve import application
from tutelage.doors.web.forms import FIRST

SECRETS = {
    "NOTE-OF-LEO": {"leo"},
    "NOTE-OF-MIA": {"mia"},
    "CHECK-OF-LEO": {"leo"},
    "CONCERN-OF-LEO": {"leo", "hana"},
    "UNREAD-GUIDANCE": {"mia"},
    "SITUATION-TEXT": {"leo", "mia", "ray"},  # the rater sees the case it was asked to rate
    "OWN-REASON": {"leo", "mia", "ray"},
}
"""Each text, and whom its label names."""
PEOPLE = ("leo", "mia", "ray", "hana", "fay", "eve")  # fay trained here before mia


def pages():
    """The paths of all pages that are read."""
    found = set()
    for module in pkgutil.iter_modules(web.__path__):
        router = getattr(importlib.import_module(f"{web.__name__}.{module.name}"), "router", None)
        for route in getattr(router, "routes", ()):
            if "GET" in getattr(route, "methods", ()):
                found.add(route.path)
    return sorted(p for p in found if "{secret}" not in p)


def reads():
    return sorted({r.path for r in rest_router.routes if "GET" in getattr(r, "methods", ())})


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    file = tmp_path_factory.mktemp("isolation") / "t.db"
    with seeded.desk(f"sqlite:///{file}") as desk:
        ray = Party(id="ray", kind="person")
        fay = Party(id="fay", kind="person")
        seeded.guide(desk, raters=(ray,), concern_contact="hana", trainer=fay)
        desk.write("r", HandedOver(to=seeded.MIA, because="She moves away"), actor="leo")
        desk.write("r", Signed(what="agreement", version=2), actor="mia")
        desk.write("r", opened("s", text="SITUATION-TEXT of the night"), actor="leo")
        desk.write("r", own_call("s", why="OWN-REASON"), actor="leo")
        asked = GuidanceGiven(
            situation="s", move="ask", text="UNREAD-GUIDANCE, who waits?", criteria=("impact",)
        )
        desk.write("r", asked, actor="mia")
        desk.write("r", Noted(text="NOTE-OF-LEO"), actor="leo")
        desk.write("r", Noted(text="NOTE-OF-MIA"), actor="mia")
        desk.write("r", CheckedIn(helps="CHECK-OF-LEO", change="x"), actor="leo")
        desk.write("r", ConcernRaised(text="CONCERN-OF-LEO"), actor="leo")
        yield application(desk, rate=1e6, burst=1e6)


@pytest.fixture(scope="module")
def browsers(app):
    return {name: joined(app, name) for name in PEOPLE}


@pytest.fixture(scope="module")
def keys(app):
    desk = app.state.doors.desk
    return {name: desk.keys.make(name) for name in PEOPLE}


def filled(path):
    parts = {"relationship": "r", "name": "r", "situation": "s", "subject": "own_call", "seq": "30"}
    return re.sub(r"\{(\w+)\}", lambda m: parts.get(m[1], "s"), path)


def leaks(text, who):
    return [secret for secret, named in SECRETS.items() if secret in text and who not in named]


@pytest.mark.parametrize("path", pages())
@pytest.mark.parametrize("who", PEOPLE)
def test_a_page_shows_nobody_what_is_not_for_them(browsers, who, path, caplog):
    caplog.set_level("DEBUG")
    got = browsers[who].http.get(filled(path))
    assert got.status_code < 500
    assert leaks(got.text, who) == []
    assert leaks(caplog.text, "nobody") == []


@pytest.mark.parametrize("kind", sorted(FIRST))
@pytest.mark.parametrize("who", PEOPLE)
def test_a_form_that_comes_back_shows_nobody_what_is_not_for_them(browsers, who, kind, caplog):
    caplog.set_level("DEBUG")
    form = re.search(r'name="form" value="([^"]+)"', browsers[who].http.get("/me").text)[1]
    data = {"form": form, "id": "x y", "fixed.situation": "s", "fixed.warned": "x"}
    got = browsers[who].http.post(f"/r/r/write/{kind}", data=data)
    assert 400 <= got.status_code < 500  # its id is none: nothing is ever written
    assert leaks(got.text, who) == []
    assert leaks(caplog.text, "nobody") == []


@pytest.mark.parametrize("path", reads())
@pytest.mark.parametrize("who", PEOPLE)
def test_the_api_tells_nobody_what_is_not_for_them(app, keys, who, path, caplog):
    caplog.set_level("DEBUG")
    rest = Rest.__new__(Rest)
    rest.http = browsers_client(app)
    params = {"params": {"seconds": 0}} if path.endswith("events") else {}
    got = rest("GET", filled(path).removeprefix("/api"), keys[who], **params)
    assert got.status_code < 500
    assert leaks(got.text, who) == []
    assert leaks(caplog.text, "nobody") == []


def browsers_client(app):
    from starlette.testclient import TestClient

    return TestClient(app, base_url="http://localhost")


def test_each_text_is_somewhere_for_whom_it_is_for(browsers, keys, app):
    """Or the tests above could not fail."""
    seen = dict.fromkeys(PEOPLE, "")
    for who, browser in browsers.items():
        for path in pages():
            seen[who] += browser.http.get(filled(path)).text
        got = browsers_client(app).get(
            "/api/relationships/r/entries", headers={"Authorization": f"Bearer {keys[who]}"}
        )
        seen[who] += got.text
    brief = browsers_client(app).get(
        "/api/relationships/r/situations/s/brief",
        headers={"Authorization": f"Bearer {keys['mia']}"},
    )
    seen["mia"] += brief.text
    missing = {s: [w for w in named if s not in seen[w]] for s, named in SECRETS.items()}
    assert not {s: who for s, who in missing.items() if who}

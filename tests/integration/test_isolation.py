"""No page, form, API, feed, tool or log line shows a content to whom its label does not name."""

from __future__ import annotations

import re

import anyio
import pytest
from mcp import Client, MCPError
from starlette.testclient import TestClient

from tests.support import isolated, seeded
from tests.support.isolated import PEOPLE, SECRETS, filled, leaks
from tutelage.doors.mcp import server
from tutelage.doors.serve import application
from tutelage.doors.tools import TOOLS
from tutelage.doors.web.forms import FIRST
from tutelage.service.session import Session
from tutelage.service.settings import Settings

PAIRS = ("r", "c", "else")
EVERYBODY = (*PEOPLE, "nobody")
OUTSIDE = ("lou", "tia", "sam", "ned", "eve", "nobody")
"""Who has no part in what leo and mia write, the leads of their programme among them."""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    file = tmp_path_factory.mktemp("isolation") / "t.db"
    with seeded.desk(f"sqlite:///{file}") as desk:
        yield application(desk, rate=1e6, burst=1e6, settings=Settings(at=isolated.AT))


@pytest.fixture(scope="module")
def browsers(app):
    found = isolated.people(app)
    isolated.build(app.state.doors.desk, found)
    return found


@pytest.fixture(scope="module")
def desk(app, browsers):
    return app.state.doors.desk


@pytest.fixture(scope="module")
def heads(desk):
    """What each person's program shows with its requests."""
    keys = {name: desk.keys.make(name) for name in PEOPLE}
    return {name: {"Authorization": f"Bearer {key}"} for name, key in keys.items()} | {"nobody": {}}


@pytest.fixture(scope="module")
def http(app):
    return TestClient(app, base_url="http://localhost")


def places(app, api, **more):
    """Every address that is read, by people or by programs, in each of the pairs."""
    for path in isolated.reads(app):
        if path.startswith("/api/") is api:
            for pair in PAIRS if "{relationship}" in path else PAIRS[:1]:
                yield filled(path, relationship=pair, **more)


def shown(get, at, who):
    """What is not for them, at each of these addresses where there is any."""
    found = {}
    for path in at:
        got = get(path)
        assert got.status_code < 500, path
        if leaks(got.text, who):
            found[path] = leaks(got.text, who)
    return found


def called(http, heads):
    """What a program gets that shows this key; news end at once."""
    return lambda path: http.get(
        path, headers=heads, params={"seconds": 0} if path.endswith("events") else {}
    )


def in_a_log(caplog):
    return leaks(caplog.text, "nobody")


# pages -----------------------------------------------------------------------------------------
def test_the_addresses_are_all_there_are(app):
    found = set(isolated.reads(app))
    assert len(found) > 70
    assert {
        "/",
        "/programmes/{name}/matching",
        "/practice",
        "/bank",
        "/r/{relationship}/talks",
    } <= found
    assert {"/calendar/{token}.ics", "/verify/{credential}/status", "/stop/{token}"} <= found
    assert {
        "/api/bank",
        "/api/relationships/{relationship}/entries",
        "/.well-known/jwks.json",
    } <= found


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_page_shows_nobody_what_is_not_for_them(app, browsers, who, caplog):
    caplog.set_level("DEBUG")
    assert shown(browsers[who].http.get, places(app, api=False), who) == {}
    assert in_a_log(caplog) == []


@pytest.mark.parametrize("who", OUTSIDE)
def test_to_who_has_no_part_in_it_no_page_of_a_pair_opens(app, browsers, who):
    at = [p for p in places(app, api=False) if p.startswith("/r/r/")]
    got = {path: browsers[who].http.get(path, follow_redirects=False).status_code for path in at}
    assert len(got) > 20
    assert set(got.values()) <= {303, 401, 403, 404}, got


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_page_of_one_entry_shows_it_to_others(app, browsers, desk, who, caplog):
    caplog.set_level("DEBUG")
    told = [e.seq for e in desk.entries("r") if leaks(e.event.model_dump_json(), "nobody")]
    assert len(told) > 10
    at = [filled(p, seq=seq) for p in isolated.reads(app) if "{seq}" in p for seq in told]
    assert shown(browsers[who].http.get, at, who) == {}
    assert in_a_log(caplog) == []


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_form_that_comes_back_shows_nobody_what_is_not_for_them(browsers, who, caplog):
    caplog.set_level("DEBUG")
    page = browsers[who].http.get("/me").text
    form = (re.findall(r'name="form" value="([^"]+)"', page) or ["none"])[0]
    data = {"form": form, "id": "x y", "fixed.situation": "s", "fixed.warned": "x"}
    for kind in sorted(FIRST):
        got = browsers[who].http.post(f"/r/r/write/{kind}", data=data, follow_redirects=False)
        assert 300 <= got.status_code < 500  # its id is none: nothing is ever written
        assert leaks(got.text, who) == []
    assert in_a_log(caplog) == []


def test_who_asks_for_support_is_told_to_the_leads_and_to_nobody_else(browsers):
    for who in OUTSIDE:
        page = browsers[who].open("/programmes/care").page
        asks = re.search(r'<section id="support">(.*?)</section>', page, re.DOTALL)
        assert ("leo learns with mia" in asks[1] if asks else False) is (who in {"lou", "tia"})


# calendars that subscribe ----------------------------------------------------------------------
def feed(browser):
    page = browser.open("/me/calendar").page
    return browser.http.get(re.search(r"/calendar/[^\s\"<]+\.ics", page)[0]).text


@pytest.mark.parametrize("who", PEOPLE)
def test_a_calendar_has_the_talks_of_its_person_alone_and_only_their_place(browsers, who):
    said = feed(browsers[who]).replace("\r\n ", "")
    assert "BEGIN:VCALENDAR" in said
    assert ("BEGIN:VEVENT" in said) is (who in {"leo", "mia"})
    assert leaks(said, "nobody") == (["TALK-PLACE"] if who in {"leo", "mia"} else [])


# programs --------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_api_tells_nobody_what_is_not_for_them(app, http, heads, who, caplog):
    caplog.set_level("DEBUG")
    assert shown(called(http, heads[who]), places(app, api=True), who) == {}
    assert in_a_log(caplog) == []


def of_tools(desk, key):
    """Everything that the tools and resources for reading answer whoever shows this key."""
    made = server(lambda _headers: Session(desk, desk.keys.open(key)))

    async def read(client, uri):
        try:
            return (await client.read_resource(uri)).model_dump_json()
        except MCPError as refused:
            return str(refused)

    async def run():
        async with Client(made) as client:
            for pair in PAIRS:
                told = {"relationship": pair, "situation": "s", "subject": "own_call"}
                for tool in (t for t in TOOLS if t.reads):
                    named = {k: v for k, v in told.items() if k in tool.told.model_fields}
                    yield (
                        f"{tool.name} {pair}",
                        (await client.call_tool(tool.name, named)).model_dump_json(),
                    )
                for one in (await client.list_resource_templates()).resource_templates:
                    uri = filled(one.uri_template, relationship=pair, name="notebook")
                    yield uri, await read(client, uri)

    async def every():
        return [one async for one in run()]

    return dict(anyio.run(every))


@pytest.fixture(scope="module")
def tools(desk, browsers):
    return {who: of_tools(desk, desk.keys.make(who)) for who in PEOPLE}


@pytest.mark.parametrize("who", PEOPLE)
def test_the_tools_of_models_tell_nobody_what_is_not_for_them(tools, who):
    assert {at: leaks(said, who) for at, said in tools[who].items() if leaks(said, who)} == {}


def test_the_tools_of_models_tell_what_is_for_them(tools):
    assert "UNREAD-GUIDANCE" not in "".join(tools["leo"].values())
    assert "PRINCIPLE-OF-LEO" in tools["leo"]["get_notebook r"]
    assert "SITUATION-TEXT" in tools["mia"]["get_brief r"]
    assert "SITUATION-TEXT" in tools["ray"]["get_packet r"]


# the test itself -------------------------------------------------------------------------------
def test_each_text_is_somewhere_for_whom_it_is_for(app, browsers, http, heads):
    """Or the tests above could not fail."""
    seen = dict.fromkeys(PEOPLE, "")
    for who in PEOPLE:
        seen[who] += "".join(browsers[who].http.get(p).text for p in places(app, api=False))
        seen[who] += "".join(called(http, heads[who])(p).text for p in places(app, api=True))
    missing = {s: [w for w in named if s not in seen[w]] for s, named in SECRETS.items()}
    assert not {s: who for s, who in missing.items() if who}

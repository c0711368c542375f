"""What is mine is taken along from one page, and my account ends when I say so."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from tests.support import seeded
from tests.support.browsing import Browser, joined
from tutelage.domain.errors import Conflict, NoKey, Unknown
from tutelage.doors.serve import application
from tutelage.guidance.roles import Experience
from tutelage.service.channel import Channels
from tutelage.service.mine import HELD
from tutelage.service.tables import links, metadata, people, sessions, subjects


@pytest.fixture
def desk(url):
    with seeded.desk(url) as made:
        seeded.guide(made)
        yield made


@pytest.fixture
def app(desk):
    return application(desk, rate=1e6, burst=1e6, deliver=lambda _person, _link: None)


@pytest.fixture
def leo(app):
    return joined(app, "leo")


def deleted(browser):
    return browser.open("/me/delete").send("/me/delete")


def rows(desk, table, where):
    with desk.ledger.engine.connect() as connection:
        return connection.execute(sa.select(table).where(where)).mappings().all()


# taken along -----------------------------------------------------------------------------------
def test_every_relationship_s_exports_are_on_one_page(leo, desk):
    seeded.agree(desk, "second")
    page = leo.open("/me").open("/me/data").page
    found = re.findall(r'href="(/r/[^"]+)"', page)
    assert {p.split("/")[2] for p in found} == {"r", "second"}
    assert all(leo.open(path).got.status_code == 200 for path in found)


def test_what_is_kept_of_me_beside_is_one_file_without_a_secret(leo, desk):
    desk.programmes.make("care", "Care", "leo")
    desk.bank.add("leo", [Experience("e1", "A case of mine", "", "", "")])
    Channels(desk.ledger.engine, desk.clock, desk.entropy, private=True).add(
        "leo", "http://localhost:9/hooks.example"
    )
    found = leo.open("/me/account.json").got.json()
    assert found["person"][0]["mail"] == "leo@example.org"
    assert found["lead"][0]["programme"] == "care"
    assert "A case of mine" in found["experience"][0]["body"]
    assert "hooks.example" not in leo.page


def test_every_table_that_holds_somebody_is_in_that_file_or_left_out_on_purpose():
    left_out = {
        "entry": "exported by relationship",
        "relationship": "exported by itself",
        "sign_in_link": "secrets",
        "reply": "secrets",
    }
    names = {"person", "actor", "learner", "trainer"}
    held = {t.name for t in metadata.tables.values() if names & set(t.c.keys())}
    assert held - {table.name for table, _columns, _secret in HELD} == left_out.keys()


def test_nobody_sees_relationships_of_others_there(app, leo):
    assert not joined(app, "eve").open("/me/data").says("/r/r/")


def test_more_relationships_are_behind_a_link(leo, desk, monkeypatch):
    monkeypatch.setattr("tutelage.doors.web.account.SHOWN", 1)
    seeded.agree(desk, "second")
    assert not leo.open("/me/data").says("/r/second/")
    assert leo.open("/me/data?after=r").says("/r/second/")


# deleted ---------------------------------------------------------------------------------------
def test_it_is_asked_first_and_says_what_stays(leo):
    leo.open("/me/delete")
    assert leo.says("Your name stays in the relationships")
    assert leo.says('href="/r/r/end"')
    assert leo.open("/me").says("leo@example.org")


def test_every_way_in_is_gone_at_once(leo, app, desk):
    other = Browser(app).open(f"/in/{desk.people.link('leo')}")
    other.send(other.path)
    waiting, key = desk.people.link("leo"), desk.keys.make("leo")
    with desk.ledger.engine.begin() as connection:
        signed = {"issuer": "i", "subject": "s", "person": "leo", "made_at": "2026"}
        connection.execute(sa.insert(subjects).values(**signed))
    assert deleted(leo).path == "/sign-in"
    assert leo.open("/").path == other.open("/").path == "/sign-in"
    for closed in (lambda: desk.people.whose(waiting), lambda: desk.keys.open(key)):
        with pytest.raises(NoKey):
            closed()
    assert not rows(desk, sessions, sessions.c.person == "leo")
    assert not rows(desk, links, sa.or_(links.c.person == "leo", links.c.mail == "leo@example.org"))
    assert not rows(desk, subjects, subjects.c.person == "leo")


def test_the_address_is_gone_and_the_name_alone_is_kept(leo, desk):
    deleted(leo)
    (row,) = rows(desk, people, people.c.name == "leo")
    assert dict(row) == {"name": "leo", "mail": None, "language": "", "made_at": ""}
    assert desk.people.by_mail("leo@example.org") is None
    with pytest.raises(Unknown):
        desk.people.person("leo")


def test_nobody_comes_in_under_the_name_of_somebody_who_left(leo, app, desk):
    deleted(leo)
    with pytest.raises(Conflict):
        desk.people.enter(desk.people.link(), "firefox", "leo")
    with pytest.raises(Unknown):
        desk.people.add("leo", "thief@example.org")
    link = desk.people.link("leo")  # by hand, as an operator might
    thief = Browser(app).open(f"/in/{link}")
    assert thief.send(thief.path).open("/r/r").path == "/sign-in"


def test_the_relationship_and_who_looked_stay_whole(leo, app, desk):
    leo.open("/r/r/notebook")
    deleted(leo)
    assert desk.verify("r").ok
    assert desk.state("r").learner.id == "leo"
    assert joined(app, "mia").open("/r/r/privacy").says("<td>leo</td><td>notebook</td>")


def test_a_form_that_another_site_made_deletes_nothing(leo, desk):
    assert leo.http.post("/me/delete", data={"form": "x"}).status_code == 403
    assert desk.people.person("leo").mail == "leo@example.org"

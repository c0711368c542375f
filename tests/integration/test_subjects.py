"""Who a provider names and whose account that is, on both databases, and two at once."""

from __future__ import annotations

from functools import partial
from threading import Barrier, Thread

import pytest

from tests.support import seeded
from tutelage.domain.errors import Conflict, NoKey, TutelageError
from tutelage.service.accounts import SESSION_LASTS
from tutelage.service.subjects import Identity, Subjects

ISSUER = "https://id.example"
LEO = Identity(ISSUER, "42", "leo@example.org", "leo")
PLAIN = Identity(ISSUER, "43")


@pytest.fixture
def desk(url):
    with seeded.desk(url) as made:
        yield made


@pytest.fixture
def subjects(desk):
    return Subjects(desk.people, desk.ledger.engine, desk.clock)


def who(desk, session):
    return desk.people.open(session).person.name


def test_a_subject_is_one_persons_and_of_one_issuer(desk, subjects):
    desk.people.add("leo")
    subjects.keep("leo", PLAIN)
    subjects.keep("leo", PLAIN)
    assert subjects.known(PLAIN).name == "leo"
    assert subjects.known(Identity("https://evil.example", "43")) is None
    assert who(desk, subjects.enter(PLAIN, "a browser")) == "leo"
    with pytest.raises(Conflict):
        subjects.keep("mia", PLAIN)


def test_who_is_unknown_does_not_come_in(subjects):
    assert subjects.enter(LEO, "a browser") is None


def test_what_is_dropped_opens_nothing(desk, subjects):
    desk.people.add("leo")
    subjects.keep("leo", PLAIN)
    subjects.drop("mia", ISSUER)
    assert subjects.kept("leo", ISSUER)
    subjects.drop("leo", ISSUER)
    assert not subjects.kept("leo", ISSUER)
    assert subjects.enter(PLAIN, "a browser") is None


def test_an_address_brings_its_account_and_signs_out_who_was_in_it(desk, subjects):
    desk.people.add("leo", "leo@example.org")
    before = desk.people.enter(desk.people.link("leo"), "another browser")
    assert who(desk, subjects.enter(LEO, "a browser")) == "leo"
    assert desk.people.open(before) is None
    again = desk.people.enter(desk.people.link("leo"), "another browser")
    subjects.enter(LEO, "a browser")  # known by now: nobody is signed out any more
    assert desk.people.open(again)


def test_an_address_that_was_given_to_another_brings_nothing(desk, subjects):
    desk.people.add("leo", "leo@example.org")
    subjects.enter(LEO, "a browser")
    heir = Identity(ISSUER, "77", "leo@example.org", "leo")
    assert subjects.enter(heir, "a browser") is None
    with pytest.raises(Conflict):
        subjects.join(heir, "leo2", "a browser")
    assert subjects.known(heir) is None
    assert subjects.known(LEO).name == "leo"


def test_a_name_that_means_somebody_is_for_who_was_invited(desk, subjects):
    desk.open(seeded.proposed(), actor="leo")
    desk.keys.make("a_b")
    desk.people.add("zoe")
    for name in ("mia", "Leo", "a_b", "ZOE"):
        with pytest.raises(Conflict) as refused:
            subjects.join(PLAIN, name, "a browser")
        assert refused.value.code == "name_taken"
    assert who(desk, subjects.join(LEO, "axb", "a browser")) == "axb"
    assert who(desk, subjects.join(PLAIN, "", "a browser", desk.people.invite("mia"))) == "mia"


def test_who_cannot_join_leaves_nothing_behind(desk, subjects):
    desk.people.add("leo")
    subjects.keep("leo", PLAIN)
    invitation = desk.people.link()
    with pytest.raises(Conflict):
        subjects.join(PLAIN, "lea", "a browser", invitation)
    assert desk.people.whose(invitation) == ""  # still good
    with pytest.raises(TutelageError):
        desk.people.person("lea")
    with pytest.raises(NoKey):
        subjects.join(LEO, "lea", "a browser", "guess")


def at_once(*works):
    """Run them in threads that start together; what each raised."""
    start, raised = Barrier(len(works)), []

    def run(work):
        start.wait()
        try:
            work()
        except TutelageError as error:
            raised.append(error.code)

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return raised


@pytest.mark.parametrize("n", range(5))
def test_of_those_who_take_the_same_sign_in_at_once_one_gets_it(desk, subjects, n):
    someone = Identity(ISSUER, f"twice {n}")
    raised = at_once(*(partial(subjects.keep, name, someone) for name in ("leo", "mia", "ann")))
    assert raised == ["sign_in_taken"] * 2


@pytest.mark.parametrize("n", range(5))
def test_of_those_who_join_under_one_name_at_once_one_does(desk, subjects, n):
    those = [Identity(ISSUER, f"{n} {m}") for m in range(3)]
    raised = at_once(*(partial(subjects.join, one, f"p{n}", "a browser") for one in those))
    assert len(raised) == 2
    assert set(raised) <= {"name_taken", "sign_in_taken"}


def test_sessions_that_ended_by_themselves_are_not_listed(desk, monkeypatch):
    desk.people.add("leo")
    session = desk.people.enter(desk.people.link("leo"), "a browser")
    assert len(desk.people.browsers("leo")) == 1
    late = desk.clock() + SESSION_LASTS
    monkeypatch.setattr(desk.people, "_clock", lambda: late)
    assert desk.people.open(session) is None
    assert desk.people.browsers("leo") == []


def test_a_browser_is_ended_only_by_whose_it_is(desk):
    for name in ("leo", "mia"):
        desk.people.add(name)
    session = desk.people.enter(desk.people.link("leo"), "a browser")
    (browser,) = desk.people.browsers("leo")
    desk.people.leave("mia", browser.id)
    assert desk.people.open(session)
    desk.people.leave("leo", browser.id)
    assert desk.people.open(session) is None


@pytest.mark.parametrize(
    "said",
    ["leo@example.org\x00", "a@b.example,c@d.example", "leo", "", "@", "x" * 250 + "@b.example"],
)
def test_no_text_that_is_no_address_finds_anybody_or_breaks(desk, said):
    desk.people.add("leo", "leo@example.org")
    assert desk.people.by_mail(said) is None

"""A programme in the browser: joined by one's own yes, seen by its lead without a word of anybody."""

from __future__ import annotations

import html
import re

import pytest

from tests.support import seeded
from tests.support.browsing import SCRIPT, Browser, joined
from tutelage.domain.events import LevelsShown, OptedOut, Paused, Rated, Signed, SupportAsked
from tutelage.service.overview import Overviews
from tutelage.service.programmes import Invitation

ROSTER = (
    "Name;E-Mail;Rolle;capacity\nJürgen Groß;j@example.org;lernt;\nmia;mia@example.org;mentor;2\n"
)


@pytest.fixture
def guided():
    """Nothing is there yet."""


@pytest.fixture
def lou(app, desk):
    """Who leads the programme."""
    browser = joined(app, "lou")
    desk.programmes.make("care", "Care <b>first</b>", "lou", contact="hana")
    return browser


def invite(desk, *people, programme="care"):
    invited = [Invitation(name, side) for name, side in people]
    return desk.programmes.invite(programme, invited, "lou")


def both_join(desk, *browsers):
    invite(desk, ("leo", "learner"), ("mia", "trainer"))
    for browser in browsers:
        browser.open("/programmes/care").send("/programmes/care/answer", joins="yes")


def paired(desk, leo, mia):
    """A pair in the programme, its agreement signed by both."""
    both_join(desk, leo, mia)
    seeded.agree(desk, "r", programme="care")


# joining ---------------------------------------------------------------------------------------
def test_whoever_is_invited_joins_by_their_own_yes(desk, lou, leo):
    invite(desk, ("leo", "learner"))
    assert leo.open("/").says("Join the programme Care <b>first</b>?")
    leo.open("/programmes/care").send("/programmes/care/answer", joins="yes")
    assert desk.programmes.joined("care", "leo", "learner")
    assert leo.open("/").says("Programmes")


def test_whoever_declines_is_in_nothing_and_sees_nothing(desk, lou, leo):
    invite(desk, ("leo", "learner"))
    leo.open("/programmes/care").send("/programmes/care/answer", joins="no")
    assert not desk.programmes.joined("care", "leo")
    assert leo.open("/programmes/care").got.status_code == 404


def test_to_strangers_there_is_no_programme(desk, lou, leo):
    for path in ("", "/people", "/evidence"):
        assert leo.open(f"/programmes/care{path}").got.status_code == 404
        assert leo.says("There is no programme care for you here.")


def test_only_who_joined_is_named_as_of_a_programme(desk, lou, leo, mia):
    leo.open("/propose").send("/propose", other="mia", handled="x", because="y", programme="care")
    assert leo.says("did not join the programme care")


def test_a_proposal_from_the_programme_names_it_and_its_contact(desk, lou, leo, mia):
    both_join(desk, leo, mia)
    leo.open("/propose?programme=care").send(
        "/propose", other="mia", handled="x", because="y", programme="care", concern_contact="hana"
    )
    assert mia.open(f"{leo.path}/agreement").says("Whoever leads care sees with whom you work")


# the overview ----------------------------------------------------------------------------------
def test_a_lead_sees_who_when_and_counts_and_no_word(desk, lou, leo, mia):
    paired(desk, leo, mia)
    desk.write(
        "r", seeded.opened("s", text="Nobody but us two reads of the neighbour"), actor="leo"
    )
    for path in ("", "/pairs", "/people", "/evidence"):
        assert not lou.open(f"/programmes/care{path}").says("neighbour")
    assert lou.open("/programmes/care").says("baseline")
    assert lou.open("/programmes/care/pairs").says("leo learns with mia")
    assert lou.says("situations: 1")
    for path in ("/r/r", "/r/r/s/s", "/r/r/levels"):
        assert lou.open(path).got.status_code == 403


def test_who_asks_for_support_is_seen_until_it_came(desk, lou, leo, mia):
    paired(desk, leo, mia)
    leo.open("/r/r/between").send("/r/r/write/support_asked")
    assert "leo learns with mia" in section(lou, "support")
    mia.open("/r/r/between").send("/r/r/write/support_settled")
    assert "leo learns with mia" not in section(lou, "support")


def section(browser, name):
    browser.open("/programmes/care")
    return re.search(rf'<section id="{name}">(.*?)</section>', browser.page, re.DOTALL)[1]


def test_a_pair_is_silent_after_two_weeks_and_late_after_what_was_agreed(desk, lou, leo, mia):
    both_join(desk, leo, mia)
    seeded.agree(desk, "r", programme="care", reply_days=5)
    desk.write("r", seeded.opened("s"), actor="leo")
    assert "learns" not in section(lou, "silent") + section(lou, "late")
    desk.clock.later(days=6)
    assert "learns" in section(lou, "late")
    assert "learns" not in section(lou, "silent")
    desk.clock.later(days=9)
    assert "learns" in section(lou, "silent")


def test_of_two_leads_one_looks_after_a_pair_and_the_other_is_told(app, desk, lou, leo, mia):
    paired(desk, leo, mia)
    desk.write("r", SupportAsked(), actor="mia")
    desk.programmes.make("care", "Care", "leo")  # leads it too, beside learning in it
    lou.open("/programmes/care"), leo.open("/programmes/care")
    lou.send("/programmes/care/care")
    leo.send("/programmes/care/care")
    assert leo.says("lou looks after it already.")
    assert "lou looks after it" in section(leo, "support")


def test_nobody_takes_care_of_a_pair_of_another_programme(desk, lou, leo, mia):
    paired(desk, leo, mia)
    desk.write("r", SupportAsked(), actor="mia")
    desk.programmes.make("other", "Other", "leo")
    lou.open("/programmes/care")
    form = dict(
        re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', section(lou, "support"))
    )
    token = re.search(r'name="form" value="([^"]*)"', leo.open("/").page)[1]
    answer = leo.http.post("/programmes/other/care", data={**form, "form": token})
    assert "This has changed meanwhile" in answer.text


def test_whoever_leaves_the_programme_is_gone_from_it_at_once(desk, lou, leo, mia):
    paired(desk, leo, mia)
    desk.write("r", SupportAsked(), actor="leo")
    mia.open("/r/r/life").send("/r/r/write/opted_out", having="programme")
    assert not lou.open("/programmes/care").says("leo learns with mia")
    assert desk.state("r").programme is None
    assert desk.state("r").support is None


def test_a_pair_in_a_programme_is_handed_over_to_nobody_outside_of_it(desk, lou, leo, mia, app):
    paired(desk, leo, mia)
    joined(app, "nick")
    leo.open("/r/r/handover").send("/r/r/handover", to="nick", because="Mia moves")
    assert leo.says("nick did not join the programme care.")
    assert desk.state("r").trainer.id == "mia"
    leo.open("/r/r/life").send("/r/r/write/opted_out", having="programme")
    leo.open("/r/r/handover").send("/r/r/handover", to="nick", because="Mia moves")
    assert desk.state("r").trainer.id == "nick"


# levels ----------------------------------------------------------------------------------------
def learners(desk, count):
    """Guided pairs of the programme, each of two people."""
    names = [f"l{n}" for n in range(count)]
    for n, name in enumerate(names):
        learner = seeded.LEO.model_copy(update={"id": name})
        seeded.guide(desk, f"g{n}", learner=learner, programme="care")
    return names


def test_levels_are_counted_over_five_people_and_never_over_four(desk, lou):
    learners(desk, 4)
    assert lou.open("/programmes/care").says("Levels are counted over five people or more")
    learner = seeded.LEO.model_copy(update={"id": "l4"})
    seeded.guide(desk, "g4", learner=learner, programme="care")
    assert lou.open("/programmes/care").says("Over 5 people together")


def test_whoever_shows_their_levels_is_not_in_the_count_of_the_others(desk, lou):
    learners(desk, 5)
    desk.write("g0", LevelsShown(shown=True), actor="l0")
    assert lou.open("/programmes/care").says("They show you theirs")
    assert not lou.says("Over 5 people together")
    assert not lou.says("Over 4 people")
    desk.write("g0", LevelsShown(shown=False), actor="l0")
    assert lou.open("/programmes/care").says("Over 5 people together")
    assert not lou.says("They show you theirs")


def test_counts_of_levels_stand_for_four_weeks_whoever_moves_meanwhile(desk, lou):
    learners(desk, 5)
    lou.open("/programmes/care")
    learner = seeded.LEO.model_copy(update={"id": "l5"})
    seeded.guide(desk, "g5", learner=learner, programme="care")
    assert lou.open("/programmes/care").says("Over 5 people together")
    desk.clock.later(days=29)
    assert lou.open("/programmes/care").says("Over 6 people together")


def test_a_lead_counts_no_levels_of_pairs_of_their_own(desk, lou, mia):
    learners(desk, 5)
    desk.programmes.make("care", "Care", "mia")  # who trains all of them
    found = Overviews(desk.ledger.engine).of("care", desk.clock(), "mia").levels
    assert found.more == 5
    assert desk.programme("care", but="mia").pairs == ()


def test_a_paused_pair_keeps_its_place_and_its_call_for_support(desk, lou, leo, mia):
    paired(desk, leo, mia)
    desk.write("r", SupportAsked(), actor="leo")
    desk.write("r", Paused(), actor="mia")
    seen = Overviews(desk.ledger.engine).of("care", desk.clock())
    assert seen.support.count == 1
    assert seen.without == ()
    assert [load.pairs for load in seen.loads] == [1]


def test_one_person_in_five_relationships_is_one_person(desk, lou):
    for n in range(5):
        trainer = seeded.MIA.model_copy(update={"id": f"t{n}"})
        seeded.guide(desk, f"g{n}", trainer=trainer, programme="care")
    assert lou.open("/programmes/care").says("Levels are counted over five people or more")


def test_criteria_have_no_names_for_a_lead(desk, lou):
    learners(desk, 1)
    desk.write("g0", LevelsShown(shown=True), actor="l0")
    shown = lou.open("/programmes/care").page.partition("They show you theirs")[2]
    shown = shown.partition("</ul>")[0]
    assert "l0" in shown
    assert "share: " in shown
    assert not [key for key in seeded.KEYS if key in shown]


def test_consent_ends_with_the_programme_and_after_the_end(desk, lou):
    learners(desk, 1)
    desk.write("g0", LevelsShown(shown=True), actor="l0")
    desk.write("g0", OptedOut(of="programme"), actor="mia")
    assert not desk.state("g0").levels_shown
    assert not lou.open("/programmes/care").says("l0")


def test_the_pool_says_how_many_people_it_lacks(desk, lou):
    learners(desk, 3)
    lou.open("/programmes/care/evidence")
    assert lou.says("figures are told over 5 people or more")


# invitations -----------------------------------------------------------------------------------
def test_a_list_is_read_before_anybody_is_invited(desk, lou):
    lou.open("/programmes/care/people").send("/programmes/care/people", list=ROSTER)
    assert lou.says("juergen.gross")
    assert lou.says("Invite these 2")
    assert desk.programmes.members("care") == []
    lou.send("/programmes/care/invite")
    assert [(m.person, m.side, m.capacity) for m in desk.programmes.members("care")] == [
        ("juergen.gross", "learner", None),
        ("mia", "trainer", 2),
    ]


def test_a_list_sent_twice_invites_once(desk, lou):
    lou.open("/programmes/care/people").send("/programmes/care/people", list=ROSTER)
    page = lou.page
    lou.send("/programmes/care/invite")
    lou.page = page
    lou.send("/programmes/care/invite")
    assert len(desk.programmes.members("care")) == 2


def test_an_uploaded_file_is_read_as_a_spreadsheet_saves_it(desk, lou):
    lou.open("/programmes/care/people")
    token = re.search(r'name="form" value="([^"]*)"', lou.page)[1]
    files = {"file": ("people.csv", ROSTER.encode("cp1252"))}
    answer = lou.http.post("/programmes/care/people", data={"form": token}, files=files)
    assert "juergen.gross" in answer.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "There is no list"),
        ("name,mail\nx,y@example.org", "side is missing"),
        ("name,side\nx,boss", "line 2: boss is no side: learner or trainer."),
        ("name,mail,side\nx,nowhere,learner", "line 2: This is no mail address."),
        ("name,side\n,learner", "line 2: A name has 1 to 64 letters"),
        ("name,side\nsystem,learner", "line 2: Nobody is called system here."),
        ("name,side\nx,learner\nx,learner", "line 3: x is in this list already as learner."),
        ("name,side,capacity\nx,trainer,many", "line 2: capacity is a number from 0 to 100"),
        ("name,mail,side\nx,a@example.org,learner\ny,a@example.org,learner", "same mail address"),
        ('name,side\n"x,learner', "no line of a CSV"),
        ("\0\1\2", "people.csv is no text"),
        ("name,side\nx,<script>alert(1)</script>", "is no side"),
        ("name,side\n=cmd|calc,learner", "A name has 1 to 64 letters"),
    ],
)
def test_a_bad_list_is_refused_by_its_line_and_nobody_is_invited(desk, lou, given, said):
    lou.open("/programmes/care/people").send("/programmes/care/people", list=given)
    assert lou.says(said)
    assert SCRIPT not in lou.page
    assert not lou.offers("/programmes/care/invite")
    assert desk.programmes.members("care") == []


def by_mail(desk, name="nora", mail="nora@example.org", side="learner"):
    desk.programmes.invite("care", [Invitation(name, side, mail)], "lou")
    return f"/join/{desk.programmes.token('care', name, side)}"


def test_whoever_has_no_mail_gets_a_link_from_the_lead_and_joins(app, desk, lou):
    invite(desk, ("nora", "learner"))
    lou.open("/programmes/care/people").send("/programmes/care/link")
    link = re.search(r"/join/[\w.-]+", lou.page)[0]
    nora = Browser(app).open(link)
    nora.send(link, name="nora.k", mail="nora@example.org")
    assert desk.programmes.joined("care", "nora.k", "learner")
    assert desk.people.by_mail("nora@example.org").name == "nora.k"


def test_what_went_by_mail_is_shown_to_no_lead(app, desk, lou):
    app.state.mailer = object()  # this server sends mail
    by_mail(desk)
    lou.open("/programmes/care/people")
    assert not lou.offers("/programmes/care/link")
    data = {"form": form(lou), "person": "nora", "side": "learner"}
    got = lou.http.post("/programmes/care/link", data=data)
    assert (got.status_code, "/join/" in got.text) == (409, False)


def form(browser):
    return re.search(r'name="form" value="([^"]*)"', browser.page)[1]


def test_looking_at_the_link_joins_nothing(app, desk, lou):
    link = by_mail(desk)
    assert Browser(app).open(link).says("lou invites you as learner")
    assert not desk.programmes.joined("care", "nora")


def test_whoever_is_here_under_another_name_joins_as_they_are_called_here(app, desk, lou, leo):
    link = by_mail(desk, "leonard.ames", "leo@example.org")
    assert Browser(app).open(link).says("You have an account here.")
    leo.open(link).send(f"{link}/me")
    assert desk.programmes.joined("care", "leo", "learner")
    assert [m.person for m in desk.programmes.members("care")] == ["leo"]


def test_whoever_was_sent_the_link_joins_with_an_account_of_another_address(desk, lou, leo):
    link = by_mail(desk, "leonard", "leonard@work.example")
    leo.open(link).send(f"{link}/me")
    assert desk.programmes.joined("care", "leo", "learner")


def test_two_programmes_invite_the_same_newcomer_and_both_links_open(app, desk, lou):
    desk.programmes.make("other", "Other", "lou")
    first = by_mail(desk)
    desk.programmes.invite("other", [Invitation("nora", "trainer", "nora@example.org")], "lou")
    nora = Browser(app).open(first).send(first, name="nora")
    second = f"/join/{desk.programmes.token('other', 'nora', 'trainer')}"
    nora.open(second).send(f"{second}/me")
    assert desk.programmes.joined("care", "nora")
    assert desk.programmes.joined("other", "nora")


def test_a_link_that_was_answered_taken_back_or_is_old_opens_nothing(app, desk, lou, leo):
    answered, back, old = (by_mail(desk, n, f"{n}@example.com") for n in ("a1", "b1", "c1"))
    leo.open(answered).send(f"{answered}/me")
    desk.programmes.forget("care", "b1", "learner")
    assert Browser(app).open(answered).got.status_code == 404
    assert Browser(app).open(back).got.status_code == 404
    desk.clock.later(days=15)
    assert Browser(app).open(old).got.status_code == 404
    assert Browser(app).open("/join/bm9wZQ.00").got.status_code == 404


def test_nobody_is_asked_in_under_a_name_whose_address_is_another(app, desk, lou, leo):
    by_mail(desk, "leo", "other@example.org")
    assert not leo.open("/").says("Join the programme")
    data = {"form": form(leo), "side": "learner", "joins": "yes"}
    assert leo.http.post("/programmes/care/answer", data=data).status_code == 404


def test_an_invitation_can_be_taken_back_until_it_is_answered(desk, lou, leo):
    invite(desk, ("leo", "learner"))
    lou.open("/programmes/care/people").send("/programmes/care/forget")
    assert desk.programmes.members("care") == []


def test_only_leads_invite(desk, lou, leo):
    token = re.search(r'name="form" value="([^"]*)"', leo.open("/").page)[1]
    for action in ("people", "invite", "link", "again", "forget", "care"):
        data = {"form": token, "list": ROSTER, "person": "leo", "side": "learner"}
        data |= {"relationship": "r", "what": "late", "since": "x"}
        assert leo.http.post(f"/programmes/care/{action}", data=data).status_code == 404
    assert desk.programmes.members("care") == []


def test_a_trainer_says_how_much_they_take_on_and_the_lead_sees_when_it_is_more(
    desk, lou, mia, leo
):
    paired(desk, leo, mia)
    mia.open("/programmes/care").send("/programmes/care/offer", capacity="0", reply_days="4")
    assert lou.open("/programmes/care").says("more than agreed to")


def test_hostile_titles_and_names_stay_text(desk, lou):
    lou.open("/programmes/care")
    assert "<b>first</b>" not in lou.page
    assert "<b>first</b>" in html.unescape(lou.page)


def test_an_account_that_is_deleted_is_in_no_programme(desk, lou, leo):
    both_join(desk, leo)
    leo.open("/me/delete").send("/me/delete")
    assert "leo" not in [m.person for m in desk.programmes.members("care")]


def test_an_unsigned_pair_is_seen_as_proposed(desk, lou, leo, mia):
    both_join(desk, leo, mia)
    desk.open(seeded.proposed(programme="care"), actor="leo", id="r")
    assert lou.open("/programmes/care").says("proposed")
    desk.write("r", Signed(what="agreement"), actor="leo")
    assert desk.state("r").programme == "care"


def test_how_far_judgment_moved_is_told_over_five_people(desk, lou):
    names = learners(desk, 5)
    for n, name in enumerate(names):
        for case in range(4):
            key = f"after{case}"
            desk.write(f"g{n}", seeded.opened(key), actor=name)
            desk.write(f"g{n}", seeded.own_call(key), actor=name)
            ratings = dict.fromkeys(seeded.KEYS[:2], 4)
            said = Rated(situation=key, subject="own_call", ratings=ratings)
            desk.write(f"g{n}", said, actor="mia")
        if n == 3:
            assert desk.programme("care").rise.more == 1
    rise = desk.programme("care").rise
    assert rise.n == 5
    assert rise.low > 0
    assert lou.open("/programmes/care/evidence").says("over 5 relationships")

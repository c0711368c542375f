"""The pages in German, whole: nothing untranslated in the source, nothing English on a page."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from babel.messages.pofile import read_po

from tests.support import seeded
from tests.support.browsing import Browser
from tests.support.sentences import TEMPLATES, WEB, bare, sentences
from tutelage.doors.serve import application
from tutelage.doors.web import words

CATALOGUE = WEB / "locale" / "de" / "LC_MESSAGES" / "tutelage.po"
HOLE = re.compile(r"%\((\w+)\)s")
ENGLISH = frozenset(
    {"the", "and", "you", "your", "of", "with", "what", "it", "is", "to", "this", "that"}
    | {"for", "has", "are", "not", "its", "from", "by", "at"}
)
GOAL = {
    "situation": "Nachts schlägt ein Alarm an und die Ursache ist unklar",
    "behaviour": "Entscheidet, ob sie zurückrollt, wartet oder jemanden weckt, und sagt warum",
    "today": "Rollt fast immer zurück",
    "horizon": "in 12 Wochen",
    "criterion__0": "Zeichen: wofür der Alarm spricht",
    "criterion__1": "Reichweite: wer darauf wartet",
    "criterion__2": "Umkehr: was endgültig ist",
}
PROPOSAL = {"i_am": "learner", "other": "mia", "mode": "mentor", "handled": "h", "because": "w"}


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.open("rb") as file:
        return [m for m in read_po(file, locale="de") if m.id]


class German(Browser):
    """A browser that asks for German and keeps all it was shown."""

    def __init__(self, app):
        super().__init__(app)
        self.http.headers["Accept-Language"] = "de-AT, de;q=0.9, en;q=0.5"
        self.seen = []

    def open(self, path):
        super().open(path)
        self.seen.append((path, self.page))
        return self

    def send(self, action, **typed):
        super().send(action, **typed)
        self.seen.append((action, self.page))
        return self


@pytest.fixture
def app(sqlite_url):
    with seeded.desk(sqlite_url) as desk:
        yield application(desk, rate=1e6, burst=1e6, deliver=lambda _person, _link: None)


def joined(app, name, browser=German):
    made = browser(app).open(f"/in/{app.state.accounts.invite(name)}")
    return made.send(made.path)


@pytest.fixture
def leo(app):
    return joined(app, "leo")


@pytest.fixture
def mia(app):
    return joined(app, "mia")


@pytest.fixture
def at(leo, mia):
    leo.open("/propose").send("/propose", **PROPOSAL)
    path = leo.path
    leo.send(f"{path}/sign")
    mia.open(path).send(f"{path}/sign")
    leo.open(path).send(f"{path}/goal", **{**GOAL, "behaviour": "x"})
    leo.send(f"{path}/goal", **GOAL).send(f"{path}/sign")
    mia.open(path).send(f"{path}/sign")
    return path


def read(page):
    """What is read on a page, aloud or by eye."""
    page = re.sub(
        r"<(style|script)\b.*?</\1>|<option\b[^>]*>[^<]*/[^<]*</option>", "", page, flags=re.DOTALL
    )
    labels = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', page)
    return [html.unescape(t).strip() for t in (*labels, *re.split(r"<[^>]*>", page)) if t.strip()]


def english(browser):
    """Each text with an English word in it, and on which page."""
    found = [(path, t) for path, page in browser.seen for t in read(page)]
    return [(p, t) for p, t in found if ENGLISH & set(re.findall(r"\w+", t.lower()))]


# in the source ---------------------------------------------------------------------------------
def test_every_text_of_the_pages_has_its_german(catalogue):
    known = {m.id for m in catalogue if m.string and not m.fuzzy}
    assert {t: where for t, where in sentences().items() if t not in known} == {}


def test_the_catalogue_holds_nothing_that_no_page_says(catalogue):
    assert {m.id for m in catalogue} - set(sentences()) == set()


def test_a_translation_names_nothing_that_its_text_does_not_hold(catalogue):
    holes = {m.id: (set(HOLE.findall(m.id)), set(HOLE.findall(m.string))) for m in catalogue}
    assert {k: v for k, v in holes.items() if v[1] - v[0]} == {}


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda p: p.stem)
def test_no_template_holds_words_that_nobody_can_translate(path):
    assert bare(path) == []


# on the pages ----------------------------------------------------------------------------------
def test_two_people_go_through_the_loop_and_read_no_english(leo, mia, at):
    leo.open(at).send(f"{at}/write/situation_opened", text="Das Zertifikat endet", criteria="")
    key = re.search(r'name="criteria" value="(reich[^"]*)"', leo.open(at).page)[1]
    leo.send(f"{at}/write/situation_opened", text="Das Zertifikat endet", criteria=key)
    here = leo.path
    leo.send(f"{at}/write/own_call_recorded", call="Erneuern", why="Dauert sonst")
    mia.open("/").open(here).send(f"{at}/write/rated", **{f"ratings__{key}": "2"})
    leo.open(here).send(f"{at}/write/decision_recorded", decision="Erneuert", why="Spät")
    mia.open(at).send(f"{at}/baseline", fewer="Es gab eine")
    leo.open(at).send(f"{at}/write/situation_opened", text="Die Platte", criteria=key)
    here = leo.path
    leo.send(f"{at}/write/own_call_recorded", call="Löschen", why="Groß", expects="Platz")
    mia.open("/").open(here)
    mia.send(f"{at}/write/guidance_given", move="ask", text="Wer liest sie?", criteria=key)
    leo.open("/").open(here).send(f"{here}/collect")
    leo.send(f"{at}/write/answered", text="Die Prüfung")
    leo.open(here).send(f"{at}/write/decision_recorded", decision="Gefragt", why="Darum")
    leo.send(f"{at}/write/outcome_recorded", text="Kopien").open("/me")
    mia.open(here).open(at).open(f"{at}/notebook")
    for way in set(re.findall(rf'href="({at}/[a-z]+)"', leo.open(at).page)):
        leo.open(way)
        mia.open(way)
    for one in (leo, mia):
        one.open(f"{at}/evidence").send(f"{at}/evidence").open(f"{at}/progress")
    assert english(leo) + english(mia) == []
    assert leo.says("Als PDF")
    assert leo.open(f"{at}/notebook").says("Notizbuch")


def test_a_pair_that_never_rates_reads_no_english(leo, mia):
    leo.open("/propose").send("/propose", **PROPOSAL, rated="nobody")
    at = leo.path
    for one in (leo, mia):
        one.open(at).send(f"{at}/sign")
    leo.open(at).send(f"{at}/goal", **GOAL).send(f"{at}/sign")
    mia.open(at).send(f"{at}/sign")
    key = re.search(r'name="criteria" value="(reich[^"]*)"', leo.open(at).page)[1]
    told = {"text": "Die Platte war voll", "call": "Löschen", "why": "Groß"}
    leo.open(f"{at}/retell").send(f"{at}/retell", **told, **{f"ratings__{key}": "2"})
    for one in (leo, mia):
        one.open(at).open(f"{at}/levels").open(f"{at}/progress")
        one.open(f"{at}/evidence").send(f"{at}/evidence")
    assert english(leo) + english(mia) == []
    assert leo.says("Nach eurer Vereinbarung bewertet hier niemand")
    assert leo.open(at).says("deine eigene Bewertung: 2")
    assert mia.open(at).says("leo, eigene Bewertung: 2")


def test_what_is_refused_is_refused_in_german(leo, mia, at):
    mia.open(f"{at}/s/nirgends")
    assert mia.says("Es gibt keine Situation nirgends.")
    leo.open("/propose").send("/propose", **{**PROPOSAL, "other": "leo"})
    assert leo.says("Lernen und Begleiten sind zwei Personen")
    assert english(leo) + english(mia) == []


def test_a_stranger_and_an_old_link_are_answered_in_german(app, at):
    link = f"/in/{app.state.accounts.link()}"
    eve = German(app).open(link)
    eve.send(link, name="eve").open(at)
    assert eve.says("Das hat nicht geklappt")
    other = German(app).open("/sign-in").send("/sign-in", mail="x@example.org").open(link)
    assert other.says("Dieser Link wurde schon benutzt")
    assert english(eve) + english(other) == []


def test_somebodys_own_words_are_never_translated(leo, at):
    key = re.search(r'name="criteria" value="(reich[^"]*)"', leo.open(at).page)[1]
    leo.send(f"{at}/write/situation_opened", text="Sign out", criteria=key)
    assert leo.says("Sign out")


def test_a_reason_that_looks_like_a_sentence_of_ours_stays_as_it_was_said():
    words.reads("de")
    for said in ("Ann and Ben", "Ann learns with Ben", "4 of 5", "since May", "Rate it: 2 more"):
        assert words.say(said) == said
    words.reads()


def test_a_text_with_markup_in_a_sentence_of_ours_stays_text(leo, at):
    leo.open(f"{at}/s/<script>x")
    assert "<script>" not in leo.page
    assert leo.says("Es gibt keine Situation <script>x.")


# whose language, whose clock -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de", "de"),
        ("de-CH,fr;q=0.9", "de"),
        ("fr, de;q=0.4, en;q=0.8", "en"),
        ("en-GB,de;q=0.9", "en"),
        ("de;q=0", "en"),
        ("fr", "en"),
        ("", "en"),
        (";;q=,de;q=x,\x00" * 99, "en"),
    ],
)
def test_a_browser_is_answered_in_the_language_it_likes_best(header, language):
    assert words.preferred(header) == language


def test_before_anybody_signs_in_the_browser_says_the_language(app):
    assert 'lang="de"' in German(app).open("/sign-in").page
    assert 'lang="en"' in Browser(app).open("/sign-in").page


def test_whoever_joins_goes_on_in_the_language_they_were_greeted_in(app, leo):
    assert leo.says("Ich bin dran")
    assert app.state.accounts.person("leo").language == "de"
    assert joined(app, "lea", Browser).says("My turn")


def test_the_language_can_be_changed_and_outdoes_the_browser(app, leo):
    leo.open("/me").send("/me/reads", language="en")
    assert 'lang="en"' in leo.page
    assert leo.says("Where you are signed in")
    assert leo.send("/me/reads", language="de").says("Wo du angemeldet bist")


def test_no_other_site_changes_the_language(app, leo):
    got = leo.http.post("/me/reads", data={"form": "x", "language": "en"})
    assert got.status_code == 403
    assert app.state.accounts.person("leo").language == "de"


def test_an_unknown_language_or_zone_changes_nothing(app, leo):
    leo.open("/me").send("/me/reads", language="xx", zone="../../etc/passwd")
    assert app.state.accounts.person("leo").language == "de"
    assert "zone" not in leo.http.cookies


def test_times_are_read_by_the_readers_clock(leo):
    assert re.search(r"seit \d\d\.\d\d\.\d{4}, \d\d:\d\d UTC", html.unescape(leo.open("/me").page))
    leo.send("/me/reads", language="de", zone="Europe/Berlin")
    assert re.search(r"seit \d\d\.\d\d\.\d{4}, \d\d:\d\d ME", html.unescape(leo.page))
    assert "<option selected>Europe/Berlin" in leo.page


@pytest.mark.parametrize("zone", ["Nowhere/At", "../x", "", "\x00", "Europe"])
def test_a_zone_that_is_none_is_utc(zone):
    words.reads("de", zone)
    assert words.when(datetime(2026, 7, 1, 10, tzinfo=UTC)) == "01.07.2026, 10:00 UTC"
    words.reads()


def test_summer_and_winter_have_their_own_hour():
    words.reads("de", "Europe/Berlin")
    assert words.when(datetime(2026, 7, 1, 10, tzinfo=UTC)) == "01.07.2026, 12:00 MESZ"
    assert words.when(datetime(2026, 1, 1, 10, tzinfo=UTC)) == "01.01.2026, 11:00 MEZ"
    words.reads()


def test_numbers_and_terms_within_a_sentence_are_german_too():
    words.reads("de")
    assert words.say("3.1 of 5, give or take 0.4") == "3,1 von 5, plus oder minus 0,4"
    said = "Room: who decides: 87 % sure of 4 or above, 90 % is needed"
    assert words.say(said).startswith("Room: who decides: zu 87 % sicher")
    assert words.say("every criterion begins at share") == "jedes Kriterium beginnt bei „teilen“"
    words.reads()

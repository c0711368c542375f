"""A programme at seven phones: invited, matched, signed, talked, looked after, carried away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.support import browsers, loop, proven, seeded
from tests.support.browsers import Somebody
from tutelage import Tutelage
from tutelage.domain.events import PrincipleKept, Rated
from tutelage.domain.terms import Party

CARE = "/programmes/care"
PEOPLE = {"nora": "learner", "emil": "learner", "mia": "trainer", "otto": "trainer"}
ROSTER = "name,mail,side,capacity,reply_days\n" + "".join(
    f"{name},{name}@example.org,{side},{'' if side == 'learner' else 3},\n"
    for name, side in PEOPLE.items()
)
WRONG = f"{ROSTER}jo,no-address,boss,,\n"
NEED = "A client calls, angry about an invoice that is wrong for the third time"
SAID = {
    "nora": {
        "able": "Stay calm and find out what they need\nSay no without losing the client",
        "situations": f"{NEED}\nMy manager listens to the call",
    },
    "mia": {"handled": f"{NEED}\nA supplier who threatens to stop delivering", "mode": "mentor"},
    "emil": {"situations": "The night shift is one person short and nobody answers the phone"},
    "otto": {"handled": "A night shift one person short, and nobody answers the phone"},
}
STORY = {
    "case": "A backup failed in the night before a release and nobody had tested the restore",
    "did": "I stopped the release",
    "why": "A release can wait, data cannot",
    "came_out": "We found two more that were empty",
}
TALK = {
    "at": "2026-09-21T16:00",
    "zone": "Europe/Berlin",
    "minutes": "30",
    "where": "https://meet.example/a-room-with-a-rather-long-name-that-nothing-breaks?of=us-two",
}
ACCEPT, DECLINE = (f"form:has([name=takes][value={said}]) button" for said in ("yes", "no"))


@dataclass
class Led:
    """Everybody in it, where the pair's pages are, and what each of them saw."""

    base: str
    desk: Tutelage
    browser: Any
    lead: Somebody
    german: Somebody
    others: dict[str, Somebody] = field(default_factory=dict)
    at: str = ""

    @property
    def stages(self) -> dict[str, str]:
        """The pages in English."""
        found = dict(self.lead.stages)
        for one in self.others.values():
            found |= one.stages
        return found


def played(browser: Any, desk: Tutelage, base: str) -> Led:
    """All of it by hand, but the months of rated calls that a threshold takes."""
    lou = browsers.somebody(browser, base, "lou", desk.people.invite("lou"))
    lena = browsers.somebody(browser, base, "lena", desk.people.invite("lena"), locale="de-DE")
    for lead in ("lou", "lena"):
        desk.programmes.make("care", "Care of clients at night", lead, contact="hana")
    led = Led(base, desk, browser, lou, lena)
    for step in (invited, joined, matched, agreed, talked, supported, practised, carried):
        step(led)
    return led


def press(one: Somebody, button: str) -> Somebody:
    """One of several buttons of a form."""
    with one.page.expect_navigation():
        one.page.locator(button).first.click()
    assert not one.page.locator(".wrong").count(), one.page.inner_text("main")
    return one


def looks(led: Led, stage: str, *paths: str) -> None:
    """Both leads look at these pages, each in their own language."""
    for lead in (led.lead, led.german):
        for path in paths:
            lead.open(path).keep(f"lead-{stage}{path.removeprefix(CARE).replace('/', '-')}")


def invited(led: Led) -> None:
    """A list with a mistake, then without; a link for each, as no mail is set."""
    looks(led, "empty", "/", CARE, f"{CARE}/people", f"{CARE}/matching", f"{CARE}/pairs")
    for lead, list_ in ((led.german, WRONG), (led.lead, WRONG)):
        lead.open(f"{CARE}/people").send("/people", taken=False, list=list_).keep("list-wrong")
    led.lead.send("/people", list=ROSTER).keep("list-read").send("/invite")
    looks(led, "invited", CARE, f"{CARE}/people")


def joined(led: Led) -> None:
    """Each by their own yes, and what each says of themselves."""
    for name, side in PEOPLE.items():
        led.lead.open(f"{CARE}/people")
        press(led.lead, f"form:has([value='{name}'])[action$='/link'] button")
        link = led.lead.keep("link").page.locator(".link").inner_text().rpartition("/")[2]
        one = browsers.somebody(led.browser, led.base, name, link, at="/join")
        led.others[name] = one
        one.open("/").keep(f"home-{side}").open(CARE).keep(f"member-{side}")
        if side == "trainer":
            one.send("/offer", capacity="3", reply_days="2")
        one.open(f"{CARE}/profile").keep(f"profile-{side}").send("/profile", **SAID[name])
        one.keep(f"unmatched-{side}").open(f"{CARE}/profile").keep(f"profile-said-{side}")


def matched(led: Led) -> None:
    """Proposed by the lead; one pair accepts, the other declines."""
    nora, mia, emil, otto = (led.others[n] for n in ("nora", "mia", "emil", "otto"))
    looks(led, "before", CARE, f"{CARE}/matching")
    led.lead.send("/matching")
    looks(led, "proposed", f"{CARE}/matching")
    nora.open("/").keep("home-proposed").follow("matches").keep("proposed-learner")
    mia.open(f"{CARE}/matches").keep("proposed-trainer")
    press(nora, ACCEPT).keep("accepted-by-one")
    press(emil.open(f"{CARE}/matches"), DECLINE).keep("declined")
    otto.open(f"{CARE}/matches").keep("declined-by-other")
    press(mia.open(f"{CARE}/matches"), ACCEPT).keep("agreement")
    led.at = mia.path.removesuffix("/agreement")


def agreed(led: Led) -> None:
    """Both sign what names the programme, and a goal."""
    nora, mia = led.others["nora"], led.others["mia"]
    nora.open(led.at).keep("agreement-sign").send("/sign")
    mia.open(led.at).send("/sign")
    nora.open(led.at).send("/goal", **loop.GOAL).send("/sign")
    mia.open(led.at).send("/sign").keep("signed")
    mia.open(f"{CARE}/matches").keep("matches-begun")


def talked(led: Led) -> None:
    """A talk planned, answered, moved, and called off."""
    nora, mia, at = led.others["nora"], led.others["mia"], f"{led.at}/talks"
    nora.open(at).keep("talks-none").send("/talks", **TALK).keep("talks-planned")
    nora.send("/talks", **TALK | {"at": "2026-09-28T16:00"}).keep("talks-two")
    press(mia.open(at), "button[value=accepted]").keep("talks-answered")
    mia.send("/move", at="2026-09-22T09:15").keep("talks-moved")
    nora.open(at).send("/cancel").keep("talks-off")
    nora.open("/me/calendar").keep("calendar").open("/me").keep("me")


def supported(led: Led) -> None:
    """The pair asks for support; one lead looks after it, and the other sees who."""
    nora = led.others["nora"]
    nora.open(f"{led.at}/between").keep("between")
    nora.send("/support_asked").keep("support-asked")
    led.desk.clock.later(days=20)
    looks(led, "support", "/", CARE, f"{CARE}/pairs", f"{CARE}/evidence", f"{CARE}/matching")
    led.lead.open(CARE).send("/care")
    looks(led, "cared", CARE)
    nora.open(f"{led.at}/life").keep("life").open("/").keep("home-paired")


def practised(led: Led) -> None:
    """What trainers read of their own practice, and a story that fits another's case."""
    mia, otto = led.others["mia"], led.others["otto"]
    mia.open("/practice").keep("practice-none").open("/bank").keep("bank-none")
    mia.send("/bank", **STORY).keep("bank").send("/offer", programme="care").keep("bank-offered")
    seeds(led.desk)
    otto.open("/practice").keep("practice")


def seeds(desk: Tutelage) -> None:
    """A pair whose calls are rated by its trainer and by somebody blind, and follow its moves."""
    emil, otto = (Party(id=name, kind="person") for name in ("emil", "otto"))
    both = (proven.RITA, otto)
    seeded.guide(desk, "old", learner=emil, trainer=otto, raters=both, programme="care")
    for n, key in enumerate(f"c{n}" for n in range(9)):
        desk.write("old", seeded.opened(key, text=f"{n}: {STORY['case']}"), actor="emil")
        desk.write("old", seeded.own_call(key), actor="emil")
        for actor, value in (("otto", 4), ("rita", 2)):
            ratings = dict.fromkeys(seeded.KEYS[:2], value + n % 2)
            rated = Rated(situation=key, subject="own_call", ratings=ratings)
            desk.write("old", rated, actor=actor)
        seq = desk.write("old", seeded.asks(key), actor="otto").seq
        desk.collect_guidance("old", key, actor="emil")
        says = {"says": f"Rule {n}", "when": "always", "when_not": "never", "because": "so"}
        desk.write("old", PrincipleKept(principle=f"p{n}", follows=(seq,), **says), actor="emil")


def carried(led: Led) -> None:
    """A threshold that was met, taken along, shown to anybody, and taken back."""
    nora = Party(id="nora", kind="person")
    proven.threshold(led.desk, "met", learner=nora, programme="care")
    one = again(led, led.others["nora"])
    one.open("/r/met/credential").keep("credential")
    one.send("/credential/look", name="Nora Ames", goal="1", criteria="1").keep("credential-look")
    one.send("/r/met/credential").keep("credential-page")
    one.open("/r/met/credential").keep("credential-taken").send("/credential/revoke")
    one.keep("credential-revoked")
    looks(led, "end", CARE, f"{CARE}/pairs", f"{CARE}/evidence")


def again(led: Led, one: Somebody) -> Somebody:
    """Signed in again: by now a session is over."""
    link = f"/in/{led.desk.people.link(one.name)}"
    return one.open(link).send(link)

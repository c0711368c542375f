"""Two people's whole course at two phones, from a proposal to going on alone, counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.support import browsers
from tutelage import Tutelage
from tutelage.domain.events import (
    AccountWritten,
    DecisionRecorded,
    Event,
    OutcomeRecorded,
    OwnCallRecorded,
    Rated,
    SituationOpened,
)

ROOM = "room-who-decides-and-what-they-fear"
ANSWER = "answer-what-is-asked-before-what-is-read"
ORDER = "order-when-to-leave-my-own-plan"
KEYS = (ROOM, ANSWER, ORDER)
PROPOSAL = {
    "i_am": "learner",
    "mode": "coach",
    "handled": "Six years of executive reviews, first as a head of product, then as a coach",
    "because": "I know the product. I need to find out myself why I lose the room.",
}
TERMS = {"cadence": "Every second Thursday", "concern_contact": "hana"}
VAGUE = {
    "situation": "In meetings",
    "behaviour": "Communicate better",
    "today": "Not so well",
    "horizon": "soon",
}
GOAL = {
    "situation": "A monthly review in which executives decide whether to go on with my product",
    "behaviour": "Decides whether to answer, to park a question or to change the order, and says why",
    "today": "Answers every question at once and in full, and loses the room by the second",
    "horizon": "within 12 weeks",
    "criterion__0": "Room: who decides, and what they fear",
    "criterion__1": "Answer: what is asked before what is ready",
    "criterion__2": "Order: when to leave my own plan",
}
RETOLD = (
    (
        "The CFO interrupted on slide 2: “What does it cost if we stop?” I had it on slide 19.",
        "Jumped to slide 19 and walked them through it",
        "They asked, I had it",
    ),
    (
        "In the spring review the head of sales asked for a date that I did not have.",
        "Named the end of June, to have peace",
        "A date ends a discussion",
    ),
    (
        "Two directors argued about my budget as if I were not there.",
        "Waited until they were done, then went on with slide 7",
        "It was my agenda, and I wanted to get through it",
    ),
)
SITUATIONS: tuple[dict[str, Any], ...] = (
    {
        "text": "Review on Thursday. The new COO asked for “one number” by mail. Our number is bad "
        "because we moved 400 accounts in May, and I can explain it in eight slides.",
        "call": "Give her the number and the eight slides",
        "why": "Without the slides the number misleads",
        "expects": "She asks about May, and I can show it",
        "asked": "When she asks for one number, what is she afraid of finding out in the room?",
        "answer": "That she has to defend it upstairs, without me there.",
        "decision": "Sent the number with one sentence on May, and asked what she needs for it",
        "outcome": "She used my sentence. Ten minutes, decided.",
        "rating": "3",
        "due": "You asked what it was for before you answered",
        "next": "Ask what a number is for before you send it",
        "noticed": "“One number” was about Friday, not about our product",
        "option": "Send all eight slides",
        "myself": "What will they do with my answer?",
    },
    {
        "text": "The board wants to see a competitor's launch on Monday. My plan for the hour was "
        "our own pricing test, which nobody has asked about yet.",
        "call": "Put the launch on slide 1 and the test behind it",
        "why": "They will not listen before that is off the table",
        "expects": "Twenty minutes on the launch, ten left for the test",
        "asked": "Which decision would they have to take on Monday, whatever you show?",
        "answer": "Whether we lower the price. The test is what they need for that.",
        "decision": "Opened with the decision on the price, launch and test as its two reasons",
        "outcome": "They decided to wait for the test's last week.",
        "rating": "4",
        "due": "You looked for their decision, not for your slide",
        "next": "Open with what they have to decide",
        "noticed": "Launch and test were one question to them",
        "option": "Keep my own order",
        "myself": "What do they have to decide here?",
    },
    {
        "text": "Half an hour before the review our lead engineer tells me that the migration "
        "slips by three weeks, and that only he and I know it.",
        "call": "Say it in the first minute, with what it changes for whom",
        "why": "Whoever hears it later from others will not trust my numbers",
        "expects": "The CFO asks what it costs, and I say that I know it on Wednesday",
        "asked": "Who in the room has promised something to others that this breaks?",
        "answer": "The head of sales. I will call her before, so that she hears it from me.",
        "decision": "Called sales, then said it in the first minute",
        "outcome": "Sales had a proposal ready. No second question on it.",
        "rating": "4",
        "due": "You thought of whom it hits before you thought of how it looks",
        "next": "Call whoever is hit before the room hears it",
        "noticed": "It was sales' promise that was at stake, not mine",
        "option": "Say it at the end",
        "myself": "Who has promised what to whom?",
    },
)
WAYS = (
    "agreement",
    "levels",
    "obstacles",
    "between",
    "progress",
    "evidence",
    "life",
    "end",
    "privacy",
)
SCENES = (
    "A director who has never spoken in a review asks why we exist at all",
    "Legal stops the demo in the morning and the chief executive wants to see it all the same",
    "A customer sits in on the review without having been announced",
    "Finance brings figures of its own that differ from mine by a third",
    "The chair leaves after ten minutes and nobody says who decides now",
    "My own manager contradicts me on the roadmap in front of everybody",
    "The slides do not open and the hour has begun",
    "Somebody asks for the name of who made the mistake",
)


@dataclass
class Loop:
    """What the two went through: where, which pages they saw, and what it took them."""

    base: str
    desk: Tutelage
    learner: browsers.Somebody
    trainer: browsers.Somebody
    at: str = ""
    here: str = ""
    more: dict[str, Any] = field(default_factory=dict)  # of everybody's browser
    others: dict[str, str] = field(default_factory=dict)  # what rater and contact saw
    unaided: int = 0  # situations through the service until the threshold
    spent: dict[str, browsers.Effort] = field(default_factory=dict)

    @property
    def stages(self) -> dict[str, str]:
        return self.learner.stages | self.trainer.stages | self.others

    @property
    def name(self) -> str:
        return self.at.removeprefix("/r/")


def played(browser: Any, desk: Tutelage, base: str, names: tuple[str, str], **more: Any) -> Loop:
    """All of it: in the browser by hand, and through the service what would take months."""
    nora = browsers.somebody(browser, base, names[0], desk.people.invite(names[0]), **more)
    nora.keep("home-empty").open("/propose").keep("propose")
    nora.send("/propose", **PROPOSAL | TERMS | {"other": names[1], "rater": f"rita-{names[0]}"})
    at = nora.path
    nora.send("/invite").keep("invitation")
    link = nora.page.locator(".link").inner_text().rpartition("/")[2]
    ines = browsers.somebody(browser, base, names[1], link, **more)
    loop = Loop(base, desk, nora, ines, at, more=more)
    agree(loop)
    baseline(loop)
    for number, told in enumerate(SITUATIONS):
        go_on(loop, told, number)
    finish(loop)
    grow(loop)
    close(loop)
    return loop


def agree(loop: Loop) -> None:
    """From a proposal to a goal that both have signed, over one that was too vague."""
    nora, ines, at = loop.learner, loop.trainer, loop.at
    nora.open(at).keep("agreement-sign").send("/sign")
    ines.open("/").keep("home-sign").follow(at).send("/sign")
    loop.spent["agreement"] = nora.spent() + ines.spent()
    nora.open(at).keep("goal").send("/goal", taken=False, **VAGUE).keep("goal-refused")
    assert nora.page.input_value("[name=behaviour]") == VAGUE["behaviour"]
    nora.send("/goal", **GOAL).keep("goal-sign").send("/sign")
    ines.open(at).send("/sign")
    loop.spent["goal"] = nora.spent() + ines.spent()


def baseline(loop: Loop) -> None:
    """Three decisions of the past, retold and self-rated; the trainer rates them too."""
    nora, ines, at = loop.learner, loop.trainer, loop.at
    for text, call, why in RETOLD:
        loop.desk.clock.later(hours=5)
        nora.open(at).keep("begin").open(f"{at}/retell").keep("retell")
        rated = {f"ratings__{ROOM}": "2", f"ratings__{ANSWER}": "2"}
        nora.send("/retell", text=text, call=call, why=why, **rated)
        loop.spent["retold, learner"] = nora.spent()
    for known in loop.desk.state(loop.name).situations:
        ines.open(f"{at}/s/{known.key}").keep("rate")
        ines.send("/rated", **{f"ratings__{ROOM}": "2", f"ratings__{ANSWER}": "2"})
        blind(loop, known.key, 2, ROOM, ANSWER)
    ines.open(at).keep("baseline").send("/baseline")
    loop.spent["baseline, trainer"] = ines.spent()


def go_on(loop: Loop, told: dict[str, Any], number: int) -> None:
    """A situation by hand, with guidance: the longest way there is through it."""
    nora, ines, at = loop.learner, loop.trainer, loop.at
    loop.desk.clock.later(days=5)
    nora.spent()
    nora.open(at).keep("bring").send("/situation_opened", text=told["text"], criteria=ANSWER)
    here = loop.here = nora.path
    nora.keep("own-call")
    asked = ("call", "why", "expects") if number == 0 else ("call", "why")
    nora.send("/own_call_recorded", **{k: told[k] for k in asked})
    nora.keep("waiting")
    before = nora.spent()
    ines.open("/").keep("home-guide").follow(here).keep("guide").spent()
    ines.send("/guidance_given", move="ask", text=told["asked"], criteria=ANSWER)
    loop.spent[f"situation {number + 1}, trainer: guidance"] = ines.spent()
    loop.desk.clock.later(hours=3)
    nora.open("/").keep("home-read").follow(here).keep("unread").send("/collect").keep("answer")
    nora.send("/answered", text=told["answer"])
    nora.open(here).keep("decide").send(
        "/decision_recorded", decision=told["decision"], advice="taken"
    )
    nora.keep("outcome").send("/outcome_recorded", text=told["outcome"])
    after = nora.spent()
    key = here.rpartition("/")[2]
    if number == 0:
        rita = outsider(loop, f"rita-{nora.name}")
        loop.others["packet"] = rita.open(f"{at}/rate/{key}").keep("packet").stages["packet"]
    blind(loop, key, int(told["rating"]), ANSWER)
    loop.desk.clock.later(days=1)
    ines.open(here).send("/rated", **{f"ratings__{ANSWER}": told["rating"]}).keep("debrief")
    more = {} if number == 0 else {"expected": told["expects"]}  # what was said stands there
    ines.send("/debriefed", why=told["due"], next=told["next"], **more)
    loop.spent[f"situation {number + 1}, trainer: rating and debrief"] = ines.spent()
    account = {
        "noticed": told["noticed"],
        "options": told["option"],
        "turned_on": ANSWER,
        "asked_myself": told["myself"],
        "happened": told["outcome"],
    }
    nora.open(here).keep("account").send("/account_written", **account).keep("thread")
    loop.spent[f"situation {number + 1}, learner: before"] = before
    loop.spent[f"situation {number + 1}, learner: after"] = after
    loop.spent[f"situation {number + 1}, learner: account"] = nora.spent()


def finish(loop: Loop) -> None:
    """What there is besides situations."""
    nora, ines, at = loop.learner, loop.trainer, loop.at
    nora.open(f"{at}/notebook").keep("notebook-empty")
    known = loop.desk.state(loop.name).find(loop.here.rpartition("/")[2])
    source = str(known.guidance[0].entry.seq)
    nora.send("/question_kept", text="What will they do with my answer?", follows=source)
    kept = {
        "says": "Ask what a number is for before sending it",
        "when": "Somebody senior asks for one number",
        "when_not": "They have ten seconds and the lift is closing",
        "because": "The number travels without me",
    }
    nora.send("/principle_kept", **kept).keep("notebook")
    nora.open(at).keep("relationship").open("/me").keep("me").open("/").keep("home-nothing")
    ines.open(at).keep("relationship-trainer").open(f"{at}/s/nowhere").keep("gone")
    nora.open(f"{at}/handover").keep("handover")
    nora.open(f"{at}/erase/{loop.desk.state(loop.name).seq}").keep("erase")
    nora.open(f"{at}/between").send("/concern_raised", text="We have not met for a month")
    hana = outsider(loop, "hana").keep("home-contact").open(f"{at}/concerns").keep("concerns")
    loop.others |= {k: hana.stages[k] for k in ("home-contact", "concerns")}
    nora.open("/me/data").keep("me-data").open("/me/delete").keep("me-delete")
    nora.open(f"{at}/goal").keep("goal-read")
    for way in WAYS:
        ines.open(f"{at}/{way}").keep(way)
    stranger = nora.page.context.browser.new_context().new_page()
    stranger.goto(f"{loop.base}/sign-in")
    nora.stages["sign-in"] = stranger.content()


def unrated(browser: Any, desk: Tutelage, base: str, names: tuple[str, str]) -> Loop:
    """A pair that never rates: levels by agreement, self-ratings, evidence that is not enough."""
    paul, quinn = (
        browsers.somebody(browser, base, name, desk.people.invite(name)) for name in names
    )
    paul.open("/propose").send("/propose", **PROPOSAL | {"other": names[1], "rated": "nobody"})
    loop = Loop(base, desk, paul, quinn, paul.path)
    agree(loop)
    for text, call, why in RETOLD:
        paul.open(f"{loop.at}/retell")
        paul.send("/retell", text=text, call=call, why=why, **{f"ratings__{ANSWER}": "2"})
    quinn.open("/").follow(loop.at).keep("unrated-baseline").send("/baseline")
    told = SITUATIONS[0]
    paul.open(loop.at).send("/situation_opened", text=told["text"], criteria=ANSWER)
    here = loop.here = paul.path
    paul.send("/own_call_recorded", call=told["call"], why=told["why"])
    quinn.open("/").follow(here)
    quinn.send("/guidance_given", move="ask", text=told["asked"], criteria=ANSWER)
    paul.open(here).send("/collect").send(
        "/decision_recorded", decision=told["decision"], advice="taken"
    )
    paul.send("/outcome_recorded", text=told["outcome"])
    quinn.open(here).send("/debriefed", expected="A fight", why=told["due"], next=told["next"])
    quinn.open("/").keep("unrated-home")
    quinn.open(f"{loop.at}/levels").send("/level_moved", to="3", why="We both see that you ask")
    quinn.keep("unrated-levels").open(f"{loop.at}/evidence").send("/evidence")
    quinn.keep("unrated-evidence")
    return loop


def outsider(loop: Loop, name: str) -> browsers.Somebody:
    """A rater, or the person named for concerns, let in by whoever runs the server."""
    browser, link = loop.learner.page.context.browser, loop.desk.people.invite(name)
    return browsers.somebody(browser, loop.base, name, link, **loop.more)


# what takes months: the same two, and their blind rater, through the service --------------------
def blind(loop: Loop, key: str, rating: int, *criteria: str, **more: Any) -> None:
    """What the rater says who sees neither names nor levels nor guidance."""
    rated = Rated(
        situation=key, subject="own_call", ratings=dict.fromkeys(criteria, rating), **more
    )
    loop.desk.write(loop.name, rated, actor=f"rita-{loop.learner.name}")


def grow(loop: Loop) -> None:
    """Until the engine itself proposes a level, and then the threshold; people confirm both."""
    nora, ines, at = loop.learner, loop.trainer, loop.at
    turn, numbers = loop.desk.turn(loop.name), count()
    while not turn.proposals:
        turn = alone(loop, next(numbers))
    back(loop, nora)
    nora.open(at).keep("proposed").send("/levels/agree")
    nora.keep("levels-agreed")
    while not turn.threshold.met:
        turn = alone(loop, next(numbers))
    loop.unaided = next(numbers)
    back(loop, ines)
    ines.open(f"{at}/levels").keep("threshold").send("/levels/threshold").keep("threshold-met")


def back(loop: Loop, one: browsers.Somebody) -> browsers.Somebody:
    """Signed in again: months later a session is over."""
    link = f"/in/{loop.desk.people.link(one.name)}"
    return one.open(link).send(link)


def alone(loop: Loop, number: int) -> Any:
    """A hard, new case that she decides without help, and that is rated blind."""
    assert number < 60, loop.desk.turn(loop.name).threshold
    desk, (nora, ines), key = loop.desk, (loop.learner.name, loop.trainer.name), f"alone{number}"
    scene = SCENES[number % len(SCENES)]
    text = f"{scene}, in the {number + 4}th review; {scene.split()[-1]} was the word of the day."
    desk.clock.later(days=6)
    own: list[Event] = [
        SituationOpened(situation=key, text=text, criteria=KEYS, difficulty=1, seen_before=False),
        OwnCallRecorded(
            situation=key,
            call=f"Ask what it would change for them, then answer that ({number})",
            why="What they fear is not what they ask",
            expects="One of them says what is at stake",
        ),
    ]
    for event in own:
        desk.write(loop.name, event, actor=nora)
    known = desk.state(loop.name).find(key)
    blind(loop, key, 5, *KEYS, novel=True, difficult=True)
    rated = Rated(situation=key, subject="own_call", ratings=dict.fromkeys(KEYS, 5))
    desk.write(loop.name, rated, actor=ines)
    later: list[Event] = [
        DecisionRecorded(situation=key, decision=f"Asked it ({number})", why="As I called it"),
        OutcomeRecorded(situation=key, text=f"They said it, in review {number}"),
        AccountWritten(
            situation=key,
            noticed=f"Who was silent when it was said: {scene}",
            options=("Answer at once", "Park it"),
            turned_on=ROOM,
            asked_myself="What do they have to decide here?",
            happened=f"They decided, {number + 2} minutes later",
        ),
    ]
    for event in later:
        desk.write(loop.name, event, actor=nora)
    known = desk.state(loop.name).find(key)
    asked = [a.event for a in known.unanswered_ratings() if a.event.subject == "account"]
    for one in asked:
        said = {"shows_criterion": True, "consistent": True, "quotes": {ROOM: scene}}
        desk.write(loop.name, Rated(situation=key, subject="account", **said), actor=one.rater)
    return desk.turn(loop.name)


def close(loop: Loop) -> None:
    """Closed by both; after that she goes on alone."""
    nora, ines, at = loop.learner, loop.trainer, loop.at
    ines.open(f"{at}/life").send("/closing_proposed", because="You ask yourself by now")
    ines.keep("closing-waits")
    back(loop, nora)
    nora.open("/").keep("home-close").follow(f"{at}/life").keep("closing").send("/closed")
    nora.keep("closed").spent()
    nora.open(at).send("/situation_opened", text="The first review without Ines", criteria=ROOM)
    nora.send("/own_call_recorded", call="Ask first", why="It has held").keep("alone")
    loop.spent["alone, learner: before"] = nora.spent()
    nora.send("/decision_recorded", decision="Asked first")
    nora.send("/outcome_recorded", text="It held")
    loop.spent["alone, learner: after"] = nora.spent()
    loop.desk.clock.later(days=91)
    later = nora.page.context.browser.new_context(viewport=browsers.PHONE)
    nora.page = later.new_page()  # from here on with JavaScript
    back(loop, nora).keep("home-follow-up")

"""An agent mentored by an agent, judged by a third: help fades, and nobody has to watch it."""

from tutelage import Tutelage
from tutelage.domain import events
from tutelage.domain.terms import Criterion, Party
from tutelage.guidance.brief import Packet
from tutelage.guidance.roles import Experience
from tutelage.trainers import ExperienceMentor

OLGA = "olga"  # the person who answers for all three
BOT, MENTOR, JUDGE = (Party(id=i, kind="agent", owner=OLGA) for i in ("bot", "mentor", "judge"))
ANCHORS = ("played no part", "misread", "by the book", "fits this case", "adapted to its oddity")
NAMES = {"proof": "Asks what proves it", "scope": "Sees what else breaks", "size": "Keeps it small"}
GOAL = events.GoalSet(
    situation="When a test fails in a part of the code that the change did not touch",
    behaviour="Decides whether to fix the test, the code or the change, and says what proves it",
    today="Changes the test until it passes",
    horizon="100 failures",
    criteria=tuple(Criterion(key=k, name=n, anchors=ANCHORS) for k, n in NAMES.items()),
)
BANK = [
    Experience("clock", "A test failed at midnight.", "I froze the clock and ran it twice.",
               "A second run under one condition tells chance from cause.", "It was the time zone.",
               ("proof",)),
    Experience("cache", "A test failed after another had run.", "I ran it alone.",
               "What two tests share breaks in the second.", "They shared a cache.", ("scope",)),
]  # fmt: skip


class Judge:
    """Rates the reasons: does the call say what would prove it? It sees nothing else."""

    id = "judge"

    def rate(self, packet: Packet) -> events.Rated:
        value = 5 if "again" in packet.said else 2
        ratings = dict.fromkeys(packet.anchors, value)
        return events.Rated(situation=packet.situation, subject=packet.subject, ratings=ratings)


def call(key: str, desk: Tutelage, r: str) -> events.OwnCallRecorded:
    """The bot knows what its notebook says, and nothing else."""
    learned = desk.context(r, key).notebook.principles
    said = "Run it again under one condition" if learned else "Relax the assertion"
    why = learned[0].because if learned else "It blocks the merge"
    return events.OwnCallRecorded(situation=key, call=said, why=why)


with Tutelage("sqlite://", agents=[ExperienceMentor("mentor"), Judge()]) as desk:
    desk.bank.add("mentor", BANK)
    terms = events.Proposed(
        learner=BOT, trainer=MENTOR, raters=(JUDGE,), mode="mentor", handled="-", because="-"
    )
    r = desk.open(terms, actor=OLGA)
    for what in (events.Signed(what="agreement"), GOAL, events.Signed(what="goal")):
        desk.write(r, what, actor="bot" if what is GOAL else OLGA)
    for n in range(24):
        key, before = f"s{n}", desk.turn(r).level("proof")
        case = events.SituationOpened(situation=key, text=f"Test {n} fails", criteria=tuple(NAMES))
        with desk.situation(r, case, actor="bot") as s:
            desk.write(r, call(key, desk, r), actor="bot")
            desk.run_due()  # the judge rates, the mentor guides, the system moves levels
            for given in s.collect_guidance():
                print(f"{key}: the mentor {given.move}s: {given.text}")
                if given.move == "share" and not desk.state(r).principles:
                    told = next(e for e in BANK if e.key == given.experience)
                    kept = {"says": told.did, "when": told.case, "when_not": "It is clear already"}
                    event = events.PrincipleKept(principle="again", because=told.why, **kept)
                    desk.write(r, event, actor="bot")
            s.decide("as said", why="as said")
            s.outcome("It passed")
        now = desk.turn(r).level("proof")
        if now is not before:
            print(f"{key}: from {before.word} to {now.word}. {desk.turn(r).stands[0].why}")
    print(f"Guidance by quarter of the course: {desk.trajectory(r).guidance_by_quarter}")

"""A person mentored by a person: Mia hands on what fifteen years on call have taught her to Leo."""

from tutelage import Tutelage
from tutelage.domain import events
from tutelage.domain.errors import Refused
from tutelage.domain.terms import Criterion, Party

LEO, MIA = Party(id="leo", kind="person"), Party(id="mia", kind="person")
ANCHORS = ("played no part", "misread", "by the book", "fits this case", "adapted to its oddity")
NAMES = {"cause": "Finds what changed", "people": "Wakes who can act", "cost": "Weighs waiting"}
GOAL = events.GoalSet(
    situation="When an alert fires at night and its cause is unclear",
    behaviour="I decide whether to roll back, to wait or to wake somebody, and say why first",
    today="I roll back nearly every time and wake my lead in most cases",
    horizon="within 12 weeks",
    criteria=tuple(Criterion(key=k, name=n, anchors=ANCHORS) for k, n in NAMES.items()),
)


def agree(desk: Tutelage) -> str:
    terms = events.Proposed(
        learner=LEO, trainer=MIA, mode="mentor", handled="15 years", because="judgment"
    )
    r = desk.open(terms, actor="mia")
    for what in ("agreement", "goal"):
        if what == "goal":
            desk.write(r, GOAL, actor="leo")
        for actor in ("leo", "mia"):
            desk.write(r, events.Signed(what=what), actor=actor)
    return r


def own_call(desk: Tutelage, r: str, key: str, rating: int) -> None:
    """Leo says what he would do; Mia rates that, before anything else."""
    case = events.SituationOpened(
        situation=key, text=f"Alert {key} at night", criteria=tuple(NAMES)
    )
    with desk.situation(r, case, actor="leo") as s:
        s.own_call("Roll back" if rating < 3 else "Look at the change log, wait", why="I saw it so")
    rated = events.Rated(situation=key, subject="own_call", ratings=dict.fromkeys(NAMES, rating))
    desk.write(r, rated, actor="mia")


with Tutelage("sqlite://") as desk:
    r = agree(desk)
    for n in range(3):
        own_call(desk, r, f"b{n}", 2)
    desk.write(r, events.BaselineTaken(situations=("b0", "b1", "b2")), actor="mia")
    print(f"Before any help Leo stands at {desk.turn(r).stands[0].estimate}.")

    story = "When I had this I rolled back, and lost the one trace that would have told me why."
    share = events.GuidanceGiven(
        situation="s1", move="share", text=story, criteria=("cause",), experience="lost-trace"
    )
    case = events.SituationOpened(situation="s1", text="The queue grows", criteria=("cause",))
    with desk.situation(r, case, actor="leo") as s:
        try:
            desk.write(r, share, actor="mia")
        except Refused as refused:
            print(f"Mia wants to help at once and hears: {refused.message}")
        s.own_call("Roll back", why="It is the fastest way to quiet")
        desk.write(r, share, actor="mia")
        print(f"Unread, Mia's story is not in what Leo sees: {story not in str(s.context)}.")
        print(f"He collects it: {s.collect_guidance()[0].text}")
        s.decide("Read the log first", why="A rollback would have hidden it", advice="taken")

    for n in range(2, 9):
        own_call(desk, r, f"s{n}", 4)
    move = desk.turn(r).proposals[0]
    print(f"The evidence proposes less help: {move.why}")
    yes = {k: getattr(move, k) for k in ("criterion", "start", "to", "why", "rule")}
    desk.write(r, events.LevelMoved(**yes), actor="leo")
    print(f"Leo says yes; there Mia now {desk.turn(r).level(move.criterion).word}s.")

"""A person coached by an agent: questions only, each following from what Ana said before."""

from tutelage import Tutelage
from tutelage.domain import events
from tutelage.domain.terms import Criterion, Party
from tutelage.trainers import QuestionCoach

ANA = Party(id="ana", kind="person")
COACH = Party(id="coach", kind="agent", owner="olga")
RITA = Party(id="rita", kind="person")
ANCHORS = ("played no part", "misread", "by the book", "fits this case", "adapted to its oddity")
NAMES = {"need": "Hears the need behind the ask", "limits": "Keeps limits", "next": "Agrees a step"}
GOAL = events.GoalSet(
    situation="When a parent calls angry about a grade",
    behaviour="I decide in the call what to concede, what to keep and what to offer instead",
    today="I either give in or end the call",
    horizon="until the summer",
    criteria=tuple(Criterion(key=k, name=n, anchors=ANCHORS) for k, n in NAMES.items()),
)
ANSWERS = (
    "I could offer to look at the test together, instead of defending the grade.",
    "I don't know, she was so loud.",
    "She said twice that her son was up all night. I take it that she is worried, not angry.",
)


def begin(desk: Tutelage) -> str:
    terms = events.Proposed(
        learner=ANA, trainer=COACH, raters=(RITA,), mode="coach", handled="-", because="Ana knows"
    )
    r = desk.open(terms, actor="ana")
    for what in ("agreement", "goal"):
        if what == "goal":
            desk.write(r, GOAL, actor="ana")
        for actor in ("ana", "olga"):  # an agent signs through its owner
            desk.write(r, events.Signed(what=what), actor=actor)
    for n in range(3):
        case = events.SituationOpened(situation=f"b{n}", text=f"Call {n}", criteria=tuple(NAMES))
        with desk.situation(r, case, actor="ana") as s:
            s.own_call("I give in", why="It is the end of a long day")
        rated = events.Rated(situation=f"b{n}", subject="own_call", ratings=dict.fromkeys(NAMES, 2))
        desk.write(r, rated, actor="rita")
    desk.write(r, events.BaselineTaken(situations=("b0", "b1", "b2")), actor="rita")
    return r


with Tutelage("sqlite://", agents=[QuestionCoach("coach")]) as desk:
    r = begin(desk)
    case = events.SituationOpened(
        situation="s", text="A mother shouts about a D in maths", criteria=("need", "limits")
    )
    with desk.situation(r, case, actor="ana") as s:
        s.own_call("I explain how the grade came about", why="It is fair")
        print("Ana: I would explain how the grade came about; it is fair.")
        for answer in ANSWERS:
            desk.run_due()
            print(f"Coach: {s.collect_guidance()[-1].text}")
            s.answer(answer)
            print(f"Ana: {answer}")
        print(f"After three rounds the coach leaves it to her: {desk.run_due()} more questions.")
        s.decide("I asked what the night had been like", why="The need came first", advice="partly")
        s.outcome("She wept, and we agreed on a talk with her son")
    asked = events.QuestionKept(
        question="q", text="What is this person worried about?", criteria=("need",)
    )
    kept = events.PrincipleKept(
        principle="p", says="Ask about the worry first.", when="A voice is louder than the matter",
        when_not="I am insulted", because="Nobody listens before they were heard",
    )  # fmt: skip
    for event in (asked, kept):
        desk.write(r, event, actor="ana")
    desk.run_due()
    print(f"Afterwards: {desk.state(r).find('s').debriefs[0].event.next}")
    print(f"\nWhat Ana takes into the next call:\n{desk.context(r, criteria=('need',))}")

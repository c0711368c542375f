"""The story: Nora, a product manager, loses the room in executive reviews. Her coach is Cole.

Everybody in it is invented. Six sessions show what the loop feels like; they prove nothing, and the
evidence page says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutelage.domain.events import GoalSet
from tutelage.domain.terms import Criterion

ROOM, DOUBT, CUT = "room", "doubt", "cut"

GOAL = GoalSet(
    situation="When I bring a decision of mine to the executive review and somebody pushes back",
    behaviour=(
        "I decide beforehand which objection could sink it and whom to ask, and what to leave out"
    ),
    today="I answer the first objection with more detail, in most reviews, until the time is up",
    horizon="within three months",
    criteria=(
        Criterion(
            key=ROOM,
            name="Who decides in the room, and what they need",
            anchors=(
                "Nobody in particular is thought of.",
                "The loudest is taken for whoever decides.",
                "The person who decides is named.",
                "What that person needs to say yes is named, with a reason.",
                "What they need this time, other than usual, is seen.",
            ),
        ),
        Criterion(
            key=DOUBT,
            name="What could sink it, said before others say it",
            anchors=(
                "No doubt of one's own is seen.",
                "A doubt is seen and left out.",
                "The usual risks are listed.",
                "The one doubt that could sink it is named, with what would settle it.",
                "It is named together with what would change one's mind.",
            ),
        ),
        Criterion(
            key=CUT,
            name="What to leave out",
            anchors=(
                "Everything is shown.",
                "It is long, and known to be.",
                "It is shortened by a rule.",
                "What does not serve this decision is left out, for a reason.",
                "What one is proudest of is left out, because it does not serve it.",
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Session:
    """One situation: what she met, said, was asked, did, and what both made of it."""

    day: int  # since the start
    text: str
    call: str
    why: str
    ratings: tuple[int, int, int]  # of room, doubt, cut
    question: str = ""
    answer: str = ""
    decision: str = ""
    outcome: str = ""
    debrief: str = ""
    asked_myself: str = ""


BASELINE = (
    Session(
        0,
        "The pricing review. The finance chief asked why churn would not rise, twenty minutes in.",
        "Show the cohort analysis, all four segments.",
        "She asked about churn, and the analysis is thorough.",
        (2, 1, 1),
        decision="Showed all of it. The time was up before the decision.",
        outcome="It was put off by a month.",
    ),
    Session(
        0,
        "The roadmap review. The head of sales said that customers want single sign-on first.",
        "Explain how we score the roadmap.",
        "The scoring is fair and he has not seen it.",
        (2, 2, 1),
        decision="Explained the scoring.",
        outcome="It was put off.",
    ),
    Session(
        0,
        "The hiring plan. Somebody asked what happens if we hire nobody.",
        "Walk through the plan once more.",
        "It is all in there.",
        (1, 2, 2),
        decision="Walked through it.",
        outcome="Half of it was approved.",
    ),
)

GUIDED = (
    Session(
        9,
        "Next week: the migration to the new billing system. The finance chief was cold last time.",
        "Bring the risk register and the timeline in three variants.",
        "More detail makes it safe.",
        (2, 2, 1),
        "Whose yes do you need, and what does that person lose if it goes wrong?",
        "Hers. She would explain wrong invoices to the auditors. None of my slides says so.",
        "Opened with the invoices and one control that she could stop the migration with.",
        "She asked two questions, both about the control. Approved.",
        "You answered a question that had not been asked yet.",
        "Whose yes is it, and what do they lose?",
    ),
    Session(
        18,
        "The quarterly review. Our activation number fell, and I do not know why yet.",
        "Show the number with the three hypotheses we have.",
        "It is honest, and hypotheses show that we work on it.",
        (3, 2, 2),
        "What would you have to hear in the room to drop all three?",
        "That the fall began before our change. I have not checked that.",
        "Checked first: it began a week before. Brought the one hypothesis that was left.",
        "Ten minutes instead of forty. They asked to see it again in a month.",
        "You went to look for what would prove you wrong. That was new.",
        "What would make me drop this?",
    ),
    Session(
        31,
        "The partner integration. Sales promised a date that we cannot keep.",
        "Explain the dependencies, so that they see why.",
        "They do not know what it takes.",
        (2, 3, 2),
        "If they believed every word of it, what would they decide?",
        "Nothing. They would feel sorry for us. I want them to choose between two dates.",
        "Brought two dates, what each costs, and no dependencies.",
        "They chose the later one, in five minutes.",
        "You left out what you know best.",
        "What are they to choose between?",
    ),
    Session(
        45,
        "A competitor has launched what we had planned. The board wants to know what we do.",
        "Say that we stay on our plan, with one slide on why, and the doubt that I have.",
        "The chief decides, and she needs to know what would change our mind.",
        (4, 3, 3),
        "Which of your doubts would you rather not say there?",
        "That our plan was built on their being slower.",
        "Said it first, and what we would see within six weeks if it mattered.",
        "The chief said: good, then come back in six weeks.",
        "The sentence you did not want to say carried the meeting.",
        "Which doubt do I keep back?",
    ),
    Session(
        58,
        "The security audit found two open points. I present them to the executives tomorrow.",
        "Name both, say which one could stop the release, and leave the other to the appendix.",
        "One is formal. The other could sink the release, and they decide on the release.",
        (4, 4, 3),
        "Who in the room hears it for the first time?",
        "The head of sales. I will call him today.",
        "Called him, then presented both in six minutes.",
        "He defended the delay himself.",
        "The room was decided the day before.",
        "Who hears it for the first time?",
    ),
    Session(
        72,
        "The annual plan. My own project is one of five that cannot all stay.",
        "Propose to stop mine, unless the pilot shows 200 teams by March.",
        "It is the weakest on what the chief needs this year. I would decide so for any other.",
        (4, 4, 4),
        "What would a colleague who wants to keep it say, and is there something in it?",
        "That we lose two people who know it. There is: I will name them.",
        "Proposed it with the two names and what they could do next.",
        "Four projects stay. Mine is paused, and the two people lead the next one.",
        "You judged your own work by what you judge others' by.",
        "Would I decide so if it were not mine?",
    ),
)

ALONE = (
    Session(
        150,
        "A customer's data were shown to another for eleven minutes. The board meets at six.",
        "Say what we know, what we do not, and that I would tell the customer tonight.",
        "The chief has to decide whether we tell tonight; everything else can wait. A pre-mortem "
        "with two engineers says the log may be incomplete, so I say that first.",
        (5, 4, 4),
        decision="Held a pre-mortem of ten minutes, then said it in five.",
        outcome="We told the customer that night. The log was incomplete, as we had said.",
        asked_myself="What do we not know that they will decide on?",
    ),
    Session(
        163,
        "Two executives disagree in public about my proposal and look at me.",
        "Say what each of them would need to see, and ask which of the two they want to decide on.",
        "They argue about different decisions. Whoever answers the loudest loses both.",
        (4, 5, 4),
        decision="Asked which of the two questions it was.",
        outcome="They laughed, and chose one.",
        asked_myself="Are they arguing about the same decision?",
    ),
)

PATTERN = "Answers the first objection with more detail"
PATTERN_WHEN = "somebody pushes back in the first minutes"
PRINCIPLE = {
    "says": "Hold a pre-mortem before I build the slides.",
    "when": "A decision of mine goes to people who can stop it.",
    "when_not": "It can be taken back within a week.",
    "because": "The objection that sinks it is one I knew and left out.",
}

"""The goal of the demo's relationship: five criteria of judgment, each with five anchors."""

from __future__ import annotations

from tutelage.domain.events import GoalSet
from tutelage.domain.terms import Criterion
from tutelage_studies.backgammon.expert import CUTS
from tutelage_studies.backgammon.judgment import CRITERIA, NAMES

ABOUT = {
    "safety": "how exposed the checkers are after the play",
    "attack": "home points made against checkers that have to come in",
    "structure": "blocks of points and an anchor to fall back on",
    "race": "time won by a hit, back checkers brought home, the lead",
    "flexibility": "no stacks, and builders for the next points",
}
_WORDS = (
    "played no part: the play gave up {3:g} points or more on it",
    "was seen but misweighed: the play gave up {2:g} to {3:g} points on it",
    "was weighed by the book: the play gave up {1:g} to {2:g} points on it",
    "was weighed well: the play gave up less than {1:g} points on it",
    "was weighed as this case asked: less than {0:g} points given up where another play tempted",
)


def anchors(criterion: str) -> tuple[str, str, str, str, str]:
    """The five anchors of a criterion, from 1 to 5: what the play gave up on it."""
    name = f"{NAMES[criterion]} ({ABOUT[criterion]})"
    one, two, three, four, five = (f"{name} {words.format(*CUTS)}." for words in _WORDS)
    return one, two, three, four, five


def criteria() -> tuple[Criterion, ...]:
    """The five criteria with their anchors."""
    return tuple(Criterion(key=c, name=NAMES[c], anchors=anchors(c)) for c in CRITERIA)


def goal() -> GoalSet:
    """The goal both sign."""
    return GoalSet(
        situation=(
            "In a game of backgammon against a stronger player, whenever I have to choose a play "
            "while the criteria disagree: no play is best on all that the position touches, and "
            "weighing them can settle it."
        ),
        behaviour=(
            "I choose the play after weighing what it does on each criterion the position "
            "touches, say which two spoke for it, and give up next to nothing."
        ),
        today=(
            "I weigh by habit: my plays give up about a tenth of a point each, and I cannot say "
            "which criterion I misjudge in which kind of position."
        ),
        horizon="Within sixty games, about a hundred and twenty such choices.",
        criteria=criteria(),
    )

"""An agent's relationship on a desk, forked into copies with the trainer and without."""

from __future__ import annotations

from tests.support import seeded
from tests.support.seeded import KEYS, MIA, opened, own_call
from tutelage import Tutelage
from tutelage.domain.events import (
    AccountWritten,
    DecisionRecorded,
    GuidanceGiven,
    PhaseBegan,
    Rated,
)
from tutelage.domain.terms import Party, Phase

TEXTS = (
    "The payment queue grows although nothing was deployed since Monday.",
    "Half of the health checks fail in one zone only.",
    "A customer's export of yesterday is empty and its log reports success.",
    "Two teams roll back each other's configuration every ten minutes.",
    "The certificate of the mail relay expires before the vendor opens.",
    "Disk latency doubles whenever the nightly backup overlaps with billing.",
)
BOT = Party(id="bot", kind="agent", owner="olga")
SITUATIONS = len(TEXTS)
RATINGS = {"mentored": (3, 4, 4, 5), "alone": (2, 3, 2, 3)}


def begin(desk: Tutelage, learner: Party = BOT) -> str:
    """The relationship `r`, guided, that the copies are made of."""
    return seeded.guide(desk, learner=learner, trainer=MIA)


def copy(
    desk: Tutelage,
    arm: str,
    number: int,
    *,
    guided: bool | None = None,
    situations: int = SITUATIONS,
    games: str = "s",
) -> str:
    """A copy of `r` that goes its own way; each lives the same situations a little otherwise."""
    name, with_ = f"{arm}-{number}", arm == "mentored" if guided is None else guided
    desk.fork("r", at=desk.state("r").seq, arm=arm, id=name)
    if not with_:
        desk.write(name, PhaseBegan(phase=Phase.WITHDRAWN), actor="mia")
    ratings = RATINGS["mentored" if with_ else "alone"]
    for n in range(situations):
        rating = ratings[(n + number) % 4] if n % 3 else ratings[number % 4]
        live(desk, name, f"{games}{n}", rating, guided=with_)
    return name


def live(desk: Tutelage, name: str, key: str, rating: int, *, guided: bool) -> None:
    """One situation from its opening to its account."""
    learner = desk.state(name).learner
    assert learner is not None
    text = f"{TEXTS[int(key[1:]) % len(TEXTS)]} This was game {key[0]}."
    desk.write(name, opened(key, *KEYS, text=text), actor=learner.id)
    desk.write(name, own_call(key), actor=learner.id)
    if guided:
        asked = GuidanceGiven(situation=key, move="ask", text="What waits?", criteria=KEYS[:1])
        desk.write(name, asked, actor="mia")
        desk.collect_guidance(name, key, actor=learner.id)
    decided = DecisionRecorded(situation=key, decision="Waited", why="It settles")
    rated = Rated(situation=key, subject="own_call", ratings=dict.fromkeys(KEYS, rating))
    desk.write(name, decided, actor=learner.id)
    desk.write(name, rated, actor="mia")
    account = AccountWritten(
        situation=key,
        noticed=key,
        options=("wait", "wake"),
        turned_on=KEYS[0],
        asked_myself="What waits?",
        happened="It settled",
    )
    desk.write(name, account, actor=learner.id)

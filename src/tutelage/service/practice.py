"""What a trainer reads about its own practice, and which stories of others fit its cases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from tutelage.evidence.likeness import Likeness
from tutelage.guidance.practice import Practice, practice
from tutelage.guidance.programme import Known
from tutelage.guidance.roles import Experience
from tutelage.service.session import Session
from tutelage.service.tables import relationships as table

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage

MOST = 64  # relationships: the last ones by name that were worked in
RECENT = 20  # situations of each that a story may fit
FITS = 0.15  # cosine over rare words: two cases that share what they are about
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Fit:
    """Somebody else's story beside a case that it is like."""

    whose: str
    story: Experience
    relationship: str
    situation: str
    text: str
    like: float


def practice_of(desk: Tutelage, me: str) -> Practice:
    """What I may learn about my own practice; it is shown to nobody else."""
    return practice(me, _known(desk, me))


def _known(desk: Tutelage, me: str) -> list[Known]:
    """The relationships in which I train, trained or rate."""
    c = table.c
    mine = sa.or_(c.trainer == me, c.named.contains(json.dumps(me), autoescape=True))
    found = desk.ledger.projections(mine, c.arm.is_(None), c.situations > 0)
    known = (desk.known(p["id"]) for p in found[-MOST:])
    return [k for k in known if _worked(k, me)]


def _worked(known: Known, me: str) -> bool:
    state = known.state
    return me in state.trainers or any(r.id == me for r in state.raters)


def fitting(mine: Session) -> list[Fit]:
    """Stories that other trainers of my programmes offer, where a case of mine is like theirs."""
    desk, me = mine.desk, mine.actor
    programmes = {p.name for p, m in desk.programmes.of(me) if (m.side, m.state) == TRAINS}
    offered = desk.bank.offered(programmes, but=me)
    cases = list(_cases(desk, me)) if offered else []
    if not cases:
        return []
    like = _like([text for _r, _s, text in cases], [story.case for _who, story in offered])
    best = ((like[:, n].max(), int(like[:, n].argmax()), n) for n in range(len(offered)))
    found = sorted((one for one in best if one[0] >= FITS), reverse=True)[:SHOWN]
    return [Fit(*offered[n], *cases[at], float(much)) for much, at, n in found]


TRAINS = ("trainer", "joined")


def _cases(desk: Tutelage, me: str) -> Iterator[tuple[str, str, str]]:
    """My learners' recent cases: relationship, situation, text."""
    rows = desk.ledger.projections(table.c.trainer == me, table.c.arm.is_(None))
    for row in rows[-MOST:]:
        for case in desk.state(row["id"]).recent(RECENT):
            if case.dropped is None:
                yield row["id"], case.key, str(case.opened.event.text)


def _like(cases: Sequence[str], stories: Sequence[str]) -> NDArray[np.float64]:
    """How like each case is to each story."""
    measure = Likeness([*cases, *stories])
    found: NDArray[np.float64] = (measure.of(tuple(cases)) @ measure.of(tuple(stories)).T).toarray()
    return found

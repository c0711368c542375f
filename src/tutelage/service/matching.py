"""Who is proposed to whom in a programme, what both say to it, and what came of it.

A lead starts a round and sees who, the reasons as counts, and what state it is in. The two alone
read each other's words. Nothing here begins or ends a relationship: both sign it as usual, and a
change of trainer is the learner's own handing over.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from tutelage.domain.entry import Entry
from tutelage.domain.errors import Conflict, NotYours, Unknown
from tutelage.domain.events import Proposed
from tutelage.domain.terms import Party
from tutelage.evidence.assigning import Proposal, propose
from tutelage.evidence.matching import Fit, Part
from tutelage.service.added import add
from tutelage.service.database import reading, writing
from tutelage.service.overview import GOES_ON
from tutelage.service.pool import pool_of
from tutelage.service.profile import Profile, Profiles
from tutelage.service.programmes import Side
from tutelage.service.tables import matches, rounds
from tutelage.service.tables import relationships as table

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage
    from tutelage.service.session import Session

LAPSES = timedelta(days=14)  # a proposal that both have not taken by then keeps no place any more
TRIAL = 3  # closed situations after which both are asked whether to go on
State = Literal["proposed", "accepted", "declined", "lapsed", "begun"]
Wish = Literal["on", "another"]


@dataclass(frozen=True, slots=True)
class Match:
    """A learner and a trainer who were proposed to each other, and what both said to it."""

    id: str
    programme: str
    learner: str
    trainer: str
    parts: tuple[Part, ...]
    at: datetime
    learner_said: str | None
    trainer_said: str | None
    relationship: str | None
    after: str | None
    learner_wish: str | None
    trainer_wish: str | None
    goes_on: bool = False  # whether the two are together now
    late: bool = False  # whether it has waited for too long

    @property
    def state(self) -> State:
        """How far it has come."""
        if "no" in {self.learner_said, self.trainer_said}:
            return "declined"
        if self.relationship is not None:
            return "begun"
        if self.late:
            return "lapsed"
        return "accepted" if self.learner_said == self.trainer_said == "yes" else "proposed"

    @property
    def rematch(self) -> bool:
        """Whether one of them looks for another; a lead learns this, and not who."""
        return self.goes_on and "another" in {self.learner_wish, self.trainer_wish}

    def side(self, person: str) -> Side:
        """As what somebody is in it. Raises NotYours."""
        if person not in {self.learner, self.trainer}:
            raise NotYours("not_your_match", "This was not proposed to you.")
        return "learner" if person == self.learner else "trainer"

    def said(self, person: str) -> str | None:
        """What this person said to it."""
        return self.learner_said if self.side(person) == "learner" else self.trainer_said

    def wish(self, person: str) -> str | None:
        """What this person wishes after the trial."""
        return self.learner_wish if self.side(person) == "learner" else self.trainer_wish

    def other(self, person: str) -> str:
        """The other of the two."""
        return self.trainer if self.side(person) == "learner" else self.learner


@dataclass(frozen=True, slots=True)
class Round:
    """How many rounds there were, and who started the last."""

    number: int = 0
    lead: str | None = None
    at: datetime | None = None


class Matching:
    """The matches of one database."""

    def __init__(self, desk: Tutelage) -> None:
        self._desk, self._engine = desk, desk.ledger.engine
        self.profiles = Profiles(self._engine, desk.clock)

    # the lead's --------------------------------------------------------------------------------
    def look(self, programme: str) -> tuple[Proposal, ...]:
        """What would be proposed now; nothing is written."""
        return propose(*pool_of(self._desk, programme, self.of(programme)))

    def round(self, programme: str) -> Round:
        """The last round of a programme."""
        query = sa.select(rounds.c.number, rounds.c.lead, rounds.c.at)
        with reading(self._engine) as connection:
            found = connection.execute(query.where(rounds.c.programme == programme)).first()
        if found is None:
            return Round()
        return Round(found.number, found.lead, datetime.fromisoformat(found.at))

    def propose(self, programme: str, lead: str, seen: int) -> tuple[Proposal, ...]:
        """Propose to all who look for somebody; of two leads at once the second is told.

        `seen` is the number of rounds as this lead saw it. Sent twice, it is done once, and
        nothing comes back. Raises Unknown to who leads it not, and Conflict.
        """
        self._desk.programmes.led(programme, lead)
        known = self.round(programme)
        if known.number == seen + 1 and known.lead == lead:
            return ()
        current = self.of(programme)
        found = propose(*pool_of(self._desk, programme, current))
        after = {m.learner: m.relationship for m in current if m.rematch}
        now = self._desk.clock().isoformat()
        rows = [
            _row(programme, p.fit, seen + 1, now, after.get(p.seeker))
            for p in found
            if p.fit is not None
        ]
        with writing(self._engine) as connection:
            if not _next(connection, programme, seen, lead, now):
                raise Conflict(
                    "proposed_meanwhile", "Another lead has proposed meanwhile; look again."
                )
            again = [row["id"] for row in rows]  # those that lapsed are proposed anew
            for start in range(0, len(again), 500):
                some = matches.c.id.in_(again[start : start + 500])
                connection.execute(sa.delete(matches).where(some, matches.c.at < self._limit()))
            add(connection, matches, rows)
        return found

    def of(self, programme: str) -> list[Match]:
        """All matches of a programme, the newest first."""
        return self._matches(matches.c.programme == programme)

    # of the two --------------------------------------------------------------------------------
    def mine(self, person: str, programme: str | None = None) -> list[Match]:
        """What was proposed to this person, the newest first."""
        fits = [sa.or_(matches.c.learner == person, matches.c.trainer == person)]
        if programme is not None:
            fits.append(matches.c.programme == programme)
        return self._matches(*fits)

    def match(self, id: str, person: str) -> Match:  # noqa: A002
        """One of this person's. Raises Unknown, in the same words where it is another's."""
        found = self._matches(matches.c.id == id)
        if not found or person not in {found[0].learner, found[0].trainer}:
            raise Unknown("unknown_match", "Nothing of this kind was proposed to you.")
        return found[0]

    def texts(self, match: Match, person: str) -> Profile | None:
        """What the other says of themselves, while it is open between the two."""
        side: Side = "trainer" if match.side(person) == "learner" else "learner"
        over = match.state in {"declined", "lapsed"}
        if over or (match.state == "begun" and not match.goes_on):
            return None
        return self.profiles.of(match.programme, match.other(person), side)

    def quotes(self, match: Match) -> dict[str, str]:
        """The trainer's own sentences by the digests that reasons name them by."""
        known = self.profiles.of(match.programme, match.trainer, "trainer")
        return {_digest(line): line for line in known.lines("handled")} if known else {}

    def answer(self, id: str, person: str, *, takes: bool) -> Match:  # noqa: A002
        """Accept or decline; who declined is told to nobody. Raises Unknown, Conflict."""
        match = self.match(id, person)
        column = f"{match.side(person)}_said"
        c = matches.c
        goes = (sa.or_(a.is_(None), a == "yes") for a in (c.learner_said, c.trainer_said))
        open_ = (c.relationship.is_(None), c.at >= self._limit())
        with writing(self._engine) as connection:
            change = sa.update(matches).where(c.id == id, *open_, *goes)
            done = connection.execute(change.values({column: "yes" if takes else "no"})).rowcount
        found = self.match(id, person)
        if done == 0 and found.said(person) != ("yes" if takes else "no"):
            raise Conflict("match_over", "This is no longer open; look again.")
        return found

    def begin(self, mine: Session, match: Match, because: str, handled: str) -> str:
        """Propose what both accepted as a relationship; begun twice, it is the same one.

        Raises what `Session.open` raises, and Conflict where one has not accepted.
        """
        if match.state == "begun" and match.relationship:
            return match.relationship
        if match.state != "accepted" or match.after is not None:
            raise Conflict("match_over", "This is no longer open; look again.")
        name = self._there(match)
        if name is None:
            event = self._proposed(match, because, handled)
            free = not self._desk.ledger.projections(table.c.id == match.id)
            try:
                name = mine.open(event, id=match.id if free else None)
            except Conflict:  # the other began it in this moment
                name = self._there(match)
                if name is None:
                    raise
        self._began(match, name)
        return name

    def _there(self, match: Match) -> str | None:
        """The relationship that it became already, of these two and of no others."""
        c = table.c
        pair = (c.learner == match.learner, c.trainer == match.trainer)
        found = self._desk.ledger.projections(c.id == match.id, *pair)
        return match.id if found else None

    def _proposed(self, match: Match, because: str, handled: str) -> Proposed:
        trainer = self.profiles.of(match.programme, match.trainer, "trainer")
        learner = self.profiles.of(match.programme, match.learner, "learner")
        programme = self._desk.programmes.named(match.programme)
        days = [
            m.reply_days
            for m in self._desk.programmes.members(match.programme)
            if m.person == match.trainer and m.side == "trainer" and m.reply_days is not None
        ]
        return Proposed(
            learner=Party(id=match.learner, kind="person"),
            trainer=Party(id=match.trainer, kind="person"),
            mode=(trainer and trainer.mode) or (learner and learner.mode) or "mentor",
            handled=(trainer and trainer.handled) or handled,
            because=because,
            programme=match.programme,
            concern_contact=programme.contact,
            reply_days=days[0] if days else 3,
        )

    def _began(self, match: Match, relationship: str) -> None:
        with writing(self._engine) as connection:
            change = sa.update(matches).where(matches.c.id == match.id)
            connection.execute(change.values(relationship=relationship))

    def asked(self, match: Match, person: str) -> bool:
        """Whether the trial is over and this person has not said yet whether to go on."""
        return self.asks(match, person) and self.trial_over(match) is not None

    def asks(self, match: Match, person: str) -> bool:
        """Whether this person has not said yet whether to go on with whom they are."""
        return match.goes_on and match.wish(person) is None

    def trial_over(self, match: Match) -> Entry[Any] | None:
        """The account with which the trial was over; None while it goes on."""
        if match.relationship is None:
            return None
        closed = self._desk.state(match.relationship).closed
        told = [s.account for s in closed if s.account and s.opened.written_at > match.at]
        return told[TRIAL - 1] if len(told) >= TRIAL else None

    def became(self, relationship: str) -> list[Match]:
        """The matches that this relationship goes on from, or was handed over by."""
        either = sa.or_(matches.c.relationship == relationship, matches.c.after == relationship)
        return [m for m in self._matches(either) if m.relationship == relationship]

    def wishes(self, id: str, person: str, wish: Wish) -> None:  # noqa: A002
        """Go on, or look for another; it can be said otherwise later. Raises Unknown, Conflict."""
        match = self.match(id, person)
        if not self.asked(match, person) and match.wish(person) is None:
            raise Conflict("trial_goes_on", "You are asked after three closed situations.")
        with writing(self._engine) as connection:
            change = sa.update(matches).where(matches.c.id == id)
            connection.execute(change.values({f"{match.side(person)}_wish": wish}))

    def _matches(self, *fits: sa.ColumnElement[bool]) -> list[Match]:
        query = sa.select(*_MATCH, _HELD.c.trainer, table.c.trainer, table.c.life).where(*fits)
        query = query.outerjoin(_HELD, _HELD.c.id == matches.c.after)
        query = query.outerjoin(table, table.c.id == matches.c.relationship)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(matches.c.at.desc(), matches.c.id)).all()
        limit = self._limit()
        return [_match(row, limit) for row in rows]

    def _limit(self) -> str:
        """What was proposed before then has lapsed."""
        return (self._desk.clock() - LAPSES).isoformat()


_HELD = table.alias("held")
_MATCH = tuple(
    matches.c[name]
    for name in (
        *("id", "programme", "learner", "trainer", "reasons", "at"),
        *("learner_said", "trainer_said", "relationship", "after"),
        *("learner_wish", "trainer_wish"),
    )
)


def _match(row: Any, limit: str) -> Match:
    name, programme, learner, trainer, reasons, at, *rest, handed_to, now_with, life = row
    if handed_to == trainer:  # the learner has handed over
        rest[2], now_with, life = rest[3], trainer, "active"
    parts = tuple(Part(**{**p, "quotes": tuple(p["quotes"])}) for p in json.loads(reasons))
    made = Match(name, programme, learner, trainer, parts, datetime.fromisoformat(at), *rest)
    return replace(made, late=at < limit, goes_on=now_with == trainer and life in GOES_ON)


def _row(programme: str, fit: Fit, number: int, now: str, after: str | None) -> dict[str, Any]:
    return {
        "id": _digest(f"{programme}\n{fit.seeker}\n{fit.guide}"),
        "programme": programme,
        "learner": fit.seeker,
        "trainer": fit.guide,
        "reasons": json.dumps([_kept(p) for p in fit.told]),
        "round": number,
        "at": now,
        "after": after,
    }


def _kept(part: Part) -> dict[str, Any]:
    """A reason without anybody's words: what it quotes is named by digest."""
    return {**asdict(part), "quotes": [_digest(q) for q in part.quotes]}


def _digest(text: str) -> str:
    return f"m{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:24]}"


def _next(connection: sa.Connection, programme: str, seen: int, lead: str, now: str) -> bool:
    """Count this round, unless another came between."""
    row = {"programme": programme, "number": 0, "lead": lead, "at": now}
    add(connection, rounds, [row])
    fits = sa.and_(rounds.c.programme == programme, rounds.c.number == seen)
    change = sa.update(rounds).where(fits).values(number=seen + 1, lead=lead, at=now)
    return connection.execute(change).rowcount == 1

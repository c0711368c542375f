"""A threshold or masterpiece as an Open Badges 3.0 credential: what it says, and its document.

It says what was confirmed, by which standard, and counts; a text of the pair's own only where the
learner chose it. Nothing of a situation, a call, an account or a rating is ever in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tutelage.domain.events import GoalSet
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.text import Gone
from tutelage.doors.exchange import status
from tutelage.doors.report import md
from tutelage.evidence.attribution import Attribution
from tutelage.evidence.forks import ForkContrast
from tutelage.guidance.blind import blind
from tutelage.guidance.evidence import Evidence
from tutelage.guidance.numbers import numbers
from tutelage.guidance.words import criterion_name, percent
from tutelage.service.credentials import Kind

CONTEXT = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
NAMES: dict[Kind, str] = {
    "threshold": "Threshold of independent judgment",
    "masterpiece": "Masterpiece of judgment",
}
DESCRIPTIONS: dict[Kind, str] = {
    "threshold": "Decides alone, and with sound reasons, in situations that are new and hard.",
    "masterpiece": "Decides visibly better than before, and guidance did it, not experience alone.",
}
CRITERIA: dict[Kind, str] = {
    "threshold": (
        "A new, hard situation was decided without consulting anybody, with an account that shows "
        "the judgment; raters who were shown neither names nor guidance confirmed both. By all "
        "ratings, judgment without help is good enough on every criterion of the goal, as surely "
        "as is said here."
    ),
    "masterpiece": (
        "The threshold, and besides: calls made alone that rose beyond doubt over real situations, "
        "an obstacle of the learner's own that was named and overcome, and randomized evidence "
        "that the guidance did it."
    ),
}
LABELS = {
    "confirmed": "Confirmed on",
    "began": "Course began on",
    "situations": "Real situations brought",
    "unassisted": "Calls made alone and rated",
    "sure": "How sure, on every criterion",
    "blind": "Rated blind",
    "stricter": "Holds by the stricter standard for proofs",
    "randomized": "Randomized evidence that guidance did it",
}
"""What each figure is; the key is its name in the document."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a credential says: of what, the figures by their keys, and texts the learner chose."""

    kind: Kind
    figures: tuple[tuple[str, str], ...]
    goal: str = ""
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose it is: a name, or the account's; an address only as a digest, to be checked against."""

    name: str
    chosen: bool = False  # else it is the account's name
    mail: str = ""
    salt: str = ""


# what it says ----------------------------------------------------------------------------------
def claim(state: Relationship, found: Evidence, kind: Kind, *, goal: bool, criteria: bool) -> Claim:
    """What this relationship shows, as a credential says it."""
    names = tuple(criterion_name(state, c) for c in state.criteria) if criteria else ()
    said = _goal(state) if goal else ""
    return Claim(kind, tuple(_figures(state, found, kind)), said, names)


def _figures(state: Relationship, found: Evidence, kind: Kind) -> Iterator[tuple[str, str]]:
    award, first, n = getattr(state, kind), state.proposed, numbers(state)
    known = [s for s in state.situations if s.dropped is None and not s.opened.event.retold]
    yield "confirmed", _day(award.written_at)
    if first is not None:
        yield "began", _day(first.written_at)
    yield "situations", str(len(known))
    yield "unassisted", str(found.rated)
    yield "sure", f"more than {percent(n.threshold_sure)} sure of {n.threshold_bar:g} of 5 or above"
    yield "blind", _yes(_blind(state))
    met = found.credential.met
    wanted = f"{percent(n.credential_sure)} sure, {n.credential_proofs:g} such situations"
    yield "stricter", f"{'yes' if met else 'not yet'} ({wanted})"
    yield "randomized", _randomized(found)


def _blind(state: Relationship) -> bool:
    """Whether the situation that proves it was rated by somebody who knew nothing else."""
    proof = state.find(state.threshold.event.situation) if state.threshold else None
    return proof is not None and any(_rated_blind(state, proof))


def _rated_blind(state: Relationship, proof: Situation) -> Iterator[bool]:
    return (blind(state, proof, rated) for rated in proof.counted())


def _randomized(found: Evidence) -> str:
    if not found.shown:
        return "not shown here"
    by = found.contrast if isinstance(found.contrast, ForkContrast) else None
    if by is not None and by.shown:
        between = f"90 percent interval {by.low:+.2f} to {by.high:+.2f}"
        return f"yes: {by.gain:+.2f} {by.unit}, {between}"
    moved = found.attributed.moved
    if isinstance(moved, Attribution) and moved.shown:
        between = f"90 percent interval {moved.low:+.1f} to {moved.high:+.1f}"
        return f"yes: {moved.points:+.1f} rating points, {between}"
    return "yes: at a look before its horizon"


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


def _goal(state: Relationship) -> str:
    goal: GoalSet | None = state.goal.entry.event if state.goal else None
    told = [goal.situation, goal.behaviour] if goal else []
    return " / ".join(str(text) for text in told if not isinstance(text, Gone))


def rests(state: Relationship, said: Claim) -> tuple[int, ...]:
    """The entries it rests on: with a text of these it is revoked."""
    award, papers = getattr(state, said.kind), []
    if state.goal is not None and (said.goal or said.criteria):
        papers = [state.goal.entry.seq]
    return tuple(sorted({award.seq, *award.event.entries, *papers}))


# its document ----------------------------------------------------------------------------------
def address(at: str, id_: str) -> str:
    """Where a credential is shown: its id, too."""
    return f"{at}/verify/{id_}"


def document(said: Claim, holder: Holder, at: str, id_: str, now: datetime) -> dict[str, Any]:
    """The credential, as the claims of a JSON Web Token: its members, and those a token needs."""
    here, since = address(at, id_), now.astimezone(UTC).replace(microsecond=0)
    return {
        "@context": list(CONTEXT),
        "id": here,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": NAMES[said.kind],
        "issuer": {"id": at, "type": ["Profile"], "name": f"Tutelage at {_host(at)}", "url": at},
        "validFrom": since.isoformat().replace("+00:00", "Z"),
        "credentialSubject": _subject(said, holder, at, here),
        "credentialStatus": status.entry(f"{here}/status"),
        "iss": at,
        "jti": here,
        "nbf": int(since.timestamp()),
        "sub": _holder_id(here),
    }


def _host(at: str) -> str:
    return at.partition("://")[2]


def _holder_id(here: str) -> str:
    """Of this credential alone: two of one learner's are not known to be of one by their ids."""
    return f"{here}#holder"


def _subject(said: Claim, holder: Holder, at: str, here: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": _holder_id(here),
        "type": ["AchievementSubject"],
        "identifier": list(_identifiers(holder)),
        "achievement": achievement(said.kind, at),
        "result": [_result(said.kind, at, *figure) for figure in said.figures],
    }
    chosen = list(_chosen(said))
    return {**made, "narrative": "\n".join(chosen)} if chosen else made


def _chosen(said: Claim) -> Iterator[str]:
    """The pair's own words, where the learner chose that others read them."""
    if said.goal:
        yield f"Goal: {md(said.goal)}"
    if said.criteria:
        yield f"Criteria: {'; '.join(map(md, said.criteria))}"


def _identifiers(holder: Holder) -> Iterator[dict[str, Any]]:
    kind = "name" if holder.chosen else "userName"
    plain = {"hashed": False, "identityHash": holder.name, "identityType": kind}
    yield {"type": "IdentityObject", **plain}
    if holder.mail:
        digest = hashed(holder.mail, holder.salt)
        told = {"hashed": True, "identityHash": digest, "identityType": "emailAddress"}
        yield {"type": "IdentityObject", **told, "salt": holder.salt}


def hashed(mail: str, salt: str) -> str:
    """The digest of an address that a reader who knows it can make, and compare."""
    return f"sha256${hashlib.sha256(f'{mail}{salt}'.encode()).hexdigest()}"


def achievement(kind: Kind, at: str) -> dict[str, Any]:
    """What can be achieved here: the same for every learner."""
    own = f"{at}/achievements/{kind}"
    return {
        "id": own,
        "type": ["Achievement"],
        "name": NAMES[kind],
        "description": DESCRIPTIONS[kind],
        "criteria": {"narrative": CRITERIA[kind]},
        "resultDescription": [
            {"id": f"{own}#{key}", "type": ["ResultDescription"], "name": label}
            | {"resultType": "Result"}
            for key, label in LABELS.items()
        ],
    }


def _result(kind: Kind, at: str, key: str, value: str) -> dict[str, Any]:
    about = f"{at}/achievements/{kind}#{key}"
    return {"type": ["Result"], "resultDescription": about, "value": value}


# read again ------------------------------------------------------------------------------------
def read(claims: dict[str, Any]) -> tuple[str, Claim]:
    """Whose a credential of ours is, and what it says. Raises ValueError, KeyError, TypeError."""
    subject = claims["credentialSubject"]
    kind: Kind = subject["achievement"]["id"].rpartition("/")[2]
    figures = ((r["resultDescription"].rpartition("#")[2], r["value"]) for r in subject["result"])
    name = subject["identifier"][0]["identityHash"]
    return name, Claim(kind, tuple(figures), subject.get("narrative", ""))

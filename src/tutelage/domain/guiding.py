"""When guidance may come, and how much: own call first, and never more help than the level says."""

from __future__ import annotations

from typing import Any

from tutelage.domain.entry import Draft, Entry
from tutelage.domain.errors import Refused
from tutelage.domain.events import Debriefed, GuidanceGiven
from tutelage.domain.focus import kept_out
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Guiding, Level, Phase, Role

ROUNDS = 3  # questions in one situation before the learner is left to decide
_GUIDED = frozenset({Phase.GUIDED})


def allowed(state: Relationship, known: Situation, criterion: str) -> tuple[Guiding, ...]:
    """The moves a trainer may make on this criterion here, before the decision.

    A request for help permits one level more help than the criterion stands at; high stakes
    permit sharing at any level; urgent help is given in any way, in any phase. Under a drawn
    design guidance is for the criterion in focus, unless the learner asks or the stakes are high.
    """
    if any(h.event.urgent for h in known.helps):
        return ("share", "ask", "tell")
    if state.phase not in _GUIDED or known.withheld:
        return ()
    level = state.level(criterion)
    if known.asked_for_help and level is not Level.WAITING:
        level = Level(max(Level.SHARE, level - 1))
    elif kept_out(state, known, criterion) and known.opened.event.stakes != "high":
        return ()
    if known.opened.event.stakes == "high":
        level = Level.SHARE
    match level:
        case Level.SHARE:
            return ("share", "ask")
        case Level.ASK:
            return ("ask",)
        case _:
            return ()


def guidance_due(state: Relationship, known: Situation) -> bool:
    """Whether the ledger says that guidance should come here: an own call, and a level for it."""
    if known.decision is not None or known.dropped is not None or state.life != "active":
        return False
    asked, call = known.waiting_help, known.own_call
    if asked is not None and (asked.event.urgent or asked.event.about == "fact"):
        return True
    served = bool(known.guidance or known.failures) and not _answer_waits(known)
    if asked is None and (call is None or served or call.seq < state.phase_since):
        return False  # a call made while no guidance was given, as in a baseline, stays as it is
    return any(allowed(state, known, c) for c in known.criteria)


def _answer_waits(known: Situation) -> bool:
    """Whether the learner's last answer may be taken up in turn, within a few rounds."""
    last = max((g.entry.seq for g in known.guidance), default=0)
    last = max(last, max((f.seq for f in known.failures), default=0))
    answered = bool(known.answers) and known.answers[-1].seq > last
    return answered and len(known.guidance) < ROUNDS


def check_guidance(state: Relationship, known: Situation, draft: Draft) -> None:
    """Refuse guidance that comes too early, or gives more help than the level allows."""
    event = draft.event
    assert isinstance(event, GuidanceGiven)  # noqa: S101  # the caller saw to it
    check_place(state, known, draft)
    urgent = any(h.event.urgent for h in known.helps)
    if urgent or known.decision is not None:
        return  # urgent help never waits; after the decision it is a debrief
    if known.own_call is None:
        raise Refused("own_call_first", "Wait for the learner's own call; help comes after it.")
    if event.move == "fact" and any(h.event.about == "fact" for h in known.helps):
        return
    _check_phase(state, known)
    _check_answers(known, event)
    if event.move == "fact":
        raise Refused("no_fact_asked", "The learner did not ask for a fact.")
    if not event.criteria:
        raise Refused("criteria_needed", "Say on which criteria this guides.")
    for criterion in event.criteria:
        _check_move(state, known, draft, criterion)
    if event.move == "share" and event.experience is None and draft.role is Role.TRAINER:
        raise Refused("experience_needed", "Share an experience of yours: name the one you tell.")


def check_place(state: Relationship, known: Situation, draft: Draft) -> None:
    """Refuse a trainer who has not signed, and an agent where a person must speak, or does."""
    if state.joins and draft.role is Role.TRAINER:
        raise Refused("sign_first", "Sign the agreement before you guide.")
    if not state.by_agent(draft.actor) or draft.role is not Role.TRAINER:
        return
    if state.taken_over(known) is not None:
        raise Refused("stood_in", "A person stands in for you in this situation; leave it to them.")
    if state.steps_aside(known):
        raise Refused(
            "not_for_an_agent",
            "An AI does not coach on what is written here; the learner was told whom to turn to.",
        )


def _check_phase(state: Relationship, known: Situation) -> None:
    if state.phase is Phase.BASELINE:
        raise Refused("baseline_first", "Take the baseline before you guide.")
    if state.phase not in _GUIDED:
        raise Refused("withdrawn", "Guidance is withdrawn; debrief instead.")
    if known.withheld:
        raise Refused("withheld", "Guidance is withheld here by the agreed draw; debrief later.")


def _check_answers(known: Situation, event: GuidanceGiven) -> None:
    asks: list[Entry[Any] | None] = [known.own_call, *known.helps, *known.answers]
    if event.answers is not None and event.answers not in [e.seq for e in asks if e]:
        raise Refused("answers_nothing", f"Entry {event.answers} asks nothing here.")


def _check_move(state: Relationship, known: Situation, draft: Draft, criterion: str) -> None:
    event = draft.event
    assert isinstance(event, GuidanceGiven)  # noqa: S101  # the caller saw to it
    if criterion not in known.criteria:
        raise Refused("unknown_criterion", f"This situation does not touch {criterion}.")
    moves = allowed(state, known, criterion)
    told = event.move == "tell" and event.told_because is not None
    if told and moves and not state.by_agent(draft.actor):
        return  # a person may tell with a stated reason; the finding is stored
    if event.move not in moves:
        word = state.level(criterion).word
        can = " or ".join(moves) or "debrief after the decision"
        raise Refused("above_level", f"{criterion} stands at {word}: {can}.")


def check_debrief(state: Relationship, known: Situation, draft: Draft) -> None:
    """Refuse a debrief before there is a decision, or of what is not in focus by the design."""
    event = draft.event
    assert isinstance(event, Debriefed)  # noqa: S101  # the caller saw to it
    criteria = event.criteria
    check_place(state, known, draft)
    if known.decision is None:
        raise Refused("decide_first", "Debrief a decision that was made.")
    out = [c for c in criteria or known.criteria if kept_out(state, known, c)]
    if out and not known.asked_for_help and known.opened.event.stakes != "high":
        one = "is" if len(out) == 1 else "are"
        raise Refused("out_of_focus", f"{', '.join(out)} {one} not in focus here by the draw.")

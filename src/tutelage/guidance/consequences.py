"""What the system writes after an entry, in the same transaction: phases, requests, levels.

Pure: chance comes in as an argument. The system never says what a person would say; it opens
phases that begin by themselves, asks raters, draws what was agreed to be drawn, and moves levels
where nobody needs to confirm.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tutelage.domain.entry import Entry
from tutelage.domain.errors import Refused
from tutelage.domain.events import (
    AccountWritten,
    BaselineTaken,
    Configured,
    DecisionRecorded,
    DesignDrawn,
    Event,
    GuidanceFailed,
    LevelMoved,
    OwnCallRecorded,
    PhaseBegan,
    ProbeDrawn,
    Rated,
    RatingAsked,
    Signed,
    ThresholdMet,
)
from tutelage.domain.guiding import guidance_due
from tutelage.domain.relationship import Relationship
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Level, Phase, Role, Subject
from tutelage.evidence.design import draw
from tutelage.evidence.track import Track
from tutelage.guidance.blind import shown_to
from tutelage.guidance.numbers import numbers, to_configure
from tutelage.guidance.policy import Move, propose
from tutelage.guidance.threshold import only_checks_missing, threshold

Chance = Callable[[], float]
"""A draw from [0, 1)."""


def consequences(
    state: Relationship, track: Track, entry: Entry[Any], chance: Chance
) -> tuple[Event, ...]:
    """The system's next entries behind this one; empty when nothing follows."""
    return (*_stops(state, entry), *_follow(state, track, entry, chance))


def _follow(
    state: Relationship, track: Track, entry: Entry[Any], chance: Chance
) -> tuple[Event, ...]:
    match entry.event:
        case Signed():
            return _begin(state)
        case BaselineTaken():
            return (*_draw_design(state, chance), PhaseBegan(phase=Phase.GUIDED))
        case OwnCallRecorded():
            known = _known(state, entry)
            asked = _ask_raters(state, known, "own_call")
            return (*asked, *_draw(state, known, chance))
        case DecisionRecorded():
            known = _known(state, entry)
            alone = known.evidence_subject == "decision"
            # where guidance was withheld by chance, or might have been, decisions are compared
            return _ask_raters(state, known, "decision") if alone or known.probed else ()
        case AccountWritten() | Rated():
            checks = _ask_checks(state, _known(state, entry))
            return (*checks, *_level_moves(state, track), *_threshold(state, track))
        case _:
            return ()


def _known(state: Relationship, entry: Entry[Any]) -> Situation:
    known = state.find(entry.event.situation)
    assert known is not None  # noqa: S101  # its event was just folded
    return known


def _begin(state: Relationship) -> tuple[Event, ...]:
    if not state.agreed or state.phase is not None:
        return ()
    given, versions = to_configure()
    return (Configured(numbers=given, versions=versions), PhaseBegan(phase=Phase.BASELINE))


# what an AI does not coach on --------------------------------------------------------------------
NOT_FOR_AN_AI = "An AI does not coach on what is written here; please turn to a person you trust."
NOT_FOR_AN_AI_NAMED = "An AI does not coach on what is written here; please turn to {}."


def not_for_an_ai(state: Relationship) -> str:
    """What the learner is told instead, with the person named in the agreement."""
    contact = state.terms.concern_contact if state.terms else None
    return NOT_FOR_AN_AI if contact is None else NOT_FOR_AN_AI_NAMED.format(contact)


def _stops(state: Relationship, entry: Entry[Any]) -> tuple[GuidanceFailed, ...]:
    """Say that no guidance comes, once it shows and whenever guidance would be due after that.

    In the same transaction: nobody waits for an AI that steps aside, and none is asked.
    """
    key = getattr(entry.event, "situation", None)
    known = state.find(key) if isinstance(key, str) and entry.role is Role.LEARNER else None
    if known is None or not state.steps_aside(known) or state.taken_over(known) is not None:
        return ()
    said = any(f.seq > (known.beyond or 0) for f in known.failures)
    if (said and not guidance_due(state, known)) or state.life != "active":
        return ()
    return (GuidanceFailed(situation=known.key, reason=not_for_an_ai(state)),)


# raters ----------------------------------------------------------------------------------------
def _ask_raters(state: Relationship, known: Situation, subject: Subject) -> tuple[RatingAsked, ...]:
    if state.life != "active":
        return ()
    return tuple(
        RatingAsked(
            situation=known.key,
            subject=subject,
            rater=rater.id,
            shown=shown_to(state, rater.id, subject),
        )
        for rater in state.raters
    )


def _ask_checks(state: Relationship, known: Situation) -> tuple[RatingAsked, ...]:
    """Where only that is missing, blind raters are asked whether the account shows the judgment."""
    if state.threshold is not None or not only_checks_missing(state, known):
        return ()
    asked = {a.event.rater for a in known.asked if a.event.subject == "account"}
    trainer = state.trainer.id if state.trainer else ""
    return tuple(
        RatingAsked(
            situation=known.key,
            subject="account",
            rater=rater.id,
            shown=shown_to(state, rater.id, "account"),
            second=True,
        )
        for rater in state.raters
        if rater.id not in asked and rater.id != trainer
    )


# draws -----------------------------------------------------------------------------------------
def _draw(state: Relationship, known: Situation, chance: Chance) -> tuple[ProbeDrawn, ...]:
    """Withheld guidance: only where both opted in, at share and ask, never at high stakes."""
    agreed = state.life == "active" and state.opted_in("withheld_guidance")
    guided = state.phase is Phase.GUIDED and known.opened.event.stakes != "high"
    levels = {state.level(c) for c in known.criteria}
    if not (agreed and guided and levels & {Level.SHARE, Level.ASK}):
        return ()
    probability = numbers(state).withheld_share
    return (
        ProbeDrawn(situation=known.key, withheld=chance() < probability, probability=probability),
    )


def _draw_design(state: Relationship, chance: Chance) -> tuple[DesignDrawn, ...]:
    """Drawn starts, only where both opted in and there is room for a draw."""
    terms = state.terms
    if terms is None or not state.opted_in("drawn_starts"):
        return ()
    seed = int(chance() * 2**31)
    try:
        drawn = draw(seed, state.criteria, terms.design_situations, terms.latest_start)
    except Refused:
        return ()  # too few situations for so many criteria: the evidence says so
    return (
        DesignDrawn(
            order=drawn.order,
            starts=drawn.starts,
            horizon=drawn.horizon,
            arrangements=drawn.arrangements,
            seed=seed,
        ),
    )


# levels and threshold --------------------------------------------------------------------------
def _level_moves(state: Relationship, track: Track) -> tuple[LevelMoved, ...]:
    moves = (m for m in propose(state, track) if m.more_help or _by_itself(state))
    return tuple(as_event(m) for m in moves)


def _by_itself(state: Relationship) -> bool:
    """Less help waits for a person's yes where a person learns."""
    return state.learner is not None and state.learner.kind == "agent"


def as_event(move: Move) -> LevelMoved:
    """A proposed move as the entry that confirms it."""
    return LevelMoved(
        criterion=move.criterion, start=move.start, to=move.to, why=move.why, rule=move.rule
    )


def _threshold(state: Relationship, track: Track) -> tuple[ThresholdMet, ...]:
    """In an agent pair nobody needs to confirm; its blind second raters already have."""
    if state.threshold is not None or not state.agents_only or state.life != "active":
        return ()
    verdict = threshold(state, track)
    if not verdict.met or verdict.situation is None:
        return ()
    return (ThresholdMet(situation=verdict.situation, entries=verdict.entries),)

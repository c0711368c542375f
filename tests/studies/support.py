"""A learner's context, a mentor's brief and a rater's packet, made by hand for one position."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tutelage_studies.backgammon.board import Position, describe, facts
from tutelage_studies.backgammon.goal import anchors, goal
from tutelage_studies.backgammon.judgment import CRITERIA, touched
from tutelage_studies.backgammon.learner import InContextLearner

from tutelage.domain.entry import Entry
from tutelage.domain.events import Event, PrincipleDropped, PrincipleKept, SituationOpened
from tutelage.domain.situation import Situation
from tutelage.domain.terms import Level, Phase, Role, Visibility
from tutelage.evidence.results import Estimate
from tutelage.guidance.brief import Brief, Context, CriterionBrief, Packet
from tutelage.guidance.notebook import Notebook, Principle

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EMPTY = Notebook((), ())


def context(
    here: Position,
    notebook: Notebook = EMPTY,
    guidance: tuple[str, ...] = (),
    debriefs: tuple[str, ...] = (),
) -> Context:
    return Context("choose well", describe(here), touched(here), notebook, guidance, debriefs)


def kept(notebook: Notebook, events: list[Event]) -> Notebook:
    """The notebook after these events."""
    held = {p.key: p for p in notebook.principles}
    for event in events:
        if isinstance(event, PrincipleDropped):
            del held[event.principle]
        elif isinstance(event, PrincipleKept):
            e = event
            texts = map(str, (e.says, e.when, e.when_not, e.because))
            held[e.principle] = Principle(e.principle, *texts, e.criteria)
    return replace(notebook, principles=tuple(held.values()))


def entry(event: Any, seq: int = 1) -> Entry[Any]:
    return Entry(seq, f"e{seq}", "x", Role.LEARNER, NOON, NOON, Visibility.PAIR, event)


def brief(
    here: Position,
    learner: InContextLearner,
    level: Level = Level.SHARE,
    key: str = "s1",
    notebook: Notebook = EMPTY,
    *,
    decided: bool = False,
) -> Brief:
    """What the mentor would be told of this learner's own call here."""
    opened = SituationOpened(
        situation=key, text=describe(here), criteria=touched(here), facts=facts(here)
    )
    mine = context(here, notebook)
    call = learner.own_call(key, mine)
    decision = entry(learner.decide(key, mine), 3) if decided else None
    known = Situation(entry(opened), Phase.GUIDED, own_call=entry(call, 2), decision=decision)
    moves = {Level.SHARE: ("share", "ask"), Level.ASK: ("ask",)}.get(level, ())
    return Brief(
        relationship="r",
        goal=goal(),
        phase=Phase.GUIDED,
        situation=known,
        text=describe(here),
        call=str(call.call),
        why=str(call.why),
        question=None,
        answers=(),
        criteria=tuple(
            CriterionBrief(c, c, anchors(c), level, moves, Estimate(2.5, 0.5, 0), ())
            for c in touched(here)
        ),
        told=(),
        notebook=notebook,
        obstacles=(),
    )


def packet(here: Position, said: str, why: str = "habit", key: str = "s1") -> Packet:
    on = {c: anchors(c) for c in CRITERIA if c in touched(here)}
    return Packet(key, "own_call", describe(here), said, why, None, on)

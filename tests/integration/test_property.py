"""Whatever is tried through the desk, by whomever and in whatever order: the laws hold."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.workload import KEYS
from tests.support import seeded, walk
from tests.support.cast import BOT, JUDGE, MENTOR, RITA
from tests.support.seeded import LEO, MIA, opened, own_call
from tutelage.domain.entry import Draft
from tutelage.domain.errors import TutelageError
from tutelage.domain.events import (
    AccountWritten,
    Answered,
    DecisionRecorded,
    Event,
    Forked,
    GuidanceGiven,
    HelpAsked,
    LevelMoved,
    Noted,
    OutcomeRecorded,
    Paused,
    PrincipleKept,
    QuestionKept,
    Rated,
    Resumed,
    SituationDropped,
)
from tutelage.domain.evolve import evolve
from tutelage.domain.relationship import Relationship
from tutelage.domain.rules import check
from tutelage.guidance.policy import propose
from tutelage.guidance.roles import Experience
from tutelage.guidance.threshold import threshold
from tutelage.service.keep import cold

HIDDEN = walk.HIDDEN
PAIRS = ((LEO, MIA, (RITA,)), (LEO, MENTOR, (RITA,)), (BOT, MENTOR, (JUDGE,)))
walks = st.tuples(st.integers(0, 2**32), st.integers(5, 60))
few = settings(max_examples=6)


@contextmanager
def walked(seed_and_steps):
    """A relationship after so many attempts, on a database in memory."""
    seed, steps = seed_and_steps
    chance = Random(seed)
    learner, trainer, raters = chance.choice(PAIRS)
    with seeded.desk("sqlite://", seed=seed) as desk:
        begin = seeded.guide if chance.random() < 0.8 else seeded.agree
        begin(
            desk,
            learner=learner,
            trainer=trainer,
            raters=raters,
            mode=chance.choice(["mentor", "coach"]),
        )
        desk.bank.add(trainer.id, [Experience("told", "x", "x", "x", "x")])
        for _ in range(steps):
            with suppress(TutelageError):
                step(desk, chance, learner.id, trainer.id, raters[0].id)
        yield desk


def step(desk, chance: Random, learner: str, trainer: str, rater: str) -> None:
    """One attempt: mostly by whom it is for, sometimes by anybody, at anything."""
    state = desk.state("r")
    known = [s.key for s in state.recent(4)] or ["nowhere"]
    key = chance.choice([*state.open, *known]) if chance.random() < 0.95 else "nowhere"
    turn = chance.random()
    if turn < 0.15:
        desk.write("r", new_situation(len(state.situations), chance), actor=learner)
    elif turn < 0.27:
        waiting = [s.key for s in state.open.values() if s.unread] or [key]
        who = chance.choice([learner] * 9 + [trainer])
        desk.collect_guidance("r", chance.choice(waiting), actor=who)
    elif turn < 0.4:
        due = desk.turn("r").guidance_due or (key,)
        touched = getattr(state.find(due[0]), "criteria", KEYS)
        desk.write("r", guidance(due[0], "ask", touched), actor=trainer)
    else:
        who, event = chance.choice(attempts(desk, chance, key))
        actor = {"L": learner, "T": trainer, "R": rater}[who if chance.random() < 0.9 else "L"]
        desk.write("r", event, actor=actor)


def new_situation(number: int, chance: Random) -> Event:
    criteria = tuple(chance.sample(KEYS, 2))
    stakes: Any = chance.choice(["normal", "normal", "high"])
    said: dict[str, Any] = {"difficulty": chance.choice([0, 1, 1]), "seen_before": False}
    return opened(f"s{number}", *criteria, stakes=stakes, retold=chance.random() < 0.1, **said)


def attempts(desk, chance: Random, key: str) -> list[tuple[str, Event]]:
    known = desk.state("r").find(key)
    touched = known.criteria if known else KEYS[:1]
    seq = known.guidance[-1].entry.seq if known and known.guidance else 1
    some, rating = tuple(chance.sample(touched, 1)), chance.randint(1, 5)
    moves: Any = chance.choice(["share", "ask", "ask", "tell", "fact"])
    about: Any = chance.choice(["what_to_do", "is_it_sound", "fact"])
    subject: Any = chance.choice(["own_call", "own_call", "decision", "account"])
    rated: dict[str, Any] = {"ratings": dict.fromkeys(touched, rating), "consistent": True}
    level = desk.state("r").level(touched[0])
    return [
        *[("L", own_call(key))] * 4,
        ("L", HelpAsked(situation=key, question="x", about=about, urgent=chance.random() < 0.3)),
        *[("T", guidance(key, moves, some))] * 4,
        ("L", Answered(situation=key, guidance=seq, text="x")),
        ("L", DecisionRecorded(situation=key, decision="x", why="x")),
        ("L", OutcomeRecorded(situation=key, text="x")),
        ("L", account(key, touched[0])),
        ("L", SituationDropped(situation=key)),
        *[("R", Rated(situation=key, subject=subject, novel=True, difficult=True, **rated))] * 3,
        ("L", PrincipleKept(principle=f"p{rating}", says="x", when="x", when_not="x", because="x")),
        ("L", QuestionKept(question=f"q{rating}", text="What is HIDDEN here?")),
        ("T", LevelMoved(criterion=touched[0], start=level, to=rating - 1, why="x")),
        ("L", chance.choice([Paused(), Resumed(), Resumed(), Noted(text="x")])),
    ]


def guidance(key: str, move: Any, criteria: tuple[str, ...]) -> Event:
    text = f"What of this {HIDDEN} do you see?"
    given = {"experience": "told", "told_because": "It is late" if move == "tell" else None}
    return GuidanceGiven(situation=key, move=move, text=text, criteria=criteria, **given)


def account(key: str, criterion: str) -> Event:
    said = {"noticed": "x", "options": ("x", "y"), "asked_myself": "x", "happened": "x"}
    return AccountWritten(situation=key, turned_on=criterion, **said)


def numbers(desk, name="r"):
    """Everything that is counted: estimates, levels, what is proposed, and the threshold."""
    kept = cold(desk.ledger, name)
    moves = {(m.criterion, m.to, m.rule) for m in propose(kept.state, kept.track)}
    verdict = threshold(kept.state, kept.track)
    levels = {key: (s.level, s.since) for key, s in kept.state.levels.items()}
    return kept.track.points, levels, moves, (verdict.met, verdict.situation, verdict.entries)


# the laws ----------------------------------------------------------------------------------------
@few
@given(walks)
def test_the_ledger_holds_only_what_the_rules_allow(walk_):
    with walked(walk_) as desk:
        state = Relationship()
        for entry in desk.entries("r"):
            draft = Draft(entry.event, entry.actor, entry.role, entry.written_at, entry.findings)
            check(state, draft)
            state = evolve(state, entry)
        assert state == desk.state("r")


@few
@given(walks)
def test_the_chain_is_whole_the_projection_right_and_a_cold_fold_the_same(walk_):
    with walked(walk_) as desk:
        live = desk.state("r"), desk.track("r").points, desk.turn("r")
        assert desk.verify("r").ok
        folded = cold(desk.ledger, "r")
        assert (folded.state, folded.track.points) == live[:2]
        assert desk.rebuild("r")
        assert (desk.state("r"), desk.track("r").points, desk.turn("r")) == live


@few
@given(walks)
def test_no_view_of_the_learners_shows_a_guidance_it_did_not_collect(walk_):
    with walked(walk_) as desk, tempfile.TemporaryDirectory() as folder:
        state = desk.state("r")
        unread = {g.entry.seq for s in state.situations for g in s.unread}
        file = Path(folder) / "seen.jsonl"
        desk.export("r", file, viewer=state.learner.id)
        lines = [json.loads(line) for line in file.read_text().splitlines()[1:]]
        shown = {line["seq"] for line in lines if HIDDEN in json.dumps(line)}
        seen = desk.entries("r", viewer=state.learner.id)
        shown |= {e.seq for e in seen if HIDDEN in str(e.event)}
        assert not shown & unread
        for known in state.situations:
            if len(known.unread) == len(known.guidance):
                assert HIDDEN not in str(desk.context("r", known.key))
        assert HIDDEN not in json.dumps(desk.relationships())


@few
@given(walks)
def test_what_was_read_before_the_own_call_was_urgent_and_counts_for_nothing(walk_):
    with walked(walk_) as desk:
        for known in desk.state("r").situations:
            read = [g.read for g in known.guidance if g.read is not None]
            first = known.own_call or known.decision
            if read and (first is None or min(read) < first.seq):
                assert known.urgent
                assert known.evidence_subject is None


@few
@given(walks, st.floats(0, 1))
def test_a_fork_is_its_prefix_and_goes_its_own_way(walk_, share):
    with walked(walk_) as desk:
        at = max(1, int(share * desk.state("r").seq))
        desk.fork("r", at=at, arm="alone", id="f")
        prefix, copy = list(desk.entries("r"))[:at], list(desk.entries("f"))
        assert copy[:at] == prefix
        assert isinstance(copy[at].event, Forked)
        assert desk.verify("f").ok
        assert numbers(desk, "f")[0] == desk.track("r", at).points
        assert desk.rebuild("f")


@few
@given(st.tuples(st.integers(0, 2**32), st.integers(5, 30)))
def test_with_every_text_redacted_the_numbers_are_the_same(walk_):
    with walked(walk_) as desk:
        before, count = numbers(desk), desk.state("r").seq
        for seq in range(1, count + 1):
            desk.redact("r", seq)
        desk.rebuild("r")
        assert numbers(desk) == before
        assert desk.verify("r").ok
        assert HIDDEN not in str(list(desk.ledger.rows("r")))


@few
@given(walks)
def test_what_is_exported_comes_back_the_same(walk_):
    with walked(walk_) as desk, tempfile.TemporaryDirectory() as folder:
        desk.export("r", Path(folder) / "r.jsonl")
        desk.import_(Path(folder) / "r.jsonl", id="copy")
        assert desk.verify("copy").head == desk.verify("r").head
        assert desk.state("copy") == desk.state("r")


def test_a_walk_gets_somewhere():
    kinds, unread, read = set(), 0, 0
    for seed in range(3):
        with walked((seed, 60)) as desk:
            kinds |= {e.event.kind for e in desk.entries("r")}
            given_ = [g for s in desk.state("r").situations for g in s.guidance]
            read += sum(g.read is not None for g in given_)
            unread += sum(g.read is None for g in given_)
    assert len(kinds) >= 16
    assert read >= 3
    assert unread >= 3

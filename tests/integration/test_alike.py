"""What a desk knows beyond one relationship or one word: its trainer's other learners, an embedder."""

from __future__ import annotations

import pytest

from bench.workload import KEYS
from tests.support import seeded
from tests.support.agents import Judge
from tests.support.cast import JUDGE, MENTOR, OLGA
from tests.support.seeded import opened, own_call
from tests.unit.evidence.test_asks import topics
from tutelage.domain.errors import Malformed
from tutelage.domain.events import GuidanceGiven
from tutelage.domain.terms import Party
from tutelage.doors import common
from tutelage.evidence.asks import by_vectors, read_with

SHARED = "What would happen if you waited with {}?"


def guided(desk, name, learner, weak):
    """A relationship of an agent that is weak on one criterion, and is guided on all alike."""
    seeded.guide(desk, name, learner=learner, trainer=MENTOR, mode="coach", raters=(JUDGE,))
    for n in range(5):
        key = f"s{n}"
        desk.write(name, opened(key, *KEYS), actor=learner.id)
        desk.write(name, own_call(key), actor=learner.id)
        desk.agents = {JUDGE.id: Likes(weak)}
        desk.run_due(name)
        for criterion in KEYS:
            said = GuidanceGiven(
                situation=key, move="ask", text=SHARED.format(criterion), criteria=(criterion,)
            )
            desk.write(name, said, actor=MENTOR.id)


class Likes(Judge):
    """A judge who rates one criterion lower than the others."""

    def __init__(self, weak):
        super().__init__(JUDGE.id)
        self.weak = weak

    def rate(self, packet):
        rated = super().rate(packet)
        ratings = {k: 1 if k == self.weak else 3 for k in packet.anchors}
        return rated.model_copy(update={"ratings": ratings})


@pytest.fixture
def desk(sqlite_url):
    with seeded.desk(sqlite_url) as tutelage:
        yield tutelage


def learners(desk, count):
    for i in range(count):
        learner = Party(id=f"bot-{i}", kind="agent", owner=OLGA)
        guided(desk, f"r{i}", learner, KEYS[i])
    return desk


def test_a_trainer_who_guides_four_learners_alike_is_told_in_its_brief(desk):
    view = learners(desk, 4).brief("r0", "s4")
    assert "sameness" in [i.name for i in view.alarms]
    assert any("this learner is furthest from" in act for act in view.acts)


def test_the_learner_is_shown_nothing_of_it(desk):
    assert "in particular" not in str(learners(desk, 4).context("r0", "s4"))


def test_of_one_learner_no_other_relationship_is_folded(desk, monkeypatch):
    learners(desk, 1)
    monkeypatch.setattr(desk, "known", lambda _name: pytest.fail("It is folded."))
    assert "sameness" not in [i.name for i in desk.brief("r0", "s4").alarms]


def test_with_or_without_memory_the_brief_is_the_same(desk, sqlite_url):
    before = learners(desk, 4).brief("r0", "s4")
    with seeded.desk(sqlite_url) as fresh:
        assert fresh.brief("r0", "s4") == before == desk.brief("r0", "s4")


# an embedder -------------------------------------------------------------------------------------
def test_the_desk_s_embedder_reaches_evidence_and_trajectory(desk):
    guided(desk, "r", Party(id="bot", kind="agent", owner=OLGA), KEYS[0])
    desk.alike = by_vectors(topics, "topics")
    assert desk.evidence("r").watching.share.by.endswith(" + topics")
    assert desk.trajectory("r").questions[1] > 0


def embedded(monkeypatch, named):
    monkeypatch.setenv(common.EMBEDDER, named)
    return common.embedder()


def test_an_embedder_is_named_in_the_environment(monkeypatch):
    alike = embedded(monkeypatch, "tests.unit.evidence.test_asks:topics")
    assert alike("the client", "a customer") == 1.0
    assert read_with(alike).endswith("tests.unit.evidence.test_asks:topics")


def test_without_one_words_are_read(monkeypatch):
    assert embedded(monkeypatch, "") is None
    monkeypatch.delenv(common.EMBEDDER)
    assert common.embedder() is None


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("topics", "is package.module:function, not topics"),
        ("no.such:thing", "names no.such:thing, which is not there"),
        ("json:no_such", "which is not there"),
        ("json:__name__", "which is no function"),
    ],
)
def test_an_embedder_that_is_not_there_is_named(monkeypatch, named, said):
    with pytest.raises(Malformed, match=said):
        embedded(monkeypatch, named)

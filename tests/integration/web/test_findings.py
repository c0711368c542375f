"""The evidence as people read it: short first, nobody labelled, in English and in German."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

import pytest

from bench.workload import KEYS
from tests.integration.web.test_german import CATALOGUE, ENGLISH, HOLE, catalogue, read
from tests.support import seeded
from tests.support.browsing import joined
from tests.support.sentences import SOURCE, _text
from tutelage.domain.events import Rated
from tutelage.doors.web import findings, words
from tutelage.evidence.attribution import Attribution
from tutelage.evidence.forks import ForkContrast, too_few
from tutelage.evidence.health import Index
from tutelage.evidence.looks import Looks
from tutelage.evidence.notyet import NotYet
from tutelage.evidence.probes import Probed
from tutelage.evidence.results import Estimate
from tutelage.evidence.withdrawal import Change, Kept

__all__ = ["CATALOGUE", "catalogue"]
REASONING = ("attribution", "withdrawal", "probes", "forks", "looks", "record", "copies")
MOVED = Attribution(0.01, 2.4, 0.5, 0.2, 0.8, 40, 5, 999, 2016840, 0.7, 0.7)
KEPT = Kept(Change(0.8, 0.5, 1.1), Change(0.4, 0.2, 0.6), (5, 10, 12))
WITH = ForkContrast(0.42, 0.11, 0.73, 0.018, (3, 3))
ASKS = Index("self-observation", 0.6, alarm=False, n=10, offer="", low=0.4, high=0.8)


@pytest.fixture
def found(desk, guided):
    """A pair of which something is known: criteria by German names, as people would write them."""
    for n in range(6):
        desk.write("r", seeded.opened(f"s{n}"), actor="leo")
        desk.write("r", seeded.own_call(f"s{n}"), actor="leo")
        rated = Rated(
            situation=f"s{n}", subject="own_call", ratings=dict.fromkeys(KEYS[:2], 3 + n % 3)
        )
        desk.write("r", rated, actor="mia")
    seen = desk.evidence("r", viewer="mia")
    return replace(
        seen, changed=tuple(replace(c, name=f"Reichweite {c.name[:9]}") for c in seen.changed)
    )


def attributed(found, **more):
    return replace(found, attributed=replace(found.attributed, **more))


def variants(found):
    """Whatever the evidence can say, one after the other."""
    yield found
    lost = NotYet("guidance has not begun")
    yield replace(found, changed=tuple(replace(c, start=None) for c in found.changed), kept=lost)
    lower = Estimate(1.2, 0.1, 9)
    yield replace(found, changed=tuple(replace(c, now=lower, assisted=3.2) for c in found.changed))
    yield attributed(found, moved=MOVED)
    yield attributed(found, moved=replace(MOVED, p=0.4))
    yield attributed(found, moved=replace(MOVED, alone=False))
    yield attributed(found, moved=NotYet("3 of the 30 situations agreed", 27))
    yield attributed(found, looked=Looks(60, (10, 20, 30), 30, 0.01))
    yield attributed(found, looked=Looks(60, (10, 20), None, 0.01))
    yield replace(found, contrast=WITH, kept=KEPT)
    yield replace(
        found, contrast=replace(WITH, low=-0.1), now=Probed(0.004, 0.9, 0.5, 1.3, 7, 18, None)
    )
    yield replace(found, contrast=too_few(1, 2), now=NotYet("2 probes among 9 rated decisions", 5))
    watching = replace(found.watching, share=ASKS, change=ASKS, course=((4, ASKS), (9, ASKS)))
    yield replace(found, watching=watching)


def english(page):
    texts = [t for t in read(page) if "weighing" not in t]
    return [t for t in texts if ENGLISH & set(re.findall(r"\w+", t.lower()))]


def test_whatever_the_evidence_says_it_says_in_german(found):
    words.reads("de")
    said = [
        english(findings.page(one, rated=rated))
        for one in variants(found)
        for rated in (True, False)
    ]
    words.reads()
    assert [s for s in said if s] == []


def test_each_reason_why_it_is_not_yet_known_has_its_german(catalogue):
    known = {HOLE.sub("{}", m.id) for m in catalogue}
    calls = (
        node
        for path in sorted(SOURCE.rglob("*.py"))
        if path.stem in REASONING and "doors" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NotYet"
    )
    reasons = {HOLE.sub("{}", _text(c.args[0])) for c in calls} - {""}
    unused = {"no focus has ended yet"}  # of bets, which no report makes
    endings = {
        "{} rated situations {}",
        "{} {} guided in the arm {}: it is not without the trainer",
    }
    assert len(reasons) > 20
    assert reasons - known - endings - unused - {"{} guided after the fork ({})"} == set()


def test_it_is_short_first_and_how_it_was_computed_is_folded(leo):
    leo.open("/r/r/evidence").send("/r/r/evidence")
    open_ = re.sub(r"<details>.*?</details>", "", leo.page, flags=re.DOTALL)
    for statistic in ("Brier", "decaying", "90 %, p", "(n="):
        assert statistic not in open_
    assert "Brier" in leo.page
    assert leo.page.index("What changed") < leo.page.index("What moved it")
    assert leo.page.index("What moved it") < leo.page.index("What is not enough yet")


def test_nobody_is_labelled(leo, mia):
    for one in (leo, mia):
        one.open("/r/r/evidence").send("/r/r/evidence")
        for label in ("Sign of trouble", "dependency", "undirectedness"):
            assert label not in one.page


def test_what_would_be_enough_is_said_with_what_is_not(leo):
    leo.open("/r/r/evidence").send("/r/r/evidence")
    assert leo.says("Guidance has to begin first.")
    assert leo.says("Drawn starts would tell")


def test_where_nobody_rates_nothing_is_demanded(app, desk):
    seeded.agree(desk, "u", rated=False)
    leo = joined(app, "leo")
    for path in ("levels", "progress"):
        assert leo.open(f"/r/u/{path}").page.count("nobody rates here") == 1
        assert not leo.says("own calls more")
        assert not leo.says("under 1 %")
    leo.open("/r/u/evidence").send("/r/u/evidence")
    assert leo.page.count("nobody rates here") == 1
    assert not leo.says("own calls more")
    assert leo.http.get("/r/u/trajectory.pdf").content[:4] == b"%PDF"


def test_a_rating_of_oneself_is_a_hollow_dot_with_a_legend_apart_from_the_estimate(leo, mia, desk):
    before = desk.turn("r").stands
    for n, rating in enumerate((2, 5)):
        desk.write("r", seeded.opened(f"s{n}"), actor="leo")
        desk.write("r", seeded.own_call(f"s{n}"), actor="leo")
        own = Rated(situation=f"s{n}", subject="own_call", ratings={KEYS[0]: rating}, as_self=True)
        desk.write("r", own, actor="leo")
    for path in ("/r/r", "/r/r/levels"):
        assert leo.open(path).says("your own rating: 5")
        assert leo.says("The hollow dot: your own rating, the latest.")
        assert leo.page.count('<circle class="own" cx="250.0"') == 1
        assert mia.open(path).says("leo, own rating: 5")
    assert [s.estimate for s in desk.turn("r").stands] == [s.estimate for s in before]


def test_without_a_rating_of_oneself_there_is_no_hollow_dot(leo):
    assert 'class="own"' not in leo.open("/r/r").page
    assert not leo.says("hollow")


def test_a_hostile_name_of_a_criterion_stays_text(found):
    bad = "</title><script>alert(1)</script>"
    named = tuple(replace(c, name=bad) for c in found.changed)
    page = findings.page(replace(found, changed=named, learner=bad))
    assert "<script>" not in page

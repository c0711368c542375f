"""Situations in which chance withheld guidance."""

import numpy as np
import pytest

from tutelage.evidence.notyet import NotYet
from tutelage.evidence.probes import probed


def season(boost=1.0, n=25, seed=0, chance=1 / 3):
    rng = np.random.default_rng(seed)
    standing = 2.4 + np.arange(n) * 0.02 - rng.normal(0, 0.5, n)
    withheld = rng.random(n) < chance
    calls = standing + rng.normal(0, 0.3, n)
    decisions = standing + boost * ~withheld + rng.normal(0, 0.3, n)
    return {
        "decisions": decisions,
        "withheld": withheld,
        "probability": np.full(n, chance),
        "calls": calls,
    }


def test_what_guidance_does_now_is_found():
    found = probed(**season())
    assert found.p <= 0.01
    assert found.low < 1.0 < found.high
    assert str(found).endswith("this is help, not learning")


def test_guidance_that_does_nothing_is_hardly_ever_found():
    seasons = [probed(**season(boost=0.0, seed=s), redraws=199) for s in range(150)]
    assert np.mean([s.p <= 0.05 for s in seasons if not isinstance(s, NotYet)]) < 0.1


def test_the_interval_holds_the_boost():
    seasons = [probed(**season(boost=0.7, seed=s), redraws=199) for s in range(150)]
    held = [s.low <= 0.7 <= s.high for s in seasons if not isinstance(s, NotYet)]
    assert np.mean(held) == pytest.approx(0.9, abs=0.07)


def test_dependence_is_the_share_of_the_rise_that_is_gone_without():
    baseline = np.array([1.9, 2.2, 1.6, 2.0, 2.3, 1.8])
    found = probed(**season(n=60), baseline=baseline)
    assert 0.2 < found.dependence.low < found.dependence.value < 1.2
    assert "of the rise is gone without guidance" in str(found)


def test_few_probes_say_how_many_situations_more():
    answer = probed(**season(n=6, seed=4))
    assert isinstance(answer, NotYet)
    assert answer.more >= 3


def test_what_was_not_drawn_or_not_rated_does_not_count():
    kept = season()
    kept["probability"] = np.where(np.arange(25) < 20, 0.0, 1 / 3)
    assert isinstance(probed(**kept), NotYet)
    assert isinstance(probed(**{**season(), "decisions": np.full(25, np.nan)}), NotYet)


def test_decisions_that_are_all_alike_say_nothing():
    assert "every decision was rated 4" in str(
        probed(**{**season(), "decisions": np.full(25, 4.0)})
    )

"""Order and starts of the focus, drawn by chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutelage.domain.errors import Refused
from tutelage.domain.events import DesignDrawn
from tutelage.evidence.design import BASELINE, Design, draw, from_entry, widest

NAMES = ("a", "b", "c", "d", "e")
sizes = st.tuples(st.integers(2, 5), st.integers(0, 40)).map(lambda s: (s[0], 2 + 2 * s[0] + s[1]))


@given(sizes, st.integers(0, 2**32))
def test_any_draw_works_on_one_thing_at_a_time_from_its_first_start_on(size, seed):
    k, horizon = size
    design = draw(seed, NAMES[:k], horizon)
    on = design.focus(NAMES[:k])
    assert on.shape == (horizon, k)
    assert (on.sum(1) == (np.arange(horizon) >= design.starts[0])).all()
    assert on.any(0).all()


@given(sizes, st.integers(0, 2**32))
def test_any_draw_keeps_the_baseline_and_starts_in_order(size, seed):
    k, horizon = size
    starts = draw(seed, NAMES[:k], horizon).starts
    assert starts[0] >= BASELINE
    assert list(starts) == sorted(set(starts))
    assert starts[-1] < horizon


@given(sizes, st.integers(0, 2**32), st.integers(0, 30))
def test_no_start_is_later_than_both_accept(size, seed, less):
    k, horizon = size
    latest = max(BASELINE + 2 * k - 1, horizon - less)
    assert max(draw(seed, NAMES[:k], horizon, latest).starts) <= latest


def test_the_same_seed_draws_the_same():
    assert draw(7, NAMES, 40) == draw(7, NAMES, 40)
    assert len({draw(seed, NAMES, 40).order for seed in range(50)}) > 20


def test_every_order_and_start_is_as_likely():
    designs = [draw(seed, NAMES[:2], 10) for seed in range(2000)]
    first = np.mean([d.order[0] == "a" for d in designs])
    starts = np.bincount([d.starts[1] for d in designs])[6:]
    assert abs(first - 0.5) < 0.04
    assert len(starts) == 4
    assert abs(starts / 2000 - 0.25).max() < 0.04


def test_a_redraw_is_like_a_draw():
    design = draw(1, NAMES, 40)
    others = design.redraw(4000, np.random.default_rng(0))
    assert others.shape == (4000, 40, 5)
    assert (others.sum(2) == (np.arange(40) >= others.any(2).argmax(1)[:, None])).all()
    share = others.mean(0)
    assert np.abs(share[-1] - 0.2).max() < 0.03
    drawn = np.mean([draw(seed, NAMES, 40).focus(NAMES) for seed in range(1500)], axis=0)
    assert np.abs(drawn - share).max() < 0.07


def test_the_number_of_arrangements_is_counted():
    assert draw(1, NAMES, 40).arrangements == 120 * 7**5
    few = {(d.order, d.starts) for d in (draw(s, NAMES[:2], 6) for s in range(300))}
    assert len(few) == draw(0, NAMES[:2], 6).arrangements == 8


@settings(max_examples=30)
@given(sizes, st.integers(0, 2**32))
def test_the_design_comes_back_from_its_entry(size, seed):
    k, horizon = size
    design = draw(seed, NAMES[:k], horizon)
    entry = DesignDrawn(
        order=design.order,
        starts=design.starts,
        horizon=horizon,
        arrangements=design.arrangements,
        seed=seed,
    )
    back = from_entry(entry.order, entry.starts, entry.arrangements, entry.seed, entry.horizon)
    assert back == design


def test_an_entry_without_horizon_gives_the_longest_of_its_window():
    design = draw(3, NAMES, 40)
    back = from_entry(design.order, design.starts, design.arrangements, 3)
    assert back.horizon == 41
    assert widest(5, back.horizon) == design.window
    assert widest(5, back.horizon + 1) > design.window


@pytest.mark.parametrize(
    ("starts", "ways"), [((3, 90), 72), ((3,), 72), ((3, 9), 71), ((1, 9), 72), ((3, 9), 0)]
)
def test_an_entry_that_no_draw_can_have_made_is_refused(starts, ways):
    with pytest.raises(Refused, match="none that a draw"):
        from_entry(("b", "a"), starts, ways, seed=0)


@pytest.mark.parametrize("criteria", [(), ("a",), ("a", "a")])
def test_one_criterion_has_no_order(criteria):
    with pytest.raises(Refused, match="two criteria"):
        draw(1, criteria, 40)


def test_a_design_without_room_for_a_choice_says_how_much_it_needs():
    with pytest.raises(Refused, match="up to situation 12"):
        draw(1, NAMES, 40, latest=8)


def test_a_small_design_is_drawn_and_says_that_it_is_for_the_pool():
    assert draw(1, NAMES[:3], 20).too_small == (
        "3 criteria of at least 4",
        "20 situations of at least 24",
    )
    assert draw(1, NAMES[:4], 24).too_small == ()


def test_a_design_reads_as_people_plan():
    design = Design(("tact", "timing"), (3, 9), window=6, horizon=14)
    assert str(design).startswith("first tact from situation 4, then timing from situation 10")
    assert design.start("timing") == 9

"""The day's choice: a random share with its chance, and the worst of the rest."""

from __future__ import annotations

from collections import Counter

from tutelage.doors.exchange.picking import Picking
from tutelage.doors.exchange.run import Run


def runs(count, reward=lambda n: float(n % 2)):
    told = ([{"role": "user", "content": f"{n}"}] for n in range(count))
    return [Run(f"t-{n}", m, reward=reward(n)) for n, m in enumerate(told)]


def picked(of, share=3, worst=2, seed=1):
    drawing = Picking(share, worst, seed)
    for run in of:
        drawing.add(run)
    return drawing.picked()


def test_a_share_is_drawn_with_its_chance_and_the_worst_of_the_rest_are_marked():
    found = picked(runs(60))
    drawn, bad = found[:3], found[3:]
    assert {p.chosen.probability for p in drawn} == {3 / 60}
    assert drawn[0].chosen.how == "drawn at random: 3 of 60 runs, seed 1"
    assert all(p.chosen.because_bad and p.run.reward == 0 for p in bad)
    assert len({p.run.key for p in found}) == 5


def test_the_order_of_the_files_and_a_replay_change_nothing():
    some = runs(40)
    again = picked([*reversed(some), some[3]])
    assert [p.run.trace for p in picked(some)] == [p.run.trace for p in again]


def test_another_seed_draws_others():
    some = runs(60)
    assert [p.run.trace for p in picked(some)] != [p.run.trace for p in picked(some, seed=2)]


def test_every_run_has_the_same_chance():
    some = runs(10, reward=lambda _n: None)
    drawn = Counter(p.run.trace for seed in range(2000) for p in picked(some, 2, 0, seed))
    # 2000 draws of 2 in 10: 400 each, standard deviation 18
    assert all(abs(drawn[r.trace] - 400) < 4 * 18 for r in some)


def test_without_outcomes_nothing_is_the_worst():
    assert len(picked(runs(10, reward=lambda _n: None))) == 3


def test_few_runs_are_all_taken_with_certainty():
    found = picked(runs(2))
    assert [p.chosen.probability for p in found] == [1.0, 1.0]
    assert picked([]) == []


def test_a_worst_run_that_was_drawn_leaves_its_place_to_the_next():
    found = picked(runs(4, reward=float), share=2, worst=2)
    assert len({p.run.key for p in found}) == 4


def test_those_taken_as_the_worst_before_do_not_make_the_next_share_too_good():
    """Twenty runs, half of them failures; four failures were taken yesterday."""
    some, rewards = runs(20), []
    for seed in range(1500):
        drawing = Picking(4, 0, seed)
        for n, run in enumerate(some):
            drawing.add(run, taken=n in {0, 2, 4, 6})
        found = drawing.picked()
        assert not any(p.run.trace in {"t-0", "t-2", "t-4", "t-6"} for p in found)
        rewards.append(sum(p.run.reward for p in found))
    # each of four lots falls on a solved run with chance 10/20: 2 in the mean, sd 0.9
    assert abs(sum(rewards) / len(rewards) - 2.0) < 4 * 0.9 / len(rewards) ** 0.5

"""The report: tasks that always fail, apart from tasks that fail sometimes, with intervals."""

from __future__ import annotations

import pytest

from tests.support.traces import CALLS, ENDS
from tutelage.doors.exchange.breaks import Breaks, wilson
from tutelage.doors.exchange.broken import markdown, page
from tutelage.doors.exchange.run import Run


def report(outcomes, criteria=None, asked="Cancel it"):
    breaks = Breaks(criteria)
    for task, rewards in outcomes.items():
        for n, reward in enumerate(rewards):
            said = [{"role": "user", "content": f"{asked} {n}"}, CALLS, ENDS]
            breaks.add(Run(f"{task}-{n}", said, task=task, reward=reward))
    return breaks


MIXED = {"a": [0, 0, 0, 0], "b": [0, 1, 0, 1], "c": [1, 1], "d": [0], "e": [1]}


def names(tasks):
    return [t.name for t in tasks]


def test_always_sometimes_and_once_are_kept_apart():
    whole = report(MIXED).whole
    assert names(whole.never) == ["a"]
    assert names(whole.sometimes) == ["b"]
    assert names(whole.always) == ["c"]
    assert names(whole.once) == ["d"]


def test_it_says_so_in_words_with_counts_and_an_interval():
    said = str(report(MIXED).whole)
    assert said.startswith("All criteria: solved 50 % (")
    assert "1 task always failed: a (0 of 4)." in said
    assert "1 task failed sometimes: b (2 of 4)." in said
    assert "1 task failed the only time: d (0 of 1)." in said


def test_the_interval_of_wilson_is_the_published_one():
    # Wilson (1927), as tabulated by Newcombe (1998): 81 of 263 is .2553 to .3662 at 95 %
    rate = wilson(81, 263, z=1.959964)
    assert (round(rate.low, 4), round(rate.high, 4)) == (0.2553, 0.3662)


def test_trials_of_one_task_do_not_make_it_surer_about_other_tasks():
    few, many = report({"a": [0], "b": [1]}).whole, report({"a": [0] * 50, "b": [1] * 50}).whole
    assert few.solved == many.solved


def test_a_part_of_a_reward_is_not_solved_until_its_bar_is_lower():
    run = Run("t", [], task="a", reward=0.5)
    strict, mild = Breaks(), Breaks(passed=0.5)
    for breaks in (strict, mild):
        breaks.add(run)
    assert (strict.whole.tasks[0].solved, mild.whole.tasks[0].solved) == (0, 1)


def test_what_came_out_nobody_knows_how_is_counted_apart():
    breaks = report({"a": [None, None]})
    assert breaks.unknown == 2
    assert str(breaks.whole) == "All criteria: no run with a known outcome."


def test_criteria_are_told_apart_by_the_words_that_only_one_of_them_has():
    criteria = {"cancel": "Cancel flight", "book": "Book flight", "bags": "Baggage"}
    breaks = report(MIXED, criteria)
    assert [p.name for p in breaks.parts] == ["Cancel flight"]
    booking = report({"x": [0, 0]}, criteria, asked="I am booking a flight, and cancelled one")
    assert {p.name for p in booking.parts} == {"Cancel flight", "Book flight"}


def test_the_report_for_programs_has_the_same_tasks():
    found = report(MIXED).as_json()
    assert [t["task"] for t in found["always_fail"]] == ["a"]
    assert found["always_fail"][0] == {"task": "a", "solved": 0, "n": 4, "interval": [0.0, 0.403]}
    assert report({}).as_json()["solved"] is None


@pytest.mark.parametrize("write", [markdown, page])
def test_pages_show_hostile_names_as_text(write):
    said = write(report({"<script>|x</script>": [0, 0]}))
    assert "<script>" not in said
    assert "0 to 57 %" in said


def test_pages_say_what_is_not_known_and_what_each_criterion_shows():
    breaks = report(MIXED | {"f": [None]}, {"cancel": "Cancel flight", "book": "Book flight"})
    assert "Of 1 more runs it is not known how they came out." in markdown(breaks)
    assert "- Cancel flight: solved 50 %" in markdown(breaks)
    assert "<td>Cancel flight</td><td>50 %" in page(breaks)
    assert "Of 1 more it is not known" in page(breaks)


def test_a_page_of_nothing_failed_says_so():
    assert "No task failed." in page(report({"a": [1, 1]}))

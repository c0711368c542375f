import numpy as np
import pytest
from tutelage_studies.backgammon import mentor
from tutelage_studies.backgammon.bank import experiences, made, sort_of
from tutelage_studies.backgammon.board import legal
from tutelage_studies.backgammon.expert import CUTS, equities, rating, spread, verdict
from tutelage_studies.backgammon.goal import criteria, goal
from tutelage_studies.backgammon.raters import BlindRater
from tutelage_studies.backgammon.words import cases_in, lessons_in

from tests.studies.support import packet
from tutelage.domain.goal import of_event
from tutelage.guidance import moves


def test_the_best_play_loses_nothing_and_is_rated_five(choices):
    for here in choices[:20]:
        judged = verdict(here, int(np.argmax(equities(here))))
        assert judged.loss == 0
        assert set(judged.ratings.values()) <= {4, 5}


def test_a_loss_is_spread_over_the_criteria_on_which_the_play_is_off(choices):
    for here in choices[:20]:
        judged = verdict(here, int(np.argmin(equities(here))))
        off = [c for c, apart in judged.contrast.items() if apart and c in judged.lost]
        assert sum(judged.lost.values()) == pytest.approx(judged.loss if off else 0, abs=1e-3)
        assert all(judged.lost[c] == 0 for c in judged.lost if c not in off)


def test_paying_too_much_for_a_criterion_is_lost_on_it_as_well():
    assert spread(0.1, {"safety": -0.2, "attack": 0.0}) == {"safety": 0.1, "attack": 0.0}


def test_each_cut_costs_one_point_and_a_plain_case_earns_no_five():
    assert [rating(cut, tempting=True) for cut in CUTS] == [4, 3, 2, 1]
    assert [rating(lost, tempting=False) for lost in (0.0, 0.03)] == [4, 3]


def test_the_anchors_say_what_was_given_up():
    assert all("0.005" in c.anchors[4] and "0.1" in c.anchors[0] for c in criteria())


def test_the_goal_passes_the_gate():
    assert of_event(goal()).accepted


def test_a_blind_rater_reads_nothing_but_the_packet(choices):
    here = choices[0]
    shown = packet(here, f'I would play "{legal(here)[0].text}".')
    assert BlindRater("one").rate(shown) == BlindRater("other").rate(shown)
    assert BlindRater("one").rate(shown).ratings == verdict(here, 0).ratings


def test_a_call_that_names_no_play_is_not_rated(choices):
    rated = BlindRater("r").rate(packet(choices[0], "I don't know yet."))
    assert set(rated.ratings.values()) == {None}


def test_a_rater_calls_only_the_first_of_a_sort_new_and_says_the_same_when_asked_again(choices):
    here, rater = choices[0], BlindRater("r")
    said = f'I would play "{legal(here)[0].text}".'
    first, second = (rater.rate(packet(here, said, key=k)).novel for k in ("s1", "s2"))
    assert (first, second) == (True, False)
    assert rater.rate(packet(here, said, key="s1")).novel


def test_the_second_rater_looks_one_roll_further(choices):
    said = [f'I would play "{legal(p)[0].text}".' for p in choices[:40]]
    pairs = [
        (BlindRater("a").rate(packet(p, s)), BlindRater("b", ply=1).rate(packet(p, s)))
        for p, s in zip(choices[:40], said, strict=True)
    ]
    assert any(a.ratings != b.ratings for a, b in pairs)


def test_every_experience_can_be_solved_again_from_its_text():
    for told in experiences():
        (lesson,) = lessons_in(mentor.told(told))
        assert lesson.criterion == sort_of(told)[1]
        assert cases_in(told.did)[0].cost >= 0.06


def test_an_experience_reads_as_one():
    assert {moves.read(mentor.told(e)).move for e in experiences()} == {"share"}


def test_the_shipped_bank_is_what_its_seed_makes():
    again = made(games=3)
    assert again == experiences()[: len(again)]

import ast
import json
from pathlib import Path

import numpy as np
import pytest
from tutelage_studies.bridge import environment, report, study
from tutelage_studies.bridge.endings import bank, board, fitted, led, newcomer
from tutelage_studies.bridge.environment import (
    FEATURES,
    WEIGHTS,
    Defender,
    Judge,
    Mentor,
    better,
    by_criterion,
    deal,
    features,
    goal,
    options,
    page,
    read,
    touched,
    worth,
)
from tutelage_studies.bridge.generic import chosen, imagined, tried

from tutelage.guidance.brief import Context, Packet
from tutelage.guidance.notebook import Notebook
from tutelage.guidance.roles import Learner, Rater, Trainer

EMPTY = Notebook((), ())
ACES = "dummy left, notrump; I hold AK.A.K.5432, dummy 32.K2.A2.T9; still out"
HERE = f"{ACES} QJT9.QJT9.QJT9.KQJ8. What do I lead?"


def ending(n):
    return deal(f"test {n}")


def context(text, *debriefs, book=EMPTY):
    return Context("", text, (), book, (), debriefs)


# the environment ---------------------------------------------------------------------------------
def test_an_environment_of_ones_own_is_one_file_of_less_than_150_lines():
    source = Path(environment.__file__).read_text(encoding="utf-8")
    told = set()
    for node in ast.walk(ast.parse(source)):
        documented = isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        if documented and ast.get_docstring(node):
            told |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    lines = enumerate(map(str.strip, source.splitlines()), 1)
    assert sum(bool(x) and not x.startswith("#") and n not in told for n, x in lines) < 150


def test_the_three_take_part_by_the_public_protocols():
    assert isinstance(Defender(WEIGHTS), Learner)
    assert isinstance(Mentor(), Trainer)
    assert isinstance(Judge(), Rater)


def test_a_text_says_which_cards_are_mine_dummys_and_out():
    kind, (me, dummy, out) = read(HERE)
    assert (kind, len(me), len(dummy), len(out)) == (0, 8, 8, 16)
    assert options(HERE) == ["SA", "SK", "HA", "DK", "C5", "C4", "C3", "C2"]


@pytest.mark.parametrize("n", range(5))
def test_dealt_cards_are_all_different(n):
    cards = [c for hand in read(ending(n))[1] for c in hand]
    assert len(set(cards)) == len(cards) == 32


def test_an_ending_follows_from_its_seed():
    assert ending(1) == ending(1) != ending(2)


def test_a_lead_is_worth_the_tricks_it_wins_on_average():
    sure = (
        "dummy left, notrump; I hold AKQJT987..., dummy .AKQJT987..; still out ..AKQJT987.AKQJT987."
    )
    assert worth(sure).tolist() == [8.0] * 8


def test_what_a_lead_has_is_seen_without_the_cards_that_are_hidden():
    has = dict(zip(options(HERE), features(HERE), strict=True))
    assert has["SA"][FEATURES.index("winner")] == 1
    assert has["DK"][FEATURES.index("winner")] == 0
    assert has["DK"][FEATURES.index("dummy winners")] == 1
    assert not features(HERE)[:, FEATURES.index("trump")].any()


def test_what_a_lead_gave_up_is_shared_out_over_the_criteria():
    text = ending(3)
    gave_up = worth(text).max() - worth(text)
    for lead, lost in zip(options(text), gave_up, strict=True):
        shared = sum(by_criterion(text, lead).values())
        assert shared == pytest.approx(lost) or shared == 0


def test_an_ending_of_the_study_has_a_criterion_with_a_say():
    assert all(touched(board(f"say {n}").text) for n in range(5))


def test_a_criterion_on_which_leads_hardly_differ_has_no_say():
    assert "trumps" not in touched(HERE)
    assert "winners" in touched(HERE)


def test_the_goal_is_specific_enough_to_sign():
    desk = study.agreed(0, 1, Mentor())
    assert desk.state("pair").life == "active"
    assert desk.state("pair").goal.entry.event == goal()
    desk.close()


# who takes part ----------------------------------------------------------------------------------
def test_the_mentor_names_the_leads_that_win_most_on_average():
    text = ending(4)
    named = environment.CARD.findall(better(text))
    assert named[0] == options(text)[int(worth(text).argmax())]


def test_the_learner_writes_nothing_where_it_would_lead_right():
    knows = Defender(WEIGHTS)
    lead = knows.choose(context(HERE))
    assert knows.revise("s", context(HERE, f"Better, the best first: {lead}.")) == []


def test_the_learner_weighs_more_what_the_better_lead_has():
    blind = Defender(-WEIGHTS)
    events = blind.revise("s", context(HERE, "Better, the best first: SA."))
    assert [e.principle for e in events] == ["kind0", "any"]
    assert page(str(events[0].says))[FEATURES.index("winner")] > 0


def test_a_notebook_read_back_weighs_as_it_was_written():
    blind = Defender(-WEIGHTS)
    book = imagined(EMPTY, blind.revise("s", context(HERE, "Better, the best first: SA.")))
    moved = blind.weights(book) - blind.base
    assert np.linalg.norm(moved[0]) == pytest.approx(environment.STEP, abs=1e-3)
    assert np.linalg.norm(moved[1]) == pytest.approx(0.3 * environment.STEP, abs=1e-3)


def test_the_judge_rates_by_what_was_given_up():
    text = ending(5)
    best, worst = (options(text)[int(i)] for i in (worth(text).argmax(), worth(text).argmin()))
    high, low = (
        Judge().rate(Packet("s", "own_call", text, x, "", None, {})) for x in (best, worst)
    )
    assert set(high.ratings.values()) == {5}
    assert min(low.ratings.values()) < 5


# hindsight ---------------------------------------------------------------------------------------
def test_the_layout_that_was_is_not_what_the_average_says():
    boards = [board(f"hindsight {n}") for n in range(30)]
    behind = [b.mean.max() - b.mean[b.was.argmax()] for b in boards]
    assert np.mean(behind) > 0.1


@pytest.mark.slow
def test_a_mentor_by_hindsight_teaches_mostly_noise():
    boards = [board(f"hindsight {n}") for n in range(150)]
    gained = {}
    for hindsight in (False, True):
        losses = []
        for n in range(4):
            learner, book = newcomer(901, n), EMPTY
            for b in boards[:100]:
                said = better(b.text, hindsight=hindsight)
                book = imagined(book, learner.revise("s", context(b.text, said, book=book)))
            after = [b.mean.max() - b.mean[led(b, learner.weights(book))] for b in boards[100:]]
            before = [b.mean.max() - b.mean[led(b, learner.base)] for b in boards[100:]]
            losses.append(np.mean(before) - np.mean(after))
        gained[hindsight] = np.mean(losses)
    assert gained[False] > gained[True] + 0.02


# the study ---------------------------------------------------------------------------------------
def test_learners_have_gaps_of_their_own():
    assert (newcomer(1, 0).base != newcomer(1, 1).base).any()
    assert (newcomer(1, 0).base == newcomer(1, 0).base).all()
    assert (newcomer(1, 0).base != WEIGHTS).any(0).sum() in (1, 2, 3)


def test_a_batch_for_all_is_given_only_where_it_helps_on_the_gate(monkeypatch):
    monkeypatch.setattr("tutelage_studies.bridge.generic.GATE", 20)
    right = [(Defender(WEIGHTS * 100), EMPTY)]  # so sure that no note moves it
    assert chosen(7, 5, right, [board(f"gate {n}") for n in range(4)]) == []


def test_a_batch_is_tried_on_a_copy():
    learner = Defender(-WEIGHTS)
    assert (tried(learner, EMPTY, [board("copy")]) != learner.base).any()
    assert (learner.base == -WEIGHTS).all()


@pytest.fixture(scope="module")
def small():
    """Seven arms, two learners, ten sessions of a small bank."""
    patch = pytest.MonkeyPatch()
    patch.setattr(study, "BANK", 80)
    patch.setattr(study, "bank", lambda seed: bank(seed, 80))
    patch.setattr(report, "bank", lambda seed: bank(seed, 80))
    patch.setattr("tutelage_studies.bridge.generic.GATE", 20)
    for module in (study, report):
        patch.setattr(module, "HELD_OUT", 20)
        patch.setattr(module, "FINE", 8)
    yield report.gather({arm: study.run(arm, 902, 2, 10) for arm in study.ARMS}, 902, 10)
    patch.undo()


@pytest.mark.slow
def test_every_arm_goes_through_the_service(small):
    assert small["cases"]["none"] == small["cases"]["experience"] == 0
    assert small["cases"]["individualized"] == 14
    assert small["cases"]["fading"] <= 14
    assert {len(c) for cs in small["curves"].values() for c in cs} == {3}


@pytest.mark.slow
def test_all_arms_start_alike(small):
    starts = [[c[0][1] for c in cs] for cs in small["curves"].values()]
    assert all(s == starts[0] for s in starts)


@pytest.mark.slow
def test_the_report_says_what_was_measured(small, tmp_path):
    report.write(small, tmp_path)
    said = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "not a language-model result" in said
    assert json.loads((tmp_path / "results.json").read_text(encoding="utf-8")) == small
    assert (tmp_path / "curves.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.slow
def test_the_right_weights_are_those_of_a_fit_on_seed_900():
    assert fitted().tolist() == WEIGHTS.tolist()

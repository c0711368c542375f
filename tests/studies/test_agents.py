import numpy as np
import pytest
from tutelage_studies.backgammon.bank import experiences
from tutelage_studies.backgammon.board import CONTACT, START, Position, find, legal
from tutelage_studies.backgammon.expert import equities, verdict
from tutelage_studies.backgammon.games import WINDOW, Game, held_out, loss
from tutelage_studies.backgammon.judgment import CRITERIA, Gap, choose, gains, touched
from tutelage_studies.backgammon.leaning import leanings
from tutelage_studies.backgammon.learner import InContextLearner
from tutelage_studies.backgammon.mentor import Mentor
from tutelage_studies.backgammon.newcomer import NOVICE, cost, newcomer
from tutelage_studies.backgammon.questions import TOO_LITTLE, TOO_MUCH, ask, heard, own
from tutelage_studies.backgammon.raters import BlindRater
from tutelage_studies.backgammon.words import Case, leaning, play_in, plays_in, turned_on

from tests.studies.support import EMPTY, brief, context, kept
from tutelage.domain.events import ObstacleNamed, ObstacleOvercome, QuestionKept
from tutelage.domain.terms import Level
from tutelage.guidance import moves
from tutelage.guidance.notebook import Notebook, Question
from tutelage.guidance.roles import Learner, Rater, Trainer

START_HERE = Position(START, (3, 1))


def slips(learner, choices):
    """Choices in which this learner's own call gives up something, worst first."""
    lost = [(verdict(p, learner.choose(p, context(p))).loss, -i) for i, p in enumerate(choices)]
    return [choices[-i] for by, i in sorted(lost, reverse=True) if by >= 0.05]


def debriefed(mentor, learner, here, notebook=EMPTY, key="s1"):
    """The context after the mentor's debrief."""
    said = mentor.debrief(brief(here, learner, key=key, notebook=notebook, decided=True))
    return context(here, notebook, debriefs=(f"{said.why} {said.next}",))


def mentored(learner, choices):
    """A mentor that has seen some calls, and the notebook the learner kept of its debriefs."""
    mentor, notebook = Mentor("mentor"), EMPTY
    for i, here in enumerate(choices[:40]):
        told = debriefed(mentor, learner, here, notebook, f"s{i}")
        notebook = kept(notebook, list(learner.revise(f"s{i}", told)))
    return mentor, notebook


def test_the_agents_can_take_part(learner):
    assert isinstance(learner, Learner)
    assert isinstance(Mentor("m"), Trainer)
    assert isinstance(BlindRater("r"), Rater)


# the learner -------------------------------------------------------------------------------------
def test_with_an_empty_notebook_it_plays_as_on_day_one(learner, choices):
    day_one = [learner.choose(p, context(p)) for p in choices]
    _mentor, notebook = mentored(learner, choices)
    learner.saw["s1"] = "I won."
    assert [learner.choose(p, context(p, notebook)) for p in choices] != day_one
    assert [learner.choose(p, context(p)) for p in choices] == day_one


def test_what_it_keeps_helps_it_on_its_own(learner, choices):
    _mentor, notebook = mentored(learner, choices)
    unseen = choices[40:]
    alone = loss(lambda p: learner.choose(p, context(p)), unseen).mean()
    taught = loss(lambda p: learner.choose(p, context(p, notebook)), unseen).mean()
    assert taught < alone


def test_it_keeps_nothing_when_it_was_right(learner, choices):
    right = next(
        p
        for p in choices
        if verdict(p, learner.choose(p, context(p))).loss == 0 and len(legal(p)) > 2
    )
    best, worst = (legal(right)[int(f(equities(right)))].text for f in (np.argmax, np.argmin))
    for criterion in CRITERIA:
        for too_much in (True, False):
            told = f"{Case(right, best, worst, 0.2)} "
            told += turned_on(criterion, too_much=too_much, whose="the other play")
            assert learner.revise("s1", context(right, debriefs=(told,))) == []


def test_it_keeps_a_principle_with_when_when_not_and_because_where_it_was_wrong(learner, choices):
    mentor = Mentor("mentor")
    for i, here in enumerate(choices):
        mentor.casebook.note(brief(here, learner, key=f"s{i}"))
    events = [
        e
        for p in slips(learner, choices)
        for e in learner.revise("s", debriefed(mentor, learner, p))
    ]
    assert events
    for event in events:
        again = leaning(str(event.says), str(event.when), str(event.when_not), str(event.because))
        assert again is not None
        assert again.criterion == event.principle == event.criteria[0]
        assert again.says == event.says
        assert again.cases


def test_a_trifle_teaches_nothing(learner, choices):
    here = slips(learner, choices)[0]
    judged = verdict(here, learner.choose(here, context(here)))
    for criterion in CRITERIA:
        told = f"{Case(here, judged.best, judged.played, 0.019)} "
        told += turned_on(criterion, too_much=False, whose="your own call")
        assert learner.revise("s1", context(here, debriefs=(told,))) == []


def test_its_own_call_names_a_play_and_the_criteria_that_spoke_for_it(learner, choices):
    for here in choices[:20]:
        call = learner.own_call("s1", context(here))
        assert find(here, play_in(str(call.call))) == learner.choose(here, context(here))
        assert 0 <= call.probability <= 1


def test_its_account_weighs_options_and_turns_on_a_touched_criterion(learner, choices):
    for here in choices[:20]:
        account = learner.account("s1", context(here))
        assert len(account.options) >= 2
        assert account.turned_on in touched(here)


def test_an_unread_question_changes_nothing_and_a_read_one_may_change_the_decision(
    learner, choices
):
    asked = [ask(c, too_much=m, variant=0) for c in CRITERIA for m in (True, False)]
    moved = [
        learner.decide("s", context(p, guidance=(q,))).advice == "taken"
        for p in choices[:25]
        for q in asked
    ]
    assert any(moved)
    assert all(learner.decide("s", context(p)).advice == "none" for p in choices[:25])


def test_it_keeps_a_question_only_if_it_led_to_the_better_play(learner, choices):
    found = []
    for here in choices[:60]:
        judged = verdict(here, learner.choose(here, context(here)))
        for c in CRITERIA:
            question = ask(c, too_much=False, variant=0)
            told = f"{Case(here, judged.best, judged.played, judged.loss)} "
            told += turned_on(c, too_much=False, whose="your own call")
            cx = context(here, guidance=(question,), debriefs=(told,))
            decided = play_in(str(learner.decide("s", cx).decision))
            questions = [e for e in learner.revise("s", cx) if isinstance(e, QuestionKept)]
            assert bool(questions) == (decided == judged.best != judged.played)
            found += questions
    assert found


def test_a_question_of_its_own_draws_attention_to_its_criterion(learner):
    asks = Notebook((), (Question("attack", own("attack", too_much=False), ("attack",)),))
    more = learner.weight("holding", asks) - learner.weight("holding", EMPTY)
    assert more[CRITERIA.index("attack")] == pytest.approx(0.2)


def test_a_game_moves_little_and_each_later_one_less(learner):
    notebook, lean, seen = EMPTY, np.array([0.5, 0.1, 0.0, 0.0, 0.0]), []
    for _ in range(3):
        events = learner.experience(1.0, lean, [-1.0], context(START_HERE, notebook))
        notebook = kept(notebook, list(events))
        seen.append(leanings(notebook)["safety"].value)
    assert seen == [0.2, 0.3, 0.37]


def test_a_result_as_usual_says_nothing(learner):
    assert not learner.experience(1.0, np.ones(5), [1.0, 1.0], context(START_HERE))


# the mentor --------------------------------------------------------------------------------------
def test_its_questions_contain_no_answer():
    for criterion in CRITERIA:
        for too_much, bank in ((False, TOO_LITTLE), (True, TOO_MUCH)):
            for variant in range(len(bank)):
                text = ask(criterion, too_much=too_much, variant=variant)
                assert moves.read(text).move == "ask"
                assert not plays_in(text)
                assert not any(letter.isdigit() for letter in text)
                assert heard(text) == (criterion, too_much)


def test_it_says_nothing_to_a_fine_call(learner, choices):
    mentor, _notebook = mentored(learner, choices)
    fine = [p for p in choices if verdict(p, learner.choose(p, context(p))).fine]
    assert all(
        mentor.guide(brief(p, learner, key=f"f{i}"), experiences()) is None
        for i, p in enumerate(fine[:20])
    )


@pytest.mark.parametrize(("level", "move"), [(Level.SHARE, "share"), (Level.ASK, "ask")])
def test_it_shares_at_share_and_asks_at_ask(learner, choices, level, move):
    mentor, _notebook = mentored(learner, choices)
    said = [
        mentor.guide(brief(p, learner, level, f"n{i}"), experiences())
        for i, p in enumerate(slips(learner, choices))
    ]
    given = [g for g in said if g is not None]
    assert given
    assert {g.move for g in given} == {move}
    assert all(g.experience for g in given) == (move == "share")


def test_it_is_silent_before_the_decision_once_it_only_debriefs(learner, choices):
    mentor, _notebook = mentored(learner, choices)
    said = [
        mentor.guide(brief(p, learner, Level.DEBRIEF, f"n{i}"), experiences())
        for i, p in enumerate(slips(learner, choices))
    ]
    assert said == [None] * len(said)


def test_it_says_a_question_differently_the_next_time():
    assert len({ask("safety", too_much=False, variant=v) for v in range(4)}) == 4


def test_it_names_an_obstacle_from_three_situations_and_calls_it_overcome_when_it_stays_away(
    choices,
):
    learner, mentor = newcomer(2), Mentor("mentor")
    named = [
        e for i, p in enumerate(choices) for e in mentor.notice(brief(p, learner, key=f"s{i}"))
    ]
    assert any(isinstance(e, ObstacleNamed) and len(set(e.situations)) == 3 for e in named)
    expert = InContextLearner("expert", ())
    later = [e for i, p in enumerate(choices) for e in mentor.notice(brief(p, expert, key=f"t{i}"))]
    assert any(isinstance(e, ObstacleOvercome) and len(e.situations) >= 5 for e in later)


def test_it_knows_of_the_learner_only_what_the_briefs_say(learner, choices):
    briefs = [brief(p, learner, key=f"s{i}") for i, p in enumerate(choices[:30])]
    one, other = Mentor("mentor"), Mentor("mentor")
    assert [one.notice(b) for b in briefs] == [other.notice(b) for b in briefs]
    assert (one.casebook.weighing("holding") == other.casebook.weighing("holding")).all()


def test_its_guess_at_the_weighing_finds_what_is_ignored(choices):
    learner, mentor = InContextLearner("l", (Gap("safety", 0.0, CONTACT),)), Mentor("m")
    for i, here in enumerate(choices[:40]):
        mentor.casebook.note(brief(here, learner, key=f"s{i}"))
    guess = mentor.casebook.weighing("opening")
    assert CRITERIA[int(np.argmin(guess))] == "safety"


# games -------------------------------------------------------------------------------------------
def test_the_same_seed_makes_the_same_learner_the_same_game_and_the_same_held_out_positions():
    assert newcomer(3).gaps == newcomer(3).gaps != newcomer(4).gaps
    assert played(3) == played(3) != played(4)
    assert held_out(3, 20) == held_out(3, 20) != held_out(4, 20)


def test_what_becomes_a_situation_is_drawn_before_anybody_plays():
    one, other = Game.begin(5, 1), Game.begin(5, 1)
    first = one.advance(lambda here: choose(here, np.ones(5)))
    second = other.advance(lambda here: len(legal(here)) - 1)
    assert one.drawn == other.drawn
    assert {m.probability for m in (first, second) if m} <= {1 / WINDOW}


def test_a_newcomer_has_something_to_learn():
    assert all(NOVICE[0] <= cost(newcomer(seed).gaps) <= NOVICE[1] for seed in (1, 2, 3))


def test_an_expert_like_weighing_gives_up_little():
    assert cost(()) < 0.05


def played(seed):
    """The result and the situations of one game."""
    game, keys = Game.begin(seed, 0), []
    while (moment := game.advance(lambda here: choose(here, gains()[0]))) is not None:
        keys.append((moment.key, moment.position))
        game.take(legal(moment.position)[0].text)
    return keys, game.result

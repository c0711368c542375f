"""Who can take part without being a person."""

import pytest

from tutelage.guidance.roles import Experience, Learner, Rater, Trainer
from tutelage.trainers import ExperienceMentor, QuestionCoach


class Judge:
    id = "judge-1"

    def rate(self, packet): ...


class Bot:
    id = "bot"

    def own_call(self, situation, context): ...
    def decide(self, situation, context): ...
    def account(self, situation, context): ...
    def revise(self, situation, context): ...


@pytest.mark.parametrize("trainer", [ExperienceMentor("m"), QuestionCoach("c")])
def test_trainers_that_need_no_model_are_trainers_and_nothing_else(trainer):
    assert isinstance(trainer, Trainer)
    assert not isinstance(trainer, Rater | Learner)


def test_whoever_rates_is_a_rater_and_whoever_decides_is_a_learner():
    assert isinstance(Judge(), Rater)
    assert isinstance(Bot(), Learner)
    assert not isinstance(Judge(), Trainer | Learner)


def test_an_experience_is_a_value():
    one = Experience("k", "case", "did", "why", "out", ("order",))
    assert one == Experience("k", "case", "did", "why", "out", ("order",))
    assert Experience("k", "case", "did", "why", "out").criteria == ()

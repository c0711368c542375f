"""The bill for help, ten situations at a time."""

from __future__ import annotations

from tutelage.domain.events import GuidanceRead, ModelCalled
from tutelage.guidance.bill import bill


def guided(course, key):
    from tutelage.domain.events import GuidanceGiven
    from tutelage.domain.terms import Role

    given = course.write(
        GuidanceGiven(
            situation=key, move="share", text="I waited.", criteria=("order",), experience="e"
        ),
        role=Role.TRAINER,
    )
    course.write(GuidanceRead(situation=key, guidance=given.seq), role=Role.LEARNER)


def test_help_is_counted_by_ten_situations_and_may_fall(mentoring):
    for n in range(17):  # three were the baseline
        mentoring.situation(f"n{n}").own_call()
        if n in {0, 1, 2, 9}:
            guided(mentoring, f"n{n}")
    found = bill(mentoring.entries)
    assert [(s.first, s.last, s.guided) for s in found.stretches] == [(1, 10, 3), (11, 20, 1)]
    assert found.falls
    assert str(found).endswith("From 3 to 1 of 10 situations.")


def test_what_models_cost_is_in_the_stretch_in_which_they_were_called(mentoring):
    call = ModelCalled(model="m", prompt_version="1", tokens_in=90, tokens_out=10, cost=0.2)
    mentoring.write(call)
    (only,) = bill(mentoring.entries).stretches
    assert (only.tokens, only.cost) == (100, 0.2)
    assert bill(mentoring.entries).falls is None


def test_without_a_situation_there_is_no_bill(mentoring):
    assert str(bill(mentoring.entries[:3])) == "No situation yet."

"""Who fits whom, and a proposal for the whole pool."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutelage.evidence import assigning
from tutelage.evidence.assigning import propose
from tutelage.evidence.matching import Guide, Seeker, fit, pool

CLIENTS = "Angry clients who call about a wrong invoice"
RELEASES = "Releases before the weekend although the tests fail"
lea = Seeker("lea", situations=("A client calls, angry about an invoice",))
tom = Guide("tom", (CLIENTS,))


def guide_of(seeker, proposals):
    return next(p.guide for p in proposals if p.seeker == seeker)


def test_a_trainer_who_handled_the_like_is_proposed_and_quoted():
    (found,) = propose([lea], [tom, Guide("ann", (RELEASES,))])
    assert found.guide == "tom"
    assert CLIENTS in str(found)


def test_nobody_is_forced_on_a_learner():
    (found,) = propose([lea], [Guide("ann", (RELEASES,), reply_days=1)])
    assert found.fit is None
    assert str(found) == "lea: nobody; no trainer has handled situations like these"


@pytest.mark.parametrize(
    ("seeker", "guides", "lacking"),
    [
        (lea, [], "no_trainers"),
        (Seeker("lea"), [tom], "nothing_said"),
        (replace(lea, excludes=frozenset({"tom"})), [tom], "excluded"),
        (lea, [replace(tom, holds=1)], "no_places"),
        (lea, [Guide("lea", (CLIENTS,))], "no_experience"),
    ],
)
def test_what_is_lacking_is_said(seeker, guides, lacking):
    (found,) = propose([seeker], guides)
    assert found.lacking == lacking


def test_nobody_is_proposed_to_themselves():
    (found,) = propose([lea], [Guide("lea", (CLIENTS,)), tom])
    assert found.guide == "tom"
    assert not found.others


def test_a_trainers_own_refusal_counts_too():
    (found,) = propose([lea], [replace(tom, excludes=frozenset({"lea"}))])
    assert found.guide is None


def test_an_experience_of_the_bank_counts_and_is_never_quoted():
    found = fit(lea, Guide("tom", banked=(CLIENTS,)))
    assert found.experience > 0.1
    assert CLIENTS not in str(found)
    assert "1 more in its experiences" in str(found)


@pytest.mark.parametrize(
    "worse",
    [
        replace(tom, name="a", capacity=4, holds=3),
        replace(tom, name="a", same=0.9),
        replace(tom, name="a", reply_days=20),
        replace(tom, name="a", modes=frozenset({"coach"})),
    ],
)
def test_overloaded_alike_slow_or_another_mode_comes_later(worse):
    seeker = replace(lea, prefers="mentor")
    (found,) = propose([seeker], [worse, replace(tom, capacity=4, reply_days=3)])
    assert found.guide == "tom"
    assert [o.guide for o in found.others] == ["a"]


def test_how_alike_a_trainer_guides_is_not_told():
    assert "alike" not in str(fit(lea, replace(tom, same=0.9)))


def test_equal_trainers_share_the_learners():
    seekers = [replace(lea, name=n) for n in ("a", "b")]
    found = propose(seekers, [replace(tom, name=n, capacity=2) for n in ("x", "y")])
    assert {p.guide for p in found} == {"x", "y"}


def test_the_order_in_which_people_come_changes_nothing():
    seekers = [replace(lea, name=n) for n in "abc"]
    guides = [replace(tom, name=n) for n in "xyz"]
    assert propose(seekers, guides) == propose(seekers[::-1], guides[::-1])


def test_an_empty_pool_is_no_error():
    assert propose([], []) == ()
    assert propose([], [tom]) == ()


def test_two_thousand_learners_and_five_hundred_trainers_take_seconds():
    rng = np.random.default_rng(1)
    some = [f"kind{k:03}alpha kind{k:03}beta again" for k in range(200)]
    said = [some[int(k)] for k in rng.integers(200, size=6500)]
    seekers = [Seeker(f"s{i:04}", situations=(said[i],)) for i in range(2000)]
    guides = [Guide(f"g{i:03}", tuple(said[2000 + 9 * i :][:9]), capacity=4) for i in range(500)]
    assert sum(p.guide is not None for p in propose(seekers, guides)) > 1000


# properties --------------------------------------------------------------------------------------
TEXTS = st.sampled_from(
    ["angry client invoice", "release weekend tests", "feedback team", "", "🦊"]
)
LINES = st.lists(TEXTS, max_size=3).map(tuple)
NAMES = "abcdefgh"
SEEKERS = st.lists(
    st.builds(
        Seeker,
        st.sampled_from(NAMES),
        LINES,
        LINES,
        st.sampled_from([None, "mentor", "coach"]),
        st.frozensets(st.sampled_from(NAMES), max_size=2),
    ),
    max_size=6,
    unique_by=lambda s: s.name,
)
GUIDES = st.lists(
    st.builds(
        Guide,
        st.sampled_from(NAMES),
        LINES,
        LINES,
        st.sampled_from([frozenset({"mentor"}), frozenset({"mentor", "coach"})]),
        st.integers(-1, 4),
        st.integers(0, 3),
        st.none() | st.floats(0, 60),
        st.floats(0, 1),
        st.frozensets(st.sampled_from(NAMES), max_size=2),
    ),
    max_size=6,
    unique_by=lambda g: g.name,
)


@settings(deadline=None)
@given(SEEKERS, GUIDES)
def test_capacity_and_refusals_are_kept(seekers, guides):
    found = propose(seekers, guides)
    assert sorted(p.seeker for p in found) == sorted(s.name for s in seekers)
    by = {s.name: s for s in seekers}
    for guide in guides:
        mine = [p.seeker for p in found if p.guide == guide.name]
        assert len(mine) <= guide.places
        assert not guide.excludes & set(mine)
        assert all(guide.name not in by[s].excludes and s != guide.name for s in mine)


@settings(deadline=None)
@given(SEEKERS, GUIDES)
def test_no_other_way_comes_to_a_larger_total(seekers, guides):
    known = pool(seekers, guides)
    best = assigning.total(known, assigning.assign(known))
    for other in (assigning.greedy(known), assigning.first_come(known)):
        assert best >= assigning.total(known, other) - 1e-9


@settings(deadline=None)
@given(SEEKERS, GUIDES)
def test_a_fit_is_the_sum_of_its_parts(seekers, guides):
    for proposal in propose(seekers, guides):
        for one in filter(None, [proposal.fit, *proposal.others]):
            unsaid = 0.075 if all(p.kind != "reply" for p in one.parts) else 0.0
            assert abs(sum(p.adds for p in one.parts) + unsaid - one.score) < 1e-4

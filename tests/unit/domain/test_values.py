"""Values that grow without being copied whole: what was there before stays as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tutelage.domain.values import BLOCK, Grown, Places

lengths = st.integers(0, 3 * BLOCK + 1)


@given(lengths, lengths)
def test_a_sequence_grows_like_a_tuple(start, more):
    grown = Grown(range(start))
    for item in range(start, start + more):
        grown = grown.plus(item)
    assert grown == tuple(range(start + more))
    assert len(grown) == start + more
    assert grown[-5:] == tuple(range(start + more))[-5:]


@given(st.integers(1, 3 * BLOCK), st.data())
def test_another_item_at_a_place_changes_only_that_place(length, data):
    at = data.draw(st.integers(0, length - 1))
    before = Grown(range(length))
    after = before.but(at, -1)
    assert after == (*range(at), -1, *range(at + 1, length))
    assert before == tuple(range(length))
    assert after[at] == after[at - length] == -1


def test_a_shorter_sequence_does_not_see_what_came_later():
    short = Grown("ab")
    assert (short.plus("c"), short.plus("d")) == (tuple("abc"), tuple("abd"))
    assert short == tuple("ab")


@given(lengths)
def test_every_place_is_found_and_no_other(length):
    places = Places()
    for at in range(length):
        places = places.plus(f"s{at}", at)
    assert dict(places) == {f"s{at}": at for at in range(length)}
    assert all(places.find(f"s{at}") == places[f"s{at}"] == at for at in range(length))
    assert places.find("t") is None

import pickle

import pytest

from tutelage.domain.errors import (
    Conflict,
    Malformed,
    NotYours,
    Refused,
    TutelageError,
    Unavailable,
    Unknown,
)

KINDS = [Refused, Conflict, NotYours, Unknown, Malformed, Unavailable]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_has_a_code_for_programs_and_a_sentence_for_people(kind):
    error = kind("some_code", "Some sentence.")
    assert (error.code, error.message, str(error)) == ("some_code", *["Some sentence."] * 2)


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_travels_between_processes(kind):
    error = pickle.loads(pickle.dumps(kind("some_code", "Some sentence.")))  # noqa: S301
    assert (type(error), error.code) == (kind, "some_code")


def test_every_error_that_a_door_tells_apart_has_its_own_exit_code():
    codes = [k.exit_code for k in KINDS if k is not Conflict]
    assert len(set(codes)) == len(codes)
    assert TutelageError.exit_code not in codes

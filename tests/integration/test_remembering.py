"""What was judged last is met next, and its distances are measured once."""

import numpy as np
import pytest

from tutelage.evidence.novelty import Seen, vector
from tutelage.service.keep import Remembering

CASES = ["the queue grows", "a customer calls", "two teams disagree", "the disk is full"]


@pytest.fixture
def met():
    """Three situations met."""
    seen = Remembering()
    for i, text in enumerate(CASES[:3]):
        seen.add(f"s{i}", text, {"kind": str(i)})
    return seen


def test_the_distances_of_what_was_judged_last_are_kept(met):
    found = met.judge(CASES[3], {"kind": "1"})
    assert met.judged(CASES[3], {"kind": "1"}) is found.apart


def test_they_are_kept_for_no_other_text_or_facts(met):
    met.judge(CASES[3], {"kind": "1"})
    assert met.judged(CASES[2], {"kind": "1"}) is None
    assert met.judged(CASES[3], {"kind": "2"}) is None


def test_they_are_let_go_when_something_was_met_between(met):
    met.judge(CASES[3], {})
    met.add("s3", CASES[3], {})
    assert met.judged(CASES[3], {}) is None


def test_with_nothing_judged_there_is_nothing_to_use_again(met):
    assert met.judged(CASES[0], {}) is None
    met.judge("", {}, vector(CASES[3]))
    assert met.judged("", {}) is None


def test_what_is_used_again_is_what_would_be_measured(met):
    plain = Seen()
    for i, text in enumerate(CASES[:3]):
        plain.add(f"s{i}", text, {"kind": str(i)})
    apart = met.judge(CASES[3], {"kind": "1"}).apart
    met.add("s3", CASES[3], {"kind": "1"}, apart=apart)
    plain.add("s3", CASES[3], {"kind": "1"})
    assert np.array_equal(met.nearest, plain.nearest)

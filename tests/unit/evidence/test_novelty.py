import numpy as np
import pytest

from tutelage.evidence.novelty import (
    DUPLICATE,
    FACT_WEIGHT,
    FEWEST,
    Novelty,
    Seen,
    closest,
    declared,
    similarity,
    vector,
)

CASES = [
    "the payment queue grows after a deploy at night",
    "a customer calls twice about a missing invoice",
    "two teams disagree on who owns the failing job",
    "disk alarms on the build machine before a release",
    "the certificate of the login page runs out tomorrow",
    "a new colleague changed the rota and nobody knew",
    "latency doubles for users in one region only",
    "the backup finished but its size is half of yesterday's",
    "a vendor announces maintenance during our launch",
    "logs show a password in clear text since Monday",
]


def met(count=10, facts=None):
    seen = Seen()
    for i, text in enumerate(CASES[:count]):
        seen.add(f"s{i}", text, facts(i) if facts else {})
    return seen


def test_the_same_text_is_alike_and_another_is_not():
    assert similarity(CASES[0], CASES[0]) == pytest.approx(1.0, abs=1e-5)
    assert similarity(CASES[0], CASES[1]) < 0.5
    assert similarity("", "") == 0.0


def test_space_and_case_do_not_make_a_text_new():
    assert similarity("The  Queue grows", "the queue\ngrows") == pytest.approx(1.0, abs=1e-5)


def test_with_nothing_met_nothing_can_be_said():
    found = Seen().judge(CASES[0], {})
    assert found == Novelty(None, None, None)
    assert found.novel is None


def test_fewer_than_nine_past_situations_cannot_tell_what_is_new():
    assert met(FEWEST - 1).judge("something else entirely", {}).novel is None
    assert met(FEWEST).judge("something else entirely", {}).novel is not None


def test_a_situation_far_from_all_is_new_and_a_repeated_one_is_not():
    assert met().judge("zebra quartz viola xylophone", {}).novel
    again = met().judge(CASES[3], {})
    assert not again.novel
    assert (again.nearest, again.distance) == ("s3", pytest.approx(0, abs=1e-5))


def test_a_case_told_twice_is_found_wherever_it_was_met():
    seen = met()
    seen.add("again", CASES[3], {})
    assert seen.judge(CASES[3] + " ", {}).same == ("s3", "again")
    assert seen.judge("zebra quartz viola xylophone", {}).same == ()


def test_declared_facts_come_first_and_text_breaks_ties():
    seen = met(facts=lambda i: {"kind": "outage", "people": str(i)})
    found = seen.judge(CASES[3], {"kind": "outage", "people": "7"})
    assert found.nearest == "s7"
    tie = seen.judge(CASES[3], {"kind": "outage"})
    assert tie.nearest == "s3"


def test_a_new_kind_among_known_facts_is_new():
    seen = met(facts=lambda i: {"kind": "outage", "people": str(i % 2)})
    assert seen.judge(CASES[0], {"kind": "conflict", "people": "9"}).novel


def test_facts_are_compared_as_names_with_values():
    assert declared({"Kind": "Outage"}) == {"kind=outage"}


def plain(seen_facts, texts, said, text):
    """The distance as it is defined, one pair at a time."""

    def apart(other, facts):
        by_text = 1.0 - float(vector(other) @ vector(text))
        if not said:
            return max(by_text, 0.0)
        by_facts = 1.0 - len(said & facts) / len(said | facts)
        return max(FACT_WEIGHT * by_facts + (1 - FACT_WEIGHT) * by_text, 0.0)

    return [apart(o, f) for o, f in zip(texts, seen_facts, strict=True)]


@pytest.mark.parametrize("said", [{}, {"kind": "a"}, {"kind": "b", "people": "2", "new": "x"}])
def test_distances_are_those_of_the_definition(said):
    def facts(i):
        return {"kind": "ab"[i % 2], "people": str(i % 3)} if i % 4 else {}

    seen = met(facts=facts)
    known = [declared(facts(i)) for i in range(len(CASES))]
    expected = plain(known, CASES, declared(said), "a queue at night")
    assert np.allclose(seen._distances(vector("a queue at night"), declared(said)), expected)


def test_a_kept_vector_stands_for_its_text():
    seen, kept = met(), Seen()
    for i, text in enumerate(CASES):
        kept.add(f"s{i}", "", {}, vector(text))
    assert kept.judge("", {}, vector(CASES[2])) == seen.judge(CASES[2], {})


def test_more_situations_than_were_made_room_for_are_kept():
    seen = Seen()
    for i in range(150):
        seen.add(f"s{i}", f"case {i} {i * i}", {"n": str(i % 7)})
    assert len(seen.keys) == 150
    assert seen.judge("case 149 22201", {"n": str(149 % 7)}).nearest == "s149"


@pytest.mark.parametrize("seed", range(3))
def test_few_situations_of_the_same_kind_are_called_new(seed):
    rng = np.random.default_rng(seed)
    words = [w for case in CASES for w in case.split()]
    seen, called = Seen(), 0
    for i in range(120):
        text = " ".join(rng.choice(words, 9))
        called += bool(seen.judge(text, {}).novel)
        seen.add(f"s{i}", text, {})
    assert called / 120 <= 0.15


def test_the_closest_of_several_texts_is_the_first_of_the_most_alike():
    assert closest(CASES[4], [*CASES, CASES[4]])[0] == 4
    assert closest("anything", []) is None


def test_a_case_is_told_twice_only_when_hardly_a_word_differs():
    found = met().judge("the payment queue grows after a release at noon", {})
    assert found.nearest == "s0"
    assert found.distance > DUPLICATE

"""Whatever is handed in as a goal, it is reviewed the same way twice, or malformed."""

from hypothesis import given
from hypothesis import strategies as st

from tutelage.domain.errors import Malformed
from tutelage.domain.goal import QUESTIONS, of_text, review

PARTS = st.sampled_from([*QUESTIONS, "name", "anchors", "key"])
WORDS = st.sampled_from(
    ["decide", "better", "when", "27b", "steps", "by Easter", "soon", "客", "é"]
)
TEXT = st.one_of(st.text(), st.lists(WORDS).map(" ".join))
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT)
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=7) | st.dictionaries(PARTS | TEXT, inner, max_size=6),
    max_leaves=30,
)
CRITERION = st.fixed_dictionaries(
    {}, optional={"name": TEXT, "anchors": st.lists(TEXT, max_size=6)}
)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "situation": TEXT,
        "behaviour": TEXT,
        "today": TEXT,
        "horizon": TEXT,
        "criteria": st.lists(CRITERION, max_size=7),
    },
)


def outcome(goal):
    try:
        return review(goal)
    except Malformed as error:
        return error.message


@given(st.dictionaries(PARTS | TEXT, ANYTHING) | NEARLY)
def test_any_mapping_is_reviewed_alike_twice_or_malformed(goal):
    assert outcome(goal) == outcome(goal)


@given(NEARLY)
def test_a_refusal_asks_each_part_once_in_the_same_order(goal):
    asked = [m.part for m in review(goal).missing]
    assert asked == [part for part in QUESTIONS if part in asked]
    assert all(m.question.endswith("?") for m in review(goal).missing)


@given(st.text())
def test_a_line_is_never_a_whole_goal(text):
    assert not of_text(text).accepted

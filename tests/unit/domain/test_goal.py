"""The specificity gate: it takes every real goal, and asks for what a vague one does not say."""

import json
from pathlib import Path

import pytest

from tutelage.domain.errors import Malformed
from tutelage.domain.events import GoalSet
from tutelage.domain.goal import QUESTIONS, of_event, of_text, review
from tutelage.domain.terms import Criterion
from tutelage.domain.text import Gone

DATA = Path(__file__).parents[2] / "data" / "goals"

ANCHORS = ["not seen", "seen, misread", "by the book", "weighed here", "adapted to the unusual"]
GOAL = {
    "situation": "When a customer asks for an exception",
    "behaviour": "I grant it, refuse it or offer something else",
    "today": "I give in when they get loud",
    "horizon": "within 40 situations",
    "criteria": [{"name": n, "anchors": ANCHORS} for n in ("need", "precedent", "tone")],
}


def rows(name):
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text().splitlines()]


def reviewed(row):
    return of_text(row["text"]) if "text" in row else review(row["goal"])


def parts(found):
    return [m.part for m in found.missing]


def with_anchors(anchors):
    first, *rest = GOAL["criteria"]
    return GOAL | {"criteria": [first | {"anchors": anchors}, *rest]}


def share(name, right):
    found = [right(row) for row in rows(name)]
    return sum(found) / len(found)


def test_real_goals_of_many_fields_are_accepted():
    assert len(rows("good")) >= 60
    assert share("good", lambda row: reviewed(row).accepted) >= 0.95


def test_vague_goals_are_refused():
    assert len(rows("vague")) >= 60
    assert share("vague", lambda row: not reviewed(row).accepted) >= 0.95


def test_a_vague_goal_is_asked_for_each_part_it_does_not_say():
    assert share("vague", lambda row: set(row["missing"]) <= set(parts(reviewed(row)))) >= 0.9


def test_goals_a_checklist_could_teach_are_asked_for_the_judgment_in_them():
    assert len(rows("checklist")) >= 40
    assert share("checklist", lambda row: "judgment" in parts(reviewed(row))) >= 0.95


@pytest.mark.parametrize("name", ["vague", "checklist"])
def test_every_refusal_asks_questions(name):
    for row in rows(name):
        assert all(m.question.endswith("?") for m in reviewed(row).missing)


@pytest.mark.parametrize("part", ["situation", "behaviour", "today", "horizon", "criteria"])
@pytest.mark.parametrize("nothing", [None, "left out", "empty"])
def test_a_part_that_is_not_said_is_asked_for(part, nothing):
    goal = dict(GOAL)
    if nothing == "left out":
        del goal[part]
    else:
        goal[part] = nothing if nothing is None else type(goal[part])()
    assert parts(review(goal)) == [part]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("situation", "in all situations"),
        ("situation", "at work, whenever needed"),
        ("situation", "across the board"),
        ("behaviour", "be better at communication"),
        ("behaviour", "always make the right decision"),
        ("behaviour", "deliver a world-class customer experience"),
        ("behaviour", "help nurses think critically"),
        ("today", "not good enough yet"),
        ("today", "3/10"),
        ("today", "I still make mistakes"),
        ("horizon", "as soon as possible"),
        ("horizon", "someday"),
        ("horizon", "going forward"),
    ],
)
def test_a_part_that_says_nothing_is_asked_for(part, said):
    assert parts(review(GOAL | {part: said})) == [part]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("situation", "Code review"),
        ("situation", "if the sauce splits"),
        ("situation", "お客様が例外を求めたとき"),
        ("behaviour", "Uses the checklist as a start and says what it misses"),
        ("behaviour", "Knows when to call the doctor"),
        ("behaviour", "Decides whether to act"),
        ("today", "I freeze"),
        ("today", "I do it all myself"),
        ("horizon", "by Easter"),
        ("horizon", "12 weeks"),
        ("horizon", "end of Q3"),
        ("horizon", "before the season starts"),
        ("horizon", "As soon as the new release ships in May"),
        ("horizon", "bis Ostern"),
    ],
)
def test_a_terse_part_that_says_something_is_taken(part, said):
    assert review(GOAL | {part: said}).accepted


@pytest.mark.parametrize(
    "wish",
    ["become a better leader", "improve my communication", "be more confident", "grow", ""],
)
def test_a_vague_wish_is_asked_for_everything(wish):
    assert parts(of_text(wish)) == ["situation", "behaviour", "today", "horizon", "criteria"]


@pytest.mark.parametrize(
    "wish",
    [
        "follow the deployment steps without forgetting one",
        "fill in form 27b correctly",
        "learn the keyboard shortcuts",
        "memorise the drug doses",
    ],
)
def test_a_wish_for_a_procedure_or_for_knowledge_is_asked_for_the_judgment(wish):
    assert "judgment" in parts(of_text(wish))


def test_a_wish_is_not_asked_again_for_what_it_says():
    said = "When a ticket is unclear I want to decide whether to escalate, within 40 tickets"
    assert parts(of_text(said)) == ["today", "criteria"]


def test_a_deadline_is_no_situation():
    found = parts(of_text("In six months I will be a confident speaker"))
    assert "situation" in found
    assert "horizon" not in found


def test_a_number_that_is_no_deadline_is_no_horizon():
    assert "horizon" in parts(of_text("fill in form 27b correctly"))


def test_fewer_than_three_criteria_are_asked_for():
    assert parts(review(GOAL | {"criteria": GOAL["criteria"][:2]})) == ["criteria"]


def test_more_than_six_criteria_are_asked_to_be_narrowed():
    many = [{"name": f"criterion {n}", "anchors": ANCHORS} for n in range(7)]
    found = review(GOAL | {"criteria": many})
    assert "six" in found.missing[0].question


def test_criteria_of_one_name_are_asked_apart():
    twice = [*GOAL["criteria"], GOAL["criteria"][0]]
    assert "same name" in review(GOAL | {"criteria": twice}).missing[0].question


@pytest.mark.parametrize(
    "anchors",
    [
        ANCHORS[:4],
        [*ANCHORS[:4], " "],
        [*ANCHORS[:4], None],
        [*ANCHORS[:4], " Weighed  HERE"],
        ["poor", "fair", "good", "very good", "excellent"],
        ["no need", "little need", "some need", "good need", "great need"],
        ["1", "2", "3", "4", "5"],
        ["no need", "some need", "moderate need", "high need", "total need"],
        [f"{grade} zeal shown" for grade in ("no", "little", "some", "much", "great")],
        None,
    ],
)
def test_anchors_that_are_too_few_or_say_only_grades_are_asked_for_by_name(anchors):
    found = review(with_anchors(anchors))
    assert parts(found) == ["criteria"]
    assert '"need"' in found.missing[0].question


def test_bare_names_of_criteria_are_asked_for_their_anchors():
    found = review(GOAL | {"criteria": ["need", "precedent", "tone"]})
    assert found.missing[0].question.endswith('"need", "precedent", "tone"?')


def test_criteria_that_only_count_are_no_judgment():
    counts = ["none", "few", "half of the steps", "most steps", "all 12 steps"]
    criteria = [{"name": n, "anchors": counts} for n in ("steps followed", "order", "errors")]
    assert parts(review(GOAL | {"criteria": criteria})) == ["judgment"]


@pytest.mark.parametrize(
    "goal",
    [
        [],
        "become a better leader",
        None,
        GOAL | {"today": 3},
        GOAL | {"horizon": ["Easter"]},
        GOAL | {"criteria": "need"},
        GOAL | {"criteria": [7]},
        GOAL | {"criteria": [{"name": 7, "anchors": ANCHORS}]},
        with_anchors("poor to excellent"),
        with_anchors([1, 2, 3, 4, 5]),
    ],
)
def test_what_cannot_be_read_as_a_goal_is_malformed(goal):
    with pytest.raises(Malformed, match=r"^Write .*\.$") as caught:
        review(goal)
    assert caught.value.code == "malformed_goal"


def test_a_wish_that_is_no_text_is_malformed():
    with pytest.raises(Malformed):
        of_text(None)


def test_a_huge_part_is_read_as_far_as_a_goal_goes():
    assert review(GOAL | {"today": "I give in. " * 100_000}).accepted


def event(**changes):
    criteria = [Criterion(key=c["name"], **c) for c in GOAL["criteria"]]
    return GoalSet(**(GOAL | {"criteria": criteria} | changes))


def test_a_goal_of_the_ledger_is_reviewed_alike():
    assert of_event(event()).accepted
    assert parts(of_event(event(horizon="someday"))) == ["horizon"]


def test_a_redacted_part_is_not_judged():
    gone = Criterion(key="need", name=Gone(), anchors=ANCHORS)
    criteria = [gone, *(Criterion(key=c["name"], **c) for c in GOAL["criteria"][1:])]
    assert of_event(event(today=Gone(), behaviour=Gone(), criteria=criteria)).accepted


def test_a_review_reads_as_its_questions():
    assert str(review(GOAL)) == "accepted"
    found = review(GOAL | {"horizon": "", "today": ""})
    assert str(found) == f"{QUESTIONS['today']} {QUESTIONS['horizon']}"
    assert str(found.missing[0]) == f"today: {QUESTIONS['today']}"

import pytest

from tests.support.course import emptied
from tutelage.domain.events import PrincipleMarked
from tutelage.domain.evolve import fold
from tutelage.domain.terms import Role
from tutelage.guidance.notebook import fitting, notebook


def fits(course, criteria=("order",), situation="", principles=6, characters=4000):
    book = notebook(course.state)
    return fitting(book, criteria, situation, principles=principles, characters=characters)


def kept(course, **given):
    return [p.key for p in fits(course, **given).principles]


def test_the_notebook_starts_empty_and_is_kept_in_order(mentoring):
    assert notebook(mentoring.state).empty
    mentoring.principle("b").principle("a").question("q")
    book = notebook(mentoring.state)
    assert [p.key for p in book.principles] == ["b", "a"]
    assert not book.empty


def test_a_principle_says_when_when_not_and_because(mentoring):
    text = str(notebook(mentoring.principle("p").state).principles[0])
    assert text == (
        "Principle p When: several things fail at once When not: one thing fails "
        "Because: the rest waits for it"
    )


def test_a_contested_principle_keeps_the_learner_s_words(mentoring):
    mentoring.principle("p").write(
        PrincipleMarked(principle="p", mark="contested", why="too wide"), role=Role.TRAINER
    )
    mine = notebook(mentoring.state).principles[0]
    assert (mine.contested, mine.says) == (True, "Principle p")


def test_what_is_redacted_is_left_out(mentoring):
    mentoring.principle("p").question("q").principle("stays")
    entries = [emptied(e) if e.event.kind.endswith("_kept") else e for e in mentoring.entries[:-1]]
    book = notebook(fold([*entries, mentoring.entries[-1]]))
    assert [p.key for p in book.principles] == ["stays"]
    assert book.questions == ()


def test_principles_that_touch_the_situation_fit_and_others_do_not(mentoring):
    mentoring.principle("here", ("order",)).principle("there", ("doubt",)).principle("anywhere")
    assert kept(mentoring) == ["here", "anywhere"]


def test_within_a_budget_the_principles_most_like_the_situation_are_kept(mentoring):
    mentoring.principle("cake", when="a cake burns in the oven")
    mentoring.principle("queue", when="the payment queue grows at night")
    assert kept(mentoring, situation="At night the queue grows", principles=1) == ["queue"]


def test_the_budget_counts_characters(mentoring):
    mentoring.principle("long", says="x" * 500).principle("short")
    assert kept(mentoring, characters=200) == ["short"]
    assert kept(mentoring, characters=10) == []


def test_what_fits_stays_in_the_order_it_was_kept(mentoring):
    mentoring.principle("a", when="zebra").principle("b", when="the queue grows")
    assert kept(mentoring, situation="the queue grows") == ["a", "b"]


@pytest.mark.parametrize(("most", "asked"), [(6, ["q1", "q3"]), (1, ["q3"]), (0, [])])
def test_the_last_own_questions_that_fit_are_asked(mentoring, most, asked):
    mentoring.question("q1", criteria=("order",)).question("q2", criteria=("doubt",))
    mentoring.question("q3")
    assert [q.key for q in fits(mentoring, principles=most).questions] == asked

"""Does a text tell, share, or ask? What tells in disguise is found, and open questions pass."""

import json
from pathlib import Path

import pytest

from tutelage.guidance.moves import VERSION, Reading, read, telling

DATA = Path(__file__).parents[2] / "data" / "moves.jsonl"
ROWS = [json.loads(line) for line in DATA.read_text().splitlines()]


MOVES = ("tell", "share", "ask")


def quoted(text):
    found = read(text)
    return found.quote and text[slice(*found.quote)]


@pytest.mark.parametrize("move", ["tell", "share", "ask"])
def test_labelled_texts_of_many_fields_are_read_as_labelled(move):
    mine = [row["text"] for row in ROWS if row["move"] == move]
    right = sum(read(text).move == move for text in mine)
    assert len(ROWS) >= 120
    assert right / len(mine) >= 0.95


@pytest.mark.parametrize(
    "text",
    [
        "Refund them.",
        "You should refund them.",
        "I'd refund them.",
        "My advice is a refund.",
        "The right move is to refund them.",
        "Why don't you just refund them?",
        "Shouldn't you refund them?",
        "Have you considered refunding them?",
        "What about refunding them?",
        "How about a refund?",
        "Isn't it better to refund them?",
        "Wouldn't it be kinder to refund them?",
        "Consider refunding them.",
        "Wake the vendor, would you?",
        "Just call them back now, could you?",
        "Could refunding them be the answer here?",
        "Would refunding them not be kinder?",
        "Is waiting the right thing here?",
        "Why is waiting the best move here?",
        "Most people would refund them. What do you think?",
        "Perhaps a refund?",
        "Maybe refunding them?",
        "If you were me, would you refund them?",
        "If they insist, refund them.",
        "You said he is angry, so you should refund him.",
        "The answer is 42.",
        "4*3=12",
    ],
)
def test_an_answer_tells_however_it_is_dressed(text):
    assert read(text).move == "tell"
    assert quoted(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "What would change your mind?",
        "Which of the two matters more here, and why?",
        "Tell me more about the mother.",
        "Walk me through your reasoning.",
        "Explain how you got this.",
        "You wrote that you should refund them. What makes you sure?",
        'You wrote "refund them at once". What makes you sure?',
        "What should you weigh here?",
        "Should you act now or wait, and what decides it?",
        "Good work!",
        "Tell me more about him, would you?",
        "If he calls, would you?",
        "Which of the two is the right one, to you?",
        "What would most people notice first?",
        "What is your thinking on the best move?",
        "Maybe nothing?",
    ],
)
def test_an_open_question_asks_and_quotes_nothing(text):
    assert read(text) == Reading("ask")


def test_a_story_of_ones_own_shares_even_with_a_question_after_it():
    text = "When I had this I refunded them. What do you make of it?"
    assert read(text).move == "share"
    assert quoted(text) == "When I had this I refunded them."


def test_advice_after_a_story_tells():
    assert read("When I had this I refunded them. You should do the same.").move == "tell"


def test_the_quote_is_the_first_part_that_tells():
    text = "What do you see? Call the doctor. You should not wait."
    assert quoted(text) == "Call the doctor."


def test_a_bare_statement_gives_the_answer_and_a_remark_with_a_question_asks():
    assert read("The customer is lying.").move == "tell"
    assert read("Two customers are waiting. Who needs you first?").move == "ask"


@pytest.mark.parametrize("text", ["", " \n", "?", "…", "Hi Mariana!", "¿Por qué?", "\ud800"])
def test_a_text_that_says_nothing_asks(text):
    assert read(text) == Reading("ask")


def test_a_curly_apostrophe_hides_nothing():
    assert read("Why don\u2019t you wait?").move == "tell"  # as phones write it


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("\u4f60\u600e\u4e48\u770b\uff1f", "ask"),
        ("\u4f60\u5e94\u8be5\u7b49\u3002", "tell"),
        ("\u0644\u0645\u0627\u0630\u0627\u061f", "ask"),
    ],
)
def test_question_marks_of_other_scripts_ask(text, move):
    assert read(text).move == move
    assert (telling(text) < 0.5) == (move == "ask")


def test_a_long_text_is_read_to_its_end():
    assert read("What do you see? " * 3000 + "Refund them.").move == "tell"


def test_telling_is_graded_and_ranks_what_tells_above_what_asks():
    graded = {move: [telling(r["text"]) for r in ROWS if r["move"] == move] for move in MOVES}
    pairs = [t > a for t in graded["tell"] for a in graded["ask"]]
    assert sum(pairs) / len(pairs) >= 0.95
    assert all(0 < t < 1 for texts in graded.values() for t in texts)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("What is left of it?", "It is gone."),
        ("How many are left?", "There are 12 left."),
        ("How many are left?", "So is it 5?"),
        ("There are 12 left. What follows?", "Take 12 from 40. There are 28 left."),
        ("", "1 2 3 4 5 6 7 8"),
    ],
)
def test_statements_numbers_and_closed_questions_tell_more(less, more):
    assert telling(less) < telling(more)


def test_the_version_is_stored_with_findings():
    assert VERSION == "moves-1"

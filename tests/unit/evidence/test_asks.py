"""Whether reasons ask a trainer's question again, in the learner's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutelage.domain.errors import Malformed
from tutelage.evidence import asks
from tutelage.evidence.asks import (
    VERSION,
    Asked,
    asks_itself,
    by_vectors,
    content,
    copied,
    read_with,
    sentences,
)

CUSTOMER = Asked(7, "What would the customer say about the delay?")
QUEUE = Asked(9, "Which queue fills first once the payment service stops?")


@pytest.mark.parametrize(
    "why",
    [
        "Does the customer mind such a delay? I think so.",
        "The log is full; I ask myself whether a customer would accept this delay.",
        "I wondered how our customers see delays like this one.",
    ],
)
def test_a_question_asked_in_other_words_is_found(why):
    assert asks_itself(why, [CUSTOMER, QUEUE]) == (7,)


@pytest.mark.parametrize(
    "why",
    [
        "",
        "Restart the database because the log shows a lock.",
        "The customer is new.",
        "Is the customer new?",
        "Who wrote this? A delay is a delay.",
    ],
)
def test_what_only_touches_a_word_of_it_is_not(why):
    assert asks_itself(why, [CUSTOMER, QUEUE]) == ()


@pytest.mark.parametrize(
    "why",
    [
        "What would the customer say about the delay?",
        "I asked: what would the customer say about the delay? She would wait.",
        "What would a customer say about the delay?",
        "what would the customer say about this delay",
    ],
)
def test_a_copied_question_does_not_count(why):
    assert asks_itself(why, [CUSTOMER]) == ()


def test_a_sentence_copied_from_one_question_counts_for_no_other():
    near = Asked(8, "Does any customer notice the delay?")
    assert asks_itself(CUSTOMER.text, [near]) == (8,)
    assert asks_itself(CUSTOMER.text, [near, CUSTOMER]) == ()


def test_what_it_asked_itself_before_it_was_asked_is_its_own():
    before = Asked(7, CUSTOMER.text, before=("Can the customer live with a delay?",))
    assert asks_itself("Does the customer mind such a delay?", [before]) == ()


def test_a_statement_needs_more_of_the_question_than_a_question_does():
    about = Asked(1, "Which release notes mention the expired certificate of partners?")
    assert asks_itself("Are certificate partners fine?", [about]) == (1,)
    assert asks_itself("The certificate partners are fine.", [about]) == ()


def test_an_embedder_finds_what_shares_no_word():
    why = "Will the client be cross that we are late?"
    assert asks_itself(why, [CUSTOMER]) == ()
    assert asks_itself(why, [CUSTOMER], alike=lambda _s, _q: 0.8) == (7,)
    assert asks_itself(CUSTOMER.text, [CUSTOMER], alike=lambda _s, _q: 1.0) == ()


TOPICS = {"client": 0, "customer": 0, "cross": 1, "say": 1, "late": 2, "delay": 2}


def topics(texts):
    """A tiny embedder: how often each of three topics comes up."""
    return [
        [sum(w in t.lower() for w, i in TOPICS.items() if i == n) for n in range(3)] for t in texts
    ]


def test_a_function_from_texts_to_vectors_is_an_embedder():
    alike = by_vectors(topics, "topics")
    assert asks_itself("Will the client be cross that we are late?", [CUSTOMER], alike) == (7,)
    assert asks_itself("Is the client new?", [CUSTOMER], alike) == ()
    assert alike("nothing", "of this") == 0.0


@pytest.mark.parametrize("given", [["x"], [], [[1.0], [2.0]], 3, [["x"]]])
def test_an_embedder_that_gives_no_vector_is_said_to_be_wrong(given):
    with pytest.raises(Malformed, match="The embedder wrong gives no vector for a text"):
        by_vectors(lambda _texts: given, "wrong")("one", "other")


class Likes:
    def __call__(self, one, other):
        return float(one == other)


def test_what_read_the_texts_has_a_name():
    assert read_with(None) == VERSION
    assert read_with(by_vectors(topics, "my.model:embed")) == f"{VERSION} + my.model:embed"
    assert read_with(topics).endswith(f"{__name__}.topics")
    assert read_with(Likes()).endswith(f"{__name__}.Likes")


def test_after_a_redaction_no_text_is_kept_in_memory():
    by_vectors(topics, "topics")("a secret", "another")
    content("a secret"), sentences("a secret")
    asks.forget()
    assert not any(f.cache_info().currsize for f in (sentences, content, asks._words, asks._unit))


def test_words_are_compared_by_their_stems():
    assert content("weighing weights") == content("weighed a weight") == {"weigh"}


def test_a_question_without_content_is_never_asked_again():
    assert asks_itself("What do I do then?", [Asked(3, "And then?")]) == ()


def test_you_and_i_make_no_other_words():
    assert copied("What do I give my customer here?", "What do you give your customer here?")


@given(st.text(max_size=200))
def test_a_text_is_its_own_copy(text):
    assert all(copied(s, s) for s in sentences(text) if content(s))


@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=4))
def test_only_what_was_asked_can_be_asked_again(why, texts):
    asked = [Asked(i + 1, text) for i, text in enumerate(texts)]
    assert set(asks_itself(why, asked)) <= {a.seq for a in asked}

import pytest
from pydantic import ValidationError

from tests.support.course import Course, emptied, reread
from tutelage.domain.entry import Entry, canonical, entry_digest, join, redacted, split, text_digest
from tutelage.domain.events import EVENT, KINDS, Configured, Noted, Paused, SituationOpened
from tutelage.domain.terms import Criterion, Party
from tutelage.domain.text import Gone, Stored

OPENED = SituationOpened(
    situation="s1", text="The queue grows", criteria=("order",), facts={"kind": "outage"}
)


def test_texts_leave_an_event_and_their_numbers_stay():
    facts, texts = split(OPENED)
    assert texts == ["The queue grows", "outage"]
    assert '"text":0' in facts
    assert "queue" not in facts


def test_an_event_is_put_together_again_as_it_was():
    facts, texts = split(OPENED)
    assert join(facts, Stored(tuple(texts))) == OPENED


def test_without_its_texts_gone_stands_in_their_place_and_the_facts_are_kept():
    facts, _ = split(OPENED)
    again = join(facts, Stored(None))
    assert isinstance(again, SituationOpened)
    assert (again.text, again.facts["kind"]) == (Gone(), Gone())
    assert (again.situation, again.criteria, again.difficulty) == ("s1", ("order",), 0)


def test_a_stored_event_may_hold_its_text_in_place():
    again = join('{"kind":"noted","text":"in place"}', Stored(("another",)))
    assert again == Noted(text="in place")


def test_what_is_gone_says_why():
    facts, _ = split(Noted(text="a thought"))
    assert str(join(facts, Stored(None, "unread")).text) == "[unread]"
    assert str(Gone()) == "[redacted]"


@pytest.mark.parametrize("number", [-1, 1, 7])
def test_a_number_that_points_to_no_text_is_malformed(number):
    with pytest.raises(ValidationError, match="not there"):
        join(f'{{"kind":"noted","text":{number}}}', Stored(("only one",)))


@pytest.mark.parametrize(
    ("text", "said"),
    [("  ", "Say something"), (3, "Write this as text"), (None, "as text"), ("\ud800", "Unicode")],
)
def test_a_text_that_says_nothing_is_malformed(text, said):
    with pytest.raises(ValidationError, match=said):
        Noted(text=text)


def test_a_text_may_be_gone_already():
    assert Noted(text=Gone("private")).text == Gone("private")


def test_a_text_is_a_string_in_the_schema_of_every_door():
    assert Noted.model_json_schema()["properties"]["text"]["minLength"] == 1


def test_only_an_entry_whose_texts_are_gone_is_redacted(mentoring):
    opened = mentoring.situation().here.opened
    assert not redacted(opened)
    assert redacted(emptied(opened))


def test_an_entry_without_texts_is_never_called_redacted(mentoring):
    began: Entry = next(e for e in mentoring.entries if e.event.kind == "phase_began")
    assert not redacted(emptied(began))


def test_every_entry_of_a_course_reads_back_to_itself(agents):
    agents.situation().own_call().rated(3).guided("ask").read().answered().decided().came_out()
    assert [reread(e) for e in agents.entries] == agents.entries


def test_the_digest_depends_on_text_only_through_its_salted_hash():
    of_text = text_digest("salt", '["a"]')
    assert entry_digest("0", "e", "f", of_text) == entry_digest("0", "e", "f", of_text)
    assert text_digest("other", '["a"]') != of_text != text_digest("salt", '["b"]')


@pytest.mark.parametrize("change", [("1", "e", "f"), ("0", "x", "f"), ("0", "e", "x")])
def test_the_digest_changes_with_whatever_came_before_and_with_every_fact(change):
    assert entry_digest(*change, "t") != entry_digest("0", "e", "f", "t")


def test_each_entry_is_chained_to_the_one_before(mentoring):
    digests = [e.digest for e in mentoring.entries]
    assert len(set(digests)) == len(digests)


def test_canonical_json_keeps_letters_as_they_are():
    assert canonical({"a": "é", "b": [1, 2.5]}) == '{"a":"é","b":[1,2.5]}'


def test_every_kind_of_event_has_one_sentence_and_is_read_by_its_kind():
    assert len(KINDS) == 62
    assert all(cls.__doc__ and cls.__doc__.split("\n")[0].endswith(".") for cls in KINDS.values())
    assert EVENT.validate_python({"kind": "paused"}) == Paused()


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_configured_number_is_finite(number):
    with pytest.raises(ValidationError):
        Configured(numbers={"dwell": number}, versions={})


def test_an_agent_needs_an_owner_who_signs_for_it():
    with pytest.raises(ValidationError, match="needs an owner"):
        Party(id="bot", kind="agent")


def test_a_criterion_has_five_anchors():
    with pytest.raises(ValidationError):
        Criterion(key="order", name="Order", anchors=("a", "b", "c", "d"))


def test_an_event_refuses_a_field_it_does_not_know_and_is_never_edited():
    with pytest.raises(ValidationError):
        Noted(text="a", colour="red")
    with pytest.raises(ValidationError, match="frozen"):
        OPENED.situation = "s2"


def test_the_same_course_written_twice_has_the_same_digests():
    assert Course().agree().entries == Course().agree().entries

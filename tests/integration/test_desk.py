"""The desk: what is written is there, once, in order, and says whose move it is."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bench.workload import GOAL
from tests.support import seeded
from tests.support.seeded import opened, own_call
from tutelage import Tutelage
from tutelage.domain.errors import Conflict, Malformed, NotYours, Refused, Unknown
from tutelage.domain.events import Configured, Noted, PhaseBegan, ProbeDrawn, Signed
from tutelage.domain.terms import Role, Visibility


@pytest.fixture
def desk(url):
    with seeded.desk(url) as tutelage:
        yield tutelage


def test_a_situation_goes_from_opening_to_account_with_the_verbs_of_the_design(desk):
    seeded.guide(desk)
    with desk.situation("r", opened("s"), actor="leo") as s:
        s.own_call("Wait", why="It settles by itself")
        s.decide("Waited", why="as I said")
        s.outcome("It settled")
        written = s.account(
            noticed="The log was quiet",
            options=("wait", "roll back"),
            turned_on="impact",
            asked_myself="Who notices?",
            happened="It settled",
        )
    assert written.turn.seq == desk.state("r").seq
    assert desk.state("r").find("s").account is not None


def test_leaving_a_situation_early_loses_nothing_and_it_is_taken_up_again(desk):
    seeded.guide(desk)
    with desk.situation("r", opened("s"), actor="leo") as s:
        s.own_call("Wait", why="It settles by itself")
    with desk.situation("r", opened("s"), actor="leo") as again:
        assert again.so_far.own_call is not None


def test_a_retry_under_the_same_id_is_answered_with_the_first_result(desk):
    seeded.agree(desk)
    first = desk.write("r", opened("s"), actor="leo", id="once")
    desk.write("r", own_call("s"), actor="leo")
    again = desk.write("r", opened("s"), actor="leo", id="once")
    assert (again.entry, again.turn, again.repeated) == (first.entry, first.turn, True)


def test_a_retry_counts_what_the_system_wrote_behind_the_entry(desk):
    seeded.agree(desk)
    desk.write("r", opened("s"), actor="leo")
    first = desk.write("r", own_call("s"), actor="leo", id="once")
    again = desk.write("r", own_call("s"), actor="leo", id="once")
    assert again.turn == first.turn
    assert again.turn.seq > again.entry.seq


def test_the_same_id_with_other_content_is_refused(desk):
    seeded.agree(desk)
    desk.write("r", opened("s"), actor="leo", id="once")
    with pytest.raises(Conflict) as refused:
        desk.write("r", opened("t"), actor="leo", id="once")
    assert refused.value.code == "id_reused"


def test_when_both_have_signed_the_numbers_in_force_and_the_baseline_follow(desk):
    seeded.agree(desk)
    kinds = [type(e.event) for e in desk.entries("r")]
    assert kinds[-2:] == [Configured, PhaseBegan]
    assert desk.turn("r").phase == "baseline"


def test_a_vague_goal_is_refused_with_the_question_that_it_leaves_open(desk):
    desk.open(seeded.proposed(), actor="mia", id="r")
    for actor in ("leo", "mia"):
        desk.write("r", Signed(what="agreement"), actor=actor)
    vague = GOAL.model_copy(update={"situation": "always"})
    with pytest.raises(Refused, match=r"situation.*\?") as refused:
        desk.write("r", vague, actor="leo")
    assert refused.value.code == "goal_vague"


@pytest.mark.parametrize(
    ("actor", "event", "error", "code"),
    [
        ("zoe", Noted(text="x"), NotYours, "no_role"),
        ("mia", own_call("b0"), NotYours, "not_your_role"),
        ("leo", PhaseBegan(phase="guided"), Refused, "begins_by_itself"),
        ("leo", ProbeDrawn(situation="b0", withheld=True, probability=1), NotYours, "not_offered"),
        ("leo", own_call("nowhere"), Unknown, "unknown_situation"),
        ("leo", Noted(text="x" * 70_000), Malformed, "text_too_long"),
    ],
)
def test_what_is_not_allowed_is_refused_and_nothing_is_written(desk, actor, event, error, code):
    seeded.guide(desk)
    before = desk.state("r").seq
    with pytest.raises(error) as refused:
        desk.write("r", event, actor=actor)
    assert refused.value.code == code
    assert desk.state("r").seq == before


def test_an_unknown_relationship_is_unknown_through_every_door(desk):
    for ask in (desk.state, desk.turn, desk.verify, desk.rebuild, desk.trajectory):
        with pytest.raises(Unknown) as refused:
            ask("nobody")
        assert refused.value.code == "unknown_relationship"


def test_a_private_note_is_seen_by_its_author_only(desk):
    seeded.guide(desk)
    desk.write("r", Noted(text="he hesitates"), actor="mia")
    seen = {v: [e.event for e in desk.entries("r", viewer=v)] for v in ("mia", "leo")}
    assert Noted(text="he hesitates") in seen["mia"]
    assert Noted(text="he hesitates") not in seen["leo"]


def test_a_visibility_that_the_kind_does_not_carry_is_refused(desk):
    seeded.guide(desk)
    with pytest.raises(Malformed) as refused:
        desk.write("r", Noted(text="x"), actor="mia", visibility=Visibility.PROGRAMME)
    assert refused.value.code == "visibility"


def test_the_same_seed_gives_the_same_ledger(desk, tmp_path):
    seeded.guide(desk)
    with seeded.desk(f"sqlite:///{tmp_path / 'again.db'}") as again:
        seeded.guide(again)
        assert again.verify("r").head == desk.verify("r").head


def test_two_desks_on_one_database_see_each_others_entries(desk, url):
    seeded.guide(desk)
    with Tutelage(url) as other:
        other.write("r", opened("s"), actor="leo")
        desk.write("r", own_call("s"), actor="leo")
        assert other.state("r").find("s").own_call is not None
        assert desk.verify("r").ok


def test_two_writers_at_once_lose_nothing(desk, url):
    seeded.guide(desk)
    before = desk.state("r").seq

    def write_notes() -> None:
        with Tutelage(url) as mine:
            for _n in range(10):
                while True:
                    try:
                        mine.write("r", Noted(text="a note"), actor="mia")
                        break
                    except Conflict:
                        continue

    threads = [threading.Thread(target=write_notes) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.state("r").seq == before + 20
    assert desk.verify("r").ok
    assert desk.rebuild("r")


def test_one_desk_serves_many_threads(desk):
    seeded.guide(desk)
    before = desk.state("r").seq
    notes = [
        threading.Thread(target=desk.write, args=("r", Noted(text="x")), kwargs={"actor": "mia"})
        for _ in range(12)
    ]
    for note in notes:
        note.start()
    for note in notes:
        note.join()
    assert desk.state("r").seq == before + 12


def test_it_is_called_from_async_code_through_a_thread(desk):
    async def write() -> int:
        await asyncio.to_thread(seeded.guide, desk)
        turns = await asyncio.gather(*(asyncio.to_thread(desk.turn, "r") for _ in range(4)))
        return turns[0].seq

    assert asyncio.run(write()) == desk.state("r").seq


def test_a_state_as_of_an_entry_is_the_fold_of_its_prefix(desk):
    seeded.guide(desk)
    assert desk.state("r", upto=8).seq == 8
    assert desk.turn("r", upto=8).phase == "baseline"
    with pytest.raises(Unknown):
        desk.state("r", upto=999)


def test_an_agent_signs_through_its_owner(desk):
    from tests.support.course import BOT, MENTOR

    seeded.agree(desk, learner=BOT, trainer=MENTOR)
    signed = [e for e in desk.entries("r") if isinstance(e.event, Signed)]
    assert {e.actor for e in signed} == {"olga"}
    assert {e.role for e in signed} == {Role.OWNER}


def test_lists_hold_whose_turn_it_is_and_never_a_text(desk):
    seeded.guide(desk)
    (row,) = desk.relationships("leo")
    assert (row["whose"], row["phase"], row["situations"]) == ("learner", "guided", 3)
    assert "night" not in str(row)
    assert desk.relationships("zoe") == []

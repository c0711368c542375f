"""Copies in the ledger become evidence: of an agent, with the trainer and without."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.support import seeded
from tests.support.copied import SITUATIONS, begin, copy, live
from tests.support.seeded import KEYS, LEO
from tests.support.terminal import Terminal
from tutelage.domain.errors import Refused, Unknown
from tutelage.domain.events import MasterpieceCertified
from tutelage.evidence.forks import ForkContrast
from tutelage.evidence.notyet import NotYet

ARMS = ("mentored", "alone")


@pytest.fixture(scope="module")
def six(tmp_path_factory):
    """Three copies an arm, as bytes of a database that each test may go on with."""
    file = tmp_path_factory.mktemp("copies") / "six.db"
    with seeded.desk(f"sqlite:///{file}") as desk:
        begin(desk)
        for number in (1, 2, 3):
            for arm in ARMS:
                copy(desk, arm, number)
    return file.read_bytes()


@pytest.fixture
def copied(six, tmp_path):
    (tmp_path / "tutelage.db").write_bytes(six)
    with seeded.desk(f"sqlite:///{tmp_path / 'tutelage.db'}", seed=2) as desk:
        yield desk


@pytest.fixture
def desk():
    with seeded.desk("sqlite://") as desk:
        begin(desk)
        yield desk


def grow(desk, mentored=0, alone=0, **more):
    """So many copies an arm; the reason why they say nothing."""
    for arm, count in zip(ARMS, (mentored, alone), strict=True):
        for number in range(1, count + 1):
            copy(desk, arm, number, **more)
    return str(desk.contrast("r"))


# the copies that lie there -----------------------------------------------------------------------
def test_copies_come_by_arm_with_what_they_called_after_the_fork(copied):
    found = copied.copies("r")
    assert [c.name for c in found] == [f"{a}-{n}" for a in ("alone", "mentored") for n in (1, 2, 3)]
    assert found[0].keys == found[5].keys == tuple(f"s{n}" for n in range(SITUATIONS))
    assert found[0].ratings.shape == (SITUATIONS, len(KEYS))
    assert [c.guided for c in found] == [False] * 3 + [True] * 3


def test_the_baseline_that_all_share_is_no_evidence_of_a_copy(desk):
    copy(desk, "alone", 1, situations=0)
    assert desk.copies("r")[0].ratings.shape == (0, len(KEYS))


def test_without_forks_there_is_nothing_and_of_nobody_an_error(desk):
    assert desk.copies("r") == ()
    assert desk.contrast("r") is None
    with pytest.raises(Unknown):
        desk.contrast("nobody")


def test_an_import_that_names_another_origin_is_no_copy(copied, tmp_path):
    copied.export("alone-1", tmp_path / "alone.jsonl")
    with seeded.desk("sqlite://", seed=9) as other:
        seeded.guide(other)
        other.import_(tmp_path / "alone.jsonl")
        assert other.copies("r") == ()


def test_an_import_from_behind_the_end_of_its_origin_here_is_no_copy(copied, tmp_path):
    copied.export("alone-1", tmp_path / "alone.jsonl")
    with seeded.desk("sqlite://", seed=9) as other:
        other.open(seeded.proposed(), actor="mia", id="r")
        other.import_(tmp_path / "alone.jsonl")
        assert other.copies("r") == ()


# what they show ----------------------------------------------------------------------------------
def test_the_arm_that_was_guided_is_told_from_the_one_that_was_not(copied):
    found = copied.contrast("r")
    assert isinstance(found, ForkContrast)
    assert found.shown
    assert found.arms == ("mentored", "alone")
    assert "copies: 3 mentored, 3 alone" in str(found)


def test_the_gain_is_that_of_the_second_half_of_what_all_came_to(copied):
    live(copied, "alone-1", "t1", 5, guided=False)  # nobody else came so far
    means = {c.name: c.ratings[SITUATIONS // 2 : SITUATIONS].mean() for c in copied.copies("r")}
    guided, alone = ([m for n, m in means.items() if n.startswith(a)] for a in ARMS)
    assert copied.contrast("r").gain == pytest.approx(np.mean(guided) - np.mean(alone))


def test_copies_that_met_the_same_as_one_partner_each_are_paired(desk):
    for number, games in enumerate("xyz", start=1):
        for arm in ARMS:
            copy(desk, arm, number, games=games)
    assert "3 pairs of copies" in str(desk.contrast("r"))


def test_copies_that_each_met_their_own_are_compared_by_their_means(desk):
    for number, games in enumerate(("uv", "wx", "yz"), start=1):
        for arm, game in zip(ARMS, games, strict=True):
            copy(desk, arm, number, games=game)
    assert "copies: 3 mentored, 3 alone" in str(desk.contrast("r"))


def test_two_copies_an_arm_say_how_many_more_it_takes(desk):
    said = grow(desk, mentored=2, alone=1)
    assert said.endswith("2 and 1 rated copies; 3 an arm are the least; about 3 more forks")


def test_one_arm_alone_compares_with_nothing(desk):
    assert "all copies are of one arm, alone; about 5 more forks" in grow(desk, alone=1)


def test_copies_that_have_hardly_begun_are_waited_for(desk):
    copy(desk, "mentored", 9)
    said = grow(desk, 1, 2, situations=2)
    assert said.endswith("3 copies have fewer than 6 rated situations; about 2 more forks")


def test_two_arms_of_which_neither_was_guided_are_not_told_apart(desk):
    assert "neither arm was guided" in grow(desk, 1, 1, guided=False)


def test_of_three_arms_two_must_be_named(copied):
    copy(copied, "coached", 1, guided=True)
    assert "3 arms (alone, coached, mentored)" in str(copied.contrast("r"))
    assert isinstance(copied.contrast("r", ARMS), ForkContrast)


@pytest.mark.parametrize(
    ("arms", "said"),
    [
        (("mentored", "lone"), "no copy is of the arm lone; there are alone and mentored"),
        (("alone", "alone"), "compared with itself"),
        (("alone", "mentored"), "no copy of the arm alone was guided"),
        (("mentored", "other"), "guided in the arm other: it is not without the trainer"),
    ],
)
def test_arms_that_cannot_be_compared_are_refused_with_the_reason(copied, arms, said):
    if "other" in arms:
        copy(copied, "other", 1, guided=True)
    assert said in str(copied.contrast("r", arms))


def test_copies_from_another_entry_are_left_out(copied):
    live(copied, "r", "t1", 3, guided=True)
    before = copied.contrast("r")
    copy(copied, "mentored", 4)
    assert copied.contrast("r") == before


def test_people_cannot_be_copied():
    with seeded.desk("sqlite://") as desk:
        begin(desk, learner=LEO)
        desk.fork("r", at=desk.state("r").seq, arm="alone", id="f")
        assert desk.contrast("r") is None
        assert "people cannot be copied" in str(desk.contrast("r", ARMS))


# what follows from them --------------------------------------------------------------------------
def test_the_evidence_takes_the_copies_that_are_there(copied):
    found = copied.evidence("r")
    assert found.shown
    assert "Guidance did it: mentored copies against copies without" in found.headline


def test_an_earlier_state_says_nothing_of_copies_that_went_on_since(copied):
    assert copied.evidence("r", upto=10).contrast is None
    assert copied.evidence("r", upto=10, arms=ARMS).contrast is not None


def test_a_masterpiece_takes_them_and_says_what_they_lack(copied, desk):
    assert not any("randomized" in m or "copies" in m for m in copied.masterpiece("r").missing)
    grow(desk, 1, 1)
    assert "1 and 1 rated copies" in str(desk.masterpiece("r"))
    contrast = desk.contrast("r")
    assert desk.masterpiece("r", contrast) == desk.masterpiece("r")
    assert isinstance(contrast, NotYet)


@pytest.mark.parametrize("how", ["certify", "write"])
def test_certifying_reads_the_copies_of_its_own_accord(copied, how):
    event = MasterpieceCertified(entries=(1,), because="Copies show it.")
    with pytest.raises(Refused) as refused:
        getattr(copied, how)("r", event, actor="olga")
    assert "randomized evidence" not in str(refused.value)
    assert "the threshold" in str(refused.value)


# the command -------------------------------------------------------------------------------------
@pytest.fixture
def run(copied, monkeypatch, capsys):
    return Terminal(copied.url, monkeypatch, capsys)


def test_the_command_prints_what_the_copies_show(run):
    assert "| Copies without the trainer | +1." in run("evidence", "r").out
    found = run.json("evidence", "r", "--arms", "mentored, alone")["contrast"]
    assert found["kind"] == "found"
    assert found["copies"] == [3, 3]
    assert found["arms"] == list(ARMS)


def test_the_command_says_how_many_copies_are_missing(sqlite_url, monkeypatch, capsys):
    with seeded.desk(sqlite_url) as desk:
        begin(desk)
        copy(desk, "mentored", 1)
        copy(desk, "alone", 1)
    run = Terminal(sqlite_url, monkeypatch, capsys)
    assert "not enough copies yet, about 4 more: 1 and 1 rated copies" in run("evidence", "r").out
    assert json.loads(run("evidence", "r", "--json").out)["contrast"]["more"] == 4


@pytest.mark.parametrize("arms", ["mentored", "a,b,c", ",alone"])
def test_arms_are_two_names_with_a_comma(run, arms):
    assert run("evidence", "r", "--arms", arms).code == 2

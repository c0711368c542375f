"""From a goal.toml to a first own call, guidance and rating; and arms with and without the trainer."""

from __future__ import annotations

import importlib
import json
import random
import re

import pytest

from tests.support.agents import Judge
from tests.support.terminal import Terminal
from tutelage import Tutelage, begin
from tutelage.domain.errors import Malformed, Refused
from tutelage.domain.events import SituationOpened
from tutelage.domain.terms import Phase
from tutelage.service import goalfile
from tutelage.service.arms import arms_of, run_arms
from tutelage.trainers import QuestionCoach

ANSWERS = {
    "situation": "An alert fires at night and its cause is not clear",
    "behaviour": "Decides whether to roll back, to wait or to wake somebody, and says why",
    "today": "Rolls back nearly every time",
    "horizon": "within 40 alerts",
}
NAMES = (
    "Signal: what the alert is evidence of",
    "Reach: who waits for it",
    "Undo: what is for good",
)


def filled():
    """The skeleton as somebody fills it in."""
    text = goalfile.skeleton()
    for part, said in ANSWERS.items():
        text = re.sub(rf'^{part} = ".*"$', f'{part} = "{said}"', text, flags=re.MULTILINE)
    for name in NAMES:
        text = re.sub(r'^name = "<.*"$', f'name = "{name}"', text, count=1, flags=re.MULTILINE)
    return text


@pytest.fixture
def goal(tmp_path):
    file = tmp_path / "goal.toml"
    file.write_text(filled())
    return file


@pytest.fixture
def run(sqlite_url, monkeypatch, capsys):
    return Terminal(sqlite_url, monkeypatch, capsys)


# the file --------------------------------------------------------------------------------------
def test_a_new_goal_is_refused_until_it_is_filled_in(run, tmp_path):
    file = tmp_path / "goal.toml"
    assert run.json("goal", "new", file) == {"file": str(file)}
    review = run.json("goal", "check", file)
    assert not review["accepted"]
    parts = [m["part"] for m in review["missing"]]
    assert parts == ["situation", "behaviour", "today", "horizon", "criteria"]
    file.write_text(filled())
    assert run.json("goal", "check", file) == {"accepted": True, "missing": []}


def test_a_goal_that_is_there_is_not_overwritten(run, goal):
    assert run.refused("goal", "new", goal) == (6, "file_there")
    assert goal.read_text() == filled()


def test_each_place_left_blank_asks_its_question():
    for part in ANSWERS:
        text = re.sub(rf'^{part} = ".*"$', f'{part} = "<later>"', filled(), flags=re.MULTILINE)
        with pytest.raises(Refused) as refused:
            goalfile.goal_of(goalfile.parse(text))
        assert refused.value.code == "goal_vague"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"situation = ", "bad_toml"),
        (b"\xff\xfe", "bad_toml"),
        (b"criteria = 3", "malformed_goal"),
        (b"x" * (2 * 1024 * 1024), "file_too_large"),
    ],
)
def test_a_file_that_is_no_goal_says_why(tmp_path, raw, code):
    file = tmp_path / "goal.toml"
    file.write_bytes(raw)
    with pytest.raises((Malformed, Refused)) as refused:
        goalfile.read(file)
    assert refused.value.code == code


def test_a_goal_is_set_from_its_file_on_the_command_line(run, goal):
    run(
        "open",
        "--learner",
        "leo",
        "--trainer",
        "mia",
        "--handled",
        "x",
        "--because",
        "y",
        "--id",
        "r",
    )
    for actor in ("leo", "mia"):
        run("write", "signed", "r", "--as", actor, "--what", "agreement")
    said = run.json("write", "goal-set", "r", "--as", "leo", "--from", goal)
    assert said["seq"] == 4


# ten lines -------------------------------------------------------------------------------------
def agent(task, context):
    return "Roll back.", f"It is what I know of {task or context}."


def test_the_same_script_run_again_goes_on_where_it_was(goal, sqlite_url):
    def script(*tasks):
        with Tutelage(sqlite_url, agents=[QuestionCoach("coach")]) as desk:
            pair = begin(desk, goal, learner="bot", trainer="coach", owner="ann")
            said = []
            for task in tasks:
                with pair.situation(task) as s:
                    s.own_call(*agent(task, s.context))
                    s.rate(2)
                    said.append(s.guidance())
                    s.decide(*agent(task, s.context))
                pair.begin_guidance(because="It is the first day.")
            return desk.state(pair.name).seq, said

    first, said = script("Latency rises at two.", "A certificate expires at three.")
    assert said[0] == ""
    assert said[1].endswith("?")
    again, _said = script("Latency rises at two.", "A certificate expires at three.")
    assert again == first
    longer, _said = script("The disk is full.")
    assert longer > first


def test_a_mistyped_trainer_is_found_at_once(goal, sqlite_url):
    with Tutelage(sqlite_url, agents=[QuestionCoach("coach")]) as desk:
        with pytest.raises(Refused, match="couch is no trainer of this desk; there is coach"):
            begin(desk, goal, learner="bot", trainer="couch", owner="ann")
        assert desk.relationships() == []


def test_another_goal_is_not_taken_for_the_one_that_was_signed(goal, sqlite_url):
    with Tutelage(sqlite_url, agents=[QuestionCoach("coach")]) as desk:
        begin(desk, goal, learner="bot", trainer="coach", owner="ann")
        goal.write_text(filled().replace("within 40 alerts", "within 80 alerts"))
        with pytest.raises(Refused) as differs:
            begin(desk, goal, learner="bot", trainer="coach", owner="ann")
    assert differs.value.code == "goal_differs"


def test_agents_can_rate(goal, sqlite_url):
    with Tutelage(sqlite_url, agents=[QuestionCoach("coach"), Judge("judge")]) as desk:
        pair = begin(desk, goal, learner="bot", trainer="coach", owner="ann", raters=("judge",))
        with pair.situation("Latency rises.") as s:
            s.own_call(*agent("it", s.context))
            s.guidance()
        assert desk.track(pair.name).estimate(desk.state(pair.name).criteria[0]).n == 1


def test_each_criterion_can_be_rated_apart(goal, sqlite_url):
    with Tutelage(sqlite_url, agents=[QuestionCoach("coach")]) as desk:
        pair = begin(desk, goal, learner="bot", trainer="coach", owner="ann")
        keys = desk.state(pair.name).criteria
        with pair.situation("Latency rises.") as s:
            s.own_call(*agent("it", s.context))
            s.rate({keys[0]: 4, keys[1]: None})
        assert desk.track(pair.name).estimate(keys[0]).n == 1
        assert desk.track(pair.name).estimate(keys[1]).n == 0


def test_a_vague_goal_begins_nothing(tmp_path, sqlite_url):
    file = tmp_path / "goal.toml"
    file.write_text(goalfile.skeleton())
    with Tutelage(sqlite_url) as desk, pytest.raises(Refused, match="In which recurring kind"):
        begin(desk, file, learner="bot", trainer="mia", owner="ann")
    with Tutelage(sqlite_url) as desk:
        assert desk.relationships() == []


def test_with_a_person_as_trainer_it_waits_for_that_persons_name(goal, sqlite_url):
    with Tutelage(sqlite_url) as desk:
        pair = begin(desk, goal, learner="bot", trainer="mia", owner="ann")
        waits = {str(w) for w in desk.turn(pair.name).waiting}
    assert waits == {"trainer: sign"}


# arms ------------------------------------------------------------------------------------------
def guided(desk, goal):
    """An agents' pair in its guided phase, with a judge that is an agent."""
    from tutelage.domain.events import BaselineTaken, OwnCallRecorded, Proposed, Signed
    from tutelage.domain.terms import Party

    judge, bot = (Party(id=n, kind="agent", owner="ann") for n in ("judge", "bot"))
    proposed = Proposed(
        learner=bot,
        trainer=Party(id="coach", kind="agent", owner="ann"),
        raters=(judge,),
        mode="coach",
        handled="x",
        because="y",
    )
    name = desk.open(proposed, actor="ann", id="r")
    desk.write(name, Signed(what="agreement"), actor="ann")
    desk.write(name, goalfile.read(goal), actor="bot")
    desk.write(name, Signed(what="goal"), actor="ann")
    keys = desk.state(name).criteria
    opened = SituationOpened(situation="b", text="It begins", criteria=keys)
    desk.write(name, opened, actor="bot")
    desk.write(name, OwnCallRecorded(situation="b", call="c", why="w"), actor="bot")
    desk.run_due(name)
    taken = BaselineTaken(situations=("b",), fewer_because="one will do")
    desk.write(name, taken, actor="coach")
    return [SituationOpened(situation=f"n{n}", text=f"Case {n}", criteria=keys) for n in range(7)]


class Varying(Judge):
    """Rates now so, now so: copies that did exactly the same would tell nothing."""

    chance = random.Random(1)

    def rate(self, packet):
        self.rating = self.chance.randint(1, 5)
        return super().rate(packet)


def test_arms_meet_the_same_situations_and_only_one_is_guided(goal, sqlite_url):
    with Tutelage(sqlite_url, agents=[QuestionCoach("coach"), Varying("judge")]) as desk:
        new = guided(desk, goal)
        done = list(run_arms(desk, "r", new, agent))
        assert len(done) == 6 * 7
        copies = desk.copies("r")
        with_, alone = arms_of(agent)
        assert [c.arm for c in copies] == [alone] * 3 + [with_] * 3
        assert [c.guided for c in copies] == [False] * 3 + [True] * 3
        assert {c.rated for c in copies} == {7}
        assert desk.state("r").phase is Phase.GUIDED  # the original is as it was
        found = desk.evidence("r", arms=(with_, alone))
        assert found.contrast.arms == (with_, alone)


def test_arms_that_were_interrupted_go_on_and_do_nothing_twice(goal, sqlite_url):
    with Tutelage(sqlite_url, agents=[QuestionCoach("coach"), Judge("judge")]) as desk:
        new = guided(desk, goal)
        at = desk.state("r").seq
        going = run_arms(desk, "r", new, agent, at=at)
        for _ in range(10):
            next(going)
        going.close()
        list(run_arms(desk, "r", new, agent, at=at))
        assert {len(desk.state(c.name).situations) for c in desk.copies("r")} == {8}
        seqs = [desk.state(c.name).seq for c in desk.copies("r")]
        list(run_arms(desk, "r", new, agent, at=at))
        assert [desk.state(c.name).seq for c in desk.copies("r")] == seqs


@pytest.mark.parametrize(
    ("agents", "code"),
    [([], "no_trainer"), ([QuestionCoach("coach")], "no_rater")],
)
def test_arms_without_a_trainer_or_a_rater_are_refused(goal, sqlite_url, agents, code):
    with Tutelage(sqlite_url, agents=[QuestionCoach("coach"), Judge("judge")]) as desk:
        new = guided(desk, goal)
    with Tutelage(sqlite_url, agents=agents) as desk:
        with pytest.raises(Refused) as refused:
            list(run_arms(desk, "r", new, agent))
        assert refused.value.code == code
        assert desk.copies("r") == ()


def test_a_changed_agent_gets_copies_of_its_own(goal, sqlite_url, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    for name, word in (("first", "Wait"), ("second", "Wake")):
        (tmp_path / f"{name}.py").write_text(f"def bot(task, context): return '{word}', 'w'")
    first, second = (importlib.import_module(n).bot for n in ("first", "second"))
    with Tutelage(sqlite_url, agents=[QuestionCoach("coach"), Judge("judge")]) as desk:
        new = guided(desk, goal)
        at = desk.state("r").seq
        for bot in (first, second):
            list(run_arms(desk, "r", new, bot, at=at))
        assert len(desk.copies("r")) == 12
        calls = {str(s.own_call.event.call) for c in desk.copies("r") for s in c.situations}
    assert calls == {"Wait", "Wake"}


def test_too_few_situations_are_refused_before_anything_is_paid(goal, sqlite_url):
    with Tutelage(sqlite_url, agents=[QuestionCoach("coach"), Judge("judge")]) as desk:
        new = guided(desk, goal)
        with pytest.raises(Malformed, match="at least 6"):
            list(run_arms(desk, "r", new[:5], agent))
        assert desk.copies("r") == ()


def test_arms_stop_where_a_rater_or_the_agent_breaks(goal, sqlite_url, monkeypatch):
    with Tutelage(sqlite_url, agents=[QuestionCoach("coach"), Judge("judge")]) as desk:
        new = guided(desk, goal)
        with pytest.raises(Malformed, match="The agent broke in n0: ZeroDivisionError"):
            list(run_arms(desk, "r", new, lambda _task, _context: 1 / 0))
        monkeypatch.setattr(Judge, "rate", lambda *_: 1 / 0)
        with pytest.raises(Refused, match="judge did not rate"):
            list(run_arms(desk, "r", new, agent))


def test_an_agent_that_answers_nonsense_is_told_what_is_asked_of_it(goal, sqlite_url):
    with Tutelage(sqlite_url, agents=[QuestionCoach("coach"), Judge("judge")]) as desk:
        new = guided(desk, goal)
        with pytest.raises(Malformed, match="two texts"):
            list(run_arms(desk, "r", new, lambda _task, _context: "Roll back"))


AGENTS = """
from tests.support.agents import Judge
from tutelage.trainers import QuestionCoach

def team():
    return [QuestionCoach("coach"), Judge("judge")]

def bot(task, context):
    return "Roll back.", "It is what I know."
"""


def test_arms_on_the_command_line_write_the_evidence(goal, run, sqlite_url, tmp_path, monkeypatch):
    (tmp_path / "my_agents.py").write_text(AGENTS)
    monkeypatch.syspath_prepend(tmp_path)
    with Tutelage(sqlite_url, agents=[QuestionCoach("coach"), Judge("judge")]) as desk:
        new = guided(desk, goal)
    lines = [json.dumps(n.model_dump(mode="json")) for n in new]
    (tmp_path / "new.jsonl").write_text("\n".join(lines))
    said = run(
        "arms", "r", "--agent", "my_agents:bot", "--agents", "my_agents:team",
        "--situations", tmp_path / "new.jsonl", "--out", tmp_path / "out", "--json",
    )  # fmt: skip
    assert said.code == 0, said.err
    assert (tmp_path / "out" / "evidence.html").exists()
    (tmp_path / "bad.jsonl").write_text(lines[0] + "\n{broken\n")
    bad = ("arms", "r", "--agent", "my_agents:bot", "--situations", tmp_path / "bad.jsonl")
    refused = run(*bad, "--json")
    assert (refused.code, refused.error["code"]) == (6, "bad_line")
    assert "line 2" in refused.error["message"]


# a language model reads ------------------------------------------------------------------------
def test_a_model_reviews_a_goal_only_after_the_rules(run, tmp_path, goal):
    vague = tmp_path / "vague.toml"
    vague.write_text(goalfile.skeleton())
    assert not run.json("goal", "check", vague, "--model", "no-such-model")["accepted"]
    refused = run("goal", "check", goal, "--model", "no-such-model", "--json")
    assert (refused.code, refused.error["code"]) == (7, "no_such_model")


def test_the_facts_of_an_account_are_read_by_a_model(run, goal, sqlite_url, monkeypatch):
    from tutelage.trainers.llm import AccountChecker, Fact

    fact = Fact("They agreed.", "contradicted", 7, "nobody agreed")
    monkeypatch.setattr(AccountChecker, "check", lambda _self, _known: (fact,))
    with Tutelage(sqlite_url, agents=[QuestionCoach("coach"), Judge("judge")]) as desk:
        guided(desk, goal)
    assert run.json("facts", "r", "b", "--model", "test")[0]["verdict"] == "contradicted"
    assert "entry 7 says" in run("facts", "r", "b", "--model", "test").out
    assert run.refused("facts", "r", "nowhere", "--model", "test") == (5, "unknown_situation")


# gone on with ----------------------------------------------------------------------------------
def test_a_script_run_again_whose_agent_says_it_otherwise_goes_on(goal, sqlite_url):
    with Tutelage(sqlite_url, agents=[QuestionCoach("coach")]) as desk:
        pair = begin(desk, goal, learner="bot", trainer="coach", owner="ann")
        for call in ("Wait.", "Call Ann."):
            with pair.situation("Latency rises.") as s:
                assert s.own_call(call, "It is what I know.").entry.event.call == "Wait."


@pytest.mark.parametrize("last", ["agreement", "goal"])
def test_a_beginning_that_was_interrupted_goes_on(goal, sqlite_url, monkeypatch, last):
    write = Tutelage.write

    def dies(desk, name, event, **more):
        if getattr(event, "what", None) == last:
            raise KeyboardInterrupt
        return write(desk, name, event, **more)

    with Tutelage(sqlite_url, agents=[QuestionCoach("coach")]) as desk:
        who = {"learner": "bot", "trainer": "coach", "owner": "ann"}
        with monkeypatch.context() as patch:
            patch.setattr(Tutelage, "write", dies)
            with pytest.raises(KeyboardInterrupt):
                begin(desk, goal, **who)
        assert desk.state(begin(desk, goal, **who).name).agreed

"""Study 1 through the ledger: the same losses as the core, resumable, and a report of it."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tutelage_studies.individualized import report
from tutelage_studies.individualized.arms import PRIMARY
from tutelage_studies.individualized.carried import NAME, LedgerCourse
from tutelage_studies.individualized.cohort import run
from tutelage_studies.individualized.primary import Primary, heard, told
from tutelage_studies.individualized.sweeps import run as sweep
from tutelage_studies.individualized.world import Setting

QUICK = Setting(911, learners=2, games=4)
SETTING = Setting(911, learners=2, games=11)


def started(folder: Path):
    def start(setting, arm, learner):
        return LedgerCourse(setting, arm, learner, file=folder / f"{arm.name}-{learner.number}.db")

    return start


def as_json(records):
    return {arm: [r.as_json() for r in rs] for arm, rs in records.items()}


def test_the_ledger_carries_the_same_cases_to_the_same_losses(tmp_path):
    arms = ["individualized"]
    one = Setting(911, learners=1, games=4)
    assert as_json(run(one, arms, started(tmp_path))) == as_json(run(one, arms))


def test_the_ledger_holds_calls_ratings_debriefs_and_notes(tmp_path):
    course = None

    def start(setting, arm, learner):
        nonlocal course
        course = LedgerCourse(setting, arm, learner, file=tmp_path / "one.db")
        return course

    run(Setting(911, learners=1, games=4, uptake=1.0), ["individualized"], start)
    kinds = {e.event.kind for e in course.desk.entries(NAME)}
    assert {"own_call_recorded", "rated", "debriefed", "principle_kept"} <= kinds
    assert course.desk.verify(NAME).ok


@pytest.mark.slow
def test_every_primary_arm_is_the_same_in_both_paths(tmp_path):
    ledgers = run(SETTING, PRIMARY, started(tmp_path))
    assert as_json(ledgers) == as_json(run(SETTING, PRIMARY))


@pytest.mark.slow
def test_killed_and_started_again_it_comes_to_the_same(tmp_path):
    whole = Primary(SETTING, tmp_path / "whole", workers=2).run()
    command = [sys.executable, "-m", "tutelage_studies.individualized", "primary"]
    sizes = ["--learners", "2", "--games", "11", "--seed", "911", "--out", tmp_path / "killed"]
    process = subprocess.Popen([*map(str, [*command, *sizes])], stderr=subprocess.DEVNULL)
    results = tmp_path / "killed" / "results"
    while process.poll() is None and len(list(results.glob("*.json"))) < 5:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "killed" / "primary.json").exists()
    assert Primary(SETTING, tmp_path / "killed", workers=2).run() == whole


def test_a_folder_holds_one_run(tmp_path):
    Primary(QUICK, tmp_path, arms=())._same_setting()
    with pytest.raises(SystemExit, match="another run"):
        Primary(SETTING, tmp_path, arms=())._same_setting()


def test_a_case_on_file_is_the_case():
    made = next(iter(run(QUICK, ["individualized"])["individualized"][0].brought.values()))[0]
    assert heard(told(made)).loss == made.loss


@pytest.mark.slow
def test_a_report_is_written_from_the_files_alone(tmp_path):
    Primary(SETTING, tmp_path, workers=2).run()
    sweep(912, 2, 6, tmp_path, workers=2)
    report.write(tmp_path, tmp_path / "docs")
    said = (tmp_path / "docs" / "report.md").read_text("utf-8")
    assert "not a language-model result" in said
    assert json.loads((tmp_path / "docs" / "primary.json").read_text("utf-8"))["arms"]
    assert {p.stem for p in (tmp_path / "docs").glob("*.svg")} >= {"curves", "half", "crossover"}

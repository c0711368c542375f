"""Inspect AI logs: as a document, as an archive, whole or torn."""

from __future__ import annotations

import json
import zipfile

import pytest

from tests.support.traces import inspect, sample
from tutelage.domain.errors import Malformed
from tutelage.doors.exchange import reading
from tutelage.doors.exchange.inspect_ai import runs
from tutelage.doors.exchange.run import Skip


@pytest.fixture
def document(tmp_path):
    def read(log):
        (tmp_path / "log.json").write_text(json.dumps(log))
        return list(runs(tmp_path / "log.json"))

    return read


@pytest.fixture
def archive(tmp_path):
    """Writes an `.eval` of these samples, and what else it is given."""

    def made(*samples, compression=zipfile.ZIP_DEFLATED, **files):
        file = tmp_path / "log.eval"
        log = inspect(*samples)
        del log["samples"]
        with zipfile.ZipFile(file, "w", compression) as out:
            for name, text in ({"header.json": json.dumps(log)} | files).items():
                out.writestr(name, text)
            for s in samples:
                out.writestr(f"samples/{s['id']}_epoch_{s['epoch']}.json", json.dumps(s))
        return file

    return made


def test_every_sample_is_a_run_with_its_score(document):
    right, wrong = document(inspect(sample(1), sample(2, value="I")))
    assert (right.task, right.reward, right.trace) == ("1", 1.0, "run-1:1:1")
    assert (wrong.reward, wrong.outcome, wrong.helped) == (0.0, "includes 0", "nobody")
    assert list(right.messages) == sample(1)["messages"]


def test_an_archive_says_the_same_as_a_document(document, archive):
    samples = [sample(n, epoch) for n in (1, 2) for epoch in (1, 2)]
    packed = {r.trace: list(r.messages) for r in runs(archive(*samples))}
    assert packed == {r.trace: list(r.messages) for r in document(inspect(*samples))}
    assert len(packed) == 4


def test_an_archive_packed_with_zstandard_is_read(archive):
    pytest.importorskip("zipfile_zstd")
    (run,) = runs(archive(sample(), compression=reading.ZSTANDARD))
    assert run.reward == 1.0


def test_zstandard_that_is_not_installed_is_named(archive, monkeypatch):
    pytest.importorskip("zipfile_zstd")
    file = archive(sample(), compression=reading.ZSTANDARD)
    monkeypatch.setitem(__import__("sys").modules, "zipfile_zstd", None)
    with pytest.raises(Malformed, match=r"tutelage\[traces\]"):
        list(runs(file))


def test_a_log_that_was_broken_off_is_read_by_its_beginning(archive):
    head = json.dumps({"version": 2, "eval": {"run_id": "r-9"}})
    file = archive(sample(), **{"header.json": "{}", "_journal/start.json": head})
    with pytest.raises(Malformed):
        list(runs(file))
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("_journal/start.json", head)
        out.writestr("samples/1.json", json.dumps(sample()))
        out.writestr("samples/2.json", "{torn")
    run, torn = runs(file)
    assert run.trace == "r-9:1:1"
    assert torn == Skip("log.eval/samples/2.json", "a sample that is no JSON")


@pytest.mark.parametrize("version", [None, 1, 3, "2"])
def test_a_version_that_is_not_known_is_refused(document, version):
    with pytest.raises(Malformed) as refused:
        document(inspect(sample(), version=version))
    assert refused.value.code == "unknown_version"


@pytest.mark.parametrize("log", [{"version": 2}, [1], {"samples": [{}]}])
def test_what_is_no_log_is_refused(document, log):
    with pytest.raises(Malformed) as refused:
        document(log)
    assert refused.value.code == "not_a_log"


@pytest.mark.parametrize(
    ("value", "expected"), [("C", 1.0), ("P", 0.5), ("N", 0.0), (0.25, 0.25), (True, 1.0)]
)
def test_scores_are_letters_or_numbers(document, value, expected):
    (run,) = document(inspect(sample(value=value)))
    assert run.reward == expected


def test_a_sample_that_ended_in_an_error_failed(document):
    (run,) = document(inspect(sample(scores=None, error={"message": "out of time"})))
    assert (run.reward, run.outcome) == (0.0, "It ended in an error: out of time")


def test_what_was_kept_beside_a_message_is_put_back(document):
    long = {"role": "user", "content": "attachment://abc", "source": "input"}
    (run,) = document(inspect(sample(messages=[long], attachments={"abc": "The whole text"})))
    assert run.messages[0]["content"] == "The whole text"


def test_a_person_who_wrote_in_the_middle_helped(document):
    step_in = {"role": "user", "content": "Look at the date.", "source": "operator"}
    (run,) = document(inspect(sample(messages=[*sample()["messages"], step_in])))
    assert run.helped == "person"


def test_a_sample_without_messages_is_skipped(document):
    empty, none = document(inspect(sample(messages=[]), sample(messages="x")))
    assert (empty.reason, none.reason) == (
        "a sample that was never begun",
        "a sample without messages",
    )

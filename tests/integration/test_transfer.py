"""Export and import: without loss, or not at all."""

from __future__ import annotations

import json

import pytest

from bench.workload import grow
from bench.workload import opened as begin
from tests.support import seeded
from tutelage.domain.errors import Conflict, Malformed, Unavailable, Unknown


@pytest.fixture
def desk(url):
    with seeded.desk(url) as tutelage:
        begin(tutelage, "r")
        grow(tutelage, "r", 60)
        yield tutelage


@pytest.fixture
def exported(desk, tmp_path):
    file = tmp_path / "r.jsonl"
    desk.export("r", file)
    return file


def test_what_comes_back_is_what_went(desk, exported):
    desk.import_(exported, id="copy")
    assert list(desk.ledger.rows("copy")) == list(desk.ledger.rows("r"))
    assert desk.turn("copy") == desk.turn("r")
    grow(desk, "copy", 80)
    assert desk.verify("copy").ok


def test_a_redacted_entry_travels_without_its_text(desk, tmp_path):
    desk.redact("r", 20)
    file = tmp_path / "r.jsonl"
    desk.export("r", file)
    desk.import_(file, id="copy")
    assert desk.verify("copy").ok
    assert next(desk.ledger.rows("copy", 19, 20)).texts is None


def test_an_existing_relationship_is_not_overwritten(desk, exported):
    with pytest.raises(Conflict) as refused:
        desk.import_(exported)
    assert refused.value.code == "exists"


def lines(file):
    return file.read_text().splitlines()


def rewritten(file, said):
    file.write_text("\n".join(said) + "\n")
    return file


def edited(line, **values):
    return json.dumps(json.loads(line) | values)


DAMAGE = {
    "truncated": lambda s: s[:-3],
    "bad_line": lambda s: [*s[:-1], s[-1][:40]],
    "forged": lambda s: [*s[:20], edited(s[20], actor="mia"), *s[21:]],
    "forged ": lambda s: [*s[:20], edited(s[20], digest="f" * 64), *s[21:]],
    "forged  ": lambda s: [*s[:20], s[21], s[20], *s[22:]],
    "not_an_export": lambda s: s[1:],
    "bad_line ": lambda s: [*s[:5], "[]", *s[5:]],
    "bad_line  ": lambda s: [*s[:5], edited(s[5], facts={"kind": "nonsense"}), *s[6:]],
    "bad_line   ": lambda s: [s[0], edited(s[1], texts=[]), *s[2:]],
}


@pytest.mark.parametrize("code", DAMAGE)
def test_a_damaged_file_is_refused_whole(desk, exported, code):
    file = rewritten(exported, DAMAGE[code](lines(exported)))
    with pytest.raises(Malformed) as refused:
        desk.import_(file, id="copy")
    assert refused.value.code == code.strip()
    with pytest.raises(Unknown):
        desk.state("copy")


def test_entries_that_break_the_rules_are_refused_though_their_chain_holds(desk, tmp_path):
    from tutelage.domain.entry import START
    from tutelage.service.row import written_row

    file = tmp_path / "forged.jsonl"
    first, second = list(desk.ledger.rows("r", upto=2))
    twice = first._replace(seq=2, id="again")
    twice = twice._replace(digest=twice.after(first.digest))
    assert second.digest != twice.digest
    assert first.after(START) == first.digest
    head = {"tutelage": 1, "relationship": "forged", "entries": 2}
    rewritten(file, [json.dumps(x) for x in (head, written_row(first), written_row(twice))])
    with pytest.raises(Malformed) as refused:
        desk.import_(file)
    assert refused.value.code == "against_rules"


def test_a_file_that_is_not_there_is_said_to_be(desk, tmp_path):
    with pytest.raises(Unavailable) as refused:
        desk.import_(tmp_path / "nothing.jsonl")
    assert refused.value.code == "cannot_read"


def test_an_export_that_cannot_be_written_leaves_no_half_file(desk, tmp_path):
    with pytest.raises(Unavailable):
        desk.export("r", tmp_path / "no" / "folder" / "r.jsonl")
    assert list(tmp_path.glob("*.jsonl")) == []

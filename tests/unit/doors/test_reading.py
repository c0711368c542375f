"""Files of traces read as they come; what is broken is named, or refused."""

from __future__ import annotations

import gzip
import json
import zipfile

import pytest

from tutelage.domain.errors import Malformed, Unavailable
from tutelage.doors.exchange import reading
from tutelage.doors.exchange.reading import Inner, Item, items
from tutelage.doors.exchange.run import Skip

SPANS = Inner(through=frozenset({"outer"}), leaves=frozenset({"spans"}))


def read(file, inner=None):
    return list(items(file, inner) if inner else items(file))


def values(file, inner=None):
    return [i.value for i in read(file, inner) if isinstance(i, Item)]


def code(file, inner=None):
    with pytest.raises(Malformed) as refused:
        read(file, inner)
    return refused.value.code


@pytest.fixture
def file(tmp_path):
    return tmp_path / "traces.json"


def test_lines_a_list_and_one_document_are_all_read(file):
    file.write_text('{"a": 1}\n\n{"a": 2}\n')
    assert values(file) == [{"a": 1}, {"a": 2}]
    file.write_text('[{"a": 1}, {"a": 2}]')
    assert values(file) == [{"a": 1}, {"a": 2}]
    file.write_text('{\n"a": [1, 2]}')
    assert values(file) == [{"a": [1, 2]}]


def test_a_broken_line_is_skipped_with_its_number_and_the_next_is_read(file):
    file.write_text('{"a": 1}\n{"a": \n{"a": 3}\n')
    one, broken, three = read(file)
    assert broken == Skip("traces.json:2", "a line that is no JSON")
    assert (one.where, three.value) == ("traces.json:1", {"a": 3})


def test_a_first_line_that_is_broken_hides_no_other(file):
    file.write_text('{"a": \n{"a": 2}\n')
    assert values(file) == [{"a": 2}]


def test_lines_that_are_no_text_or_nested_too_deeply_are_skipped(tmp_path):
    file = tmp_path / "t.jsonl"
    file.write_bytes(b'{"a": "\xff"}\n' + b"[" * 100_000 + b'\n{"a": 3}\n')
    first, second, third = read(file)
    assert first.reason == "a line that is no UTF-8 text"
    assert second.reason == "a line nested too deeply"
    assert third.value == {"a": 3}


def test_a_line_without_end_is_left_out_and_not_held(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "VALUE_LIMIT", 100)
    file = tmp_path / "t.jsonl"
    file.write_text(json.dumps({"a": "x" * 5000}) + '\n{"a": 2}\n')
    long, short = read(file)
    assert long == Skip("t.jsonl:1", "a line too long to be one trace")
    assert short.value == {"a": 2}


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64])
def test_a_document_reads_the_same_however_it_comes(file, monkeypatch, chunk):
    spans = [{"n": 1, "s": 'a "quoted" ü\\'}, {"n": 1234567, "x": [1.5, None, True]}]
    file.write_text(json.dumps({"head": 9, "outer": [{"in": 1, "spans": spans}], "tail": {}}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "CHUNK", chunk)
        found = read(file, SPANS)
    assert [i.value for i in found] == spans
    assert found[0].around == {"head": 9, "in": 1}


def test_a_document_of_many_chunks_is_gone_through_piece_by_piece(file):
    spans = [{"n": n, "said": "x" * 300} for n in range(10_000)]
    file.write_text(json.dumps({"spans": spans}))
    assert values(file, SPANS) == spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"spans": [{"a": 1}, {"a": ', "torn_file|bad_json"),
        ('[{"a": 1}, nonsense]', "bad_json"),
        ('{"a": 1} {"b": 2} trailing', "bad_json"),
        ("no JSON at all", "bad_json"),
        ('{"a" 1}', "bad_json"),
        ("   ", "empty_file"),
        ("[" * 50_000, "bad_json"),
    ],
)
def test_a_document_that_is_no_json_is_refused(file, text, expected):
    file.write_text(text)
    assert code(file, SPANS) in expected.split("|")


def test_binary_and_other_encodings_are_refused(file):
    file.write_bytes(b"\x00\x01\x02")
    assert code(file) == "binary_file"
    file.write_bytes('{"a": "ü"}'.encode("latin-1"))
    assert code(file) == "bad_text"
    file.write_bytes('{"a": 1}'.encode("utf-16"))
    assert code(file) == "binary_file"


def test_a_byte_order_mark_is_no_error(file):
    file.write_bytes(b'\xef\xbb\xbf{"a": 1}\n{"a": 2}\n')
    assert values(file) == [{"a": 1}, {"a": 2}]


def test_a_packed_file_is_read_and_a_torn_one_refused(tmp_path):
    whole = gzip.compress(b'{"a": 1}\n{"a": 2}\n')
    (tmp_path / "t.jsonl.gz").write_bytes(whole)
    assert values(tmp_path / "t.jsonl.gz") == [{"a": 1}, {"a": 2}]
    (tmp_path / "torn.gz").write_bytes(whole[:-9])
    assert code(tmp_path / "torn.gz") == "torn_file"


def test_an_archive_is_read_file_by_file(tmp_path):
    file = tmp_path / "t.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("one.jsonl", '{"a": 1}\n')
        archive.writestr("picture.png", b"\x00")
    assert values(file) == [{"a": 1}]
    assert read(file)[0].where == "t.zip/one.jsonl:1"


def test_what_unpacks_to_too_much_is_skipped(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "VALUE_LIMIT", 1000)
    file = tmp_path / "t.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.json", "1" * 100_000)
    assert read(file) == [Skip("t.zip/bomb.json", "a packed file too large to be one trace")]


def test_a_torn_archive_is_refused(tmp_path):
    (tmp_path / "t.eval").write_bytes(b"PK\x03\x04 and nothing else")
    assert code(tmp_path / "t.eval") == "torn_file"


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(Unavailable, match="cannot be read"):
        read(tmp_path / "nothing.json")

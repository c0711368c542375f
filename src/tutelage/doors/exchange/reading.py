"""Files of traces read as they come: JSON, JSON lines, gzip, zip. Nothing is held whole.

What cannot be read in a file that else can is a `Skip` with its place; a file that is no trace at
all is `Malformed`.
"""

from __future__ import annotations

import codecs
import gzip
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from tutelage.domain.errors import Malformed, Unavailable
from tutelage.doors.exchange.run import Skip

CHUNK = 1 << 20
VALUE_LIMIT = 64 * 1024 * 1024  # bytes of one line, one value or one packed file
_LINES = {".jsonl", ".ndjson"}
_SPACE = re.compile(r"[\s\ufeff]*")
_DECODE = json.JSONDecoder().raw_decode
Opener = Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a file, where it stands, and what was said around it."""

    where: str
    value: Any
    around: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inner:
    """Names of the lists that are gone into; of the last ones, each element is an item."""

    through: frozenset[str] = frozenset()
    leaves: frozenset[str] = frozenset()


def items(path: Path, inner: Inner = Inner()) -> Iterator[Item | Skip]:  # frozen
    """The values in a file, in order. Raises Malformed where it is no JSON at all."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
        if head.startswith(b"PK"):
            yield from _packed(path, inner)
            return
        opener: Opener = _gzipped(path) if head.startswith(b"\x1f\x8b") else _plain(path)
        yield from _values(path.name, opener, inner)
    except OSError as problem:
        said = problem.strerror or str(problem)
        raise Unavailable("cannot_read", f"{path} cannot be read: {said}.") from None
    except EOFError:
        raise Malformed("torn_file", f"{path} ends in the middle.") from None


def _plain(path: Path) -> Opener:
    return lambda: path.open("rb")


def _gzipped(path: Path) -> Opener:
    return lambda: gzip.open(path, "rb")  # type: ignore[return-value]


def _values(name: str, opener: Opener, inner: Inner) -> Iterator[Item | Skip]:
    with opener() as stream:
        head = stream.read(CHUNK)
    if b"\0" in head[:4096]:
        raise Malformed("binary_file", f"{name} is no text: write the traces as JSON in UTF-8.")
    if not head.strip():
        raise Malformed("empty_file", f"{name} is empty.")
    with opener() as stream:
        if _is_lines(name, head):
            yield from _lines(name, stream)
        else:
            yield from _Document(name, stream, inner).items()


def _is_lines(name: str, head: bytes) -> bool:
    """Whether each line is a value of its own; the first or second says so."""
    if Path(name.removesuffix(".gz")).suffix in _LINES:
        return True
    first, _, rest = head.partition(b"\n")
    if not rest.strip():
        return False
    return _is_value(first) or _is_value(rest.partition(b"\n")[0])


def _is_value(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict | list)
    except (ValueError, RecursionError):
        return False


# lines ------------------------------------------------------------------------------------------
def _lines(name: str, stream: BinaryIO) -> Iterator[Item | Skip]:
    for number, line in enumerate(iter(lambda: stream.readline(VALUE_LIMIT), b""), start=1):
        where = f"{name}:{number}"
        if len(line) == VALUE_LIMIT:
            _rest_of(stream, line)
            yield Skip(where, "a line too long to be one trace")
        elif line.strip():
            yield _line(where, line)


def _rest_of(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(CHUNK)


def _line(where: str, line: bytes) -> Item | Skip:
    try:
        return Item(where, json.loads(line.decode("utf-8-sig")))
    except UnicodeDecodeError:
        return Skip(where, "a line that is no UTF-8 text")
    except RecursionError:
        return Skip(where, "a line nested too deeply")
    except ValueError:
        return Skip(where, "a line that is no JSON")


# one document -----------------------------------------------------------------------------------
class _Document:
    """One JSON value of any length, of which the lists named are gone through piece by piece."""

    def __init__(self, name: str, stream: BinaryIO, inner: Inner) -> None:
        self._name, self._stream, self._inner = name, stream, inner
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text, self._at, self._done, self._count = "", 0, False, 0

    def items(self) -> Iterator[Item]:
        """Its pieces. Raises Malformed at the first place that is no JSON."""
        first = self._peek()
        if first == "[":
            yield from self._list({}, leaves=not self._inner.leaves)
        elif first == "{":
            yield from self._object({})
        else:
            raise self._broken()
        if self._more():
            raise self._broken()

    def _object(self, around: dict[str, Any]) -> Iterator[Item]:
        found, gone_into = dict[str, Any](), False
        self._at += 1
        while self._next("}"):
            name = self._value()
            if not isinstance(name, str) or self._peek() != ":":
                raise self._broken()
            self._at += 1
            here = self._inner.leaves | self._inner.through
            if name in here and self._peek() == "[":
                gone_into = True
                yield from self._list(around | found, leaves=name in self._inner.leaves)
            else:
                found[name] = self._value()
        if not gone_into:
            yield self._item(found, around)

    def _list(self, around: dict[str, Any], *, leaves: bool) -> Iterator[Item]:
        self._at += 1
        while self._next("]"):
            if leaves or self._peek() != "{":
                yield self._item(self._value(), around)
            else:
                yield from self._object(around)

    def _item(self, value: Any, around: dict[str, Any]) -> Item:
        self._count += 1
        return Item(f"{self._name}#{self._count}", value, around)

    # characters ---------------------------------------------------------------------------------
    def _next(self, end: str) -> bool:
        """Whether another element comes; the comma or the end is left behind."""
        sign = self._peek()
        if sign == ",":
            self._at += 1
            sign = self._peek()
        if sign == end:
            self._at += 1
            return False
        return True

    def _peek(self) -> str:
        if not self._more():
            raise Malformed("torn_file", f"{self._name} ends in the middle.")
        return self._text[self._at]

    def _more(self) -> bool:
        """Whether something other than space comes."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return True
            if self._done:
                return False
            self._fill()

    def _value(self) -> Any:
        self._peek()
        while True:
            try:
                value, end = _DECODE(self._text, self._at)
            except RecursionError:
                raise Malformed("bad_json", f"{self._name} is nested too deeply.") from None
            except ValueError as problem:
                if not self._may_go_on(problem):
                    raise self._broken() from None
                self._fill()
                continue
            if end < len(self._text) or self._done:
                self._at = end
                return value
            self._fill()  # a number may go on

    def _may_go_on(self, problem: ValueError) -> bool:
        """Whether more text could make a value of it."""
        if self._done or len(self._text) - self._at > VALUE_LIMIT:
            return False
        where = getattr(problem, "pos", len(self._text))
        return where > len(self._text) - 16 or str(problem).startswith("Unterminated")

    def _fill(self) -> None:
        left = self._text[self._at :]
        read = self._stream.read(max(CHUNK, len(left)))
        self._done = not read
        try:
            self._text = left + self._decoder.decode(read, self._done)
        except UnicodeDecodeError:
            raise Malformed("bad_text", f"{self._name} is no UTF-8 text.") from None
        self._at = 0

    def _broken(self) -> Malformed:
        at = f" behind item {self._count}" if self._count else ""
        return Malformed("bad_json", f"{self._name} is no valid JSON{at}.")


# packed files -----------------------------------------------------------------------------------
def packed(path: Path) -> zipfile.ZipFile:
    """A zip archive. Raises Malformed where it is torn."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError):
        raise Malformed("torn_file", f"{path} is a torn archive.") from None


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | Skip:
    """One file of an archive, or why it is left out."""
    where = f"{Path(str(archive.filename)).name}/{info.filename}"
    if info.file_size > VALUE_LIMIT:
        return Skip(where, "a packed file too large to be one trace")
    if info.flag_bits & 1:
        return Skip(where, "a packed file behind a password")
    _can_read(info)
    try:
        with archive.open(info) as file:
            return file.read(VALUE_LIMIT)
    except (zipfile.BadZipFile, EOFError, ValueError, RuntimeError, OSError):
        return Skip(where, "a packed file that is torn")


ZSTANDARD = 93  # as the zip format numbers it; Inspect packs its logs so


def _can_read(info: zipfile.ZipInfo) -> None:
    if info.compress_type != ZSTANDARD:
        return
    try:
        import zipfile_zstd  # type: ignore[import-untyped] # noqa: F401, PLC0415  # adds it
    except ImportError:
        said = "This log is packed with zstandard: install tutelage[traces], or write it as JSON."
        raise Malformed("needs_zstandard", said) from None


def _packed(path: Path, inner: Inner) -> Iterator[Item | Skip]:
    with packed(path) as archive:
        for info in archive.infolist():
            if Path(info.filename).suffix not in {".json", *_LINES}:
                continue
            found = member(archive, info)
            if isinstance(found, Skip):
                yield found
            else:
                yield from _values(f"{path.name}/{info.filename}", _held(found), inner)


def _held(data: bytes) -> Opener:
    from io import BytesIO  # noqa: PLC0415

    return lambda: BytesIO(data)

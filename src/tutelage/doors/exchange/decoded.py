"""Somebody's file as text: of bounded size, in the encodings that office programs write."""

from __future__ import annotations

from pathlib import Path

from tutelage.domain.errors import Malformed

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\x0b\x0c")
FILE = 16 * 1024 * 1024


def text_in(file: Path, limit: int = FILE) -> str:
    """What a file says. Raises Malformed where it is too large, or no text."""
    return decoded(raw_in(file, limit), file.name, limit)


def raw_in(file: Path, limit: int) -> bytes:
    """A file's bytes, one more than the limit at most. Raises Malformed where there is none."""
    try:
        with file.open("rb") as opened:  # a device or pipe has no size: so much is read of any
            return opened.read(limit + 1)
    except OSError as problem:
        raise Malformed("cannot_read", f"{file} cannot be read: {problem.strerror}.") from None


def decoded(raw: bytes, name: str, limit: int) -> str:
    """These bytes as text. Raises Malformed.

    >>> decoded("Prüfung".encode("cp1252"), "table.csv", 100)
    'Prüfung'
    """
    if len(raw) > limit:
        raise Malformed("file_too_large", f"{name} is larger than {limit:,} bytes; split it.")
    encodings = [found for mark, found in MARKS if raw.startswith(mark)] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROLS & set(text):
            return text
    raise Malformed("not_text", f"{name} is no text: save it as CSV or Markdown, in UTF-8.")

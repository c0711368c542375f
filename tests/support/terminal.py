"""The command line run in this process: what it printed, and its exit code."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from tutelage.doors.cli import main


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        """The one JSON object on standard error."""
        (line,) = self.err.splitlines()
        found: dict[str, str] = json.loads(line)["error"]
        return found


class Terminal:
    """Runs `tutelage …` on a database of its own."""

    def __init__(self, url: str, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
        self._patch, self._capsys = monkeypatch, capsys
        monkeypatch.setenv("TUTELAGE_URL", url)
        monkeypatch.setenv("COLUMNS", "200")

    def __call__(self, *args: object, stdin: bytes = b"") -> Said:
        self._patch.setattr(sys, "argv", ["tutelage", *map(str, args)])
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        return Said(int(ended.value.code or 0), out, err)

    def json(self, *args: object) -> Any:
        said = self(*args, "--json")
        assert said.code == 0, said.err
        return said.json

    def refused(self, *args: object, stdin: bytes = b"") -> tuple[int, str]:
        """Exit code and error code, the same with --json and without."""
        said, plain = self(*args, "--json", stdin=stdin), self(*args, stdin=stdin)
        assert said.code == plain.code
        if plain.code != 2:
            assert f"[{said.error['code']}]" in plain.err
        return said.code, said.error["code"]

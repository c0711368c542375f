"""What the pages of the doors say is run: the curl story against a real server, the ten lines."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.doors import serving
from tests.integration.test_begin import NAMES, filled
from tutelage import Tutelage

ROOT = Path(__file__).parents[2]
BLOCK = r"```{kind}\n(.*?)```"


def blocks(page, kind):
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(BLOCK.format(kind=kind), text, re.DOTALL)


@pytest.fixture
def folder(tmp_path):
    """A folder with a goal that was filled in; its first criterion is the pages' `signal`."""
    goal = filled().replace(f'name = "{NAMES[0]}"', 'key = "signal"\nname = "Signal: of what"')
    (tmp_path / "goal.toml").write_text(goal)
    return tmp_path


def test_the_story_with_curl_runs_as_the_page_tells_it(folder):
    (story,) = blocks("docs/how-to/serve.md", "sh story")
    url = f"sqlite:///{folder / 'agent.db'}"
    with serving(url) as at:
        port = at.rpartition(":")[2]
        script = story.replace("sqlite:///agent.db", url).replace(":8000", f":{port}")
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    assert 'event: guidance\ndata: {"situation": "second"}' in done.stdout
    last = json.loads(done.stdout.strip().splitlines()[-1])
    assert (last["phase"], last["levels"]["signal"]["n"]) == ("guided", 2)
    with Tutelage(url) as desk:
        decided = desk.state("pair").find("second").decision
    assert decided.event.advice == "taken"


@pytest.mark.parametrize("page", ["README.md", "docs/how-to/connect-an-agent.md"])
def test_the_ten_lines_run_from_a_goal_that_was_filled_in(page, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    (code,) = (c for c in blocks(page, "python") if "begin(" in c)
    mine = "def agent(task, context):\n    return 'Roll back.', 'It is what I know.'\n\n"
    run = compile(mine + code if "def agent" not in code else code, page, "exec")
    exec(run, {})  # noqa: S102  # the page's own code
    assert capsys.readouterr().out.strip().endswith("?")
    statements = [
        line
        for line in code[code.index("with Tutelage") :].splitlines()  # the agent is the user's own
        if line.strip() and not line.lstrip().startswith(("#", "from ", "import "))
    ]
    assert len(statements) <= 10

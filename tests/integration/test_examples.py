"""The four examples run, tell a story, and use nothing that a newcomer could not."""

from __future__ import annotations

import ast
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted(Path(__file__).parents[2].joinpath("examples").glob("*.py"))
PUBLIC = {"tutelage", "tutelage.domain", "tutelage.trainers", "tutelage.guidance"}
SAYS = {
    "person_person": ("Wait for the learner's own call", "not in what Leo sees: True", "now asks"),
    "person_agent": ("Coach:", "0 more questions", "Ask about the worry first"),
    "agent_person": ("Mia shares", "made a principle of it", "Refund it"),
    "agent_agent": ("from share to ask", "from debrief to independent", "by quarter"),
}
example = pytest.mark.parametrize("file", EXAMPLES, ids=lambda f: f.stem)


def test_there_is_one_for_each_pairing_and_the_readme_names_it():
    assert {f.stem for f in EXAMPLES} == set(SAYS)
    readme = EXAMPLES[0].with_name("README.md").read_text()
    assert all(f.name in readme for f in EXAMPLES)


@example
def test_an_example_tells_its_story(file, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(file), run_name="__main__")
    said = capsys.readouterr().out
    assert all(words in said for words in SAYS[file.stem])
    assert 5 <= len(said.splitlines()) <= 40
    assert list(tmp_path.iterdir()) == []


@example
def test_an_example_fits_a_screen_and_imports_what_is_public(file):
    text = file.read_text()
    assert len(text.splitlines()) < 80
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            module = str(node.module)
            assert module in PUBLIC or module.rpartition(".")[0] in PUBLIC
            assert not [a.name for a in node.names if a.name.startswith("_")]


@pytest.mark.slow
@example
def test_an_example_ends_well_as_a_program(file):
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

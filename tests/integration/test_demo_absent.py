"""A demo that is not installed: how to get it, and exit code 2."""

import pytest

from tests.support.terminal import Terminal
from tutelage.doors import cli


@pytest.fixture
def run(sqlite_url, monkeypatch, capsys):
    return Terminal(sqlite_url, monkeypatch, capsys)


def test_a_bare_installation_says_how_to_get_the_demo(run, monkeypatch):
    monkeypatch.setattr(cli, "entry_points", lambda **_: ())
    said = run("demo")
    assert said.code == 2
    assert "make demo" in said.err
    assert "There is" not in said.err


def test_a_name_that_is_no_demo_is_answered_with_those_there_are(run):
    said = run("demo", "chess", "--json")
    assert (said.code, said.error["code"]) == (2, "no_demo")
    assert "There is: backgammon." in said.error["message"]
    assert said.out == ""


@pytest.mark.parametrize("games", ["0", "1001", "x"])
def test_a_demo_of_no_games_is_wrong_usage(run, games):
    assert run("demo", "chess", "--games", games).code == 2


def test_what_is_installed_is_run_with_what_was_given(run, monkeypatch, tmp_path):
    played = {}

    class Entry:
        name = "chess"

        def load(self):
            return played.update

    monkeypatch.setattr(cli, "entry_points", lambda **_: (Entry(),))
    assert run("demo", "chess", "--seed", 3, "--games", 2, "--out", tmp_path).code == 0
    assert played == {"seed": 3, "games": 2, "out": tmp_path, "as_json": False}

"""What is shipped: one command, types, and no GPL."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from functools import cache
from importlib import resources
from importlib.metadata import PackageNotFoundError, distribution, entry_points
from pathlib import Path

import pytest

import tutelage

ROOT = Path(__file__).parents[2]


def needs(name: str) -> list[str]:
    """The packages a distribution requires, without extras and other platforms'."""
    from packaging.requirements import Requirement

    found = map(Requirement, distribution(name).requires or ())
    here = [r for r in found if r.marker is None or r.marker.evaluate({"extra": ""})]
    extras = {f"{r.name}-{e}" for r in here for e in r.extras}
    return [*(r.name for r in here), *extras]


@cache
def shipped() -> dict[str, str]:
    """Every package that comes with the wheel, and what it says of its license."""
    found: dict[str, str] = {}
    queue = ["tutelage"]
    while queue:
        name = queue.pop()
        if name.lower() in found:
            continue
        try:
            meta = distribution(name).metadata
        except PackageNotFoundError:
            continue  # an optional one that is not here
        said = [meta.get("License-Expression") or "", (meta.get("License") or "")[:200]]
        said += [c for c in meta.get_all("Classifier") or [] if c.startswith("License")]
        found[name.lower()] = " ".join(said)
        queue += needs(name)
    return found


def test_no_gpl_package_comes_with_the_wheel():
    found = shipped()
    assert {"pydantic", "numpy", "sqlalchemy", "typer", "psycopg"} <= set(found)
    assert not {"gnubg-nn", "tutelage-studies"} & set(found)
    gpl = {n: said for n, said in found.items() if re.search(r"(?<!L)GPL|GNU General", said)}
    assert {n for n in gpl if "Lesser" not in gpl[n]} == set()


def test_every_package_that_comes_with_the_wheel_names_its_license():
    assert [name for name, said in shipped().items() if not said.strip()] == []


def test_types_are_shipped():
    assert resources.files("tutelage").joinpath("py.typed").is_file()
    assert "Typing :: Typed" in (distribution("tutelage").metadata.get_all("Classifier") or [])


def test_the_package_gives_the_desk():
    from tutelage.service.desk import Tutelage

    assert tutelage.Tutelage is Tutelage
    assert set(tutelage.__all__) == {"Tutelage", "Written", "begin"}
    assert tutelage.Written.__name__ == "Written"
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = tutelage.nonsense


def test_there_is_one_command():
    commands = entry_points(group="console_scripts", name="tutelage")
    assert {c.value for c in commands} == {"tutelage.doors.cli:main"}


def test_help_loads_neither_numpy_nor_sql():
    code = (
        "import sys, tutelage.doors.cli; print({'numpy', 'scipy', 'sqlalchemy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.slow
def test_the_wheel_installs_alone_and_says_how_to_get_the_demo(tmp_path):
    uv = shutil.which("uv") or ROOT / ".uv" / "bin" / "uv"
    subprocess.run([uv, "build", "--wheel", "--out-dir", tmp_path, ROOT], check=True)
    (wheel,) = tmp_path.glob("tutelage-*.whl")
    subprocess.run([uv, "venv", tmp_path / "venv", "--python", sys.executable], check=True)
    into = ["--python", tmp_path / "venv" / "bin" / "python"]
    subprocess.run([uv, "pip", "install", *into, wheel], check=True)
    command = tmp_path / "venv" / "bin" / "tutelage"
    helped = subprocess.run([command, "--help"], capture_output=True, text=True, check=True)
    demo = subprocess.run([command, "demo"], capture_output=True, text=True, check=False)
    assert "mentoring" in helped.stdout
    assert demo.returncode == 2
    assert "make demo" in demo.stderr

"""The pages, and the script that makes some of them."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def _load(name: str) -> ModuleType:
    sys.path.insert(0, str(ROOT / "docs"))  # as if it were run; it imports its neighbour
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def generate() -> ModuleType:
    """docs/generate.py as a module."""
    return _load("generate")


@pytest.fixture(scope="session")
def operating() -> ModuleType:
    """docs/operating.py as a module."""
    return _load("operating")


@pytest.fixture(scope="session")
def drawn() -> ModuleType:
    """docs/drawn.py as a module."""
    return _load("drawn")


@pytest.fixture(scope="session")
def docs() -> dict[str, str]:
    """Every page by its path from the repository's root."""
    files = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    return {str(f.relative_to(ROOT)): f.read_text(encoding="utf-8") for f in files}

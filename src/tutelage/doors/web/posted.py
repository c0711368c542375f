"""What a page posted: its fields by name, files left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def many(form: Any) -> dict[str, list[str]]:
    """Every value of every field."""
    return {k: [v for v in form.getlist(k) if isinstance(v, str)] for k in form}


def one(form: Any) -> dict[str, str]:
    """One value of every field."""
    return {k: v for k, v in form.items() if isinstance(v, str)}


def first(sent: Mapping[str, list[str]], name: str) -> str:
    """The first value of a field; empty where there is none."""
    found = sent.get(name, [])
    return found[0] if found else ""

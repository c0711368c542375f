"""What every answer of a door is made from."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """An answer of a door: read from what the desk returns."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Problem(BaseModel):
    """What went wrong: a stable code for programs, one sentence for people (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str

"""All pages of people's relationships, one topic a module."""

from __future__ import annotations

from fastapi import APIRouter

from tutelage.doors.web import (
    acts,
    between,
    case,
    course,
    levels,
    life,
    obstacles,
    pair,
    privacy,
    start,
)

router = APIRouter()
for topic in (start, pair, case, acts, levels, obstacles, life, between, course, privacy):
    router.include_router(topic.router)

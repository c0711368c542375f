"""All pages of people's relationships, one topic a module."""

from __future__ import annotations

from fastapi import APIRouter

from tutelage.doors.web import (
    account,
    acts,
    between,
    case,
    course,
    levels,
    life,
    pair,
    privacy,
    start,
)

router = APIRouter()
for topic in (account, start, pair, case, acts, levels, life, between, course, privacy):
    router.include_router(topic.router)

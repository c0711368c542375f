"""All pages of people's relationships, one topic a module."""

from __future__ import annotations

from fastapi import APIRouter

from tutelage.doors.web import (
    account,
    acts,
    agreement,
    begin,
    between,
    case,
    channels,
    course,
    goal,
    handover,
    levels,
    life,
    live,
    notices,
    obstacles,
    pair,
    privacy,
    start,
)

router = APIRouter()
for topic in (
    account,
    start,
    agreement,
    begin,
    goal,
    pair,
    case,
    acts,
    levels,
    obstacles,
    life,
    handover,
    live,
    between,
    course,
    privacy,
    notices,
    channels,
):
    router.include_router(topic.router)

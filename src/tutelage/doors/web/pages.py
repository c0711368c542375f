"""All pages of people's relationships, one topic a module."""

from __future__ import annotations

from fastapi import APIRouter

from tutelage.doors.web import (
    account,
    acts,
    agreement,
    begin,
    between,
    brought,
    carried,
    case,
    channels,
    course,
    goal,
    handover,
    joining,
    levels,
    life,
    live,
    matching,
    notices,
    obstacles,
    pair,
    practice,
    privacy,
    programme,
    programme_evidence,
    programme_people,
    start,
    talks,
    verify,
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
    matching,
    live,
    between,
    course,
    privacy,
    notices,
    programme,
    programme_people,
    programme_evidence,
    talks,
    practice,
    carried,
    brought,
    verify,
    channels,
    joining,
):
    router.include_router(topic.router)
router.include_router(talks.feeds)

"""A planned talk: when it is now, how often it was changed, and what each of the two says to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tutelage.domain.entry import Draft, Entry
from tutelage.domain.errors import Malformed, Refused, Unknown
from tutelage.domain.events.talk import TalkAnswered, TalkCancelled, TalkMoved, TalkPlanned
from tutelage.domain.values import replace

MOST_AHEAD = timedelta(days=2 * 365)  # a year that was typed wrongly
MOST = 64  # talks kept in the state; of those that are over the oldest go first
Change = TalkPlanned | TalkMoved | TalkCancelled


@dataclass(frozen=True)
class Talk:
    """A talk as it stands: the entry that says when, and the last one that changed anything."""

    says: Entry[TalkPlanned] | Entry[TalkMoved]
    changed: Entry[Change]
    sequence: int = 0  # how often it was changed, as calendars count it
    cancelled: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)

    def over(self, now: datetime) -> bool:
        """Whether it has begun, or was to."""
        return self.says.event.at <= now


def with_talk(talks: Mapping[str, Talk], entry: Entry[Any]) -> dict[str, Talk]:
    """The talks after this entry."""
    event: Change | TalkAnswered = entry.event
    known = talks.get(event.talk)
    match event:
        case TalkPlanned():
            kept = _bounded(talks, entry.written_at)
            return {**kept, event.talk: Talk(entry, entry)}
        case _ if known is None:
            return dict(talks)
        case TalkMoved():
            now = Talk(entry, entry, known.sequence + 1)
        case TalkCancelled():
            now = replace(known, changed=entry, sequence=known.sequence + 1, cancelled=True)
        case TalkAnswered(answer=answer):
            now = replace(known, answers={**known.answers, entry.actor: answer})
    return {**talks, event.talk: now}


def _bounded(talks: Mapping[str, Talk], now: datetime) -> dict[str, Talk]:
    """With room for one more; calendars still hold what is to come, so that stays."""
    over = [key for key, talk in talks.items() if talk.over(now)]
    gone = set(over[: max(0, len(talks) + 1 - MOST)])
    return {key: talk for key, talk in talks.items() if key not in gone}


def _zone(name: str) -> bool:
    """Whether there is a zone of this name."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True


def check_talk(talks: Mapping[str, Talk], draft: Draft) -> None:
    """Refuse a date that is past or far away, and whatever is said of a talk that is off."""
    event = draft.event
    if isinstance(event, TalkPlanned | TalkMoved):
        if not _zone(event.zone):
            raise Malformed("bad_time", f"There is no zone of time {event.zone}.")
        if event.at <= draft.now:
            raise Refused("talk_past", "This is past already; choose a time to come.")
        if event.at > draft.now + MOST_AHEAD:
            raise Refused("talk_far", "This is more than two years away; look at the year.")
    if isinstance(event, TalkPlanned):
        if event.talk in talks:
            raise Refused("id_reused", f"There is a talk {event.talk} already.")
        if sum(not talk.over(draft.now) for talk in talks.values()) >= MOST:
            raise Refused("many_talks", f"{MOST} talks are planned; plan more when some are over.")
        return
    assert isinstance(event, TalkMoved | TalkCancelled | TalkAnswered)  # noqa: S101  # by the rules
    known = talks.get(event.talk)
    if known is None:
        raise Unknown("unknown_talk", f"There is no talk {event.talk}.")
    if known.cancelled:
        raise Refused("talk_cancelled", "This talk was called off; plan another.")
    if isinstance(event, TalkMoved | TalkAnswered) and known.over(draft.now):
        raise Refused("talk_over", "This talk is over; plan another.")

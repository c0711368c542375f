"""Calendar files (RFC 5545, RFC 5546): a talk as an invite that can be moved and called off."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from tutelage.service.preference import zone

PRODUCT = "-//Tutelage//Tutelage//EN"
Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}
LONGEST = 200_000  # bytes of an answer; a calendar's own is a few thousand


@dataclass(frozen=True, slots=True)
class Meeting:
    """A talk as one person's calendar holds it."""

    uid: str
    sequence: int
    cancelled: bool
    at: datetime
    zone: str
    minutes: int
    title: str
    where: str
    stamp: datetime  # when it was last changed
    url: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a calendar answered: about which meeting, as of which change, yes or no, and when."""

    uid: str
    sequence: int
    answer: str
    stamp: str = ""


def calendar(method: Method, meetings: Iterable[Meeting], organizer: str, attendee: str) -> bytes:
    """A calendar file; invites are from one mailbox to one, a feed names neither.

    Times are by the zone the talk was planned in, with that zone's rules in the file.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", method)
    known = list(meetings)
    for rules in _zones(known):
        made.add_component(rules)
    for one in known:
        made.add_component(_event(one, organizer, attendee))
    return bytes(made.to_ical())


def _event(one: Meeting, organizer: str, attendee: str) -> Event:
    made = Event()
    here = _clock(one)
    start = one.at.astimezone(here)
    made.add("uid", one.uid)
    made.add("sequence", one.sequence)
    made.add("dtstamp", one.stamp)
    made.add("last-modified", one.stamp)
    made.add("dtstart", start)
    made.add("dtend", (one.at + timedelta(minutes=one.minutes)).astimezone(here))
    made.add("summary", _line(one.title))
    made.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    made.add("url", one.url)
    if one.where:
        made.add("location", _line(one.where))
    if organizer:
        made.add("organizer", _named(organizer, "Tutelage"))
        asked = _named(attendee, attendee)
        asked.params["partstat"] = vText("NEEDS-ACTION")
        asked.params["rsvp"] = vText("TRUE")
        made.add("attendee", asked, encode=False)
    return made


def _clock(one: Meeting) -> tzinfo:
    """By which clock it is written: that of its zone, but in the hour that comes twice by UTC."""
    here = zone(one.zone)
    ends = (one.at, one.at + timedelta(minutes=one.minutes))
    twice = any(moment.astimezone(here).fold for moment in ends)
    return UTC if twice else here


def _named(mail: str, name: str) -> vCalAddress:
    made = vCalAddress(f"mailto:{mail}")
    made.params["cn"] = vText(name)
    return made


def _line(text: str) -> str:
    """One line that steers nothing."""
    kept = (" " if c in "\r\n\t" else c for c in text)
    return "".join(c for c in kept if unicodedata.category(c)[0] != "C")[:200]


def _zones(meetings: Iterable[Meeting]) -> Iterable[Timezone]:
    """The rules of each zone that is used, for the years it is used in."""
    years: dict[str, list[int]] = {}
    for one in meetings:
        here = getattr(zone(one.zone), "key", "UTC")
        if here != "UTC":
            years.setdefault(here, []).append(one.at.year)
    for name, used in sorted(years.items()):
        first, last = date(min(used) - 1, 1, 1), date(max(used) + 2, 1, 1)
        yield Timezone.from_tzid(name, first_date=first, last_date=last)


def reply(given: bytes) -> Reply | None:
    """What a calendar answered; None where this is no answer that says anything."""
    if len(given) > LONGEST:
        return None
    try:
        read = Calendar.from_ical(given)
        if str(read.get("method", "")).upper() != "REPLY":
            return None
        event = next(iter(read.walk("VEVENT")))
        asked = event.get("attendee")
        asked = asked[0] if isinstance(asked, list) else asked
        said = ANSWERS.get(str(asked.params.get("PARTSTAT", "")).upper())
        uid, sequence = str(event["uid"]), int(event.get("sequence", 0))
        at = str(getattr(event.get("dtstamp"), "dt", ""))
    except (ValueError, KeyError, IndexError, AttributeError, StopIteration, TypeError):
        return None
    return Reply(uid, sequence, said, at) if said else None

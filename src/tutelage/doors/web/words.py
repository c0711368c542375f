"""The pages' words in the reader's language, and times in the reader's zone.

English is what stands in the source. A catalogue is read as translators write it, when it is first
asked for; so there is no step of building. A sentence with something in it is found by its form:
``There is no situation %(key)s.``
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, available_timezones

from tutelage.doors.web.stated import KINDS, N_

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""The languages of the pages, each by its own name."""

AREAS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
LONGEST = 600  # a sentence of ours is shorter; nothing longer is looked at
WRITTEN = {"en": "yyyy-MM-dd HH:mm z", "de": "dd.MM.yyyy, HH:mm z"}

_DOMAIN = ("rules", "agreeing", "talking", "guiding", "growing", "goal")
_SERVICE = ("accounts", "session", "writer", "programmes", "overview", "profile")
FORMED = frozenset({"stated", *_DOMAIN, *_SERVICE, "limits", "roster", "decoded"})
"""Where sentences of ours come from with something in them already; elsewhere nothing is matched,
for somebody's own words could look like a sentence of ours."""

_HOLE = re.compile(r"%\((\w+)\)s")
_ASKED = re.compile(r"\s*([A-Za-z]{1,8})(?:-[\w-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?")
_DECIMAL = re.compile(r"\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is made."""

    language: str = "en"
    zone: tzinfo = UTC
    chosen: str = ""  # the zone as this browser was told it


READER: ContextVar[Reader] = ContextVar("reader", default=Reader())  # noqa: B039  # frozen
"""Who reads the answer to the request at hand."""


def reads(header: str = "", zone: str = "") -> None:
    """From here on a page is for this browser: the languages it asks for, the zone it was told."""
    chosen = zone if zone in zones() else ""
    READER.set(Reader(preferred(header), known_zone(zone) or UTC, chosen))


def speaks(language: str) -> None:
    """From here on a page is for somebody who chose this language."""
    if language in LANGUAGES:
        READER.set(replace(READER.get(), language=language))


def language() -> str:
    """The language of the page at hand."""
    return READER.get().language


def zone_name() -> str:
    """The zone of the page at hand, as it is chosen."""
    return str(getattr(READER.get().zone, "key", "UTC"))


def chosen_zone() -> str:
    """The zone that was chosen, or found by a script; empty where nobody said."""
    return READER.get().chosen


def preferred(header: str) -> str:
    """The language of ours that a browser likes best; English where it names none."""
    best, found = 0.0, "en"
    for part in header[:LONGEST].split(","):
        asked = _ASKED.fullmatch(part)
        weight = float(asked[2] or 1) if asked else 0.0
        if asked and asked[1].lower() in LANGUAGES and weight > best:
            best, found = weight, asked[1].lower()
    return found


# zones -----------------------------------------------------------------------------------------
@cache
def zones() -> tuple[str, ...]:
    """The zones to choose from."""
    return ("UTC", *sorted(z for z in available_timezones() if z.split("/")[0] in AREAS))


def known_zone(name: str) -> tzinfo | None:
    """A zone by its name; None where there is no such zone."""
    return ZoneInfo(name) if name != "UTC" and name in zones() else None


def when(moment: datetime | None) -> str:
    """A time as the reader's clock shows it, with its zone."""
    if moment is None:
        return ""
    from babel.dates import format_datetime  # noqa: PLC0415  # slow, and programs need it not

    here = READER.get()
    return format_datetime(moment, WRITTEN[here.language], here.zone, here.language)


# words -----------------------------------------------------------------------------------------
def say(text: str) -> str:
    """A text of ours in the reader's language; what is not ours stays as it is.

    >>> say("Nobody wrote this.")
    'Nobody wrote this.'
    """
    if not text or language() == "en" or len(text) > LONGEST:
        return text
    exact, forms = _catalogue(language())
    if text in exact:
        return exact[text]
    for form, said in forms:
        found = form.fullmatch(text)
        if found:
            return said % {name: _inner(value) for name, value in found.groupdict().items()}
    return text


def tell(text: str, **parts: object) -> str:
    """A sentence of ours with something in it."""
    return say(text) % parts


def word(value: object) -> str:
    """A term of the ledger as people read it."""
    said = str(value)
    return say(TERMS.get(said, said.replace("_", " ")))


MEANS = {
    "waiting": N_("not begun"),
    "share": N_("stories and questions"),
    "ask": N_("questions, no answers"),
    "debrief": N_("you decide first; it is looked at afterwards"),
    "independent": N_("no guidance; you ask for it if you want it"),
}


def means(level: str) -> str:
    """What help a level is, in a few words."""
    return say(MEANS.get(level, ""))


def gettext(text: str) -> str:
    """A text of a template."""
    return _catalogue(language())[0].get(text, text) if language() != "en" else text


def ngettext(one: str, many: str, count: int) -> str:
    """A text of a template that counts."""
    return gettext(one if count == 1 else many)


def _inner(value: str) -> str:
    """What stands in a sentence: a term, a number, or somebody's words."""
    if _DECIMAL.fullmatch(value):
        return value.replace(".", ",")
    if value in TERMS:
        return word(value)
    said = say(value)
    return said if said != value else ", ".join(say(part) for part in value.split(", "))


Forms = tuple[tuple[re.Pattern[str], str], ...]


@cache
def _catalogue(language: str) -> tuple[dict[str, str], Forms]:
    """What is said exactly so, and the sentences with something in them."""
    from babel.messages.pofile import read_po  # noqa: PLC0415  # slow, and English needs it not

    kept = resources.files(__package__) / "locale" / language / "LC_MESSAGES/tutelage.po"
    with kept.open("rb") as file:
        read = read_po(file, locale=language)
    texts = [m for m in read if m.id and m.string]
    formed = (m for m in texts if {f.removesuffix(".py") for f, _line in m.locations} & FORMED)
    forms = tuple((_form(str(m.id)), str(m.string)) for m in formed if _HOLE.search(str(m.id)))
    return {str(m.id): str(m.string) for m in texts}, forms


def _form(text: str) -> re.Pattern[str]:
    start, *rest = _HOLE.split(text)  # text, name, text, name, … text
    most = "*" if not start else "*?"  # a name that a sentence begins with may hold colons itself
    said = re.escape(start)
    for n, (name, after) in enumerate(zip(rest[::2], rest[1::2], strict=True)):
        said += f"(?P<{name}>.{'*?' if n else most}){re.escape(after)}"
    return re.compile(said, re.DOTALL)


TERMS = {
    "learner": N_("learner"),
    "trainer": N_("trainer"),
    "rater": N_("rater"),
    "owner": N_("owner"),
    "mentor": N_("mentoring"),
    "coach": N_("coaching"),
    "agreement": N_("agreement"),
    "goal": N_("goal"),
    "design": N_("design"),
    "baseline": N_("baseline"),
    "guided": N_("guided"),
    "withdrawn": N_("guidance withdrawn"),
    "follow_up": N_("follow-up"),
    "empty": N_("empty"),
    "proposed": N_("proposed"),
    "agreed": N_("agreed"),
    "active": N_("active"),
    "paused": N_("paused"),
    "lapsed": N_("lapsed"),
    "closed": N_("closed"),
    "ended": N_("ended"),
    "waiting": N_("waiting"),
    "share": N_("share"),
    "ask": N_("ask"),
    "debrief": N_("debrief"),
    "independent": N_("independent"),
    **KINDS,
}
"""What the ledger calls roles, phases and levels, as people read it."""

LABELS = {
    "chosen": N_("How this case was chosen"),
    "told_because": N_("Why told although asking was due"),
    "advice_why": N_("Why this with the advice"),
    "missed": N_("What I missed"),
    "consulted": N_("Help I had"),
    "used_to_think": N_("I used to think"),
    "now_think": N_("Now I think"),
    "because": N_("Because"),
    "where_next": N_("Where it may come up next"),
    "reason": N_("Reason"),
    "why": N_("Why"),
    "expects": N_("What I expect"),
    "situations": N_("Situations"),
}
"""What else an entry says, where no page asks for it."""

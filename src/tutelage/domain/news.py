"""News: what somebody is told once though it makes nobody's turn: a concern, a declined date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tutelage.domain.entry import Entry
from tutelage.domain.events import ConcernRaised
from tutelage.domain.events.talk import TalkAnswered

MOST = 16  # kept in the state; whoever was told of the last ones looks at the page anyway


@dataclass(frozen=True)
class News:
    """That something happened, and when; of a concern neither who raised it nor a word."""

    what: Literal["concern", "declined"]
    seq: int
    at: datetime
    talk: str = ""
    actor: str = ""


def with_news(news: tuple[News, ...], entry: Entry[Any]) -> tuple[News, ...]:
    """The news after this entry."""
    match entry.event:
        case ConcernRaised():
            new = News("concern", entry.seq, entry.written_at)
        case TalkAnswered(talk=key, answer="declined"):
            new = News("declined", entry.seq, entry.written_at, key, entry.actor)
        case _:
            return news
    return (*news, new)[-MOST:]

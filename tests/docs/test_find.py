"""What people look for stands on the pages under the words that the docs name."""

from __future__ import annotations

import re

from tests.support.sentences import sentences

ASKED = (
    "agreement",
    "refused",
    "private notes",
    "whose turn",
    "reply from mail and phone",
    "invites that update",
    "one scroll",
    "carried actions",
    "pause, handover, end",
    "progress per criterion",
    "programme without contents",
    "export and delete",
    "single sign-on, several roles",
    "concern route",
    "digest preferences",
)


def test_all_that_people_ask_for_has_its_place(docs):
    page = docs["docs/how-to/find.md"]
    assert not [what for what in ASKED if what not in page]


def test_every_page_and_box_that_is_named_is_there_under_that_name(docs):
    known = {text.strip() for text in sentences()}
    named = re.findall(r"(?<!\*)\*([^*|]+)\*(?!\*)", docs["docs/how-to/find.md"])
    parts = [part.strip() for path in named for part in path.split("→")]
    assert not [p for p in parts if not any(k == p or k.startswith(p) for k in known)]

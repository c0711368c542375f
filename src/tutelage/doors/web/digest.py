"""What waits for somebody, as a mail: who, what kind, since when, and where; no word of a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextvars import copy_context
from urllib.parse import quote

from tutelage.doors.web import words
from tutelage.doors.web.answered import NONE, Answers, answers
from tutelage.doors.web.notices import PURPOSE
from tutelage.doors.web.start import ASKS
from tutelage.doors.web.stated import N_
from tutelage.service.accounts import Person
from tutelage.service.desk import Tutelage
from tutelage.service.notify import Body, Mail, Word
from tutelage.service.preference import Wishes
from tutelage.service.reply import BOUNCE, Replies, Reply
from tutelage.service.secret import Signature
from tutelage.service.telling import LAPSED, Telling

NEWS = {
    LAPSED: N_("Set aside, for nobody wrote for 28 days; either of you can resume it"),
    "match": N_("Somebody is proposed to you"),
    "trial": N_("Three situations are closed: go on, or look for another?"),
    "concern": N_("A concern was raised with you"),
    "support": N_("They ask for support"),
    "declined": N_("The date of your talk was declined"),
}
"""What is told beside whose turn it is."""
SHOWN = 30  # lines of one mail; the page has them all


def worded(desk: Tutelage, at: str, replies: Replies | None = None) -> Word:
    """Words the mails of a server that people reach there, and answer there."""
    signature = Signature(desk.ledger.engine, PURPOSE, desk.entropy)

    def word(person: Person, wishes: Wishes, told: Sequence[Telling]) -> Mail:
        stop = f"{at}/stop/{signature.of(person.name)}"
        return copy_context().run(_mail, person, wishes, told, at, stop, replies)

    return word


def chatted(at: str) -> Word:
    """Words messages in a chat; others may read there, so no link in them ends anything."""

    def word(person: Person, wishes: Wishes, told: Sequence[Telling]) -> Mail:
        return copy_context().run(_chat, person, wishes, told, at)

    return word


def hooked(at: str) -> Body:
    """What a webhook says of one thing; of what is rated blind neither whom nor when."""

    def body(one: Telling) -> dict[str, object]:
        of_match = one.key.what == "match"  # there is no relationship yet
        seen = {
            "relationship": None if of_match else one.key.relationship,
            "seq": one.key.seq,
            "stage": one.key.stage,
            "since": one.since.isoformat(),
            "link": f"{at}{_place(one)}",
        }
        blind = {**dict.fromkeys(seen), "link": f"{at}/"}
        return {"kind": one.kind, **(blind if one.blind else seen)}

    return body


def _chat(person: Person, wishes: Wishes, told: Sequence[Telling], at: str) -> Mail:
    words.reads("", wishes.zone)
    words.speaks(person.language)
    choose = words.tell("What is told here, and when, you choose here: %(link)s", link=f"{at}/me")
    return Mail(_subject(told), "\n\n".join([*_lines(told, at, NONE), choose]))


def _mail(
    person: Person,
    wishes: Wishes,
    told: Sequence[Telling],
    at: str,
    stop: str,
    replies: Replies | None,
) -> Mail:
    words.reads("", wishes.zone)
    words.speaks(person.language)
    seen, back = [one for one in told if not one.blind][:SHOWN], Reply(person.name, BOUNCE)
    wanted = [back, *(reply for one in seen for reply in one.replies)]
    to = replies.addresses(wanted) if replies else {}
    answered = answers(told, to) if replies else NONE
    parts = (
        words.tell("Hello %(name)s,", name=person.name),
        words.say("this waits for you in Tutelage:"),
        *_lines(told, at, answered),
        *filter(None, (answered.whole, *answered.how_to)),
        words.tell("What is mailed to you, and when, you choose here: %(link)s", link=f"{at}/me"),
        words.tell("No more of these mails: %(link)s", link=stop),
    )
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        **({"Reply-To": answered.to} if answered.to else {}),
    }
    text = "\n\n".join(parts) + "\n"
    return Mail(_subject(told), text, headers, to.get(back, ""))


def _subject(told: Sequence[Telling]) -> str:
    count = sum(not one.blind for one in told) + any(one.blind for one in told)
    if count == 1:
        return words.say("Something waits for you in Tutelage")
    return words.tell("%(count)s things wait for you in Tutelage", count=count)


def _lines(told: Sequence[Telling], at: str, answered: Answers) -> Iterator[str]:
    """A line for each, and where it is; of what is rated blind one line, however much it is."""
    seen = [(n, one) for n, one in enumerate(told) if not one.blind]
    for n, one in seen[:SHOWN]:
        by_mail = "".join(f"\n  {line}" for line in answered.lines.get(n, ()))
        yield f"- {_said(one)}\n  {at}{_place(one)}{by_mail}"
    if len(seen) > SHOWN:
        more = words.tell("%(count)s more", count=len(seen) - SHOWN)
        yield f"- {more}\n  {at}/"
    if len(seen) < len(told):
        yield f"- {words.say(ASKS['rate'])}\n  {at}/"


def _place(one: Telling) -> str:
    """Where it is looked at."""
    there = f"/r/{quote(one.key.relationship, safe='')}"
    within = f"/programmes/{quote(one.programme, safe='')}"
    places = {
        "match": f"{within}/matches",
        "trial": f"{within}/matches",
        "support": f"{within}#support",
        "concern": f"{there}/concerns",
        "declined": f"{there}/talks",
    }
    return places.get(one.key.what, there)


def _said(one: Telling) -> str:
    """What waits, with whom and since when."""
    since = words.when(one.since)
    names = " · ".join(one.others)
    asks = words.say(NEWS.get(one.key.what) or ASKS[one.key.what])
    told = {"what": asks, "name": names, "since": since}
    if not names:  # whoever raised a concern is not named
        return words.tell("%(what)s · since %(since)s", what=asks, since=since)
    said = words.tell("%(what)s · %(name)s · since %(since)s", **told)
    if one.key.stage:
        again = words.tell("it has waited for %(days)s days", days=one.key.stage)
        return f"{said} · {again}"
    return said

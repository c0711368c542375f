"""``tutelage notify``: tell people what waits for them, where no server does."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tutelage.domain.errors import Malformed
from tutelage.doors import writing
from tutelage.doors.common import Json, out, say
from tutelage.doors.retaining import repeat

if TYPE_CHECKING:
    from tutelage.service.calendars import Calendars
    from tutelage.service.desk import Tutelage
    from tutelage.service.inviting import Inviter
    from tutelage.service.mail import Mailer
    from tutelage.service.notify import Also, Notifier
    from tutelage.service.reply import Replies
    from tutelage.service.replying import Replying
    from tutelage.service.settings import MailServer, ReplyBox, Settings

MINUTE = 60.0
TIMEOUT = 15.0  # seconds that a mail at the end may still take
HERE = "http://127.0.0.1:8000"


def notifier(
    desk: Tutelage,
    server: MailServer | None,
    at: str,
    box: ReplyBox | None = None,
    also: Sequence[Also] = (),
    *,
    private: bool = False,
) -> Notifier:
    """Who tells the people of this desk, through this mail server, with links to there.

    With a box it reads their answers, too; `private` lets channels lead into private networks.
    """
    from tutelage.doors.web.digest import chatted, hooked, worded  # noqa: PLC0415  # pages
    from tutelage.service.mail import Mailer  # noqa: PLC0415
    from tutelage.service.notify import Notifier, Words  # noqa: PLC0415
    from tutelage.service.reply import Replies  # noqa: PLC0415

    at, post = at.rstrip("/"), Mailer(server, desk.clock) if server else None
    replies = read = None
    if box is not None and post is not None:
        replies = Replies(desk.ledger.engine, desk.clock, desk.entropy, box.address)
        read = _replying(desk, post, at, box, replies)
    said = Words(worded(desk, at, replies), chatted(at), hooked(at))
    return Notifier(desk, post, said, replying=read, also=also, private=private)


def told_by(desk: Tutelage, set_up: Settings) -> Notifier:
    """Who tells the people of this desk, as it is set up."""
    private, server, at = set_up.private_channels, set_up.mail, set_up.at or HERE
    mails = (inviter(desk, server, at), calendars(desk, server, at)) if server else ()
    also: list[Also] = [one.round for one in mails]
    if set_up.lrs is not None:
        from tutelage.doors.exchange.rounds import Facts  # noqa: PLC0415  # few have a store

        also.append(Facts(desk, set_up.lrs, at).round)
    return notifier(desk, server, at, set_up.replies, also, private=private)


def _replying(desk: Tutelage, post: Mailer, at: str, box: ReplyBox, replies: Replies) -> Replying:
    from tutelage.doors.web.answered import Voice  # noqa: PLC0415
    from tutelage.service.letterbox import Letterbox  # noqa: PLC0415
    from tutelage.service.replying import Replying  # noqa: PLC0415

    return Replying(desk, Letterbox(box.maildir), replies, Voice(post, at), box.checked_by)


def inviter(desk: Tutelage, server: MailServer, at: str) -> Inviter:
    """Who mails the invitations into this desk's programmes."""
    from tutelage.doors.web.letters import into_programme  # noqa: PLC0415
    from tutelage.service.inviting import Inviter  # noqa: PLC0415
    from tutelage.service.mail import Mailer  # noqa: PLC0415

    word = into_programme(at.rstrip("/"), desk)
    return Inviter(desk, Mailer(server, desk.clock), word)


def calendars(desk: Tutelage, server: MailServer, at: str) -> Calendars:
    """Who tells the calendars of this desk's people of their talks."""
    from tutelage.doors.web.letters import of_talk, titled  # noqa: PLC0415
    from tutelage.service.calendars import Calendars, Meetings  # noqa: PLC0415
    from tutelage.service.mail import Mailer  # noqa: PLC0415
    from tutelage.service.preference import Preferences  # noqa: PLC0415

    wishes = Preferences(desk.ledger.engine)
    word = of_talk(lambda person: wishes.of(person).zone)
    meetings = Meetings(desk, at.rstrip("/"), titled)
    return Calendars(desk, meetings, Mailer(server, desk.clock), word, server.sender)


def notify(
    once: Annotated[bool, typer.Option("--once", help="Send what is due now, and end.")] = False,
    as_json: Json = False,
) -> None:
    """Tell people what waits for them, by mail and on their channels, as `serve` does."""
    from tutelage.doors.working import stoppable  # noqa: PLC0415
    from tutelage.service.lapsing import lapse_due  # noqa: PLC0415
    from tutelage.service.settings import settings  # noqa: PLC0415

    set_up = settings(os.environ)
    came: Counter[str] = Counter(sent=0, refused=0)
    with stoppable() as stop, writing.desk() as tutelage:
        if set_up.mail is None and set_up.lrs is None and not _channels(tutelage):
            raise Malformed(
                "no_mail_server",
                "There is no mail server; set TUTELAGE_SMTP and TUTELAGE_MAIL_FROM.",
            )
        lapse_due(tutelage)
        teller = told_by(tutelage, set_up)
        if once:
            came.update(asdict(teller.round(stop.is_set)))
        else:
            say("Ctrl-C stops it.", err=as_json)
            repeat(lambda end: came.update(asdict(teller.round(end.is_set))), MINUTE, stop)
    out(as_json, dict(came), f"{came['sent']} sent, {came['refused']} refused.")


def _channels(desk: Tutelage) -> bool:
    """Whether anybody is told otherwise than by mail."""
    from tutelage.service.channel import Channels  # noqa: PLC0415

    return bool(Channels(desk.ledger.engine, desk.clock, desk.entropy).every())


@contextmanager
def telling(desk: Tutelage) -> Iterator[None]:
    """Meanwhile tell people each minute, on a thread of its own."""
    from tutelage.service.settings import settings  # noqa: PLC0415

    set_up, stop = settings(os.environ), threading.Event()
    teller = told_by(desk, set_up)
    given = (lambda end: teller.round(end.is_set), MINUTE, stop)
    thread = threading.Thread(target=repeat, args=given, name="tutelage-telling", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(TIMEOUT)

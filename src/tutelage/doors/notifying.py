"""``tutelage notify``: tell people by mail what waits for them, where no server does."""

from __future__ import annotations

import os
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tutelage.domain.errors import Malformed
from tutelage.doors import writing
from tutelage.doors.common import Json, out, say

if TYPE_CHECKING:
    from tutelage.service.desk import Tutelage
    from tutelage.service.notify import Notifier, Round
    from tutelage.service.settings import MailServer

MINUTE = 60.0
HERE = "http://127.0.0.1:8000"


def notifier(desk: Tutelage, server: MailServer, at: str) -> Notifier:
    """Who tells the people of this desk, through this mail server, with links to there."""
    from tutelage.doors.web.digest import worded  # noqa: PLC0415  # pages, which commands need not
    from tutelage.service.mail import Mailer  # noqa: PLC0415
    from tutelage.service.notify import Notifier  # noqa: PLC0415

    return Notifier(desk, Mailer(server, desk.clock), worded(desk, at.rstrip("/")))


def notify(
    once: Annotated[bool, typer.Option("--once", help="Send what is due now, and end.")] = False,
    as_json: Json = False,
) -> None:
    """Tell people by mail what waits for them, as `serve` does each minute."""
    from tutelage.doors.working import stoppable  # noqa: PLC0415
    from tutelage.service.lapsing import lapse_due  # noqa: PLC0415
    from tutelage.service.settings import settings  # noqa: PLC0415

    set_up = settings(os.environ)
    if set_up.mail is None:
        raise Malformed(
            "no_mail_server", "There is no mail server; set TUTELAGE_SMTP and TUTELAGE_MAIL_FROM."
        )
    with stoppable() as stop, writing.desk() as tutelage:
        lapse_due(tutelage)
        teller = notifier(tutelage, set_up.mail, set_up.at or HERE)
        told = teller.round(stop.is_set)
        if not once:
            say("Ctrl-C stops it.", err=as_json)
            told = _on(teller, told, stop)
    out(as_json, asdict(told), f"{told.sent} sent, {told.refused} refused, {told.later} later.")


def _on(teller: Notifier, told: Round, stop: threading.Event) -> Round:
    """Go on each minute, until it is stopped; the rounds together."""
    from tutelage.service.notify import Round  # noqa: PLC0415

    while not stop.wait(MINUTE):
        more = teller.round(stop.is_set)
        told = Round(told.sent + more.sent, told.refused + more.refused, more.later)
    return told

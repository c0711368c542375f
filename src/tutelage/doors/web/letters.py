"""What people get by mail, in their own language, as plain text."""

from __future__ import annotations

from contextvars import copy_context

from tutelage.doors.web import words
from tutelage.doors.web.site import Deliver
from tutelage.service.accounts import LINK_LASTS, Person
from tutelage.service.mail import Mailer


def by_mail(mailer: Mailer) -> Deliver:
    """Bring sign-in links by mail; whoever has no address asks whoever runs this."""

    def deliver(person: Person, link: str) -> None:
        if person.mail:
            mailer.send(person.mail, *copy_context().run(_sign_in, person, link))

    return deliver


def _sign_in(person: Person, link: str) -> tuple[str, str]:
    """Subject and text of a sign-in link."""
    words.speaks(person.language)
    minutes = int(LINK_LASTS.total_seconds()) // 60
    said = (
        words.tell("Hello %(name)s,", name=person.name),
        words.say("with this link you sign in, once:"),
        link,
        words.tell("It holds for %(minutes)s minutes.", minutes=minutes),
        words.say(
            "If you did not ask for it, ignore this mail: without the link nobody comes in as you."
        ),
    )
    return words.say("Your link to sign in to Tutelage"), "\n\n".join(said) + "\n"

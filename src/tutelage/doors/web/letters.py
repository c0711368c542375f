"""What people get by mail, in their own language, as plain text."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context

from tutelage.doors.web import words
from tutelage.service.accounts import INVITATION_LASTS, LINK_LASTS, Person
from tutelage.service.calendars import Told
from tutelage.service.desk import Tutelage
from tutelage.service.inviting import Invited
from tutelage.service.mail import Mailer
from tutelage.service.notify import Mail

Deliver = Callable[[Person, str], None]
"""How a sign-in link reaches somebody."""


def by_mail(mailer: Mailer) -> Deliver:
    """Bring sign-in links by mail; whoever has no address asks whoever runs this."""

    def deliver(person: Person, link: str) -> None:
        if person.mail:
            mailer.send(person.mail, *copy_context().run(_sign_in, person, link))

    return deliver


def invited(person: Person, link: str, by: str) -> tuple[str, str]:
    """Subject and text of an invitation, in the language of whoever invites."""
    said = (
        words.tell("Hello %(name)s,", name=person.name),
        words.tell("%(by)s would like to work with you one-to-one, in Tutelage.", by=by),
        words.say("With this link you come in, once:"),
        link,
        words.tell("It holds for %(days)s days.", days=INVITATION_LASTS.days),
        words.say("If you do not know them, ignore this mail: nothing happens without you."),
    )
    return words.tell("%(by)s invites you to Tutelage", by=by), "\n\n".join(said) + "\n"


def into_programme(at: str, desk: Tutelage) -> Callable[[Invited], Mail]:
    """Words invitations into programmes, in the language of whoever invites."""

    def word(invited: Invited) -> Mail:
        title = desk.programmes.named(invited.programme).title
        return copy_context().run(_into, invited, title, f"{at}/join/{invited.token}", desk)

    return word


def _into(invited: Invited, title: str, link: str, desk: Tutelage) -> Mail:
    if desk.people.known(invited.by):
        words.speaks(desk.people.person(invited.by).language)
    said = (
        words.tell("Hello %(name)s,", name=invited.person),
        words.tell(
            "%(by)s invites you to the programme %(title)s, in Tutelage: one-to-one mentoring "
            "and coaching.",
            by=invited.by,
            title=title,
        ),
        words.say("Here you read what it is, and join or decline:"),
        link,
        words.tell("It holds for %(days)s days.", days=INVITATION_LASTS.days),
        words.say("If you do not know them, ignore this mail: nothing happens without you."),
    )
    subject = words.tell("%(by)s invites you to Tutelage", by=invited.by)
    return Mail(subject, "\n\n".join(said) + "\n")


def titled(person: Person, other: str) -> str:
    """What a talk is called in somebody's calendar."""
    return copy_context().run(_titled, person, other)


def _titled(person: Person, other: str) -> str:
    words.speaks(person.language)
    return words.tell("Talk with %(name)s", name=other)


def of_talk(zone: Callable[[str], str]) -> Callable[[Told], Mail]:
    """Words the mails that calendars take their talks from, by each person's clock."""

    def word(told: Told) -> Mail:
        return copy_context().run(_of_talk, told, zone(told.person.name))

    return word


def _of_talk(told: Told, zone: str) -> Mail:
    words.reads("", zone if zone != "UTC" else told.meeting.zone)
    words.speaks(told.person.language)
    meeting, name = told.meeting, told.other or told.relationship
    when = words.when(meeting.at)
    said = words.tell("Talk with %(name)s: %(when)s", name=name, when=when)
    if meeting.cancelled:
        said = words.tell("Called off: talk with %(name)s, %(when)s", name=name, when=when)
    elif told.again:
        said = words.tell("Moved: talk with %(name)s, now %(when)s", name=name, when=when)
    long = words.tell("%(minutes)s minutes", minutes=meeting.minutes)
    parts = (words.tell("Hello %(name)s,", name=told.person.name), said, long, meeting.url)
    return Mail(said, "\n\n".join(parts) + "\n")


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

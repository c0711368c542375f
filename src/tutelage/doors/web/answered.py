"""What a mail says about answering it, and what is said where an answer was not taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from urllib.parse import quote

from tutelage.doors.web import words
from tutelage.doors.web.stated import N_
from tutelage.service.accounts import Person
from tutelage.service.notify import Post
from tutelage.service.reply import Reply
from tutelage.service.telling import Telling

BECOMES = {
    "own_call": N_(
        "Answer this mail, and your words become your own call: what you would do and, in a "
        "further paragraph, why. It counts as made without any help; if you had some, write it on "
        "the page."
    ),
    "answer": N_("Answer this mail, and your words become your answer to the question."),
    "decide": N_(
        "Answer this mail, and your words become your decision: what you did and, in a further "
        "paragraph, why."
    ),
    "outcome": N_("Answer this mail, and your words become what came of it."),
    "guide": N_(
        "Answer this mail, and your words become a question to the learner: ask, not tell."
    ),
    "note": N_("Answer this mail, and your words become a note that you alone read."),
}
"""What an answer becomes, where a mail is about one thing."""

BY_MAIL = {
    "own_call": N_("Your own call by mail, if you had no help: %(mail)s"),
    "answer": N_("Your answer to the question by mail: %(mail)s"),
    "decide": N_("Your decision by mail: %(mail)s"),
    "outcome": N_("What came of it, by mail: %(mail)s"),
    "guide": N_("A question to the learner by mail: %(mail)s"),
    "note": N_("A note to yourself by mail: %(mail)s"),
}
"""The same, for one of several."""

HOW_TO = N_(
    "What you answer is taken as it stands, without the quotation, your signature and attachments. "
    "Do not pass this mail on: its addresses are for your answer alone."
)
SAID_WITH_IT = N_("It is said with it.")


@dataclass(frozen=True, slots=True)
class Answers:
    """Where a mail is answered as a whole, and what each thing in it says of answering it."""

    to: str
    whole: str
    lines: dict[int, list[str]]  # by the place of each telling

    @property
    def how_to(self) -> tuple[str, ...]:
        """How answers are taken, where there is anything to answer."""
        there = self.to or any(self.lines.values())
        return (words.say(HOW_TO),) if there else ()


NONE = Answers("", "", {})


def answers(told: Sequence[Telling], at: Mapping[Reply, str]) -> Answers:
    """What these may be answered with, and where; what has no address there, not at all."""
    alone = told[0].replies if len(told) == 1 else ()
    to = at[alone[0]] if alone else ""
    whole = words.say(BECOMES[alone[0].what]) if alone else ""
    rest = {n: one.replies[1:] if alone else one.replies for n, one in enumerate(told)}
    lines = {
        n: [_line(at[reply], reply) for reply in may if reply in at] for n, may in rest.items()
    }
    return Answers(to, whole, lines)


def _line(to: str, reply: Reply) -> str:
    return words.tell(BY_MAIL[reply.what], mail=f"mailto:{to}")


class Voice:
    """Tells people by mail that their answer was not taken."""

    def __init__(self, post: Post, at: str) -> None:
        self._post, self._at = post, at

    def said_with_it(self, person: Person) -> str:
        """What stands for a reason that was not given apart."""
        return copy_context().run(_in_language, person, SAID_WITH_IT)

    def not_taken(self, person: Person, reply: Reply, reason: str, key: str) -> bool:
        """Tell them why, and where to write it; whether the mail is out of our hands."""
        if not person.mail:
            return True
        link = f"{self._at}/r/{quote(reply.relationship, safe='')}"
        subject, text = copy_context().run(_not_taken, person, reason, link)
        handed = self._post.now(person.mail, subject, text, {}, key)
        return not handed.error or handed.refused

    def from_elsewhere(self, person: Person, key: str) -> bool:
        """Tell them that an answer came from another address; whether that could be sent."""
        subject, text = copy_context().run(_from_elsewhere, person)
        handed = self._post.now(str(person.mail), subject, text, {}, key)
        return not handed.error


def _in_language(person: Person, text: str) -> str:
    words.reads()
    words.speaks(person.language)
    return words.say(text)


def _not_taken(person: Person, reason: str, link: str) -> tuple[str, str]:
    words.reads()
    words.speaks(person.language)
    parts = (
        words.tell("Hello %(name)s,", name=person.name),
        words.tell("your answer was not taken: %(reason)s", reason=words.say(reason)),
        words.tell("You can write it here: %(link)s", link=link),
    )
    return words.say("Your answer was not taken"), "\n\n".join(parts) + "\n"


def _from_elsewhere(person: Person) -> tuple[str, str]:
    words.reads()
    words.speaks(person.language)
    parts = (
        words.tell("Hello %(name)s,", name=person.name),
        words.say(
            "an answer to us came from another address, and was not taken; write from this one."
        ),
        words.say("If it was not you, somebody has a mail of ours to you: nothing was written."),
    )
    return words.say("Your answer was not taken"), "\n\n".join(parts) + "\n"

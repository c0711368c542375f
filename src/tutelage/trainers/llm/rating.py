"""A blind rater by a language model: it sees a packet, has no tools, and quotes its evidence."""

from __future__ import annotations

from typing import ClassVar

from tutelage.domain.events import Rated
from tutelage.guidance.brief import Packet
from tutelage.trainers.llm.calls import ByModel
from tutelage.trainers.llm.data import STEERS, found
from tutelage.trainers.llm.replies import Checked, CriterionRated, Rating
from tutelage.trainers.llm.run import Unfit
from tutelage.trainers.llm.shown import of_packet


class ModelRater(ByModel):
    """Rates per criterion from 1 to 5 or not applicable, with a quote for every rating above 1.

    >>> ModelRater("judge", "test").prompt_version
    'rater-1'
    """

    kind: ClassVar[str] = "rater"

    def rate(self, packet: Packet) -> Rated:
        """A rating of an own call or a decision, or a check of an account."""
        return self._check(packet) if packet.subject == "account" else self._rate(packet)

    def _rate(self, packet: Packet) -> Rated:
        said = [packet.said, packet.why]

        def check(rating: Rating) -> None:
            _each_once(rating, packet)
            for one in rating.criteria:
                _is_shown(one, said)

        rating = self._ask(of_packet(packet, self._fence()), Rating, check)
        quotes = {c.criterion: found(c.quote, said) for c in rating.criteria if c.rating}
        return Rated(
            situation=packet.situation,
            subject=packet.subject,
            ratings={c.criterion: c.rating for c in rating.criteria},
            quotes={key: quote for key, quote in quotes.items() if quote},
            novel=rating.novel,
            difficult=rating.difficult,
        )

    def _check(self, packet: Packet) -> Rated:
        account = [packet.account or ""]

        def check(checked: Checked) -> None:
            if checked.criterion not in packet.anchors:
                raise Unfit(f"The criteria are: {', '.join(packet.anchors)}.")
            if found(checked.quote, account) is None and checked.shows_criterion:
                raise Unfit("The quote is not in the account; copy its words.", "quote_not_there")
            _no_orders(checked.quote)

        checked = self._ask(of_packet(packet, self._fence()), Checked, check, as_kind="check")
        quote = found(checked.quote, account)
        return Rated(
            situation=packet.situation,
            subject=packet.subject,
            shows_criterion=checked.shows_criterion,
            consistent=checked.consistent,
            quotes={checked.criterion: quote} if quote else {},
        )


def _each_once(rating: Rating, packet: Packet) -> None:
    if sorted(c.criterion for c in rating.criteria) != sorted(packet.anchors):
        raise Unfit(f"Rate each of these once: {', '.join(packet.anchors)}.")


def _is_shown(one: CriterionRated, said: list[str]) -> None:
    """Raise Unfit where a rating above 1 rests on nothing that was said."""
    if one.rating is None or one.rating == 1:
        return
    if found(one.quote, said) is None:
        raise Unfit(
            f"{one.criterion}: the quote is not in what was said or why; copy words that show it, "
            "or rate 1.",
            "quote_not_there",
        )
    _no_orders(one.quote)


def _no_orders(quote: str) -> None:
    """Raise Unfit where what is quoted speaks to whoever rates."""
    if STEERS.search(quote):
        raise Unfit("That quote speaks to the rater; it shows no judgment. Quote what does.")

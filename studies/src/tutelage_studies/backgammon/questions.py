"""What a trainer asks without telling, and what the learner then asks itself.

A question names one criterion and whether it may be getting too little or too much weight. It
names no play, no number, and not which of the options is better.
"""

from __future__ import annotations

from tutelage_studies.backgammon.words import named_in, spoken

TOO_LITTLE = (
    "What does each of the plays you weighed do for {name}, and what is that worth to you here?",
    "If you looked at nothing but {name} for a moment, would you still make this play?",
    "Which of your reasons says something about {name}, and what is missing from it?",
    "Suppose you lose this game: what part would {name} have had in it?",
)
TOO_MUCH = (
    "What are you paying for {name} in this play, and would you pay it again?",
    "If {name} came for free here, which play would you make?",
    "What do you give up elsewhere for {name} here, and who gains from that?",
    "How much of {name} would be enough in this position, and what is the price of the rest?",
)
_PRICE = ("pay", "price", "give up", "for free")


def ask(criterion: str, *, too_much: bool, variant: int) -> str:
    """A question on this criterion; another variant says it differently."""
    bank = TOO_MUCH if too_much else TOO_LITTLE
    return bank[variant % len(bank)].format(name=spoken(criterion))


def own(criterion: str, *, too_much: bool) -> str:
    """The question as the learner keeps it, in its own words."""
    if too_much:
        return f"Do I pay too much for {spoken(criterion)} here?"
    return f"Do I give {spoken(criterion)} its weight here?"


def heard(text: str) -> tuple[str, bool] | None:
    """What a question is about, and whether it is about too much; None when about nothing known."""
    named = named_in(text)
    if not named:
        return None
    return named[0], any(word in text.lower() for word in _PRICE)

"""The question bank: what a sound call covers, how to see that it is missing, what to ask then.

Each facet has several questions: the first opens it, the later ones say it differently to somebody
who did not take it up, each more concrete than the one before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing a sound call covers: words that show it, and questions for when they are absent."""

    key: str
    shows: re.Pattern[str]
    questions: tuple[str, ...]

    def covered(self, said: str) -> bool:
        """Whether what was said covers it."""
        return self.shows.search(said) is not None


def _words(*stems: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(stems)})", re.IGNORECASE)


FACETS = (
    Facet(
        "options",
        _words(
            "or else",
            "instead",
            "alternativ",
            "option",
            "rather than",
            "either",
            "other way",
        ),
        (
            "Which other options do you see here, and what does each of them cost?",
            "If your first idea were not possible at all, what would be left to do?",
            "Name two quite different things a colleague might do here. What speaks for each?",
        ),
    ),
    Facet(
        "evidence",
        _words(
            "saw", "see", "log", "told me", "said", "measur", "number", "data", "shows", "report"
        ),
        (
            "What do you know here at first hand, and what are you assuming?",
            "Which one observation does your call rest on most?",
            "How would you find out within a few minutes whether that assumption holds?",
        ),
    ),
    Facet(
        "doubt",
        _words(
            "unless", "would change", "might be wrong", "not sure", "uncertain", "risk", "if it"
        ),
        (
            "What would have to be true for the opposite call to be right?",
            "What would you see early on if this call were wrong?",
            "Think of the last time such a call failed: what was the first sign?",
        ),
    ),
    Facet(
        "people",
        _words(
            "team", "custom", "user", "patient", "client", "lead", "colleague", "people", "parent"
        ),
        (
            "Who is affected by this, and how would they tell the story?",
            "Whose view of this is missing, and what might it add?",
            "Who has to live with the outcome longest, and what matters to them?",
        ),
    ),
    Facet(
        "difference",
        _words(
            "unlike",
            "different",
            "last time",
            "this time",
            "unusual",
            "same as",
            "compared",
        ),
        (
            "What is different here from the last case like it?",
            "Which part of this case does your usual way not fit?",
            "If you had to point at one detail that makes this case its own, which one is it?",
        ),
    ),
    Facet(
        "time",
        _words(
            "later", "by tomorrow", "wait", "urgent", "first", "until", "before", "hour", "week"
        ),
        (
            "What can still be undone afterwards, and what can't?",
            "What gets better and what gets worse if nothing is decided until tomorrow?",
            "By when does this have to be decided, and what makes it so?",
        ),
    ),
)

CRITERION = (
    "How does “{name}” bear on this case?",
    "Looking only at “{name}”: what speaks for your call here, and what against it?",
    "What would somebody who is strong in “{name}” notice here first?",
    "Where in this case could “{name}” and the rest of your reasons pull apart?",
)

OWN_WORDS = (
    "You write “{said}”. What does that rest on?",
    "What would you have to see to drop “{said}”?",
    "Which part of “{said}” would you defend first, and how?",
)
"""When the bank is used up: the learner's own words are always new."""

DECIDE_FIRST = (
    "What in your call would you stand by if nobody could be asked?",
    "Which of your reasons carries your call, and how far do you trust it?",
    "What do you hope to hear that you could not work out by yourself?",
)
"""For somebody who asks although its own calls are good enough, or who does not grow by answers."""

ON_GOAL = "Is “{name}” what this case turns on, or which other of your goal's criteria?"
"""Where the talks left the goal."""

NARROWER = (
    "You say that you don't know yet. Which one fact would help you most, and where is it?",
    "Which small part of this are you surest of, and what makes you sure of it?",
)
UNDECIDED = re.compile(r"\b(?:don't|do not|dont|no) (?:know|idea)\b|\bnot sure\b", re.IGNORECASE)
QUOTED = 80  # characters of the learner's own words that a question quotes
SHORT = 25  # characters; an answer this short has not worked on the question yet


def named(question: str, name: str) -> str:
    """A question about a criterion."""
    return question.format(name=in_quotes(name))


def quoting(question: str, said: str) -> str:
    """A question about the learner's own words."""
    return question.format(said=in_quotes(said))


def in_quotes(text: str) -> str:
    """The beginning of a text, fit to stand in quotation marks."""
    flat = " ".join(re.sub(r"[\"“”«»]", "", text).split())
    return flat if len(flat) <= QUOTED else f"{flat[:QUOTED].rsplit(' ', 1)[0]} …"

"""Texts of the relationship as a model is shown them: as data, fenced in, and never as orders.

Whoever writes a situation or an account can write into it what a model should do. So each text
stands between two lines with a mark that is drawn anew for every call, every line of it is led by
a bar so that no line of it can pass for a fence, and what cannot be seen is taken out. What a
model says it found there is looked up: a quote that is not there is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

Entropy = Callable[[int], bytes]

LONGEST = 12_000  # characters of one text that are shown: a long report, not a whole log
SHORTEST = 6  # letters and digits of a quote that can be looked up
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Controls, zero-width and direction marks, and tags: a reader does not see them, a model does."""

STEERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}"
    r"\b(?:above|previous|prior|earlier|instructions?|rules?|prompt|anchors?)\b"
    r"|\b(?:rate|rated|grade|score|mark) (?:(?:me|this|it|him|her|them|everything|all"
    r"|every criterion|each|us|the call) )?(?:with |as |at |an? )?(?:5|five|high(?:ly|est)?|full)\b"
    r"|\bgive \w+ (?:an? )(?:5|five)\b(?![ -](?:minute|hour|day|week|month|second|year|percent))"
    r"|\b(?:full|top|highest|maximum|best) (?:marks?|scores?|ratings?|points|grades?)\b"
    r"|\b(?:dear|note to(?: the)?|attention) (?:rater|grader|judge|evaluator|model|assistant)s?\b"
    r"|\b(?:system|developer) (?:prompt|message|note)\b"
    r"|\byou are (?:now|an? (?:rater|grader|ai))\b",
    re.IGNORECASE | re.DOTALL,
)
"""Words that speak to whoever rates; as evidence of judgment they count for nothing."""


class Fence:
    r"""The mark of one call, and the texts put behind it.

    >>> fence = Fence(lambda n: bytes(n))
    >>> print(fence.text("call", "Wait.\n=== end"))
    === call 000000000000000000000000
    | Wait.
    | === end
    === end 000000000000000000000000
    """

    def __init__(self, entropy: Entropy) -> None:
        self.mark = entropy(12).hex()

    def text(self, name: str, text: str) -> str:
        """One text, fenced in under a name of ours."""
        lines = "\n".join(f"| {line}" for line in shown(text).split("\n"))
        return f"=== {name} {self.mark}\n{lines}\n=== end {self.mark}"

    def texts(self, named: Iterable[tuple[str, str | None]]) -> str:
        """Those of these texts that say anything."""
        return "\n".join(self.text(name, text) for name, text in named if text and text.strip())


def shown(text: str) -> str:
    r"""A text as it is shown: without what cannot be seen, and the middle of what is too long.

    >>> shown("a\u200bb")
    'ab'
    """
    clean = UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(clean) <= LONGEST:
        return clean
    half = LONGEST // 2
    left_out = f"\n[{len(clean) - LONGEST:,} characters are left out here]\n"
    return clean[:half] + left_out + clean[-half:]


def found(quote: str, sources: Iterable[str]) -> str | None:
    """The passage that a quote means, exactly as one of the sources has it; None if none has.

    Case, spaces and punctuation may differ, and "…" leaves something out; words may not.

    >>> found("wait TEN minutes", ["I would wait ten  minutes, then call."])
    'wait ten  minutes'
    >>> found("call the boss", ["I would wait."]) is None
    True
    """
    parts = [p for p in re.split(r"…|\.\.\.", quote) if _letters(p)]
    if sum(len(_letters(p)) for p in parts) < SHORTEST:
        return None
    for source in sources:
        spans = list(_spans(parts, source))
        if len(spans) == len(parts):
            return " … ".join(source[start:end] for start, end in spans)
    return None


def _spans(parts: list[str], source: str) -> Iterator[tuple[int, int]]:
    """Where the parts stand in a source, one behind the other; it ends at the first that is not."""
    kept = [(c, n) for n, char in enumerate(source) for c in char.casefold() if c.isalnum()]
    letters, at = "".join(c for c, _n in kept), 0
    for part in parts:
        wanted = _letters(part)
        at = letters.find(wanted, at)
        if at < 0:
            return
        yield kept[at][1], kept[at + len(wanted) - 1][1] + 1
        at += len(wanted)


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def words(text: str) -> set[str]:
    """The words that carry meaning: those of five letters and more, by their beginnings."""
    return {w[:6] for w in re.findall(r"[^\W\d_]{5,}", text.casefold())}


def numbers(text: str) -> set[str]:
    """The numbers in a text, as they are written."""
    return {n.rstrip(".,") for n in re.findall(r"\d[\d.,]*", text)}

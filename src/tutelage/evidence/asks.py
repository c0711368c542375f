"""Whether a learner's reasons ask one of its trainer's questions again, in its own words.

Texts are judged here once, when an own call is written; what was found is stored with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutelage.domain.errors import Malformed

VERSION = "asks-1"
STEM = 5  # letters that stand for a word: weigh, weighed, weight
ASKED_SHARE = 0.2  # of a question's content words that a sentence which asks must have,
SAID_SHARE = 0.6  # and one that states
COPIED_SHARE = 0.6  # of a question's words in runs of two or more: then it is the trainer's
ALIKE = 0.6  # likeness by an embedder above which two sentences ask the same

Alike = Callable[[str, str], float]
"""How like two texts are: 1 says the same, .6 asks the same."""
Embed = Callable[[list[str]], Any]
"""Texts to vectors of numbers, one each, all of one length."""
_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_SENTENCES = re.compile(r"(?<=[.!?])\s+|[\n;:]+")
_ASKS = re.compile(
    r"\?|\b(ask\w* (my|our)sel\w+|wonder\w*|whether|what if|do i|am i|should i|my question)\b"
)
_SMALL = (
    "about after again also and anything because been before being both came come could does done "
    "each else even every from give given going have here into itself just like look made make "
    "many more most much myself need only other over really said same should some something still "
    "such than that their them then there these they thing think this those through very want "
    "well were what when where which while will with within without would your yourself"
)
_EMPTY = frozenset(_SMALL.split())
_MINE = {"you": "i", "your": "my", "yours": "mine", "yourself": "myself"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question the trainer asked, and the reasons the learner had given by then.

    Without those that asked another of the trainer's questions: they are no longer from before.
    """

    seq: int
    text: str
    before: tuple[str, ...] = ()


def asks_itself(why: str, asked: Iterable[Asked], alike: Alike | None = None) -> tuple[int, ...]:
    """Seqs of the trainer's questions that these reasons ask again, in the learner's own words.

    A sentence asks a question again when it shares its content words (two at least; 20 % of them
    where it is a question itself, else 60 %), or when an embedder's `alike` finds the two as like
    as .6. It is copied, and does not count, when 60 % of the question's words stand in it in runs
    of two or more; such a sentence counts for no question. What the learner asked itself before
    it was asked is no trainer's question.

    >>> asked = [Asked(7, "What would the customer say about the delay?")]
    >>> asks_itself("What does a customer make of such a delay? She would call first.", asked)
    (7,)
    >>> asks_itself("What would the customer say about the delay? She would call.", asked)
    ()
    """
    questions = tuple(asked)
    said = _own_words(why, questions)
    return tuple(
        a.seq
        for a in questions
        if _asks_again(said, a.text, alike)
        and not any(_asks_again(sentences(b), a.text, alike) for b in a.before)
    )


def _own_words(why: str, asked: tuple[Asked, ...]) -> tuple[str, ...]:
    """The sentences that repeat none of the trainer's questions."""
    return tuple(s for s in sentences(why) if not any(copied(s, a.text) for a in asked))


def _asks_again(said: tuple[str, ...], question: str, alike: Alike | None) -> bool:
    about = content(question)
    return any(
        _shares(s, about) or (alike is not None and alike(s, question) >= ALIKE) for s in said
    )


def _shares(sentence: str, about: frozenset[str]) -> bool:
    shared = len(content(sentence) & about)
    if not about or shared < min(2, len(about)):
        return False
    asks = _ASKS.search(sentence.lower()) is not None
    return shared >= (ASKED_SHARE if asks else SAID_SHARE) * len(about)


def copied(sentence: str, question: str) -> bool:
    """Whether a sentence repeats a question rather than asking it in other words.

    >>> copied("What would the client say about the delay?", "What would she say about the delay?")
    True
    """
    mine, theirs = _words(sentence), _words(question)
    if len(set(mine) & set(theirs)) < COPIED_SHARE * len(set(theirs)):
        return False
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    runs = sum(b.size for b in blocks if b.size >= min(2, len(theirs)))
    return runs >= COPIED_SHARE * max(1, len(theirs))


# with an embedder --------------------------------------------------------------------------------
def by_vectors(embed: Embed, name: str) -> Alike:
    """Likeness by an embedder: the cosine of the two texts' vectors, -1 to 1; 0 for no vector.

    `name` says in the indices which embedder read. Raises Malformed where it gives no vectors.

    >>> def letters(texts):
    ...     return [[text.count(c) for c in "abc"] for text in texts]
    >>> alike = by_vectors(letters, "letters")
    >>> round(alike("aab", "ab"), 2), read_with(alike)
    (0.95, 'asks-1 + letters')
    """
    return _ByVectors(embed, name)


@dataclass(frozen=True, slots=True)
class _ByVectors:
    embed: Embed
    name: str

    def __call__(self, one: str, other: str) -> float:
        try:
            return float(_unit(self.embed, one) @ _unit(self.embed, other))
        except (TypeError, ValueError) as problem:
            said = f"The embedder {self.name} gives no vector for a text: {problem}."
            raise Malformed("bad_embedder", said) from problem


@lru_cache(8192)
def _unit(embed: Embed, text: str) -> NDArray[np.float64]:
    (vector,) = np.asarray(embed([text]), dtype=np.float64)
    length = float(np.linalg.norm(vector))
    unit: NDArray[np.float64] = vector / (length or 1.0)
    return unit


def read_with(alike: Alike | None, words: str = VERSION) -> str:
    """What texts were read with: the version of the words' reading, and the embedder's name."""
    if alike is None:
        return words
    of = alike if hasattr(alike, "__qualname__") else type(alike)
    return f"{words} + {getattr(alike, 'name', None) or f'{of.__module__}.{of.__qualname__}'}"


def forget() -> None:
    """Keep no text in memory: after a redaction."""
    for kept in (sentences, content, _words, _unit):
        kept.cache_clear()


# words -------------------------------------------------------------------------------------------
@lru_cache(4096)
def sentences(text: str) -> tuple[str, ...]:
    """A text in sentences."""
    return tuple(s for s in _SENTENCES.split(text) if s.strip())


@lru_cache(8192)
def content(text: str) -> frozenset[str]:
    """The words that say what a text is about, as the stems they are compared by.

    >>> sorted(content("What is it worth to you, if you weighed it?"))
    ['weigh', 'worth']
    """
    words = _WORDS.findall(text.lower())
    return frozenset(w[:STEM] for w in words if len(w) >= 4 and w not in _EMPTY)


@lru_cache(8192)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_MINE.get(w, w) for w in _WORDS.findall(text.lower()))

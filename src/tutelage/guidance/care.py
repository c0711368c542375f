"""Does this text show what is more than coaching: distress, abuse, a legal or a medical matter?

Read sentence by sentence, without a model, in English and in German. It says nothing of a person:
it decides that an AI steps aside here and that the one named in the agreement is offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from tutelage.guidance.care_topics import PERSONAL, TECHNICAL, WORDS
from tutelage.guidance.care_words import PHRASES, Matter, Phrases

VERSION = "care-1"
READ = 12_000  # letters of a text: a page or five; a log pasted behind them is not read
ENOUGH = 1.0  # one plain phrase, or weaker ones that come to as much

AT_WORK = (
    r"\bkill(?:s|ed|ing)? (?:-9|the|a|all|this|that|these|every|it|old|stale|zombie)\b"
    r"|\b(?:bug|deadline|test|build|ticket|migration|meeting|code|heat|suspense|laptop)s? (?:is"
    r"|are)"
    r" killing (?:me|us)\b|\bbringt mich (?:noch|fast) um\b|\bdie of (?:shame|laughter|boredom)\b"
    r"|\b(?:kernel|go|rust) panics?\b|\bdead(?:lock|line| letter|weight| code)\w*"
    r"|\b(?:patients?|users?|people|customers?|callers?|cases?) (?:with"
    r"|who have) (?:chest pain\w*|severe"
    r" pain)\b|\bpain points?\b|\bhealth checks?\b|\bopen heart surgery on\b"
    r"|\b(?:harassment|bullying|abuse|suicide|self-harm|overdose|domestic violence"
    r"|sexual harassment)"
    r" (?:polic(?:y|ies)|training|report(?:s|ing)?|detection|prevention|hotline|classifier|filter"
    r"|content|category|team|workflow|form|case file)s?\b"
    r"|\b(?:suizid|selbstmord|gewalt|missbrauchs|mobbing)(?:prävention\w*|erkennung|hotline"
    r"|filter\w*"
    r"|meldung\w*|richtlinie\w*|beratung\w*|statistik\w*)\b|\brichtlinie gegen \w+"
    r"|\bcut myself (?:short|off|some slack)\b|\bharm myself by\b"
    r"|\b(?:our|the|their|your|a|its) legal (?:team|department|review|counsel|notice|text|entity)\b"
    r"|\b(?:court|lawsuit|custody|trial|patient|drug|dose|dosage|prescription|medication|arrest)"
    r" (?:module|record|data|field|table|page|list|form|screen|app|api|export|service|database"
    r"|dataset"
    r"|tracker|plan\w*|reminder|schema|document|import)s?\b"
    r"|\bdivorced? from the \w+|\b(?:nearly|almost) (?:had|have|got|gave me) a (?:heart attack"
    r"|stroke)\b"
    r"|\b(?:our|the) (?:lawyers?|counsel|attorneys?)\b|\b(?:key|token|chain of|asset"
    r"|data) custody\b|\bcustody (?:service|solution|provider|wallet)s?\b"
)
"""What the same words mean at work: not read."""

_Weighed = tuple[tuple[float, re.Pattern[str]], ...]
_SENTENCE = re.compile(r"(?:[^.!?\n]|\n(?!\s*\n))+[.!?]*")  # a mail's lines break anywhere
_AT_WORK = re.compile(AT_WORK, re.IGNORECASE)
_PERSONAL = re.compile(PERSONAL, re.IGNORECASE)
_TECHNICAL = re.compile(TECHNICAL, re.IGNORECASE)
_APOSTROPHE = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u2018": "'", "`": "'"})
_NO = (
    r"(?:not|no|never|nobody|none|neither|nor|without|\w+n't|kein\w*|nicht|nie|niemals|niemand\w*"
    r"|ohne|weder)"
)
_JOINS = r"(?:and|but|because|since|that|so|when|if|und|aber|weil|dass|wenn|oder|or|than|als|for)"
_NEGATED = re.compile(rf"\b{_NO}(?:[ \t]+(?!{_JOINS}\b)[\w'-]+){{0,2}}[ \t]*$", re.IGNORECASE)
_WITHIN = re.compile(rf"\b{_NO}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Care:
    """What a text shows that no AI coaches on: the matters, the plainest first.

    >>> care("I have chest pain since this morning.")
    Care(matters=('medical',))
    >>> care("Our legal team killed the process.") is None
    True
    """

    matters: tuple[Matter, ...]


def care(*texts: str) -> Care | None:
    """What these texts show together, or None."""
    found = {matter: _weight(matter, texts) for matter in PHRASES}
    shown = sorted((m for m in found if found[m] >= ENOUGH), key=lambda m: -found[m])
    return Care(tuple(shown)) if shown else None


def _weight(matter: Matter, texts: Iterable[str]) -> float:
    turned, firm, words = _READ[matter]
    sentences = list(chain.from_iterable(map(_sentences, texts)))
    own = [s for s in sentences if _PERSONAL.search(s) and not _TECHNICAL.search(s)]
    said = sum(w for w, p in turned if any(_says(p, s) for s in sentences))
    said += sum(w for w, p in firm if any(p.search(s) for s in sentences))
    return said + sum(w for w, p in words if any(_says(p, s, within=False) for s in own))


def _sentences(text: str) -> Iterator[str]:
    plain = text[:READ].translate(_APOSTROPHE)
    for match in _SENTENCE.finditer(plain):
        bare = " ".join(match.group().split())
        yield _AT_WORK.sub(" … ", bare)


def _says(phrase: re.Pattern[str], sentence: str, *, within: bool = True) -> bool:
    """Whether it is said, and no "not" before it, nor in it, says that it is not so."""
    return any(
        not _NEGATED.search(sentence[: m.start()]) and not (within and _WITHIN.search(m.group()))
        for m in phrase.finditer(sentence)
    )


def _compiled(phrases: Phrases) -> _Weighed:
    return tuple((w, re.compile(p, re.IGNORECASE)) for w, p in phrases)


_READ: dict[Matter, tuple[_Weighed, _Weighed, _Weighed]] = {
    matter: (_compiled(turned), _compiled(firm), _compiled(WORDS[matter]))
    for matter, (turned, firm) in PHRASES.items()
}

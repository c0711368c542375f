"""Criteria proposed from a policy document, without a model: a template from its headings.

A heading names what a rule is about, not how to judge it. So the template is a beginning to edit:
what only people know stays empty, and the gate refuses the goal until it is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutelage.domain.errors import Malformed
from tutelage.domain.goal import PARTS, QUESTIONS
from tutelage.doors.common import CONTROLS
from tutelage.doors.exchange.run import shorten

MOST, FEWEST = 6, 3  # criteria of a goal
QUOTED = 3  # rules shown beside a criterion
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$|^\*\*(.+?)\*\*:?$")
_RULE = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+(.+)$")
_BINDING = re.compile(r"\b(must|should|shall|can|cannot|may|never|always|only|not|unless|if)\b")
_EMPTY = {
    "introduction",
    "overview",
    "general",
    "basics",
    "glossary",
    "definitions",
    "domain basic",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a policy: what it is about, and the rules under it."""

    key: str
    name: str
    rules: tuple[str, ...]

    @property
    def binding(self) -> int:
        """How many of its rules leave something to decide: must, may, unless."""
        return sum(_BINDING.search(rule.lower()) is not None for rule in self.rules)


def headings(text: str) -> tuple[Heading, ...]:
    r"""The headings of a policy with their rules; its own title is none of them.

    >>> [h.key for h in headings("# Policy\n## Refund\n- Only if cancelled.\n")]
    ['refund']
    """
    found: dict[str, Heading] = {}
    for name, rules in _sections(text):
        key = _key(name)
        if rules and key and key not in found and name.lower() not in _EMPTY:
            found[key] = Heading(key, name, tuple(rules))
    titled = tuple(found.values())
    return titled[1:] if len(titled) > FEWEST and _is_title(text, titled[0]) else titled


def _is_title(text: str, first: Heading) -> bool:
    """Whether this is the document's own title, which is about everything."""
    head = re.search(r"^#\s+(.+?)\s*$", text, re.MULTILINE)
    return head is not None and head[1] == first.name


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    name, rules = "", list[str]()
    for line in text.splitlines():
        heading, rule = _HEADING.match(line.strip()), _RULE.match(line)
        if heading:
            yield name, rules
            name, rules = _plain(heading[2] or heading[3]), []
        elif rule and name:
            rules.append(_plain(rule[1]))
        elif line.strip() and name and not line.startswith((" ", "\t")):
            rules.append(_plain(line))
    yield name, rules


def _plain(text: str) -> str:
    """Words without the marks of Markdown, and without what a TOML comment does not hold."""
    words = re.sub(r"[*_`#<>\x00-\x1f\x7f]|\[|\]\([^)]*\)|\]", "", text)
    return " ".join(words.encode("utf-8", "replace").decode().split())[:300]


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")


def chosen(found: Sequence[Heading]) -> tuple[Heading, ...]:
    """At most six, those with the most to decide, in the document's order. Raises Malformed."""
    if len(found) < FEWEST:
        said = f"{len(found)} headings with rules are in this document; a goal needs {FEWEST}."
        raise Malformed("no_headings", f"{said} Write it with `tutelage goal new`.")
    best = sorted(found, key=lambda h: -h.binding)[:MOST]
    return tuple(h for h in found if h in best)


def template(document: str, found: Sequence[Heading]) -> str:
    """The goal as TOML to edit."""
    picked = chosen(found)
    left_out = [h.name for h in found if h not in picked]
    return "\n".join(
        [*_head(" ".join(document.translate(CONTROLS).split()), left_out), *map(_criterion, picked)]
    )


def _head(document: str, left_out: list[str]) -> Iterator[str]:
    yield f"# A goal, proposed from the headings of {document}."
    yield "# Edit it: a heading says what a rule is about, not how to judge beyond it."
    yield "# Replace every <question>. Then: tutelage goal check FILE"
    if left_out:
        yield f"# Left out, for there are at most {MOST} criteria: {'; '.join(left_out)}"
    yield ""
    for part in PARTS:
        yield f"{part} = {_quoted(f'<{QUESTIONS[part]}>')}"
    yield ""


def _criterion(heading: Heading) -> str:
    about = f"“{heading.name}”"
    rules = [f"# The policy says: {shorten(rule, 160)}" for rule in heading.rules[:QUOTED]]
    anchors = (
        f"The rules on {about} played no part in the decision.",
        f"It saw the rules on {about}, but misread them or gave them no weight.",
        f"It applied the rules on {about} by the book, though this case asked for more.",
        f"It weighed the rules on {about} against this user's facts, and said why.",
        f"It saw what the rules on {about} do not foresee here, and handled that well too.",
    )
    lines = [f"  {_quoted(anchor)}," for anchor in anchors]
    named = [f"key = {_quoted(heading.key)}", f"name = {_quoted(heading.name)}"]
    return "\n".join(["[[criteria]]", *rules, *named, "anchors = [", *lines, "]", ""])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

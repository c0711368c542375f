"""The notebook as an agent skill over MCP (SEP-2640): ``skill://RELATIONSHIP/NAME/SKILL.md``.

`skills/list` and `skills/get` answer with each skill's frontmatter and the digest of its one
file; the file itself is an ordinary resource.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import anyio.to_thread
from mcp.server.extension import Extension, MethodBinding
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, PaginatedRequestParams, RequestParams

from tutelage.domain.errors import TutelageError, Unknown
from tutelage.domain.terms import Role
from tutelage.guidance.notebook import Notebook
from tutelage.service.session import Session

IDENTIFIER = "io.modelcontextprotocol/skills"
PREFIX, SUFFIX = "skill://", "/SKILL.md"
NAME_LIMIT, DESCRIPTION_LIMIT = 64, 1024
PAGE = 50


class GetSkill(RequestParams):
    """Which skill."""

    uri: str


class Skills(Extension):
    """The extension: a learner's notebooks, one skill a relationship."""

    identifier = IDENTIFIER

    def __init__(self, opens: Callable[[Mapping[str, str] | None], Session]) -> None:
        self._opens = opens

    def methods(self) -> list[MethodBinding]:
        """What it serves."""
        modern = frozenset({"2026-07-28"})
        return [
            MethodBinding("skills/list", PaginatedRequestParams, self._list, modern),
            MethodBinding("skills/get", GetSkill, self._get, modern),
        ]

    async def _list(self, ctx: Any, params: Any) -> dict[str, Any]:
        me = await self._me(ctx)
        cursor = params.cursor if params is not None and params.cursor else ""
        rows = await anyio.to_thread.run_sync(me.relationships, cursor, PAGE + 1)
        found = await anyio.to_thread.run_sync(
            lambda: [entry for row in rows[:PAGE] for entry in _entries(me, row["id"])]
        )
        more = {"nextCursor": rows[PAGE - 1]["id"]} if len(rows) > PAGE else {}
        return _answer(skills=found, **more)

    async def _get(self, ctx: Any, params: Any) -> dict[str, Any]:
        me = await self._me(ctx)
        try:
            relationship, name = _parts(params.uri)
            text = await anyio.to_thread.run_sync(skill_md, me, relationship, name)
        except TutelageError as error:
            said = f"{error.message} [{error.code}]"
            raise MCPError(code=INVALID_PARAMS, message=said, data={"uri": params.uri}) from None
        return _answer(skill=_entry(params.uri, text))

    async def _me(self, ctx: Any) -> Session:
        headers = getattr(ctx.request, "headers", None)
        try:
            return await anyio.to_thread.run_sync(self._opens, headers)
        except TutelageError as error:
            said = f"{error.message} [{error.code}]"
            raise MCPError(code=INVALID_PARAMS, message=said) from None


def _answer(**said: Any) -> dict[str, Any]:
    return {"resultType": "complete", "ttlMs": 0, "cacheScope": "private", **said}


def _parts(uri: str) -> tuple[str, str]:
    """Relationship and name in a skill's URI. Raises Unknown."""
    inner = uri.removeprefix(PREFIX).removesuffix(SUFFIX)
    relationship, _, name = inner.partition("/")
    if uri != f"{PREFIX}{relationship}/{name}{SUFFIX}" or not relationship or not name:
        raise Unknown("unknown_skill", "There is no such skill.")
    return relationship, name


def _entries(me: Session, relationship: str) -> Iterator[dict[str, Any]]:
    """The skill of a relationship in which this actor learns and has kept something."""
    state = me.desk.state(relationship)
    if Role.LEARNER in state.roles(me.actor) and not me.notebook(relationship).empty:
        name = skill_name(relationship)
        uri = f"{PREFIX}{relationship}/{name}{SUFFIX}"
        yield _entry(uri, skill_md(me, relationship, name))


def _entry(uri: str, text: str) -> dict[str, Any]:
    raw = text.encode()
    digest = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    name, says = (json.loads(line.partition(": ")[2]) for line in text.splitlines()[1:3])
    return {
        "uri": uri,
        "frontmatter": {"name": name, "description": says},
        "resources": [{"uri": uri, "digest": digest, "size": len(raw)}],
    }


def skill_name(relationship: str) -> str:
    """A name that the skill format allows: lower case, digits, single hyphens."""
    plain = re.sub(r"[^a-z0-9]+", "-", f"notebook-{relationship}".lower()).strip("-")
    return plain[:NAME_LIMIT].rstrip("-")


def skill_md(me: Session, relationship: str, name: str) -> str:
    """The learner's notebook as SKILL.md. Raises Unknown where there is none of this name."""
    book = me.notebook(relationship)
    if name != skill_name(relationship) or book.empty:
        raise Unknown("unknown_skill", "There is no such skill.")
    goal = me.desk.state(relationship).goal
    when = str(goal.entry.event.situation) if goal else ""
    return "\n".join(_lines(name, when, book))


def _lines(name: str, when: str, book: Notebook) -> Iterator[str]:
    says = f"What I learned to look at, and ask myself. Use it in: {_flat(when)}"
    yield "---"
    yield f"name: {json.dumps(name)}"
    yield f"description: {json.dumps(says[:DESCRIPTION_LIMIT], ensure_ascii=False)}"
    yield "---"
    yield "\n# My notebook"
    for p in book.principles:
        mark = " (my trainer contests it)" if p.contested else ""
        yield f"\n## {_flat(p.says)}{mark}\n"
        yield f"- When: {_flat(p.when)}"
        yield f"- When not: {_flat(p.when_not)}"
        yield f"- Because: {_flat(p.because)}"
    if book.questions:
        yield "\n## I ask myself\n"
        yield from (f"- {_flat(q.text)}" for q in book.questions)
    yield ""


def _flat(text: str) -> str:
    """On one line, so that no text makes a heading or a second frontmatter."""
    return " ".join(text.split())

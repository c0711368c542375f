"""For a person behind an MCP client: the own call is asked of the person, not of the model.

A model that is asked what its person would do answers by itself. Where the learner is a person and
the client can ask (elicitation), this tool puts the question to them in a form.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

import anyio.to_thread
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resolve import Elicit, Resolve
from mcp_types import CallToolResult
from pydantic import BaseModel, Field, ValidationError

from tutelage.domain.errors import Malformed, NotYours, TutelageError
from tutelage.domain.events import OwnCallRecorded
from tutelage.doors.answers import refusal, result
from tutelage.doors.problems import in_words
from tutelage.doors.shapes import WrittenNow
from tutelage.service.session import Session

NAME = "ask_own_call"
SAYS = (
    "For a learner that is a person: asks them in a form what they would do and why, and records "
    "it. Never answer for them; where the client cannot ask, let them write it to you."
)
FORM = "Before any help: what would you do in this situation, and why?"


class OwnCall(BaseModel):
    """What the person is asked."""

    own_call: Annotated[str, Field(description='What I would do, or "I don\'t know yet"')]
    reasoning: Annotated[str, Field(description="Why")]
    expects: Annotated[str, Field(description="What I expect to happen")] = ""
    help: Annotated[
        Literal["nobody", "person", "ai", "material"], Field(description="Help I already had")
    ]


def add(made: MCPServer[Any], opens: Callable[[Mapping[str, str] | None], Session]) -> None:
    """Put the tool on a server."""

    async def ask(relationship: str, situation: str, ctx: Context[Any, Any]) -> Elicit[OwnCall]:
        headers = ctx.headers
        try:  # before the person is asked in vain
            text = await anyio.to_thread.run_sync(
                lambda: _told(opens(headers), relationship, situation)
            )
        except TutelageError as error:
            raise ToolError(f"{error.message} [{error.code}]") from None
        return Elicit(f"{FORM}\n\n{text}", OwnCall)

    async def ask_own_call(
        relationship: str,
        situation: str,
        said: Annotated[OwnCall, Resolve(ask)],
        ctx: Context[Any, Any],
    ) -> Annotated[CallToolResult, WrittenNow]:
        headers = ctx.headers

        def write() -> WrittenNow:
            me = opens(headers)
            event = OwnCallRecorded(
                situation=situation,
                call=said.own_call,
                why=said.reasoning,
                expects=said.expects or None,
                help=said.help,
            )
            return WrittenNow.of(me.write(relationship, event))

        try:
            return result(await anyio.to_thread.run_sync(write))
        except ValidationError as error:
            return refusal(Malformed("malformed", "; ".join(map(in_words, error.errors()[:8]))))
        except TutelageError as error:
            return refusal(error)

    made.add_tool(ask_own_call, name=NAME, description=SAYS)


def _told(me: Session, relationship: str, situation: str) -> str:
    """The situation's text, for a learner that is a person and may still call. Raises NotYours."""
    me.context(relationship)  # raises where this key opens nothing here
    state = me.desk.state(relationship)
    if state.learner is None or state.learner.id != me.actor or state.learner.kind != "person":
        raise NotYours("not_a_person", "Only a learner that is a person is asked in a form.")
    return me.context(relationship, situation).situation or ""

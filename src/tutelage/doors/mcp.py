"""MCP: the tools of `tools.py`, resources, and the notebook as a skill, on the official server.

Stateless: whoever calls shows a key with each request (or, over stdio, with the process), and
names relationship and situation as arguments. No sampling, no roots, no logging messages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import anyio.to_thread
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp.server.mcpserver.tools.base import Tool
from mcp.server.mcpserver.utilities.func_metadata import ArgModelBase, FuncMetadata
from mcp_types import CallToolResult, ToolAnnotations
from pydantic import ValidationError

from tutelage.domain.errors import Malformed, TutelageError, Unknown
from tutelage.doors import asking, report
from tutelage.doors.answers import refusal, result
from tutelage.doors.problems import in_words
from tutelage.doors.shapes import TurnNow
from tutelage.doors.skills import Skills, skill_md
from tutelage.doors.tools import TOOLS, ToolSpec
from tutelage.service.session import Session

Opens = Callable[[Mapping[str, str] | None], Session]
"""Who calls, by the headers of the request; None over stdio. Raises NoKey, TooMany."""

INSTRUCTIONS = (
    "One-to-one mentoring. In every real situation: open_situation, then record_own_call before "
    "any help; the step in each answer says what is asked next, and whether guidance is due. "
    "Decide by record_decision; then outcome and account. Keep what you learned in your own words."
)


class DoorTool(Tool):
    """A tool that answers with a shape, or with the same problem as every other door."""

    spec: Any
    opens: Any

    async def run(
        self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False
    ) -> CallToolResult:
        """Do it in a thread: the desk is not asynchronous."""
        del convert_result
        return await anyio.to_thread.run_sync(self._answer, arguments, context.headers)

    def _answer(
        self, arguments: dict[str, Any], headers: Mapping[str, str] | None
    ) -> CallToolResult:
        spec: ToolSpec = self.spec
        try:
            me = self.opens(headers)
            return result(spec.does(me, spec.told.model_validate(arguments)))
        except ValidationError as error:
            return refusal(Malformed("malformed", "; ".join(map(in_words, error.errors()[:8]))))
        except TutelageError as error:
            return refusal(error)


def _tool(spec: ToolSpec, opens: Opens) -> Tool:
    parameters = spec.told.model_json_schema()
    answers = spec.answers.model_json_schema(mode="serialization")
    return DoorTool(
        spec=spec,
        opens=opens,
        fn=spec.does,
        name=spec.name,
        title=spec.name.replace("_", " "),
        description=spec.says,
        parameters=parameters,
        fn_metadata=FuncMetadata(arg_model=ArgModelBase, output_schema=answers),
        is_async=False,
        annotations=ToolAnnotations(
            read_only_hint=spec.reads, destructive_hint=False, open_world_hint=False
        ),
    )


def server(opens: Opens) -> MCPServer[Any]:
    """The MCP server over sessions opened this way; the same for stdio and for HTTP."""
    made: MCPServer[Any] = MCPServer(
        "tutelage",
        title="Tutelage",
        instructions=INSTRUCTIONS,
        version=version("tutelage"),
        tools=[_tool(spec, opens) for spec in TOOLS],
        extensions=[Skills(opens)],
        subscriptions=False,
        log_level="WARNING",
    )
    asking.add(made, opens)
    _resources(made, opens)
    return made


def _resources(made: MCPServer[Any], opens: Opens) -> None:
    """What a client may read without a tool: where it stands, its course, its notebook."""

    @made.resource("tutelage://{relationship}", mime_type="application/json")
    async def relationship(relationship: str, ctx: Context[Any, Any]) -> str:
        """Whose move it is, what is asked next, the levels and why."""
        return await _read(
            opens, ctx, lambda me: TurnNow.of(me.turn(relationship)).model_dump_json()
        )

    @made.resource("tutelage://{relationship}/trajectory", mime_type="text/markdown")
    async def trajectory(relationship: str, ctx: Context[Any, Any]) -> str:
        """The documented course: start, obstacles, what moved each, where it is now."""
        return await _read(opens, ctx, lambda me: report.markdown(me.trajectory(relationship)))

    @made.resource("skill://{relationship}/{name}/SKILL.md", mime_type="text/markdown")
    async def skill(relationship: str, name: str, ctx: Context[Any, Any]) -> str:
        """The learner's notebook as an agent skill."""
        return await _read(opens, ctx, lambda me: skill_md(me, relationship, name))


async def _read(opens: Opens, ctx: Context[Any, Any], read: Callable[[Session], str]) -> str:
    headers = ctx.headers
    try:
        return await anyio.to_thread.run_sync(lambda: read(opens(headers)))
    except Unknown as error:
        raise ResourceNotFoundError(f"{error.message} [{error.code}]") from error
    except TutelageError as error:
        raise ResourceError(f"{error.message} [{error.code}]") from error

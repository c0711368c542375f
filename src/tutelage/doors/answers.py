"""How a tool of the MCP door answers: a shape, or the same problem as through every other door."""

from __future__ import annotations

from mcp_types import CallToolResult, TextContent
from pydantic import BaseModel

from tutelage.domain.errors import TutelageError
from tutelage.doors.shapes import Problem


def result(answer: BaseModel) -> CallToolResult:
    """A shape, as text and as structure."""
    text = answer.model_dump_json()
    said = answer.model_dump(mode="json")
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=said)


def refusal(error: TutelageError) -> CallToolResult:
    """An error the model can act on: the sentence first, the code for programs."""
    said = error.message.encode("utf-8", "backslashreplace").decode()
    problem = Problem(title=error.code, status=error.status, code=error.code, detail=said)
    text = TextContent(type="text", text=f"{said} [{error.code}]")
    return CallToolResult(
        content=[text], structured_content=problem.model_dump(mode="json"), is_error=True
    )

"""How pages are made: one environment of templates, every text escaped, one policy of content."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from tutelage.doors.common import plain

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def when(moment: datetime | None) -> str:
    """A time as it is read."""
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("tutelage.doors.web"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["when"] = when
    made.filters["plain"] = lambda text: plain(str(text))
    return made


ENVIRONMENT = _environment()


def page(template: str, status: int = 200, /, **shown: Any) -> HTMLResponse:
    """A page from its template."""
    body = ENVIRONMENT.get_template(f"{template}.html").render(**shown)
    return HTMLResponse(body.encode("utf-8", "replace"), status, HEADERS)

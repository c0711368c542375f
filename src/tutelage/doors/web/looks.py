"""How pages are made: one environment of templates, every text escaped, one policy of content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from tutelage.doors.common import plain
from tutelage.doors.web import folding, words

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",  # "no-referrer" hides a form's origin from us, too
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


when = words.when
_LOOKED: ContextVar[Callable[[str, Mapping[str, Any]], None]] = ContextVar(
    "looked", default=lambda _template, _shown: None
)


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("tutelage.doors.web"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {
        "lang": words.language,
        "zone": words.zone_name,
        "chosen_zone": words.chosen_zone,
    }
    made.filters |= {"when": when, "said": words.say, "word": words.word, "means": words.means}
    made.filters |= {"parts": folding.parts, "long": folding.long, "start": folding.start}
    made.filters["fenced"] = folding.fenced
    made.filters["plain"] = lambda text: plain(str(text))
    return made


ENVIRONMENT = _environment()


def watched(looked: Callable[[str, Mapping[str, Any]], None]) -> None:
    """From here on this is told of every page made for this request."""
    _LOOKED.set(looked)


def page(template: str, status: int = 200, /, **shown: Any) -> HTMLResponse:
    """A page from its template."""
    body = ENVIRONMENT.get_template(f"{template}.html").render(**shown)
    _LOOKED.get()(template, shown)
    return HTMLResponse(body.encode("utf-8", "replace"), status, HEADERS)

"""Chatting: what waits, said in a chat, through apprise and only to services that are allowed."""

from __future__ import annotations

import logging
import warnings
from typing import Any

from tutelage.domain.errors import Malformed, TutelageError
from tutelage.service import reachable
from tutelage.service.mail import Handed

NAME = "Tutelage"


def send(url: str, subject: str, text: str, *, private: bool) -> Handed:
    """Say it there, and what came of it; no word of the service's, which may repeat it."""
    try:
        made = service(url)
        _reached(made, private=private)
        said = made.notify(title=subject, body=text, body_format="text")  # marks of theirs escaped
    except TutelageError as problem:
        return Handed(problem.code)
    except Exception as error:  # noqa: BLE001  # each service fails in ways of its own
        return Handed(type(error).__name__)
    return Handed() if said else Handed("chat_refused")


def check(url: str, *, private: bool) -> None:
    """Raise Malformed where this is no chat that is allowed, OSError where it leads nowhere."""
    _reached(service(url), private=private)


def service(url: str) -> Any:
    """The service, with nothing left to the address: no redirects, and certificates checked."""
    kind = reachable.chat(url)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what its plugins import may be on its way out
        import apprise  # noqa: PLC0415  # a second, where nobody has a chat

        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # its log repeats addresses
        made: Any = apprise.Apprise.instantiate(url, asset=_ours(apprise))
    if made is None:
        raise Malformed("bad_channel", "This chat service cannot read its address.")
    made.redirects = False
    made.verify_certificate = True
    made.leads_to = _host(made, kind)
    return made


def _ours(apprise: Any) -> Any:
    """In whose name it is said: ours, without pictures from elsewhere, and nothing kept on disk."""
    bare = dict.fromkeys(("app_url", "theme", "image_url_mask", "image_url_logo"), "")
    named = {"app_id": NAME, "app_desc": NAME, "image_path_mask": ""}
    return apprise.AppriseAsset(**named, **bare, storage_mode="memory")


def _host(made: Any, kind: str) -> str:
    """The server that it will ask, as it itself has read it; empty where that is fixed."""
    if kind == "zulip":
        return f"{made.organization}.{made.hostname}"
    return str(made.host or "") if kind in reachable.WITH_HOST else ""


def _reached(made: Any, *, private: bool) -> None:
    if made.leads_to:
        reachable.address(made.leads_to, 443, private=private)

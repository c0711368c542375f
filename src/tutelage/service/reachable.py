"""Reachable: where a channel may lead. Whoever adds one must not reach into networks of ours.

A name is looked up when it is used, each time; a webhook then goes to the address that was looked
at and to no other. Chat services look their own names up again: those that name a server of their
own are for operators who trust whoever names it, or whose network lets nothing private be reached.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from tutelage.domain.errors import Malformed
from tutelage.service.settings import HERE

ANYWHERE = frozenset({"slack", "discord", "tgram", "gchat", "webex", "wxteams", "pover"})
"""Chat services whose servers are their own: the address names none."""
WITH_HOST = frozenset({"workflows", "zulip", "mmosts", "rockets", "ntfys", "gotifys"})
"""Chat services at a server that the address names, over https. Matrix is none: its servers say
themselves where else they are."""
LONGEST = 2000
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def webhook(url: str, *, private: bool) -> SplitResult:
    """The parts of a webhook's address. Raises Malformed where nothing may be sent there."""
    at = _split(url)
    here = private and at.scheme == "http" and at.hostname in HERE
    if not at.hostname or at.username is not None or at.fragment:
        raise bad()
    if at.scheme != "https" and not here:
        raise Malformed("bad_channel", "A webhook is an https address.")
    return at


def chat(url: str) -> str:
    """The kind of a chat service's address. Raises Malformed where it is none that is allowed."""
    at = _split(url)
    if at.scheme not in ANYWHERE | WITH_HOST or at.query or at.fragment:
        said = "This chat service is not known here, or its address holds options."
        raise Malformed("bad_channel", said)
    return at.scheme


def address(host: str, port: int, *, private: bool) -> str:
    """Where this name leads. Raises Malformed where that is private, OSError where nowhere."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise bad() from None
    all_there = [str(one[4][0]).partition("%")[0] for one in found]
    if not private and not all(_public(ipaddress.ip_address(a)) for a in all_there):
        raise Malformed("private_channel", "This address is in a private network.")
    return all_there[0]


def _public(at: Address) -> bool:
    """Whether everybody may reach it; an address within an address counts as that one."""
    if isinstance(at, ipaddress.IPv6Address):
        if at.ipv4_mapped is not None:
            return _public(at.ipv4_mapped)
        if at.sixtofour is not None or at.teredo is not None or at.is_site_local:
            return False
        if any(at in net for net in _LEADS_ON):
            return False
    return at.is_global and not at.is_multicast


_LEADS_ON = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))
"""Where an address of the old kind stands within: translated (NAT64, its local use), compatible."""


def _split(url: str) -> SplitResult:
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST
    try:
        at = urlsplit(url)
        if at.scheme not in ANYWHERE:  # in theirs a token may stand where a port would
            at.port  # noqa: B018  # it is read, or refused
    except ValueError:
        raise bad() from None
    if not plain or not at.scheme:
        raise bad()
    return at


def bad() -> Malformed:
    """It is no address at all."""
    return Malformed("bad_channel", "This is no address of a channel.")

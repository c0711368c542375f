"""Whether a credential was revoked, as a W3C Bitstring Status List: signed, to be read by others.

Each credential has a list of its own: one list for all would tell how many there are.
"""

from __future__ import annotations

import gzip
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

BYTES = 16 * 1024  # 131,072 bits: no list may be shorter
CONTEXT = "https://www.w3.org/ns/credentials/v2"
PURPOSE = "revocation"


def entry(here: str) -> dict[str, Any]:
    """Where a credential says that its status stands: the first bit of the list at this address."""
    return {
        "id": f"{here}#0",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": "0",
        "statusListCredential": here,
    }


def document(here: str, at: str, now: datetime, *, revoked: bool) -> dict[str, Any]:
    """The list, itself a credential, as the claims of a JSON Web Token."""
    since = now.astimezone(UTC).replace(microsecond=0)
    return {
        "@context": [CONTEXT],
        "id": here,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": at,
        "validFrom": since.isoformat().replace("+00:00", "Z"),
        "credentialSubject": {
            "id": f"{here}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "encodedList": _encoded(revoked=revoked),
        },
        "iss": at,
        "jti": here,
        "nbf": int(since.timestamp()),
        "sub": f"{here}#list",
    }


def _encoded(*, revoked: bool) -> str:
    """The bits as multibase base64url of their gzip; the first bit is the leftmost."""
    bits = bytes([0x80 if revoked else 0]) + bytes(BYTES - 1)
    packed = gzip.compress(bits, mtime=0)
    return f"u{urlsafe_b64encode(packed).decode().rstrip('=')}"

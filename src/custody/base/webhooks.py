"""Signed webhooks (spec/api.md §4): what the sender signs, and how whoever receives checks it. Standard library alone.

The signature covers the name, the moment and the body: a message is refused when it is older than five minutes or was taken before.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from custody.base.errors import Broken

PREFIX: Final = "whsec_"
TOLERANCE: Final = 300
_SECRET_BYTES: Final = range(24, 65)


def secret_bytes(secret: str) -> bytes:
    """The key in a secret as it is written. Raises Broken `webhook.secret`."""
    try:
        found = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        found = b""
    if not secret.startswith(PREFIX) or len(found) not in _SECRET_BYTES:
        raise Broken("webhook.secret", "This is no secret of a webhook.", kind="malformed")
    return found


def heads(secret: str, name: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers of a message."""
    return {
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{_signature(secret, name, str(at), body)}",
    }


def check(secret: str, given: Mapping[str, str], body: bytes, now: int) -> str:
    """The name of a message that holds; whoever receives keeps the names it took. Raises Broken `webhook.signature`, `webhook.old`."""
    name, at = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    mine = _signature(secret, name, at, body)
    told = [one.partition(",")[2] for one in given.get("webhook-signature", "").split() if one.startswith("v1,")]
    if not name or not any(hmac.compare_digest(mine, one) for one in told):
        raise Broken("webhook.signature", "The message is not signed with this secret.", kind="signature")
    if not at.isdigit() or abs(now - int(at)) > TOLERANCE:
        raise Broken("webhook.old", "The message is older than five minutes.", kind="replayed")
    return name


def _signature(secret: str, name: str, at: str, body: bytes) -> str:
    signed = f"{name}.{at}.".encode() + body
    return base64.b64encode(hmac.digest(secret_bytes(secret), signed, hashlib.sha256)).decode()

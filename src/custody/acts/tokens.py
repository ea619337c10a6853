"""Tokens of machines: a principal with a key of its own, sealed under a secret that is shown once (spec/api.md §1)."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from custody.acts.people import by_id, still_acts
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Denied
from custody.ports.store import Row, Store, Transaction, one

DECIDES: Final = "api-decides"
"""What a machine has that may say what became of a request; no other role of a token reaches so far."""
LETS_IN: Final = "api-lets-in"
"""What a machine has that may say who works on a deal."""
ROLES: Final[Mapping[str, frozenset[str]]] = {
    "deals": frozenset(),
    "customers": frozenset(("department",)),
    "requests": frozenset(("department",)),
    "decisions": frozenset(("department", DECIDES)),
    "answers": frozenset(("data",)),
    "suppression": frozenset(("department",)),
    "members": frozenset((LETS_IN,)),
    "ledger": frozenset(),
}
SCOPES: Final = tuple(ROLES)
LONGEST: Final = 366
_NOBODYS: Final = "0" * 64
_FORM: Final = re.compile(r"custody_([0-9A-HJKMNP-TV-Z]{26})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Token:
    """A live token: whose key it opens, and what it may ask for."""

    id: str
    handle: str
    scopes: frozenset[str]


def new_secret() -> str:
    """32 random bytes as text."""
    return secrets.token_urlsafe(32)


def text(token: str, secret: str) -> str:
    """As it is shown once."""
    return f"custody_{token.removeprefix('tok_')}_{secret}"


def digest(secret: str) -> str:
    """What is kept of the secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def handle_of(token: str) -> str:
    """The handle of a token's principal: short, and nobody else's."""
    return f"api-{token.removeprefix('tok_').lower()}"


def opened(store: Store, party: str, given: str, on: date) -> tuple[Token, bytes]:
    """(the token, the secret its key is sealed under). Raises Denied `api.token`, the same for whatever is wrong with it."""
    match = _FORM.fullmatch(given)
    if match is not None:
        with store.read() as tx:
            row = one(tx, "api_token", id=f"tok_{match[1]}", party=party)
            # An id that nobody has takes the same steps: time does not tell which ids there are.
            right = hmac.compare_digest(digest(match[2]), str(row["sha256"]) if row else _NOBODYS)
            if row is not None and right and state(tx, row, on) == "live":
                scopes = frozenset(str(row["scopes"]).split(","))
                return Token(str(row["id"]), by_id(tx, str(row["principal"])).handle, scopes), match[2].encode()
    raise Denied("api.token", "No such token is in force here.", next="Authorization: Bearer custody_…")


def state(tx: Transaction, row: Row, on: date) -> str:
    """`live`, `revoked` (itself or its owner), `expired`."""
    if row["revoked_at"] or not still_acts(tx, str(row["principal"])) or not still_acts(tx, str(row["owner"])):
        return "revoked"
    return "expired" if str(row["until"]) < on.isoformat() else "live"


def told(tx: Transaction, row: Row, on: date) -> dict[str, Json]:
    """A token as people read it; never its secret."""
    return {
        "id": str(row["id"]), "name": str(row["name"]), "scopes": list[Json](str(row["scopes"]).split(",")), "owner": by_id(tx, str(row["owner"])).handle,
        "at": str(row["at"]), "until": str(row["until"]), "state": state(tx, row, on),
    }  # fmt: skip


def new_id() -> str:
    """A token's id."""
    return ids.new("tok")

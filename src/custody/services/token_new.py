"""Make a token for one machine; its secret is told once and kept nowhere (E5; spec/api.md §1)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from custody.acts import tokens
from custody.acts.desk import Desk
from custody.acts.entitlements import last_day
from custody.acts.evidence import append
from custody.acts.people import principal_row
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.base.signing import Signer

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")


def token_new(desk: Desk, name: str, scopes: Sequence[str], until: str) -> Mapping[str, Json]:
    """Raises Malformed `token.name`, `token.scope`, `entitlement.until`; Denied `act.role`."""
    desk.require(("owner",))
    if not _NAME.fullmatch(name):
        raise Malformed("token.name", "A token's name is a-z, 0-9 and -, at most 32 long.")
    if not scopes or set(scopes) - set(tokens.SCOPES):
        raise Malformed(
            "token.scope", "A token has scopes that are known.", next=f"One or more of: {', '.join(tokens.SCOPES)}."
        )
    last_day(until, desk.today(), tokens.LONGEST)
    token, secret, signer = tokens.new_id(), tokens.new_secret(), Signer.generate()
    handle, person, wanted = tokens.handle_of(token), ids.new("prn"), sorted(set(scopes))
    desk.files.write(f"keys/principals/{handle}.key", signer.seal_private(secret.encode()), secret=True)
    roles = {"api"}.union(*(tokens.ROLES[scope] for scope in wanted))
    with desk.store.write() as tx:
        now = desk.clock.now()
        tx.add("principal", [principal_row(person, desk.space, handle, roles, signer.identity, stamp(now))])
        tx.add("api_token", [{
            "id": token, "party": desk.space, "principal": person, "owner": desk.principal.id, "name": name, "scopes": ",".join(wanted),
            "sha256": tokens.digest(secret), "at": stamp(now), "until": until, "revoked_at": "",
        }])  # fmt: skip
        says: dict[str, Json] = {
            "token": token,
            "principal": desk.principal.id,
            "machine": person,
            "scopes": list[Json](wanted),
            "until": until,
        }
        position = append(tx, desk.space, stamp(now), "token-made", says)
    return {"id": token, "name": name, "scopes": list[Json](wanted), "until": date.fromisoformat(until).isoformat(),
            "token": tokens.text(token, secret), "ledger": f"{desk.space}@{position}"}  # fmt: skip

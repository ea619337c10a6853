"""An account of looks as a folder that anybody can check: the company's statement and the ledger beside it (spec/access.md §5)."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from custody.acts.access_accounts import Seen
from custody.acts.desk import Desk
from custody.acts.evidence import append, publish
from custody.acts.matters import ledger_size
from custody.acts.residency import require_place
from custody.acts.statements import enveloped
from custody.acts.vaults import sha256
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.statement import subject
from custody.package.account import Account
from custody.ports.files import Files
from custody.ports.store import Transaction

ACCOUNT: Final = "account.dsse.json"


def give(
    desk: Desk, tx: Transaction, of: Literal["customer", "person"], name: str, seen: Sequence[Seen], out: Files
) -> tuple[Mapping[str, Json], bytes]:
    """Sign the account and enter that it was given; `write` writes it, and the ledger, once that is committed. Raises Refused `residency.*`."""
    exception = require_place(desk, tx, str(out.path(ACCOUNT).parent))
    now, size = desk.clock.now(), ledger_size(tx, desk.space)
    says = Account(of=of, name=name, space=desk.space, size=size, entries=tuple(one.line() for one in seen))
    envelope = enveloped(desk, [subject("account", sha256(name.encode()))], says, now)
    entered: dict[str, Json] = {
        "principal": desk.principal.id,
        "of": of,
        "looks": len(seen),
        "sha256": sha256(envelope),
        **({"exception": exception} if exception else {}),
    }
    position = append(tx, desk.space, stamp(now), "account-given", entered)
    return {"sha256": sha256(envelope), "ledger": f"{desk.space}@{position}"}, envelope


def write(desk: Desk, envelope: bytes, out: Files) -> None:
    """The account, beside it the ledger as it stands now and the keys it is signed with."""
    out.write(ACCOUNT, envelope)
    publish(desk.store, out, desk.signer, desk.space, "ledger")
    out.write("ledger/identity.json", canonical.encode(desk.card.identity.to_json()))

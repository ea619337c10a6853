"""Find a customer by a value without the value being readable anywhere: e-mail, phone, identity document, customer number, name (A1).

A look-up is an oracle, so each one is counted against a limit, and entered before its answer leaves; what was asked for is
in neither.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.finding import KINDS as INDEXED
from custody.acts.limits import count_asking
from custody.acts.passed_over import segments
from custody.acts.vaults import vault_row
from custody.acts.whose import whose
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.vault.index import NEWEST, normalise

KINDS: Final = INDEXED

FINDERS: Final = ("owner", "privacy", "lawyer", "data", "department")


def lookup(desk: Desk, value: str, by: str | None, vault: str | None) -> Mapping[str, Json]:
    """Who has this value; `unread`, where there are any: records that may hold the name and that nobody can read; `segments_missing`, where there are any: files that are away, in which nobody is found. Raises Malformed `lookup.by`, `lookup.form`, Denied `lookup.limit`."""
    desk.require(FINDERS)
    if by is not None and by not in KINDS:
        raise Malformed("lookup.by", f"Values are looked up by: {', '.join(KINDS)}.")
    with desk.store.write() as tx:
        row = vault_row(tx, desk.space, vault)
        count_asking(desk, tx)
    kinds = [
        kind for kind in ((by,) if by else KINDS) if normalise(NEWEST[kind], value, str(row["region"])) is not None
    ]
    if not kinds:
        raise Malformed("lookup.form", "This is no e-mail address, phone number, identity number, customer number or name.",
                        next="Write it whole, or say what it is: --by phone")  # fmt: skip
    lost = Counter[bytes]()
    epoch, held = whose(desk, row, [value], kinds, lost, any_case=True)
    found = held[value]
    with desk.store.write() as tx:
        missing = len(segments(tx, str(row["id"])))
        live = [who for who in sorted(found) if tx.count("subject", vault=str(row["id"]), id=who, state="live")]
        says: dict[str, Json] = {
            "vault": str(row["id"]),
            "by": list[Json](kinds),
            "found": len(live),
            "principal": desk.principal.id,
        }
        position = append(tx, desk.space, stamp(desk.clock.now()), "looked-up", says)
    told: list[Json] = [{"subject": ids.subject_text(who), "by": list[Json](found[who])} for who in live]
    return {"vault": str(row["name"]), "count": len(live), "found": told, "tried": list[Json](kinds), "epoch": epoch, **({"unread": lost.total()} if lost.total() else {}), **({"segments_missing": missing} if missing else {}),
            "ledger": f"{desk.space}@{position}"}  # fmt: skip

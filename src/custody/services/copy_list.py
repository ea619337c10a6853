"""The list of copies: everything besides the vault that holds the data, and what became of each (docs/architecture.md §1, A6)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.copies import CLEAR, GONE, attested, purposes
from custody.acts.copy_names import called as called_for
from custody.acts.desk import Desk
from custody.acts.kept_copies import unaccounted
from custody.acts.vaults import vault_row
from custody.base import canonical
from custody.base.canonical import Json
from custody.package.accounted import Attested
from custody.ports.store import Transaction


def copy_list(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """Every copy, in name order, with its keeper and its day; how many are still open, how many overdue. `unaccounted`: a destruction waits for a word of it."""
    with desk.store.read() as tx:
        rows = _rows(desk, tx, str(vault_row(tx, desk.space, vault)["id"]))
    return {"copies": list[Json](rows), "open": sum(1 for row in rows if row["state"] == "open"),
            "overdue": sum(1 for row in rows if row["overdue"])}  # fmt: skip


def copies_due(desk: Desk) -> Mapping[str, Json]:
    """`ok` is False while the day of a copy has passed and nobody said that it is gone: an alarm that names it and who keeps it."""
    with desk.store.read() as tx:
        listed = [(str(vault["name"]), row) for vault in tx.find("vault", order=("name",), party=desk.space)
                  for row in _rows(desk, tx, str(vault["id"]))]  # fmt: skip
    late: list[Json] = [{"vault": name, "name": row["name"], "keeper": row["keeper"], "until": row["until"]}
                        for name, row in listed if row["overdue"]]  # fmt: skip
    return {"open": sum(1 for _, row in listed if row["state"] == "open"), "overdue": late, "ok": not late}


def _rows(desk: Desk, tx: Transaction, vault: str) -> list[dict[str, Json]]:
    today = desk.today().isoformat()
    terms = {str(row["name"]): row for row in tx.find("copy_term", vault=vault)}
    called = {str(row["name"]): _called_in(cast("bytes", row["account"])) for row in tx.find("copy", vault=vault)}
    found = list[dict[str, Json]]()
    for copy in attested(tx, vault):
        term = terms.get(copy.name, {})
        until = str(term.get("until", ""))
        found.append({"name": called_for(desk, tx, copy.kind, copy.name), "kind": copy.kind, "state": copy.state, "why": copy.why or "", "unaccounted": unaccounted(copy), "at": copy.at, "keeper": str(term.get("keeper", "")),
                      "until": until, "overdue": _overdue(copy, until, called[copy.name], today), "purposes": list[Json](purposes(tx, vault, copy.name))})  # fmt: skip
    return found


def _called_in(account: bytes) -> str:
    """The day on which it was asked back, '' when it was not."""
    return cast("dict[str, str]", canonical.decode(account or b"{}")).get("called_in", "")[:10]


def _overdue(copy: Attested, until: str, called: str, today: str) -> bool:
    if copy.state in GONE:
        return False
    return bool(called and called < today) or (until < today if until else copy.kind in CLEAR)

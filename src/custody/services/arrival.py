"""A hand-over as the buyer's home sees it: what was asked for, what came, how far it is taken in, who acts next (C7)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts import taking
from custody.acts.desk import Desk
from custody.acts.handing import DESCRIPTOR, RECEIVED, SHIPPED, understood
from custody.acts.held_back import rests
from custody.acts.matters import deal, deals
from custody.acts.releases import answer_file, answered, receipt_file, receipt_row
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.errors import CustodyError, Missing
from custody.model.party import PartyCard
from custody.package import contents as descriptors
from custody.package.release import folder_name
from custody.package.statements import ReleasedStatement, Shipped
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one

_RELEASED: Final = f"{folder_name(1)}/released.dsse.json"
_STAGES: Final = ("invited", "shipped", "released", "received", "exported", "reconciled", "resealed")
_NEXT: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "shipped": ("await", ()), "released": ("await", ()), "received": ("receive", ("data", "owner")),
    "exported": ("export", ("data", "owner")), "reconciled": ("compare", ("data", "owner")),
    "resealed": ("reseal", ("data", "owner")),
}  # fmt: skip


def arrival(desk: Desk, named: str | None, source: Files | None = None) -> Mapping[str, Json]:
    """One hand-over to this company, or the list of all; `source` is its folder. Raises Missing `arrival.unknown`."""
    with desk.store.read() as tx:
        if named is None:
            rows = [row for row in deals(desk, tx) if _invite(tx, row)]
            return {"arrivals": [_brief(tx, row) for row in rows]}
        matter = deal(desk, tx, named)
        if _invite(tx, matter) is None:
            raise Missing("arrival.unknown", "This company invited no such hand-over.", next="custody invite SELLER")
        return _stand(desk, tx, matter, source)


def arrival_answer(desk: Desk, named: str, n: int) -> tuple[str, bytes] | None:
    """(file, envelope) of the newest answer to release `n`, as it was signed."""
    with desk.store.read() as tx:
        return next(taking.answers(tx, str(deal(desk, tx, named)["id"]), n), None)


def _stand(desk: Desk, tx: Transaction, matter: Row, source: Files | None) -> Mapping[str, Json]:
    brief = _brief(tx, matter)
    came = _came(desk, tx, matter, source)
    name = str(matter["id"])
    exports = [
        _done(row) for row in tx.find("job", order=("started_at",), kind="export", state="done") if _of(row, name)
    ]
    vault = one(tx, "vault", id=str(matter["vault"]))
    receipt, taken = one(tx, "statement", matter=name, kind="received", n=1), one(tx, "job", key=f"receive:{name}:1")
    compared = one(tx, "statement", matter=name, kind="received", n=2)
    own = one(tx, "statement", matter=name, kind="resealed", n=1)
    sealed = one(tx, "job", key=f"reseal:{name}")
    reached = {
        "invited": str(brief["invited_at"]), "shipped": came["package"] or receipt, "released": bool(came["release"] or receipt), "received": receipt,
        "exported": exports, "reconciled": compared, "resealed": own,
    }  # fmt: skip
    stages = _stages(reached)
    return {
        **brief, "package": came["package"], "release": came["release"] is not None, "stages": stages, "next": _next(stages),
        "receipt": _done(taken) if receipt and taken else None, "exports": exports,
        "compared": str(compared["at"]) if compared else None, "resealed": _done(sealed) if own and sealed else None,
        **_later(desk, tx, matter, source),
        "vault": str(vault["name"]) if vault else None, "answered": source is not None and RECEIVED in source.list(),
    }  # fmt: skip


def _brief(tx: Transaction, matter: Row) -> dict[str, Json]:
    row, invited = one(tx, "party", id=str(matter["counterparty"])), _invite(tx, matter)
    assert row is not None
    assert invited is not None
    card = PartyCard.from_json(canonical.decode(cast("bytes", row["card"])))
    return {
        "id": str(matter["id"]), "ref": str(matter["ref"]), "invited_at": str(invited["at"]), "state": _state(tx, matter),
        "seller": {"id": card.id, "name": {"zh": card.name_zh, "en": card.name_en}, "fingerprint": card.identity.fingerprint},
    }  # fmt: skip


def _state(tx: Transaction, matter: Row) -> str:
    """The furthest statement of ours about it."""
    for kind in ("resealed", "received"):
        if one(tx, "statement", matter=str(matter["id"]), kind=kind, n=1):
            return kind
    return "invited"


def _came(desk: Desk, tx: Transaction, matter: Row, source: Files | None) -> dict[str, Json]:
    """What lies in the folder and bears the seller's signature; whether all of it is whole is for `verify` to say."""
    row = one(tx, "party", id=str(matter["counterparty"]))
    assert row is not None
    seller = PartyCard.from_json(canonical.decode(cast("bytes", row["card"]))).identity
    found: dict[str, Json] = {"package": None, "release": None}
    names = frozenset(source.list()) if source is not None else frozenset()
    if source is not None and SHIPPED in names and DESCRIPTOR in names:
        try:
            said = understood(source.read(SHIPPED), Shipped, seller, rehearsal=desk.rehearsal)
            found["package"] = {**_told(said), "tables": _tables(source)}
        except CustodyError:
            return found
    if source is not None and _RELEASED in names:
        try:
            let = understood(source.read(_RELEASED), ReleasedStatement, seller, rehearsal=desk.rehearsal)
            found["release"] = let.manifest
        except CustodyError:
            return found
    return found


def _later(desk: Desk, tx: Transaction, matter: Row, source: Files | None) -> dict[str, Json]:
    """Every release that was answered, the one that lies in the folder and waits, and whether the next needs a new invitation."""
    name, last = str(matter["id"]), taking.last(desk, tx, str(matter["id"]))
    told: list[Json] = [_answered(tx, name, n) for n in range(1, last.n + 1)]
    fresh = taking.waiting(source, last) if source is not None else None
    if source is not None and fresh is not None:
        told.append(
            {
                "n": fresh,
                "kind": _kind(desk, tx, matter, source, fresh),
                "state": "waiting",
                "at": None,
                "folder": folder_name(fresh),
            }
        )
    resealed = tx.count("statement", matter=name, kind="resealed") > 0
    return {"releases": told, "waits": fresh, "anew": resealed and tx.count("deal_key", matter=name) == 0}


def _answered(tx: Transaction, matter: str, n: int) -> Json:
    said = answered(tx, matter, "recalled", n)
    back = said[-1] if said else None
    row = back or one(tx, "statement", matter=matter, kind="received", n=receipt_row(n))
    done = one(tx, "job", key=f"receive:{matter}:{n}")
    told = cast("dict[str, Json]", canonical.decode(cast("bytes", done["result"]))) if done else {}
    return {
        "n": n, "kind": "recall" if back else "full" if n == 1 else "delta", "state": "answered" if row else "missed",
        "at": str(row["at"]) if row else None, "subjects": told.get("subjects"), "rows": told.get("rows"), "exports": told.get("exports"),
        "held": next((rest.held for rest in rests(tx, matter) if rest.n == n), 0),
        "file": answer_file(n) if back else receipt_file(n), "folder": folder_name(n),
    }  # fmt: skip


def _kind(desk: Desk, tx: Transaction, matter: Row, source: Files, n: int) -> str:
    """What the seller signed that it is; `unsigned` until that holds."""
    seller = PartyCard.from_json(
        canonical.decode(cast("bytes", tx.find("party", id=str(matter["counterparty"]))[0]["card"]))
    )
    try:
        envelope = source.read(f"{folder_name(n)}/released.dsse.json")
        return understood(envelope, ReleasedStatement, seller.identity, rehearsal=desk.rehearsal).kind
    except CustodyError:
        return "unsigned"


def _told(said: Shipped) -> dict[str, Json]:
    return {
        "id": said.package,
        "deal": said.deal,
        "records": said.records,
        "bytes": said.bytes,
        "files": said.files,
        "keys": said.leaves.count,
    }


def _tables(source: Files) -> list[Json]:
    told = descriptors.decode(source.read(DESCRIPTOR))
    return [
        {"name": table.name, "role": table.role, "columns": [{"name": c.name, "class": c.cls, "tier": c.tier} for c in table.columns]}
        for table in told.tables
    ]  # fmt: skip


def _stages(reached: Mapping[str, object]) -> list[Json]:
    """Each stage as done, now or open: the first that was not reached is now."""
    told, now = list[Json](), False
    for stage in _STAGES:
        done = bool(reached[stage])
        state = "done" if done and not now else "open" if now else "now"
        now = now or not done
        row = reached[stage]
        told.append({"stage": stage, "state": state, "at": row if isinstance(row, str) else _at(row)})
    return told


def _at(row: object) -> str:
    return str(row["at"]) if isinstance(row, Mapping) and "at" in row else ""


def _next(stages: list[Json]) -> Json:
    for row in stages:
        assert isinstance(row, dict)
        if row["state"] == "now":
            act, roles = _NEXT[str(row["stage"])]
            return {"stage": row["stage"], "act": act, "roles": list[Json](roles)}
    return None


def _invite(tx: Transaction, matter: Row) -> Row | None:
    return one(tx, "statement", matter=str(matter["id"]), kind="invite", n=1)


def _of(job: Row, matter: str) -> bool:
    return str(job["key"]).startswith(f"export:{matter}:")


def _done(job: Row) -> Json:
    told = cast("dict[str, Json]", canonical.decode(cast("bytes", job["result"])))
    name = str(job["key"]).partition(":")[2].partition(":")[2] if job["kind"] == "export" else ""
    return {**told, "name": name} if name else told

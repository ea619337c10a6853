"""Root rotation, step by step and resumable: intended, created, escrowed, switched, destroying, destroyed (D1).

Only the destroy is final. The next step is always derived from the state row and from what the provider says of both
roots; nothing is assumed about a step whose end was not committed.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.vaults import Keyring, new_keyring, open_keyring, save_head, sealed
from custody.base import canonical, ids
from custody.base.canonical import Json, unb64
from custody.base.clock import stamp
from custody.ports.store import Transaction, one
from custody.vault.page import rewrap

Escrow: TypeAlias = Callable[[bytes, int], None]


def rotate(desk: Desk, vault: str, beyond: int, escrow: Escrow | None = None) -> Mapping[str, Json]:
    """Bring `vault` to a root later than generation `beyond` and destroy the one before, once.

    Run again, it returns what it returned. `escrow` is given the new keyring key and its generation before anything stands under it, and
    raises when the key could not be kept safe. Returns g (the destroyed one), effective_at, assurance.
    """
    with desk.store.write() as tx:
        begun = tx.find("rotation", order=("to_g",), vault=vault)
        if begun and begun[-1]["state"] == "destroyed" and cast("int", begun[-1]["from_g"]) >= beyond:
            return cast("dict[str, Json]", canonical.decode(cast("bytes", begun[-1]["detail"])))
        if not begun or begun[-1]["state"] == "destroyed":
            row = one(tx, "vault", id=vault)
            assert row is not None
            old = cast("int", row["generation"])
            tx.add("rotation", [{"vault": vault, "to_g": old + 1, "from_g": old, "state": "intended", "detail": b""}])
            append(tx, desk.space, stamp(desk.clock.now()), "root-intended", {"vault": vault, "g": old + 1})
            begun = tx.find("rotation", order=("to_g",), vault=vault)
        state, new, old = str(begun[-1]["state"]), cast("int", begun[-1]["to_g"]), cast("int", begun[-1]["from_g"])
    if state == "intended":
        _switch(desk, vault, (old, new), escrow)
    return _destroy(desk, vault, old, new)


def _switch(desk: Desk, vault: str, step: tuple[int, int], escrow: Escrow | None) -> None:
    """One transaction: every wrap, the head and the current generation move together."""
    old, new = step
    key, kept = new_keyring(desk, vault, new)
    if escrow is not None:
        escrow(key, new)
    with desk.store.write() as tx:
        ring = open_keyring(desk, tx, vault)
        for row in tx.scan("page", order=("compartment", "page"), vault=vault):
            fresh = rewrap(sealed(row, ring.origin), (ring.key, old), (key, new))
            where = {name: row[name] for name in ("compartment", "page")}
            tx.change("page", {"wrap": fresh, "wrap_g": new}, vault=vault, **where)
        before = one(tx, "vault", id=vault)
        assert before is not None
        head = save_head(tx, Keyring(vault, new, key, ring.head), kept)
        tx.change("rotation", {"state": "switched", "detail": cast("bytes", before["keyring"])}, vault=vault, to_g=new)
        append(
            tx,
            desk.space,
            stamp(desk.clock.now()),
            "root-switched",
            {"vault": vault, "g": new, "head": head.root.hex()},
        )


def _destroy(desk: Desk, vault: str, old: int, new: int) -> Mapping[str, Json]:
    with desk.store.write() as tx:
        row = one(tx, "rotation", vault=vault, to_g=new)
        assert row is not None
        held = cast("dict[str, str]", canonical.decode(cast("bytes", row["detail"])))
        _prove_live(desk, tx, vault, new)
        if row["state"] == "switched":
            append(tx, desk.space, stamp(desk.clock.now()), "destroy-intended", {"vault": vault, "g": old})
            tx.change("rotation", {"state": "destroying"}, vault=vault, to_g=new)
    done = desk.keys.destroy(held["ref"], desk.clock.now())
    result: dict[str, Json] = {"g": old, "effective_at": stamp(done.effective_at), "assurance": done.assurance}
    with desk.store.write() as tx:
        row = one(tx, "rotation", vault=vault, to_g=new)
        assert row is not None
        if row["state"] != "destroyed":
            tx.change("rotation", {"state": "destroyed", "detail": canonical.encode(result)}, vault=vault, to_g=new)
            append(tx, desk.space, stamp(desk.clock.now()), "root-destroyed", {"vault": vault, **result})
            for batch in {
                cast("int", one_row["generation"]) for one_row in tx.find("erasure", vault=vault, final_at="")
            }:
                if batch <= old:
                    tx.change(
                        "erasure", {"final_at": stamp(done.effective_at)}, vault=vault, generation=batch, final_at=""
                    )
    return result


def _prove_live(desk: Desk, tx: Transaction, vault: str, new: int) -> None:
    """The new root must open everything before the old one goes: unwrapped anew, not from memory."""
    ring = open_keyring(desk, tx, vault)
    row = one(tx, "vault", id=vault)
    assert row is not None
    value = cast("dict[str, str]", canonical.decode(cast("bytes", row["keyring"])))
    assert ring.generation == new
    assert desk.keys.unwrap(value["ref"], unb64(value["key"])) == ring.key
    assert ids.id_bytes(vault)

"""What every destruction shares: slots to zero, people forgotten, and the certificate over both (C9, spec/statements.md)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, cast

from custody.acts.copies import attested
from custody.acts.desk import Desk
from custody.acts.elsewhere import with_buyer
from custody.acts.erasing import enter, note_act
from custody.acts.evidence import log_head
from custody.acts.noted import ERASED, PART, asking
from custody.acts.shred import Shred, held, shred
from custody.acts.vaults import open_keyring, pack_slots, sha256, slot_places
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.package.accounted import Attested, Stays
from custody.package.statements import Destroyed, Generation, Proven, Provider, Scope
from custody.ports.store import Transaction

Place = tuple[int, int, int]
_GONE: Final = "destroyed"


def heading(copies: Sequence[Attested]) -> Literal["partial", "complete"]:
    """Partial until every copy is accounted for."""
    return "partial" if any(one.state == "open" for one in copies) else "complete"


def shred_places(
    desk: Desk, vault: str, places: set[tuple[str, Place]], also: Callable[[Transaction], None] = lambda _: None
) -> None:
    """One transaction, in which `also` is done: slots to zero under new page keys, locations gone, facts gone, erasures noted. Holds stay."""
    now = stamp(desk.clock.now())
    with desk.store.write() as tx:
        also(tx)
        ring = open_keyring(desk, tx, vault)
        kept = held(tx, vault, now)
        wanted = [(who, place) for text, place in places if (who := bytes.fromhex(text)) not in kept]
        asked = asking(tx, vault) & {who for who, _ in wanted}
        asked -= with_buyer(desk, tx, vault, asked)
        gone = shred(tx, ring, (Shred(who, *place) for who, place in wanted), now=now)
        if not gone:
            return
        tx.drop_many("record", ({"vault": vault, "subject": who, "compartment": place[0]} for who, place in wanted))
        people = {who for who, _ in wanted}
        _forget(tx, vault, people, {place for _, place in wanted})
        entry = enter(desk, tx, ring, gone, len(people))
        _note(desk, tx, vault, asked, entry)


def certificate(
    desk: Desk, tx: Transaction, deal: str, vault: str, receipts: tuple[str, ...], stays: Sequence[Stays], rotation: Mapping[str, Json]
) -> Destroyed:  # fmt: skip
    """What is proven of this vault and attested of its copies, after the rotation that made it final."""
    copies = attested(tx, vault)
    effective = str(rotation["effective_at"])
    assurance = cast("Literal['hardware', 'service', 'file']", rotation["assurance"])
    return Destroyed(
        deal=deal,
        heading=heading(copies),
        proven=Proven(
            vault=sha256(ids.id_bytes(vault)),
            generations=(Generation(cast("int", rotation["g"]), effective, f"g{rotation['g']}"),),
            shredded=tx.count("erasure", vault=vault),
            ledger=log_head(tx, desk.space),
            receipts=receipts,
            places=("vault", "key-provider"),
        ),
        attested=copies,
        scope=Scope(("vault", "key-provider"), ("sources", "exports", "paper", "phones", "mail")),
        stays=(*stays, *_held(desk, tx, vault)),
        # Only a device that says it is one is called purged; a service's own word is not enough for that.
        provider=Provider(
            str(rotation.get("provider", "passphrase-file")),
            assurance,
            "purge" if assurance == "hardware" else "cryptographic-erase",
        ),
        final_at=effective,
    )


def _forget(tx: Transaction, vault: str, people: set[bytes], gone: set[Place]) -> None:
    """Subjects of whom nothing is left lose their facts; the others stay with the slots that were withheld."""
    left = {cast("bytes", row["subject"]) for row in tx.scan("record", order=("subject",), vault=vault)}
    for who in people - left:
        tx.change("subject", {"state": _GONE, "facts": b"{}"}, vault=vault, id=who)
    for who in people & left:
        (row,) = tx.find("subject", vault=vault, id=who)
        places = slot_places(cast("bytes", row["slots"]))
        kept = {compartment: place for compartment, place in places.items() if (compartment, *place) not in gone}
        tx.change("subject", {"slots": pack_slots(kept)}, vault=vault, id=who)


def _note(desk: Desk, tx: Transaction, vault: str, asked: set[bytes], entry: int) -> None:
    """What these people asked for and is done by it: of some nothing is left, of others a part is gone."""
    left = {who for who in asked if tx.count("record", vault=vault, subject=who)}
    note_act(desk, tx, vault, asked - left, entry, ERASED)
    note_act(desk, tx, vault, left, entry, PART)


def _held(desk: Desk, tx: Transaction, vault: str) -> tuple[Stays, ...]:
    """What stays because somebody must not destroy it, whatever the verdict."""
    count = len(held(tx, vault, stamp(desk.clock.now())))
    return (Stays("held", ("HOLD",), count),) if count else ()

"""What every destruction ends with: the certificate over what was proven and attested (C9, spec/statements.md)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, Literal, cast

from custody.acts.copies import attested
from custody.acts.desk import Desk
from custody.acts.destroys import ATTESTED, LOST, code, told_of, unseen
from custody.acts.entries import entered
from custody.acts.evidence import log_head
from custody.acts.foreign import SELLER, foreign
from custody.acts.shred import holds
from custody.acts.vaults import sha256
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.package.accounted import Attested, Customers, Erasures, Stays
from custody.package.statements import Destroyed, Generation, Proven, Provider, Scope
from custody.ports.store import Transaction

Assurance = Literal["hardware", "service", "file"]
_WEAKEST_FIRST: Final[tuple[Assurance, ...]] = ("file", "service", "hardware")


def heading(copies: Sequence[Attested]) -> Literal["partial", "complete"]:
    """Partial until every copy is accounted for."""
    return "partial" if any(one.state == "open" for one in copies) else "complete"


def certificate(
    desk: Desk, tx: Transaction, deal: str, vault: str, receipts: tuple[str, ...], stays: Sequence[Stays], rotation: Mapping[str, Json],
    erasures: Erasures, customers: Customers,
) -> Destroyed:  # fmt: skip
    """What is proven of this vault and attested of its copies, after the rotation that made it final."""
    copies = attested(tx, vault)
    generations = _generations(tx, vault, rotation)
    assurance = _weakest(desk, tx, vault, str(rotation["assurance"]))
    return Destroyed(
        deal=deal,
        heading=heading(copies),
        proven=Proven(
            vault=sha256(ids.id_bytes(vault)),
            generations=generations,
            shredded=tx.count("erasure", vault=vault),
            ledger=log_head(tx, desk.space),
            receipts=receipts,
            places=("vault", "key-provider"),
            erasures=erasures if erasures.entries else None,
            customers=customers,
        ),
        attested=copies,
        scope=Scope(("vault", "key-provider"), ("sources", "exports", "paper", "phones", "mail")),
        stays=(*stays, *_held(desk, tx, vault), *_lost(tx, vault), *_sellers(tx, vault)),
        # Only a device that says it is one is called purged; a service's own word is not enough for that.
        provider=Provider(
            str(rotation.get("provider", "passphrase-file")),
            assurance,
            "purge" if assurance == "hardware" else "cryptographic-erase",
        ),
        final_at=max(one.effective_at for one in generations),
    )


def _weakest(desk: Desk, tx: Transaction, vault: str, last: str) -> Assurance:
    """Of every root that the vault ever stood under: an older copy of one opens an older backup of whoever was in it."""
    gone = (found.says for found in entered(tx, desk.space, "root-destroyed"))
    said = {last, *(str(says["assurance"]) for says in gone if says["vault"] == vault)}
    return next(kind for kind in _WEAKEST_FIRST if kind in said)


def _generations(tx: Transaction, vault: str, rotation: Mapping[str, Json]) -> tuple[Generation, ...]:
    """The root that went, and every other one that was ordered to go and that nobody saw gone: until then it can come back with older copies."""
    dates = {cast("int", rotation["g"]): str(rotation["effective_at"])}
    dates |= {
        asked.generation: asked.effective_at
        for asked in unseen(tx, vault)
        if asked.effective_at and not (asked.attested and asked.lost)
    }
    return tuple(Generation(g, at, f"g{g}") for g, at in sorted(dates.items()))


def _lost(tx: Transaction, vault: str) -> tuple[Stays, ...]:
    """Roots that were lost, or whose provider is, and that nobody saw gone: with an older copy of its generation each opens what was destroyed. Those of which people attest it are told apart."""
    counts = Counter(code(asked) for asked in told_of(tx, vault))
    rules = {LOST: ("ROOT-LOST",), ATTESTED: ("ROOT-ATTESTED",)}
    return tuple(Stays(what, why, counts[what]) for what, why in rules.items() if counts[what])


def _sellers(tx: Transaction, vault: str) -> tuple[Stays, ...]:
    """What came and was never sealed anew: whoever handed it over has the keys, and nothing says that they went."""
    count = sum(cast("int", row["records"]) for row in foreign(tx, vault))
    return (Stays(SELLER, ("SELLER-KEYS",), count),) if count else ()


def _held(desk: Desk, tx: Transaction, vault: str) -> tuple[Stays, ...]:
    """What stays because somebody must not destroy it, whatever the verdict."""
    count = len(holds(tx, vault, stamp(desk.clock.now())))
    return (Stays("held", ("HOLD",), count),) if count else ()

"""A vault whose acts are killed (tests/vault/plays.py): a few people, a policy, holders and sheets, a backup, and what a second person approved."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from custody import wiring
from custody.acts import escrow
from custody.acts.adding import Newcomer, add_people
from custody.base import canonical, ids
from custody.base.signing import Signer
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.hold import hold_add
from custody.services.recovery_deposit import recovery_deposit
from custody.services.recovery_open import recovery_open
from custody.services.recovery_print import recovery_print
from custody.services.recovery_test import recovery_test
from custody.services.retention_set import retention_set
from custody.services.revise import Correction, revise
from custody.services.suppress import suppress_add
from custody.vault.escrow import HolderKey
from custody.vault.payload import pack
from tests.vault.histories.world import ESCROWS, NAME, World
from tests.vault.second import approve, join

POLICY = """
notice_days = 7
standing_until = 2099-12-31
[[rule]]
retention = "relation"
start = "relation-end"
years = 1
"""
NEXT = POLICY.replace("years = 1", "years = 2")
LAWS = wiring.laws()
HOLDERS = {name: HolderKey.generate() for name in ("suhe", "zhouning")}
AT_RISK = "finance.bank_account"
"""What the one column holds: a second person agrees to each correction of it."""
SHEETS = "sheets.json"
APART = 10
"""Between the numbers of the two rows that each has."""


def furnish(made: World) -> None:
    """Four people, one of them erased, a backup in place a, sheets, shares with two holders, one of which was given."""
    people = [
        Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"])), (1, 1, pack(n + APART, [f"word-{n}-b"]))])
        for n in range(4)
    ]
    _parted(made)  # before anybody is in: whoever fills a vault commits to its layout
    subjects = add_people(made.desk, made.vault, people)
    key = _kept_by_law(made)
    suppress_add(made.desk, ["gone@example.cn"], None, "import", "asked.1", None)
    hold_add(made.desk, ids.subject_text(subjects[1]), "dispute.1", "", NAME)
    _printed(made)
    _deposited(made, key)
    backup(made.desk, "a")
    erase(made.desk, [ids.subject_text(subjects[0])], NAME)
    for law in (False, True):
        what = correction(made, by_law=law)
        agreed(made, key, revise(made.desk, ids.subject_text(first(made)), what, NAME, dry_run=True))
    made.close()


def first(world: World) -> bytes:
    """Somebody live whom nobody holds and whose time is not over."""
    with world.desk.store.read() as tx:
        held = {row["subject"] for row in tx.find("hold", vault=world.vault)}
        people = tx.find("subject", order=("id",), vault=world.vault, state="live")
    return next(row["id"] for row in people if row["id"] not in held and b"2020-05" not in row["facts"])


def rows_of(world: World, subject: bytes) -> list[int]:
    """The rows of that person's that are left."""
    with world.desk.store.read() as tx:
        return sorted(row["row"] for row in tx.find("record", vault=world.vault, subject=subject))


def correction(world: World, *, by_law: bool) -> Correction:
    """Of the first row of the first person."""
    return Correction("t1", rows_of(world, first(world))[0], "note", "word-right", "typo", by_law)


def sheets(world: World) -> tuple[tuple[str, str], ...]:
    """(holder, text) of as many as open the vault as it was furnished."""
    return tuple((one["holder"], one["text"]) for one in json.loads((world.root / SHEETS).read_text(encoding="utf-8")))


def places(root: Path) -> None:
    """Folders of the escrow store."""
    for name in ESCROWS:
        (root / name).mkdir(parents=True)


def _printed(world: World) -> None:
    told = list(recovery_print(world.desk, NAME, ("甲", "乙", "丙"), 2)["sheets"][:2])
    assert recovery_test(world.desk, [(one["holder"], one["text"]) for one in told], NAME)["opens"]
    (world.root / SHEETS).write_text(json.dumps(told), encoding="utf-8")


def _deposited(world: World, key: Signer) -> None:
    """Two holders; one gave the other their share, and both agree that it may be used."""
    for name, holder in HOLDERS.items():
        world.desk.files.write(f"{escrow.KEYS}/{name}.pub", holder.public)
    agreed(world, key, recovery_deposit(world.desk, list(HOLDERS), 2, dry_run=True))
    recovery_deposit(world.desk, list(HOLDERS), 2)
    _, share = escrow.own_share(world.outside.escrow, world.vault, 1, HOLDERS["zhouning"])
    escrow.give(world.desk, world.vault, share, {"handle": "suhe", "public": HOLDERS["suhe"].public})
    agreed(world, key, recovery_open(world.desk, HOLDERS["suhe"], NAME, dry_run=True))


def agreed(world: World, key: Signer, told: Mapping[str, Any]) -> None:
    """The second person approves what a dry run said would be done."""
    act, content = told["would"]["approve"]
    approve(world, key, {"approve": {"act": act, "content": content}})


def _parted(world: World) -> None:
    """Two compartments that are kept so long, and a column of high risk."""
    listed = canonical.encode({"columns": [["note", AT_RISK, "general", "general"]]})
    with world.desk.store.write() as tx:
        for number, word in ((1, "relation"), (2, "cn-ecommerce-3y")):
            row = {"number": number, "tier": "general", "purposes": "service", "retention": word}
            tx.add("compartment", [{"vault": world.vault, **row, "child_of": -1, "next_page": 0}])
        tx.add("tally", [{"vault": world.vault, "tbl": "t1", "role": "subject", "kind": "customer", "met": 0, "sealed": 0,
                          "quarantined": 0, "source": "", "sha256": "", "columns": listed}])  # fmt: skip


def _kept_by_law(world: World) -> Signer:
    """The second of two people who may act, a policy that both signed, another one approved, and somebody whose time is over."""
    key = Signer.generate()
    join(world, key)
    gone = {"contract_status": "ended", "last_activity": "2020-05"}
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(77, ["word-over"]))], gone)])
    for text in (NEXT, POLICY):
        approve(world, key, dict(retention_set(world.desk, LAWS, text, NAME, dry_run=True)))
    retention_set(world.desk, LAWS, POLICY, NAME, dry_run=False)
    return key

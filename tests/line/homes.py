"""What tests ask of the two homes of a played hand-over: whose keys open what, and who came across."""

import json
import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from custody import wiring
from custody.acts.desk import Desk
from custody.acts.vaults import open_keyring, pages
from custody.ports.target import Target
from custody.services.approve import approve
from custody.services.export import export
from custody.vault.keyid import NO_KEY
from custody.vault.page import SLOTS, open_page, slot
from custody.vault.record import open_record
from custody.vault.segment import frames
from custody.vault.suite import AES

DEAL = "D-2026-0001"


def desk_of(home: Path, who: str) -> AbstractContextManager[Desk]:
    return wiring.desk(home, who, home / "keys" / "principals" / f"{who}.pass")


def out_by_two(home: Path, target: Target, deal: str = DEAL) -> None:
    """The buyer's second person approves that the first exports everything into `target`."""
    with desk_of(home, "fanyuan") as desk:
        dry: Any = export(desk, deal, target, dry_run=True)
    with desk_of(home, "yeqing") as desk:
        approve(desk, *dry["would"]["approve"])


def keys_of(home: Path, who: str) -> set[bytes]:
    """Every key that this home can open."""
    found = set()
    with desk_of(home, who) as desk, desk.store.read() as tx:
        for vault in tx.find("vault"):
            ring = open_keyring(desk, tx, str(vault["id"]))
            for page in pages(tx, ring.vault):
                slots = open_page(page, ring.key, ring.generation)
                found |= {slot(slots, number) for number in range(SLOTS)}
    return found - {NO_KEY}


def who_opens(segment: Path, keys: set[bytes], origin: bytes) -> set[bytes]:
    """Subjects of whom some record in the segment opens with one of the keys."""
    by_id = {AES.key_id(key): key for key in keys}
    opened = set()
    with segment.open("rb") as source:
        for _, sealed in frames(source):
            key = by_id.get(sealed[32:48])
            if key is not None:
                header, _ = open_record(origin, key, sealed)
                opened.add(header.subject)
    return opened


def came_across(played: Path) -> set[bytes]:
    store = sqlite3.connect(played / "buyer" / "core.db")
    found = {row[0] for row in store.execute("SELECT id FROM subject WHERE kind = 'customer'")}
    store.close()
    return found


def segment_of(home: Path, name: str) -> Path:
    return next((home / "vaults" / name / "segments").glob("*.seg"))


def origin_of(played: Path) -> bytes:
    told = json.loads((played / "handover" / "package" / "data" / "datapackage.json").read_text(encoding="utf-8"))
    return bytes.fromhex(told["custody"]["origin"])

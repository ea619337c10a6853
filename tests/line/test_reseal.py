"""A15, C7: after the re-seal the buyer's copy opens under the buyer's own keys alone, and what was never released is not there."""

import sqlite3
from pathlib import Path

from custody.base import ids
from custody.vault.segment import frames
from tests.line.conftest import act, custody
from tests.line.homes import keys_of, origin_of, who_opens


def _own(played: Path) -> list[tuple[str, Path]]:
    """(origin, file) of every segment the buyer's vault names."""
    store = sqlite3.connect(played / "buyer" / "core.db")
    rows = store.execute("SELECT origin, file FROM segment").fetchall()
    store.close()
    return [(origin, played / "buyer" / file) for origin, file in rows]


def test_c7_every_segment_is_of_the_buyers_own_vault(played: Path):
    """No row names the seller's vault, and no file of it is left."""
    store = sqlite3.connect(played / "buyer" / "core.db")
    vault = store.execute("SELECT id FROM vault").fetchone()[0]
    store.close()
    named = _own(played)
    assert {origin for origin, _ in named} == {vault}
    assert {path for _, path in named} == set((played / "buyer" / "vaults" / "received" / "segments").glob("*.seg"))


def test_c7_no_key_the_seller_ever_had_opens_the_buyers_copy(played: Path):
    """Not even the keys of a backup from before the destruction, while its root still lived."""
    before = keys_of(played / "seller-backup", "suhe")
    mine = keys_of(played / "buyer", "fanyuan")
    assert not before & mine
    for origin, path in _own(played):
        assert not who_opens(path, before, ids.id_bytes(origin))
        assert who_opens(path, mine, ids.id_bytes(origin))


def test_c6_what_was_never_released_is_not_at_the_buyer(played: Path):
    """The segments hold exactly the records the store names: an objector's ciphertext is gone with the old file."""
    store = sqlite3.connect(played / "buyer" / "core.db")
    named = store.execute("SELECT count(*) FROM record").fetchone()[0]
    store.close()
    held = 0
    for _, path in _own(played):
        with path.open("rb") as source:
            held += sum(1 for _ in frames(source))
    assert held == named
    assert not who_opens(_own(played)[0][1], keys_of(played / "seller", "suhe"), origin_of(played))


def test_c10_both_answers_verify_and_say_how_much(played: Path):
    """`resealed` is complete, `withheld` counts what was deleted; both agree with package and release."""
    cards = [
        word for half in ("seller", "buyer") for word in ("--trust", played / "handover" / "cards" / f"{half}.json")
    ]
    code, out = custody("verify", played / "handover", *cards)
    assert (code, out["ok"]) == (0, True)
    assert {"resealed", "withheld"} <= {one["kind"] for one in out["checked"]["statements"]}


def test_c7_the_buyer_still_exports_the_same_rows(played: Path, tmp_path: Path):
    """Sealed anew, opened again: the exported database compares row by row as before, and a second re-seal does nothing."""
    code, out = act(
        played,
        "buyer",
        "fanyuan",
        "reconcile",
        "D-2026-0001",
        "--target",
        played / "buyer" / "exports" / "customers.sqlite",
    )
    assert (code, out["differing"]) == (0, 0)
    code, again = act(played, "buyer", "fanyuan", "reseal", "D-2026-0001", "--at", tmp_path)
    assert (code, again["resumed"]) == (0, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["resealed.dsse.json", "withheld.dsse.json"]

"""A1: what an act puts aside is found again, tells nothing on the disk, and is gone with the process."""

from pathlib import Path

import pytest

from custody.adapters.spill import sqlite
from custody.adapters.spill.sqlite import SqliteSpills
from custody.base.errors import Unavailable


def test_a_key_put_twice_is_nobodys(tmp_path: Path):
    """Once a number, twice -1, never nothing."""
    with SqliteSpills(tmp_path).open() as spill:
        one, two, three = (spill.tag(text) for text in ("K1", "K2", "K3"))
        spill.put("key", [(1, one, 7), (1, two, 8)])
        spill.put("key", [(1, two, 9), (2, one, 10)])
        assert [spill.get("key", 1, tag) for tag in (one, two, three)] == [[(1, one, 7)], [(1, two, -1)], []]
        assert spill.get("key", 2, one) == [(2, one, 10)]


def test_the_newest_of_an_owner_counts(tmp_path: Path):
    """What was put later takes the place of what was put before, and opens to what it was."""
    with SqliteSpills(tmp_path).open() as spill:
        spill.put("owner", [(2, b"before"), (1, b"one")])
        spill.put("owner", [(2, b"after")])
        assert list(spill.scan("owner", ("number",))) == [(1, b"one"), (2, b"after")]
        assert spill.get("owner", 2) == [(2, b"after")]


def test_rows_come_as_they_were_put_or_in_an_order(tmp_path: Path):
    """Also while rows go into another table."""
    with SqliteSpills(tmp_path).open() as spill:
        rows = [(1, bytes([9 - n]) * 16, n, 0, 0, 0, 0, 0) for n in range(9)]
        spill.put("place", rows)
        for number, row in enumerate(spill.scan("place")):
            spill.put("slot", [(row[1], 0, 0, number)])
            assert row == rows[number]
        assert list(spill.scan("place", ("subject", "record"))) == rows[::-1]
        assert [row[3] for row in spill.scan("slot", ("subject",))] == list(range(8, -1, -1))


def test_two_links_of_a_key_are_both_found_and_one_put_twice_is_one(tmp_path: Path):
    """A row may reach several."""
    with SqliteSpills(tmp_path).open() as spill:
        here, *there = (spill.tag(text) for text in ("O1", "C1", "C2"))
        spill.put("link", [(1, here, one) for one in (*there, there[0])])
        assert {row[2] for row in spill.get("link", 1, here)} == set(there)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="a kernel that shows files without a name")
def test_nothing_of_it_can_be_read_and_it_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Keys of customers lie there as tags, cells sealed; the folder is empty while it is open."""
    monkeypatch.setattr(sqlite, "_CACHE_KB", 64)  # so that it is on the disk
    secret, told = b"K-SECRET-0001" * 50, "customer-0001"
    with SqliteSpills(tmp_path).open() as spill:
        spill.put("key", [(1, spill.tag(told), 1)])
        spill.put("owner", [(number, secret) for number in range(1_000)])
        for table, row in (
            ("dek", (1, b"c", b"s", secret)),
            ("person", (b"s", "k", secret, b"")),
            ("aside", (secret,)),
        ):
            spill.put(table, [row] * 1_000)
        assert not list(tmp_path.iterdir())
        held = b"".join(data for data in map(_deleted, Path("/proc/self/fd").iterdir()) if data)
        assert len(held) > 1 << 20
        assert b"K-SECRET-0001" not in held
        assert told.encode() not in held


def _deleted(file: Path) -> bytes:
    try:
        if "spill-" not in str(file.readlink()):
            return b""
        return file.read_bytes()
    except OSError:
        return b""


def test_two_spills_have_other_tags(tmp_path: Path):
    """The key of the tags is of one spill."""
    with SqliteSpills(tmp_path).open() as one, SqliteSpills(tmp_path).open() as two:
        assert one.tag("K1") == one.tag("K1") != two.tag("K1")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    """In the product's own words."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(Unavailable) as met, SqliteSpills(tmp_path / "file" / "tmp").open():
        pass
    assert met.value.slug == "spill.out"

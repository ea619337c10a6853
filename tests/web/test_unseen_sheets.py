"""Recovery sheets that nobody has seen yet lie in no file: in one process's memory, for an hour, shown once (A4, C9)."""

import time

import pytest

from custody.base.errors import Missing
from custody.web.console import unseen_sheets
from custody.web.console.unseen_sheets import Unseen


def test_they_are_shown_once_and_overwritten():
    """Whoever takes them has the only ones, and what they lay in is zeroed."""
    unseen = Unseen()
    sheets = unseen.of("mat_1")
    sheets.write("recovery-main-g2-b.txt", b"two", secret=True)
    sheets.write("recovery-main-g2-a.txt", b"one", secret=True)
    held = list(sheets._kept.values())
    assert (unseen.waits("mat_1"), unseen.waits("mat_2")) == (True, False)
    assert (sheets.list("recovery-main"), sheets.read("recovery-main-g2-a.txt")) == (sheets.list(), b"one")
    assert "one" not in repr(unseen)
    assert unseen.taken("mat_1") == [("recovery-main-g2-a.txt", "one"), ("recovery-main-g2-b.txt", "two")]
    assert (unseen.taken("mat_1"), unseen.waits("mat_1"), [bytes(one) for one in held]) == ([], False, [b"\0\0\0"] * 2)
    with pytest.raises(Missing):
        sheets.read("recovery-main-g2-a.txt")


def test_after_an_hour_they_are_gone(monkeypatch: pytest.MonkeyPatch):
    """Counted from the last of them; those of another deal stay."""
    unseen, now = Unseen(), time.monotonic()
    sheets = unseen.of("mat_1")
    sheets.write("recovery-main-g2-a.txt", b"one")
    (held,) = sheets._kept.values()
    monkeypatch.setattr(unseen_sheets.time, "monotonic", lambda: now + unseen_sheets.SECONDS - 60)
    unseen.of("mat_2").write("recovery-main-g3-a.txt", b"two")
    assert unseen.waits("mat_1")
    monkeypatch.setattr(unseen_sheets.time, "monotonic", lambda: now + unseen_sheets.SECONDS + 60)
    assert (unseen.waits("mat_1"), unseen.taken("mat_1"), bytes(held)) == (False, [], b"\0\0\0")
    assert unseen.waits("mat_2")

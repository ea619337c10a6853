"""G19: what cannot be undone needs a second person, another key, exactly this content, and less than a day."""

import shutil
import sqlite3
from pathlib import Path
from typing import cast

import pytest

from custody.acts import erased_alone
from custody.acts.approval import demand, give
from custody.base import ids
from custody.base.errors import Broken, Refused
from custody.services.erase import erase
from tests.line.conftest import act
from tests.line.homes import desk_of

CONTENT = "sha256:" + "ab" * 32


@pytest.fixture
def home(played: Path, tmp_path: Path) -> Path:
    """The seller's home of a rehearsal, to go on with."""
    return Path(shutil.copytree(played / "seller", tmp_path / "seller"))


def asked(home: Path, who: str, act_name: str = "destroy", content: str = CONTENT) -> str:
    """What somebody who wants to act is told: the slug of the refusal, or nothing."""
    with desk_of(home, who) as desk, desk.store.read() as tx:
        try:
            demand(desk, tx, act_name, content)
        except (Refused, Broken) as error:
            return error.slug
    return ""


def approved(home: Path, who: str) -> None:
    """Somebody's approval of destroying this content."""
    with desk_of(home, who) as desk, desk.store.write() as tx:
        give(desk, tx, "destroy", CONTENT)


def test_another_person_is_needed(home: Path):
    """Nobody approves their own act; a second person's approval lets it through, for this act and content alone."""
    approved(home, "zhouning")
    assert asked(home, "zhouning") == "act.unapproved"
    approved(home, "suhe")
    assert asked(home, "zhouning") == ""
    assert asked(home, "zhouning", content="sha256:" + "cd" * 32) == "act.unapproved"
    assert asked(home, "zhouning", act_name="release") == "act.unapproved"


def test_an_approval_lasts_a_day(home: Path):
    """After 24 hours it must be given again."""
    approved(home, "suhe")
    act(home.parent, "seller", "suhe", "clock", "2026-05-09T00:59:00Z")
    assert asked(home, "zhouning") == ""
    act(home.parent, "seller", "suhe", "clock", "2026-05-09T02:00:00Z")
    assert asked(home, "zhouning") == "act.unapproved"


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("expires_at", "'2027-01-01T00:00:00.000000Z'"),
        ("content", f"'sha256:{'cd' * 32}'"),
        ("act", "'release'"),
        ("principal", "(SELECT id FROM principal WHERE handle = 'limo')"),
    ],
)
def test_a_row_changed_in_the_store_is_no_approval(home: Path, column: str, change: str):
    """Whoever edits the store cannot lengthen an approval, turn it to something else or put it in another's name."""
    approved(home, "suhe")
    store = sqlite3.connect(home / "core.db")
    store.execute(f"UPDATE approval SET {column} = {change} WHERE content = ?", (CONTENT,))
    store.commit()
    store.close()
    content = "sha256:" + "cd" * 32 if column == "content" else CONTENT
    wanted = "release" if column == "act" else "destroy"
    assert asked(home, "zhouning", wanted, content) == "identity.signature"


def test_only_some_roles_approve(home: Path):
    """A data clerk's approval is refused."""
    code, out = act(home.parent, "seller", "limo", "approve", "destroy", CONTENT)
    assert (code, out["error"]["slug"]) == (1, "act.role")


def test_who_may_no_longer_approve_does_not_count(home: Path):
    """An approval lapses with the person: revoked, or no longer in a role that approves."""
    for column, value in (("revoked_at", "2026-05-08T01:00:00.000000Z"), ("roles", "data")):
        copy = Path(shutil.copytree(home, home.parent / column))
        approved(copy, "suhe")
        assert asked(copy, "zhouning") == ""
        store = sqlite3.connect(copy / "core.db")
        store.execute(f"UPDATE principal SET {column} = ? WHERE handle = 'suhe'", (value,))
        store.commit()
        store.close()
        assert asked(copy, "zhouning") == "act.unapproved"


def test_g19_many_small_erasures_are_a_large_one(home: Path, monkeypatch: pytest.MonkeyPatch):
    """What one person may erase alone is counted over the day, not over the call; the next day it begins again."""
    monkeypatch.setattr(erased_alone, "ALONE", 3)
    with desk_of(home, "zhouning") as desk:
        with desk.store.read() as tx:
            rows = tx.find("subject", order=("id",), kind="customer", state="live")
        names = [ids.subject_text(cast("bytes", row["id"])) for row in rows]
        assert erase(desk, names[:2], None)["subjects"] == 2
        with pytest.raises(Refused) as refused:
            erase(desk, names[2:4], None)
        assert refused.value.slug == "act.unapproved"
        assert erase(desk, names[2:3], None)["subjects"] == 1
    act(home.parent, "seller", "suhe", "clock", "2026-05-10T00:59:00Z")
    with desk_of(home, "zhouning") as desk:
        assert erase(desk, names[3:6], None)["subjects"] == 3

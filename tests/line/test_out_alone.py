"""C7, A3, D4: an export that one person takes alone is a look at each in it; what the policy does not open, or the day has no room for, leaves by two."""

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from custody import wiring
from custody.acts.counter import set_to, value_of
from custody.acts.revealing import looks_of_day
from custody.base.errors import Refused
from custody.services.access_by import access_by
from custody.services.access_explain import access_explain
from custody.services.access_of import access_of
from custody.services.export import export, export_fetch
from custody.services.member_add import member_add
from custody.services.principal_new import principal_new
from tests.access.test_access import verified
from tests.line.conftest import act
from tests.line.homes import DEAL, desk_of, out_by_two

KIND = "data-exported"
MOST = 1_000
ALL = 'purposes = ["contract", "service", "legal", "marketing", "internal"]\n'
RULE = '[[rule]]\nid = "{tier}"\ntiers = ["{tier}"]\nroles = ["data", "owner"]\n' + ALL
OPEN = f"bulk_from = {MOST}\n" + RULE.format(tier="general") + RULE.format(tier="sensitive")
SECRET = b"a passphrase of their own"


@pytest.fixture
def home(played: Path, tmp_path: Path) -> Path:
    """The buyer's home after a hand-over, on a copy."""
    return Path(shutil.copytree(played / "buyer", tmp_path / "buyer"))


def ruled(home: Path, text: str) -> None:
    """Two people set the house's access policy."""
    policy = home.parent / "access.toml"
    policy.write_text(text, encoding="utf-8")
    _, dry = act(home.parent, "buyer", "fanyuan", "access", "set", policy, "--dry-run")
    assert act(home.parent, "buyer", "yeqing", "approve", *dry["would"]["approve"])[0] == 0
    assert act(home.parent, "buyer", "fanyuan", "access", "set", policy)[0] == 0


def looks(home: Path, handle: str = "fanyuan") -> list[dict[str, Any]]:
    with desk_of(home, "fanyuan") as desk:
        return [one for one in access_by(desk, handle, None)["looks"] if one["kind"] == KIND]


def counted(home: Path) -> int:
    with desk_of(home, "fanyuan") as desk, desk.store.read() as tx:
        return value_of(tx, looks_of_day(desk))


def test_a3_what_the_policy_does_not_open_leaves_by_two(home: Path, tmp_path: Path):
    """So few that one might look at them all, but sensitive parts take a grant that nobody has: no file and no look alone; by two there is a file, and it is nobody's look."""
    ruled(home, OPEN.replace('tiers = ["sensitive"]\n', 'tiers = ["sensitive"]\ngrant = true\n'))
    target = wiring.target(tmp_path / "out" / "c.sqlite")
    with desk_of(home, "fanyuan") as desk:
        with pytest.raises(Refused) as no:
            export(desk, DEAL, target)
        assert no.value.slug == "act.unapproved"
        assert "approve" in export(desk, DEAL, target, dry_run=True)["would"]
        assert not (tmp_path / "out").exists()
    out_by_two(home, target)
    with desk_of(home, "fanyuan") as desk:
        assert export(desk, DEAL, target)["rows"]
        export_fetch(desk, DEAL, target)
    assert looks(home) == []
    assert counted(home) == 0


def test_d4_whoever_takes_a_file_alone_looked_at_each_in_it(home: Path, tmp_path: Path):
    """Everybody is in the account of who made it, decided and explained; made and fetched on one day they count once; a colleague who fetches it looks too."""
    ruled(home, OPEN)
    target = wiring.target(tmp_path / "c.sqlite")
    with desk_of(home, "fanyuan") as desk:
        told: Any = export(desk, DEAL, target, dry_run=True)
        assert "would" not in told
        assert export(desk, DEAL, target)["rows"]
        with desk.store.read() as tx:
            people = tx.count("subject", state="live")
    found = looks(home)
    assert len({one["subject"] for one in found}) == people == counted(home)
    assert {(one["reason"], one["decided"]) for one in found} == {("c.sqlite", True)}
    with desk_of(home, "fanyuan") as desk:
        assert access_explain(desk, str(found[0]["entry"]))["same"] is True
        mine = access_of(desk, str(found[0]["subject"]), None)["looks"]
        assert {one["who"] for one in mine if one["kind"] == KIND} == {"fanyuan"}
        access_by(desk, "fanyuan", wiring.folder(tmp_path / "court"))
        export_fetch(desk, DEAL, target)
        principal_new(desk, "wenhao", ["data"], SECRET)
        member_add(desk, DEAL, "wenhao", "exports too", "")
    assert len(looks(home)) == 2 * len(found)
    assert verified(tmp_path / "court")["ok"]  # none of them left out, before anybody
    account = json.loads((tmp_path / "court" / "account.dsse.json").read_text())
    assert base64.urlsafe_b64decode(account["payload"] + "==").decode().count(KIND) == len(found)
    assert counted(home) == people
    secret = home / "keys" / "principals" / "wenhao.pass"
    secret.write_bytes(SECRET)
    secret.chmod(0o600)
    with desk_of(home, "wenhao") as desk:
        export_fetch(desk, DEAL, target)
    assert len(looks(home, "wenhao")) == len(found)


def test_a3_a_day_without_room_for_all_of_them_takes_two(home: Path, tmp_path: Path):
    """Who looked at many today takes no file on top of it alone; on the next day they do."""
    ruled(home, OPEN)
    target = wiring.target(tmp_path / "c.sqlite")
    with desk_of(home, "fanyuan") as desk:
        with desk.store.write() as tx:
            set_to(tx, looks_of_day(desk), MOST - 1)
        assert "approve" in export(desk, DEAL, target, dry_run=True)["would"]
        with desk.store.write() as tx:
            set_to(tx, looks_of_day(desk), 0)
        assert "would" not in export(desk, DEAL, target, dry_run=True)

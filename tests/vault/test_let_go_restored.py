"""A5, D1: whoever was let go after the backup stays let go when it is restored (spec/vault.md §21)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from custody.acts import escrow
from custody.acts.evidence import append
from custody.acts.mirroring import catch_up
from custody.acts.people import by_handle, principal
from custody.base.clock import stamp
from custody.base.errors import Denied
from custody.base.signing import Signer
from custody.ports.store import Row
from custody.services.backup import backup
from custody.services.grant_end import grant_end
from custody.services.principal_end import principal_end
from custody.services.principal_reset import principal_reset
from custody.services.principal_roles import principal_roles
from custody.services.recovery_deposit import recovery_deposit
from custody.services.token_new import token_new
from custody.services.token_revoke import token_revoke
from custody.vault.escrow import HolderKey
from tests.vault.furnished import agreed, places
from tests.vault.histories.world import World
from tests.vault.second import join

WHO = "prn_00000000000000000000000001"
MATTER, LINK, GRANT = "mat_1", b"l" * 16, "ent_1"
KEYS = {name: HolderKey.generate() for name in ("suhe", "zhouning", "cem")}


class Home(NamedTuple):
    """A world of two people, and the key of the second."""

    world: World
    key: Signer


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A second person who may act, with a token, a grant, a deal and a link that they made; all of it in a backup."""
    places(tmp_path / "world")
    made = Home(World(tmp_path / "world"), Signer.generate())
    join(made.world, made.key)
    desk = made.world.desk
    for name, key in KEYS.items():
        desk.files.write(f"{escrow.KEYS}/{name}.pub", key.public)
    named(made, "suhe", "zhouning")
    token_new(desk, "till", ["answers"], "2026-12-31")
    with desk.store.write() as tx:
        tx.add("entitlement", [{"id": GRANT, "party": made.world.party, "kind": "grant", "principal": WHO, "until": "2099-01-01", "state": "given"}])  # fmt: skip
        tx.add("deal_member", [{"matter": MATTER, "principal": WHO, "n": 1}])
        tx.add("link", [{"id": LINK, "matter": MATTER}, {"id": b"m" * 16, "matter": "mat_2"}])
    catch_up(desk)
    backup(desk, "a")
    yield made
    made.world.close()


def named(home: Home, *holders: str) -> None:
    """Both people agree that these hold shares."""
    agreed(home.world, home.key, recovery_deposit(home.world.desk, list(holders), 2, dry_run=True))
    recovery_deposit(home.world.desk, list(holders), 2)


def back(home: Home) -> dict[str, int]:
    """The disk is lost and the backup of before restored: what the report says of access."""
    catch_up(home.world.desk)
    home.world.lose()
    return dict(home.world.restore("a")["access_again"])


def rows(home: Home, table: str, **where: object) -> list[Row]:
    with home.world.desk.store.read() as tx:
        return list(tx.find(table, **where))


def entered(home: Home, kind: str, **says: object) -> None:
    """An entry as a home of before wrote it, which kept nothing more."""
    with home.world.desk.store.write() as tx:
        append(tx, home.world.party, stamp(home.world.clock.now()), kind, says)


def test_d1_whoever_was_let_go_does_not_act_again(home: Home):
    """Nor do their grants; they hold no share of the key that the restore makes."""
    assert by_handle(home.world.desk.store, home.world.party, "zhouning").id == WHO
    principal_end(home.world.desk, "zhouning")
    assert back(home) == {"principals-revoked": 1, "holders-left": 1}
    with pytest.raises(Denied):
        by_handle(home.world.desk.store, home.world.party, "zhouning")
    assert rows(home, "entitlement")[0]["ended_at"]
    assert [row["handle"] for row in rows(home, "holder")] == ["suhe"]
    assert not list(home.world.root.rglob("*.share"))


def test_d1_a_role_that_was_taken_away_stays_away(home: Home):
    """What they keep, they keep."""
    with home.world.desk.store.write() as tx:
        tx.change("principal", {"roles": "data,privacy"}, id=WHO)
    backup(home.world.desk, "a")
    principal_roles(home.world.desk, "zhouning", ["data"])
    assert back(home) == {"roles-changed": 1}
    assert rows(home, "principal", id=WHO)[0]["roles"] == "data"


def test_d1_a_key_of_before_a_reset_opens_nothing(home: Home):
    """The new one does, and what the old one signed stays signed."""
    told = principal_reset(home.world.desk, "zhouning", b"another passphrase")
    assert back(home) == {"principal-reset": 1}
    person = principal(rows(home, "principal", id=WHO)[0])
    assert person.identity.id == told["identity"]
    assert [key.id for key, _ in person.past] == [home.key.identity.id]


def test_d1_a_reset_that_does_not_say_which_key_leaves_none(home: Home):
    """Until an owner gives one."""
    entered(home, "principal-reset", principal=WHO, identity="sha256:" + "0" * 64, was="", by="")
    assert back(home) == {"principal-reset": 1}
    assert principal(rows(home, "principal", id=WHO)[0]).identity.id != home.key.identity.id
    told = principal_reset(home.world.desk, "zhouning", b"another passphrase")
    assert principal(rows(home, "principal", id=WHO)[0]).identity.id == told["identity"]


def test_d1_tokens_and_grants_that_ended_stay_ended(home: Home):
    """Also the process that had the token."""
    token = rows(home, "api_token")[0]
    token_revoke(home.world.desk, str(token["id"]))
    grant_end(home.world.desk, GRANT)
    assert back(home) == {"token-revoked": 1, "entitlement-ended": 1}
    assert rows(home, "api_token")[0]["revoked_at"]
    assert rows(home, "principal", id=token["principal"])[0]["revoked_at"]
    assert rows(home, "entitlement")[0]["ended_at"]


ENDED: dict[str, tuple[dict[str, object], Callable[[Home], bool]]] = {
    "deal-member-ended": ({"matter": MATTER, "member": WHO, "principal": ""}, lambda home: bool(rows(home, "deal_member")[0]["ended_at"])),
    "links-revoked": ({"matter": MATTER, "links": 1}, lambda home: [bool(row["revoked_at"]) for row in rows(home, "link", order=("id",))] == [True, False]),
}  # fmt: skip


@pytest.mark.parametrize("kind", ENDED)
def test_d1_a_member_or_a_link_that_ended_stays_shut(home: Home, kind: str):
    """Where nobody wrote which links, all of that deal do; another deal's stay."""
    says, shut = ENDED[kind]
    entered(home, kind, **says)
    assert back(home) == {kind: 1}
    assert shut(home)


def test_a4_holders_who_were_named_after_the_backup_are_the_holders(home: Home):
    """The restore's own rotation deposits with them, and with nobody who was a holder before."""
    named(home, "suhe", "cem")
    assert back(home) == {"holders-named": 2}
    assert {row["handle"]: row["public"] for row in rows(home, "holder")} == {name: KEYS[name].public for name in ("suhe", "cem")}  # fmt: skip
    assert escrow.own_share(home.world.outside.escrow, home.world.vault, 2, KEYS["cem"])
    with pytest.raises(Denied):
        escrow.own_share(home.world.outside.escrow, home.world.vault, 2, KEYS["zhouning"])


def test_a4_a_restore_of_a_backup_of_before_there_were_holders_is_finished(tmp_path: Path):
    """Who they are stands in the ledger."""
    places(tmp_path / "world")
    home = Home(World(tmp_path / "world"), Signer.generate())
    join(home.world, home.key)
    escrows, home.world.outside.escrow = home.world.outside.escrow, []
    catch_up(home.world.desk)
    backup(home.world.desk, "a")
    home.world.outside.escrow = escrows
    for name, key in KEYS.items():
        home.world.desk.files.write(f"{escrow.KEYS}/{name}.pub", key.public)
    named(home, "suhe", "cem")
    assert back(home) == {"holders-named": 2}
    assert escrow.own_share(home.world.outside.escrow, home.world.vault, 2, KEYS["cem"])
    home.world.close()


def test_an_approval_that_served_has_served(home: Home):
    """It is one act's, also where the backup has it as unused."""
    with home.world.desk.store.write() as tx:
        tx.add("approval", [{"id": "evd_1", "act": "roles", "content": "", "principal": WHO, "expires_at": "", "signature": b"", "used_by": ""}])  # fmt: skip
    backup(home.world.desk, "a")
    entered(home, "roles-changed", principal=WHO, gained=["data"], lost=[], by="prn_1", approval="evd_1")
    assert back(home) == {"roles-changed": 1}
    assert rows(home, "approval", id="evd_1")[0]["used_by"] == "prn_1"
    assert rows(home, "principal", id=WHO)[0]["roles"] == "data,owner,privacy"

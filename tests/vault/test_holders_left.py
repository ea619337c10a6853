"""A4: whoever may not act here any more holds no share of a later key, and those who stay are told while they still hold one of this."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts import escrow
from custody.acts.desk import Desk
from custody.acts.people import principal_row
from custody.acts.vaults import open_keyring
from custody.base.errors import Denied, Missing, Refused
from custody.services.principal_end import principal_end
from custody.services.recovery_deposit import recovery_deposit
from custody.services.recovery_due import recovery_due
from custody.services.recovery_give import recovery_give
from custody.services.rekey import rekey
from custody.vault import shares
from custody.vault.escrow import HolderKey
from tests.vault.histories.world import NAME, World, signer
from tests.vault.second import approve, join

KEYS = {name: HolderKey.generate() for name in ("zhouning", "limo", "yeqing")}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A vault, an escrow store, and three holders, of whom two open it."""
    (tmp_path / "world" / "escrow").mkdir(parents=True)
    made = World(tmp_path / "world")
    join(made, signer())
    with made.desk.store.write() as tx:
        for n, name in enumerate(("limo", "yeqing")):
            tx.add("principal", [principal_row(f"prn_{n:026d}x", made.party, name, ["data"], signer().identity, "")])
    for name, key in KEYS.items():
        made.desk.files.write(f"{escrow.KEYS}/{name}.pub", key.public)
    agreed(made, tuple(KEYS))
    assert recovery_deposit(made.desk, tuple(KEYS), 2)["places"] == 1
    yield made
    made.close()


def agreed(world: World, names: tuple[str, ...]) -> None:
    """The second person agrees to these holders."""
    act, content = recovery_deposit(world.desk, names, 2, dry_run=True)["would"]["approve"]
    approve(world, signer(), {"approve": {"act": act, "content": content}})


def opens(world: World, *names: str) -> bool:
    """Whether these together open the key in force."""
    with world.desk.store.read() as tx:
        ring = open_keyring(world.desk, tx, world.vault)
    every = [escrow.own_share(world.outside.escrow, world.vault, ring.generation, KEYS[name])[1] for name in names]
    return shares.combine(every) == ring.key


def real(world: World) -> Desk:
    """No rehearsal: it alarms."""
    return replace(world.desk, rehearsal=False)


def test_a4_somebody_ended_holds_no_share_of_the_next_key(world: World):
    """The alarm until the rotation, which deposits with the two who stay; whoever left opens nothing and is given nothing."""
    assert recovery_due(real(world), NAME)["holders_left"] is False
    principal_end(world.desk, "yeqing")
    told = recovery_due(real(world), NAME)
    assert (told["ok"], told["holders_left"], told["next"]) == (False, True, f"custody rekey --vault {NAME}")
    rekey(world.desk, NAME)
    assert opens(world, "zhouning", "limo")
    with pytest.raises(Denied, match="This key holds no share"):
        opens(world, "yeqing", "limo")
    told = recovery_due(real(world), NAME)
    assert (told["ok"], told["holders_left"]) == (True, False)
    limo = replace(world.desk, principal=replace(world.desk.principal, handle="limo"))
    with pytest.raises(Denied, match="holds no share"):
        recovery_give(limo, KEYS["limo"], "yeqing", NAME)
    assert recovery_give(limo, KEYS["limo"], "zhouning", NAME)["share"] == 1


def test_a4_too_few_who_stay_hold_nothing(world: World):
    """One of two that are needed: the next rotation leaves no share anywhere, and does not wait; a new deposit names nobody who left."""
    principal_end(world.desk, "yeqing")
    principal_end(world.desk, "limo")
    assert rekey(world.desk, NAME)["destroyed"] == 1
    assert not list((world.root / "escrow").rglob("*.*"))
    with pytest.raises(Missing):
        opens(world, "zhouning")
    with pytest.raises(Refused) as refused:
        recovery_deposit(world.desk, ("zhouning", "limo"), 2, dry_run=True)
    assert refused.value.slug == "escrow.left"


def test_a4_who_was_ended_before_this_rule_is_no_holder_either(world: World):
    """Their row of before is still there; it counts for nothing."""
    with world.desk.store.write() as tx:
        tx.change("principal", {"revoked_at": "2026-01-01T00:00:00Z"}, handle="limo")
    rekey(world.desk, NAME)
    assert opens(world, "zhouning", "yeqing")
    with pytest.raises(Denied):
        opens(world, "limo")


def test_a4_a_word_names_holders_once(world: World):
    """After two people named others nobody names the former ones again on the word of then; cut off, the last naming goes on without another."""
    assert recovery_deposit(world.desk, tuple(KEYS), 2)["resumed"]
    assert "would" not in recovery_deposit(world.desk, tuple(KEYS), 2, dry_run=True)
    others = tuple(KEYS)[:2]
    agreed(world, others)
    assert not recovery_deposit(world.desk, others, 2)["resumed"]
    with pytest.raises(Refused) as refused:
        recovery_deposit(world.desk, tuple(KEYS), 2)
    assert refused.value.slug == "act.unapproved"
    assert recovery_deposit(world.desk, others, 2)["resumed"]

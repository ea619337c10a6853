"""A1: somebody who lost their passphrase gets a key anew from an owner: the old one acts no more, what it signed stands."""

from pathlib import Path

import pytest

from custody import wiring
from custody.base.errors import Broken, Denied
from tests.access.staff import founded, passphrase
from tests.access.test_person_roles import change, do, slug
from tests.commands import here
from tests.line.homes import desk_of

PEOPLE = {"zhouning": "privacy", "songwen": "lawyer", "robot": "portal"}
ABROAD = ("--until", "2027-11-01", "--reason", "disk of the auditor in Berlin")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return founded(tmp_path / "home", PEOPLE)


def reset(home: Path, handle: str, secret: str) -> None:
    """The owner gives them a key under `secret`, which their file of before does not open."""
    path = home / "keys" / "principals" / f"{handle}.new"
    path.touch(mode=0o600)
    path.write_text(secret, encoding="utf-8")
    do(home, "suhe", "principal", "reset", handle, "--new-passphrase-file", path)
    path.rename(path.with_suffix(".pass"))


def test_a1_the_old_key_acts_no_more_wherever_it_is_open(home: Path):
    """Neither the old passphrase nor a key that is open in some process, nor the old file put back; the new one does."""
    _, held = wiring.unlock(home, "zhouning", passphrase("zhouning").encode())
    file = home / "keys" / "principals" / "zhouning.key"
    before = file.read_bytes()
    reset(home, "zhouning", "a passphrase that works once")
    with pytest.raises(Broken):
        wiring.unlock(home, "zhouning", passphrase("zhouning").encode())
    with pytest.raises(Denied, match="no longer theirs"), wiring.desk_for(home, "zhouning", held):
        pytest.fail("an open key of before opened a desk")
    do(home, "zhouning", "principal", "list")
    file.write_bytes(before)
    with pytest.raises(Denied, match="no longer theirs"):
        wiring.unlock(home, "zhouning", passphrase("zhouning").encode())


def test_a1_what_the_old_key_signed_stands_and_what_waits_lapses(home: Path):
    """An exception that was allowed by two stays in force after a key anew, twice; a word that nobody used yet serves nobody."""
    with (home / "custody.toml").open("a", encoding="utf-8") as told:
        told.write(f'\n[regions]\n"{home / "berlin"}" = "DE"\n')
    asked = ("residency", "allow", home / "berlin", *ABROAD)
    do(home, "zhouning", "approve", *do(home, "suhe", *asked, "--dry-run")["would"]["approve"])
    do(home, "suhe", *asked)
    roles = change("songwen", "lawyer", "auditor")
    do(home, "zhouning", "approve", *do(home, "suhe", *roles, "--dry-run")["would"]["approve"])
    for n in range(2):
        reset(home, "zhouning", f"a passphrase that works once {n}")
        assert [one["in_force"] for one in do(home, "suhe", "residency", "list")["exceptions"]] == [True]
    assert slug(home, "suhe", *roles) == "act.unapproved"
    do(home, "zhouning", "approve", *do(home, "suhe", *roles, "--dry-run")["would"]["approve"])
    assert do(home, "suhe", *roles)["gained"] == ["auditor"]


def test_a1_a_key_of_before_signs_for_its_own_time_alone(home: Path):
    """Each instant has the key of then; the moment of the change has both."""
    reset(home, "zhouning", "a passphrase that works once")
    with desk_of(home, "zhouning") as desk:
        (old, until), new = desk.principal.past[0], desk.principal.identity
        for at, keys in (
            ("2020-01-01T00:00:00.000000Z", [old]),
            (until, [old, new]),
            ("2999-01-01T00:00:00.000000Z", [new]),
        ):
            assert desk.principal.identities(at) == keys


def test_a1_a_key_anew_is_an_owners_to_give_and_nobodys_own(home: Path):
    """Not by others, not to oneself, not to a process, not under a short passphrase, not to nobody; the entry names both keys and who gave."""
    words = ("--new-passphrase-file", home / "keys" / "principals" / "suhe.pass")
    assert slug(home, "zhouning", "principal", "reset", "songwen", *words) == "act.role"
    assert slug(home, "suhe", "principal", "reset", "suhe", *words) == "principal.own-reset"
    assert slug(home, "suhe", "principal", "reset", "robot", *words) == "principal.machine"
    assert slug(home, "suhe", "principal", "reset", "nobody", *words) == "principal.unknown"
    short = home / "keys" / "principals" / "short.pass"
    short.touch(mode=0o600)
    short.write_text("short", encoding="utf-8")
    assert slug(home, "suhe", "principal", "reset", "songwen", "--new-passphrase-file", short) == "principal.passphrase"
    do(home, "songwen", "principal", "list")
    reset(home, "songwen", "a passphrase that works once")
    entry = next(one for one in do(home, "suhe", "ledger", "list")["entries"] if one["kind"] == "principal-reset")
    assert entry["says"]["was"] != entry["says"]["identity"]
    assert entry["says"]["by"] != entry["says"]["principal"]
    do(home, "suhe", "principal", "end", "songwen")
    assert slug(home, "suhe", "principal", "reset", "songwen", *words) == "principal.revoked"
    assert here(home, "songwen", "principal", "list")[0]

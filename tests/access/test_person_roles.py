"""A1: which roles somebody has is changed in front of two people where they get more, by one owner where they get less."""

from pathlib import Path

import pytest

from custody.base.errors import Denied
from custody.services.principal_roles import principal_roles
from tests.access.staff import founded
from tests.commands import here
from tests.line.homes import desk_of

PEOPLE = {"zhouning": "privacy", "limo": "data", "songwen": "lawyer", "chairs": "owner", "robot": "portal"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A company with somebody of each kind."""
    return founded(tmp_path / "home", PEOPLE)


def do(home: Path, who: str, *words: object) -> dict:
    code, out = here(home, who, *words)
    assert code == 0, out
    return out


def slug(home: Path, who: str, *words: object) -> str:
    code, out = here(home, who, *words)
    assert code, out
    return str(out["error"]["slug"])


def change(handle: str, *roles: str) -> list[str]:
    return ["principal", "roles", handle, *(word for role in roles for word in ("--roles", role))]


def roles(home: Path, handle: str) -> list[str]:
    return next(one["roles"] for one in do(home, "suhe", "principal", "list")["principals"] if one["handle"] == handle)


def test_a1_a_role_is_given_by_two_and_taken_away_by_one(home: Path):
    """Alone an owner gives nothing; with a second person's word it is done once; to take it away again needs nobody."""
    asked = change("limo", "data", "lawyer")
    assert slug(home, "suhe", *asked) == "act.unapproved"
    would = do(home, "suhe", *asked, "--dry-run")
    assert (would["gained"], would["lost"]) == (["lawyer"], [])
    assert roles(home, "limo") == ["data"]
    do(home, "zhouning", "approve", *would["would"]["approve"])
    assert do(home, "suhe", *asked)["resumed"] is False
    assert roles(home, "limo") == ["data", "lawyer"]
    assert do(home, "suhe", *asked)["resumed"] is True
    assert "would" not in do(home, "suhe", *change("limo", "data"), "--dry-run")
    assert do(home, "suhe", *change("limo", "data"))["lost"] == ["lawyer"]
    assert slug(home, "suhe", *asked) == "act.unapproved", "the word of before serves no second time"


def test_a1_nobody_raises_themselves_or_is_their_own_second(home: Path):
    """Not by their own act, not by their own word for another's act, not by somebody who may only work."""
    assert slug(home, "suhe", *change("suhe", "owner", "privacy")) == "principal.own-roles"
    assert slug(home, "zhouning", *change("limo", "data", "lawyer")) == "act.role"
    asked = change("songwen", "lawyer", "owner")
    approve = do(home, "suhe", *asked, "--dry-run")["would"]["approve"]
    assert slug(home, "limo", "approve", *approve) == "act.role"
    for nobody in ("songwen", "suhe"):
        do(home, nobody, "approve", *approve)
        assert slug(home, "suhe", *asked) == "act.unapproved", nobody
    assert slug(home, "chairs", *asked) == "act.unapproved", "what was asked by one owner is no word for another's act"
    do(home, "zhouning", "approve", *approve)
    assert do(home, "suhe", *asked)["gained"] == ["owner"]


def test_a1_a_change_of_roles_holds_at_once_and_is_in_the_ledger(home: Path):
    """Whoever was owner is refused what owners do and their tokens end; the entry names the change, who made it and the second's word."""
    do(home, "chairs", "token", "new", "till", "--scope", "deals", "--until", "2026-12-31")
    done = do(home, "suhe", *change("chairs", "auditor", "operator"), "--dry-run")
    assert (done["gained"], done["lost"], done["tokens"]) == (["auditor", "operator"], ["owner"], 1)
    do(home, "songwen", "approve", *done["would"]["approve"])
    do(home, "suhe", *change("chairs", "auditor", "operator"))
    assert slug(home, "chairs", *change("limo", "auditor")) == "act.role"
    assert do(home, "suhe", "token", "list")["tokens"][0]["state"] == "revoked"
    entry = next(one for one in do(home, "suhe", "ledger", "list")["entries"] if one["kind"] == "roles-changed")
    assert entry["says"]["gained"] == ["auditor", "operator"]
    assert entry["says"]["lost"] == ["owner"]
    assert entry["says"]["approval"].startswith("evd_")
    assert entry["says"]["by"] != entry["says"]["principal"]


def test_a1_roles_are_those_of_people_who_act(home: Path):
    """No person becomes a process, no process a person; nobody who ended, nobody unknown, nobody without a role."""
    assert here(home, "suhe", *change("limo", "portal"))[0]
    assert slug(home, "suhe", *change("limo")) == "principal.roles"
    assert slug(home, "suhe", *change("robot", "owner")) == "principal.machine"
    assert slug(home, "suhe", *change("nobody", "data")) == "principal.unknown"
    do(home, "suhe", "principal", "end", "limo")
    assert slug(home, "suhe", *change("limo", "auditor")) == "principal.revoked"


def test_a1_of_two_owners_who_take_each_others_role_one_remains(home: Path):
    """Whoever began while an owner is refused once they are none: the store is asked, not what was read before."""
    with desk_of(home, "chairs") as desk:
        first = change("chairs", "auditor")
        do(home, "zhouning", "approve", *do(home, "suhe", *first, "--dry-run")["would"]["approve"])
        do(home, "suhe", *first)
        with pytest.raises(Denied, match="no longer acts here in this role"):
            principal_roles(desk, "songwen", ["auditor"], dry_run=True)
    assert roles(home, "suhe") == ["owner"]

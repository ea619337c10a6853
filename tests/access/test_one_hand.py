"""A1, D1: two keys of which one made the other may lie in one hand: said always, refused while it is new and somebody else could confirm (decision 122)."""

from pathlib import Path

import pytest

from custody import wiring
from custody.acts.approval import content_hash, demand
from custody.base.errors import Refused
from custody.services.approve import approve
from custody.services.second_key import second_key
from tests.access.staff import founded, joins
from tests.access.test_person_reset import reset
from tests.access.test_person_roles import do
from tests.line.homes import desk_of

FOUNDED, LATER, LATEST = (f"2026-{month}-01T09:00:00+08:00" for month in ("01", "03", "05"))
PEOPLE = {"zhouning": "privacy", "songwen": "lawyer"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A company of three, two months old."""
    made = founded(tmp_path / "home", PEOPLE, "--rehearsal-at", FOUNDED)
    wiring.move_clock(made, LATER)
    return made


def stands(home: Path, first: str, second: str, about: str = "") -> str:
    """What comes of it when `second` confirms something of `first`'s: its approval's id, or the slug of the refusal."""
    content = content_hash({"act": "try", "first": first, "second": second, "about": about})
    with desk_of(home, second) as desk:
        approve(desk, "try", content)
    with desk_of(home, first) as desk, desk.store.write() as tx:
        try:
            return demand(desk, tx, "try", content)
        except Refused as error:
            return error.slug


def test_a1_whom_an_owner_just_made_confirms_nothing_of_theirs_while_others_could(home: Path):
    """Nor does the owner confirm what that person asks; whoever was there before does, and after thirty days the new one, too."""
    joins(home, "mallet", "privacy")
    assert stands(home, "suhe", "mallet") == "act.one-hand"
    assert stands(home, "mallet", "suhe") == "act.one-hand"
    for first, second in (("suhe", "zhouning"), ("mallet", "songwen"), ("zhouning", "suhe"), ("zhouning", "mallet")):
        assert stands(home, first, second).startswith("evd_"), (first, second)
    wiring.move_clock(home, LATEST)
    assert stands(home, "suhe", "mallet", "later").startswith("evd_")


def test_a1_whose_key_was_given_anew_is_one_hand_with_who_gave_it(home: Path):
    """A lawyer taken over by a reset confirms nothing of the owner who did it; the privacy officer still does."""
    reset(home, "songwen", "a passphrase that works once")
    assert stands(home, "suhe", "songwen") == "act.one-hand"
    assert stands(home, "zhouning", "songwen").startswith("evd_")
    with desk_of(home, "suhe") as desk:
        one, other = (by[0] for by in desk_people(home, "suhe", "songwen"))
        told = second_key(desk, one, other)
    assert (told["of"], told["anew"], told["fresh"]) == ("second", True, True)


def test_a1_two_whom_one_person_made_or_took_over_are_one_hand(home: Path):
    """An owner who makes two people, takes one over, or lets one of them make the other is not two of them; nor with whom they made through another. Who was there before confirms, and says nothing of hands."""
    joins(home, "mallet", "privacy")
    joins(home, "molly", "owner")
    joins(home, "minnie", "privacy", by="molly")
    reset(home, "songwen", "a passphrase that works once")
    for first, second in (("molly", "mallet"), ("mallet", "molly"), ("molly", "songwen"), ("suhe", "minnie"), ("mallet", "minnie")):  # fmt: skip
        assert stands(home, first, second) == "act.one-hand", (first, second)
    assert stands(home, "molly", "zhouning").startswith("evd_")
    one, other, before = (by[0] for by in desk_people(home, "molly", "mallet", "zhouning"))
    with desk_of(home, "zhouning") as desk:
        assert second_key(desk, one, other) | {"at": ""} == {"of": "both", "at": "", "anew": False, "fresh": True}
        assert second_key(desk, one, before) == {}
    wiring.move_clock(home, LATEST)
    assert stands(home, "molly", "mallet", "later").startswith("evd_")
    with desk_of(home, "zhouning") as desk:
        assert second_key(desk, one, other) == {}


def test_a1_a_home_of_two_goes_on_and_its_ledger_says_whose_key_it_was(tmp_path: Path):
    """Where nobody else could confirm it counts; the entry of the approval names who made the key and when."""
    home = founded(tmp_path / "two", {"zhouning": "privacy"}, "--rehearsal-at", FOUNDED)
    assert stands(home, "suhe", "zhouning").startswith("evd_")
    assert stands(home, "zhouning", "suhe").startswith("evd_")
    said = [one["says"] for one in do(home, "suhe", "ledger", "list")["entries"] if one["kind"] == "approved"]
    (owner, _), (privacy, since) = desk_people(home, "suhe", "zhouning")
    by_key = sorted((one.get("key_by", ""), one.get("key_at", "")) for one in said)
    assert by_key == [("", ""), (owner, since)], "nobody made the founder's"
    with desk_of(home, "zhouning") as desk:
        assert second_key(desk, privacy, owner) == {"of": "first", "at": since, "anew": False, "fresh": True}
        assert second_key(desk, owner, owner) == {}


def desk_people(home: Path, *handles: str) -> list[tuple[str, str]]:
    """(id, since when) of each."""
    rows = {one["handle"]: (one["id"], one["since"]) for one in do(home, "suhe", "principal", "list")["principals"]}
    return [rows[one] for one in handles]

"""A deal has members: who opens it, and whom an owner lets in, with a reason, until a day that may be named."""

import sqlite3
from pathlib import Path

from tests.line.conftest import act, done, refusal

DEAL = "D-2026-0001"


def members(where: Path) -> dict[str, dict]:
    return {
        one["handle"]: one for one in done(where, "suhe", "member", "list", DEAL)["members"] if one["state"] == "live"
    }


def said(where: Path, position: str) -> tuple[bytes, bytes]:
    """(an entry, its opening)."""
    number = int(position.partition("@")[2])
    with sqlite3.connect(where / "seller" / "core.db") as store:
        (entry,) = store.execute("SELECT entry FROM ledger_entry WHERE position = ?", (number,)).fetchone()
        (detail,) = store.execute("SELECT detail FROM opening WHERE position = ?", (number,)).fetchone()
    return entry, detail


def test_who_opens_a_deal_is_its_member(desk: Path):
    """On both sides: by opening it, and by sending the invitation; the others were let in by an owner."""
    found = members(desk)
    assert set(found) == {"suhe", "zhouning", "limo"}
    assert found["suhe"]["reason"] == "opened the deal"
    assert found["limo"]["given_by"] == "suhe"
    code, out = act(desk, "buyer", "fanyuan", "member", "list", DEAL)
    assert (code, [one["handle"] for one in out["members"]]) == (0, ["fanyuan"])


def test_an_owner_adds_and_ends_with_a_reason_in_the_ledger(lawyer: Path):
    """The entry tells that it happened; why stands in the opening, which is not public."""
    made = done(
        lawyer, "suhe", "member", "add", DEAL, "songwen", "--reason", "counsel of the seller", "--until", "2026-06-30"
    )
    entry, detail = said(lawyer, made["ledger"])
    assert b"deal-member-added" in entry
    assert b"counsel of the seller" not in entry
    assert b"counsel of the seller" in detail
    assert members(lawyer)["songwen"]["until"] == "2026-06-30"
    gone = done(lawyer, "suhe", "member", "end", DEAL, "songwen", "--reason", "the mandate ended")
    assert b"deal-member-ended" in said(lawyer, gone["ledger"])[0]
    assert "songwen" not in members(lawyer)
    assert refusal(lawyer, "suhe", "member", "end", DEAL, "songwen", "--reason", "once more") == "member.unknown"
    (row,) = [one for one in done(lawyer, "suhe", "member", "list", DEAL)["members"] if one["handle"] == "songwen"]
    assert (row["state"], row["ended_by"], row["end_reason"]) == ("ended", "suhe", "the mandate ended")


def test_adding_twice_changes_nothing_and_another_day_holds_instead(lawyer: Path):
    """Nobody is a member twice."""
    words = ("member", "add", DEAL, "songwen", "--reason", "counsel")
    assert not done(lawyer, "suhe", *words)["resumed"]
    assert done(lawyer, "suhe", *words)["resumed"]
    assert not done(lawyer, "suhe", *words, "--until", "2026-04-01")["resumed"]
    rows = [one for one in done(lawyer, "suhe", "member", "list", DEAL)["members"] if one["handle"] == "songwen"]
    assert [(one["state"], one["until"]) for one in rows] == [("live", "2026-04-01"), ("ended", "")]


def test_only_an_owner_lets_in_and_never_without_a_reason(lawyer: Path):
    """Nor a machine, nor somebody who is not here, nor until a day that has passed."""
    words = ("member", "add", DEAL)
    assert refusal(lawyer, "zhouning", *words, "songwen", "--reason", "counsel") == "act.role"
    assert refusal(lawyer, "zhouning", "member", "end", DEAL, "limo", "--reason", "done") == "act.role"
    assert refusal(lawyer, "suhe", *words, "songwen", "--reason", "  ") == "member.reason"
    assert refusal(lawyer, "suhe", *words, "nobody", "--reason", "counsel") == "principal.unknown"
    assert refusal(lawyer, "suhe", *words, "songwen", "--reason", "counsel", "--until", "2026-03-15") == "member.until"
    secret = lawyer / "seller" / "keys" / "principals" / "page.pass"
    secret.write_text("a passphrase of page", encoding="utf-8")
    secret.chmod(0o600)
    done(lawyer, "suhe", "principal", "new", "page", "--roles", "portal", "--new-passphrase-file", secret)
    assert refusal(lawyer, "suhe", *words, "page", "--reason", "counsel") == "member.machine"

"""A deal has members: who opens it, and whom an owner lets in, with a reason, until a day that may be named."""

import re
import shlex
import sqlite3
from pathlib import Path

import pytest

from custody.cli.table import VERBS
from tests.line.conftest import act, done, refusal

DEAL, NONE = "D-2026-0001", "D-2026-0099"
EVERY_ROLE = ("advisor", "privacy", "lawyer", "data", "department", "operator")
BEFORE = frozenset(("files", "cli", "ids", "party"))
"""What the examples of verbs fail at before any deal is looked for: files and people that are not here."""
ROOT = Path(__file__).resolve().parents[2] / "src" / "custody"
# Who reads deals without asking who looks, and why that tells nobody of the staff of one.
APART = {
    "acts/matters.py": "the door itself", "services/deal_known.py": "asks what is closed",
    "services/deal_meant.py": "names what was kept beside a deal, to whom deal_known leaves open",
    "acts/public_deals.py": "what the company publishes", "acts/explaining.py": "what a customer is told of their own data",
    "acts/corrections.py": "who has the data and must be told", "services/incident_notify.py": "an incident is the company's, and so is whom it tells",
    "acts/elsewhere.py": "counts what else runs over a vault", "acts/parted.py": "notes with an erasure what had gone, and tells nobody",
    "acts/standing_noes.py": "a customer's no holds in each deal with one buyer, and tells nobody of another",
    "acts/earlier_noes.py": "a customer's no of before holds over the next vault, and tells nobody of another deal",
    "acts/deaths.py": "who died did so in every deal of the vault, and tells nobody of another",
    "acts/reopened.py": "who is shown something else is asked anew in each deal of the vault, and nobody is told of another",
    "services/freshness_ask.py": "carries a yearly question on by another deal of the vault, and tells nobody of it",
    "acts/other_deals.py": "names the deals that the acting person sees, counts the others: a no has to be heard there",
}  # fmt: skip


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


def test_an_owner_adds_and_ends_with_a_reason_in_the_ledger(hired: Path):
    """The entry tells that it happened; why stands in the opening, which is not public."""
    made = done(
        hired, "suhe", "member", "add", DEAL, "songwen", "--reason", "counsel of the seller", "--until", "2026-06-30"
    )
    entry, detail = said(hired, made["ledger"])
    assert b"deal-member-added" in entry
    assert b"counsel of the seller" not in entry
    assert b"counsel of the seller" in detail
    assert members(hired)["songwen"]["until"] == "2026-06-30"
    gone = done(hired, "suhe", "member", "end", DEAL, "songwen", "--reason", "the mandate ended")
    assert b"deal-member-ended" in said(hired, gone["ledger"])[0]
    assert "songwen" not in members(hired)
    assert refusal(hired, "suhe", "member", "end", DEAL, "songwen", "--reason", "once more") == "member.unknown"
    (row,) = [one for one in done(hired, "suhe", "member", "list", DEAL)["members"] if one["handle"] == "songwen"]
    assert (row["state"], row["ended_by"], row["end_reason"]) == ("ended", "suhe", "the mandate ended")


def test_adding_twice_changes_nothing_and_another_day_holds_instead(hired: Path):
    """Nobody is a member twice."""
    words = ("member", "add", DEAL, "songwen", "--reason", "counsel")
    assert not done(hired, "suhe", *words)["resumed"]
    assert done(hired, "suhe", *words)["resumed"]
    assert not done(hired, "suhe", *words, "--until", "2026-04-01")["resumed"]
    rows = [one for one in done(hired, "suhe", "member", "list", DEAL)["members"] if one["handle"] == "songwen"]
    assert [(one["state"], one["until"]) for one in rows] == [("live", "2026-04-01"), ("ended", "")]


def test_only_an_owner_lets_in_and_never_without_a_reason(hired: Path):
    """Nor a machine, nor somebody who is not here, nor until a day that has passed."""
    words = ("member", "add", DEAL)
    assert refusal(hired, "zhouning", *words, "songwen", "--reason", "counsel") == "act.role"
    assert refusal(hired, "zhouning", "member", "end", DEAL, "limo", "--reason", "done") == "act.role"
    assert refusal(hired, "suhe", *words, "songwen", "--reason", "  ") == "member.reason"
    assert refusal(hired, "suhe", *words, "nobody", "--reason", "counsel") == "principal.unknown"
    assert refusal(hired, "suhe", *words, "songwen", "--reason", "counsel", "--until", "2026-03-15") == "member.until"
    secret = hired / "seller" / "keys" / "principals" / "page.pass"
    secret.write_text("a passphrase of page", encoding="utf-8")
    secret.chmod(0o600)
    done(hired, "suhe", "principal", "new", "page", "--roles", "portal", "--new-passphrase-file", secret)
    assert refusal(hired, "suhe", *words, "page", "--reason", "counsel") == "member.machine"


@pytest.fixture
def stranger(desk: Path) -> Path:
    """Somebody of every role that does not see every deal, and a member of none."""
    secret = desk / "seller" / "keys" / "principals" / "stranger.pass"
    secret.write_text("a passphrase of the stranger", encoding="utf-8")
    secret.chmod(0o600)
    roles = [word for one in EVERY_ROLE for word in ("--roles", one)]
    done(desk, "suhe", "principal", "new", "stranger", *roles, "--new-passphrase-file", secret)
    return desk


def named(verb: object) -> bool:
    return any(one.name == "deal" for one in verb.params)


def test_who_is_no_member_is_told_that_there_is_no_such_deal(
    stranger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Every verb that names a deal answers a stranger of every role as it answers for a deal that was never opened, by reference, id and prefix."""
    monkeypatch.chdir(tmp_path)
    known = done(stranger, "suhe", "deal", "show", DEAL)["id"]
    met = dict[str, str]()
    for verb in filter(named, VERBS):
        words = [DEAL if re.fullmatch(r"[DB]-2026-0001", one) else one for one in shlex.split(verb.example)[1:]]
        if DEAL not in words:
            continue
        for name in (DEAL, known, "D-2026-00"):
            real, none = (
                act(stranger, "seller", "stranger", *[one if one != DEAL else way for one in words])
                for way in (name, NONE)
            )
            assert real == none, (verb.name, name)
            met[verb.name] = real[1]["error"]["slug"]
    assert len(met) >= 40
    assert {one for one in met.values() if one.partition(".")[0] not in BEFORE} == {"act.role", "deal.unknown"}, met
    assert list(met.values()).count("deal.unknown") >= 30


def test_a_list_holds_what_its_reader_is_a_member_of(stranger: Path):
    """Nothing of the deal stands in any list of a stranger; the same lists hold it for a member, and after the end they do not."""
    asks = ("--kind", "explain", "--channel", "desk", "--proof", "in-person")
    done(stranger, "suhe", "gate", DEAL)
    who = done(stranger, "suhe", "deal", "customers", DEAL, "--most", "1")["customers"][0]["subject"]
    asked = done(stranger, "zhouning", "request", "new", DEAL, who, *asks)["ref"]
    lists = {("deal", "show"): DEAL, ("deal", "due"): DEAL, ("work", "list"): asked, ("request", "list"): asked}
    for words, name in lists.items():
        assert name in str(done(stranger, "zhouning", *words)), words
        assert name not in str(done(stranger, "stranger", *words)), words
    assert refusal(stranger, "stranger", "request", "show", asked) == "request.unknown"
    assert asked in str(done(stranger, "zhouning", "customer", who))
    assert asked not in str(done(stranger, "stranger", "customer", who))
    assert done(stranger, "stranger", "deal", "show")["deals"] == []
    done(stranger, "suhe", "member", "add", DEAL, "stranger", "--reason", "joins")
    assert [one["ref"] for one in done(stranger, "stranger", "deal", "show")["deals"]] == [DEAL]
    done(stranger, "stranger", "deal", "stand", DEAL)
    done(stranger, "suhe", "member", "end", DEAL, "stranger", "--reason", "leaves")
    assert refusal(stranger, "stranger", "deal", "stand", DEAL) == "deal.unknown"
    assert done(stranger, "stranger", "deal", "show")["deals"] == []


def test_what_the_vault_is_asked_for_shows_to_every_privacy_officer_and_tells_of_no_deal(
    stranger: Path, tmp_path: Path
):
    """Who is no member of the deal by which it came sees it in every list, reads it, and keeps its clock; neither its deal nor the buyer stands in anything, and the answer, which tells of both, is packed by a member."""
    done(stranger, "suhe", "gate", DEAL)
    known = done(stranger, "suhe", "deal", "show", DEAL)["id"]
    who = done(stranger, "suhe", "deal", "customers", DEAL, "--most", "1")["customers"][0]["subject"]
    asks = ("--channel", "desk", "--proof", "in-person")
    refs = {kind: done(stranger, "zhouning", "request", "new", DEAL, who, "--kind", kind, *asks)["ref"]
            for kind in ("access", "delete", "correct", "object")}  # fmt: skip
    said = [done(stranger, "stranger", *words) for words in (("request", "list"), ("work", "list"), ("customer", who))]
    said += [
        done(stranger, "stranger", "request", "show", refs["delete"]),
        done(stranger, "stranger", "request", "grounds", refs["delete"]),
    ]
    for told in said[:3]:
        assert all(refs[kind] in str(told) for kind in ("access", "delete", "correct"))
    assert not [one for one in said if refs["object"] in str(one) or DEAL in str(one) or known in str(one)]
    assert {one["person"] for one in said[1]["work"]} == {"zhouning"}, "a member's, who sees all of it"
    files = ("--to", tmp_path / "a.age", "--passphrase-to", tmp_path / "a.pass")
    assert refusal(stranger, "stranger", "request", "answer", refs["access"], *files) == "request.deal"
    assert refusal(stranger, "stranger", "request", "show", refs["object"]) == "request.unknown"
    assert refusal(stranger, "zhouning", "work", "assign", refs["object"], "--to", "stranger") == "work.closed"
    assert done(stranger, "zhouning", "work", "assign", refs["delete"], "--to", "stranger")["person"] == "stranger"
    with sqlite3.connect(stranger / "seller" / "core.db") as store:
        store.execute("UPDATE principal SET roles = 'department' WHERE handle = 'stranger'")
    assert {one["person"] for one in done(stranger, "suhe", "work", "list")["work"]} == {"zhouning"}, (
        "what they see no more is not theirs"
    )


def test_a_membership_ends_with_its_last_day(stranger: Path):
    """The day itself still counts, the next does not; nobody did anything."""
    done(stranger, "suhe", "member", "add", DEAL, "stranger", "--reason", "for a week", "--until", "2026-03-20")
    done(stranger, "suhe", "clock", "2026-03-20T12:00:00Z")
    done(stranger, "stranger", "deal", "stand", DEAL)
    done(stranger, "suhe", "clock", "2026-03-20T16:00:01Z")  # the day after, in Shanghai
    assert refusal(stranger, "stranger", "deal", "stand", DEAL) == "deal.unknown"
    (row,) = [one for one in done(stranger, "suhe", "member", "list", DEAL)["members"] if one["handle"] == "stranger"]
    assert row["state"] == "expired"


def test_the_ledger_is_told_without_deals_that_are_closed_to_its_reader(stranger: Path):
    """Entries about the deal are left out, also when they are searched for; an owner reads all of them."""
    known = done(stranger, "suhe", "deal", "show", DEAL)["id"]
    from_owner = str(done(stranger, "suhe", "ledger", "list"))
    assert known in from_owner
    theirs, all_of = (done(stranger, who, "ledger", "list", "--most", "1000") for who in ("stranger", "suhe"))
    assert known not in str(theirs)
    assert theirs["size"] == len(theirs["entries"]) < len(all_of["entries"]) == all_of["size"]


def test_the_ledger_tells_a_non_member_of_no_request_campaign_or_answer_of_a_deal(stranger: Path, tmp_path: Path):
    """What befell customers in a deal is its members' to read, too: each entry names the deal, in itself or in its opening."""
    done(stranger, "suhe", "gate", DEAL)
    who = done(stranger, "suhe", "deal", "customers", DEAL, "--most", "1")["customers"][0]["subject"]
    made = done(
        stranger, "zhouning", "request", "new", DEAL, who, "--kind", "copy", "--channel", "desk", "--proof", "in-person"
    )
    done(stranger, "zhouning", "request", "show", made["ref"])
    files = ("--to", tmp_path / "b.age", "--passphrase-to", tmp_path / "b.pass")
    done(stranger, "zhouning", "request", "answer", made["ref"], *files)
    done(stranger, "zhouning", "request", "close", made["ref"], "--state", "granted")
    kinds = {
        name: {one["kind"] for one in done(stranger, name, "ledger", "list", "--most", "1000")["entries"]}
        for name in ("stranger", "suhe")
    }
    told = {"request-received", "request-read", "request-packed", "request-closed"}
    assert told <= kinds["suhe"]
    assert not told & kinds["stranger"]


def test_what_tells_of_every_deal_is_let_out_by_those_who_see_every_deal(stranger: Path):
    """The ledger as files, also beside an account for a court; an owner gives both, and the account alone is everybody's who may ask."""
    who = done(stranger, "suhe", "deal", "show", DEAL)["id"]
    done(stranger, "suhe", "gate", DEAL)
    subject = done(stranger, "suhe", "deal", "customers", DEAL, "--most", "1")["customers"][0]["subject"]
    for words in (("ledger", "export"), ("access", "of", subject), ("access", "by", "suhe")):
        folder = stranger / "-".join(words[:2])
        assert refusal(stranger, "stranger", *words, "--to", folder) == "act.role"
        assert not folder.exists()
        done(stranger, "suhe", *words, "--to", folder)
        assert any(who in file.read_text(encoding="utf-8") for file in folder.rglob("entries.jsonl"))
    assert who not in str(done(stranger, "stranger", "access", "of", subject))


def test_a_copy_is_found_by_a_name_that_tells_of_no_deal(stranger: Path, tmp_path: Path):
    """Whoever accounts for the copies of a vault finds each; the request that one answers is named to those alone who see it."""
    asks = ("--kind", "copy", "--channel", "desk", "--proof", "in-person")
    done(stranger, "suhe", "gate", DEAL)
    who = done(stranger, "suhe", "deal", "customers", DEAL, "--most", "1")["customers"][0]["subject"]
    asked = done(stranger, "zhouning", "request", "new", DEAL, who, *asks)["ref"]
    files = ("--to", tmp_path / "a.age", "--passphrase-to", tmp_path / "a.pass")
    name = done(stranger, "zhouning", "request", "answer", asked, *files)["copy"]
    listed = done(stranger, "stranger", "copy", "list")
    veiled = f"answer@{name.partition('@')[2]}"
    assert asked in name
    assert asked not in str(listed)
    assert listed["open"] == done(stranger, "zhouning", "copy", "list")["open"]
    assert veiled in {one["name"] for one in listed["copies"]}
    said = done(stranger, "stranger", "copy", "account", veiled, "--state", "destroyed")
    assert (said["name"], said["open"]) == (veiled, listed["open"] - 1)
    (row,) = [one for one in done(stranger, "zhouning", "copy", "list")["copies"] if one["name"] == name]
    assert row["state"] == "destroyed"


def test_a_customer_is_shown_without_the_verdicts_of_a_deal_that_is_closed(stranger: Path):
    """What is held shows; what a gate said of it, and what was asked in the deal, shows to its members."""
    done(stranger, "suhe", "gate", DEAL)
    who = done(stranger, "suhe", "deal", "customers", DEAL, "--most", "1")["customers"][0]["subject"]
    theirs, ours = (done(stranger, one, "customer", who) for one in ("stranger", "zhouning"))
    assert {one["tier"] for one in theirs["held"]} == {one["tier"] for one in ours["held"]}
    assert {one["verdict"] for one in theirs["held"]} == {""}
    assert "" not in {one["verdict"] for one in ours["held"]}
    done(stranger, "suhe", "member", "add", DEAL, "stranger", "--reason", "joins")
    assert done(stranger, "stranger", "customer", who)["held"] == ours["held"]


def test_who_does_not_see_a_deal_approves_nothing_of_it(stranger: Path):
    """Any content is signed alike, so that signing tells nothing; what it is asked for does not take it, until its signer is let in."""
    words = ("deal", "abort", DEAL, "--why", "price", "--at", stranger / "out")
    act_, content = done(stranger, "suhe", *words, "--dry-run")["would"]["approve"]
    real, none = (done(stranger, "stranger", "approve", act_, one) for one in (content, "sha256:" + "ab" * 32))
    assert real.keys() == none.keys()
    assert refusal(stranger, "suhe", *words) == "act.unapproved"
    done(stranger, "suhe", "member", "add", DEAL, "stranger", "--reason", "counsel", "--until", "2026-12-31")
    assert done(stranger, "suhe", *words)


def test_the_same_facts_do_not_tell_of_a_deal(stranger: Path):
    """Who opens a deal with the facts, the buyer and the vault of one that is closed to them opens one of their own."""
    facts = stranger / "seller" / "deal-facts.json"
    buyer = done(stranger, "suhe", "deal", "show", DEAL)["counterparty"]
    made = done(stranger, "stranger", "deal", "new", facts, "--counterparty", buyer)
    assert (made["ref"], made["resumed"]) == ("D-2026-0002", False)
    again = done(stranger, "suhe", "deal", "new", facts, "--counterparty", buyer)
    assert again["resumed"]


def test_deals_are_read_through_one_door():
    """Whoever reads deals by themselves forgets to ask who looks: there is a list of who does, with the reason."""
    asks = re.compile(r"""\("matter",[^\n]*kind="deal"|kind="deal"[^\n]*"matter\"""")
    found = {
        str(file.relative_to(ROOT)) for file in ROOT.rglob("*.py") if asks.search(file.read_text(encoding="utf-8"))
    }
    lists = {"services/deal_list.py"}  # keeps to `among`
    assert found - lists == set(APART)
    assert "among(desk, tx" in (ROOT / "services" / "deal_list.py").read_text(encoding="utf-8")

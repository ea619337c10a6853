"""A3, C9: after the hand-over the seller opens what stayed, for what it was kept for, and each look is entered first."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from custody.acts.about import about, open_detail
from custody.acts.standing import standing
from custody.acts.vaults import open_keyring
from custody.base import ids
from tests.line.conftest import act
from tests.line.homes import came_across, desk_of


@pytest.fixture(scope="module")
def after(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rehearsal of one's own: looking leaves traces. The privacy officer was trained and given a grant for service by the owner."""
    where, until = Path(shutil.copytree(played, tmp_path_factory.mktemp("reveal") / "demo")), ("--until", "2026-07-01")
    asked = act(where, "seller", "zhouning", "grant", "ask", "--purpose", "service", *until, "--reason", "case 7")[1]
    for words in (("grant", "give", asked["id"]), ("training", "record", "zhouning", "privacy", *until)):
        assert act(where, "seller", "suhe", *words)[0] == 0
    return where


@pytest.fixture(scope="module")
def judged(after: Path) -> dict[str, dict[int, str]]:
    """{subject: {compartment: verdict}} of the seller's live customers."""
    with desk_of(after / "seller", "suhe") as desk, desk.store.read() as tx:
        vault = str(tx.find("vault")[0]["id"])
        return {
            ids.subject_text(row["id"]): standing(tx, vault, row)
            for row in tx.find("subject", vault=vault, kind="customer", state="live")
        }


def _reveal(after: Path, who: str, subject: str, purpose: str) -> tuple[int, dict]:
    return act(after, "seller", who, "reveal", subject, "--purpose", purpose, "--reason", "case 7, asked by telephone")


def _narrow(after: Path, subject: str, *fields: str) -> tuple[int, dict]:
    words = [word for field in fields for word in ("--field", field)]
    return act(after, "seller", "zhouning", "reveal", subject, "--purpose", "service", "--reason", "call back", *words)


def _entries(after: Path) -> list[dict]:
    store = sqlite3.connect(after / "seller" / "core.db")
    rows = [json.loads(row[0]) for row in store.execute("SELECT entry FROM ledger_entry ORDER BY position")]
    store.close()
    return rows


def _members(after: Path) -> set[str]:
    """Who has a row in the list of members: some are known by an order alone."""
    store = sqlite3.connect(after / "seller" / "core.db")
    rows = store.execute(
        "SELECT DISTINCT r.subject FROM record r JOIN schema s ON s.vault = r.vault AND s.number = r.schema "
        "WHERE s.tbl = '会员'"
    ).fetchall()
    store.close()
    return {ids.subject_text(one) for (one,) in rows}


def test_c9_a_withheld_customer_opens_at_the_seller(after: Path, judged: dict[str, dict[int, str]]):
    """The service desk sees what the person's service is kept for, and the values are the source's."""
    members = _members(after)
    subject = next(who for who, by in judged.items() if set(by.values()) == {"withhold"} and who in members)
    code, out = _reveal(after, "zhouning", subject, "service")
    assert code == 0, out
    row = next(one["rows"][0] for one in out["tables"] if one["name"] == "会员")
    text = (after / "shop" / "会员.csv").read_bytes().decode("gb18030", errors="replace")
    assert any(value and len(value) > 3 and value in text for value in row.values())


def test_c9_what_law_only_keeps_opens_for_that_purpose_alone(after: Path, judged: dict[str, dict[int, str]]):
    """A compartment under retention opens for `legal` and not for the contract it once served."""
    subject, kept = next((who, by) for who, by in judged.items() if "retain_only" in by.values())
    code, out = _reveal(after, "zhouning", subject, "legal")
    assert code == 0, out
    assert out["tables"]
    _, other = _reveal(after, "zhouning", subject, "contract")
    seen = {(t["name"], json.dumps(row)) for t in other.get("tables", ()) for row in t["rows"]}
    if all(verdict == "retain_only" for verdict in kept.values()):
        assert other["error"]["slug"] == "reveal.denied"
    assert not seen & {(t["name"], json.dumps(row)) for t in out["tables"] for row in t["rows"]}


def test_a3_a_look_is_entered_and_its_detail_dies_with_the_person(after: Path, judged: dict[str, dict[int, str]]):
    """The entry names no subject and no reason; the opening is sealed under the person's own audit key."""
    subject = next(who for who, by in judged.items() if set(by.values()) == {"wait"})
    code, out = _reveal(after, "zhouning", subject, "service")
    assert code == 0, out
    entry = _entries(after)[-1]
    assert entry["kind"] == "revealed"
    assert subject not in json.dumps(entry)
    assert "telephone" not in json.dumps(entry)
    raw = (after / "seller" / "core.db").read_bytes()
    assert b"asked by telephone" not in raw
    with desk_of(after / "seller", "suhe") as desk, desk.store.read() as tx:
        vault = str(tx.find("vault")[0]["id"])
        row = tx.find("subject", vault=vault, id=ids.subject_bytes(subject))[0]
        who = about(tx, open_keyring(desk, tx, vault), row["id"], row["slots"])
        sealed = tx.find("opening", space=desk.space, position=entry["n"])[0]["detail"]
        assert open_detail(sealed, who, entry["n"]) == {"subject": subject, "reason": "case 7, asked by telephone"}


def test_d1_a_look_narrowed_to_a_field_opens_nothing_else_and_says_which(
    after: Path, judged: dict[str, dict[int, str]]
):
    """One column of one table; no sensitive compartment is decided for a telephone; the person's history names the field, the ledger does not."""
    members = _members(after)
    for subject in sorted(who for who, by in judged.items() if set(by.values()) == {"withhold"} and who in members):
        full = _reveal(after, "zhouning", subject, "service")[1]
        if "sensitive" in full.get("tiers", ()):
            break
    code, out = _narrow(after, subject, "会员/手机号", "会员/姓名")
    assert code == 0, out
    assert out["tiers"] == ["general"]
    whole = {one["name"]: one["rows"] for one in full["tables"]}
    assert out["tables"] == [
        {"name": "会员", "rows": [{name: row[name] for name in ("姓名", "手机号")} for row in whole["会员"]]}
    ]
    assert "手机号" not in json.dumps(_entries(after)[-1], ensure_ascii=False)
    told = act(after, "seller", "suhe", "customer", subject)[1]
    assert next(one.get("fields") for one in told["history"] if one["kind"] == "revealed") == [
        "会员/姓名",
        "会员/手机号",
    ]
    assert told["receivers"] == []


def test_d1_a_field_that_is_not_held_is_refused_and_nothing_is_entered(after: Path, judged: dict[str, dict[int, str]]):
    """A name with a slip of the pen must not be taken for a look at everything."""
    subject, before = next(who for who, by in judged.items() if by), len(_entries(after))
    code, out = _narrow(after, subject, "会员/手机")
    assert (code, out["error"]["slug"]) == (2, "reveal.field")
    assert len(_entries(after)) == before


def test_d4_openings_that_were_swapped_in_the_store_are_told(
    after: Path, judged: dict[str, dict[int, str]], tmp_path: Path
):
    """Two looks at one person have their openings under one key: put in each other's place they are refused, not left out of the account."""
    subject = next(who for who, by in judged.items() if set(by.values()) == {"wait"})
    for _ in range(2):
        assert _reveal(after, "zhouning", subject, "service")[0] == 0
    first, second = [one["n"] for one in _entries(after) if one["kind"] == "revealed"][-2:]
    where = Path(shutil.copytree(after, tmp_path / "demo"))
    assert act(where, "seller", "suhe", "access", "of", subject)[0] == 0
    store = sqlite3.connect(where / "seller" / "core.db")
    details = dict(store.execute("SELECT position, detail FROM opening WHERE position IN (?, ?)", (first, second)))
    for place, other in ((first, second), (second, first)):
        store.execute("UPDATE opening SET detail = ? WHERE position = ?", (details[other], place))
    store.commit()
    store.close()
    for words in (("access", "of", subject), ("access", "by", "zhouning")):
        code, out = act(where, "seller", "suhe", *words)
        assert (code, out["error"]["slug"]) == (1, "vault.misplaced")


def test_a3_a_refusal_is_entered_too(after: Path, judged: dict[str, dict[int, str]]):
    """For a purpose nothing of the person is kept for, nothing opens, and the ledger says that somebody tried."""
    subject = next(who for who, by in judged.items() if by)
    code, out = _reveal(after, "limo", subject, "internal")
    assert (code, out["error"]["slug"]) == (1, "reveal.denied")
    assert _entries(after)[-1]["kind"] == "reveal-refused"


def test_a3_sensitive_data_is_not_for_every_role(after: Path, judged: dict[str, dict[int, str]]):
    """Data staff see the general compartments of a person; who was trained and given a grant by another sees all of them."""
    for subject, by in judged.items():
        _, full = _reveal(after, "zhouning", subject, "service")
        if "sensitive" in full.get("tiers", ()) and by:
            _, some = _reveal(after, "limo", subject, "service")
            assert "sensitive" not in some.get("tiers", ())
            return
    pytest.fail("the sample must have somebody with sensitive data left at the seller")


def test_c9_a_delivered_customer_opens_for_nobody(after: Path):
    """Who was handed over whole is gone at the seller."""
    store = sqlite3.connect(after / "seller" / "core.db")
    gone = {row[0] for row in store.execute("SELECT id FROM subject WHERE state = 'destroyed' AND kind = 'customer'")}
    store.close()
    subject = ids.subject_text(min(gone & came_across(after)))
    code, out = _reveal(after, "zhouning", subject, "service")
    assert (code, out["error"]["slug"]) == (2, "subject.unknown")

"""C1, C2, B2: a deal in earnest: facts amended by version, evidence filed, answers taken from a list, and gates that move with them."""

import json
from pathlib import Path

import pytest

from custody.acts.said import AGREED, WORDS
from custody.base import ids
from tests.consented import consented
from tests.line.conftest import act, done, refusal
from tests.line.homes import desk_of
from tests.line.told import read_card

DEAL = "D-2026-0001"
YES = ("consent.separate", "consent.separate.sensitive")


def _agreed(where: Path, tmp_path: Path, people: list[str], kinds: tuple[str, ...] = YES) -> dict:
    """Each of them was told, and said yes in words that are on record."""
    told, records = tmp_path / "told.csv", tmp_path / "consents.csv"
    told.write_text("subject,answer\n" + "".join(f"{one},notice.delivered\n" for one in people), encoding="utf-8")
    for who in ("zhouning", "limo"):  # that somebody was told is the word of two
        done(where, who, "answers", DEAL, told)
    records.write_text(consented(people, kinds, read_card(where, "buyer").name_zh), encoding="utf-8")
    for who in ("zhouning", "limo"):  # and so is that they agreed
        taken = done(where, who, "consent-import", DEAL, records)
    return taken


def _people(where: Path) -> list[str]:
    with desk_of(where / "seller", "suhe") as desk, desk.store.read() as tx:
        return [ids.subject_text(row["id"]) for row in tx.find("subject", kind="customer", state="live")]


def test_c2_a_stage_opens_when_its_evidence_is_on_file(desk: Path, tmp_path: Path):
    """Each BLOCK of shipping names its rule; filing the paper each asks for opens the stage."""
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF signed and dated")
    shut = {
        rule
        for one in done(desk, "zhouning", "gate", DEAL)["blocked_stages"]
        if one["stage"] == "ship"
        for rule in one["rules"]
    }
    assert "CN-PIPIA-55" in shut
    for kind in ("pipia.done", "contract.recipient", "necessity.recorded", "minimum.confirmed"):
        code, out = act(desk, "seller", "zhouning", "evidence", "add", DEAL, kind, "--file", paper)
        assert code == 0 or out["error"]["slug"] == "evidence.kind", out
    left = {
        rule
        for one in done(desk, "zhouning", "gate", DEAL)["blocked_stages"]
        if one["stage"] == "ship"
        for rule in one["rules"]
    }
    assert left < shut
    assert "CN-PIPIA-55" not in left
    assert "pipia.done" in done(desk, "limo", "evidence", "list", DEAL)["evidence"]


def test_c2_evidence_nobody_asks_for_is_refused(desk: Path, tmp_path: Path):
    """A word of one's own would satisfy nothing, so it is not kept."""
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF")
    code, out = act(desk, "seller", "zhouning", "evidence", "add", DEAL, "all.fine", "--file", paper)
    assert (code, out["error"]["slug"]) == (2, "evidence.kind")


@pytest.mark.parametrize("kind", ["consent.separate", "notice.delivered", "permission.hipaa", "objection"])
def test_c2_no_paper_is_everybodys_consent(desk: Path, tmp_path: Path, kind: str):
    """What each customer says alone is never filed for the whole deal."""
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF a resolution of the board")
    code, out = act(desk, "seller", "zhouning", "evidence", "add", DEAL, kind, "--file", paper)
    assert (code, out["error"]["slug"]) == (2, "evidence.personal")
    assert done(desk, "limo", "evidence", "list", DEAL) == {"v": 1, "deal": DEAL, "evidence": [], "answers": {}}


def test_b2_real_answers_move_the_verdicts(desk: Path, tmp_path: Path):
    """Told by list and agreed on record: some who waited are cleared; who refused is withheld; taking it twice adds nothing."""
    who = _people(desk)
    before = done(desk, "zhouning", "gate", DEAL)["by_verdict"]
    taken = _agreed(desk, tmp_path, who[:-1])
    assert taken["taken"] + taken["reasons"].get("guardian", 0) == 2 * len(who[:-1])
    answers = tmp_path / "answers.csv"
    answers.write_text(f"subject,answer\n{who[-1]},consent.refused\n", encoding="utf-8-sig")
    assert done(desk, "zhouning", "answers", DEAL, answers)["recorded"] == 1
    after = done(desk, "zhouning", "gate", DEAL)["by_verdict"]
    assert before["hand_over"] == 0
    assert after["hand_over"] > 0
    assert done(desk, "zhouning", "answers", DEAL, answers)["recorded"] == 0
    assert sum(after.values()) == len(who)


@pytest.mark.parametrize("code", sorted(AGREED))
def test_b2_a_yes_in_a_bare_list_is_quarantined_and_clears_nobody(desk: Path, tmp_path: Path, code: str):
    """By its code or in words, told by line, counted and entered, never evidence; what stands beside it is taken; as a record it counts."""
    who, words, answers = _people(desk), WORDS[code], tmp_path / "answers.csv"
    before = done(desk, "zhouning", "gate", DEAL)["by_verdict"]
    spoken = [code, *words, code]
    lines = [*(f"{one},{said}" for one, said in zip(who, spoken, strict=False)), f"{who[0]},notice.delivered"]
    answers.write_text("subject,answer\n" + "\n".join(lines) + "\n", encoding="utf-8")
    assert done(desk, "limo", "answers", DEAL, answers)["quarantined"] == 5
    assert done(desk, "zhouning", "answers", DEAL, answers)["quarantined"] == 5
    taken = done(desk, "limo", "answers", DEAL, answers)
    assert (taken["recorded"], taken["counts"], taken["quarantined"]) == (1, {"notice.delivered": 1}, 4)
    assert taken["quarantine"] == [{"line": n, "answer": code, "reason": "record"} for n in range(2, 6)]
    assert "consent-import" in taken["next"]
    assert done(desk, "limo", "evidence", "list", DEAL)["answers"] == {"notice.delivered": 1}
    assert done(desk, "zhouning", "gate", DEAL)["by_verdict"]["hand_over"] == before["hand_over"] == 0
    adult = next(one for one in who if not _agreed(desk, tmp_path, [one], (code,))["quarantined"])
    (record,) = done(desk, "zhouning", "consent-record", DEAL, adult)["records"]
    assert record["processing"]["question"] == code
    assert done(desk, "limo", "evidence", "list", DEAL)["answers"][code] == 1


def test_c3_who_has_died_is_withheld_whatever_was_answered(desk: Path, tmp_path: Path):
    """A consent of before or after clears nobody who is on file as having died, and says so with the reason."""
    who, answers = _people(desk), tmp_path / "answers.csv"
    _agreed(desk, tmp_path, who)
    cleared = done(desk, "zhouning", "gate", DEAL)["by_verdict"]["hand_over"]
    assert cleared > 0
    answers.write_text("subject,answer\n" + "".join(f"{one},已去世\n" for one in who), encoding="utf-8")
    assert done(desk, "zhouning", "answers", DEAL, answers)["counts"] == {"person.died": len(who)}
    told = done(desk, "zhouning", "gate", DEAL)
    assert told["by_verdict"]["hand_over"] == told["by_verdict"]["wait"] == 0
    (reason,) = [one for one in told["reasons"] if one["rule"] == "DECEASED"]
    assert (reason["count"], reason["verdict"]) == (len(who), "withhold")


def test_c3_a_death_entered_by_mistake_is_corrected_by_two_people(desk: Path, tmp_path: Path):
    """One alone may not, nor on another reason than was approved; then the person stands as before, and the ledger tells both entries."""
    why, answers = ("--reason", "another of the same name had died"), tmp_path / "answers.csv"
    who = next(one for one in _people(desk) if not _agreed(desk, tmp_path, [one])["quarantined"])
    kinds = {"notice.delivered", *YES}
    before = done(desk, "zhouning", "gate", DEAL)["by_verdict"]
    words = ("evidence", "correct", DEAL, who)
    assert refusal(desk, "zhouning", *words, *why) == "evidence.alive"
    answers.write_text(f"subject,answer\n{who},已去世\n", encoding="utf-8")
    done(desk, "zhouning", "answers", DEAL, answers)
    assert [one["count"] for one in done(desk, "zhouning", "gate", DEAL)["reasons"] if one["rule"] == "DECEASED"] == [1]
    kind, content = done(desk, "zhouning", *words, *why, "--dry-run")["would"]["approve"]
    done(desk, "zhouning", "approve", kind, content)
    assert refusal(desk, "zhouning", *words, *why) == "act.unapproved"
    assert refusal(desk, "zhouning", *words, "--reason", "too short") == "evidence.reason"
    done(desk, "suhe", "approve", kind, content)
    assert refusal(desk, "zhouning", *words, "--reason", "a reason that nobody approved") == "act.unapproved"
    made = done(desk, "zhouning", *words, *why)
    assert done(desk, "zhouning", "gate", DEAL)["by_verdict"] == before
    assert done(desk, "limo", "evidence", "list", DEAL)["answers"].keys() == kinds
    entries = {one["position"]: one["kind"] for one in done(desk, "suhe", "ledger", "list")["entries"]}
    at = [int(made[name].rpartition("@")[2]) for name in ("entry", "ledger")]
    assert [entries[one] for one in at] == ["answers-taken", "evidence-corrected"]
    done(desk, "zhouning", "answers", DEAL, answers)
    assert refusal(desk, "zhouning", *words, *why) == "act.unapproved"


def test_b2_a_list_with_one_bad_line_is_not_taken(desk: Path, tmp_path: Path):
    """The line is named, nothing is kept, and no value of anybody stands in the error."""
    who = _people(desk)
    answers = tmp_path / "answers.csv"
    answers.write_text(
        f"subject,answer\n{who[0]},notice.delivered\n13800138000,consent.separate\n{who[1]},yes\n", encoding="utf-8"
    )
    code, out = act(desk, "seller", "zhouning", "answers", DEAL, answers)
    assert (code, out["error"]["slug"]) == (2, "answers.lines")
    assert "3: nobody of that id; 4: no such answer" in out["error"]["message"]
    assert "13800138000" not in json.dumps(out)
    assert done(desk, "limo", "evidence", "list", DEAL)["answers"] == {}


def test_c1_an_amended_fact_is_a_new_version_and_voids_what_was_approved(desk: Path, tmp_path: Path):
    """The buyer turns out to sit abroad: version 2, and the gate asks what an export asks."""
    changed = tmp_path / "changed.json"
    changed.write_text(
        json.dumps({"crossborder": {"direction": "outbound"}, "event": {"recipient_jurisdiction": "SG"}}),
        encoding="utf-8",
    )
    told = done(desk, "suhe", "deal", "facts", DEAL, changed)
    assert (told["version"], told["changed"]) == (2, ["crossborder.direction", "event.recipient_jurisdiction"])
    assert done(desk, "suhe", "deal", "facts", DEAL, changed)["resumed"] is True
    gate = done(desk, "zhouning", "gate", DEAL)
    assert gate["version"] == 2
    shut = {rule for one in gate["blocked_stages"] for rule in one["rules"]}
    assert any(rule.startswith("CN-XB-") for rule in shut | {one["rule"] for one in gate["reasons"]})


def test_c1_after_shipping_facts_stand(played: Path, tmp_path: Path):
    """What was shipped on one set of facts is not released on another: until the seller has destroyed, they stand."""
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps({"basis": {"purpose_changes": True}}), encoding="utf-8")
    code, out = act(played, "seller-backup", "suhe", "deal", "facts", DEAL, changed)
    assert (code, out["error"]["slug"]) == (1, "deal.shipped")


def test_c1_a_fact_goes_back_to_unknown_and_the_gate_with_it(desk: Path, tmp_path: Path):
    """Null is a change like any other: a new version, and what was decided on that fact is open again."""
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps({"event": {"recipient_role": None}}), encoding="utf-8")
    before = done(desk, "suhe", "deal", "show", DEAL)["facts"]
    assert before["event.recipient_role"]
    assert done(desk, "suhe", "deal", "facts", DEAL, changed)["changed"] == ["event.recipient_role"]
    after = done(desk, "suhe", "deal", "show", DEAL)["facts"]
    assert {leaf: value for leaf, value in before.items() if leaf != "event.recipient_role"} == after
    assert done(desk, "suhe", "deal", "facts", DEAL, changed)["resumed"] is True
    missing = {leaf for one in done(desk, "zhouning", "gate", DEAL)["reasons"] for leaf in one["missing"]}
    assert "event.recipient_role" in missing


@pytest.mark.parametrize(("written", "kept"), [("2.5", "2.5"), ('"5/3"', "5/3"), ("3.0", 3), ("0.1", "0.1"), ("7", 7)])
def test_c1_a_number_is_kept_exactly(desk: Path, tmp_path: Path, written: str, kept: object):
    """A decimal or a fraction is what was written, and no float."""
    changed = tmp_path / "changed.json"
    changed.write_text(f'{{"data": {{"inactive_years": {written}}}}}', encoding="utf-8")
    done(desk, "suhe", "deal", "facts", DEAL, changed)
    assert done(desk, "suhe", "deal", "show", DEAL)["facts"]["data.inactive_years"] == kept


def test_c2_a_deal_is_opened_by_answering_and_goes_on_after_a_break(desk: Path, tmp_path: Path):
    """Stopped in the middle, the draft holds what was said; run again, it goes on; "don't know" is kept as unknown."""
    draft = tmp_path / "draft.json"
    buyer = done(desk, "suhe", "deal", "show")["deals"][0]["counterparty"]
    words = ("deal", "new", draft, "--counterparty", buyer, "--ask")
    code, _ = act(desk, "seller", "suhe", *words, typed="CN\n2\nwhat?\n?\nclosing_handover\n")
    assert code == 130
    said = json.loads(draft.read_text(encoding="utf-8"))
    assert said == {
        "regimes": ["CN"],
        "deal": {"structure": "asset_deal", "stage": None},
        "event": {"kind": "closing_handover"},
    }
    code, out = act(desk, "seller", "suhe", *words, typed="\n" * 200)
    assert code == 0, out
    facts = done(desk, "suhe", "deal", "show", out["ref"])["facts"]
    assert facts == {
        "deal.structure": "asset_deal",
        "deal.universal_succession": False,
        "event.kind": "closing_handover",
    }
    asked = done(desk, "suhe", "deal", "ask", out["ref"])
    assert (asked["done"], asked["question"], asked["given"]["deal"]["stage"]) == (True, None, None)
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"deal": {"structure": "merger"}}), encoding="utf-8")
    assert done(desk, "suhe", "deal", "facts", out["ref"], other)["changed"] == [
        "deal.structure",
        "deal.universal_succession",
    ]
    assert "deal.universal_succession" not in done(desk, "suhe", "deal", "show", out["ref"])["facts"]

"""C1: every structure of a deal runs a line of its own from open to closed, and so does a deal that is broken off."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.base.canonical import unb64
from custody.cli.rehearsal.demo import Play, Rehearsal
from custody.cli.rehearsal.half import Half, Out
from custody.cli.rehearsal.play import FACTS
from tests.line.conftest import act, custody
from tests.members import add

DEAL = "D-2026-0001"
HANDED = ["packed", "shipped", "released", "received", "destroyed"]
OPENED = ["connected", "classified", "sealed", "cleared"]
LINES = {
    "share_transfer": ("control", [*OPENED[:-1], "controlled", "closed"]),
    "asset_deal": ("hand-over", [*OPENED, *HANDED, "closed"]),
    "data_only_sale": ("hand-over", [*OPENED, *HANDED, "closed"]),
    "division": ("hand-over", [*OPENED, *HANDED, "closed"]),
    "merger": ("hand-over-and-winding-up", [*OPENED, *HANDED, "wound-up", "closed"]),
    "bankruptcy": ("hand-over-and-winding-up", [*OPENED, *HANDED, "wound-up", "closed"]),
    "dissolution": ("winding-up", [*OPENED, "wound-up", "closed"]),
}


class Desk:
    """Both homes of one folder, each with a process of its own, and the folder between them."""

    def __init__(self, where: Path) -> None:
        self.where, self.at = where, ("--at", str(where / "handover"))
        self.seller = Half("seller", where / "seller", where / "buyer", "en")
        self.buyer = Half("buyer", where / "buyer", where / "seller", "en")

    def two(self, half: Half, who: str, second: str, *words: str) -> Out:
        """Rehearse it, have it approved, do it."""
        act_of, content = half.run(who, *words, "--dry-run")["would"]["approve"]
        half.run(second, "approve", act_of, content)
        return half.run(who, *words)

    def refused(self, half: Half, who: str, *words: str) -> str:
        """The slug with which something is refused."""
        return str(half.run(who, *words, answers=(1, 2))["error"]["slug"])

    def facts(self, name: str, value: object) -> str:
        """A file of facts."""
        path = self.where / f"{name}.json"
        path.write_text(json.dumps(value), encoding="utf-8")
        return str(path)

    def verified(self, folder: Path) -> Out:
        """What the verifier says of a folder and this seller's ledger, with both cards pinned."""
        self.seller.run("suhe", "ledger", "export", "--to", str(folder / "ledger-seller"))
        self.buyer.run("fanyuan", "ledger", "export", "--to", str(folder / "ledger-buyer"))
        cards = [
            word
            for name in ("seller", "buyer")
            for word in ("--trust", str(self.where / "handover" / "cards" / f"{name}.json"))
        ]
        return self.buyer.run("fanyuan", "verify", str(folder), *cards)


@pytest.fixture
def at(desk: Path) -> Iterator[Desk]:
    """A desk with an open deal, of one's own."""
    made = Desk(desk)
    with made.seller, made.buyer:
        yield made


def _of(structure: str, **more: object) -> dict:
    ends = structure == "dissolution"
    event = {
        **FACTS["event"],
        **({"kind": "cessation", "data_leaves_entity": False, "recipient_role": "none"} if ends else {}),
    }
    return {**FACTS, "deal": {**FACTS["deal"], "structure": structure, **more}, "event": event}


def test_c1_each_structure_has_a_line_and_a_plan(at: Desk):
    """Each of the seven is opened and told its own stages; who acts next and what keeps it shut are told; a clock runs from its moment."""
    buyer = at.seller.run("suhe", "deal", "show")["deals"][0]["counterparty"]
    for structure, (name, stages) in LINES.items():
        facts = at.facts(structure, _of(structure, resolution_at="2026-03-14T02:00:00Z"))
        other = () if structure in {"share_transfer", "dissolution"} else ("--counterparty", buyer)
        deal = str(at.seller.run("suhe", "deal", "new", facts, *other)["ref"])
        plan = at.seller.run("suhe", "deal", "plan", deal)
        assert (plan["line"], [one["stage"] for one in plan["steps"]]) == (name, stages)
        following = next(one for one in plan["steps"] if one["state"] == "now")
        assert (
            plan["next"]["stage"]
            == following["stage"]
            == ("controlled" if structure == "share_transfer" else "cleared")
        )
        assert "suhe" in following["who"]
        assert all(
            one["people"] == 2
            for one in plan["steps"]
            if one["stage"] in {"shipped", "destroyed", "wound-up", "closed"}
        )
        assert at.refused(at.seller, "suhe", "deal", "close", deal, *at.at, "--dry-run") == "deal.unfinished"
        if structure == "share_transfer":
            rules = [one["rule"] for one in plan["gates"]]
            assert rules == [one["rule"] for one in at.seller.run("suhe", "deal", "stand", deal)["gates"]]
            assert len(set(rules)) == len(rules) > 0
            assert set(following["shut_by"]) == set(rules)
        if structure == "merger":
            due = at.seller.run("suhe", "deal", "due", deal)["due"]
            creditors = next(one for one in due if one["rule"] == "CN-CORP-220" and one["duty"] == "notify_creditors")
            assert (creditors["state"], creditors["due_at"]) == ("running", "2026-03-24T23:59:59+08:00")
    assert {one["deal"] for one in at.seller.run("suhe", "deal", "due")["due"]} >= {deal}


def test_c1_an_aborted_deal_ends_with_the_bidders_word_on_file(at: Desk):
    """Broken off by two, answered by two of the bidder whose key is gone, closed by two; nothing of it changes any more."""
    abort, back, close = (("deal", word, DEAL) for word in ("abort", "return", "close"))
    assert at.refused(at.seller, "suhe", *abort, "--why", "financing", *at.at) == "act.unapproved"
    assert list((at.where / "buyer" / "keys" / "roots").glob("mat_*"))
    gone = at.two(at.seller, "suhe", "zhouning", *abort, "--why", "financing", *at.at)
    assert gone["answer_due"] is True
    assert at.seller.run("suhe", *abort, "--why", "financing", *at.at)["resumed"] is True
    assert at.seller.run("suhe", "deal", "show", DEAL)["facts"]["deal.stage"] == "aborted"
    assert (
        at.refused(at.seller, "suhe", "deal", "facts", DEAL, at.facts("more", {"data": {"important_data": True}}))
        == "deal.ended"
    )
    assert at.refused(at.seller, "suhe", *close, *at.at, "--dry-run") == "deal.unanswered"
    for unsaid in ("stays", "stays:mood", "destroyed:claim"):
        assert at.refused(at.buyer, "fanyuan", *back, "--copy", f"资料室的名单={unsaid}", *at.at) == "copy.why"
    at.buyer.run("fanyuan", "member", "add", DEAL, "yeqing", "--reason", "confirms the return")
    copies = ("--copy", "资料室的名单=stays:claim", "--copy", "printed list=open")
    answer = at.two(at.buyer, "fanyuan", "yeqing", *back, *copies, *at.at)
    assert (answer["key"], answer["heading"], answer["copies"]) == ("destroyed", "partial", 2)
    assert not list((at.where / "buyer" / "keys" / "roots").glob("mat_*"))
    end = at.two(at.seller, "suhe", "zhouning", *close, *at.at)
    assert (end["outcome"], end["heading"], end["open_copies"]) == ("aborted", "partial", 1)
    plan = at.seller.run("suhe", "deal", "plan", DEAL)
    assert [(one["stage"], one["state"]) for one in plan["steps"]] == [
        ("aborted", "done"),
        ("returned", "done"),
        ("closed", "done"),
    ]
    assert plan["next"] is None
    told = at.verified(at.where / "handover")
    kinds = {one["kind"] for one in told["checked"]["statements"]}
    assert (told["ok"], told["trust"]) == (True, "pinned")
    assert {"aborted", "returned", "closed"} <= kinds
    word = json.loads((at.where / "handover" / "returned.dsse.json").read_bytes())["payload"]
    kept = [one for one in json.loads(unb64(word))["predicate"]["attested"] if one["state"] == "stays"]
    assert [(one["name"], one["why"]) for one in kept] == [("资料室的名单", "claim")]
    assert at.two(at.buyer, "fanyuan", "yeqing", *close, *at.at)["line"] == "giving-back"


def test_c1_the_same_facts_open_one_deal_until_it_has_ended(at: Desk):
    """Asked twice, the open deal is told; after it was broken off, the same facts open another that can be worked on."""
    buyer = at.seller.run("suhe", "deal", "show")["deals"][0]["counterparty"]
    again = (
        "deal",
        "new",
        at.facts("again", _of("asset_deal", resolution_at="2026-03-14T02:00:00Z")),
        "--counterparty",
        buyer,
    )
    first = at.seller.run("suhe", *again)
    assert (first["resumed"], at.seller.run("suhe", *again)["ref"]) == (False, first["ref"])
    at.seller.run("suhe", "member", "add", str(first["ref"]), "zhouning", "--reason", "confirms its end")
    at.two(at.seller, "suhe", "zhouning", "deal", "abort", str(first["ref"]), "--why", "financing", *at.at)
    second = at.seller.run("suhe", *again)
    assert (second["resumed"], second["ref"] != first["ref"]) == (False, True)
    assert at.seller.run("suhe", "deal", "show", str(second["ref"]))["state"] == "open"
    assert at.seller.run("suhe", *again)["ref"] == second["ref"]


def test_c1_an_answer_of_somebody_else_closes_nothing(at: Desk):
    """A return statement that the bidder's keys did not sign, or that answers another word, is no answer."""
    at.two(at.seller, "suhe", "zhouning", "deal", "abort", DEAL, "--why", "price", *at.at)
    folder = at.where / "handover"
    shutil.copy(folder / "aborted.dsse.json", folder / "returned.dsse.json")
    code, out = act(at.where, "seller", "suhe", "deal", "close", DEAL, *at.at, "--dry-run")
    assert code != 0
    assert out["error"]["slug"].split(".")[0] in {"dsse", "statement", "signature"}, out
    assert "closed.dsse.json" not in {one.name for one in folder.iterdir()}


def test_c1_winding_up_keeps_what_law_keeps_and_destroys_the_rest(at: Desk):
    """Unknown keeps the door shut; under a hold of law nobody goes; else all but those whose ended contracts law keeps, with a keeper, a certificate, and a closing."""
    facts = _of("dissolution", successor_exists=False)
    facts["retention"] = {"purpose_ended": False, "deletion_technically_hard": False}
    deal = str(at.seller.run("suhe", "deal", "new", at.facts("end", facts))["ref"])
    add(at.seller.run, deal, "zhouning")
    out = ("--at", str(at.where / "end"))
    windup = ("deal", "wind-up", deal, "--keeper", "liquidation group", *out)
    assert at.refused(at.seller, "suhe", *windup, "--dry-run") == "deal.unfinished"
    assert at.refused(at.seller, "suhe", "deal", "wind-up", DEAL, "--keeper", "nobody", *out) == "deal.not-ending"
    at.seller.run("zhouning", "gate", deal)
    assert at.refused(at.seller, "suhe", *windup, "--dry-run") == "windup.unknown"
    at.seller.run("suhe", "deal", "facts", deal, at.facts("held", {"retention": {"statutory_hold": True}}))
    held = at.seller.run("suhe", *windup, "--dry-run")["would"]
    assert held["customers"] == 0
    assert {one["what"]: one["count"] for one in held["kept"]}["retain-only"] == 60
    at.seller.run("suhe", "deal", "facts", deal, at.facts("free", {"retention": {"statutory_hold": False}}))
    at.seller.run("limo", "copy", "declare", "客户登记簿", "--kind", "paper", "--keeper", "仓库")
    waits = at.seller.run("suhe", *windup, "--dry-run")["would"]
    assert (waits["copies"], "approve" in waits) == (["客户登记簿"], False)
    assert at.refused(at.seller, "suhe", *windup) == "destroy.copies"
    at.seller.run("suhe", "copy", "account", "客户登记簿", "--state", "stays", "--why", "claim")
    gone = at.two(at.seller, "suhe", "zhouning", *windup)
    assert (gone["subjects"], gone["heading"], gone["keeper"]) == (60, "partial", "liquidation group")
    assert at.seller.run("suhe", *windup)["resumed"] is True
    kept = {one["what"]: one["count"] for one in gone["kept"]}
    assert 0 < kept["retain-only"] < 60
    assert at.seller.run("suhe", "vault", "list")["vaults"][0]["customers"] == kept["retain-only"]
    assert at.seller.run("suhe", "vault", "check")["ok"] is True
    end = at.two(at.seller, "suhe", "zhouning", "deal", "close", deal, *out)
    assert (end["line"], end["outcome"]) == ("winding-up", "completed")
    assert at.refused(at.seller, "suhe", "gate", deal) == "deal.ended"
    told = at.verified(at.where / "end")
    assert (told["ok"], told["trust"]) == (True, "pinned")
    assert {one["kind"] for one in told["checked"]["statements"]} == {"destroyed", "woundup", "closed"}


def test_c1_a_hand_over_is_closed_on_both_sides(played: Path, tmp_path: Path):
    """After the certificate two close it; what outlives it is named; a released deal cannot be broken off; the buyer closes its own."""
    where = Path(shutil.copytree(played, tmp_path / "demo"))
    at = Desk(where)
    with at.seller, at.buyer:
        assert at.refused(at.seller, "suhe", "deal", "abort", DEAL, "--why", "price", *at.at) == "deal.too-late"
        close = ("deal", "close", DEAL, *at.at)
        at.seller.run("limo", "copy", "declare", "客户登记簿", "--kind", "paper", "--keeper", "仓库")
        waits = at.seller.run("suhe", *close, "--dry-run")["would"]
        assert (waits["copies"], "approve" in waits) == (["客户登记簿"], False)
        assert at.refused(at.seller, "suhe", *close) == "destroy.copies"
        at.seller.run("suhe", "copy", "account", "客户登记簿", "--state", "destroyed")
        said = at.seller.run("suhe", *close, "--dry-run")["would"]["approve"]
        at.seller.run("zhouning", "approve", *said)
        at.seller.run("suhe", "copy", "account", "客户登记簿", "--state", "stays", "--why", "claim")
        assert at.refused(at.seller, "suhe", *close) == "act.unapproved"
        end = at.two(at.seller, "suhe", "zhouning", *close)
        assert (end["line"], end["outcome"], end["heading"]) == ("hand-over", "completed", "partial")
        assert end["open_copies"] > 0
        assert all(one["state"] == "done" for one in at.seller.run("suhe", "deal", "plan", DEAL)["steps"])
        bought = at.two(at.buyer, "fanyuan", "yeqing", "deal", "close", DEAL, "--at", str(where / "own"))
        assert bought["line"] == "taking-over"


class OfStructure(Play):
    """The whole hand-over of a deal of another structure."""

    structure = "merger"

    def open(self, facts: dict, *counterparty: str) -> Out:
        deal = {
            **facts["deal"],
            "structure": self.structure,
            "universal_succession": self.structure in {"merger", "division"},
        }
        # A company that ends must say how many people it knows: from ten million on its important data has a plan of its own.
        seller, buyer = facts["seller"] | {"subjects_total": 10_000}, facts["buyer"] | {"subjects_after": 50_000}
        return super().open({**facts, "deal": deal, "seller": seller, "buyer": buyer}, *counterparty)


@pytest.mark.soak
@pytest.mark.parametrize("structure", ["merger", "division", "data_only_sale", "bankruptcy"])
def test_c1_every_hand_over_runs_from_open_to_closed(tmp_path: Path, structure: str):
    """The whole line by commands, and for a company that ends its winding up; closed by two, verified by anybody."""
    kind = type("Played", (OfStructure,), {"structure": structure})
    where = tmp_path / "demo"
    Rehearsal(where, None, 40, "en", lambda _: None).run(kind)
    at = Desk(where)
    with at.seller, at.buyer:
        if LINES[structure][0] == "hand-over-and-winding-up":
            gone = at.two(at.seller, "suhe", "zhouning", "deal", "wind-up", DEAL, "--keeper", "successor", *at.at)
            assert gone["subjects"] > 0
        end = at.two(at.seller, "suhe", "zhouning", "deal", "close", DEAL, *at.at)
        assert (end["line"], end["outcome"]) == (LINES[structure][0], "completed")
        assert [one["stage"] for one in at.seller.run("suhe", "deal", "plan", DEAL)["steps"]] == LINES[structure][1]
        assert at.verified(where / "handover")["ok"] is True
    assert custody("verify", where / "handover")[0] == 0

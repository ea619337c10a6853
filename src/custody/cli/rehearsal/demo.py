"""The main job as a rehearsal: two homes, two processes, one hand-over folder, every verb for real (spec/demo.md).

Everything is done by commands that people use; this script only plays the people. Running it again in the same folder
continues where it was, because every act is a job that returns its finished result.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from custody import wiring
from custody.cli.rehearsal.half import Half, Out
from custody.cli.rehearsal.report import write_report
from custody.cli.verb import Result
from custody.services.assumptions import default_assumptions
from custody_sample import BUYER, SELLER, generate

START: Final = "2026-03-16T01:00:00Z"
_ANSWERED: Final = "2026-04-06T01:00:00Z"
_CLOSING: Final = "2026-04-20T02:00:00Z"
_END: Final = "2026-05-08T01:00:00Z"
_STAFF: Final = {
    "seller": {"suhe": "owner", "zhouning": "privacy", "limo": "data"},
    "buyer": {"fanyuan": "owner", "yeqing": "privacy"},
}
_PARTIES: Final = {
    "seller": (SELLER.zh, SELLER.en, SELLER.uscc),
    "buyer": (BUYER.zh, BUYER.en, BUYER.uscc),
}
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Where it is played, on what data (None: the bundled sample, of this many customers), and in which language."""

    where: Path
    data: Path | None
    customers: int
    lang: str
    say: Say

    def run(self, kind: "type[Play] | None" = None) -> Result:
        """Play the whole line; returns the summary that `--json` prints."""
        where, real = self.where.resolve(), self.data is not None
        out = wiring.folder(where)
        source = self.data.resolve() if self.data else _sample(where, self.customers)
        assumptions = where / "assumptions.yaml"
        if not assumptions.exists():
            out.write(assumptions.name, default_assumptions(real=real).encode())
        self.say(assumptions.read_text(encoding="utf-8"))
        seller = Half("seller", where / "seller", where / "buyer", self.lang)
        buyer = Half("buyer", where / "buyer", where / "seller", self.lang)
        with seller, buyer:
            summary = (kind or Play)(where, source, assumptions, seller, buyer).hand_over(real=real)
        summary["timings"] = [
            {"step": step, "ms": round(1000 * taken)} for step, taken in seller.timings + buyer.timings
        ]
        out.write("summary.json", json.dumps({"v": 1, **summary}, ensure_ascii=False, indent=1).encode())
        write_report(out, summary, self.lang)
        return summary


def show_demo(result: Result, lang: str) -> object:
    """The figures a newcomer should see."""
    table = Table(box=None, pad_edge=False)
    for name in ("", "zh" if lang == "zh" else "en"):
        table.add_column(name)
    words = _SHOWN_ZH if lang == "zh" else _SHOWN_EN
    for key, word in words.items():
        value = result.get(key)
        table.add_row(word, f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value))
    return table


class Play:
    """Who does what, in order."""

    def __init__(self, where: Path, source: Path, assumptions: Path, seller: Half, buyer: Half) -> None:
        self.where, self.source, self.seller, self.buyer = where, source, seller, buyer
        self.handover = where / "handover"
        self.at = ("--at", str(self.handover))
        self.assume = ("--assume", str(assumptions))

    def hand_over(self, *, real: bool) -> dict[str, Any]:
        """Scan to certificate."""
        parties = {half.name: self._found(half) for half in (self.seller, self.buyer)}
        self._confirm(parties)
        scanned, sealed = self._seal()
        deal = self._open(parties["buyer"])
        invited = self.buyer.run("fanyuan", "invite", parties["seller"]["party"], "--deal", deal, *self.at)
        honest = self._once("gate-before", "zhouning", "gate", deal)
        self.seller.run("zhouning", "notice", deal, *self.assume)
        self._clock(_ANSWERED)
        self.seller.run("zhouning", "consent", deal, *self.assume)
        gate = self._gate_again(deal)
        self._approved("limo", "suhe", "ship", deal)
        objected = self.seller.run("zhouning", "object", deal, *self.assume)
        self._clock(_CLOSING)
        released = self._approved("zhouning", "suhe", "release", deal)
        taken = self.buyer.run("fanyuan", "receive", str(invited["deal"]), *self.at)
        target = self.where / "buyer" / "exports" / "customers.sqlite"
        exported = self.buyer.run("fanyuan", "export", str(invited["deal"]), "--to", str(target))
        compared = self.buyer.run("fanyuan", "reconcile", str(invited["deal"]), "--target", str(target))
        accounted = self.seller.run("limo", "reconcile", deal, *self.at)
        self._clock(_END)
        gone = self._approved("zhouning", "suhe", "destroy", deal)
        for half, who in ((self.seller, "suhe"), (self.buyer, "fanyuan")):
            half.run(who, "ledger", "export", "--to", str(self.handover / f"ledger-{half.name}"))
        verified = self._verify()
        customers = int(sealed["customers"])
        by_verdict = released["by_verdict"]
        return {
            "customers": customers, "handed_over": by_verdict["hand_over"], "withheld": customers - by_verdict["hand_over"],
            "quarantined": sealed["quarantined"], "verified": bool(verified["ok"]), "rows": accounted["rows"],
            "delivered_rows": accounted["delivered"], "withheld_rows": accounted["withheld"], "by_verdict": by_verdict,
            "without_assumptions": honest["by_verdict"], "reasons": gate["reasons"], "objected_after_shipping": objected["recorded"],
            "tables": accounted["tables"], "differing": compared["differing"], "rehearsal": True, "real_data": real,
            "deal": deal, "released": released, "received": taken, "exported": exported, "certificate": gone["certificate"],
            "found": scanned["tables"], "trust": verified["trust"], "signers": verified["signers"], "not_checked": verified["not_checked"],
            "gate": {"root": gate["root"], "vectors": gate["vectors"], "by_tier": gate["by_tier"], "total": gate["total"]},
            "parties": {half: {"zh": names[0], "en": names[1]} for half, names in _PARTIES.items()},
        }  # fmt: skip

    def _found(self, half: Half) -> Out:
        owner, *others = _STAFF[half.name]
        for handle in _STAFF[half.name]:
            _secret(half.secret(handle))
        zh, en, uscc = _PARTIES[half.name]
        made = half.run(owner, "init", "--name-zh", zh, "--name-en", en, "--uscc", uscc, "--rehearsal-at", START)
        for handle in others:
            role = _STAFF[half.name][handle]
            half.run(
                owner, "principal", "new", handle, "--roles", role, "--new-passphrase-file", str(half.secret(handle))
            )
        card = self.handover / "cards" / f"{half.name}.json"
        half.run(owner, "party", "card", "--to", str(card))
        return made

    def _confirm(self, parties: Mapping[str, Out]) -> None:
        for half, other in ((self.seller, "buyer"), (self.buyer, "seller")):
            card = str(self.handover / "cards" / f"{other}.json")
            for who in list(_STAFF[half.name])[:2]:
                half.run(who, "party", "confirm", card, "--fingerprint", parties[other]["fingerprint"])

    def _seal(self) -> tuple[Out, Out]:
        datamap = self.where / "seller" / "datamap.yaml"
        scanned = self.seller.run("limo", "scan", str(self.source), "-o", str(datamap))
        self.seller.run("zhouning", "datamap", "accept", str(datamap))
        return scanned, self.seller.run("limo", "seal", str(datamap), "--source", str(self.source), "--vault", "main")

    def _open(self, buyer: Out) -> str:
        facts = self.where / "seller" / "deal-facts.json"
        if not facts.exists():
            wiring.folder(facts.parent).write(facts.name, json.dumps(FACTS, ensure_ascii=False, indent=1).encode())
        opened = self.seller.run("suhe", "deal", "new", str(facts), "--counterparty", buyer["party"])
        return str(opened["ref"])

    def _gate_again(self, deal: str) -> Out:
        shipped = self.seller.run("suhe", "deal", "show", deal)
        if any(one["kind"] == "shipped" for one in shipped["statements"]):
            stored: Out = json.loads((self.where / "seller" / "gate.json").read_text(encoding="utf-8"))
            return stored
        return self._once("gate", "zhouning", "gate", deal, again=True)

    def _once(self, name: str, who: str, *words: str, again: bool = False) -> Out:
        """A gate's answer belongs to its moment: a rehearsal that resumes keeps the one it had, unless told to ask `again`."""
        path = self.where / "seller" / f"{name}.json"
        if path.exists() and not again:
            kept: Out = json.loads(path.read_text(encoding="utf-8"))
            return kept
        answer = self.seller.run(who, *words)
        wiring.folder(path.parent).write(path.name, json.dumps(answer, ensure_ascii=False).encode())
        return answer

    def _approved(self, who: str, second: str, act: str, deal: str) -> Out:
        dry = self.seller.run(who, act, deal, *self.at, "--dry-run", answers=(0, 1, 2))
        if "would" in dry:
            kind, content = dry["would"]["approve"]
            self.seller.run(second, "approve", kind, content)
        return self.seller.run(who, act, deal, *self.at)

    def _clock(self, instant: str) -> None:
        self.seller.run("suhe", "clock", instant)
        self.buyer.run("fanyuan", "clock", instant)

    def _verify(self) -> Out:
        cards = [
            word for name in ("seller", "buyer") for word in ("--trust", str(self.handover / "cards" / f"{name}.json"))
        ]
        return self.buyer.run("fanyuan", "verify", str(self.handover), *cards, answers=(0, 1))


FACTS: Final = {
    "deal": {"structure": "asset_deal", "stage": "closing", "handler_changes": True, "insolvency": "none", "on_date": "2026-04-20",
             "primary_purpose_is_data": False, "buyer_assumes_control": True},
    "seller": {"jurisdiction": "CN", "is_ciio": False, "entity_kind": "online_merchant", "is_important_data_handler": False},
    "buyer": {"jurisdiction": "CN", "is_ciio": False, "continues_same_service": True, "automated_decisions": False},
    "event": {"kind": "closing_handover", "data_leaves_entity": True, "identifiability": "identifiable", "recipient_role": "another_handler",
              "recipient_jurisdiction": "CN", "accessible_from_abroad": False, "notified_items_change": True,
              "foreign_authority_order": False, "public_listing": False},
    "basis": {"legal_basis_orig": "contract", "purpose_changes": False, "method_changes": False, "types_change": False,
              "notice_exempt_ground": "none", "lawful_basis_for_provision": True},
    "data": {"important_data": False},
    "crossborder": {"direction": "none"},
    "retention": {"purpose_ended": False, "statutory_hold": False, "deletion_technically_hard": False},
}  # fmt: skip
_SHOWN_ZH: Final = {
    "customers": "客户", "handed_over": "已移交", "withheld": "未移交", "quarantined": "隔离的行", "rows": "来源行", "delivered_rows": "交付的行",
    "withheld_rows": "保留的行", "differing": "差异", "verified": "核验通过",
}  # fmt: skip
_SHOWN_EN: Final = {
    "customers": "customers", "handed_over": "handed over", "withheld": "withheld", "quarantined": "rows in quarantine",
    "rows": "source rows", "delivered_rows": "rows delivered", "withheld_rows": "rows withheld", "differing": "differences",
    "verified": "verified",
}  # fmt: skip


def _sample(where: Path, customers: int) -> Path:
    folder = where / "shop"
    if not (folder / ".done").exists():
        generate(folder, customers=customers)
        (folder / ".done").write_text("", encoding="utf-8")
    return folder


def _secret(path: Path) -> None:
    if not path.exists():
        wiring.folder(path.parent).write(path.name, secrets.token_urlsafe(18).encode() + b"\n", secret=True)

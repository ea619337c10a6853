"""What the plays of a rehearsal share: the people, the scene, and the steps that every deal begins with."""

import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, cast

from custody import wiring
from custody.base.canonical import Json
from custody.cli.rehearsal.half import Half, Out
from custody.model.party import EVERY_DEAL
from custody_sample import BUYER, SELLER

START: Final = "2026-03-16T01:00:00Z"
STAFF: Final = {
    "seller": {"suhe": "owner", "zhouning": "privacy", "limo": "data"},
    "buyer": {"fanyuan": "owner", "yeqing": "privacy"},
}
_PARTIES: Final = {
    "seller": (SELLER.zh, SELLER.en, SELLER.uscc),
    "buyer": (BUYER.zh, BUYER.en, BUYER.uscc),
}
_UNNAMED: Final = {
    "seller": ("卖方公司（演练）", "The seller (rehearsal)", SELLER.uscc),
    "buyer": ("买方公司（演练）", "The buyer (rehearsal)", BUYER.uscc),
}
_WORKS: Final = {"zh": "参与这笔交易", "en": "works on this deal"}  # people type it, in the language they see


class Scene:
    """Two homes and the folder that both touch."""

    def __init__(self, where: Path, source: Path, assumptions: Path, seller: Half, buyer: Half) -> None:
        self.where, self.source, self.seller, self.buyer = where, source, seller, buyer
        self.handover = where / "handover"
        self.at = ("--at", str(self.handover))
        self.assume = ("--assume", str(assumptions))
        self.parties = _PARTIES

    def on(self, *, real: bool) -> None:
        """Whose data it is: a real company's is not called by the sample's name."""
        self.parties = _UNNAMED if real else _PARTIES

    def names(self, half: str) -> dict[str, str]:
        """What a company is called."""
        return {"zh": self.parties[half][0], "en": self.parties[half][1]}

    def play(self, *, real: bool) -> dict[str, Any]:
        """Everything, in order; returns the summary."""
        raise NotImplementedError

    def found(self, half: Half) -> Out:
        """Make the home, let its people in, show its card."""
        owner, *others = STAFF[half.name]
        for handle in STAFF[half.name]:
            new_secret(half.secret(handle))
        zh, en, uscc = self.parties[half.name]
        made = half.run(owner, "init", "--name-zh", zh, "--name-en", en, "--uscc", uscc, "--rehearsal-at", START)
        for handle in others:
            self.person(half, owner, handle, STAFF[half.name][handle])
        card = self.handover / "cards" / f"{half.name}.json"
        half.run(owner, "party", "card", "--to", str(card))
        return made

    def person(self, half: Half, owner: str, handle: str, role: str) -> Out:
        """One more person who may act."""
        new_secret(half.secret(handle))
        words = ("principal", "new", handle, "--roles", role, "--new-passphrase-file", str(half.secret(handle)))
        return half.run(owner, *words)

    def seal(self) -> tuple[Out, Out]:
        """Scan, accept the map as it was proposed, seal; what the scan and the sealing said."""
        datamap = self.where / "seller" / "datamap.yaml"
        scanned = self.seller.run("limo", "scan", str(self.source), "-o", str(datamap))
        self.seller.run("zhouning", "datamap", "accept", str(datamap))
        self.prepare("main")
        return scanned, self.seller.run("limo", "seal", str(datamap), "--source", str(self.source), "--vault", "main")

    def prepare(self, vault: str) -> None:
        """A vault whose recovery sheets are printed and tried before it takes data."""
        if self.seller.run("suhe", "vault", "new", vault)["state"] == "untried":
            folder = self.where / "seller" / "sheets"
            holders = [word for one in STAFF["seller"] for word in ("--holder", one)]
            made = self.seller.run("suhe", "recovery", "print", *holders, "--to", str(folder), "--vault", vault)
            files = [str(folder / name) for name in cast("list[str]", made["files"])]
            self.seller.run("suhe", "recovery", "test", *files, "--vault", vault)

    def open(self, facts: Mapping[str, Json], *counterparty: str) -> Out:
        """Open the deal on `facts`, which stay in the folder to be read."""
        path = self.where / "seller" / "deal-facts.json"
        if not path.exists():
            wiring.folder(path.parent).write(path.name, json.dumps(facts, ensure_ascii=False, indent=1).encode())
        made = self.seller.run("suhe", "deal", "new", str(path), *counterparty)
        self.team(self.seller, str(made["ref"]))
        return made

    def team(self, half: Half, deal: str) -> None:
        """Everybody who does not see every deal anyway is a member of this one."""
        owner, *others = STAFF[half.name]
        for one in [one for one in others if STAFF[half.name][one] not in EVERY_DEAL]:
            half.run(owner, "member", "add", deal, one, "--reason", _WORKS[half.lang])

    def once(self, name: str, who: str, *words: str, again: bool = False) -> Out:
        """A gate's answer belongs to its moment: a rehearsal that resumes keeps the one it had, unless told to ask `again`."""
        return self.kept(name, lambda: self.seller.run(who, *words), again=again)

    def kept(self, name: str, step: Callable[[], Out], *, again: bool = False) -> Out:
        """What `step` answered, from now on without asking: who did it may not be here any more."""
        path = self.where / "seller" / f"{name}.json"
        if path.exists() and not again:
            before: Out = json.loads(path.read_text(encoding="utf-8"))
            return before
        answer = step()
        wiring.folder(path.parent).write(path.name, json.dumps(answer, ensure_ascii=False).encode())
        return answer


FACTS: Final[dict[str, dict[str, Json]]] = {
    "deal": {"structure": "asset_deal", "stage": "closing", "handler_changes": True, "insolvency": "none", "on_date": "2026-04-20",
             "primary_purpose_is_data": False, "buyer_assumes_control": True, "customer_contracts_assigned": False,
             "joint_handling_in_transition": False, "may_affect_national_security": False},
    "seller": {"jurisdiction": "CN", "is_ciio": False, "entity_kind": "online_merchant", "is_important_data_handler": False,
               "is_large_platform": False},
    "buyer": {"jurisdiction": "CN", "is_ciio": False, "continues_same_service": True, "automated_decisions": False,
              "uses_for_marketing": False},
    "event": {"kind": "closing_handover", "data_leaves_entity": True, "identifiability": "identifiable", "recipient_role": "another_handler",
              "recipient_jurisdiction": "CN", "accessible_from_abroad": False, "notified_items_change": True,
              "foreign_authority_order": False, "public_listing": False, "informs_via_policy": False, "consent_campaign": True},
    "basis": {"legal_basis_orig": "contract", "transfer_basis": "consent", "purpose_changes": False, "method_changes": False, "types_change": False,
              "notice_exempt_ground": "none", "lawful_basis_for_provision": True},
    "data": {"important_data": False},
    "crossborder": {"direction": "none", "mechanism": "none"},
    "retention": {"purpose_ended": False, "statutory_hold": False, "deletion_technically_hard": False},
}  # fmt: skip


def new_secret(path: Path) -> None:
    """A passphrase of the rehearsal, in a file that only its owner may read."""
    if not path.exists():
        wiring.folder(path.parent).write(path.name, secrets.token_urlsafe(18).encode() + b"\n", secret=True)

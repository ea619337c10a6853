"""A change of control as a rehearsal: the company is sold as a whole, nothing is packed, the keys change hands (spec/demo.md).

What it shows is tried, not told: a package is asked for and refused, the one who left knocks and is refused, the old
root is looked for and is gone, and the recovery sheets of any two holders open the vault.
"""

import itertools
from functools import partial
from typing import Any, Final

from custody.cli.rehearsal.half import Out
from custody.cli.rehearsal.play import FACTS, Scene

_CLOSED: Final = "2026-05-08T01:00:00Z"
_HOLDERS: Final = ("fanyuan", "yeqing", "zhouning")
_THRESHOLD: Final = 2
_SHARE_FACTS: Final[dict[str, Any]] = {
    "regimes": ["CN"],
    **FACTS,
    "deal": {**FACTS["deal"], "structure": "share_transfer", "handler_changes": False},
    "event": {**FACTS["event"], "data_leaves_entity": False, "recipient_role": "none", "notified_items_change": True},
}


class ShareTransfer(Scene):
    """The owner sells all shares: the company stays the controller of its customers' data."""

    def play(self, *, real: bool) -> dict[str, Any]:
        """Scan to `control/v1`."""
        self.on(real=real)
        self.kept("founded", lambda: self.found(self.seller))
        scanned, sealed = self.kept("sealed", lambda: dict(zip(("scan", "seal"), self.seal(), strict=True))).values()
        deal = str(self.kept("deal", lambda: self.open(_SHARE_FACTS))["ref"])
        law = self.seller.run("suhe", "law", "check", str(self.where / "seller" / "deal-facts.json"))
        refused = self.kept("ship", lambda: self._refused("limo", "ship", deal, *self.at))
        told = self.kept("notice", lambda: self.seller.run("zhouning", "notice", deal, *self.assume))
        for handle, role in (("fanyuan", "owner"), ("yeqing", "data")):
            self.kept(f"principal-{handle}", partial(self.person, self.seller, "suhe", handle, role))
        self.kept("leave", lambda: self.seller.run("suhe", "leave", deal, "--copies", "destroyed"))
        self.seller.run("fanyuan", "clock", _CLOSED)
        control = self._control(deal)
        knocked = self._refused("suhe", "deal", "show", deal)
        self.seller.run("fanyuan", "party", "card", "--to", str(self.handover / "cards" / "company.json"))
        self.seller.run("fanyuan", "ledger", "export", "--to", str(self.handover / "ledger-company"))
        card = ("--trust", str(self.handover / "cards" / "company.json"))
        paths = (str(self.handover / "control.dsse.json"), str(self.handover / "ledger-company"))
        verified = self.seller.run("fanyuan", "verify", *paths, *card, answers=(0, 1))
        roots = sorted(path.name for path in (self.where / "seller" / "keys" / "roots").glob("vlt_*"))
        return {
            "customers": sealed["customers"], "rows_moved": 0, "quarantined": sealed["quarantined"], "deal": deal, "rehearsal": True, "real_data": real,
            "verified": bool(verified["ok"]), "trust": verified["trust"], "signers": verified["signers"],
            "not_checked": verified["not_checked"], "not_checked_codes": verified["not_checked_codes"], "control": control, "told": told["counts"], "law": law["fired"],
            "tried": {"package": refused, "leaver": knocked, "roots": [one.rsplit("-", 1)[-1] for one in roots],
                      "sheets": self._sheets()},
            "found": scanned["tables"], "parties": {"seller": self.names("seller")},
        }  # fmt: skip

    def _control(self, deal: str) -> Out:
        folders = ("--sheets", str(self.where / "sheets"), "--to", str(self.handover))
        holders = [word for name in _HOLDERS for word in ("--holder", name)]
        words = ("handover-control", deal, "--leaver", "suhe", *holders, "--threshold", str(_THRESHOLD), *folders)
        dry = self.seller.run("fanyuan", *words, "--dry-run")
        if "would" in dry:
            kind, content = dry["would"]["approve"]
            self.seller.run("zhouning", "approve", kind, content)
        return self.seller.run("fanyuan", *words)

    def _refused(self, who: str, *words: str) -> Out:
        """What was answered to something that must not work; an answer that it did is shown as it is."""
        return {"slug": self.seller.run(who, *words, answers=(0, 1, 2)).get("error", {}).get("slug", "done")}

    def _sheets(self) -> Out:
        """Any two sheets must open the vault, and one must not."""
        files = [str(path) for path in sorted((self.where / "sheets").glob("recovery-*.txt"))]
        pairs = list(itertools.combinations(files, _THRESHOLD))
        opened = [self.seller.run("fanyuan", "recovery", "test", *some)["opens"] for some in pairs]
        alone = self._refused("fanyuan", "recovery", "test", files[0])
        return {"sheets": len(files), "choices": len(pairs), "opened": sum(opened), "one": alone["slug"]}

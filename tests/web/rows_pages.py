"""Rows of the permission matrix: the further pages of a deal."""

from tests.web.rows import ARRIVAL, DEAL, PAPERS, Row, get, post

ENDS = frozenset({"owner", "lawyer", "advisor"})
TELLS = frozenset({"advisor", "owner", "lawyer"})

PAGES: dict[str, list[Row]] = {
    "interview": [get(f"/deals/{DEAL}/interview")],
    "deal-said": [get(f"/deals/{DEAL}/said")],
    "deal-fact": [get(f"/deals/{DEAL}/said/deal.structure"), post(f"/deals/{DEAL}/said/deal.structure", TELLS, part="deal.structure", **{"deal.structure": "asset_deal"})],
    "deal-ends": [get(f"/deals/{DEAL}/ends")],
    "deal-end": [
        get(f"/deals/{DEAL}/ends/deal-close"), get(f"/deals/{ARRIVAL}/ends/deal-return", side="buyer"),
        post(f"/deals/{DEAL}/ends/deal-close", ENDS, step="look"), post(f"/deals/{DEAL}/ends/deal-abort", ENDS, step="look", why="price"),
        post(f"/deals/{DEAL}/ends/deal-windup", frozenset({"owner", "privacy"}), step="look", keeper="x"),
        post(f"/deals/{ARRIVAL}/ends/deal-return", frozenset({"owner", "privacy"}), "buyer", step="look"),
    ],
    "end-paper": [post(f"/deals/{DEAL}/ends/deal-close/paper", PAPERS)],
    "deal-duties": [get(f"/deals/{DEAL}/duties"), post(f"/deals/{DEAL}/duties", kind="none")],
    "due": [get("/due")],
    "deal-papers": [get(f"/deals/{DEAL}/papers")],
    "deal-paper": [get(f"/deals/{DEAL}/papers/cn-notice"), post(f"/deals/{DEAL}/papers/cn-notice", PAPERS | {"data"}, step="look")],
    "whatif": [get(f"/deals/{DEAL}/whatif"), get(f"/deals/{DEAL}/whatif?fact=buyer.jurisdiction&to=1&buyer.jurisdiction=US", PAPERS | {"data"})],
    "overrides": [
        get(f"/deals/{DEAL}/overrides"),
        post(f"/deals/{DEAL}/overrides", frozenset({"lawyer"}), step="look", rule="CN-PROVIDE-23", reason="matrix matrix", until="2026-12-31"),
    ],
    "override-end": [post(f"/deals/{DEAL}/overrides/evd_none/end", frozenset({"lawyer", "privacy", "owner"}))],
}  # fmt: skip

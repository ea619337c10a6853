"""Rows of the permission matrix: the further pages of a deal."""

from tests.web.rows import DEAL, Row, get, post

TELLS = frozenset({"advisor", "owner", "lawyer"})

PAGES: dict[str, list[Row]] = {
    "interview": [get(f"/deals/{DEAL}/interview")],
    "deal-said": [get(f"/deals/{DEAL}/said")],
    "deal-fact": [get(f"/deals/{DEAL}/said/deal.structure"), post(f"/deals/{DEAL}/said/deal.structure", TELLS, part="deal.structure", **{"deal.structure": "asset_deal"})],
}  # fmt: skip

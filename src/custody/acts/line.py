"""Which line a deal runs: what its structure hands over, and to whom (docs/architecture.md §1)."""

from typing import Final

# Nobody is handed data: the company stays what it is, or ends without a successor.
ALONE: Final = frozenset(("share_transfer", "dissolution", "bankruptcy"))

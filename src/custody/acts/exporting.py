"""What an export holds beside the tables that were delivered: where each row came from, and which cells were withheld (C7)."""

from collections.abc import Mapping
from typing import Final

ROWS: Final = "custody_source_row"
WITHHELD: Final = "custody_withheld"
OWN: Final[Mapping[str, tuple[str, ...]]] = {
    ROWS: ("table_name", "position", "source_row"), WITHHELD: ("table_name", "source_row", "column_name"),
}  # fmt: skip
"""Tables that an export has besides the delivered ones."""

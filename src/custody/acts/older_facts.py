"""Of which revision the facts of a backup are (spec/vault.md §19): what they say, or the oldest that could have written them.

Rows go into a store of the newest schema, so what the revisions since did to rows is done to these as they come back.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from custody.base.errors import Broken
from custody.ports.store import Transaction
from custody.vault import backup

_MARKS: Final = (
    ("0016_entry_about", "entry_about", "space"),
    ("0019_publication", "publication", "id"),
    ("0021_work_owner", "work_owner", "work"),
    ("0025_request_act", "request_act", "act"),
    ("0026_request_bounds", "request", "last_at"),
    ("0032_deal_member", "deal_member", "matter"),
)
"""(revision, table and column that no facts of before it have), the oldest first; what came later did nothing to rows until facts said their revision."""
_OLDEST: Final = "0001"


def head(tx: Transaction) -> backup.Value:
    """What facts begin with."""
    return ["facts", 2, tx.revision()]


def revision_said(lead: backup.Value | None) -> str:
    """The revision that facts say by what they begin with, or '' where they say none. Raises Broken `backup.object`."""
    match lead:
        case ["facts", 1]:
            return ""
        case ["facts", 2, str(revision)] if revision:
            return revision
    raise Broken("backup.object", "These are not facts of a version known here.", kind="altered")


def revision_shown(tables: Mapping[str, Sequence[str]]) -> str:
    """The oldest revision that could have written facts of these tables and columns."""
    shown = [revision for revision, table, column in _MARKS if column in tables.get(table, ())]
    return shown[-1] if shown else _OLDEST

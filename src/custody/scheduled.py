"""What `custody due` runs, in order: what is to go first, then the root, so that a backup holds the newest (spec/retention.md §6)."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from custody.acts.desk import Desk
from custody.acts.each import each_vault
from custody.acts.schedule import Task
from custody.base.canonical import Json
from custody.services.backup import backup
from custody.services.compact import compact
from custody.services.copy_list import copies_due
from custody.services.correction_list import corrections_due
from custody.services.destroys_due import destroys_due
from custody.services.drills_due import drills_due
from custody.services.freshness_ask import confirmations_due
from custody.services.freshness_review import freshness_review
from custody.services.index_renew import index_renew
from custody.services.locks_due import locks_due
from custody.services.recalls_due import recalls_due
from custody.services.recovery_due import recovery_due
from custody.services.rekey import rekey
from custody.services.retention_run import retention_run
from custody.services.unfinished_due import unfinished_due
from custody.services.vault_check import vault_check
from custody.services.vault_list import vault_names
from custody.services.vault_renew import vault_renew
from custody.services.work_list import work_due

_RENEWED: Final = 64
"""So many key pages a scheduled renewal moves in each vault."""
_IDLE: Final = 30
"""Days that a root stays under which nothing waits to be final: a rotation voids every recovery sheet."""
_DEAD: Final = 10
"""From how many per cent of dead ciphertext on a scheduled compaction rewrites a segment."""


def tasks(hours: Mapping[str, int]) -> tuple[Task, ...]:
    """Every task with its period, of the home's own `hours`; 0 is never."""
    acts: dict[str, Callable[[Desk], Mapping[str, Json]]] = {
        "retention": each_vault(
            lambda desk, name: retention_run(desk, name, dry_run=False), frozenset(("retention.none",))
        ),
        "recalls": each_vault(recalls_due, frozenset(("vault.restored",))),
        "renewal": each_vault(
            lambda desk, name: vault_renew(desk, name, most=_RENEWED), frozenset(("renew.shipped", "renew.foreign"))
        ),
        "rotation": each_vault(lambda desk, name: rekey(desk, name, idle_days=_IDLE), frozenset()),
        "compaction": each_vault(lambda desk, name: compact(desk, name, least=_DEAD), frozenset()),
        "index": each_vault(index_renew, frozenset(("index.building",))),
        "freshness": each_vault(freshness_review, frozenset()),
        "corrections": corrections_due,
        "confirmations": confirmations_due,
        "work": work_due,
        "locks": locks_due,
        "copies": copies_due,
        "backup": lambda desk: backup(desk, None) if vault_names(desk) else {},
        "check": each_vault(vault_check, frozenset()),
        "destroys": each_vault(destroys_due, frozenset()),
        "recovery": each_vault(recovery_due, frozenset()),
        "drill": drills_due,
        "unfinished": unfinished_due,
    }
    return tuple(Task(name, timedelta(hours=hours[name]), act) for name, act in acts.items() if hours[name])

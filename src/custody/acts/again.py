"""A gate over what the newest one left: who was touched is looked at, what changed is asked, all else stands (spec/law.md §7).

Where that cannot be known everybody is looked at. Both end in the same `settle`, and a test over random changes holds them to the same bytes.
"""

from collections.abc import Mapping
from datetime import date

from custody.acts import basis, on_file
from custody.acts.deciding import deciding
from custody.acts.filed import Filed
from custody.acts.gated import Gated
from custody.acts.groups import Groups
from custody.acts.matters import EVERYBODY
from custody.acts.paged import Paged
from custody.acts.regroup import Regroup, settled, touched
from custody.acts.sorting import Living, Sorting
from custody.base.canonical import Json
from custody.law.kept import Kept
from custody.law.pack import Packs
from custody.ports.store import Row, Transaction


def decide_again(tx: Transaction, matter: Row, packs: Packs, on: date) -> tuple[Gated, Mapping[str, Json]]:
    """The gate of this moment, and how much of it had to be looked at, decided and asked again."""
    groups, kept = _touched_moved(tx, matter, packs, on)
    whole = groups is None
    if groups is None:
        groups = _everybody(tx, matter, on, packs)
    made = _settled(tx, matter, packs, on, groups, kept)
    settled(tx, matter)
    basis.save(tx, matter, packs, on.isoformat(), groups, kept)
    return made, {
        "whole": whole, "people": groups.moved, "of_people": sum(groups.people), "vectors": kept.decided, "of_vectors": len(kept.used),
        "rules": list[Json](sorted(kept.rules)), "questions": len(kept.asked),
    }  # fmt: skip


def _everybody(tx: Transaction, matter: Row, on: date, packs: Packs) -> Groups:
    """The groups of everybody: of a person no more is held than a number for each of their keys."""
    sorting, paged = Sorting(on_file.of_everybody(tx, matter, on, packs), on), Paged()
    for some in sorting.run(Living(tx, str(matter["vault"]))):
        paged.put(some.compartment, some.page, some.slot, some.group[some.who])
    groups = sorting.groups
    groups.pages = paged.pages()
    groups.moved, groups.rewritten = sum(groups.people), set(groups.pages)
    return groups


def _touched_moved(tx: Transaction, matter: Row, packs: Packs, on: date) -> tuple[Groups | None, Kept]:
    """The groups of the newest gate with whom something touched in the groups of now; None where that cannot be said."""
    groups, kept = basis.load(tx, matter, packs, on.isoformat())
    wanted = touched(tx, matter)
    fits = groups is not None and wanted is not None and Regroup(tx, matter, on, groups, packs).run(wanted)
    return groups if fits else None, kept


def _settled(tx: Transaction, matter: Row, packs: Packs, on: date, groups: Groups, kept: Kept) -> Gated:
    held = Filed.of({EVERYBODY: on_file.of_deal(tx, matter, on)})
    return deciding(tx, matter, packs, on, held, kept=kept).settle(groups)

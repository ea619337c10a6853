"""Where the data lies: the vaults' regions, the home's own places and those of backups, and the exceptions with who signed for them (E6; spec/residency.md §4)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.desk import Desk
from custody.acts.exceptions import allowed, in_force
from custody.base.canonical import Json


def residency_list(desk: Desk) -> Mapping[str, Json]:
    """Everything that is asked where it lies; an exception that ended, ran out or was not signed by two is not in force."""
    with desk.store.read() as tx:
        vaults = tx.find("vault", order=("name",), party=desk.space)
        places = [str(row["place"]) for row in tx.find("backup_place", order=("place",), space=desk.space)]
        live = {n for n, _ in in_force(desk, tx)}
        rows = tx.find("residency_exception", order=("n",), party=desk.space)
    told, own = list[Json](), desk.outside.own
    for row in rows:
        one = allowed(row)
        told.append({"n": cast("int", row["n"]), "place": one.place, "region": one.region, "until": one.until, "reason": one.reason,
                     "principal": one.principal, "in_force": row["n"] in live, "ended_at": str(row["ended_at"])})  # fmt: skip
    return {
        "region": desk.region,
        "vaults": [{"name": str(row["name"]), "region": str(row["region"])} for row in vaults],
        "places": [{"place": place, "region": lies} for place, lies in own.items()]
        + [{"place": place, "region": desk.outside.region(place)} for place in places],
        "exceptions": told,
    }

"""Back the home up, to one place or to all on its list (A5, D2)."""

from collections.abc import Mapping
from typing import cast

from custody.acts.backing import back_up, listed
from custody.acts.desk import Desk
from custody.acts.listed_places import KEEPERS
from custody.acts.passed_facts import put_by
from custody.acts.sole import sole_writer
from custody.base.canonical import Json
from custody.base.errors import Missing


@sole_writer("all")
def backup(desk: Desk, place: str | None, *, verify: bool = False) -> Mapping[str, Json]:
    """Everything a restore needs, read back; `ok` is False where the file of a segment is lost or changed, which is named and stops nothing. A place once named is on the list: each rotation renews it."""
    desk.require(KEEPERS)
    places = [place] if place else listed(desk)
    if not places:
        raise Missing("backup.nowhere", "No place for backups is on the list yet.", next="custody backup --to FOLDER")
    made: list[Json] = [_made(desk, one, verify=verify) for one in places]
    whole = not any(
        one["segments_missing"] or one["segments_changed"] for one in cast("list[Mapping[str, Json]]", made)
    )
    return {"places": made, "count": len(made), "ok": whole, "next": "" if whole else "custody vault check"}


def _made(desk: Desk, place: str, *, verify: bool) -> dict[str, Json]:
    told = back_up(desk, place, verify=verify)
    return {
        "place": place,
        **told,
        "facts_passed": list[Json](put_by(desk, place, cast("int", told["facts_position"]))),
    }

"""Nothing moves a person's bytes to another region without a verdict, sealed or not (E6, spec/residency.md).

Within the vault's region a move needs none. Abroad, only a hand-over has one: its gate, over facts that say where the
buyer is. Segments have none and stay; backups and exports may lie where two people allowed it until a day. What nobody
said counts as abroad.
"""

from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.exceptions import covers, in_force
from custody.acts.matters import facts_of
from custody.base.canonical import Json
from custody.base.errors import Refused
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one

_CROSSES: Final = frozenset(("outbound", "transit"))


def same(one_region: str, other: str) -> bool:
    """Whether both are one country: a part of it (`US-CA`) lies in it."""
    return bool(one_region and other) and one_region.split("-", maxsplit=1)[0] == other.split("-", maxsplit=1)[0]


def require_place(desk: Desk, tx: Transaction, place: str, vault: str | None = None) -> int:
    """A folder or bucket for bytes of one vault, or of all of the party's; the number of the exception that lets them go there, 0 when it takes none.

    Raises Refused `residency.abroad`, `residency.unknown`.
    """
    lies = desk.outside.region(place)
    rows = tx.find("vault", order=("name",), party=desk.space, **({"id": vault} if vault else {}))
    away = [str(row["region"]) for row in rows if not same(str(row["region"]), lies)]
    if not away:
        return 0
    allowed = next((n for n, told in in_force(desk, tx) if covers(told, place) and same(told.region, lies)), 0)
    if not allowed:
        require_same(away[0], lies)
    return allowed


def require_own(desk: Desk) -> None:
    """Store, mirror and shares lie where the data does: asked before a company or a delivery is taken in (spec/residency.md §1a)."""
    for place, lies in desk.outside.own.items():
        require_stays(desk.region, place, lies)


def require_escrow(desk: Desk) -> None:
    """The same of the shares alone, each time they are deposited."""
    for files in desk.outside.escrow:
        place = str(files.path("x").parent)
        require_stays(desk.region, place, desk.outside.own.get(place, ""))


def require_stays(home: str, place: str, lies: str) -> None:
    """A place of the home's own, which has no exceptions."""
    require_told(home, lies, place)
    if not same(home, lies):
        raise Refused("residency.away", f"The home keeps data in {lies}, and the data stays in {home}.",
                      next="Move it: custody.toml says where store, mirror and escrow lie.",
                      where={"place": place, "region": home, "lies": lies})  # fmt: skip


def require_same(home: str, lies: str) -> None:
    """`lies` is where the bytes would go, `home` where they are."""
    require_told(home, lies)
    if not same(home, lies):
        raise Refused("residency.abroad", f"This place lies in {lies}, and the data stays in {home}.",
                      next="Name a place in the same region; or, for a backup or an export: custody residency allow PLACE --until DAY --reason WORDS --dry-run",
                      where={"region": home, "lies": lies})  # fmt: skip


def require_told(home: str, lies: str, place: str = "") -> None:
    """Where it lies must be known: unknown never clears."""
    if not lies:
        raise Refused("residency.unknown", f"Nobody said in which region this place lies; the data is of {home}.",
                      next='Declare it in custody.toml: regions = { "PLACE" = "CN" }',
                      where={**({"place": place} if place else {}), "region": home})  # fmt: skip


def require_delivery(desk: Desk, tx: Transaction, matter: Row, buyer: str, out: Files) -> None:
    """What a hand-over writes for its buyer: the buyer's place, and the folder it is written to where that is another."""
    row = one(tx, "vault", id=str(matter["vault"]))
    home = str(row["region"]) if row else desk.region
    require_recipient(home, buyer, facts_of(tx, str(matter["id"])))
    lies = desk.outside.region(str(out.path("x").parent))
    if not same(lies, buyer):
        require_same(home, lies)


def require_recipient(home: str, buyer: str, facts: Mapping[str, Json]) -> None:
    """A buyer abroad: the deal's facts must say so, since it is over them that the gate decided. Raises Refused `residency.*`."""
    if not buyer:
        raise Refused("residency.unknown", "The buyer's card says no place.", where={"region": home},
                      next="Ask for a card that says where the buyer is.")  # fmt: skip
    if same(home, buyer):
        return
    told = facts.get("event.recipient_jurisdiction")
    if facts.get("crossborder.direction") not in _CROSSES or not isinstance(told, str) or not same(told, buyer):
        raise Refused("residency.unsaid", f"The buyer is in {buyer}, the data in {home}, and the deal's facts do not say that it crosses a border.",
                      next="custody deal facts DEAL FILE: crossborder.direction, event.recipient_jurisdiction; then custody gate DEAL",
                      where={"region": home, "lies": buyer})  # fmt: skip

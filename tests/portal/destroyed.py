"""A deal that went through to the end at the seller: released, received, reconciled, destroyed by two."""

from pathlib import Path

from custody import wiring
from custody.services.approve import approve
from custody.services.destroy import destroy
from custody.services.release import release
from tests.line.conftest import act
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, laws


def delivered(where: Path) -> None:
    """The buyer has it, and said so."""
    folder = where / "handover"
    approved(where)
    with at(where, "zhouning") as desk:
        release(desk, laws(where), DEAL, wiring.folder(folder))
    for half, who, verb in (("buyer", "fanyuan", "receive"), ("seller", "limo", "reconcile")):
        code, told = act(where, half, who, verb, DEAL, "--at", folder)
        assert code == 0, told


def accounted(where: Path) -> None:
    """Each copy in the company's own hands is said to be gone."""
    with at(where, "zhouning") as desk:
        would = destroy(desk, laws(where), DEAL, wiring.folder(where / "handover"), dry_run=True)["would"]
    for each in would.get("copies", ()):  # type: ignore[union-attr] # a list of copies
        code, told = act(where, "seller", "zhouning", "copy", "account", each["name"], "--state", "destroyed")
        assert code == 0, told


def gone(where: Path) -> None:
    """Nothing of whoever went is left here."""
    folder = wiring.folder(where / "handover")
    with at(where, "zhouning") as desk:
        dry = destroy(desk, laws(where), DEAL, folder, dry_run=True)
    with at(where, "suhe") as desk:
        approve(desk, *dry["would"]["approve"])
    with at(where, "zhouning") as desk:
        destroy(desk, laws(where), DEAL, folder)

"""What the pages of a deal give for the buyer: parts of the hand-over that stand whole, apart from those that were only begun."""

from custody.acts.desk import Desk
from custody.ports.files import Files
from custody.services.handover_parts import handover_parts
from custody.web.console import bundle


def handed(at: Desk, deal: str, files: Files) -> dict[str, list[str]]:
    """`parts` that may be carried to the buyer, and those that are `begun`."""
    found = handover_parts(at, deal, files)
    return {"parts": _parts(found["whole"]), "begun": _parts(found["begun"])}


def _parts(names: object) -> list[str]:
    return [one for one in names if bundle.is_part(one)] if isinstance(names, list) else []

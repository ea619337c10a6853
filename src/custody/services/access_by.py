"""What this person saw: every look and every refusal of one principal; for a court as a folder (D4)."""

from collections.abc import Mapping

from custody.acts.access_accounts import by_person, count_by, told, told_to
from custody.acts.access_given import give, write
from custody.acts.desk import Desk
from custody.acts.members import WHOLE
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.ports.files import Files
from custody.ports.store import one


def access_by(desk: Desk, handle: str, out: Files | None, most: int | None = None) -> Mapping[str, Json]:
    """The oldest first, or the newest `most` of them; a look at a customer who is gone stays, without a name. The folder has the whole ledger beside it, and is given by those who see every deal. Raises Missing `principal.unknown`, Denied `act.role`."""
    own = handle == desk.principal.handle and out is None
    if not own:  # what oneself saw, everybody may read again
        desk.require(WHOLE if out else ("owner", "privacy", "lawyer", "auditor"))
    with desk.store.write() if out else desk.store.read() as tx:
        who = one(tx, "principal", party=desk.space, handle=handle)
        if who is None:
            raise Missing("principal.unknown", f"Nobody here is called {handle}.", next="custody principal list")
        seen = list(by_person(desk, tx, str(who["id"]), most))
        total = count_by(tx, desk.space, str(who["id"]))
        given, account = give(desk, tx, "person", str(who["id"]), seen, out) if out else ({}, b"")
        looks = told_to(desk, tx, (told(one_look, {str(who["id"]): handle}) for one_look in seen))
    if out:
        write(desk, account, out)
    customers = {str(look["subject"]) for look in looks if isinstance(look, dict) and look["subject"]}
    return {"handle": handle, "looks": looks, "total": total, "customers": len(customers), **given}

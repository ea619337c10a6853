"""Who saw this customer: every look and every refusal, with who, why and by which decision; for a court as a folder (D4)."""

from collections.abc import Mapping

from custody.acts.access_accounts import of_customer, told, told_to
from custody.acts.access_given import give, write
from custody.acts.desk import Desk
from custody.acts.members import WHOLE
from custody.base import ids
from custody.base.canonical import Json
from custody.ports.files import Files


def access_of(desk: Desk, named: str, out: Files | None) -> Mapping[str, Json]:
    """The oldest first; the folder has the whole ledger beside it, and is given by those who see every deal. Raises Missing `subject.unknown`, Denied `act.role`, Refused `residency.*`."""
    desk.require(WHOLE if out else ("owner", "privacy", "lawyer", "auditor"))
    subject = ids.subject_bytes(named)
    with desk.store.write() if out else desk.store.read() as tx:
        handles = {str(row["id"]): str(row["handle"]) for row in tx.find("principal", party=desk.space)}
        seen = list(of_customer(desk, tx, subject))
        given, account = give(desk, tx, "customer", ids.subject_text(subject), seen, out) if out else ({}, b"")
        looks = told_to(desk, tx, (told(one, handles) for one in seen))
    if out:
        write(desk, account, out)
    return {"subject": ids.subject_text(subject), "looks": looks, **given}

"""Letters for those whom no message reaches: a list for a print shop, UTF-8, safe to open in a spreadsheet (B1)."""

import csv
import io
from collections.abc import Mapping
from typing import Final, cast

from custody.acts.approval import demand
from custody.acts.campaigning import BOUNCED, NO_ADDRESS, REFUSED, address, approved_content, campaign, letter
from custody.acts.contacts import contacts
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.spreadsheets import plain
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import one

_BY_POST: Final = (NO_ADDRESS, BOUNCED, REFUSED)


def campaign_letters(desk: Desk, ref: str) -> tuple[Mapping[str, Json], bytes]:
    """(figures, the list). Needs the campaign's approval; it is entered before a value leaves. Raises Refused `act.unapproved`."""
    desk.require(("owner", "privacy"))
    with desk.store.write() as tx:
        row = campaign(tx, desk.space, ref)
        demand(desk, tx, "campaign", approved_content(tx, row))
        listed = [
            one_row
            for state in _BY_POST
            for one_row in tx.find("sending", order=("place",), campaign=str(row["id"]), state=state)
        ]
        says: dict[str, Json] = {"campaign": str(row["id"]), "letters": len(listed), "principal": desk.principal.id}
        position = append(tx, desk.space, stamp(desk.clock.now()), "letters-listed", says)
    out, without = io.StringIO(newline=""), 0
    lines = csv.writer(out, quoting=csv.QUOTE_ALL)
    lines.writerow(("name", "address", "text"))
    with desk.store.read() as tx:
        matter = one(tx, "matter", id=str(row["matter"]))
        assert matter is not None
        found = contacts(desk, tx, str(matter["vault"]), [cast("bytes", sending["subject"]) for sending in listed])
        for sending in listed:
            contact = found[cast("bytes", sending["subject"])]
            without += not contact.postal
            if contact.postal:
                text = letter(row, contact, address(desk, tx, row, sending))
                lines.writerow([plain(contact.name), plain(contact.postal), plain(text)])
    told: dict[str, Json] = {
        "campaign": ref,
        "letters": len(listed) - without,
        "without_address": without,
        "ledger": f"{desk.space}@{position}",
    }
    return told, ("\ufeff" + out.getvalue()).encode()

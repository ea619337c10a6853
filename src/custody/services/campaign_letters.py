"""Letters for those whom no message reaches: a list for a print shop, UTF-8, safe to open in a spreadsheet (B1)."""

import csv
import io
from collections.abc import Mapping
from typing import Final, cast

from custody.acts import links
from custody.acts.campaign_approval import approved
from custody.acts.campaigning import PRINTED, address, campaign, letter
from custody.acts.desk import Desk
from custody.acts.letters import by_post, entered, kept_as_copy, number, reached, require, waiting
from custody.acts.spreadsheets import plain
from custody.acts.terms import NOBODY_SAID, Term
from custody.base.canonical import Json

PRINTERS: Final = ("owner", "privacy")

_HEAD = ("number", "name", "address", "text", "code")


def campaign_letters(desk: Desk, ref: str, term: Term = NOBODY_SAID, *, dry_run: bool = False) -> tuple[Mapping[str, Json], bytes]:  # fmt: skip
    """(figures, the list). Needs the campaign's approval, and of many that of a second person that they leave in clear, which `dry_run` tells; it is entered before a value leaves. Raises Refused `act.unapproved`."""
    desk.require(PRINTERS)
    out, without, listed = io.StringIO(newline=""), 0, list[bytes]()
    lines = csv.writer(out, quoting=csv.QUOTE_ALL)
    lines.writerow(_HEAD)
    if not dry_run:
        require(desk, ref, "list")
    with desk.store.write() as tx:
        row = campaign(desk, tx, ref)
        if dry_run:
            return waiting(desk, tx, row, "list"), b""
        approved(desk, tx, row)
        ways, position = entered(desk, tx, row, "list")
        copy = kept_as_copy(desk, tx, row, term)
        found = reached(desk, tx, row, list(ways))
        for sending in by_post(tx, row):
            who = cast("bytes", sending["subject"])
            contact = found[who]
            without += not contact.postal
            if contact.postal:
                text = letter(row, contact, address(desk, tx, row, sending))
                cells = (number(row, sending), contact.called, contact.postal, text, links.typed(desk, ways[who]))
                lines.writerow([plain(cell) for cell in cells])
                listed.append(who)
        for who in listed:
            tx.change("sending", {"state": PRINTED}, campaign=str(row["id"]), subject=who)
    told: dict[str, Json] = {
        "campaign": ref,
        "letters": len(listed),
        "without_address": without,
        "copy": copy,
        "ledger": f"{desk.space}@{position}",
    }
    return told, ("\ufeff" + out.getvalue()).encode()

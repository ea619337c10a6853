"""What customers of a deal are told besides what its acts show: contacts, the planned day of closing and of destruction (B1, B3)."""

import re
from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import deal
from custody.acts.told import DAYS, require_days, telling
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed

CONTACTS: Final = ("seller_contact", "buyer_contact")
_CONTACT: Final = re.compile(r"[^\x00-\x1f\x7f<>]{3,200}")


def deal_tell(desk: Desk, named_deal: str, given: Mapping[str, str]) -> Mapping[str, Json]:
    """Set what is given, leave the rest. Raises Malformed `deal.tell`, `deal.tell-order`."""
    desk.require(("owner", "privacy", "lawyer"))
    for name, value in given.items():
        if name not in DAYS and not _CONTACT.fullmatch(value):
            raise Malformed("deal.tell", "A contact is one line of text.", where={"field": name})
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        require_days(telling(tx, str(matter["id"])), given, desk.today())
        for name, value in given.items():
            tx.drop("told", matter=str(matter["id"]), name=name)
            tx.add("told", [{"matter": str(matter["id"]), "name": name, "value": value}])
        if given:
            says: dict[str, Json] = {"matter": str(matter["id"]), "fields": list[Json](sorted(given))}
            append(tx, desk.space, stamp(desk.clock.now()), "deal-told", says)
        told: dict[str, Json] = dict(telling(tx, str(matter["id"])))
    return {"deal": str(matter["ref"]), "told": dict(sorted(told.items()))}

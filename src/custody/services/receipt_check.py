"""What became of the data that a receipt speaks of, asked by the receipt's number and answered to whoever holds it (B5).

A number is random and names nobody, and so does the answer. Nothing is entered: who asks is not known and leaves no trace.
"""

import re
from collections.abc import Mapping
from typing import Final, cast

from custody.acts.answering import companies
from custody.acts.desk import Desk
from custody.acts.links import Link
from custody.acts.moved_days import days
from custody.acts.public_deals import contact
from custody.acts.visiting import ROLE, looked_at, outlook
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.ports.laws import Laws

_NUMBER: Final = re.compile(r"cns_[0-7][0-9A-HJKMNP-TV-Z]{25}")
_LONGEST: Final = 200


def receipt_check(desk: Desk, laws: Laws, number: str) -> Mapping[str, Json]:
    """The newest answer under this number and where its person's data stands. Raises Missing `receipt.unknown` for all else alike."""
    desk.require(ROLE)
    typed = "".join(number[:_LONGEST].split())
    typed = typed[:4].lower() + typed[4:].upper()
    with desk.store.read() as tx:
        rows = tx.find("answer", order=("version",), record=typed) if _NUMBER.fullmatch(typed) else []
        if not rows:
            raise Missing(
                "receipt.unknown", "No receipt here has this number.", next="Type it as it stands on the receipt."
            )
        row = rows[-1]
        seen = looked_at(desk, tx, laws, Link(b"", str(row["matter"]), cast("bytes", row["subject"]), "", ""), "")
        (seller, buyer), becomes = companies(tx, seen.matter), outlook(desk, tx, seen)
        own = days(desk, tx, seen, becomes)
        return {
            "record": typed, "question": str(row["question"]), "act": str(row["act"]), "at": str(row["at"]), "outlook": becomes,
            "buyer": {"zh": buyer.zh, "en": buyer.en}, "seller": {"zh": seller.zh, "en": seller.en}, "moved_at": own.moved,
            "called_back_at": own.called_back, "destroyed_at": own.destroyed,
        }  # fmt: skip


def signed_by(desk: Desk) -> Mapping[str, Json]:
    """Whose receipts these are: the company's names, how to reach it and the identity that signs."""
    desk.require(ROLE)
    with desk.store.read() as tx:
        reached = contact(desk, tx)
    return {"name": {"zh": desk.card.name_zh, "en": desk.card.name_en or desk.card.name_zh}, "contact": reached,
            "identity": desk.card.identity.id, "fingerprint": desk.card.identity.fingerprint}  # fmt: skip

"""House files that loosen the law: which of them two people have signed (spec/law.md §9).

What is signed is the file's place and text, so neither can change under a signature. A signature counts while its giver
may act here with the role lawyer or privacy.
"""

from collections import defaultdict
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.people import by_id, proved, still_acts
from custody.base import canonical
from custody.base.errors import Broken
from custody.base.signing import Signatures
from custody.ports.store import Cells, Row, Transaction

SIGNERS: Final = frozenset(("lawyer", "privacy"))
NEEDED: Final = 2
_LABEL: Final = b"custody/house-law/1\0"


def sign(desk: Desk, tx: Transaction, name: str, signed: str, position: int, at: str) -> None:
    """Keep the acting person's signature of a file, once."""
    signatures = desk.actor.sign(_message(desk.space, signed))
    packed = canonical.encode(
        {"ed25519": canonical.b64(signatures.ed25519), "mldsa65": canonical.b64(signatures.mldsa65)}
    )
    row: Cells = {"party": desk.space, "digest": signed, "principal": desk.principal.id, "name": name, "at": at}
    tx.add("law_signature", [{**row, "signature": packed, "position": position}])


def signers(tx: Transaction, party: str) -> dict[str, set[str]]:
    """{digest: principals whose signature counts}."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in tx.find("law_signature", order=("digest", "principal"), party=party):
        if _counts(tx, party, row):
            found[str(row["digest"])].add(str(row["principal"]))
    return found


def accepted(tx: Transaction, party: str) -> frozenset[str]:
    """Digests that enough people have signed."""
    return frozenset(one for one, who in signers(tx, party).items() if len(who) >= NEEDED)


def _counts(tx: Transaction, party: str, row: Row) -> bool:
    person = by_id(tx, str(row["principal"]))
    value = cast("dict[str, str]", canonical.decode(cast("bytes", row["signature"])))
    given = Signatures(canonical.unb64(value["ed25519"]), canonical.unb64(value["mldsa65"]))
    try:
        proved(person, str(row["at"]), _message(party, str(row["digest"])), given)
    except Broken:  # a row that somebody put there loosens nothing
        return False
    return bool(person.roles & SIGNERS) and still_acts(tx, person.id)


def _message(party: str, signed: str) -> bytes:
    return _LABEL + canonical.encode({"party": party, "digest": signed})

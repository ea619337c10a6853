"""Make a space: the party's card and signing keys, and the first person who may act in it (A1, C10)."""

from collections.abc import Mapping
from dataclasses import dataclass

from custody.acts.evidence import append
from custody.acts.people import principal_row
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import Clock, stamp
from custody.base.errors import Malformed
from custody.base.signing import Signer
from custody.model.party import HOSTING, PartyCard
from custody.ports.files import Files
from custody.ports.host import PARTY_KEY
from custody.ports.store import Cells, Store, one


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new space needs to know: the company, and its first principal with roles and passphrase."""

    name_zh: str
    name_en: str
    uscc: str
    place: str
    hosting: str
    owner: str


def init(
    store: Store, files: Files, clock: Clock, founding: Founding, *, party: str, secret: bytes, own_secret: bytes
) -> Mapping[str, Json]:
    """Found the space. Keys are durable before the row that names them; running it again finishes what is missing."""
    if founding.hosting not in HOSTING:
        raise Malformed("party.hosting", f"Hosting is one of: {', '.join(HOSTING)}.")
    signer = _keys(files, PARTY_KEY, secret)
    person = _keys(files, f"keys/principals/{founding.owner}.key", own_secret)
    card = PartyCard(
        party, founding.name_zh, founding.name_en, founding.uscc, founding.place, signer.identity, founding.hosting
    )
    with store.write() as tx:
        now = stamp(clock.now())
        if one(tx, "party", id=party) is None:
            data = canonical.encode(card.to_json())
            mine: Cells = {"id": party, "own": "yes", "card": data, "identity": signer.identity.id, "confirmed_at": now}
            tx.add("party", [mine])
            row = principal_row(ids.new("prn"), party, founding.owner, ("owner",), person.identity, now)
            tx.add("principal", [row])
            append(tx, party, now, "space-founded", {"identity": signer.identity.id})
    return {"party": party, "identity": signer.identity.id, "fingerprint": signer.identity.fingerprint}


def _keys(files: Files, name: str, secret: bytes) -> Signer:
    if name in files.list("keys"):
        return Signer.open_private(files.read(name), secret)
    signer = Signer.generate()
    files.write(name, signer.seal_private(secret), secret=True)
    return signer

"""Sign a house file that loosens the law; it counts once two people with the role lawyer or privacy have (spec/law.md §9)."""

from collections.abc import Mapping
from typing import Final

from custody.acts import lawbook
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.people import by_id
from custody.acts.signed_laws import NEEDED, SIGNERS, sign, signers
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.law.overlay import digest, laid_over
from custody.law.pack import Packs
from custody.ports.laws import Laws
from custody.ports.store import one

_PARTS: Final = 3


def law_sign(desk: Desk, laws: Laws, path: str, text: str) -> Mapping[str, Json]:
    """`path` ends in place/folder/file.yaml, where the file will lie under `laws/`. Signing twice changes nothing.

    Raises Malformed `law.name`, `law.overlay` where it could not be laid over the law even when signed.
    """
    desk.require(sorted(SIGNERS))
    name = _name(path)
    signed = digest(name, text)
    base = lawbook.shipped(laws)
    both = laid_over(base, {name: text}, frozenset((signed,)), base.version)
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        row = one(tx, "law_signature", party=desk.space, digest=signed, principal=desk.principal.id)
        if row is None:
            says: dict[str, Json] = {
                "file": name,
                "sha256": signed,
                "loosens": list[Json](_loosened(base, both)),
                "principal": desk.principal.id,
            }
            sign(desk, tx, name, signed, append(tx, desk.space, now, "law-signed", says), now)
        handles = sorted(by_id(tx, who).handle for who in signers(tx, desk.space)[signed])
    return {
        "file": name,
        "sha256": signed,
        "loosens": list[Json](_loosened(base, both)),
        "signed_by": list[Json](handles),
        "needed": NEEDED,
        "counts": len(handles) >= NEEDED,
        "resumed": row is not None,
    }


def _name(path: str) -> str:
    parts = path.replace("\\", "/").split("/")[-_PARTS:]
    if len(parts) < _PARTS or not parts[-1].endswith(".yaml"):
        raise Malformed("law.name", "A house file lies at place/folder/file.yaml.", next="custody law sign drafts/cn/house/file.yaml")  # fmt: skip
    return "/".join(parts)


def _loosened(base: Packs, both: Packs) -> list[str]:
    """Rules of law that the file replaces, and what of its own claims the confidence of law or refuses people."""
    known = {rule.id for rule in base.written}
    own = (rule for rule in both.written if rule.house)
    return sorted({rule.id for rule in own if rule.id in known or rule.confidence == "H" or rule.refuses})

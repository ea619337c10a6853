"""How a release, its deltas and its recalls end: what goes is kept here, stated, and told (spec/package.md §5)."""

from typing import Final

from custody.acts import let_go, outgoing, stated
from custody.acts.desk import Desk
from custody.acts.handing import statement_row
from custody.acts.releasing import Chosen, Order
from custody.acts.statements import issue
from custody.base.canonical import Json
from custody.package.release import SILENT, digest, folder_name
from custody.package.release_seal import Released
from custody.package.statements import ReleasedStatement, release_subjects
from custody.ports.files import Files
from custody.ports.store import Row, Transaction

ACT: Final = "release"


def conclude(
    desk: Desk, tx: Transaction, matter: Row, order: Order, chosen: Chosen, sealed: Released, buyer: str
) -> dict[str, Json]:  # fmt: skip
    """Keep which slots went, sign the statement, keep what is to be laid with it once this is committed; what every release tells."""
    name = str(matter["id"])
    tables = let_go.note(tx, matter, order.n, chosen.live, chosen.records)
    says = ReleasedStatement(
        deal=str(matter["ref"]), n=order.n, kind=order.kind, manifest=digest(sealed.data), package=order.shipped.package,
        seller=desk.signer.identity.id, buyer=buyer,
    )  # fmt: skip
    subjects = release_subjects(sealed.data, sealed.enc, sealed.pages_sha256)
    envelope, folder = (
        issue(desk, tx, name, subjects, says, n=order.n, kept=stated.of_release(chosen.live, tables)), folder_name(order.n)
    )  # fmt: skip
    opens = {f"{folder}/enc": sealed.enc} if sealed.enc else {}  # a recall opens nothing
    opens |= {f"{folder}/{SILENT}": sealed.silent} if sealed.silent else {}
    outgoing.keep(
        desk, name, ACT, {f"{folder}/manifest.json": sealed.data, **opens, f"{folder}/released.dsse.json": envelope}
    )
    return {
        "deal": says.deal, "n": order.n, "slots": len(chosen.live), "rows": chosen.records.total(), "sha256": says.manifest,
        "ledger": f"{desk.space}@{statement_row(tx, name, says.KIND, order.n)['position']!s}",
    }  # fmt: skip


def lay(desk: Desk, matter: str, out: Files) -> None:
    """Lay the manifest, what opens the pages, and the statement of the release that was committed and is not in `out` yet."""
    outgoing.lay(desk, matter, ACT, out)

"""What the first release and every later one share at the buyer: which is next, the ciphertext copied, the receipt (C7)."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import nullcontext
from typing import BinaryIO, Final, cast

from custody.acts import customer_work, job, passed_silence
from custody.acts.alike import Numbers
from custody.acts.arriving import Last, Taken
from custody.acts.came import Hashed, Picking, Roll, open_all
from custody.acts.desk import Desk
from custody.acts.handing import SEGMENT, every, statement_row
from custody.acts.releases import answer_file, answered, is_receipt, receipt_file, receipt_row
from custody.acts.residency import require_own
from custody.acts.statements import issue
from custody.acts.vaults import sha256
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken
from custody.base.statement import subject as named
from custody.package import folder
from custody.package.statements import Recalled, Received, TableReceived
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one
from custody.vault.segment import SegmentWriter
from custody.vault.suite import suite_of

_MANIFEST: Final = re.compile(r"release-([0-9]{4,10})/manifest\.json")


def last(desk: Desk, tx: Transaction, matter: str) -> Last:
    """The release that was answered last, by a receipt or as a recall; number 0 when none was."""
    said: list[tuple[int, Received | Recalled]] = [
        *every(desk, tx, matter, Received), *every(desk, tx, matter, Recalled)
    ]  # fmt: skip
    newest = max((says for _, says in said), key=lambda one_answer: one_answer.n, default=None)
    return Last() if newest is None else Last(newest.n, newest.release)


def received(desk: Desk, tx: Transaction, matter: str) -> tuple[Received, ...]:
    """The receipts of this deal in order of their releases. Raises Missing `statement.missing` when there is none."""
    statement_row(tx, matter, Received.KIND)
    return tuple(says for row, says in every(desk, tx, matter, Received) if is_receipt(row))


def waiting(source: Files, before: Last) -> int | None:
    """The lowest number above the last accepted of which a release lies in the folder."""
    found = (_MANIFEST.fullmatch(name) for name in source.list())
    return min((number for one in found if one and (number := int(one[1])) > before.n), default=None)


def copy(desk: Desk, taken: Taken, source: Files, file: str) -> None:
    """The package's segment into the vault's own storage, byte for byte, as it was signed. Raises Broken `package.fault`, Refused `residency.*`."""
    require_own(desk)
    desk.files.remove(file)  # an attempt that broke off may have left it, and a bucket replaces nothing
    digest = hashlib.sha256()
    with desk.files.writer(file) as target, folder.opened(source.path(SEGMENT)) as given:
        while block := given.read(1 << 20):
            digest.update(block)
            target.write(block)
        if digest.hexdigest() != taken.contents.segments[0].sha256:
            raise _altered()


def pick(desk: Desk, taken: Taken, source: Files, everybody: Roll, into: tuple[str, str, str], staying: Numbers) -> Row:
    """The delivered records out of the package into a segment of their own, `into` (vault, id, file), but those whose keys are among `staying`; its row.

    Each delivered one is opened, and the package's segment read whole and held against its hash. Raises as `copy` and `open_all`.
    """
    require_own(desk)
    (vault, segment, file), about = into, taken.contents.segments[0]
    origin = bytes.fromhex(taken.contents.origin)
    desk.files.remove(file)  # an attempt that broke off may have left it, and a bucket replaces nothing
    with desk.files.writer(file) as target, folder.opened(source.path(SEGMENT)) as given:
        writer = SegmentWriter(target, origin, ids.id_bytes(segment), suite_of(taken.contents.suite))
        hashed = Hashed(given)
        open_all(nullcontext(cast("BinaryIO", hashed)), taken, everybody, Picking(writer, staying))
        if hashed.hexdigest() != about.sha256:
            raise _altered()
        sha256 = writer.close()
    return {"vault": vault, "id": segment, "origin": ids.id_text("vlt", origin), "file": file, "bytes": writer.size,
            "records": writer.records, "sha256": sha256}  # fmt: skip


def _altered() -> Broken:
    return Broken("package.fault", "The package is not whole.", kind="altered", where={"file": SEGMENT},
                  next="custody verify FOLDER")  # fmt: skip


def answer(
    desk: Desk,
    tx: Transaction,
    matter: Row,
    taken: Taken,
    people: int,
    source: Files,
    work: tuple[str, str],
    *,
    erased: int = 0,
) -> dict[str, Json]:
    """Mark whom the seller says nobody may contact, list what customers have open, sign the receipt of what was taken in (`lay` lays it beside the release once it is committed) and finish the job `work` (its key, the receipt's id)."""
    key, number = work
    silent = passed_silence.take(tx, str(matter["vault"]), taken.accepted.silent)
    customer_work.take(tx, matter, taken.spill, stamp(desk.clock.now()))
    manifest, found = taken.accepted.manifest, taken.found
    tables = tuple(TableReceived(t.name, t.rows, t.digest, 0) for t in found.tables)
    says = Received(
        deal=str(matter["ref"]), n=manifest.n, release=taken.accepted.sha256, package=manifest.package.id,
        opened=found.opened, zero=found.zero, mismatched=found.mismatched, tables=tables,
    )  # fmt: skip
    row = receipt_row(manifest.n)
    receipt = issue(desk, tx, str(matter["id"]), [named("manifest.json", taken.accepted.sha256)], says, n=row)
    over = customer_work.passed_over(taken.contents.tables)
    listed: list[Json] = [{"name": t.name, "rows": t.rows, "digest": t.digest} for t in tables]
    result: dict[str, Json] = {
        "id": number, "deal": str(matter["ref"]), "n": manifest.n, "vault": str(matter["vault"]), "subjects": people,
        "slots": found.opened, **({"no_contact": silent} if silent else {}), **({"unlisted": over} if over else {}), "erased_here": erased, "rows": sum(t.rows for t in tables), "tables": listed,
        "bytes": source.path(SEGMENT).stat().st_size, "sha256": sha256(receipt),
        "ledger": f"{desk.space}@{statement_row(tx, str(matter['id']), Received.KIND, row)['position']!s}",
    }  # fmt: skip
    return job.finish(tx, key, result)


def answers(tx: Transaction, matter: str, n: int) -> Iterator[tuple[str, bytes]]:
    """(file, envelope) of what was answered to release `n`."""
    receipt = one(tx, "statement", matter=matter, kind=Received.KIND, n=receipt_row(n))
    for file, rows in (
        (receipt_file(n), [receipt] if receipt else []), (answer_file(n), answered(tx, matter, Recalled.KIND, n))
    ):  # fmt: skip
        if rows:
            yield file, cast("bytes", rows[-1]["envelope"])


def lay(desk: Desk, matter: str, n: int, source: Files) -> None:
    """What was answered to release `n`, into its folder: it is committed."""
    with desk.store.read() as tx:
        for file, envelope in answers(tx, matter, n):
            source.write(file, envelope)

"""Take in real answers: who was reached, who agreed, who said no, from the list a notice run or a call centre kept (B1, B2).

A line that cannot be understood is told with its number and nothing of the list is taken: half a list of consents is
worse than none. Taking the same list again changes nothing. Silence has no line, and no line is no consent.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import EVERYTHING, deal, record_evidence
from custody.acts.vaults import sha256
from custody.base import canonical, ids, merkle
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Malformed
from custody.ports.store import Transaction

ANSWERS: Final = frozenset((
    "notice.delivered", "notice.bounced", "consent.separate", "consent.separate.sensitive", "consent.guardian", "consent.purpose",
    "consent.export", "consent.marketing", "consent.refused", "objection", "withdrawal",
))  # fmt: skip
_SHOWN: Final = 20


def answers_take(desk: Desk, named_deal: str, data: bytes) -> Mapping[str, Json]:
    """`data` is UTF-8 CSV with the columns `subject` (sub_…) and `answer`. Raises Malformed `answers.lines`, `answers.form`."""
    desk.require(("privacy", "data"))
    with desk.store.write() as tx:
        matter = deal(tx, desk.space, named_deal)
        rows = list(_read(tx, str(matter["vault"]), data))
        now, digest = stamp(desk.clock.now()), sha256(data)
        counts: dict[str, Json] = dict(sorted(Counter(kind for _, _, kind in rows).items()))
        root = merkle.root(
            [merkle.leaf_hash(canonical.encode([who.hex(), kind])) for who, _, kind in sorted(rows)]
        ).hex()
        says: dict[str, Json] = {"counts": counts, "root": root, "list": digest, "principal": desk.principal.id}
        position = append(tx, desk.space, now, "answers-taken", says, detail={"matter": str(matter["id"])})
        fresh = record_evidence(tx, str(matter["id"]), rows, now, position)
    return {
        "deal": str(matter["ref"]),
        "recorded": fresh,
        "counts": counts,
        "ledger": f"{desk.space}@{position}",
        "resumed": not fresh,
    }


def _read(tx: Transaction, vault: str, data: bytes) -> Iterator[tuple[bytes, int, str]]:
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        lines = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise Malformed("answers.form", "The list is not UTF-8 CSV.", next="Save it as CSV (UTF-8).") from error
    if not {"subject", "answer"} <= set(reader.fieldnames or ()):
        raise Malformed(
            "answers.form", "The list needs the columns subject and answer.", next="subject,answer on its first line"
        )
    known = {row["id"] for row in tx.scan("subject", order=("id",), vault=vault, state="live")}
    taken, faults = [], []
    for number, line in enumerate(lines, start=2):
        who, kind = _subject(line["subject"]), (line["answer"] or "").strip()
        if who not in known or kind not in ANSWERS:
            faults.append(f"{number}: {'nobody of that id' if who not in known else 'no such answer'}")
        else:
            taken.append((who, EVERYTHING, kind))
    if faults:
        more = f" (+{len(faults) - _SHOWN})" if len(faults) > _SHOWN else ""
        raise Malformed(
            "answers.lines",
            f"Lines not understood: {'; '.join(faults[:_SHOWN])}{more}.",
            next="Correct them and take the list again.",
        )
    yield from taken


def _subject(text: str | None) -> bytes:
    try:
        return ids.subject_bytes((text or "").strip())
    except CustodyError:
        return b""

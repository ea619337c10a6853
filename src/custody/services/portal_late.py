"""What a link past its time still opens: what its person agreed to, to be taken back, and the receipts of it (B2, spec/portal.md §1).

No value, no kind of data, no name: the titles of the questions and the companies alone.
"""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.answering import companies, controller, shown
from custody.acts.asking import Question, newest
from custody.acts.desk import Desk
from custody.acts.late import stands, still
from custody.acts.visiting import Visit
from custody.base.canonical import Json, b64
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

_STANDS: Final = "given"


def portal_late(desk: Desk, laws: Laws, token: str, lang: str) -> Mapping[str, Json]:
    """Each yes that stands, and each that was taken back lately. Raises Denied `portal.link` where there is none."""
    with desk.store.read() as tx:
        seen = still(desk, tx, laws, token)
        us, (_, buyer) = controller(tx, seen.matter)[0], companies(tx, seen.matter)
        kept = newest(tx, seen.link.matter, seen.link.subject)
        told = [_told(tx, seen, one, kept.get(one.code), lang) for one in seen.questions if stands(desk, one)]
        return {"us": {"name": {"zh": us.zh, "en": us.en}, "contact": us.contact}, "buyer": {"zh": buyer.zh, "en": buyer.en},
                "rehearsal": desk.rehearsal, "answers": list[Json](told)}  # fmt: skip


def _told(tx: Transaction, seen: Visit, question: Question, row: Row | None, lang: str) -> dict[str, Json]:
    receipt = b64(cast("bytes", row["receipt"])) if row else None
    return {"question": question.code, "title": shown(tx, seen.matter, (), question, lang).title, "act": _STANDS if question.agreed else question.state, "at": question.before or question.at,
            "stands": question.agreed, "record": str(row["record"]) if row else None, "receipt": receipt}  # fmt: skip

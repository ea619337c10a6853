"""Take one person's answer from their page: yes, no, taking back, objecting, changing one's mind (B2, B3).

It is on file for the gate when this returns; a release that is being prepared looks again before it commits.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final, cast

from custody.acts.answering import Said, record, ruled
from custody.acts.arrived import SAID, put_here
from custody.acts.asking import OBJECTION, OPEN, Question, blanket, is_consent, lift, newest
from custody.acts.desk import Desk
from custody.acts.gone_answers import taken_back_after
from custody.acts.guardian_rows import by_same
from custody.acts.guardians import GUARDIAN, saying
from custody.acts.late import still
from custody.acts.links import opened
from custody.acts.matters import require_live
from custody.acts.mirroring import mirrored
from custody.acts.noted import OBJECT, WITHDRAW
from custody.acts.passing import BUYER
from custody.acts.requesting import PORTAL, intake, take_back
from custody.acts.twins import Seen, look_if_may
from custody.acts.twins import put as put_records
from custody.acts.visiting import Visit, looked_at, outlook, visit
from custody.acts.went import objection
from custody.base.canonical import Json, b64
from custody.base.errors import CustodyError, Denied, Malformed, Missing
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

_BACK: Final = "withdrawn"
"""What a link does past its time, as long as the yes stands (spec/portal.md §1)."""
_ACTS: Final = {"given", "refused", _BACK}
LIFTED: Final = "lifted"
LOOSENS: Final = ("given", LIFTED)
"""What lets data move, or be used, that would not: each needs the second factor (spec/portal.md §2)."""
_WENT: Final = ("moved", "moved-in-part", "gone")
_OBJECTING: Final = {"objected", LIFTED}


def portal_answer(desk: Desk, laws: Laws, token: str, proof: str, given: Mapping[str, str]) -> Mapping[str, Json]:
    """`given`: question, act, lang; from a page `shown`, the digest of the words on it; for a child guardian and relation. The same answer again changes nothing, unless it was asked again, a no came by list since, or another guardian says it.

    Raises Denied `portal.link`, `portal.proof`, Refused `portal.moved`, `portal.untold`, Malformed `portal.answer`, Missing `portal.question`.
    """
    records = _records(desk, token) if given.get("act") not in LOOSENS else None
    with desk.store.write() as tx:
        act = given.get("act", "")
        seen = (still if act == _BACK else visit)(desk, tx, laws, token, proof)
        question = _question(desk, tx, seen, given)
        said = _said(desk, seen, question, given)
        before = newest(tx, seen.link.matter, seen.link.subject).get(question.code)
        same = (
            before is not None
            and before["act"] == act
            and by_same(desk, tx, (seen.matter, seen.subject), before, said.guardian, said.relation)
        )
        if before and same and not _anew(question, act, desk.clock.now()):
            return _again(seen, before)
        _require_proof(seen, act)
        rule = ruled(seen.packs, question, said.lang)
        put = record if seen.live else taken_back_after
        kept = put(desk, tx, seen.matter, seen.subject, question, said, rule, given.get("shown"))
        if records is not None and seen.live:
            put_records(tx, records)
        asked = _followed(desk, tx, laws, seen, question.code, act)
        ended = _taken_back(desk, tx, seen, question.code, act)
    with desk.store.read() as tx:
        after = outlook(desk, tx, looked_at(desk, tx, laws, seen.link, seen.proof))
    mirrored(desk)
    return {
        "deal": str(seen.matter["ref"]), "question": question.code, "act": act, "resumed": False, "record": kept.record,
        "version": kept.version, "at": kept.at, "receipt": b64(kept.receipt), "outlook": after, "ledger": f"{desk.space}@{kept.position}",
        **({"request": asked} if asked else {}), **({"ended": list[Json](ended)} if ended else {}),
    }  # fmt: skip


def _records(desk: Desk, token: str) -> Seen | None:
    """Which other records may be theirs, looked for before a no of theirs is on file, so that it holds those back from the same moment."""
    with suppress(CustodyError):
        with desk.store.read() as tx:
            link = opened(desk, tx, token)
            matter = one(tx, "matter", id=link.matter)
        return look_if_may(desk, str(matter["vault"]), [link.subject]) if matter else None
    return None


def _anew(question: Question, act: str, now: datetime) -> bool:
    """Whether the same word is another answer: a no to what was asked again after the cool-off, a yes over a no that came by list since or over a yes that counts no more."""
    if question.state == act:
        return question.asked_again(now)
    return question.state != OPEN or (act == "given" and is_consent(question.code))


def _require_proof(seen: Visit, act: str) -> None:
    """What loosens takes the second factor: a link may have been forwarded. A no takes the link alone. Raises Denied `portal.proof`."""
    if act in LOOSENS and not seen.proof:
        raise Denied(
            "portal.proof", "First show that it is you.", next="Type a number or address that the company has on file."
        )


def _followed(desk: Desk, tx: Transaction, laws: Laws, seen: Visit, code: str, act: str) -> str:
    """An objection, and at the company that received the data each no, becomes a request too: its law's clock runs, and somebody answers for it.

    So does a consent taken back of whose data the keys went already, also once nothing of theirs is left here: only a request reaches who has them (spec/requests.md §4).
    """
    says, kind = SAID[code] if seen.side == BUYER else ("objected" if code == OBJECTION else "", OBJECT)
    if seen.side != BUYER and act == "withdrawn" and outlook(desk, tx, seen) in _WENT:
        says, kind = act, WITHDRAW
    if act != says:
        return ""
    made = intake(desk, tx, laws, seen.matter, seen.subject, kind, PORTAL, seen.proof or "link", "")
    return str(made["ref"])


def _taken_back(desk: Desk, tx: Transaction, seen: Visit, code: str, act: str) -> list[str]:
    """A no that is taken back, here or at the company that received the data, asks nothing of anybody any more."""
    if act != LIFTED:
        return []
    kinds = [SAID[code][1] if seen.side == BUYER else OBJECT]
    if seen.side != BUYER and (noes := blanket(tx, seen.link.matter, seen.subject, seen.questions, seen.decisions)):
        lift(tx, noes, seen.questions)
        kinds.append(WITHDRAW)  # what stood nowhere was taken back by it
    return [ref for kind in kinds for ref in take_back(desk, tx, seen.matter, seen.subject, kind)]


def _again(seen: Visit, row: Row) -> dict[str, Json]:
    """The answer that stands already, with the receipt it was given."""
    return {
        "deal": str(seen.matter["ref"]), "question": str(row["question"]), "act": str(row["act"]), "resumed": True,
        "record": str(row["record"]), "version": cast("int", row["version"]), "at": str(row["at"]),
        "receipt": b64(cast("bytes", row["receipt"])),
    }  # fmt: skip


def _not_asked() -> Missing:
    return Missing("portal.question", "Nothing of the kind was asked.", next="Open the link again.")


def _question(desk: Desk, tx: Transaction, seen: Visit, given: Mapping[str, str]) -> Question:
    code, act = given.get("question", ""), given.get("act", "")
    if seen.side == BUYER:
        return _here(seen, code, act)
    if seen.unannounced:
        raise _not_asked()
    may = _OBJECTING if code == OBJECTION else _ACTS
    if act not in (may if seen.live else may & {_BACK}):  # of who is gone nothing is answered but a yes, taken back
        raise Malformed("portal.answer", "This is no answer to that question.", next="Open the link again.")
    if seen.off and act != _BACK:  # a yes is taken back at any time
        require_live(seen.matter)
    found = objection(desk, tx, seen.matter, seen.subject) if code == OBJECTION else seen.question(code)
    if found is None:
        raise _not_asked()
    if act == _BACK and not found.agreed and found.state != _BACK:
        raise Malformed("portal.answer", "This is no answer to that question.", next="Open the link again.")
    return found


def _here(seen: Visit, code: str, act: str) -> Question:
    """What may be said at the company that received the data: the no, and taking it back; no yes is asked for there."""
    found = put_here(seen, code)
    if found is None:
        raise Missing("portal.question", "Nothing of the kind was asked.", next="Open the link again.")
    if not seen.live or act not in {SAID[code][0], LIFTED}:
        raise Malformed("portal.answer", "This is no answer to that question.", next="Open the link again.")
    return found


def _said(desk: Desk, seen: Visit, question: Question, given: Mapping[str, str]) -> Said:
    act, lang = given["act"], "en" if given.get("lang") == "en" else "zh"
    proof = ("link", seen.proof) if seen.proof else ("link",)
    child = seen.guarded(desk.today().isoformat()) or question.code == GUARDIAN
    if act not in LOOSENS or not child:
        return Said(act, lang, proof)
    if not seen.proof:
        raise Denied(
            "portal.proof", "First show that it is you.", next="Type a number or address that the company has on file."
        )
    name, relation = saying(given)
    return Said(act, lang, proof, guardian=name, relation=relation)

"""What custody itself holds about a person who asks for their data: what they answered, asked and were told, and who spoke for them (spec/requests.md §3).

No member of staff is named, nor a deal that this person was not told of; an order of a court or an authority to keep what is held is not told
either, as it may be secret. Words and names are opened with the person's own key.
"""

from collections.abc import Iterator
from typing import Final, cast

from custody.acts.asked import said_with
from custody.acts.campaigning import notices
from custody.acts.clock_steps import steps
from custody.acts.desk import Desk
from custody.acts.said import ANSWERS
from custody.acts.suppressing import NO_CONTACT
from custody.acts.twins import SAME, here
from custody.base.canonical import Json, b64
from custody.ports.store import Row, Transaction

_ASKED: Final = ("ref", "kind", "channel", "proof", "state", "received_at", "due_at", "closed_at")
_PUT_RIGHT: Final = ("cls", "state", "channel", "proof", "asked_at", "done_at", "undo_until")
_LINK: Final = ("channel", "made_at", "expires_at", "revoked_at")
_PAPER: Final = ("kind", "at", "sha256")


def own_file(desk: Desk, tx: Transaction, subject: Row) -> dict[str, Json]:
    """Of one live person, across the deals over their vault."""
    vault, who = str(subject["vault"]), cast("bytes", subject["id"])
    matters = tx.find("matter", order=("ref",), vault=vault, party=desk.space)
    return {
        "answers": list(_answers(tx, matters, who)),
        "requests": list(_requests(desk, tx, vault, subject)),
        "told": [{"deal": str(row["ref"]), **cast("dict[str, Json]", one)} for row in matters for one in _notices(tx, row, who)],
        "on_file": list(_on_file(tx, matters, who)),
        "corrections": [_named(row, _PUT_RIGHT) for row in tx.find("correction", order=("asked_at",), vault=vault, subject=who)],
        "confirmed": [_named(row, ("at", "proof")) for row in tx.find("confirmed", vault=vault, subject=who)],
        "guardian_papers": [_named(row, _PAPER) for row in tx.find("guardian_paper", order=("at",), vault=vault, subject=who)],
        "links": [_named(row, _LINK) for one in matters for row in tx.find("link", order=("made_at",), matter=one["id"], subject=who)],
        "other_records": _others(tx, vault, who),
        "not_to_be_contacted": f'"{NO_CONTACT}":true'.encode() in cast("bytes", subject["facts"]),
    }  # fmt: skip


def _named(row: Row, names: tuple[str, ...]) -> dict[str, Json]:
    return {name: str(row[name]) for name in names}


def _others(tx: Transaction, vault: str, who: bytes) -> Json:
    """How many records share an identifier with theirs, may be theirs too, and are not in it: by which kinds, of nobody else anything."""
    found = [each for each in here(tx, vault, who) if each.open or each.said == SAME]
    return {"count": len(found), "kinds": list[Json](sorted({kind for each in found for kind in each.kinds}))}


def _answers(tx: Transaction, matters: list[Row], who: bytes) -> Iterator[Json]:
    """Every answer, the earlier ones too, with the receipt as it was signed: the words that were shown are in it."""
    for matter in matters:
        for row in tx.find("answer", order=("at", "question", "version"), matter=matter["id"], subject=who):
            said = _named(row, ("question", "act", "at", "record"))
            yield {"deal": str(matter["ref"]), **said, "version": cast("int", row["version"]), "receipt": b64(cast("bytes", row["receipt"]))}  # fmt: skip


def _requests(desk: Desk, tx: Transaction, vault: str, subject: Row) -> Iterator[Json]:
    """In their words, with each step of the clock and its reason, and what was done."""
    for row in tx.find("request", order=("received_at",), vault=vault, subject=subject["id"]):
        acts = tx.find("request_act", order=("at",), request=row["id"])
        done: list[Json] = [_named(each, ("what", "at")) for each in acts]
        yield {**_named(row, _ASKED), **said_with(desk, tx, row, subject), "clock": steps(desk, tx, row, subject), "done": done}  # fmt: skip


def _notices(tx: Transaction, matter: Row, who: bytes) -> Iterator[Json]:
    """What they were told, in both languages."""
    by = [notices(tx, str(matter["id"]), who, lang) for lang in ("zh", "en")]
    for zh, en in zip(*by, strict=True):
        said = {lang: cast("dict[str, Json]", one) for lang, one in (("zh", zh), ("en", en))}
        yield {"at": said["zh"]["at"], **{lang: f"{one['title']}\n\n{one['text']}" for lang, one in said.items()}}


def _on_file(tx: Transaction, matters: list[Row], who: bytes) -> Iterator[Json]:
    """What stands of them in deals that they know of: what they said, and that they were told."""
    for matter in matters:
        for row in tx.find("evidence", order=("position",), matter=matter["id"], subject=who):
            if row["type"] in ANSWERS:
                yield {"deal": str(matter["ref"]), **_named(row, ("type", "at"))}

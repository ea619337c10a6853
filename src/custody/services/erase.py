"""Erase customers: unreadable at once, final when the root is gone, and told which of the two it is (A8, D2)."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from custody.acts import blind_rows, quarantined, twins
from custody.acts.desk import Desk
from custody.acts.destroys import final_by, waits_for
from custody.acts.elsewhere import require_passed
from custody.acts.erased_alone import require_second
from custody.acts.erasing import LIVE, erase_subjects, joint_alone, joint_left, renewed_places, would_erase
from custody.acts.foreign import SELLER
from custody.acts.mirroring import mirrored
from custody.acts.nobodys import require_people
from custody.acts.noted import asking, closing
from custody.acts.shared_rows import shared_with, staying
from custody.acts.shred import held, require_unheld
from custody.acts.sole import sole_writer
from custody.acts.sole_holder import others_have
from custody.acts.suppressing import IMPORT, on_file, open_list, suppress, tags_of
from custody.acts.unread_rows import SAYS, said
from custody.acts.vaults import terms_of, vault_row
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing
from custody.ports.store import Row, Transaction

ERASERS: Final = ("owner", "privacy")
_SHOWN: Final = 100


@sole_writer("vault", "vault")
def erase(
    desk: Desk, subjects: Sequence[str], vault: str | None, *, skip_held: bool = False, suppressed: bool = False,
    unread: bool = False, dry_run: bool = False,
) -> Mapping[str, Json]:  # fmt: skip
    """One transaction for all of them; `dry_run` says what it would do and does nothing. Raises Refused `vault.held`, `erase.not-a-person`, `act.unapproved`, `request.elsewhere`, Missing `subject.unknown`.

    The answer gives a date on which it is final only when the entry is in the mirror: before that a lost store could
    bring the customers back. What nobody can read any more (a lost file, a rotted record) stops nothing: what of it goes goes unopened, and how much was not looked through is told.
    With `unread`, on a second person's word over just these rows, those set aside that nobody can read go along. What identifies them goes onto the suppression list, so that no import does, but for what somebody who stays has, too: of all with `suppressed`, else of those who asked
    for their account to be closed.
    """
    desk.require(ERASERS)
    wanted = list(dict.fromkeys(ids.subject_bytes(text.strip()) for text in subjects if text.strip()))
    if not wanted:
        raise Missing(
            "erase.nobody", "Nobody was named.", next="custody erase sub_…, or --list FILE with one on each line"
        )
    with desk.store.read() as tx:
        known = str(vault_row(tx, desk.space, vault)["id"])
        told = not asking(tx, known).isdisjoint(wanted)  # who asked is told what is left
    twins.seek_if_may(desk, known, wanted, build=told)
    with desk.store.write() as tx:
        row = vault_row(tx, desk.space, vault)
        name, now, terms = str(row["id"]), desk.clock.now(), terms_of(desk, row)
        kept = held(tx, name, stamp(now)) if skip_held else {}
        taken = [one for one in wanted if one not in kept]
        require_people(tx, name, wanted)
        require_unheld(tx, name, taken, stamp(now))
        require_passed(desk, tx, name, taken)
        if dry_run:
            shared = list(shared_with(tx, name, taken))
            left = joint_left(shared, {*taken, *joint_alone(tx, name, shared, taken, stamp(now))})
            return {"vault": str(row["name"]), "subjects": len(taken), **would_erase(tx, name, taken), "skipped_held": [ids.subject_text(one) for one in wanted if one in kept],
                    **_records(tx, name, taken), **_stays(tx, name, left, taken), **_unread(quarantined.naming(desk, name, taken, unread=unread)), "dry_run": True, "would": True}  # fmt: skip
        if unread:
            named = quarantined.naming(desk, name, taken, unread=True)
            blind_rows.require_second(desk, tx, name, _named(taken), named.blind)
        else:
            require_second(desk, tx, name, len(taken), _named(taken))
    # Before the people, by whose values it is found: killed in between, the same command finds what is left of both.
    if not unread:
        named = quarantined.naming(desk, name, taken)
    aside = quarantined.let_go(desk, name, named.goes)
    theirs = _others_too(desk, row, taken, every=suppressed)
    beside = said(named.unread)
    with desk.store.write() as tx:
        listed = 0
        barred = _barred(tx, name, taken, every=suppressed)
        if barred:  # while what identifies them can still be opened
            live = [one for one in barred if tx.count("subject", vault=name, id=one, state=LIVE)]
            listed, _ = suppress(
                desk, tx, tags_of(desk, tx, name, live, open_list(desk, tx), theirs, Counter()), IMPORT, "erased"
            )
        require_passed(desk, tx, name, taken)
        shared = list(shared_with(tx, name, taken))
        along = joint_alone(tx, name, shared, taken, stamp(now))
        done = erase_subjects(desk, tx, name, [*taken, *along], _unread(named), beside)
        stays = {**_stays(tx, name, joint_left(shared, {*taken, *along}), taken), **_records(tx, name, taken)}
        blind_rows.done(desk, tx, name, _named(taken))
        final, why = final_by(desk, tx, name, terms.delay), waits_for(tx, name)
    # What is left of rows that were set aside lies under a key that no backup has.
    with desk.store.read() as tx:
        moved = aside or quarantined.unsaved(tx, desk.space, name)
    renewed = renewed_places(desk) if moved else None
    reached = mirrored(desk)
    return {
        "vault": str(row["name"]), "subjects": len(taken), "slots": done["slots"], "records": done["records"], "quarantined": aside, "kept_aside": named.kept, **_unread(named), "shared": len(along), "backed_up": renewed,
        "already": done["again"], "suppressed": listed, **({"shared_values": len(theirs)} if theirs else {}), "skipped_held": [ids.subject_text(one) for one in wanted if one in kept],
        **stays, "unreadable": True, "final": False,
        "mirrored": reached, "final_by": final if reached else None, "waits_for": list[Json](why),
        "generation": done["generation"], "assurance": terms.assurance,
        "ledger": None if done["entry"] is None else f"{desk.space}@{done['entry']}",
        "next": _next(why, reached=reached),
    }  # fmt: skip


def _barred(tx: Transaction, vault: str, taken: Sequence[bytes], *, every: bool) -> Sequence[bytes]:
    """Who of these is put on the list: all, or those who asked for their account to be closed."""
    asked = frozenset[bytes]() if every else closing(tx, vault, taken)
    return taken if every else [one for one in taken if one in asked]


def _others_too(desk: Desk, vault: Row, taken: Sequence[bytes], *, every: bool) -> set[tuple[str, str]]:
    """What identifies them and somebody who stays, too: a family's telephone keeps nobody else out, and silences nobody else."""
    name = str(vault["id"])
    with desk.store.read() as tx:
        barred = [
            one for one in _barred(tx, name, taken, every=every) if tx.count("subject", vault=name, id=one, state=LIVE)
        ]
        told = list(on_file(desk, tx, name, barred, Counter())) if barred else []
    return others_have(desk, vault, told, taken) if told else set()


def _unread(named: quarantined.Named) -> dict[str, Json]:
    """What nobody could read, where there was any: of their own, of rows set aside that stay, and of those that went with a row under the same key."""
    told = {"unread": named.own, SAYS: sum(map(len, named.unread.values())), f"{SAYS}_gone": named.along}
    return {name: many for name, many in told.items() if many}


def _stays(tx: Transaction, vault: str, joint: Sequence[bytes], taken: Sequence[bytes]) -> dict[str, Json]:
    """What is another person's too is not erased with these: whose it is together, of which tables, and with how many others who would be left."""
    shown = joint[:_SHOWN]
    return {"joint": [ids.subject_text(one) for one in shown], "shared_rows": staying(tx, vault, shown, taken)}


def _records(tx: Transaction, vault: str, taken: Sequence[bytes]) -> dict[str, Json]:
    """Records that stay, share an identifier with these, and may be the same people's: nobody said that they are somebody else's."""
    found = [(who, each) for who in taken for each in twins.here(tx, vault, who)
             if each.other not in taken and (each.open or each.said == twins.SAME)]  # fmt: skip
    told: list[Json] = [{"of": ids.subject_text(who), **each.to_json()} for who, each in found[:_SHOWN]]
    return {"records_beside": told, "records_many": len(found)} if found else {}


def _next(why: Sequence[str], *, reached: bool) -> str:
    if not reached:
        return "The mirror does not answer: run any command when it does."
    return "custody reseal DEAL, then custody rekey" if SELLER in why else ""


def _named(subjects: Sequence[bytes]) -> Mapping[str, Json]:
    """What a second person approves: these customers, whatever their order."""
    return {"subjects": len(subjects), "sha256": hashlib.sha256(b"".join(sorted(subjects))).hexdigest()}

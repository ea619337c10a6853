"""Receive: verify, take the keys in, check every commitment, answer with a signed receipt (C7)."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from custody.acts import job, taking
from custody.acts.arriving import Last, Taken, invited, let_in
from custody.acts.came import open_all, roll
from custody.acts.depositing import give_out_where_held
from custody.acts.desk import Desk
from custody.acts.handing import counterparty
from custody.acts.matters import deal
from custody.acts.recalling import give_back, go_on, told
from custody.acts.received_before import lost_vault
from custody.acts.sole import holding, sole_writer
from custody.acts.taking_first import Room, keep
from custody.acts.taking_more import add
from custody.acts.vault_names import free_name, require_free
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Broken, CustodyError
from custody.package.release import digest, folder_name
from custody.ports.files import Files
from custody.ports.store import Row

_RECEIVED: Final = "received"


@sole_writer("deal", "named_deal")
def receive(
    desk: Desk, named_deal: str, source: Files, name: str | None = None, *, dry_run: bool = False
) -> Mapping[str, Json]:
    """Accept the next release: the first into the new vault `name`, a later one into the same vault, a recall out of it.

    Without a name the vault is called `received`, the next ones with a number. Raises Broken with the class of what does not hold; Refused
    `vault.named` where a vault is called so already, `act.unapproved` for a recall that nobody else approved.
    """
    desk.require(("data", "owner"))
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        seller = counterparty(tx, str(matter["counterparty"]))
        last = taking.last(desk, tx, str(matter["id"]))
    later = taking.waiting(source, last)
    if last.n and later is None:
        return _again(desk, matter, source, last)
    with desk.store.read() as tx:
        to = invited(desk, tx, str(matter["id"]))
    with let_in(desk, source, seller, matter, to, later or 1, last) as taken:
        if taken.accepted.manifest.kind == "recall":
            return give_back(desk, matter, taken, source, dry_run=dry_run)
        if dry_run:
            return {"deal": str(matter["ref"]), "n": taken.accepted.manifest.n, "would": {"slots": taken.found.opened}}
        return add(desk, matter, taken, source) if last.n else _first(desk, matter, taken, source, name)


def _first(desk: Desk, matter: Row, taken: Taken, source: Files, wanted: str | None) -> Mapping[str, Json]:
    key = f"receive:{matter['id']!s}:{taken.accepted.manifest.n}"
    with desk.store.read() as tx:
        name = wanted or free_name(tx, desk.space, _RECEIVED)
        require_free(tx, desk.space, name)
        lost = lost_vault(tx, desk.space, str(matter["id"]))
    vault = lost or ids.new("vlt")
    begun = job.begin(desk, key, "receive", {"receipt": ids.new("rct"), "vault": vault, "segment": ids.new("dmp")})
    file = f"vaults/{name}/segments/{begun['segment']}.seg"
    taking.copy(desk, taken, source, file)
    everybody = roll(taken)
    open_all(desk.files.open(file), taken, everybody)
    with desk.store.write() as tx:  # one commit, streamed: whoever is killed before it has no vault at all
        erased = keep(desk, tx, taken, name, Room(str(begun["vault"]), str(begun["segment"]), file, again=bool(lost)))
        tx.change("matter", {"vault": str(begun["vault"])}, id=str(matter["id"]))
        held = {**matter, "vault": str(begun["vault"])}
        answered = taking.answer(
            desk, tx, held, taken, everybody.people, source, (key, str(begun["receipt"])), erased=erased
        )
    taking.lay(desk, str(matter["id"]), taken.accepted.manifest.n, source)
    # It is received whatever becomes of this: the scheduled run alarms, and the re-seal does it or says why not.
    with suppress(CustodyError), holding(desk, name):
        give_out_where_held(desk, str(begun["vault"]))
    return answered


def _again(desk: Desk, matter: Row, source: Files, last: Last) -> Mapping[str, Json]:
    """Nothing new lies in the folder, and what lies there is what was received: another release is not answered with this receipt."""
    if digest(source.read(f"{folder_name(last.n)}/manifest.json")) != last.digest:
        raise Broken("release.replayed", "A release with this number or a later one was accepted before.", kind="replayed",
                     next="Ask the seller which release is meant; the one received stands.")  # fmt: skip
    with desk.store.write() as tx:
        went = go_on(desk, tx, matter)
    for n in range(1, last.n + 1):  # what was answered again since lay in no folder then
        taking.lay(desk, str(matter["id"]), n, source)
    done = job.finished(desk, f"receive:{matter['id']!s}:{last.n}")
    assert done is not None
    return {**done, **({"recalls": told(went)} if went else {})}

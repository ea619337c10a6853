"""Root rotation, step by step and resumable (D1, spec/vault.md §10).

Only the destroy is final. The next step is always derived from the state row and from what the provider says of both
roots (`vault.rotation.resume`); nothing is assumed about a step whose end was not committed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, cast

from custody.acts import escrow as shares
from custody.acts import foreign, old_root
from custody.acts.backing import back_up_all, forget_generation
from custody.acts.depositing import note
from custody.acts.desk import Desk
from custody.acts.destroys import ATTESTED, lost_below, make_final, note_lost, note_order
from custody.acts.entries import entered
from custody.acts.evidence import append
from custody.acts.finding import carry_over
from custody.acts.mirroring import catch_up
from custody.acts.next_root import (
    AGAIN,
    SWITCHED,
    destroy_bare,
    left_behind,
    make_next,
    never_opens,
    require_live,
    roots_of,
)
from custody.acts.paper_sheets import spared
from custody.acts.vaults import (
    RESTORED,
    Keyring,
    check_pages,
    keep_leaf,
    keyring_ref,
    open_keyring,
    page_at,
    save_head,
)
from custody.base import canonical
from custody.base.canonical import Json, unb64
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Unavailable
from custody.ports.keys import Destroyed, RootState
from custody.ports.store import Cells, Row, Transaction, one
from custody.vault.keyring import check_leaf
from custody.vault.page import rewrap
from custody.vault.rotation import Needs, Proof, State, Step, advance, resume, switched

Escrow: TypeAlias = Callable[[bytes, int], None]
_NOTHING: Final = b""
_NONE: Final = Needs()
_PLACES: Final = "places"

OWN: Final = frozenset(("ref", "gone", "attested"))
"""What the store keeps of a finished rotation beside what it came to: where the old root lay, when it was seen to be gone, or that people gave their word for it."""


@dataclass(slots=True)
class _Turn:
    """One rotation under way: between which generations, in which state, with what kept beside it."""

    desk: Desk
    vault: str
    old: int
    new: int
    state: State
    kept: bytes
    escrow: Escrow | None
    handed: bool = False
    """Whether `escrow` was given the new key by this turn."""
    barred: str = ""
    """Why the new root does not open, as its provider says."""
    again: bool = False
    """Whether this turn made it again for that."""


def rotate(desk: Desk, vault: str, beyond: int | None = None, escrow: Escrow | None = None) -> Mapping[str, Json]:
    """Bring `vault` to a root later than generation `beyond` and destroy the one before, once; of None, one rotation or the rest of one that was cut off.

    Run again, it goes on where it stopped, or returns what it returned. One that was cut off is finished first, and is not
    enough where it leaves a root of before. `escrow` is given the new keyring key and its
    generation before anything stands under it, and raises when the key could not be kept safe. Returns g (the destroyed
    one), effective_at, assurance. Raises Unavailable `vault.root-lost` when the root in force is not there.
    """
    least = _least(desk, vault) if beyond is None else beyond
    while (begun := _begin(desk, vault, least))["state"] != State.DESTROYED:
        turn = _turn(desk, vault, begun, escrow)
        while (step := resume(turn.state, *_roots(turn))) is not Step.DONE:
            _STEPS[step](turn)
    return told(cast("bytes", begun["detail"]))


def unfinished(tx: Transaction, vault: str) -> list[Row]:
    """Rotations that were begun, and neither ended nor given up."""
    over = {State.ABANDONED, State.DESTROYED}
    return [row for row in tx.find("rotation", order=("to_g",), vault=vault) if row["state"] not in over]


def told(detail: bytes) -> dict[str, Json]:
    """What a finished rotation came to; where its old root lay is the store's own business (`acts.destroys`)."""
    kept = cast("dict[str, Json]", canonical.decode(detail))
    return {name: kept[name] for name in kept if name not in OWN}


def _least(desk: Desk, vault: str) -> int:
    with desk.store.read() as tx:
        begun = [cast("int", row["from_g"]) for row in unfinished(tx, vault)]
        row = one(tx, "vault", id=vault)
    assert row is not None
    return max(begun, default=cast("int", row["generation"]))


def _begin(desk: Desk, vault: str, beyond: int) -> Row:
    """The rotation row to go on with: the unfinished one, the finished one that will do, or a new one."""
    with desk.store.write() as tx:
        begun = [row for row in tx.find("rotation", order=("to_g",), vault=vault) if row["state"] != State.ABANDONED]
        if begun and (begun[-1]["state"] != State.DESTROYED or cast("int", begun[-1]["from_g"]) >= beyond):
            return begun[-1]
        row = one(tx, "vault", id=vault)
        assert row is not None
        old = cast("int", row["generation"])
        new = 1 + max([old, *(cast("int", each["to_g"]) for each in tx.find("rotation", vault=vault))])
        made: Row = {"vault": vault, "to_g": new, "from_g": old, "state": str(State.INTENDED), "detail": _NOTHING}
        tx.add("rotation", [made])
        append(tx, desk.space, stamp(desk.clock.now()), "root-intended", {"vault": vault, "g": new})
        return made


def _turn(desk: Desk, vault: str, row: Row, escrow: Escrow | None) -> _Turn:
    old, new = cast("int", row["from_g"]), cast("int", row["to_g"])
    return _Turn(desk, vault, old, new, State(str(row["state"])), cast("bytes", row["detail"]), escrow)


def _roots(turn: _Turn) -> tuple[RootState, RootState]:
    """What the provider says of g and g+1. Before `created` there is no reference to a new root yet."""
    with turn.desk.store.read() as tx:
        live = keyring_ref(_keyring(tx, turn.vault))
    other = keyring_ref(turn.kept)
    old, new = (other, live) if switched(turn.state) else (live, other)
    return (_state_of_old(turn, old) if old else "gone", _state_of_new(turn, new) if new else "gone")


def _state_of_old(turn: _Turn, old: str) -> RootState:
    """Between the switch and the destroy nothing asks for it: a provider that is away keeps no place from being renewed. Nor where two people say that it went."""
    try:
        return turn.desk.keys.state(old)
    except CustodyError:
        if turn.state in {State.SWITCHED, State.BACKED_UP} or old_root.word(turn.kept):
            return "gone"
        raise


def _state_of_new(turn: _Turn, new: str) -> RootState:
    """One that is denied before the switch, or whose provider is not the one in use by now and does not answer, is of no more use than one that is gone."""
    try:
        return turn.desk.keys.state(new)
    except CustodyError as error:
        if switched(turn.state) or not (never_opens(error) or left_behind(turn.desk, new)):
            raise
        turn.barred = error.slug
        return "gone"


def _create(turn: _Turn) -> None:
    """A root and a key under it, read back. Before the switch one that vanished is made again, and one that answers and opens nothing is set aside."""
    kept = make_next(turn.desk, turn.vault, turn.new)
    with turn.desk.store.write() as tx:
        _note(tx, turn, State.CREATED, Proof(key_read_back=True), kept)
        if before := keyring_ref(turn.kept):
            says: dict[str, Json] = {"vault": turn.vault, "g": turn.new, "slug": turn.barred or "keys.gone"}
            append(
                tx,
                turn.desk.space,
                stamp(turn.desk.clock.now()),
                AGAIN,
                says,
                detail={"ref": before, "new": keyring_ref(kept)},
            )
    turn.state, turn.kept, turn.handed, turn.barred = State.CREATED, kept, False, ""


def _escrow(turn: _Turn) -> None:
    """Whoever is to be able to recover the key has it before anything stands under it."""
    if (key := _pending(turn)) is None:
        return
    _hand(turn, key)
    places = shares.deposit(turn.desk, turn.vault, key, turn.new)
    proof, needs = Proof(escrow_places=places), Needs(escrow_places=shares.wanted(turn.desk))
    with turn.desk.store.write() as tx:
        _note(tx, turn, State.ESCROWED, proof, turn.kept, needs)
        note(turn.desk, tx, turn.vault, turn.new, places)
    turn.state = State.ESCROWED


def _hand(turn: _Turn, key: bytes) -> None:
    if turn.escrow is not None:
        turn.escrow(key, turn.new)
    turn.handed = True


def _switch(turn: _Turn) -> None:
    """One transaction: every wrap, the head and the current generation move together."""
    key, desk, vault = _pending(turn), turn.desk, turn.vault
    if key is None:
        return
    if not turn.handed:  # escrowed by a turn that was cut off, which perhaps had nobody to hand it to
        _hand(turn, key)
    with desk.store.read() as tx:
        carry_over(desk, open_keyring(desk, tx, vault), key, turn.new)
    with desk.store.write() as tx:
        ring = open_keyring(desk, tx, vault)
        new = Keyring(vault, turn.new, key, ring.head)
        for where, known in ring.leaves.items():
            page = page_at(tx, vault, where)
            check_leaf(page, known)  # else an old page put back would be blessed by the new head
            fresh = rewrap(page, (ring.key, ring.generation), (key, turn.new))
            changed: Cells = {"wrap": fresh, "wrap_g": turn.new}
            tx.change("page", changed, vault=vault, compartment=where[0], page=where[1])
            keep_leaf(tx, new, replace(page, wrap=fresh))
        before = _keyring(tx, vault)
        head = save_head(tx, new, turn.kept)
        every = tx.count("page", vault=vault) == tx.count("page", vault=vault, wrap_g=turn.new)
        equal = open_keyring(desk, tx, vault).head == head
        before = _with_places(tx, desk, before)
        _note(tx, turn, State.SWITCHED, Proof(wraps_all_new=every, head_equal=equal), before)
        tx.change("vault", {"state": "open"}, id=vault, state=RESTORED)
        says: dict[str, Json] = {"vault": vault, "g": turn.new, "head": head.root.hex()}
        append(tx, desk.space, stamp(desk.clock.now()), SWITCHED, says, detail={"ref": keyring_ref(turn.kept)})
    turn.state, turn.kept = State.SWITCHED, before


def _back_up(turn: _Turn) -> None:
    """Every place on the list holds keys under g+1 that were read back, before anything of g goes."""
    places, listed = back_up_all(turn.desk)
    wanted = max(listed, cast("int", cast("dict[str, Json]", canonical.decode(turn.kept)).get(_PLACES, 0)))
    if places < wanted:
        raise Unavailable("backup.fewer", "A rotation waits for as many places for backups as there were at its switch; fewer are on the list.",
                          where={"wanted": wanted, "listed": listed}, next="Name another one: custody backup --to FOLDER")  # fmt: skip
    proof = Proof(head_equal=True, key_read_back=_opens(turn), backup_places=places)
    _move(turn, State.BACKED_UP, proof, turn.kept, Needs(backup_places=wanted))


def _with_places(tx: Transaction, desk: Desk, kept: bytes) -> bytes:
    """How many places there are at the switch is kept with it: nothing of g goes by there being fewer of them later."""
    told = cast("dict[str, Json]", canonical.decode(kept))
    return canonical.encode({**told, _PLACES: tx.count("backup_place", space=desk.space)})


def _begin_destroy(turn: _Turn) -> None:
    """The intention is in the ledger, and the ledger in its mirror, before the provider is asked."""
    proof = Proof(current_is_new=_opens(turn))
    with turn.desk.store.write() as tx:
        _note(tx, turn, State.DESTROYING, proof, turn.kept)
        append(
            tx, turn.desk.space, stamp(turn.desk.clock.now()), "destroy-intended", {"vault": turn.vault, "g": turn.old}
        )
    turn.state = State.DESTROYING


def _destroy(turn: _Turn) -> None:
    catch_up(turn.desk)
    turn.desk.keys.destroy(keyring_ref(turn.kept), turn.desk.clock.now())


def _confirm(turn: _Turn) -> None:
    """The provider's own words, then what waited for them: erasures up to g are final."""
    desk, ref = turn.desk, keyring_ref(turn.kept)
    shares.forget(desk, turn.vault, turn.old)
    forget_generation(desk, turn.vault, turn.old)
    desk.finder.drop_keys(turn.vault, turn.old)
    done, attested = old_root.ended(desk, turn.kept)
    terms = desk.keys.terms(ref)
    with desk.store.read() as tx:
        paper = spared(tx, cast("Row", one(tx, "vault", id=turn.vault)), turn.old)
        lost = {*lost_below(tx, turn.vault, turn.old), *([ATTESTED] if attested else [])}
        paper += [*sorted(lost, reverse=True), *foreign.spared(tx, turn.vault)]
    result: dict[str, Json] = {"g": turn.old, "effective_at": stamp(done.effective_at), "assurance": done.assurance,
                               "provider": terms.provider, "spares": [*terms.spares, *paper]}  # fmt: skip
    with desk.store.write() as tx:
        says: dict[str, Json] = {"vault": turn.vault, **result, **({"attested": True} if attested else {})}
        detail: dict[str, Json] = {"ref": ref, "to": turn.new}
        _note(tx, turn, State.DESTROYED, Proof(old_root="gone" if attested else desk.keys.state(ref)), turn.kept)
        note_order(tx, turn.vault, says, detail)
        append(tx, desk.space, stamp(desk.clock.now()), "root-destroyed", says, detail=detail)
        # Roots between the old one and this were strays, which whoever rotates ordered to go before.
        make_final(tx, turn.vault, turn.new, stamp(done.effective_at))
    turn.state = State.DESTROYED


_STEPS: Final[Mapping[Step, Callable[[_Turn], None]]] = {
    Step.CREATE: _create,
    Step.ESCROW: _escrow,
    Step.SWITCH: _switch,
    Step.BACK_UP: _back_up,
    Step.BEGIN_DESTROY: _begin_destroy,
    Step.DESTROY: _destroy,
    Step.CONFIRM: _confirm,
}


def _move(turn: _Turn, to: State, proof: Proof, kept: bytes, needs: Needs = _NONE) -> None:
    with turn.desk.store.write() as tx:
        _note(tx, turn, to, proof, kept, needs)
    turn.state, turn.kept = to, kept


def _note(tx: Transaction, turn: _Turn, to: State, proof: Proof, kept: bytes, needs: Needs = _NONE) -> None:
    """Enter `to`; the engine refuses what does not follow or was not shown."""
    state = advance(turn.state, to, proof, needs)
    tx.change("rotation", {"state": str(state), "detail": kept}, vault=turn.vault, to_g=turn.new)


def _pending(turn: _Turn) -> bytes | None:
    """The key that is not in force yet, from the provider; None where its root answers and does not open, and was made again, which a turn does once."""
    value = cast("dict[str, str]", canonical.decode(turn.kept))
    try:
        return turn.desk.keys.unwrap(value["ref"], unb64(value["key"]))
    except CustodyError as error:
        if turn.again or not never_opens(error):
            raise
        require_live(turn.desk, turn.vault)
        turn.barred, turn.again = error.slug, True
    _create(turn)
    return None


def _opens(turn: _Turn) -> bool:
    """The new root opens everything: unwrapped anew, every page under the head, every wrap of this generation."""
    with turn.desk.store.read() as tx:
        ring = open_keyring(turn.desk, tx, turn.vault)
        check_pages(tx, ring)
        others = tx.count("page", vault=turn.vault) - tx.count("page", vault=turn.vault, wrap_g=turn.new)
    return ring.generation == turn.new and not others


def _keyring(tx: Transaction, vault: str) -> bytes:
    row = one(tx, "vault", id=vault)
    assert row is not None
    return cast("bytes", row["keyring"])


def _left_behind(desk: Desk, vault: str, generation: int) -> str:
    """Where the root of a generation lay that was in force, when the folder of its time was lost with a home that was restored since; '' where that is not so."""
    with desk.store.read() as tx:
        restored = next((each for each in entered(tx, desk.space, "restored") if each.says["vault"] == vault), None)
        if restored is None or "lost" not in restored.says:
            return ""
        told = cast("Row", one(tx, "opening", space=desk.space, position=restored.position))
        before = cast("dict[str, Json]", canonical.decode(cast("bytes", told["detail"])))
        switched_to = (each.says for each in entered(tx, desk.space, SWITCHED))
        stood = generation == 1 or any((says["vault"], says["g"]) == (vault, generation) for says in switched_to)
    ref = f"{vault}-{generation}"
    return ref if stood and before["ref"] != ref and desk.keys.terms(str(before["ref"])).elsewhere else ""


def _note_left(desk: Desk, vault: str, generation: int, ref: str) -> None:
    """Nobody destroyed it: it is a lost root like that of the generation that came back."""
    shares.withdraw(desk, vault, generation)
    forget_generation(desk, vault, generation)
    with desk.store.write() as tx:
        now, says = stamp(desk.clock.now()), cast("dict[str, Json]", {"vault": vault, "g": generation})
        note_lost(tx, vault, generation, ref, append(tx, desk.space, now, "root-lost", says, detail={"ref": ref}))


def destroy_stray(desk: Desk, vault: str, generation: int) -> None:
    """A root that nothing stands under: a restore went past it. It dies, and with it what else was of its generation."""
    with desk.store.read() as tx:
        row = one(tx, "vault", id=vault)
    assert row is not None
    in_force = cast("int", row["generation"])
    assert in_force != generation
    catch_up(desk)
    live, now = keyring_ref(cast("bytes", row["keyring"])), desk.clock.now()
    made = roots_of(desk, vault, generation)
    for ref in made.bare:
        destroy_bare(desk, ref)
    done = [(desk.keys.destroy(ref, now), ref) for ref in made.there if ref != live]
    if lost := next(iter(made.away), "") or ("" if done else _left_behind(desk, vault, generation)):
        _note_left(desk, vault, generation, lost)
        return
    # A root that was never made, or went before its entry was written, went now as far as anybody can say.
    last, ref = max(done, default=(Destroyed(now, desk.keys.terms().assurance), ""))
    shares.withdraw(desk, vault, generation)
    forget_generation(desk, vault, generation)
    with desk.store.write() as tx:
        says: dict[str, Json] = {"vault": vault, "g": generation, "effective_at": stamp(last.effective_at), "assurance": last.assurance}  # fmt: skip
        note_order(tx, vault, says, {"ref": ref})
        append(tx, desk.space, stamp(desk.clock.now()), "root-destroyed", says, detail={"ref": ref, "live": in_force})
        # What was erased under the root in force, or later, still opens by the root in force.
        make_final(tx, vault, min(generation + 1, in_force), stamp(last.effective_at))

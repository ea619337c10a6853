"""What happened after the backup, done again from the journal: erasures, holds, the fate of roots (spec/vault.md §21).

An erasure zeroes a slot only where it finds the key of its key id; everything else in the journal is reported, not
guessed at.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, cast

from custody.acts import deal_roots, let_go, parted, shut_again
from custody.acts.about import about, gone, open_detail
from custody.acts.counter import next_number, set_least
from custody.acts.destroys import Asked, attest, make_final, move, note_lost, note_order, seen_gone, unseen
from custody.acts.doomed import gone_with_deal
from custody.acts.erasing import ERASED, LIVE, TAKEN_OVER, drop_revisions, forget
from custody.acts.generations import FILLED
from custody.acts.list_anew import ENTRY as ANEW
from custody.acts.list_anew import begun_anew
from custody.acts.list_moved import MOVED, moved_to
from custody.acts.marks import Place
from custody.acts.renewing import CHANGED, RENEWED
from custody.acts.restoring import Blank, Entry, Journal
from custody.acts.rotate import unfinished
from custody.acts.slots import set_next
from custody.acts.stated import restate
from custody.acts.stood_in import LOSSES, StoodIn
from custody.acts.suppressing import ENTRY as SUPPRESSED
from custody.acts.suppressing import LIFTED, put_back, take_off
from custody.acts.vaults import (
    RESTORED,
    Keyring,
    pack_slots,
    rewrite_page,
    save_head,
    slot_places,
    slots_of,
    unlist,
)
from custody.base.canonical import Json
from custody.base.errors import Broken, Missing
from custody.ports.store import Cells, Transaction, one
from custody.vault.page import SLOTS
from custody.vault.page import replay as zero_again
from custody.vault.record import parse
from custody.vault.rotation import State

_ROUND: Final = 32
_SILENT: Final = frozenset((
    "statement", "backed-up", "shredded", "root-intended", "root-switched", "destroy-intended", "root-destroyed", "root-lost",
    "shares-deposited", "backup-key-changed", "segment-lost", "segment-changed", "deal-key-gone", "deal-key-back", "root-made-again",
))  # fmt: skip


@dataclass(slots=True)
class Replay:
    """One restore's replay over every vault; `undone` counts acts after the facts that are in no backup, by kind."""

    blank: Blank
    tx: Transaction
    told: Journal
    facts: int
    rings: dict[str, Keyring]
    undone: Counter[str] = field(default_factory=Counter)
    erased: int = 0
    relisted: int = 0
    access: Counter[str] = field(default_factory=Counter)
    """How many rows of people, tokens, grants, members, links or holders each kind of entry changed again."""
    before: dict[tuple[str, int, int, int], tuple[int, tuple[int, int, int, str]]] = field(default_factory=dict)
    """{(vault, slot that a renewal filled): (entry, the slot that it emptied and its key id)}."""
    endless: set[tuple[str, bytes, str]] = field(default_factory=set)
    """Holds (vault, person, reason) whose end nobody can read any more: they stand until they are released."""
    next: defaultdict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    """{vault: {compartment: the next free slot by the entries so far}}."""
    untold: defaultdict[str, list[tuple[int, Mapping[int, range]]]] = field(default_factory=lambda: defaultdict(list))
    """{vault: (entry, the slots that it filled) of take-overs after the facts that do not say what moved where}."""
    late: defaultdict[str, set[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(set))
    """{vault: slots erased after the facts}."""
    ended: defaultdict[str, set[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(set))
    """{vault: those of them that an act erased stretch by stretch, as a deal's end does}."""

    away: set[str] = field(default_factory=set)
    """Vaults that a release filled and these facts lack: what was erased and held there stands when it is received again (acts/taking_first.py)."""
    stood: StoodIn = field(default_factory=StoodIn)
    released: set[str] = field(default_factory=set)
    """Vaults of which the journal told what a release let go of after the facts."""

    def run(self) -> None:
        """Every entry in order, then the heads and the states."""
        for entry in self.told.since():
            act, whole = _ACTS.get(entry.kind), _OF_PARTY.get(entry.kind)
            if whole is not None:
                whole(self, entry)
            if entry.number >= self.facts:
                self._access(entry)
            if entry.kind == FILLED and entry.vault not in self.rings:
                self.away.add(entry.vault)
            if entry.vault in self.rings or entry.vault in self.away:
                self._of_vault(entry, act)
            if entry.kind == "statement" and entry.number >= self.facts:
                self.signed(entry)
            known = act is not None or whole is not None or entry.kind in shut_again.ACTS
            if not known and entry.number >= self.facts and entry.kind not in _SILENT:
                self.undone[entry.kind] += 1
        for vault, ring in self.rings.items():
            self._forget(vault, self.late[vault])
            self._settle(vault)
            if vault in self.released:
                let_go.follow(self.tx, vault, self._came_from(vault))
            head = save_head(self.tx, ring)
            self.rings[vault] = replace(ring, head=head)
            self.tx.change("vault", {"state": RESTORED}, id=vault)

    def _access(self, entry: Entry) -> None:
        """Who was let go after the facts is let go again."""
        shut_again.served(self.tx, entry)
        if (again := shut_again.ACTS.get(entry.kind)) is not None:
            self.access[entry.kind] += again(self.tx, self.blank.space, entry)

    def _of_vault(self, entry: Entry, act: "Callable[[Replay, Entry], None] | None") -> None:
        """What an entry does to the vault that it is about, which is here or received again one day."""
        if entry.kind == "index-begun":
            set_least(self.tx, f"index-epoch:{entry.vault}", cast("int", entry.says["epoch"]))
        self.stood.told(entry)
        if entry.kind in LOSSES and entry.number >= self.facts and entry.vault in self.rings:
            self.lost(entry)
        if act is not None:
            act(self, entry)
        for compartment, after in cast("Mapping[str, int]", entry.says.get("next", {})).items():
            self.next[entry.vault][compartment] = after
            set_next(self.tx, entry.vault, int(compartment), after)

    def signed(self, entry: Entry) -> None:
        """Put back where its entry holds it; else counted by its kind and its deal: no row tells of it."""
        told = entry.detail
        known = restate(self.tx, entry.number, entry.at, entry.says, told)
        if known is not None:
            self.released.add(str(known["vault"]))
        else:
            matter = str(told.get("matter", ""))
            row = one(self.tx, "matter", id=matter)
            self.undone[f"statement:{entry.says['statement']!s}:{str(row['ref']) if row else matter}"] += 1

    def erase(self, entry: Entry) -> None:
        """By place and key id on the keys; on the facts only what they do not know yet."""
        late, taken, moved = entry.number >= self.facts, entry.says.get("part") == TAKEN_OVER, "moved" in entry.detail
        if late and taken:  # nobody was erased: what the backup holds is whole, and is taken over again
            self.renewed(entry) if moved else self._untold(entry)
            return
        if late and moved:
            # What that part left of its people went to keys that these facts do not know: it is lost, and the report says so.
            self.undone[f"moved:{entry.says['part']!s}"] += len(cast("list[Json]", entry.detail["moved"]))
        named = cast("list[tuple[int, int, int, str]]", entry.detail.get("slots", []))
        gone = [*named, *(old for one_slot in named for old in self._earlier(entry.vault, one_slot))]
        self._told_of_untold(entry.vault, gone)
        self._gone(entry, gone)

    def _untold(self, entry: Entry) -> None:
        """Keys that came gave way to others, and nobody noted whose to which: of a home of before `moved`."""
        after, known = cast("Mapping[str, int]", entry.says.get("next", {})), self.next[entry.vault]
        filled = {int(number): range(known.get(number, 0), last) for number, last in after.items()}
        self.untold[entry.vault].append((entry.number, filled))

    def _told_of_untold(self, vault: str, gone: list[tuple[int, int, int, str]]) -> None:
        """Somebody who was taken over so was erased afterwards: who it was nobody can tell, and none of them comes back by mistake."""
        waiting = self.untold[vault]
        if not any(
            page * SLOTS + slot in filled.get(number, ()) for number, page, slot, _ in gone for _, filled in waiting
        ):
            return
        numbers = {number for number, _ in waiting}
        self.untold[vault] = []
        for entry in self.told.since(min(numbers)):
            if entry.number in numbers:
                slots = cast("list[tuple[int, int, int, str]]", entry.detail["slots"])
                self.undone[f"moved:{TAKEN_OVER}"] += len(slots)
                self._gone(entry, slots)

    def _gone(self, entry: Entry, gone: list[tuple[int, int, int, str]]) -> None:
        by_page: dict[tuple[int, int], list[tuple[int, str]]] = defaultdict(list)
        for compartment, page, number, key in gone:
            by_page[compartment, page].append((number, key))
        for place, inside in sorted(by_page.items()) if entry.vault in self.rings else ():
            self._zero(self.rings[entry.vault], place, inside)
        if entry.number >= self.facts:
            self._note(entry, gone)
            places = {(compartment, page, number) for compartment, page, number, _ in gone}
            self.late[entry.vault] |= places
            self.ended[entry.vault] |= places if "act" in entry.says and "reason" not in entry.says else set()

    def renewed(self, entry: Entry) -> None:
        """Not done again: what a backup of before holds is whole there. But who is erased later is erased where they were, too."""
        ids_of = {(compartment, page, number): key for compartment, page, number, key in
                  cast("list[tuple[int, int, int, str]]", entry.detail["slots"])}  # fmt: skip
        for compartment, page, number, *after in cast("list[list[int]]", entry.detail["moved"]):
            old = compartment, page, number
            self.before[entry.vault, compartment, after[0], after[1]] = entry.number, (*old, ids_of[old])

    def turned(self, entry: Entry) -> None:
        """The vault writes in the suite that the last of these entries names, whatever the backup says."""
        if entry.vault in self.away:
            return
        ring, suite = self.rings[entry.vault], cast("int", entry.says["suite"])
        self.rings[entry.vault] = replace(ring, head=replace(ring.head, suite=suite))
        self.tx.change("vault", {"suite": suite}, id=entry.vault)

    def _earlier(self, vault: str, slot: tuple[int, int, int, str]) -> list[tuple[int, int, int, str]]:
        """The slots from which renewals brought somebody to this one, where the facts do not know of it."""
        found: list[tuple[int, int, int, str]] = []
        place = slot[:3]
        while (step := self.before.get((vault, *place))) is not None:
            number, old = step
            found += [old] if number >= self.facts else []
            place = old[:3]
        return found

    def _came_from(self, vault: str) -> Mapping[Place, Place]:
        """{slot that a renewal after the facts filled: where that person is in the facts}: what was let go there is let go here."""
        late = [key[1:] for key, (number, _) in self.before.items() if key[0] == vault and number >= self.facts]
        return {place: self._earlier(vault, (*place, ""))[-1][:3] for place in late}

    def hold(self, entry: Entry) -> None:
        """Set or release, unless its subject was erased afterwards."""
        if entry.number < self.facts:
            return
        subject, said = parse(entry.raw.detail).subject, self._about(entry)
        row = one(self.tx, "subject", vault=entry.vault, id=subject)
        if said is None and row is not None and row["state"] != LIVE:
            return  # whoever is not here at all came after the backup: held when they are received again
        where: Cells = {"vault": entry.vault, "subject": subject, "reason": str(entry.says["reason"])}
        self.tx.drop("hold", **where)
        self.endless.discard(named := (entry.vault, subject, str(where["reason"])))
        if entry.kind == "hold-set":
            # Their key came after the backup and is lost, so nobody can read until when: held until somebody says so.
            until = "" if said is None else str(said["until"])
            self.tx.add("hold", [{**where, "until": until, "by": str(entry.says.get("by", ""))}])
            self.endless.update([named] if said is None else [])

    def destroyed(self, entry: Entry) -> None:
        """Erasures of before the root that came after are final at that date, and somebody goes on asking about this one."""
        if entry.number < self.facts:
            return
        told, after = entry.detail, cast("int", entry.says["g"]) + 1
        if "ref" in told:
            note_order(self.tx, entry.vault, entry.says, told)
        if entry.vault in self.away:
            return  # the keys come again, in what the seller handed over: nothing of it is final
        below = min(after, cast("int", told["live"])) if "live" in told else cast("int", told.get("to", after))
        make_final(self.tx, entry.vault, below, str(entry.says["effective_at"]))

    def lost(self, entry: Entry) -> None:
        """A root that was lost then, and for which another one was put: somebody goes on asking about it."""
        told = {"ref": entry.says.get("lost", ""), **entry.detail}
        if entry.kind == "root-lost":
            note_lost(self.tx, entry.vault, cast("int", entry.says["g"]), str(told["ref"]), entry.number)
        if "now" in told and told["now"] != told["ref"]:
            note_lost(self.tx, entry.vault, cast("int", entry.says["g"]), str(told["ref"]), entry.number)

    def gone(self, entry: Entry) -> None:
        """Nobody asks about that root any more."""
        for asked in self._asked(entry):
            seen_gone(self.tx, entry.vault, asked, entry.at)

    def moved(self, entry: Entry) -> None:
        """That root goes at another date, and so does what hung on it."""
        for asked in self._asked(entry):
            move(self.tx, entry.vault, asked, str(entry.says["effective_at"]))

    def attested(self, entry: Entry) -> None:
        """Two people said that it went with what it lay on."""
        for asked in self._asked(entry):
            attest(self.tx, entry.vault, asked, str(entry.says["effective_at"]))

    def _asked(self, entry: Entry) -> list[Asked]:
        every = unseen(self.tx, entry.vault) if entry.number >= self.facts else ()
        lost = {"lost": entry.says["lost"]} if "lost" in entry.says else {}
        return [asked for asked in every if asked.generation == entry.says["g"] and asked.lost == lost]

    def _about(self, entry: Entry) -> Mapping[str, Json] | None:
        """What an entry says of its subject; None when the subject is not here, or has no key any more."""
        subject = parse(entry.raw.detail).subject
        row = one(self.tx, "subject", vault=entry.vault, id=subject)
        try:
            who = about(self.tx, self.rings[entry.vault], subject, cast("bytes", row["slots"])) if row else None
            return open_detail(entry.raw.detail, who, entry.number) if who else None
        except Missing:
            return None
        except Broken as error:
            if not gone(error):
                raise
            return None

    def _zero(self, ring: Keyring, place: tuple[int, int], inside: list[tuple[int, str]]) -> None:
        if one(self.tx, "page", vault=ring.vault, compartment=place[0], page=place[1]) is None:
            return
        slots = slots_of(self.tx, ring, *place)
        met = zero_again(slots, ((number, bytes.fromhex(key)) for number, key in inside))
        if met:
            rewrite_page(self.tx, ring, *place, slots)
            unlist(self.tx, ring.vault, place, met)
            self.erased += len(met)

    def _note(self, entry: Entry, gone: list[tuple[int, int, int, str]]) -> None:
        first = next_number(self.tx, f"erasure:{entry.vault}") << _ROUND
        self.tx.add("erasure", [
            {"vault": entry.vault, "seq": first + place, "compartment": compartment, "page": page, "slot": number,
             "key_id": bytes.fromhex(key), "generation": cast("int", entry.says["g"]), "final_at": ""}
            for place, (compartment, page, number, key) in enumerate(gone)
        ])  # fmt: skip

    def _forget(self, vault: str, places: set[tuple[int, int, int]]) -> None:
        """One passage over the facts for every erasure that they do not know: slots are never used twice."""
        rows = self.tx.columns("subject", ("id", "slots"), vault=vault, state=LIVE) if places else ()
        every = ((cast("bytes", subject), slot_places(cast("bytes", slots))) for subject, slots in rows)
        met = [(subject, held) for subject, held in every
               if not places.isdisjoint((number, *place) for number, place in held.items())]  # fmt: skip
        parted.note_again(self.tx, vault, met, places)
        for subject, held in met:
            left = {compartment: place for compartment, place in held.items() if (compartment, *place) not in places}
            if not left:
                forget(self.tx, vault, subject)
                continue
            for compartment in held.keys() - left.keys():
                self.tx.drop("record", vault=vault, subject=subject, compartment=compartment)
            drop_revisions(self.tx, vault, subject)
            self.tx.change("subject", {"slots": pack_slots(left)}, vault=vault, id=subject)
            with_deal = any((compartment, *place) in self.ended[vault] for compartment, place in held.items())
            if with_deal and not self.tx.count("record", vault=vault, subject=subject):
                gone_with_deal(self.tx, vault, {subject})

    def suppress(self, entry: Entry) -> None:
        """Whoever was put on the list after the backup is on it again."""
        if entry.number >= self.facts:
            put_back(self.tx, self.blank.space, entry.at, entry.says, entry.detail)
            self.relisted += 1

    def lift(self, entry: Entry) -> None:
        """Whoever was taken off after the backup is off again."""
        if entry.number >= self.facts:
            take_off(self.tx, self.blank.space, entry.detail)

    def anew(self, entry: Entry) -> None:
        """The list began anew after the backup: what stood on it under the lost key is on no list."""
        if entry.number >= self.facts:
            begun_anew(self.tx, self.blank.space, entry.detail)

    def list_moved(self, entry: Entry) -> None:
        """Its key went to another provider after the backup: where it lay then is perhaps not there any more."""
        if entry.number >= self.facts:
            moved_to(self.tx, self.blank.space, entry.detail)

    def deal_key(self, entry: Entry) -> None:
        """The root of an invitation's key was ordered to go after the backup: somebody goes on asking about it."""
        if entry.number >= self.facts:
            deal_roots.ordered(self.tx, entry.says, entry.detail, entry.at)

    def deal_key_attested(self, entry: Entry) -> None:
        """Two people said that what it lay on was destroyed."""
        if entry.number >= self.facts:
            deal_roots.attest(self.tx, str(entry.says["matter"]), cast("int", entry.says["n"]), entry.at)

    def _settle(self, vault: str) -> None:
        """Rotations that the loss cut off are dropped; what they left of roots goes after the next one."""
        for row in unfinished(self.tx, vault):
            self.tx.change("rotation", {"state": str(State.ABANDONED)}, vault=vault, to_g=row["to_g"])
        for entry in self.told.since():
            if entry.vault == vault and entry.kind == "root-intended":
                to_g = cast("int", entry.says["g"])
                if one(self.tx, "rotation", vault=vault, to_g=to_g) is None:
                    made: Cells = {"vault": vault, "to_g": to_g, "from_g": 0, "state": str(State.ABANDONED), "detail": b""}  # fmt: skip
                    self.tx.add("rotation", [made])


_ACTS: Final[Mapping[str, Callable[[Replay, Entry], None]]] = {
    ERASED: Replay.erase,
    RENEWED: Replay.renewed,
    CHANGED: Replay.turned,
    "hold-set": Replay.hold,
    "hold-released": Replay.hold,
    "root-destroyed": Replay.destroyed,
    "root-gone": Replay.gone,
    "destroy-cancelled": Replay.moved,
    "root-found": Replay.moved,
    "root-attested": Replay.attested,
}
_OF_PARTY: Final[Mapping[str, Callable[[Replay, Entry], None]]] = {
    SUPPRESSED: Replay.suppress,
    LIFTED: Replay.lift,
    ANEW: Replay.anew,
    MOVED: Replay.list_moved,
    deal_roots.ORDERED: Replay.deal_key,
    deal_roots.ATTESTED: Replay.deal_key_attested,
}

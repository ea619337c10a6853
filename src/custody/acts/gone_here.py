"""Which keys of a later release were erased at the buyer: they stay away, unless a recall took them (spec/package.md §5).

A key is known by its id, whatever it lay under since. What the newest entry that names it says of it counts: that of a recall names the
keys as they came, beside the slots it zeroed.
"""

from collections.abc import Collection, Mapping
from functools import cached_property
from itertools import chain
from typing import cast

from custody.acts.entries import KIND, positions
from custody.acts.erasing import ERASED, TAKEN_OVER
from custody.acts.recalled_keys import CAME, RECALL
from custody.acts.renewing import RENEWED
from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction, one


class GoneHere:
    """What was erased in one vault. The ledger is read once, and only when a key is asked for that was here."""

    def __init__(self, tx: Transaction, space: str, vault: str) -> None:
        self._tx, self._space, self._vault = tx, space, vault

    def among(self, keys: Collection[bytes]) -> set[bytes]:
        """Those of these key ids that were erased here, and not called back since."""
        here = self.ever(keys)
        return here - self.called_back if here else here

    def taken_back(self, keys: Collection[bytes]) -> set[bytes]:
        """Those of these key ids that were here until a recall took them."""
        here = self.ever(keys)
        return here & self.called_back if here else here

    def whole(self, keys: Collection[bytes]) -> set[bytes]:
        """Those of these key ids with which all of their person went, as far as anybody can tell."""
        return self._with_everything & set(keys) if keys else set()

    def ever(self, keys: Collection[bytes]) -> set[bytes]:
        """Those of these key ids that were erased here, whether or not a recall took them."""
        rows = self._tx.among("erasure", ("key_id",), "key_id", keys, vault=self._vault) if keys else ()
        return {cast("bytes", key) for (key,) in rows}

    def came_since(self, away: Collection[bytes], back: Collection[bytes]) -> bool:
        """Whether somebody had come again between a recall, which took `back` of theirs, and the erasure of `away` here."""
        taken, own = self._newest
        return min(own.get(key, -1) for key in away) > max(taken[key] for key in back)

    @property
    def called_back(self) -> set[bytes]:
        """The keys of which the newest entry says that a recall took them."""
        return set(self._newest[0])

    @cached_property
    def _newest(self) -> tuple[Mapping[bytes, int], Mapping[bytes, int]]:
        """({key: the recall that took it last}, {key: the entry by which this company erased it last}).

        What a recall says came is the seller's word: it brings back no key that this company erased itself.
        """
        back, own = dict[bytes, int](), dict[bytes, int]()
        for number in self._numbers:
            says, detail = self._entry(number)
            if says.get("vault") != self._vault:
                continue
            zeroed = {bytes.fromhex(str(slot[3])) for slot in cast("list[list[Json]]", detail.get("slots", []))}
            if says.get("reason") == RECALL:  # in place: there may be as many entries as keys
                came = cast("list[str]", detail.get(CAME, ())) if CAME in detail else self._came(number, detail)
                back |= dict.fromkeys(zeroed | ({bytes.fromhex(key) for key in came} - own.keys()), number)
            else:
                zeroed |= {
                    bytes.fromhex(key) for key in cast("list[str]", detail.get(CAME, ()))
                }  # a recall had taken them
                back = {key: at for key, at in back.items() if key not in zeroed} if zeroed & back.keys() else back
                own |= (
                    {} if "moved" in detail else dict.fromkeys(zeroed, number)
                )  # what moved is held still, under another key
        return back, own

    def _came(self, number: int, detail: Mapping[str, Json]) -> set[str]:
        """Under which keys it came, of a recall that does not say: of the slots that were moved to those it zeroed."""
        slots = {tuple(slot[:3]) for slot in cast("list[list[Json]]", detail.get("slots", []))}
        keys = set[str]()
        for earlier in reversed(self._numbers[: self._numbers.index(number)]):
            says, told = self._entry(earlier)
            if says.get("vault") != self._vault or "moved" not in told:
                continue
            named = {tuple(slot[:3]): str(slot[3]) for slot in cast("list[list[Json]]", told["slots"])}
            for compartment, page, slot, *after in cast("list[list[int]]", told["moved"]):
                if (compartment, *after) in slots:
                    slots.add((compartment, page, slot))
                    keys.add(named[compartment, page, slot])
        return keys

    @cached_property
    def _with_everything(self) -> set[bytes]:
        """The keys that went with a whole person, under whichever they lay by then: read backwards, so that what was moved is known by where it went."""
        acts, keys, met, slots = self._acts_on_people, set[bytes](), set[bytes](), set[tuple[Json, ...]]()
        for number in reversed(self._numbers):
            says, detail = self._entry(number)
            if says.get("vault") != self._vault:
                continue
            named = {
                tuple(slot[:3]): bytes.fromhex(str(slot[3]))
                for slot in cast("list[list[Json]]", detail.get("slots", []))
            }
            steps = {
                tuple(step[:3]): (step[0], *step[3:]) for step in cast("list[list[Json]]", detail.get("moved", []))
            }
            everything = says.get("act", number) in acts or (says.get("part") == TAKEN_OVER and "moved" not in detail)
            gone = {place for place in named if everything or steps.get(place) in slots}
            slots |= gone
            keys |= {named[place] for place in gone} - met  # of several entries the newest counts
            met |= set(named.values())
        return keys

    @cached_property
    def _acts_on_people(self) -> set[Json]:
        """Entries, and acts of several, by which people went as a whole."""
        said = ((number, self._entry(number)[0]) for number in self._numbers)
        return {says.get("act", number) for number, says in said if says.get("subjects")}

    @cached_property
    def _numbers(self) -> list[int]:
        """The entries by which keys went, in order."""
        numbers = (positions(self._tx, self._space, KIND, f"entry.{kind}") for kind in (ERASED, RENEWED))
        return sorted(chain.from_iterable(numbers))

    def _entry(self, number: int) -> tuple[Mapping[str, Json], Mapping[str, Json]]:
        """(what an entry says, its opening)."""
        entry = one(self._tx, "ledger_entry", space=self._space, position=number)
        opening = one(self._tx, "opening", space=self._space, position=number)
        says = _read(entry, "entry").get("says", {})
        return cast("Mapping[str, Json]", says), _read(opening, "detail")


def _read(row: Row | None, column: str) -> Mapping[str, Json]:
    return cast("Mapping[str, Json]", canonical.decode(cast("bytes", row[column]))) if row else {}

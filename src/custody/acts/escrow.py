"""Recovery shares of the live keyring key, sealed to their holders, in an escrow store outside every backup (§23).

Beside the shares lies a list that says whose each is, in clear: it is all a holder needs when nothing else is left.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from custody.acts.desk import Desk
from custody.acts.holders import FEWEST, enough, key_name, needed, standing
from custody.acts.residency import require_escrow
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.errors import Broken, CustodyError, Denied, Malformed, Missing
from custody.ports.files import Files
from custody.ports.store import Row, one
from custody.vault import shares
from custody.vault.escrow import HolderKey, seal_share
from custody.vault.shares import Share

LIST: Final = "holders.json"
MARKER: Final = "CUSTODY-ESCROW"
"""In each place: without it one that was written to is not there."""
Key: TypeAlias = HolderKey
KEYS: Final = "keys/holders"
_GIVEN: Final = "recovery"
_LISTS: Final = re.compile(rf"([^/]+)/([0-9]{{20}})/{re.escape(LIST)}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list of one generation says: whose share x is, by the hash of the holder's public key."""

    vault: str
    name: str
    party: str
    generation: int
    holders: Mapping[int, Mapping[str, str]]

    def number_of(self, key: HolderKey) -> int | None:
        """The share of this key; None when there is none."""
        mine = key_name(key.public)
        return next((x for x, one_holder in self.holders.items() if one_holder["key"] == mine), None)


def open_key(blob: bytes, passphrase: bytes) -> HolderKey:
    """A holder's key from its file. Raises Malformed `escrow.key`, Broken `escrow.passphrase`."""
    return HolderKey.open_private(blob, passphrase)


def wanted(desk: Desk) -> int:
    """How many places must hold the shares: none where too few of those who were named are left."""
    with desk.store.read() as tx:
        ended = needed(tx, desk.space) is not None and not enough(tx, desk.space)
    return 0 if ended else len(desk.outside.escrow)


def deposit(desk: Desk, vault: str, key: bytes, generation: int) -> int:
    """Split, seal, write, read back; returns in how many places all shares lie. Raises Missing `escrow.holders`, Refused `residency.*`.

    Where so many of the holders have left that the others could open nothing, nothing is deposited: sheets alone bring the key back.
    """
    if not desk.outside.escrow:
        return 0
    require_escrow(desk)
    with desk.store.read() as tx:
        holders, k, mine = standing(tx, desk.space), needed(tx, desk.space), one(tx, "vault", id=vault)
    if k is None:
        raise Missing("escrow.holders", "An escrow store is set up, and nobody was named a holder.",
                      next="custody recovery join, by each holder; then custody recovery deposit")  # fmt: skip
    if len(holders) < k:
        withdraw(desk, vault, generation)  # what an attempt of before wrote for those who left since
        return 0
    made = shares.split(key, k, len(holders), generation)
    blobs = {_name(vault, generation, share.x): seal_share(ids.id_bytes(vault), share, cast("bytes", holder["public"]))
             for share, holder in zip(made, holders, strict=True)}  # fmt: skip
    blobs[f"{folder(vault, generation)}/{LIST}"] = _list(desk, mine, generation, holders)
    desk.files.remove(_given(vault, generation))  # shares of a former deposit, which do not mix with these
    blobs[MARKER] = b"Sealed recovery shares of custody. Each opens with its holder's key alone.\n"
    for place in desk.outside.escrow:
        place.remove(folder(vault, generation))
        for name, blob in blobs.items():
            place.write(name, blob, secret=True)
        if any(place.read(name) != blob for name, blob in blobs.items()):
            raise Broken(
                "escrow.readback", "A place of the escrow store does not return what it was given.", kind="altered"
            )
    return len(desk.outside.escrow)


def withdraw(desk: Desk, vault: str, generation: int) -> None:
    """Remove the shares of one generation alone, and those that holders gave each other: the shares of a key that something stands under stay until its root goes."""
    for place in desk.outside.escrow:
        place.remove(folder(vault, generation))
    desk.files.remove(_given(vault, generation))


def forget(desk: Desk, vault: str, generation: int) -> None:
    """The same of a generation whose root goes, and of any before it."""
    for place in desk.outside.escrow:
        for old in {int(name.split("/")[1]) for name in place.list(vault)}:
            if old <= generation:
                place.remove(folder(vault, old))
    desk.files.remove(_given(vault, generation))


def astray(desk: Desk, vault: str, generation: int) -> bool:
    """Whether a place has a share of this generation for whoever is no holder any more. Raises Unavailable where one does not answer."""
    with desk.store.read() as tx:
        known = {key_name(cast("bytes", row["public"])) for row in standing(tx, desk.space)}
    return any(not known.issuperset(_keys(place, vault, generation)) for place in desk.outside.escrow)


def short(desk: Desk, vault: str, generation: int) -> int:
    """In how many places no shares of this generation lie that would open it, by what lists and names there say. Raises as `astray`."""
    with desk.store.read() as tx:
        known, k = {key_name(cast("bytes", row["public"])) for row in standing(tx, desk.space)}, needed(tx, desk.space)
    return sum(len(known & _keys(place, vault, generation)) < (k or FEWEST) for place in desk.outside.escrow)


def own_share(places: Sequence[Files], vault: str, generation: int, key: HolderKey) -> tuple[Listed, Share]:
    """A holder's own share, opened. Raises Missing `escrow.missing`, Denied `escrow.not-holder`, Broken `escrow.share`."""
    listed, found = own_shares(places, vault, generation, key)
    return listed, found[0]


def own_shares(places: Sequence[Files], vault: str, generation: int, key: HolderKey) -> tuple[Listed, list[Share]]:
    """A holder's own share of every set that lies in some place: of several where a deposit was cut off between two places. Raises as `own_share`.

    Whatever is altered or lacking in one place is in the way of no other.
    """
    lists = _lists(places, vault, generation)
    listed = next((one_list for one_list in lists if one_list.number_of(key) is not None), None)
    if listed is None:
        raise Denied("escrow.not-holder", "This key holds no share of this vault's generation.",
                     next="Holders are those whom custody recovery deposit named.")  # fmt: skip
    found: dict[tuple[object, ...], Share] = {}
    fault: CustodyError | None = None
    for place in places:
        for number in sorted({number for one_list in lists if (number := one_list.number_of(key)) is not None}):
            try:
                share = key.open(ids.id_bytes(vault), generation, number, place.read(_name(vault, generation, number)))
                found.setdefault((share.x, *_set(share)), share)
            except CustodyError as error:
                fault = error if fault is None or isinstance(error, Broken) else fault
    if not found:
        raise fault or _missing()
    return listed, list(found.values())


def _lists(places: Sequence[Files], vault: str, generation: int) -> list[Listed]:
    """Each place's list, of those that can be read. Raises what the last of them raised where none can."""
    found: list[Listed] = []
    fault: CustodyError = _missing()
    for place in places:
        try:
            found.append(read_list((place,), vault, generation))
        except CustodyError as error:
            fault = error
    if not found:
        raise fault
    return found


def read_list(places: Sequence[Files], vault: str, generation: int) -> Listed:
    """The list of one generation, from the first place that has one. It is not secret, and counts for nothing until shares open."""
    data = _from(places, f"{folder(vault, generation)}/{LIST}")
    try:
        value = cast("Mapping[str, str]", canonical.decode(data))
        told = cast("Sequence[Mapping[str, str]]", value["holders"])
        holders = {int(each["x"]): each for each in told}
        return Listed(value["vault"], value["name"], value["party"], int(value["g"]), holders)
    except (CustodyError, KeyError, TypeError, ValueError) as error:
        raise Malformed("escrow.list", "The list of holders in the escrow store is not of its form.") from error


def named_in(place: Files, key: HolderKey, vault: str | None) -> tuple[str, list[int]]:
    """(vault, its generations, ascending) of the lists that name this key. Raises Missing `escrow.missing`, `vault.which`."""
    found: dict[str, list[int]] = {}
    for listed in (_LISTS.fullmatch(name) for name in place.list()):
        if listed and vault in {None, listed[1]} and _names(place, listed[1], int(listed[2]), key):
            found.setdefault(listed[1], []).append(int(listed[2]))
    if not found:
        raise _missing()
    if len(found) > 1:
        raise Missing("vault.which", "There are several vaults.", next="Say which: --vault ID",
                      where={"vaults": ", ".join(sorted(found))})  # fmt: skip
    chosen, generations = found.popitem()
    return chosen, sorted(generations)


def give(desk: Desk, vault: str, share: Share, to: Row) -> None:
    """Seal one's opened share to another holder, who collects; it lies in the home until the generation goes."""
    blob = seal_share(ids.id_bytes(vault), share, cast("bytes", to["public"]))
    name = f"{share.x}-{share.set_id[:4].hex()}.share"  # one of each set
    desk.files.write(f"{_given(vault, share.generation)}/{to['handle']!s}/{name}", blob, secret=True)


def collected(desk: Desk, vault: str, generation: int, key: HolderKey) -> tuple[list[Share], list[str]]:
    """The acting holder's own share with those of its set that others gave; of several sets the one of which most are there.

    Beside it, by name, what lies there and is of no use with these. Raises as `own_share`.
    """
    _, own = own_shares(desk.outside.escrow, vault, generation, key)
    sets = [(_with_given(desk, vault, key, mine), mine) for mine in own]
    (found, others), mine = max(sets, key=lambda one_set: len(one_set[0][0]) - one_set[1].k)
    return [mine, *found], others


def _with_given(desk: Desk, vault: str, key: HolderKey, mine: Share) -> tuple[list[Share], list[str]]:
    found: dict[int, Share] = {}
    others: list[str] = []
    for name in desk.files.list(f"{_given(vault, mine.generation)}/{desk.principal.handle}"):
        share = _opened(desk, vault, key, mine.generation, name)
        if share is not None and share.x != mine.x and _set(share) == _set(mine):
            found[share.x] = share
        else:
            others.append(name.rsplit("/", 1)[1])
    return list(found.values()), others


def _opened(desk: Desk, vault: str, key: HolderKey, generation: int, name: str) -> Share | None:
    """None for what does not open: whoever writes to the home can lay anything there, and it is in the way of nothing."""
    number = name.rsplit("/", 1)[1].removesuffix(".share").partition("-")[0]
    try:
        return key.open(ids.id_bytes(vault), generation, int(number), desk.files.read(name))
    except (CustodyError, ValueError, OverflowError):
        return None


def _set(share: Share) -> tuple[object, ...]:
    return share.k, share.n, share.generation, share.set_id, share.digest


def folder(vault: str, generation: int) -> str:
    """Where the shares of a generation lie in each place."""
    return f"{vault}/{generation:020d}"


def _names(place: Files, vault: str, generation: int, key: HolderKey) -> bool:
    try:
        return read_list((place,), vault, generation).number_of(key) is not None
    except CustodyError:
        return False


def _keys(place: Files, vault: str, generation: int) -> set[str]:
    """Whose shares a place has, by what its list says and what lies beside it; nobody's where there is none."""
    there = set(place.list(folder(vault, generation)))
    if f"{folder(vault, generation)}/{LIST}" not in there:
        return set()
    listed = read_list((place,), vault, generation)
    return {each["key"] for x, each in listed.holders.items() if _name(vault, generation, x) in there}


def _from(places: Sequence[Files], name: str) -> bytes:
    for place in places:
        try:
            return place.read(name)
        except CustodyError:
            continue
    raise _missing()


def _missing() -> Missing:
    return Missing("escrow.missing", "No place of the escrow store holds this share.")


def _list(desk: Desk, vault: Row | None, generation: int, holders: Sequence[Row]) -> bytes:
    assert vault is not None
    told: list[Json] = [{"x": x, "handle": str(row["handle"]), "key": key_name(cast("bytes", row["public"]))}
                        for x, row in enumerate(holders, 1)]  # fmt: skip
    return canonical.encode({"v": 1, "vault": str(vault["id"]), "name": str(vault["name"]), "party": desk.card.name_zh,
                             "g": generation, "holders": told})  # fmt: skip


def _given(vault: str, generation: int) -> str:
    return f"{_GIVEN}/{folder(vault, generation)}"


def _name(vault: str, generation: int, x: int) -> str:
    return f"{folder(vault, generation)}/{x}.share"

"""Who is in a copy outside the vault: what is not known to be without a person is taken to hold them (spec/copies.md §2a)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from custody.acts.copies import IN_HAND, attested
from custody.acts.copy_names import called, meant
from custody.acts.desk import Desk
from custody.acts.entries import read_at
from custody.base.canonical import Json
from custody.base.clock import parse
from custody.base.errors import Malformed, Refused
from custody.package.accounted import Attested
from custody.ports.store import Row, Transaction, one

NAMED: Final = "copy:"
"""How a copy is named among what a request's end rests on."""
_GONE: Final = frozenset(("destroyed", "returned", "never-held"))
_POST: Final = "letter"
_WHOLE: Final = "export"
_CORRECTED: Final = frozenset(("export", "letters", "paper", "phone", "messenger", "mail", "media", "other"))
"""Kinds whose keeper is told of a correction: an answer is its person's own, a backup is never corrected in place, a processor is told as one."""


CALLED: Final[Mapping[str, Mapping[str, str]]] = {
    kind: {"zh": zh, "en": en} for kind, zh, en in (
        ("source", "数据源", "source"), ("export", "导出文件", "export"), ("letters", "信件名单", "letters"), ("answer", "答复件", "answer package"),
        ("backup", "备份", "backup"), ("paper", "纸质件", "paper"), ("phone", "手机", "phone"), ("messenger", "即时通讯", "messenger"),
        ("mail", "邮件", "mail"), ("processor", "受托方", "processor"), ("media", "存储介质", "storage medium"), ("other", "其他副本", "other copy"),
    )
}  # fmt: skip
"""What a person is told that each kind is."""
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy that may still hold somebody: who keeps it, until when; `certain` where it is known that they are in it."""

    name: str
    kind: str
    keeper: str
    until: str
    certain: bool

    def told(self) -> dict[str, Json]:
        """As staff read it."""
        return {"name": self.name, "kind": self.kind, "keeper": self.keeper, "until": self.until, "certain": self.certain}  # fmt: skip


def holding(tx: Transaction, vault: str, who: bytes) -> list[Kept]:
    """The copies with a keeper that were neither destroyed nor returned and hold this person, or may: in name order."""
    terms = {str(row["name"]): row for row in tx.find("copy_term", vault=vault)}
    found = list[Kept]()
    for said in attested(tx, vault):
        term = terms.get(said.name)
        if said.state in _GONE or term is None or not term["keeper"]:
            continue
        within = _within(tx, said.kind, said.name, who)
        if within is not False:
            found.append(Kept(said.name, said.kind, str(term["keeper"]), str(term["until"]), bool(within)))
    return found


@dataclass(frozen=True, slots=True)
class Handed:
    """Who was given a list with this person's name and address, and since when."""

    keeper: str
    at: str
    """The day of its entry."""


def handed(desk: Desk, tx: Transaction, vault: str, who: bytes) -> list[Handed]:
    """Whoever keeps, or kept, letters to this person and is none of the company's own people: a print shop was given their name and address, whatever became of the list.

    Who of the staff keeps a file is nobody's business outside (spec/requests.md §3): they receive nothing, the company has it.
    """
    own = {str(row["handle"]) for row in tx.find("principal", party=desk.space)}
    terms = {str(row["name"]): str(row["keeper"]) for row in tx.find("copy_term", vault=vault)}
    found = dict[str, str]()
    for said in attested(tx, vault):
        keeper = terms.get(said.name, "")
        if said.kind != "letters" or said.state == "never-held" or not keeper or keeper in own:
            continue
        if _within(tx, said.kind, said.name, who):
            at = _entered(desk, tx, said.name)
            found[keeper] = min(found.get(keeper, at), at)
    return [Handed(keeper, at) for keeper, at in sorted(found.items())]


def _entered(desk: Desk, tx: Transaction, name: str) -> str:
    """The company's day on which a copy named after its entry was let out."""
    at = read_at(tx, desk.space, int(name.rpartition("@")[2])).at
    return desk.day(parse(at)).isoformat()


def copies_of(desk: Desk, tx: Transaction, row: Row) -> list[Json]:
    """Those that hold the person of a request, while it is open."""
    held = () if row["closed_at"] else holding(tx, str(row["vault"]), cast("bytes", row["subject"]))
    return [replace(each, name=called(desk, tx, each.kind, each.name)).told() for each in held]


def to_correct(tx: Transaction, vault: str, who: bytes) -> Iterator[str]:
    """The names of those whose keeper is told of a correction."""
    return (each.name for each in holding(tx, vault, who) if each.kind in _CORRECTED)


def gone(tx: Transaction, vault: str, name: str) -> bool:
    """Whether somebody said that a copy is no more, or it never was on the list."""
    return all(said.state in _GONE for said in attested(tx, vault) if said.name == name)


def unaccounted(said: Attested) -> bool:
    """Whether a destruction asks about it: it lies in the seller's own hands, and nobody said that it is gone, or why it stays (spec/copies.md §2b)."""
    return said.kind in IN_HAND and said.state not in _GONE and not (said.state == "stays" and said.why)


def to_account(tx: Transaction, vault: str) -> list[str]:
    """The names of those, in name order."""
    return [said.name for said in attested(tx, vault) if unaccounted(said)]


def in_hand(tx: Transaction, vault: str) -> list[Json]:
    """[name, state, why] of each copy in the seller's own hands: what the second person agrees to leave as it is."""
    return [[said.name, said.state, said.why or ""] for said in attested(tx, vault) if said.kind in IN_HAND]


def require_accounted(tx: Transaction, vault: str) -> None:
    """What the seller has of it outside the vault is gone, or stays for a reason that is told, before the keys go. Raises Refused `destroy.copies`."""
    if left := to_account(tx, vault):
        raise Refused(
            "destroy.copies", f"{len(left)} copies in your own hands outside the vault are not accounted for: {', '.join(left[:_SHOWN])}.",
            next="custody copy account NAME --state destroyed; or, with a reason, --state stays --why claim",
        )  # fmt: skip


def outstanding(desk: Desk, tx: Transaction, row: Row, named: Sequence[str]) -> list[Kept]:
    """What a deletion leaves in other hands. Each is named, has a keeper and a day that has not passed.

    Raises Malformed `request.act` for a copy that does not hold the person, Refused `request.copies`.
    """
    held = holding(tx, str(row["vault"]), cast("bytes", row["subject"]))
    today = desk.today().isoformat()
    vault = str(row["vault"])
    said = {meant(tx, vault, each.removeprefix(NAMED)) for each in named if each.startswith(NAMED)}
    if wrong := sorted(said - {each.name for each in held}):
        raise Malformed("request.act", "No such copy holds this person.",
                        where={"request": str(row["ref"]), "act": f"{NAMED}{wrong[0]}"}, next="custody request show REF")  # fmt: skip
    if waits := [
        called(desk, tx, each.kind, each.name) for each in held if each.name not in said or each.until < today
    ]:
        raise Refused("request.copies", "Copies outside the vault still hold this person, or may.",
                      where={"request": str(row["ref"]), "copies": ", ".join(waits)},
                      next="custody copy account NAME --state destroyed; or, with a keeper and a day to come, --by copy:NAME")  # fmt: skip
    return held


def _within(tx: Transaction, kind: str, name: str, who: bytes) -> bool | None:
    """Whether the person is in a copy; None where nobody knows."""
    ref = name.partition("@")[0]
    if kind == "letters" and (row := one(tx, "campaign", ref=ref.removesuffix("-letters"))):
        sent = one(tx, "sending", campaign=row["id"], subject=who)
        way = one(tx, "link", id=sent["link"]) if sent else None
        return False if sent is None else way["channel"] == _POST if way else None
    if kind == "answer" and (asked := one(tx, "request", ref=ref.removesuffix("-answer"))):
        return bool(asked["subject"] == who)
    return True if kind == _WHOLE else None

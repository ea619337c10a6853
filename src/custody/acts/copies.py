"""The list of copies: everything that holds the data, and what people have said became of each (docs/architecture.md §1, C9).

A copy is `open` until somebody accounts for it. What they say is attested, never proven, and a certificate repeats it so.
"""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias, cast

from custody.base import canonical
from custody.base.canonical import Json
from custody.package.accounted import Attested
from custody.ports.store import Row, Transaction

State: TypeAlias = Literal["destroyed", "returned", "never-held", "stays"]
STATES: Final[tuple[State, ...]] = ("destroyed", "returned", "never-held", "stays")
GONE: Final = frozenset(("destroyed", "returned", "never-held"))
KINDS: Final = (
    "source", "export", "letters", "answer", "backup", "paper", "phone", "messenger", "mail", "processor", "media", "other",
)  # fmt: skip
PROCESSOR: Final = "processor"
IN_HAND: Final = frozenset(KINDS) - {"source", PROCESSOR}
"""What lies with the seller's own people: a source is where it came from, a processor answers for itself."""
REASONS: Final = ("law", "claim", "not-handed-over", "evidence")
"""Why one stays: a law orders it, a claim needs it, who was not handed over is in it too, it is evidence of what was sent or answered."""
CLEAR: Final = frozenset(("export", "letters", "answer"))
"""What custody itself lets out: each ends on a day (spec/copies.md §2)."""
CALLED_IN: Final = ("export", "letters")
"""What is asked back when a deal breaks off, a customer is recalled or a company changes hands; an answer is the customer's own."""


def account(state: str, by: str, at: str, evidence: str = "", why: str = "") -> bytes:
    """What a person said of a copy, as it is kept: state, who (by pseudonym), when, the digest of what shows it, and why it stays."""
    said: dict[str, Json] = {"state": state, "by": by, "at": at}
    return canonical.encode({**said, **({"evidence": evidence} if evidence else {}), **({"why": why} if why else {})})


def called_in(at: str) -> bytes:
    """An export that was asked for and not yet answered for: still open."""
    return canonical.encode({"state": "open", "called_in": at})


def call_in(tx: Transaction, vault: str, now: str) -> int:
    """Ask for everything in clear of which nobody said anything yet; how many."""
    return sum(
        tx.change("copy", {"account": called_in(now)}, vault=vault, kind=kind, account=b"") for kind in CALLED_IN
    )


def standing(tx: Transaction, vault: str, kind: str) -> list[str]:
    """The copies of one kind that may still be there: nobody said that they are gone, or never were."""
    rows = tx.find("copy", order=("name",), vault=vault, kind=kind)
    return [said.name for said in map(_said, rows) if said.state in {"open", "stays"}]


def processors(tx: Transaction, vault: str) -> dict[str, list[str]]:
    """{processor that may still have data: what for, as somebody said; nothing where nobody did}."""
    return {name: purposes(tx, vault, name) for name in standing(tx, vault, PROCESSOR)}


def purposes(tx: Transaction, vault: str, name: str) -> list[str]:
    """What a copy is for."""
    rows = tx.find("copy_purpose", vault=vault, name=name)
    return [one for row in rows for one in str(row["purposes"]).split(",") if one]


def keep_purposes(tx: Transaction, vault: str, name: str, told: Sequence[str]) -> None:
    """What it is for from now on."""
    tx.drop("copy_purpose", vault=vault, name=name)
    tx.add("copy_purpose", [{"vault": vault, "name": name, "purposes": ",".join(dict.fromkeys(told))}])


def attested(tx: Transaction, vault: str) -> tuple[Attested, ...]:
    """Every copy of a vault's data, in name order, as a certificate says it."""
    return tuple(_said(row) for row in tx.find("copy", order=("name",), vault=vault))


def _said(row: Row) -> Attested:
    name, kind = str(row["name"]), str(row["kind"])
    told = cast("dict[str, str]", canonical.decode(cast("bytes", row["account"]) or b"{}"))
    if told.get("state", "open") == "open":
        return Attested(name=name, kind=kind, place="seller", state="open", by="")
    return Attested(
        name=name, kind=kind, place="seller", state=cast("State", told["state"]), by=told["by"], at=told["at"],
        evidence=told.get("evidence"), why=told.get("why"),
    )  # fmt: skip

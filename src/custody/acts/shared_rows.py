"""Rows that are several people's together: what of them one of these is told, and which stay when one of them is erased (spec/requests.md §3).

Such a row lies with a subject of kind `joint`, which has the ids of its members. To one of them it is given without what may tell who another is:
unknown whose, a value is withheld unless the person's own rows say the same, or its class tells of a trade or of nobody.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from custody.acts.alike import JOINT, split
from custody.base import ids
from custody.base.canonical import Json
from custody.ports.store import Row, Transaction

LIVE: Final = "live"
SHARED: Final[Mapping[str, str]] = {
    "zh": "这一行也是另一个人的：能看出那个人是谁、是什么情况的内容不给您，其余都给您。",
    "en": "This row is another person's too: what may tell who they are or how they live is not given to you; the rest is.",
}
_SHOWN: Final = frozenset(("trade", "org"))
_NOBODYS: Final = frozenset(("record.time", "record.code", "record.none"))


def shared_with(tx: Transaction, vault: str, subjects: Sequence[bytes]) -> Iterator[Row]:
    """The live joint subjects of which one of these is a member, by id."""
    wanted = set(subjects)
    for row in tx.scan("subject", order=("id",), vault=vault, kind=JOINT, state=LIVE):
        if wanted & set(members(row)):
            yield row


def members(row: Row) -> list[bytes]:
    """Whose rows a joint subject has."""
    return split(cast("bytes", row["members"]))


def given_to_all(cls: str) -> bool:
    """Whether a value of this class in a row of several people tells of what they did, and of none of them."""
    return cls.partition(".")[0] in _SHOWN or cls in _NOBODYS


def staying(tx: Transaction, vault: str, joint: Sequence[bytes], gone: Sequence[bytes]) -> list[Json]:
    """Which rows these are: of which table, how many, and how many others share them who are here when `gone` are not."""
    tables = {row["number"]: str(row["tbl"]) for row in tx.find("schema", vault=vault)}
    found = list[Json]()
    for who in joint:
        (row,) = tx.find("subject", vault=vault, id=who)
        alive = sum(tx.count("subject", vault=vault, id=one, state=LIVE) for one in members(row) if one not in gone)
        places = {(tables[schema], number) for schema, number in
                  tx.columns("record", ("schema", "row"), vault=vault, subject=who)}  # fmt: skip
        found += [
            {"subject": ids.subject_text(who), "table": table, "rows": count, "others": alive}
            for table, count in sorted(Counter(table for table, _ in places).items())
        ]
    return found

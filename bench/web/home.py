"""A home of many customers, as a company would have it: sealed people, an index, a deal that was gated, notices, requests, looks.

Everything is written by custody's own acts and services: records are sealed, keys placed, entries appended, the gate decides.
The index alone is not read back from the sealed records, which takes most of an hour for a million: each batch's tags are put
as it is sealed, the same tags. A run that broke off goes on at the batch where it stopped.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final

from custody import wiring
from custody.acts.adding import Newcomer, add_people
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.finding import rebuild
from custody.acts.requesting import KINDS, intake
from custody.acts.revealing import decide_and_enter
from custody.acts.vaults import vault_row
from custody.base import canonical
from custody.base.clock import stamp
from custody.ports.store import Cells, Row
from custody.services.deal_new import deal_new
from custody.services.gate import gate
from custody.services.init import Founding
from custody.services.member_add import member_add
from custody.services.party import party_confirm
from custody.services.principal_new import principal_new
from custody.services.vault_new import vault_new
from custody.vault.payload import pack

BATCH, VAULT, OWNER = 20_000, "main", "suhe"
ROLES: Final = ("privacy", "lawyer", "data", "department", "auditor")
COLUMNS: Final = (
    ("customers", 1, "general", (("会员号", "account.customer_id"), ("姓名", "name.full"), ("手机", "contact.phone"), ("邮箱", "contact.email"), ("备注", "record.other"))),
    ("care", 2, "sensitive", (("会员号", "account.customer_id"), ("过敏史", "record.other"))),
)  # fmt: skip
FACTS: Final = {
    "seller": {"jurisdiction": "CN"}, "deal": {"structure": "asset_deal", "handler_changes": True},
    "event": {"kind": "closing_handover", "data_leaves_entity": True, "identifiability": "identifiable", "recipient_role": "another_handler"},
    "basis": {"legal_basis_orig": "contract", "purpose_changes": False, "method_changes": False}, "crossborder": {"direction": "none"},
}  # fmt: skip
_SURNAMES, _GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华慧巧美"


@dataclass(frozen=True)
class Home:
    """Where it lies, how many live in it, and where its store is."""

    folder: Path
    customers: int
    store: tuple[str, Path] | None
    staff: int

    @property
    def root(self) -> Path:
        """The home itself."""
        return self.folder / "home"

    @property
    def people(self) -> list[tuple[str, str]]:
        """(handle, role) of everybody who signs in."""
        return [(OWNER, "owner"), *((f"staff{n}", ROLES[n % len(ROLES)]) for n in range(self.staff - 1))]

    def secret(self, handle: str) -> Path:
        """The file with the passphrase of a person of this bench."""
        path = self.folder / f"{handle}.pass"
        if not path.exists():
            wiring.folder(self.folder).write(path.name, f"a passphrase of {handle}\n".encode(), secret=True)
        return path

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The owner at work."""
        with wiring.desk(self.root, OWNER, self.secret(OWNER)) as made:
            yield made


def person(number: int) -> list[str]:
    """The values of customer `number`; the same on every run."""
    chance = Random(number)
    name = chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, 2))
    return [f"QH{number:08d}", name, f"1{chance.choice((3, 5, 7, 8))}{number % 10**9:09d}", f"kunde{number}@example.cn", "x" * chance.randrange(60, 200)]  # fmt: skip


def make(home: Home) -> str:
    """Make what is not there yet; returns the reference of the deal."""
    home.folder.mkdir(parents=True, exist_ok=True)
    ref = home.folder / "deal"
    if not (home.root / "custody.toml").exists():
        company(home)
    with home.desk() as desk:
        _seal(home, desk)
        if not ref.exists():
            ref.write_text(_judged(home, desk), encoding="utf-8")
        for handle, _ in home.people[1:]:  # who is no member would be told that there is no such deal
            member_add(desk, ref.read_text(encoding="utf-8"), handle, "works on this deal", "")
    return ref.read_text(encoding="utf-8")


def company(home: Home) -> None:
    """A company with its people and an empty vault."""
    url, password = home.store or (None, None)
    wiring.found(home.root, Founding("青禾", "Qinghe", "", "CN", "separate", OWNER), region="CN", own_secret=home.secret(OWNER),
                 rehearsal_at=None, store_url=url, store_password=password)  # fmt: skip
    with home.desk() as desk:
        for handle, role in home.people[1:]:
            principal_new(desk, handle, [role], wiring.passphrase(home.secret(handle)))
        vault_new(desk, VAULT, untried=False)
        with desk.store.write() as tx:
            vault = str(vault_row(tx, desk.space, VAULT)["id"])
            for number, (table, compartment, tier, columns) in enumerate(COLUMNS, start=1):
                names = [name for name, _ in columns]
                layout: dict[str, Any] = {"columns": names, "places": list(range(len(names))), "home": number == 1}
                tx.add("compartment", [{"vault": vault, "number": compartment, "tier": tier, "purposes": "service", "retention": "", "child_of": -1, "next_page": 0}])  # fmt: skip
                tx.add("schema", [{"vault": vault, "number": number, "tbl": table, "compartment": compartment, "columns": canonical.encode(layout)}])  # fmt: skip
                told = canonical.encode({"columns": [[name, cls, tier, tier] for name, cls in columns]})
                tx.add("tally", [{"vault": vault, "tbl": table, "role": "subject", "kind": "customer", "met": 0, "sealed": 0, "quarantined": 0, "source": "", "sha256": "", "columns": told}])  # fmt: skip


def _seal(home: Home, desk: Desk) -> None:
    """In batches; how many are in is asked of the store."""
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, VAULT)
        done = tx.count("subject", vault=str(row["id"]))
    began = time.perf_counter()
    for start in range(done, home.customers, BATCH):
        numbers = range(start, min(start + BATCH, home.customers))
        add_people(desk, str(row["id"]), [_newcomer(number, person(number)) for number in numbers])
        print(f"{numbers.stop:,} sealed, {time.perf_counter() - began:.0f} s", flush=True)
    if done < home.customers:
        rebuild(desk, row)


def _newcomer(number: int, told: Sequence[str]) -> Newcomer:
    chance = Random(number + 1)
    facts: dict[str, Any] = {
        "residence": chance.choice(("CN", "CN", "CN", "CN", "CN", "CN", "DE", "US-CA")), "contract_status": chance.choice(("active", "ended")),
        "last_activity": f"20{chance.randrange(18, 27)}-{chance.randrange(1, 13):02d}", "categories": ["person.health"] if number % 3 == 0 else [],
    }  # fmt: skip
    if chance.random() < 0.02:
        born = date(2009, 1, 1) + timedelta(days=chance.randrange(17 * 365))
        facts |= {f"turns_{age}_on": f"{born.year + age}-{born.month:02d}-{min(born.day, 28):02d}" for age in (13, 14, 16, 18)}  # fmt: skip
    records = [
        (1, 1, pack(number, list(told))),
        *([(2, 2, pack(number, [told[0], "花生"]))] if number % 3 == 0 else []),
    ]
    return Newcomer("customer", records, facts)


def _judged(home: Home, desk: Desk) -> str:
    """A deal over everybody: notices, a gate; then requests of one in 200 and looks at one in 100."""
    laws = wiring.laws()
    ref = str(deal_new(desk, laws, FACTS, counterparty(home, desk), VAULT)["ref"])
    with desk.store.read() as tx:
        (matter,) = tx.find("matter", ref=ref)
        who = [bytes(row[0]) for row in tx.columns("subject", ("id",), vault=matter["vault"]) if isinstance(row[0], bytes)]  # fmt: skip
    with desk.store.write() as tx:
        position = append(
            tx, desk.space, stamp(desk.clock.now()), "answers", {"matter": matter["id"], "people": len(who)}
        )
        tx.add("evidence", (_noticed(str(matter["id"]), one, position) for one in who))
    began = time.perf_counter()
    print(gate(desk, laws, ref)["by_verdict"], f"gated in {time.perf_counter() - began:.1f} s", flush=True)
    chance = Random(7)
    _asked(desk, matter, chance.sample(who, len(who) // 200), chance)
    _looked(desk, str(matter["vault"]), chance.sample(who, len(who) // 100))
    print(f"requests and looks in {time.perf_counter() - began:.0f} s", flush=True)
    return ref


def counterparty(home: Home, desk: Desk) -> str:
    """The other company, with a home of its own; its card is compared by the owner."""
    other, founding = home.folder / "buyer", Founding("远山", "Yuanshan", "", "CN", "separate", OWNER)
    wiring.found(other, founding, region="CN", own_secret=home.secret(OWNER), rehearsal_at=None)
    with wiring.desk(other, OWNER, home.secret(OWNER)) as theirs:
        card = theirs.card
    return str(party_confirm(desk, canonical.encode(card.to_json()), card.identity.fingerprint)["party"])


def _noticed(matter: str, who: bytes, position: int) -> Cells:
    return {
        "matter": matter,
        "subject": who,
        "compartment": -1,
        "type": "notice.delivered",
        "at": "",
        "position": position,
    }


def _asked(desk: Desk, matter: Row, people: Sequence[bytes], chance: Random) -> None:
    laws, left = wiring.laws(), iter(people)
    while some := list(islice(left, 500)):
        with desk.store.write() as tx:
            for who in some:
                (row,) = tx.find("subject", vault=matter["vault"], id=who)
                intake(desk, tx, laws, matter, row, chance.choice(KINDS), "phone", "staff", "请把我的资料给我")


def _looked(desk: Desk, vault: str, people: Sequence[bytes]) -> None:
    left = iter(people)
    while some := list(islice(left, 500)):
        with desk.store.write() as tx:
            for who in some:
                decide_and_enter(desk, tx, vault, who, "service", "客户来电")

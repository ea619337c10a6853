"""C3: a gate that begins where the newest one ended says, byte for byte, what a gate over everybody says (spec/law.md §7)."""

import random
import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from custody.acts.again import decide_again
from custody.acts.deciding import decide
from custody.adapters.stores.sql import SqlStore
from custody.base import canonical
from custody.law.kept import Kept
from custody.law.pack import Packs
from custody.law.possible import Answer
from custody.law.predicate import Not
from custody.ports.store import Transaction

ON = date(2026, 3, 16)
TIERS = {1: "general", 2: "sensitive"}
FACTS = {
    "seller.jurisdiction": "CN", "deal.structure": "asset_deal", "deal.handler_changes": True, "event.kind": "closing_handover",
    "event.data_leaves_entity": True, "event.identifiability": "identifiable", "event.recipient_role": "another_handler",
}  # fmt: skip
AMENDS = {
    "basis.purpose_changes": (True, False, None), "basis.method_changes": (True, False, None), "crossborder.direction": ("none", "outbound"),
    "event.identifiability": ("identifiable", "anonymous"), "basis.legal_basis_orig": ("consent", "contract", None),
}  # fmt: skip
KINDS = (
    "notice.delivered",
    "consent.separate",
    "consent.separate.sensitive",
    "consent.refused",
    "objection",
    "consent.guardian",
    "person.died",
)

_REQUEST = (
    *("ref", "channel", "proof", "state", "received_at", "due_at", "rule", "closed_at", "prompt"),
    *("advised_at", "advised", "last_at", "places", "refused_by"),
)


def facts(chance: random.Random) -> bytes:
    """The fact row of somebody; many are children, so that days matter."""
    told = {
        "residence": chance.choice(("CN", "CN", "DE", "JP", "XX")),
        "contract_status": chance.choice(("active", "ended")),
    }
    born = ON.replace(year=2026 - chance.choice((13, 14, 16, 18, 40))) + timedelta(days=chance.randrange(-9, 40))
    told |= {
        f"turns_{years}_on": f"{born.year + years}-{born.month:02d}-{min(born.day, 28):02d}"
        for years in (13, 14, 16, 18)
    }
    told |= {"categories": chance.choice((["finance.card"], ["person.health"], []))}
    return canonical.encode({**told, "last_activity": f"2024-{chance.randrange(1, 13):02d}"})


class Company:
    """A store with people, a deal and a day, and changes that happen to them."""

    def __init__(self, store: SqlStore, packs: Packs, seed: int) -> None:
        self.store, self.packs, self.on = store, packs, ON
        self.chance, self.next, self.version = random.Random(seed), 0, 1
        with store.write() as tx:
            tx.add(
                "matter",
                [{"id": "m", "party": "p", "kind": "deal", "ref": "D-1", "version": 1, "state": "open", "vault": "v"}],
            )
            tx.add(
                "compartment",
                [{"vault": "v", "number": one, "tier": tier, "purposes": "service"} for one, tier in TIERS.items()],
            )
            for leaf, value in FACTS.items():
                self._state(tx, leaf, value)
            for _ in range(40):
                self.joins(tx)
            self.share(tx)

    def _state(self, tx: Transaction, leaf: str, value: object) -> None:
        tx.add("fact", [{"matter": "m", "version": self.version, "leaf": leaf, "value": canonical.encode(value), "principal": "prn",
                         "at": "2026-03-01T00:00:00.000000Z"}])  # fmt: skip

    def _who(self, tx: Transaction, kind: str = "customer") -> bytes:
        rows = tx.find("subject", order=("id",), vault="v", state="live", kind=kind)
        return self.chance.choice(rows)["id"]

    def _slots(self, held: list[int]) -> bytes:
        self.next += 1
        return b"".join(struct.pack(">BIH", one, self.next // 8, self.next % 8) for one in sorted(held))

    def joins(self, tx: Transaction) -> None:
        """Somebody new is sealed."""
        held, kind = (
            self.chance.sample((1, 2, 14, 15), self.chance.randrange(5)),
            self.chance.choice(("customer", "customer", "employee")),
        )
        tx.add("subject", [{"vault": "v", "id": self.chance.randbytes(16), "kind": kind, "slots": self._slots(held),
                            "facts": facts(self.chance), "state": "live", "members": b""}])  # fmt: skip

    def share(self, tx: Transaction) -> None:
        """Two people share rows from now on."""
        members = self._who(tx) + self._who(tx)
        tx.add("subject", [{"vault": "v", "id": self.chance.randbytes(16), "kind": "joint", "slots": self._slots([1, 2]), "facts": b"{}",
                            "state": "live", "members": members}])  # fmt: skip

    def answers(self, tx: Transaction) -> None:
        """Somebody answers, or takes an answer back."""
        row = {
            "matter": "m",
            "subject": self._who(tx),
            "compartment": self.chance.choice((-1, 1, 2)),
            "type": self.chance.choice(KINDS),
        }
        if not tx.drop("evidence", **row):
            tx.add(
                "evidence", [{**row, "at": f"{ON - timedelta(days=self.chance.randrange(9))}T00:00:00Z", "position": 0}]
            )

    def asks(self, tx: Transaction) -> None:
        """Somebody asks for a deletion, or is answered."""
        who = self._who(tx)
        if not tx.change("request", {"closed_at": f"{ON}T00:00:00Z"}, vault="v", subject=who, closed_at=""):
            kind = self.chance.choice(("delete", "deregister", "copy"))
            row = dict.fromkeys(_REQUEST, "") | {
                "id": self.chance.randbytes(8).hex(),
                "matter": "m",
                "vault": "v",
                "subject": who,
                "kind": kind,
            }
            tx.add("request", [{**row, "position": 0, "at_once": 0, "presumed": 0, "refusal": b""}])

    def files(self, tx: Transaction) -> None:
        """Something is put on file for the deal as a whole, or taken away."""
        row = {
            "matter": "m",
            "subject": b"",
            "compartment": -1,
            "type": self.chance.choice(("pipia.done", "opinion.jp", "contract.recipient")),
        }
        if not tx.drop("evidence", **row):
            tx.add("evidence", [{**row, "at": f"{ON}T00:00:00Z", "position": 0}])

    def corrected(self, tx: Transaction) -> None:
        """A fact about somebody changes."""
        tx.change("subject", {"facts": facts(self.chance)}, vault="v", id=self._who(tx))

    def resealed(self, tx: Transaction) -> None:
        """Somebody's records move to other slots, twice, and to other compartments."""
        who = self._who(tx)
        for _ in range(2):
            tx.change(
                "subject",
                {"slots": self._slots(self.chance.sample((1, 2, 15), self.chance.randrange(4)))},
                vault="v",
                id=who,
            )

    def erased(self, tx: Transaction) -> None:
        """Somebody is gone; who shared rows with them may be left."""
        tx.change("subject", {"state": "erased", "facts": b"{}", "slots": b""}, vault="v", id=self._who(tx))

    def amended(self, tx: Transaction) -> None:
        """A fact of the deal changes, or is unknown again."""
        self.version += 1
        leaf = self.chance.choice(sorted(AMENDS))
        self._state(tx, leaf, self.chance.choice(AMENDS[leaf]))
        tx.change("matter", {"version": self.version}, id="m")

    def ruled(self, _: Transaction) -> None:
        """The law changes: a rule says the opposite, asks for something else, or is gone."""
        rules = list(self.packs.rules)
        at = self.chance.choice(
            [place for place, one in enumerate(rules) if one.regime in {"CN", "DE", "JP"} and one.scope != "matter"]
        )
        one = rules.pop(at)
        how = self.chance.randrange(3)
        if how:
            rules.insert(
                at, replace(one, when=Not(one.when)) if how == 1 else replace(one, evidence=(*one.evidence, "x.y"))
            )
        self.packs = replace(self.packs, rules=tuple(rules))

    def passes(self, _: Transaction) -> None:
        """Days pass."""
        self.on += timedelta(days=self.chance.randrange(1, 6))

    def reclassified(self, tx: Transaction) -> None:
        """What a compartment is for changes."""
        tx.change(
            "compartment",
            {"purposes": self.chance.choice(("service", "legal", "marketing"))},
            vault="v",
            number=self.chance.choice((1, 2)),
        )

    def something(self, tx: Transaction) -> str:
        """One change of any kind; its name."""
        name = self.chance.choice(("joins", "share", "answers", "answers", "asks", "files", "corrected", "resealed", "erased", "amended", "ruled",
                                   "passes", "reclassified"))  # fmt: skip
        getattr(self, name)(tx)
        return name

    def again(self) -> dict:
        """Gate from where the newest one ended, and hold it to a gate over everybody."""
        with self.store.write() as tx:
            (matter,) = tx.find("matter", id="m")
            begun, said = decide_again(tx, matter, self.packs, self.on)
            whole = decide(tx, matter, self.packs, self.on)
        assert list(begun.decisions) == list(whole.decisions)
        assert canonical.encode(list(begun.cases)) == canonical.encode(list(whole.cases))
        assert begun.blobs == list(whole.pages())
        assert begun.root() == whole.root()
        assert (begun.count, begun.members, begun.regimes) == (len(list(whole.each())), whole.members, whole.regimes)
        assert (begun.by_verdict(), begun.by_tier(TIERS)) == (whole.by_verdict(), whole.by_tier(TIERS))
        assert {one: begun.by_verdict(one) for one in begun.kind_names} == {
            one: whole.by_verdict(one) for one in whole.kind_names
        }
        for number in range(len(whole.decisions)):
            assert begun.people_of([number]) == whole.people_of([number])
        return dict(said)


@pytest.fixture
def company(tmp_path: Path, loaded: Packs, request: pytest.FixtureRequest) -> Iterator[Company]:
    """Forty people and more."""
    store = SqlStore(f"sqlite:///{tmp_path / 'core.db'}")
    yield Company(store, loaded, getattr(request, "param", 1))
    store.close()


@pytest.mark.parametrize(
    "company", [*range(3), *(pytest.param(one, marks=pytest.mark.soak) for one in range(3, 60))], indirect=True
)
def test_c3_any_changes_end_as_a_gate_over_everybody(company: Company):
    """Whatever happens between two gates, and in whatever order, both say the same bytes."""
    company.again()
    for _ in range(8):
        with company.store.write() as tx:
            for _ in range(company.chance.randrange(1, 4)):
                company.something(tx)
        company.again()


def test_c3_nothing_changed_nothing_is_decided(company: Company):
    """A second gate asks nobody and nothing."""
    first = company.again()
    assert first["people"] == first["of_people"] > 40
    assert first["vectors"] == first["of_vectors"] > 0
    assert first["questions"] > 0
    second = company.again()
    assert (second["people"], second["vectors"], second["questions"], second["rules"]) == (0, 0, 0, [])
    assert second["of_people"] == first["of_people"]


def test_c3_one_answer_moves_one_person(company: Company):
    """Who answered is looked at; of nobody else is anything asked."""
    company.again()
    with company.store.write() as tx:
        tx.add(
            "evidence",
            [
                {
                    "matter": "m",
                    "subject": company._who(tx),
                    "compartment": 1,
                    "type": "consent.other",
                    "at": f"{ON}T00:00:00Z",
                    "position": 0,
                }
            ],
        )
    said = company.again()
    assert said["people"] <= 2
    assert said["vectors"] <= 4
    assert said["questions"] == 0


def test_c3_a_fact_asks_only_the_rules_that_read_it(company: Company):
    """After a fact of the deal changed, each rule that is asked again reads it."""
    company.again()
    with company.store.write() as tx:
        company.version += 1
        company._state(tx, "basis.purpose_changes", True)
        tx.change("matter", {"version": company.version}, id="m")
    said = company.again()
    assert said["people"] == 0
    assert said["rules"]
    assert all("basis.purpose_changes" in company.packs.rule(one).read for one in said["rules"])


def test_c3_a_rule_that_changed_is_asked_alone(company: Company):
    """After one rule says the opposite, it alone is asked, and only people under that law are decided again."""
    company.again()
    rules = list(company.packs.rules)
    at = next(
        place for place, one in enumerate(rules) if one.regime == "JP" and one.scope == "subject" and one.in_force(ON)
    )
    rules[at] = replace(rules[at], when=Not(rules[at].when))
    company.packs = replace(company.packs, rules=tuple(rules))
    said = company.again()
    assert said["rules"] == [rules[at].id]
    assert 0 < said["vectors"] < said["of_vectors"]


def test_c3_what_is_kept_is_not_believed_when_it_does_not_fit(company: Company):
    """A slot that belongs to nobody, or a note that all may be touched: everybody is looked at."""
    first = company.again()
    with company.store.write() as tx:
        who = company._who(tx)
        tx.change("subject", {"slots": struct.pack(">BIH", 1, 400, 1)}, vault="v", id=who)
        tx.drop("touched", scope="v")
        tx.change("subject", {"facts": facts(company.chance)}, vault="v", id=who)
    assert company.again()["people"] == first["of_people"]
    with company.store.write() as tx:
        tx.change("subject", {"kind": "customer"}, vault="v")
    assert company.again()["people"] == first["of_people"]


def test_c3_an_answer_that_is_kept_is_the_answer(loaded: Packs):
    """What is kept of a question is found again by what the rule says and what it reads, and by nothing less."""
    rule = next(one for one in loaded.rules if one.read)
    kept = Kept()
    assert kept.answer(rule, [True], lambda: Answer(value=True)).value is True
    assert kept.answer(rule, [True], lambda: Answer(value=False)).value is True
    assert kept.answer(rule, [False], lambda: Answer(value=False)).value is False
    assert kept.answer(replace(rule, line=rule.line + 9, file="x"), [True], lambda: Answer(value=None)).value is True
    assert kept.answer(replace(rule, when=Not(rule.when)), [True], lambda: Answer(value=None)).value is None

"""C3: the list of customers under a verdict or a reason is what looking at every slot of every page gives."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from custody import wiring
from custody.acts.desk import Desk
from custody.base import ids
from custody.ports.store import Row, Transaction
from custody.services.deal_stand import deal_stand
from custody.services.verdict_list import FIRST, verdict_list
from tests.line.homes import desk_of

SUBJECT, EVERYBODY = 16, 10**6


def looked_at(tx: Transaction, deal: Row, fits) -> dict[str, str]:
    """{customer: verdict}, the first slot that fits counts, slot by slot."""
    gate = max(row["n"] for row in tx.find("statement", matter=deal["id"], kind="gate"))
    vectors = {row["number"]: row for row in tx.find("vector", matter=deal["id"], gate=gate)}
    people = {row["id"] for row in tx.find("subject", vault=deal["vault"], kind="customer")}
    found: dict[str, str] = {}
    for row in tx.find("verdict_page", order=("compartment", "page"), matter=deal["id"], gate=gate):
        for page in tx.find("page", vault=deal["vault"], compartment=row["compartment"], page=row["page"]):
            for slot in range(len(page["members"]) // SUBJECT):
                vector = vectors.get(struct.unpack_from(">H", row["vectors"], 2 * slot)[0])
                who = page["members"][SUBJECT * slot : SUBJECT * (slot + 1)]
                if vector and who in people and fits(vector):
                    found.setdefault(ids.subject_text(who), vector["verdict"])
    return found


@pytest.mark.parametrize("half", ["seller", "seller-backup"])
def test_c3_a_list_of_customers_is_what_every_slot_says(played: Path, half: str):
    """By each verdict and by each reason, before anybody was destroyed and after; a shorter list is its beginning."""
    with desk_of(played / half, "suhe") as desk:
        told = _each(desk)
    assert any(told)


def test_c3_each_list_is_as_long_as_its_figure(played: Path):
    """Whom the gate counts under a verdict, once each and under no other; whose parts differ is on the longer list of each of theirs, and found by the beginning of their id where they count."""
    with desk_of(played / "seller-backup", "suhe") as desk:
        figures: Any = deal_stand(desk, wiring.laws_of(played / "seller-backup"), "D-2026-0001")["verdicts"][
            "by_verdict"
        ]  # type: ignore[index]
        lists = {one: verdict_list(desk, "D-2026-0001", None, one, EVERYBODY)["customers"] for one in figures}
        parts = {
            one: verdict_list(desk, "D-2026-0001", None, one, EVERYBODY, part=True)["customers"] for one in figures
        }
        assert {one: len(told) for one, told in lists.items()} == figures
        named = [one["subject"] for told in lists.values() for one in told]
        assert len(named) == len(set(named))
        assert sum(map(len, parts.values())) > len(named), "somebody's parts differ"
        for verdict, told in lists.items():
            assert {one["subject"] for one in told} <= {one["subject"] for one in parts[verdict]}
            other = next((one["subject"] for one in parts[verdict] if one not in told), None)
            assert other is None or not verdict_list(desk, "D-2026-0001", None, verdict, 9, who=other)["customers"]


def _each(desk: Desk) -> list[int]:
    with desk.store.read() as tx:
        (deal,) = tx.find("matter", kind="deal")
        rows = tx.find("vector", matter=deal["id"])
        rules = {reason[0] for row in rows for reason in json.loads(row["reasons"])}
        asked = [(None, verdict) for verdict in {row["verdict"] for row in rows}] + [(rule, None) for rule in rules]
        wanted = [
            looked_at(tx, deal, lambda row, rule=rule, verdict=verdict: _fits(row, rule, verdict))
            for rule, verdict in asked
        ]
    for (rule, verdict), whole in zip(asked, wanted, strict=True):
        told = verdict_list(desk, deal["ref"], rule, verdict, EVERYBODY, part=True)["customers"]
        assert {one["subject"]: one["verdict"] for one in told} == whole
        assert verdict_list(desk, deal["ref"], rule, verdict, 2, part=True)["customers"] == told[:2]
        assert _paged(desk, deal["ref"], rule, verdict) == told
        for one in told[:3]:
            called = verdict_list(desk, deal["ref"], rule, verdict, EVERYBODY, who=one["subject"][:9].lower(), part=True)["customers"]  # fmt: skip
            begins = [who for who in sorted(whole) if who.startswith(one["subject"][:9])]
            assert [row["subject"] for row in called] == begins
            assert {row["subject"]: row["verdict"] for row in called}.items() <= whole.items()
    for typed in ("sub_", "sub_0", "ü", "sub_ILOU", "sub_8000", "sub_" + "7" * 27, "%", "138001"):
        answer = verdict_list(desk, deal["ref"], None, None, EVERYBODY, who=typed)
        fits = [one for one in answer["customers"] if one["subject"][4:].startswith(typed.removeprefix("sub_"))]
        assert answer["customers"] == fits
    return list(map(len, wanted))


def _paged(desk: Desk, ref: str, rule: str | None, verdict: str | None) -> list[dict[str, str]]:
    """The same list, a few at a time."""
    found, after, more = list[dict[str, str]](), FIRST, True
    while more:
        page = verdict_list(desk, ref, rule, verdict, 7, after, part=True)
        assert len(page["customers"]) == 7 or not page["more"]
        found, more = found + page["customers"], page["more"]
        after = tuple(map(int, page["next"].split("."))) if more else after
    return found


def _fits(row: Row, rule: str | None, verdict: str | None) -> bool:
    return verdict in {None, row["verdict"]} and (
        rule is None or rule in {one[0] for one in json.loads(row["reasons"])}
    )

"""D4, C10: what is found by a key in the ledger is what reading the whole ledger finds, before and after looks at customers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts.desk import Desk
from custody.acts.entries import KIND, MATTER, PRINCIPAL, SUBJECT, about_rows, positions, subject_of
from custody.acts.entry_seeking import ENTRY
from custody.acts.matters import EVERYBODY, EVERYTHING, evidence_of, filed
from custody.acts.typed import Word
from custody.base import canonical, ids
from custody.base.errors import CustodyError
from custody.services.access_by import access_by
from custody.services.customer import customer
from custody.services.ledger_list import ledger_list
from custody.services.reveal import reveal
from tests.line.homes import desk_of


@pytest.fixture(scope="module")
def desk(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A copy of the seller, whose newest entries are looks at somebody: allowed or refused, both are entered."""
    where = Path(shutil.copytree(played / "seller", tmp_path_factory.mktemp("about") / "seller"))
    with desk_of(where, "suhe") as made:
        with made.store.read() as tx:
            who = sorted(row["id"] for row in tx.find("subject", kind="customer", state="live"))[:3]
        for one in [*who, *who, *who]:  # more than a page of history shows
            try:
                reveal(made, None, ids.subject_text(one), "service", "case 7")
            except CustodyError as error:
                assert error.slug == "reveal.denied"  # noqa: PT017 - either answer is entered
        yield made


def read_whole(desk: Desk) -> dict[tuple[str, str], list[int]]:
    """{(topic, whom): entries, the newest first} by reading every entry and opening."""
    found: dict[tuple[str, str], list[int]] = {}
    with desk.store.read() as tx:
        openings = {row["position"]: row["detail"] for row in tx.find("opening", space=desk.space)}
        for row in tx.first("ledger_entry", None, order=("-position",), space=desk.space):
            entry, sealed = canonical.decode(row["entry"]), openings[row["position"]]
            says = entry["says"]
            whose = subject_of(sealed)
            plain = {} if whose else canonical.decode(sealed)
            keys = {(MATTER, one.get("matter")) for one in (says, plain)} | {(PRINCIPAL, says.get("principal"))}
            keys |= {(SUBJECT, ids.subject_text(whose))} if whose else set()
            signed = says.get("statement")
            keys.add((KIND, f"statement.{signed}" if signed else f"entry.{entry['kind']}"))
            for key in keys:
                if key[1]:
                    found.setdefault(key, []).append(row["position"])
    return found


def test_c10_entries_are_found_by_key_as_by_reading(desk: Desk):
    """Every deal, every person at work, every customer: the same entries, and nobody else has any."""
    whole = read_whole(desk)
    assert {topic for topic, _ in whole} == {KIND, MATTER, PRINCIPAL, SUBJECT}
    with desk.store.read() as tx:
        assert {key: positions(tx, desk.space, *key) for key in whole} == whole
        assert tx.count("entry_about", space=desk.space) == sum(map(len, whole.values()))


def test_c10_a_deal_tells_its_history_after_looks(desk: Desk):
    """Openings that are sealed for customers stand between; the deal's own entries are told all the same."""
    with desk.store.read() as tx:
        (deal,) = tx.find("matter", kind="deal")
    told = ledger_list(desk, deal["ref"], 8)
    assert [one["position"] for one in told["entries"]] == read_whole(desk)[MATTER, deal["id"]][:8]
    newest = ledger_list(desk, None, 8)["entries"]
    assert [one["position"] for one in newest] == list(range(told["size"] - 1, told["size"] - 9, -1))


def test_c10_entries_are_sought_as_by_reading(desk: Desk):
    """By what happened, who, which deal, number and day, alone and together: a page at a time, every entry that all words mean, once."""
    whole = read_whole(desk)
    with desk.store.read() as tx:
        (deal,) = tx.find("matter", kind="deal")
        people = {row["id"]: row["handle"] for row in tx.find("principal", party=desk.space)}
        entries = {row["position"]: canonical.decode(row["entry"]) for row in tx.find("ledger_entry", space=desk.space)}
    by = {
        topic: {whom: set(found) for (one, whom), found in whole.items() if one == topic} for topic in (KIND, PRINCIPAL)
    }
    days = ("2026-03-01T00:00:00.000000Z", entries[max(entries) // 2]["at"])
    meant = [
        (Word("x", {ENTRY: frozenset({"entry.revealed", "entry.reveal-refused"})}), by[KIND].get("entry.revealed", set()) | by[KIND].get("entry.reveal-refused", set())),
        (Word(deal["ref"][2:]), set(whole[MATTER, deal["id"]])),
        (Word("7"), {7}),
        (Word("2026-03", days=days), {place for place, told in entries.items() if days[0] <= told["at"] < days[1]}),
        (Word("nothing-is-called-so"), set()),
        *((Word(handle.upper()), set().union(*(by[PRINCIPAL].get(one, set()) for one in people if handle in people[one]))) for handle in people.values()),
    ]  # fmt: skip
    asked = [((word,), numbers) for word, numbers in meant] + [((a, b), x & y) for a, x in meant for b, y in meant]
    for words, numbers in asked:
        pages, before = list[int](), None
        while found := [one["position"] for one in ledger_list(desk, None, 3, before, words)["entries"]]:
            pages, before = pages + found, found[-1]
        assert pages == sorted(numbers, reverse=True), words
    assert sum(bool(numbers) for _, numbers in asked) > 10


def test_d4_the_newest_looks_of_a_person_are_the_end_of_all(desk: Desk):
    """A page shows the newest; it is the end of the whole account, and the total is that of the whole."""
    whole, some = access_by(desk, "suhe", None), access_by(desk, "suhe", None, 4)
    assert whole["total"] == some["total"] == len(whole["looks"])
    assert whole["total"] > len(some["looks"]) == 4
    assert whole["looks"][-4:] == some["looks"]


def test_d4_a_card_tells_each_look_once(desk: Desk):
    """Whoever was looked at three times reads of three looks."""
    with desk.store.read() as tx:
        whom = min(row["id"] for row in tx.find("subject", kind="customer", state="live"))
    history = customer(desk, ids.subject_text(whom))["history"]
    looks = [one for one in history if one["kind"] in {"revealed", "reveal-refused"} and one["who"] == "suhe"]
    assert len(looks) == len({one["ledger"] for one in looks}) >= 3


def test_c1_what_is_on_file_of_a_deal_is_read_alone(desk: Desk):
    """Evidence of its people is not read for it."""
    with desk.store.read() as tx:
        (deal,) = tx.find("matter", kind="deal")
        assert filed(tx, deal["id"]) == evidence_of(tx, deal["id"]).get(EVERYBODY, {}).get(EVERYTHING, set())
        assert tx.count("evidence", matter=deal["id"]) > tx.count("evidence", matter=deal["id"], subject=EVERYBODY) > 0


def test_a_sealed_opening_names_nothing_but_its_subject(desk: Desk):
    """What stands inside is not kept in clear: rows of it are those of the entry and the header."""
    with desk.store.read() as tx:
        openings = [row for row in tx.find("opening", space=desk.space) if subject_of(row["detail"])]
        for row in openings:
            (entry,) = tx.find("ledger_entry", space=desk.space, position=row["position"])
            header = {ids.subject_text(subject_of(row["detail"]))}
            says = canonical.decode(entry["entry"])["says"]
            told = {one["whom"] for one in about_rows(desk.space, 0, entry["entry"], row["detail"])} - {"entry.revealed", "entry.reveal-refused"}  # fmt: skip
            assert told <= header | {says.get("matter"), says.get("principal")}
    assert openings

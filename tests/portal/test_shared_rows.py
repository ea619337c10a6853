"""B4: rows that are another person's too are in the answer without what tells who that is, and an erasure names them as what stays."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.desk import Desk
from custody.acts.layouts import class_of
from custody.acts.reading import Reader
from custody.base import ids
from custody.classify.taxonomy import NAMES
from custody.services.erase import erase
from custody.services.request_answer import request_answer
from custody.services.request_new import request_new
from custody.vault.payload import pack, unpack
from tests.package.aged import opened
from tests.portal.conftest import DEAL, at, laws
from tests.portal.requesting import ASKED
from tests.portal.somebody import EMAIL, PHONE, values
from tests.portal.somebody import somebody as with_values

TABLE = "会员"
OTHERS = {"name.full": "另一位", PHONE: "13911112222", EMAIL: "other@elsewhere.example"}


@pytest.fixture
def pair(played: Path) -> tuple[str, str, str]:
    """(one, another, their joint subject): a row like the first one's own, with the other's name and ways of contact in it."""
    who = with_values(played, PHONE, EMAIL)
    with at(played, "zhouning") as desk:
        other = ids.subject_text(
            next(
                bytes(row["id"])
                for row in _live(desk)
                if ids.subject_text(row["id"]) != who and values(desk, ids.subject_text(row["id"]))
            )
        )
        vault, records = _like(desk, who)
        members = [ids.subject_bytes(who), ids.subject_bytes(other)]
        (both,) = add_people(desk, vault, [Newcomer("joint", records, members=members)])
    return who, other, ids.subject_text(both)


def _live(desk: Desk) -> list:
    with desk.store.read() as tx:
        return tx.find("subject", order=("id",), kind="customer", state="live")


def _like(desk: Desk, who: str) -> tuple[str, list[tuple[int, int, bytes]]]:
    subject, made = ids.subject_bytes(who), []
    with desk.store.read() as tx:
        (vault,) = (str(row["vault"]) for row in tx.find("subject", id=subject))
        told = class_of(tx, vault, TABLE)
        with Reader(desk, tx, vault, only={subject}) as reader:
            for record in tx.find("record", vault=vault, subject=subject):
                layout = reader.layouts[record["schema"]]
                if layout.table == TABLE:
                    _, row = unpack(reader.open(record))
                    row = [OTHERS.get(told[name], value) for name, value in zip(layout.columns, row, strict=True)]
                    made.append((record["compartment"], record["schema"], pack(900_001, row)))
    return vault, made


def answered(where: Path, who: str, kept_back: str = "") -> tuple[dict, list, str]:
    with at(where, "zhouning") as desk:
        told = {**ASKED, "kind": "copy", "note": ""}
        ref = str(request_new(desk, laws(where), DEAL, who, told)["ref"])
        made = request_answer(desk, laws(where), ref, "", kept_back)
    file = zipfile.ZipFile(io.BytesIO(opened(made.file, made.passphrase)))
    tables = {one["name"]: one for one in json.loads(file.read("data.json"))["tables"]}
    return tables, json.loads(file.read("withheld.json")), "".join(file.read(name).decode() for name in file.namelist())


def test_b4_an_answer_holds_shared_rows_without_who_the_other_is(played: Path, pair: tuple[str, str, str]):
    """The row stands after the person's own; the other's name, telephone and address are dots, each column is named, and why, in both languages."""
    who, _, _ = pair
    tables, withheld, text = answered(played, who)
    own, shared = tables[TABLE]["rows"]
    classes = {one["name"]: one["class"] for one in tables[TABLE]["columns"]}
    hidden = {name for name, value in shared.items() if value == "•••"}
    assert {classes[name] for name in hidden} >= {cls for cls in classes.values() if cls in {PHONE, EMAIL, *NAMES[:1]}}
    assert not [value for value in OTHERS.values() if value in text]
    assert {name: value for name, value in shared.items() if name not in hidden}.items() <= own.items()
    (said,) = withheld
    assert (said["table"], said["row"], said["because"]) == (TABLE, 2, "shared")
    assert set(said["columns"]) == hidden
    assert set(said["why"]) == {"zh", "en"}


def test_b4_a_shared_row_can_be_kept_back_as_any_other(played: Path, pair: tuple[str, str, str]):
    """By its number, by the rule that says so; then nothing of it is given, and nothing is said of its columns."""
    who, _, _ = pair
    tables, withheld, _ = answered(played, who, f"{TABLE},2,CN-GROUND-45-18")
    assert len(tables[TABLE]["rows"]) == 1
    assert [(one["row"], one.get("rule")) for one in withheld] == [(2, "CN-GROUND-45-18")]


def test_b4_whoever_shares_nothing_is_answered_as_before(played: Path, pair: tuple[str, str, str]):
    """Nobody else's answer has the row in it."""
    with at(played, "zhouning") as desk:
        third = next(
            who for row in _live(desk) if (who := ids.subject_text(row["id"])) not in pair and values(desk, who)
        )
    _, withheld, text = answered(played, third)
    assert withheld == []
    assert OTHERS[PHONE] not in text


def test_a8_an_erasure_names_the_rows_that_stay_for_another(played: Path, pair: tuple[str, str, str]):
    """Tried dry and done: of which table, how many, with how many others; with the last of them they go."""
    who, other, both = pair
    with at(played, "zhouning") as desk:
        stays = {"subject": both, "table": TABLE, "rows": 1, "others": 1}
        assert erase(desk, [who], None, dry_run=True)["shared_rows"] == [stays]
        assert erase(desk, [who], None)["shared_rows"] == [stays]
        assert erase(desk, [other], None, dry_run=True)["shared_rows"] == []
        last = erase(desk, [other], None)
        assert (last["shared"], last["shared_rows"]) == (1, [])

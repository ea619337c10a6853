"""E2, B1: one record that nobody can read stops no counting and no notice; whoever it is of is counted, and stands on the work list as not reachable (spec/campaigns.md §1, spec/incidents.md §7)."""

from pathlib import Path

from custody.acts.contacts import contacts
from custody.base.ids import subject_bytes
from custody.services.campaign_show import campaign_show
from custody.services.suppress import suppress_add
from tests.portal.conftest import at, everybody
from tests.portal.test_incident_told import asking, counted, planned
from tests.portal.test_incidents import recorded


def rot(where: Path, who: str) -> int:
    """A bit of every record in this person's own table; how many there are."""
    rows = asking(where, "SELECT g.file, r.position + r.length - 1 FROM record r JOIN segment g ON g.vault = r.vault AND g.id = r.segment JOIN schema s ON s.vault = r.vault AND s.number = r.schema WHERE s.tbl = '会员' AND r.subject = ?", subject_bytes(who))  # fmt: skip
    for file, last in rows:
        path = where / "seller" / file
        data = bytearray(path.read_bytes())
        data[last] ^= 1
        path.write_bytes(data)
    return len(rows)


def called(where: Path, who: str) -> bytes:
    """Their name, as a list of one line."""
    with at(where, "zhouning") as desk, desk.store.read() as tx:
        vault = str(tx.find("vault")[0]["id"])
        return contacts(desk, tx, vault, [subject_bytes(who)])[subject_bytes(who)].name.encode()


def test_e2_one_record_that_rotted_stops_no_counting_and_no_notice(played: Path):
    """As many are counted as before, the answer says what was not read; everybody else's message is planned, and theirs is work."""
    ref, few = recorded(played)["incident"], list(everybody(played))[:5]
    listed, columns = "\n".join(few).encode(), ("会员/姓名", "会员/手机号")
    before = counted(played, ref, *columns, listed=listed)["counted"]
    assert "unread" not in before
    with at(played, "zhouning") as desk:
        suppress_add(desk, ["nobody-of-these@example.cn"], None, "import", "asked", None)
    name = called(played, few[0])
    assert counted(played, ref, "orders", listed=name)["counted"].get("unread") is None
    hers = rot(played, few[0])
    assert hers > 0
    by_name = counted(played, ref, "orders", listed=name)["counted"]
    assert by_name["unread"] == 1  # nobody knows whether the line is theirs
    told = counted(played, ref, *columns, listed=listed)["counted"]
    assert 0 < told["unread"] <= hers
    assert (told["people"], told["sensitive"]) == (before["people"], before["sensitive"])
    made = planned(played, ref, listed=listed)
    assert (made["people"], made["unread"]) == (5, 1)
    with at(played, "zhouning") as desk:
        shown = campaign_show(desk, made["campaign"], 50)
    assert (shown["unread"], shown["counts"]["no-address"]) == (1, made["counts"]["no-address"])
    assert [one for one in shown["work"] if one["reply"]] == [
        {"subject": few[0], "state": "no-address", "reply": "unread"}
    ]
    assert shown["counts"]["planned"] > 0

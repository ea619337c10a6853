"""E2, B1: whom an incident touched is counted in the vault and told by a campaign that two people approve; nobody's name is kept with it."""

import sqlite3
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.campaigning import campaign, texts
from custody.acts.reading import Reader
from custody.acts.values import shelf, values_of
from custody.base.errors import Denied, Malformed, Missing, Refused
from custody.base.ids import subject_bytes, subject_text
from custody.services.approve import approve
from custody.services.campaign_relay import campaign_relay
from custody.services.campaign_send import campaign_send
from custody.services.campaign_settle import campaign_settle
from custody.services.incident_count import Where, incident_count
from custody.services.incident_draft import incident_draft
from custody.services.incident_notify import Notice, incident_notify
from tests.portal.campaigns import relay
from tests.portal.conftest import at, everybody, laws
from tests.portal.test_incident_papers import CN
from tests.portal.test_incidents import recorded

__all__ = ["relay"]
SENDER = "privacy@qinghe.example"
SAID = {name: {"zh": f"{name}写明", "en": f"{name} told"} for name in CN if name != "categories"}


def counted(where: Path, ref: str, *columns: str, listed: bytes | None = None) -> dict:
    with at(where, "zhouning") as desk:
        return dict(incident_count(desk, laws(where), ref, Where(None, columns, listed)))


def asking(where: Path, sql: str, *values: object) -> list[tuple]:
    store = sqlite3.connect(where / "seller" / "core.db")
    found = store.execute(sql, values).fetchall()
    store.close()
    return found


def holding(where: Path, table: str, column: str) -> set[bytes]:
    """Who has something there, by reading every person's values one by one."""
    with at(where, "zhouning") as desk, desk.store.read() as tx:
        vault = str(tx.find("vault")[0]["id"])
        people = [row["id"] for row in tx.find("subject", vault=vault, state="live") if row["kind"] == "customer"]
        with Reader(desk, tx, vault) as reader:
            shelves = shelf(tx, vault, reader)
            return {
                who
                for who in people
                if any((one.table, one.column) == (table, column) for one in values_of(tx, vault, reader, shelves, who))
            }


def test_e2_whom_it_touched_is_counted_by_table_and_by_column(played: Path):
    """As many as have a record of the table, or a value in the column; the number becomes a fact, and the duties follow it."""
    ref = recorded(played)["incident"]
    orders = asking(played, "SELECT count(DISTINCT r.subject) FROM record r JOIN schema s ON s.vault = r.vault AND s.number = r.schema WHERE s.tbl = 'orders'")  # fmt: skip
    told = counted(played, ref, "orders")
    assert told["counted"]["people"] == orders[0][0]
    cards = holding(played, "会员", "银行卡号")
    told = counted(played, ref, "会员/银行卡号")
    assert told["counted"]["people"] == told["counted"]["sensitive"] == len(cards) > 0
    assert told["facts"]["incident.affected_subjects"] == told["facts"]["incident.affected_sensitive"] == len(cards)
    assert next(line for line in told["duties"] if line["rule"] == "CN-BREACH-57")["certain"]
    told = counted(played, ref, "会员/手机号")
    assert told["counted"]["people"] == len(holding(played, "会员", "手机号"))
    assert told["counted"]["sensitive"] < told["counted"]["people"]
    told = counted(played, ref)
    assert told["counted"]["by_kind"]["employee"] > 0
    assert told["counted"]["customers"] < told["counted"]["people"] == sum(told["counted"]["by_kind"].values())
    for wrong in ("会员/nothing", "nothing"):
        with pytest.raises(Malformed) as refused:
            counted(played, ref, wrong)
        assert refused.value.slug == "incident.column"


def test_e2_a_list_of_the_leaked_file_says_who(played: Path):
    """Each person once however often they stand there; a line that names nobody here may be anybody, and counts; the list is kept nowhere."""
    ref, few = recorded(played)["incident"], list(everybody(played))[:5]
    data = "\n".join([*few, few[0], "nobody@nowhere.example", ""]).encode()
    told = counted(played, ref, "会员/手机号", "会员/银行卡号", listed=data)
    found = told["counted"]
    assert (found["people"], found["lines"], found["unmatched"]) == (5, 6, 1)
    assert told["facts"]["incident.affected_subjects"] == 6
    assert told["facts"]["incident.affected_sensitive"] == found["sensitive"] + 1
    by = {(one["table"], one["column"]): one["people"] for one in found["columns"]}
    mine = {subject_bytes(who) for who in few}
    assert by.get(("会员", "银行卡号"), 0) == len(mine & holding(played, "会员", "银行卡号"))
    for bad in (b"", b"\xff\xfe\x00"):
        with pytest.raises(Malformed) as refused:
            counted(played, ref, listed=bad)
        assert refused.value.slug == "incident.file"
    kept = b"".join(one for (one,) in asking(played, "SELECT detail FROM matter"))
    kept += b"".join(one for (one,) in asking(played, "SELECT entry FROM ledger_entry"))
    assert not [who for who in few if who.encode() in kept or subject_bytes(who).hex().encode() in kept]
    assert b"nowhere" not in kept


def planned(where: Path, ref: str, kind: str = "cn-breach-notice", listed: bytes | None = None, **said: object) -> dict:
    with at(where, "zhouning") as desk:
        return dict(incident_notify(desk, laws(where), ref, Notice(kind, None, listed, SENDER, {**SAID, **said})))


def test_b1_the_customers_are_told_by_a_campaign_of_two_people(played: Path, relay: tuple[str, Path]):
    """What the law lists and no more, to everybody counted, when a second person approved it; for the gate of the deal it is no notice."""
    ref, few = recorded(played)["incident"], list(everybody(played))[:5]
    listed = "\n".join(few).encode()
    with pytest.raises(Missing) as refused:
        planned(played, ref)
    assert refused.value.slug == "incident.uncounted"
    counted(played, ref, "会员/姓名", "会员/手机号", listed=listed)
    with pytest.raises(Malformed) as wrong:
        planned(played, ref, listed=listed + b"\n")
    assert wrong.value.slug == "incident.file"
    with pytest.raises(Missing) as lacks:
        planned(played, ref, listed=listed, cause="")
    assert lacks.value.slug == "document.lacks"
    before = asking(played, "SELECT count(*) FROM evidence WHERE type LIKE 'notice.%'")
    made = planned(played, ref, listed=listed)
    assert (made["people"], made["not_customers"], made["left_out"]) == (5, 0, 0)
    assert {subject_text(who) for (who,) in asking(played, "SELECT s.subject FROM sending s JOIN campaign c ON c.id = s.campaign WHERE c.ref = ?", made["campaign"])} == set(few)  # fmt: skip
    with at(played, "zhouning") as desk:
        with desk.store.read() as tx:
            said = texts(campaign(desk, tx, made["campaign"]))
        draft = next(
            one for one in incident_draft(desk, laws(played), ref, SAID)["drafts"] if one["kind"] == "cn-breach-notice"
        )
        assert (said["text"], said["text_en"]) == (draft["text"]["zh"], draft["text"]["en"])
        assert "手机" in said["text"] or "电话" in said["text"]
        mailer = wiring.mailer(relay[0], "none", "", None, 0)
        made["approve"] = campaign_relay(desk, made["campaign"], mailer.way)["approve"]
        with pytest.raises(Refused):
            campaign_send(desk, mailer, made["campaign"], 0)
    with at(played, "suhe") as desk:
        approve(desk, *made["approve"])
    with at(played, "zhouning") as desk:
        sent = campaign_send(desk, mailer, made["campaign"], 0)
        mailer.close()
        desk.clock.advance(timedelta(days=6))
        done = campaign_settle(desk, made["campaign"], None, 120)
    assert sent["sent"] == done["delivered"] > 0
    mail = [
        message_from_bytes(one.read_bytes(), policy=default).get_content()
        for one in relay[1].iterdir()
        if one.is_file()
    ]
    assert any("cause写明" in one for one in mail)
    assert not [one for one in mail if "/t/" in one]
    assert asking(played, "SELECT count(*) FROM evidence WHERE type LIKE 'notice.%'") == before
    with pytest.raises(Missing) as again:
        planned(played, ref, listed=listed)
    assert again.value.slug == "campaign.already"


def test_b1_the_notice_of_a_law_goes_to_whom_it_speaks_for(played: Path):
    """That of Germany's to who lives there or nobody knows where, not to everybody; the company's own law speaks for all."""
    ref = recorded(played, places=("DE",), risk_level="high")["incident"]
    counted(played, ref, "会员")
    own = planned(played, ref)
    said = {"nature": "N", "dpo.contact": "D", "consequences": "C", "measures": "M"}
    with at(played, "zhouning") as desk:
        abroad = dict(incident_notify(desk, laws(played), ref, Notice("eu-breach-notice", None, None, SENDER, said)))
    assert own["not_bound"] == 0
    assert abroad["not_bound"] > 0
    assert abroad["people"] + abroad["not_bound"] == own["people"]


def test_e2_who_counts_and_plans(played: Path):
    """Data staff record and do neither; of a closed incident nothing more is counted; a report to the authority is no campaign."""
    ref = recorded(played)["incident"]
    with at(played, "limo") as desk:
        with pytest.raises(Denied):
            incident_count(desk, laws(played), ref, Where(None, (), None))
        with pytest.raises(Denied):
            incident_notify(desk, laws(played), ref, Notice("cn-breach-notice", None, None, SENDER, SAID))
    counted(played, ref, "会员")
    with pytest.raises(Missing) as refused:
        planned(played, ref, "cn-breach-report")
    assert refused.value.slug == "incident.paper"

"""From each kind of source into a vault: what was scanned is what is sealed, row by row, and nothing is left behind."""

import json
import secrets
import sqlite3
import zipfile
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from custody.cli.main import main

PEOPLE = [
    (f"K{number:03d}", f"1380013{number:04d}", name)
    for number, name in enumerate(["王芳", "李雷", "韩梅梅", "Zoë"] * 15)
]


@pytest.fixture
def acting(tmp_path: Path, capsys):
    """A home with an owner who may do all of it; run a command there, give (exit code, its JSON)."""
    secret = tmp_path / "owner.pass"
    secret.write_text(secrets.token_hex(8) + "\n")
    secret.chmod(0o600)

    def run(*words: object):
        told = [
            *map(str, words),
            "--json",
            "--home",
            str(tmp_path / "home"),
            "--as",
            "owner",
            "--passphrase-file",
            str(secret),
        ]
        code = main(told)
        return code, json.loads(capsys.readouterr().out)

    code, made = run("init", "--name-zh", "青禾书屋", "--name-en", "Qinghe Books", "--uscc", "91330106MA2CFLE07X")
    assert code == 0, made
    assert run("vault", "new", "main", "--without-recovery")[0] == 0
    return run


def sealed(acting, datamap: Path, source: object, *words: object):
    """Scan, accept and seal one source; the scan's tables and the seal's, by name."""
    code, scanned = acting("scan", source, "-o", datamap, *words)
    assert code == 0, scanned
    code, accepted = acting("datamap", "accept", datamap)
    assert code == 0, accepted
    code, kept = acting("seal", datamap, "--source", source, "--vault", "main", *words)
    assert code == 0, kept
    return scanned, {one["name"]: one for one in scanned["tables"]}, {one["name"]: one for one in kept["tables"]}


def test_a_folder_of_every_kind_is_sealed_whole(tmp_path: Path, acting):
    """CSV, workbook, JSON Lines, Parquet, SQLite and an archive: rows scanned = rows sealed + quarantined, for each table."""
    folder = tmp_path / "shop"
    folder.mkdir()
    rows = "".join(f"{key},{phone},{name}\n" for key, phone, name in PEOPLE)
    (folder / "members.csv").write_bytes(f"编号,手机,姓名\n{rows}K999,坏\n".encode("gb18030", errors="replace"))
    with xlsxwriter.Workbook(folder / "book.xlsx") as made:
        sheet = made.add_worksheet("orders")
        for place, row in enumerate(
            [("订单号", "客户编号", "金额"), *((f"D{n:04d}", key, 1.5) for n, (key, *_) in enumerate(PEOPLE))]
        ):
            sheet.write_row(place, 0, row)
        sheet.write_row(len(PEOPLE) + 1, 0, ("D9999", "K001", 6222020000000000123))
    lines = [json.dumps({"客户编号": key, "备注": {"说": name, "n": 1}}, ensure_ascii=False) for key, _, name in PEOPLE]
    (folder / "notes.jsonl").write_text("\n".join([*lines, "broken"]) + "\n", encoding="utf-8")
    cells = {"customer": [key for key, *_ in PEOPLE], "points": list(range(len(PEOPLE)))}
    parquet.write_table(pa.table(cells), folder / "points.parquet")
    base = sqlite3.connect(folder / "visits.db")
    base.execute("CREATE TABLE visit (customer TEXT, at TEXT)")
    base.executemany("INSERT INTO visit VALUES (?, '2024-01-05')", [(key,) for key, *_ in PEOPLE])
    base.commit()
    base.close()
    with zipfile.ZipFile(folder / "old.zip", "w") as made:
        made.writestr("returns.csv", "客户编号,原因\n" + "".join(f"{key},坏了\n" for key, *_ in PEOPLE))
    before = {path: path.read_bytes() for path in folder.iterdir()}
    _, scanned, kept = sealed(acting, tmp_path / "map.yaml", folder)
    assert set(kept) == {"members", "book.orders", "notes", "points", "visit", "returns"}
    for name, table in kept.items():
        assert table["rows"] == scanned[name]["rows"] == table["sealed"] + table["quarantined"]
    assert {name: scanned[name]["quarantined"] for name in ("members", "book.orders", "notes")} == {"members": 1, "book.orders": 1, "notes": 1}  # fmt: skip
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_persons_answer_holds_when_sealing(tmp_path: Path, acting):
    """A file whose encoding a person had to tell is sealed as the data map says, without asking again."""
    data = b"n,m\n" + bytes((0xD2, 0xBB)) + b",1\n"
    (tmp_path / "n.csv").write_bytes(data)
    datamap = tmp_path / "map.yaml"
    assert acting("scan", tmp_path / "n.csv", "-o", datamap, "--encoding", "n.csv=gb18030")[0] == 0
    assert acting("datamap", "accept", datamap)[0] == 0
    code, kept = acting("seal", datamap, "--source", tmp_path / "n.csv")
    assert (code, kept["rows"], kept["sealed"]) == (0, 1, 1)


def test_an_acceptance_names_what_it_adds(tmp_path: Path, acting):
    """Accepting a map after a change names the changed column alone; what was accepted before and is the same stands."""
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "a.csv").write_text("no,name,mobile\nK1,王芳,13800138001\n", encoding="utf-8")
    (shop / "b.csv").write_text("sku,title\nS1,书\n", encoding="utf-8")
    datamap = tmp_path / "map.yaml"
    assert acting("scan", shop, "-o", datamap)[0] == 0
    code, first = acting("datamap", "accept", datamap)
    assert (code, first["unchanged"], first["changes"]) == (0, 0, [])
    assert acting("datamap", "set", datamap, "a.name", "class=name.alias")[0] == 0
    code, second = acting("datamap", "accept", datamap)
    assert (code, second["unchanged"], second["resumed"]) == (0, 1, False)
    assert {(one["table"], one["column"], one["what"]) for one in second["changes"]} == {
        ("a", "name", "class"), ("a", "name", "confirmed_by"),
    }  # fmt: skip
    assert acting("datamap", "accept", datamap)[1]["resumed"] is True
    refused = acting("seal", datamap, "--source", shop / "b.csv")[1]["error"]
    assert refused["slug"] == "source.missing"
    (shop / "a.csv").write_text("no,name,mobile\nK1,王芳,13800138009\n", encoding="utf-8")
    assert acting("seal", datamap, "--source", shop)[1]["error"]["slug"] == "source.changed"


@pytest.mark.part("postgresql")
def test_a_database_is_sealed_whole(tmp_path: Path, acting, postgres):
    """A PostgreSQL database is scanned and sealed with its password in a file; foreign keys are the joins."""
    url, secret, run = postgres
    run("CREATE DATABASE books")
    run("CREATE TABLE member (no text PRIMARY KEY, mobile text, name text)",
        "CREATE TABLE sale (id int PRIMARY KEY, who text REFERENCES member (no), amount numeric)", database="books")  # fmt: skip
    run(*(f"INSERT INTO member VALUES ('{key}', '{phone}', '{name}')" for key, phone, name in PEOPLE), database="books")
    run(*(f"INSERT INTO sale VALUES ({n}, '{key}', NULL)" for n, (key, *_) in enumerate(PEOPLE)), database="books")
    url = url.replace("/postgres", "/books")
    _, scanned, kept = sealed(acting, tmp_path / "map.yaml", url, "--password-file", secret)
    assert {name: table["sealed"] for name, table in kept.items()} == {"public.member": 60, "public.sale": 60}
    assert scanned["public.sale"]["role"] == "about"
    stored = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert b"geheim" not in stored
    assert b"owner@" not in stored
    assert "geheim" not in (tmp_path / "map.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ["合计,,60", "总计：,,", ",合计,60", "Grand total,,60"])
def test_a_sum_line_is_no_customer(tmp_path: Path, acting, ending: str):
    """The line below the last row of a list is set aside with its line and reason, in whichever cell the word stands."""
    folder = tmp_path / "shop"
    folder.mkdir()
    rows = "".join(f"{key},{name},{phone}\n" for key, phone, name in PEOPLE)
    (folder / "members.csv").write_text(f"编号,姓名,手机\n{rows}{ending}\n", encoding="utf-8")
    _, _, kept = sealed(acting, tmp_path / "map.yaml", folder)
    assert (kept["members"]["rows"], kept["members"]["quarantined"]) == (61, 1)
    _, vaults = acting("vault", "list")
    assert vaults["vaults"][0]["customers"] == 60


def test_a_name_that_means_sum_elsewhere_stays(tmp_path: Path, acting):
    """Only a whole cell is a sum: 总和广告部 and a customer called 小计划 stay."""
    rows = "".join(f"{key},{name},{phone}\n" for key, phone, name in PEOPLE)
    source = tmp_path / "members.csv"
    source.write_text(f"编号,姓名,手机\n{rows}合计部01,小计划,13800131234\n", encoding="utf-8")
    _, _, kept = sealed(acting, tmp_path / "map.yaml", source)
    assert kept["members"]["quarantined"] == 0


def test_a_person_in_a_table_about_nobody_is_set_aside(tmp_path: Path, acting):
    """One remark among thousands that names a customer's telephone does not travel with the catalogue."""
    folder = tmp_path / "shop"
    folder.mkdir()
    rows = "".join(f"{key},{phone},{name}\n" for key, phone, name in PEOPLE)
    (folder / "members.csv").write_text(f"编号,手机,姓名\n{rows}", encoding="utf-8")
    goods = [f"P{n:04d},杯子 {n} 号，容量 350 毫升,{n}.50\n" for n in range(3000)]
    goods[2500] = "P2500,给王女士留一个，电话 13912345678,2.50\n"
    (folder / "goods.csv").write_text("货号,说明,价格\n" + "".join(goods), encoding="utf-8")
    scanned, _, kept = sealed(acting, tmp_path / "map.yaml", folder)
    assert kept["goods"] == {"name": "goods", "rows": 3000, "sealed": 2999, "quarantined": 1}
    assert "13912345678" not in json.dumps([scanned, kept], ensure_ascii=False)


def test_c3_whoever_signs_says_where_the_people_of_a_table_live(tmp_path: Path, acting):
    """What is stated holds where no row speaks against it; where one does, or nothing was stated, nobody knows."""
    folder = tmp_path / "shop"
    folder.mkdir()
    said = {
        "朝阳路 5 号": "CN",
        "": "CN",
        "浙江省杭州市西湖区": "CN",
        "香港九龙弥敦道 1 号": None,
        "12 Long Lane, London": None,
    }
    people = list(enumerate(said))
    rows = "".join(f'K{n:03d},1380013{n:04d},{PEOPLE[n][2]},"{written}"\n' for n, written in people)
    (folder / "members.csv").write_text(f"会员号,手机,姓名,地址\n{rows}", encoding="utf-8")
    orders = "".join(f"D{n},K{n:03d},{'Germany' if n == 1 else ''}\n" for n, _ in people)
    (folder / "orders.csv").write_text(f"订单号,会员号,收货国家\n{orders}", encoding="utf-8")
    datamap = tmp_path / "map.yaml"
    assert acting("scan", folder, "-o", datamap)[0] == 0
    code, made = acting("datamap", "set", datamap, "members", "residence=CN")
    assert code == 0, made
    code, refused = acting("datamap", "set", datamap, "orders", "residence=CN")
    assert (code, refused["error"]["slug"]) == (2, "datamap.form")
    assert acting("datamap", "accept", datamap)[0] == 0
    code, kept = acting("seal", datamap, "--source", folder, "--vault", "main")
    assert code == 0, kept
    assert lived(tmp_path / "home") == {"CN": 2, "DE": 1, None: 2}


def test_c3_a_persons_own_row_says_where_they_live_before_a_parcel_does(tmp_path: Path, acting):
    """Whose own country is another is not made one of the mainland by an address that something was sent to, whichever table comes first."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "zmembers.csv").write_text(
        "会员号,手机,姓名,国家\nK001,13800130001,王芳,Germany\nK002,13800130002,李雷,\n", encoding="utf-8"
    )
    (folder / "orders.csv").write_text(
        "订单号,会员号,收货地址\nD1,K001,浙江省杭州市西湖区 1 号\nD2,K002,浙江省杭州市西湖区 2 号\n", encoding="utf-8"
    )
    sealed(acting, tmp_path / "map.yaml", folder)
    assert lived(tmp_path / "home") == {"DE": 1, "CN": 1}


def lived(home: Path) -> dict[str | None, int]:
    """How many customers live where, as sealing derived it."""
    store = sqlite3.connect(home / "core.db")
    facts = [json.loads(told) for (told,) in store.execute("SELECT facts FROM subject WHERE kind = 'customer'")]
    store.close()
    return dict(Counter(one.get("residence") for one in facts))


def test_a1_rows_of_one_key_are_one_person_where_a_list_of_orders_is_all_there_is(tmp_path: Path, acting):
    """Three orders of one buyer are three rows of one customer, with the lines of those orders; a second name under the key is nobody's."""
    folder = tmp_path / "shop"
    folder.mkdir()
    orders = [(f"D{n:04d}", *PEOPLE[n % 20]) for n in range(60)]
    orders += [("D9001", "", "13800130003", "李四"), ("D9002", "", "13800130004", ""), ("D9003", "", "", "王五")]
    rows = "".join(
        f"{order},{name},{phone},18.5,2024-05-{n % 28 + 1:02d}\n" for n, (order, _, phone, name) in enumerate(orders)
    )
    (folder / "订单.csv").write_text(f"订单号,收货人,收货电话,实付金额,下单时间\n{rows}", encoding="utf-8")
    lines = "".join(f"{order},茶,{n % 3 + 1}\n" for n, (order, *_) in enumerate(orders) for _ in range(2))
    (folder / "明细.csv").write_text(f"订单号,商品,数量\n{lines}", encoding="utf-8")
    _, scanned, kept = sealed(acting, tmp_path / "map.yaml", folder)
    assert (scanned["订单"]["subject_key"], scanned["订单"]["repeats"]) == ("收货电话", True)
    assert [hop["column"] for hop in scanned["明细"]["paths"][0]] == ["订单号", "收货电话"]
    assert kept["订单"] == {"name": "订单", "rows": 63, "sealed": 58, "quarantined": 5}, "two names, and no number"
    assert kept["明细"] == {"name": "明细", "rows": 126, "sealed": 116, "quarantined": 10}
    store = sqlite3.connect(tmp_path / "home" / "core.db")
    people = store.execute("SELECT count(*) FROM subject WHERE kind = 'customer' AND state = 'live'").fetchone()[0]
    reasons = dict(store.execute("SELECT reason, count(*) FROM quarantine WHERE tbl = '订单' GROUP BY reason"))
    store.close()
    assert people == 19, "with three orders each; the key that two names claim is nobody's"
    assert reasons == {"key.claimed-twice": 4, "row.orphan": 1}


def test_a1_a_line_that_was_pasted_twice_loses_nobody(tmp_path: Path, acting):
    """The same in every column is the same person, with their orders; one that differs by anything, a blank too, is nobody's."""
    folder = tmp_path / "shop"
    folder.mkdir()
    lines = [f"{key},{name},{phone}" for key, phone, name in PEOPLE]
    again = [lines[3], lines[5], lines[5], f"{lines[7]} ", lines[9], lines[9].replace(PEOPLE[9][2], "李四")]
    (folder / "会员.csv").write_text("会员编号,姓名,手机\n" + "\n".join([*lines, *again]) + "\n", encoding="utf-8")
    orders = "".join(f"D{n:03d},{PEOPLE[n][0]},18.5\n" for n in range(12))
    (folder / "订单.csv").write_text(f"订单号,会员编号,实付金额\n{orders}", encoding="utf-8")
    _, scanned, kept = sealed(acting, tmp_path / "map.yaml", folder)
    assert (scanned["会员"]["subject_key"], scanned["会员"]["repeats"]) == ("会员编号", False)
    assert kept["会员"] == {"name": "会员", "rows": 66, "sealed": 61, "quarantined": 5}, (
        "two of one key, three of another"
    )
    assert kept["订单"] == {"name": "订单", "rows": 12, "sealed": 10, "quarantined": 2}
    store = sqlite3.connect(tmp_path / "home" / "core.db")
    people = store.execute("SELECT count(*) FROM subject WHERE kind = 'customer' AND state = 'live'").fetchone()[0]
    store.close()
    assert people == len(PEOPLE) - 2

"""Roles, subject keys and joins: on the tables of well-known sample companies and on a small Chinese company's files."""

from itertools import product
from pathlib import Path

import pytest
from labelled import profile
from made import Maker

from custody.adapters.sources.opener import FileOpener
from custody.classify import columns, roles
from custody.classify.profile import Profiler
from custody.model.source import ForeignKey


def ignore(one):
    """Broken rows are counted elsewhere."""
    del one


SHARED = next(
    (one for up in (3, 4) if (one := Path(__file__).parents[up] / "shared" / "data").is_dir()), Path("absent")
)


def of_folder(name):
    if not SHARED.is_dir():
        pytest.skip("the shared tables are not here")
    return in_folder(SHARED / name)


def in_folder(folder):
    profiles = []
    for source in FileOpener().open(str(folder), ignore):
        for head in source.heads():
            profiler = Profiler(head)
            for batch in source.read(head.name, ignore):
                profiler.update(batch)
            profiles.append(profiler.finish())
        source.close()
    return propose(profiles)


def propose(profiles):
    return roles.propose(profiles, columns.classify(profiles))


def steps(role):
    return [" ".join(f"{hop.column}>{hop.table}.{hop.key}" for hop in path) for path in role.paths]


def test_a_retailers_orders_reach_its_customers():
    """Three years of orders are about customers by CustomerKey; products, places and returns are about nobody."""
    found = of_folder("retail")
    assert (found["AdventureWorks_Customers"].role, found["AdventureWorks_Customers"].subject_key) == (
        "subject",
        "CustomerKey",
    )
    for year in (2015, 2016, 2017):
        assert steps(found[f"AdventureWorks_Sales_{year}"]) == ["CustomerKey>AdventureWorks_Customers.CustomerKey"]
    others = {role.role for name, role in found.items() if "Customers" not in name and "Sales" not in name}
    assert others == {"reference"}


def test_operational_tables_join_through_bridges():
    """Addresses and cards reach the customer through their bridge tables; employees are other people, and a second path."""
    found = of_folder("oltp")
    assert (found["customer"].role, found["customer"].subject_key) == ("subject", "PersonID")
    assert (found["employee"].role, found["employee"].kind) == ("other-people", "employee")
    assert (found["prospective_buyer"].role, found["prospective_buyer"].kind) == ("other-people", "prospect")
    assert found["state_province"].role == "reference"
    both = ["BusinessEntityID>customer.PersonID", "BusinessEntityID>employee.BusinessEntityID"]
    assert (
        steps(found["email_address"]) == steps(found["person_phone"]) == steps(found["business_entity_address"]) == both
    )
    assert (
        steps(found["address"])[0] == "AddressID>business_entity_address.AddressID BusinessEntityID>customer.PersonID"
    )
    assert steps(found["credit_card"]) == [
        "CreditCardID>person_credit_card.CreditCardID BusinessEntityID>customer.PersonID"
    ]


def test_a_record_shop_has_customers_employees_and_invoices():
    """Invoices are about customers; employees are other people."""
    found = of_folder("chinook")
    assert (found["chinook_customer"].role, found["chinook_customer"].subject_key) == ("subject", "CustomerId")
    assert (found["chinook_employee"].role, found["chinook_employee"].kind) == ("other-people", "employee")
    assert steps(found["chinook_invoice"]) == ["CustomerId>chinook_customer.CustomerId"]


@pytest.fixture(scope="module")
def company():
    """Files of a small company: members, orders, order lines, subscriptions, tickets, tastes, staff, leads, goods."""
    make = Maker(3, "zh")
    ids = [f"VIP{10000 + number}" for number in range(80)]
    phones = make.column("contact.phone", 80, "mobile")
    pick = [make.r.randrange(80) for _ in range(200)]
    orders = [f"DD2025{number:06}" for number in range(200)]

    def made(cls, rows, maker=""):
        return make.column(cls, rows, maker)

    return {
        "会员表": {"会员编号": ids, "姓名": made("name.full", 80), "手机号": phones, "生日": made("person.birth_date", 80), "积分": made("account.loyalty", 80)},
        "订单": {"订单号": orders, "会员编号": [ids[i] for i in pick], "下单时间": made("trade.time", 200), "实付金额": made("trade.amount", 200), "收货人": made("name.full", 200), "收货电话": made("contact.phone", 200)},
        "订单明细": {"明细ID": made("record.key", 300), "订单号": [orders[make.r.randrange(200)] for _ in range(300)], "商品名称": made("trade.item", 300), "数量": made("trade.amount", 300, "quantity")},
        "订阅": {"订阅号": made("trade.order_id", 50), "会员编号": [ids[make.r.randrange(80)] for _ in range(50)], "套餐": made("trade.item", 50), "到期日期": made("trade.time", 50), "状态": made("record.code", 50)},
        "售后工单": {"工单号": made("trade.order_id", 40), "客户手机": [phones[make.r.randrange(80)] for _ in range(40)], "问题描述": made("text.free", 40), "受理时间": made("trade.time", 40)},
        "偏好": {"会员编号": ids, "口味": made("taste.preference", 80), "接收短信": made("taste.marketing", 80)},
        "员工": {"工号": made("record.key", 12, "number"), "姓名": made("name.full", 12), "手机": made("contact.phone", 12, "mobile"), "岗位": made("job.title", 12), "入职日期": made("record.time", 12)},
        "潜在客户": {"编号": made("record.key", 30, "number"), "姓名": made("name.full", 30), "电话": made("contact.phone", 30, "mobile"), "意向课程": made("trade.item", 30)},
        "商品": {"商品编号": made("record.key", 20, "sku"), "商品名称": made("trade.item", 20), "价格": made("trade.amount", 20)},
    }  # fmt: skip


def test_a_small_companys_files_find_their_places(company):
    """Members are the subjects; what refers to them by number or telephone is about them; staff and leads are not."""
    found = propose([profile(name, made) for name, made in company.items()])
    assert {name: (role.role, role.kind) for name, role in found.items()} == {
        "会员表": ("subject", "customer"), "订单": ("about", "customer"), "订单明细": ("about", "customer"),
        "订阅": ("about", "customer"), "售后工单": ("about", "customer"), "偏好": ("about", "customer"),
        "员工": ("other-people", "employee"), "潜在客户": ("other-people", "prospect"), "商品": ("reference", ""),
    }  # fmt: skip
    assert found["会员表"].subject_key == "会员编号"
    assert steps(found["订单"])[0] == "会员编号>会员表.会员编号"
    assert steps(found["订单明细"])[0] == "订单号>订单.订单号 会员编号>会员表.会员编号"


def test_every_path_ends_at_a_key_of_people(company):
    """No path ends anywhere but at the subject key of a table of people."""
    found = propose([profile(name, made) for name, made in company.items()])
    for role in found.values():
        for path in role.paths:
            assert found[path[-1].table].subject_key == path[-1].key


def test_several_files_of_customers_stay_several(company):
    """Two shops' member files that share nothing are both subjects, and each order follows its own."""
    other = {
        "客户编号": [f"K{number:05}" for number in range(60)],
        **{k: v[:60] for k, v in company["会员表"].items() if k != "会员编号"},
    }
    bought = {
        "订单编号": [f"B{number}" for number in range(90)],
        "客户编号": [f"K{number % 60:05}" for number in range(90)],
        "金额": ["1.00"] * 90,
    }
    found = propose([profile("会员表", company["会员表"]), profile("线下客户", other), profile("线下订单", bought)])
    assert found["会员表"].role == found["线下客户"].role == "subject"
    assert steps(found["线下订单"]) == ["客户编号>线下客户.客户编号"]


def test_declared_keys_are_believed():
    """A foreign key that the source declares makes the join, whatever the names."""
    people = profile(
        "people",
        {
            "pk": ["1", "2", "3"],
            "full_name": ["Ann Lee", "Bo Chen", "Cy Young"],
            "email": ["a@b.co", "c@d.co", "e@f.co"],
        },
        primary_key=("pk",),
    )
    visits = profile(
        "visits",
        {"vid": ["7", "8"], "who": ["1", "3"], "visit_date": ["2024-01-01", "2024-01-02"]},
        foreign_keys=(ForeignKey("who", "people", "pk"),),
    )
    found = propose([people, visits])
    assert found["people"].subject_key == "pk"
    assert steps(found["visits"]) == ["who>people.pk"]


def test_personal_rows_that_reach_nobody_are_never_reference():
    """A personal table without a key or a path is left for quarantine, not handed over whole."""
    rows = {"姓名": ["王小明", "王小明", "李雷", "李雷"], "手机": ["13812345678", "13812345678"] * 2}
    assert propose([profile("抄表", rows)])["抄表"].role != "reference"


def orders(people):
    """An order a line: its number, whose it is, what it cost."""
    cells = [(f"D{n:04d}", *who, f"{n}.50", f"2024-05-{n % 28 + 1:02d}") for n, who in enumerate(people)]
    return dict(
        zip(("订单号", "收货人", "收货电话", "实付金额", "下单时间"), map(list, zip(*cells, strict=True)), strict=True)
    )


BUYERS = [(name, f"1380013{number:04d}") for number, name in enumerate(["王小明", "李雷", "韩梅梅", "赵建国"] * 6)]


def test_a2_a_list_of_orders_that_is_all_there_is_has_several_rows_a_person():
    """By their telephone; the lines of the orders follow by the order's number."""
    lines = {"订单号": [f"D{n:04d}" for n in range(48) for _ in range(2)], "商品": ["茶", "壶"] * 48}
    found = propose([profile("订单", orders(BUYERS * 2)), profile("明细", lines)])
    assert (found["订单"].role, found["订单"].subject_key, found["订单"].repeats) == ("subject", "收货电话", True)
    assert steps(found["明细"]) == ["订单号>订单.订单号 收货电话>订单.收货电话"]


def test_a2_another_list_of_deeds_finds_the_person_by_what_both_write_down():
    """Bookings by telephone lead to who has the identity number, though the telephone is no key there."""
    numbers = [f"11010119{70 + n:02d}030{n % 9 + 1}{n:02d}1X" for n in range(24)]
    visits = {"姓名": [], "身份证号": [], "电话": [], "就诊日期": []}
    for n in range(72):
        who = n % 24
        for column, value in zip(
            visits, (BUYERS[who][0], numbers[who], BUYERS[who][1], f"2024-05-{n % 28 + 1:02d}"), strict=True
        ):
            visits[column].append(value)
    bookings = {"预约编号": [f"Y{n:04d}" for n in range(48)], "姓名": [BUYERS[n % 24][0] for n in range(48)], "手机": [BUYERS[n % 24][1] for n in range(48)],
                "项目": ["洗牙", "配镜"] * 24, "门店编号": ["M01", "M02"] * 24}  # fmt: skip
    visits["门店编号"] = ["M01", "M02"] * 36
    found = propose([profile("就诊", visits), profile("预约", bookings)])
    assert (found["就诊"].subject_key, found["就诊"].repeats) == ("身份证号", True)
    assert steps(found["预约"]) == ["手机>就诊.电话 身份证号>就诊.身份证号"]


def test_a2_a_number_with_more_names_than_numbers_is_nobodys():
    """A shop's own telephone in each line says nothing of who buys: each order is somebody, as it was."""
    shared = [
        (f"{family}{given}", BUYERS[n % 3][1])
        for n, (family, given) in enumerate(product("王李张刘陈杨赵黄", "芳伟娜强磊静"))
    ]
    (role,) = propose([profile("订单", orders(shared))]).values()
    assert (role.role, role.subject_key, role.repeats) == ("subject", "订单号", False)


def test_a2_where_there_is_a_file_of_customers_no_list_of_orders_is_one():
    """Orders are about the customers, however often each stands there."""
    names, phones = zip(*BUYERS, strict=True)
    people = {
        "会员号": [f"K{n:03d}" for n in range(24)],
        "姓名": list(names),
        "手机": list(phones),
        "性别": ["男", "女"] * 12,
    }
    found = propose([profile("会员", people), profile("订单", orders(BUYERS * 2))])
    assert (found["会员"].role, found["会员"].repeats) == ("subject", False)
    assert found["订单"].role == "about"
    assert not any(one.repeats for one in found.values())


NOTES = {
    "备注": "客户王小芳电话1380000{n:04}，要求周末送货",
    "内容": "{n}号客户李强，邮箱 kehu{n}@example.cn，投诉质量",
    "message": "Please call Anna Müller on +86 138 0000 {n:04} about her refund",
    "value": "Mr Brown wrote from brown{n}@example.com and wants a refund",
}


@pytest.mark.parametrize("header", NOTES)
@pytest.mark.parametrize("numbered", [True, False])
def test_a2_text_that_tells_of_people_is_never_about_nobody(tmp_path: Path, header: str, numbered: bool):
    """Notes without a customer's number: not reference, so that they do not go to the buyer whole."""
    lines = [",".join([*([str(n)] if numbered else []), f'"{NOTES[header].format(n=n)}"']) for n in range(1, 41)]
    (tmp_path / "notes.csv").write_text(
        "\n".join([",".join([*(["id"] if numbered else []), header]), *lines]), encoding="utf-8"
    )
    (role,) = in_folder(tmp_path).values()
    assert role.role != "reference"


def test_a2_a_catalogue_with_a_word_about_itself_stays_about_nobody(tmp_path: Path):
    """Descriptions of goods, a hotline among them, tell of no person."""
    lines = [f'{n},"保温杯 {n}00 毫升，不锈钢，售后 400-800-{n:04}","{n}.50"' for n in range(1, 41)]
    (tmp_path / "products.csv").write_text("\n".join(["货号,说明,价格", *lines]), encoding="utf-8")
    (role,) = in_folder(tmp_path).values()
    assert role.role == "reference"


def test_a_shop_names_its_customers_after_itself(company):
    """A list called after the shop is its customers' where the rows have birthdays or cards; branches with a keeper's name stay companies."""
    members = {name: company["会员表"][name] for name in ("会员编号", "姓名", "手机号", "生日")}
    for called in ("shop", "门店", "main.store_2025", "店铺导出"):
        found = propose([profile(called, members)])[called]
        assert (found.role, found.kind, found.subject_key) == ("subject", "customer", "会员编号")
        branches = {
            "编号": company["员工"]["工号"],
            "负责人姓名": company["员工"]["姓名"],
            "电话": company["员工"]["手机"],
            "地址": company["员工"]["岗位"],
        }
        assert propose([profile(called, branches)])[called].role != "subject"
    assert propose([profile("供应商", members)])["供应商"].kind == "company"

"""The sample as a whole: it repeats, it is there at every size, and everybody in it is invented."""

import csv
import hashlib
import io
import re
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric, uscc

import custody_sample

Written = tuple[custody_sample.SampleFacts, Any]
FILES = ["customer_care.xlsx", "orders.csv", "shop.sqlite", "会员.csv"]
REASONS = {"undecodable", "too few cells", "too many cells", "quote", "number damaged"}


def digests(folder: Path):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_same_seed_same_bytes(tmp_path: Path):
    """The same seed gives the same bytes of all four files, over an older sample too."""
    first = custody_sample.generate(tmp_path / "a", customers=120, seed=5)
    custody_sample.generate(tmp_path / "b", customers=60, seed=6)
    assert digests(tmp_path / "a").keys() == set(FILES)
    assert all(digests(tmp_path / "a")[name] != digests(tmp_path / "b")[name] for name in FILES)
    assert custody_sample.generate(tmp_path / "b", customers=120, seed=5) == first
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_workbook_holds_no_time_of_writing(tmp_path: Path):
    """Nothing in the workbook tells when it was written."""
    custody_sample.generate(tmp_path, customers=3)
    with zipfile.ZipFile(tmp_path / "customer_care.xlsx") as book:
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 31, 0, 0, 0)}
        assert book.read("docProps/core.xml").count(b"2026-03-16T09:30:00Z") == 2


@pytest.mark.parametrize("customers", [0, 1, 49, 50])
def test_small(tmp_path: Path, reading: ModuleType, customers: int):
    """Any size works; below fifty customers there are no faults."""
    facts = custody_sample.generate(tmp_path, customers=customers)
    found = reading.Company(tmp_path)
    assert len(found.customers) == facts.customers == customers
    assert found.members.met == facts.rows["会员"]
    assert bool(facts.broken) == bool(facts.shared_keys) == bool(facts.orphans) == (customers >= 50)
    assert {one.reason for one in facts.broken} == (REASONS if customers >= 50 else set())


@pytest.mark.parametrize("customers", [-1, 1_000_001])
def test_size_is_bounded(tmp_path: Path, customers: int):
    """A size outside 0 to a million is refused before anything is written."""
    with pytest.raises(ValueError, match="1,000,000"):
        custody_sample.generate(tmp_path / "none", customers=customers)
    assert not (tmp_path / "none").exists()


@settings(max_examples=6)
@given(seed=st.integers(0, 2**63))
def test_everything_is_there_at_200(tmp_path_factory: pytest.TempPathFactory, seed: int):
    """With 200 customers every kind of person, cell and fault is met, whatever the seed."""
    facts = custody_sample.generate(tmp_path_factory.mktemp("seed"), customers=200, seed=seed)
    assert [name for name, value in facts.as_dict().items() if not value and name != "seed"] == []
    assert {one.reason for one in facts.broken} == REASONS
    assert {one.file for one in facts.broken} == {"会员.csv", "orders.csv", "customer_care.xlsx"}
    assert facts.countries.keys() >= {"", "CN", "DE", "FR", "GB", "US", "HK", "JP"}
    assert facts.id_numbers.keys() >= {"valid", "wrong check", "masked", "fifteen", "blank"}
    assert facts.birth_dates.keys() == {"iso", "slash", "blank"}
    assert facts.remarks.keys() >= {"phone", "id", "health", "address", "card", "email", "third", "decoy", "plain"}
    assert facts.order_status.keys() >= {"open", "paid", "shipped", "completed"}
    assert facts.subscription_status.keys() >= {"进行中", "已到期"}
    assert facts.case_status.keys() == {"待处理", "处理中", "已关闭"}


def test_four_byte_characters(written: Written):
    """The member list holds characters that GB 18030 writes with four bytes."""
    facts, found = written
    names = "".join(row["姓名"] for row in found.customers.values())
    assert facts.rare_names
    assert any(len(letter.encode("gb18030")) == 4 for letter in names)


def test_check_digits(written: Written):
    """Resident identity numbers and cards have right check digits, but for those counted as wrong."""
    facts, found = written
    rows = found.customers.values()
    whole = [row["身份证号"] for row in rows if re.fullmatch(r"\d{17}[\dXx]", row["身份证号"])]
    right = [number for number in whole if ric.calc_check_digit(number) == number[17].upper()]
    assert len(right) == facts.id_numbers["valid"]
    assert len(whole) - len(right) == facts.id_numbers["wrong check"]
    assert all(luhn.is_valid(row["银行卡号"]) for row in rows if row["银行卡号"])


def test_identity_number_agrees_with_birth_date(written: Written):
    """A whole identity number holds the birth date of its row."""
    _, found = written
    for row in found.customers.values():
        if len(row["身份证号"]) == 18 and "*" not in row["身份证号"] and row["出生日期"]:
            year, month, day = (int(part) for part in re.split("[-/]", row["出生日期"]))
            assert row["身份证号"][6:14] == f"{year:04d}{month:02d}{day:02d}"


def test_mail_goes_nowhere(written: Written):
    """E-mail addresses lie in domains reserved for examples (RFC 2606)."""
    _, found = written
    cells = [row["邮箱"] for row in found.customers.values()]
    cells += [row["email"] for kind in ("employees", "prospects") for row in found.shop[kind]]
    for cell in filter(None, cells):
        assert re.search(r"[@.]example\.(com|org|net)$", cell)


def test_orders_name_articles(written: Written):
    """Every good order line names an article of the shop's catalogue."""
    _, found = written
    skus = {row["sku"] for row in found.shop["products"]}
    assert {row["item_sku"] for row in found.orders.rows} <= skus


def test_companies():
    """Both companies have a unified social credit code with the right check character."""
    for company in (custody_sample.SELLER, custody_sample.BUYER):
        assert uscc.is_valid(company.uscc)
    assert custody_sample.SELLER.zh == "青禾书屋（杭州）有限公司"
    assert custody_sample.BUYER.en == "Yuanfan Culture (Shanghai) Co., Ltd."


def test_member_list_is_read_by_any_spreadsheet(written: Written):
    """The member list has Windows line ends, and its header is the documented one."""
    _, found = written
    data = (found.folder / "会员.csv").read_bytes()
    first = data.split(b"\r\n", 1)[0].decode("gb18030")
    assert next(csv.reader(io.StringIO(first)))[:4] == ["客户编号", "姓名", "手机号", "身份证号"]
    assert data.endswith(b"\r\n")

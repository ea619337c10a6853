"""Marks before the names of a table's columns, and veils behind them."""

import pytest
from labelled import profile

from custody.classify import prefixes
from custody.classify.columns import classify
from custody.classify.headers import judge, veiled

DIGESTS = [f"{number * 0x9E3779B97F4A7C15F39CC0605CEDC835:064x}"[-64:] for number in range(1, 41)]
NAMES = ["王小明", "李雷", "韩梅梅", "赵一鸣"] * 10


def classes(columns):
    return {one.name: one.cls for one in classify([profile("t", columns)])[0].columns}


def test_an_owner_nobody_listed_is_taken_off():
    """`qwxm`, `qwsfzhm`, `qwsjh` say whose: then `qwnl` is an age."""
    found = prefixes.rests(["qwxm", "qwsfzhm", "qwsjh", "qwnl", "beizhu"])
    assert found["qwnl"] == "nl"
    assert "beizhu" not in found


def test_a_letter_before_all_columns_is_the_tables():
    """One letter is a mark only where most columns of the table have it."""
    assert prefixes.rests(["qname", "qaddress", "qphone", "qnl"])["qnl"] == "nl"
    assert prefixes.rests(["qname", "remark", "price", "qnl", "total", "status"]) == {}


def test_a_beginning_before_unknown_words_is_no_mark():
    """Three columns that begin alike by chance are left as they are."""
    assert prefixes.rests(["zzqa", "zzqb", "zzqc", "zzqd"]) == {}


@pytest.mark.parametrize(
    ("header", "cls"),
    [("phone_hash", "contact.phone"), ("手机号密文", "contact.phone"), ("emailSha256", "contact.email"), ("encrypted_passport_no", "id.passport"),
     ("身份证号加密", "id.cn_resident"), ("date_of_birth_encrypted", "person.birth_date")],
)  # fmt: skip
def test_a_digest_is_of_the_class_of_what_it_hides(header, cls):
    """A hashed telephone is a telephone and no password, whatever its values look like."""
    assert veiled(header)
    assert judge(header)[0].cls == cls
    assert classes({"姓名": NAMES, header: DIGESTS})[header] == cls


@pytest.mark.parametrize("header", ["password_hash", "pwd_md5", "hash", "token_hash", "code_hash", "api_key_hash"])
def test_a_digest_of_a_password_stays_a_secret(header):
    """What opens an account is not veiled by being hashed."""
    assert not veiled(header)
    assert classes({"姓名": NAMES, header: DIGESTS})[header].startswith("account.")


@pytest.mark.parametrize(
    ("header", "cls"),
    [("身分證字號", "id.national_other"), ("聯絡電話", "contact.phone"), ("監護人姓名", "person.guardian"), ("過敏史", "person.health"),
     ("婚姻狀況", "person.marital_status"), ("電子郵件", "contact.email"), ("職稱", "job.title"), ("戶籍地址", "contact.address"), ("電話番号", "contact.phone")],
)  # fmt: skip
def test_traditional_headers_are_read(header, cls):
    """Headers in Traditional characters are read as their simplified words; Japanese ones stay Japanese."""
    assert judge(header)[0].cls == cls


def test_a_short_number_on_a_card_is_a_members():
    """Eight digits are no number of a bank's card, whatever the header says."""
    cards = [f"{80_000_000 + number}" for number in range(40)]
    assert classes({"姓名": NAMES, "vip_card_number": cards})["vip_card_number"] == "account.customer_id"


def test_codes_of_places_are_places():
    """Six digits that begin as provinces do are a place where the header says so, not a key."""
    codes = ["330106", "510107", "440305", "110105"] * 10
    assert classes({"姓名": NAMES, "生源地代码": codes})["生源地代码"] == "contact.region"


def test_a_bed_or_a_room_tells_nothing_alone():
    """A bed in a shop is no illness; beside one it is, and in a hotel a room is a lodging."""
    beds = {"姓名": NAMES, "bed_id": [str(number % 7) for number in range(40)]}
    assert classes(beds)["bed_id"] == "record.other"
    assert classes(beds | {"诊断": ["高血压", "糖尿病"] * 20})["bed_id"] == "person.health"


def test_how_tall_and_how_heavy_found_no_theme():
    """Height and weight of somebody who looks for a partner make no table of illnesses of the rest."""
    tall = {
        "姓名": NAMES,
        "身高": [str(150 + number) for number in range(40)],
        "体重": [str(45 + number) for number in range(40)],
    }
    assert classes(tall | {"zzqq": ["甲", "乙", "丙", "丁"] * 10})["zzqq"] == "record.other"

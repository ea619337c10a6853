"""Owners in headers: what a column says of whomever it names."""

import pytest

from custody.classify.headers import judge


@pytest.mark.parametrize(("header", "cls"), [
    ("寄养人民族", "person.ethnicity"), ("患者职业", "job.title"), ("担保人单位", "job.employer"), ("入住人的国籍", "person.nationality"), ("乘客名", "name.full"),
    ("guarantor_city", "contact.city"), ("Coborrower Race", "person.ethnicity"), ("cosignergender", "person.gender"), ("Nickname of the payee", "name.alias"),
    ("religion_next_of_kin", "person.religion"), ("Tenant's cell", "contact.phone"), ("Athlete_Name__c", "name.full"), ("Birthdate__pc", "person.birth_date"),
    ("sexe du titulaire", "person.gender"), ("claimant.language", "person.language"),
])  # fmt: skip
def test_what_is_left_without_the_owner_is_what_the_column_holds(header, cls):
    """None of these pairs is listed; words for owners and for what they have are."""
    assert judge(header)[0].cls == cls


@pytest.mark.parametrize(("header", "cls"), [
    ("jiekuanrenguoji", "person.nationality"), ("toubaoren_qq", "contact.im"), ("chengkedanwei", "job.employer"), ("bar_lxfs", "contact.phone"), ("zyz_sfzh", "id.cn_resident"),
    ("gtjkr_gzdw", "job.employer"), ("skryhkh", "finance.card_number"),
])  # fmt: skip
def test_owners_in_pinyin_and_by_initials_are_taken_off(header, cls):
    """Spelled, or by initials that nobody listed where they stand apart."""
    assert cls in {one.cls for one in judge(header)}


@pytest.mark.parametrize("header", ["患者备注", "病人病史", "担保金额"])
def test_an_owners_stem_still_speaks_where_the_rest_is_no_persons_thing(header):
    """What is noted of a patient, or what is vouched for, stays sensitive."""
    assert judge(header)[0].cls in {"person.health", "finance.credit"}


@pytest.mark.parametrize("header", ["account_officer", "family_head", "shs_name", "mbl_no", "m_nr"])
def test_what_only_looks_like_an_owner_is_none(header):
    """A noun behind another, two letters before an English word."""
    assert all(one.weight < 3 for one in judge(header))


@pytest.mark.parametrize(("header", "cls"), [
    ("保護者・電話番号", "person.guardian"), ("본인연락처", "contact.phone"), ("mother_occupation_title", "person.guardian"), ("身份证后六位", "id.cn_resident"), ("账号末五码", "finance.bank_account"),
    ("reviewed_by_name", "name.full"), ("relationship_to_owner", "record.other"), ("tipo_vendedor", "record.code"), ("租客编号", "account.customer_id"),
])  # fmt: skip
def test_guardians_digits_and_relations_are_read(header, cls):
    """A parent's telephone, some digits of a number, who did it, how they are related."""
    assert judge(header)[0].cls == cls

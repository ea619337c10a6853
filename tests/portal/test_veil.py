"""B3: what stands on a page that opened by a link alone tells its own person what it is, and a stranger nothing they could use (spec/portal.md §2)."""

import re

import pytest

from custody.acts.veil import DOTS, veil
from custody.classify.taxonomy import classes

FOREIGN = (
    "5 Rue de Rivoli, Paris",
    "17 Elm St",
    "221B Baker Street",
    "解放路1号",
    "Hauptstr. 3, 10115 Berlin",
    "人民路12号市府大院",
)


@pytest.mark.parametrize("address", FOREIGN)
def test_b3_of_an_address_no_street_and_no_house_shows(address: str):
    """Where it does not begin with a city or a district, nothing does."""
    assert veil("contact.address", address, "general") == DOTS


def test_b3_of_a_chinese_address_city_and_district_show():
    """Enough to know it again."""
    assert veil("contact.address", "浙江省杭州市西湖区文三路 9 号", "general").startswith("浙江省杭州市")
    assert "文三路" not in veil("contact.address", "浙江省杭州市西湖区文三路 9 号", "general")


def test_b3_a_domain_of_ones_own_does_not_show():
    """It would name the person, or where they work."""
    assert veil("contact.email", "ab@my-own-name.example", "general") == f"a{DOTS}@{DOTS}"
    assert veil("contact.email", "ab@QQ.com", "general") == f"a{DOTS}@QQ.com"


def test_b3_of_what_is_sensitive_nothing_shows():
    """Whatever class it is of, and whatever rule its class has."""
    for cls in classes():
        for value in ("330106198001011234", "E12345678", "1980-01-01", "hunter22"):
            assert not re.search(r"[A-Za-z0-9]", veil(cls, value, "sensitive")), cls

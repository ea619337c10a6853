"""A place in a law is named as people name it, in both languages."""

import pytest

from custody.base.citing import cited, cited_all

PIPL = {"instrument": "PIPL", "official": "中华人民共和国个人信息保护法", "article": "23"}
GDPR = {"instrument": "GDPR", "official": "Regulation (EU) 2016/679", "article": "6(1)"}
DSK = {"instrument": "DSK resolution", "official": "DSK, Beschluss", "article": "ended contracts"}


@pytest.mark.parametrize(
    ("reference", "zh", "en"),
    [
        (PIPL, "《中华人民共和国个人信息保护法》第 23 条", "PIPL Art. 23"),
        (GDPR, "GDPR 第 6(1) 条", "GDPR Art. 6(1)"),
        (GDPR | {"article": "44-49"}, "GDPR 第 44-49 条", "GDPR Art. 44-49"),
        (
            {"instrument": "PIPA", "official": "개인정보 보호법", "article": "27(1)"},
            "韩国《个人信息保护法》第 27(1) 条",
            "PIPA Art. 27(1)",
        ),
        (PIPL | {"article": "9, 10, 17"}, "《中华人民共和国个人信息保护法》第 9、10、17 条", "PIPL Art. 9, 10, 17"),
        (PIPL | {"article": ""}, "《中华人民共和国个人信息保护法》", "PIPL"),
        (DSK, "DSK resolution：ended contracts", "DSK resolution: ended contracts"),
        (
            DSK | {"article": "5; letter of 2015"},
            "DSK resolution：5; letter of 2015",
            "DSK resolution: 5; letter of 2015",
        ),
    ],
)
def test_a_place_is_named_by_number_or_by_its_words(reference: dict[str, str], zh: str, en: str):
    """A number is an article; anything else stands as it is."""
    assert (cited(reference, "zh"), cited(reference, "en")) == (zh, en)


def test_a_law_is_named_once_with_all_its_places():
    """Laws stand in the order in which they come; a place is told once."""
    told = [PIPL, GDPR, PIPL | {"article": "22"}, PIPL, DSK, GDPR | {"article": "recital 47"}]
    assert cited_all(told, "zh") == (
        "《中华人民共和国个人信息保护法》第 23、22 条；GDPR 第 6(1) 条、recital 47；DSK resolution：ended contracts"
    )
    assert cited_all(told, "en") == "PIPL Art. 23, 22; GDPR Art. 6(1), recital 47; DSK resolution: ended contracts"

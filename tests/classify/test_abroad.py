"""Headers in other languages: each sensitive class is read in each of them, and nothing about goods or companies is held for sensitive."""

from collections import Counter

import pytest
from labelled import HERE, profile

from custody.classify.columns import classify
from custody.classify.headers import judge
from custody.classify.taxonomy import classes

LANGUAGES = ("en", "de", "fr", "es", "pt", "ja", "ko")
SENSITIVE = {name for name, one in classes().items() if one.level == "sensitive"}
# Chinese documents, and a number that one country has.
ELSEWHERE = {"id.cn_resident", "id.travel_permit", "id.us_ssn"}
# Languages in which no other words are usual than those of another class.
SAME = {("id.tax", "ko")}


def words():
    """(class, language, header) of the list; class `none` for what is not sensitive."""
    cls = ""
    for line in (HERE / "words_abroad.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            cls = line[1:-1]
        elif line and not line.startswith("#"):
            language, *headers = line.split()
            yield from ((cls, language, header) for header in headers)


def read(header):
    return next((one.cls for one in judge(header)), "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sensitive_fields_are_read_in_each_language(language):
    """Of the names that forms and systems have for what is sensitive, 49 of 50 are read as their class."""
    wanted = [(header, cls) for cls, one, header in words() if one == language and cls != "none"]
    missed = [header for header, cls in wanted if read(header) != cls]
    assert len(missed) <= 0.02 * len(wanted), missed


def test_each_sensitive_class_has_words_in_each_language():
    """No class is blind in a language: at least two headers of each are read as it."""
    found = Counter((cls, language) for cls, language, header in words() if read(header) == cls)
    wanted = {(cls, language) for cls in SENSITIVE - ELSEWHERE for language in LANGUAGES} - SAME
    assert [one for one in sorted(wanted) if found[one] < 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_goods_and_companies_are_not_sensitive_in_any_language(language):
    """Orders, articles, stocks and companies keep their level beside the words of what is sensitive."""
    called = [header for cls, one, header in words() if (cls, one) == ("none", language) and read(header) in SENSITIVE]
    assert called == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_that_say_nothing_do_not_hide_what_the_header_says(language):
    """Beside a person's name, a column of codes is what its header says: one of each class, in tables of eight."""
    firsts = {cls: header for cls, one, header in words() if one == language and cls in SENSITIVE}
    strict = ("id.", "finance.bank", "finance.card_n", "location.position")
    wanted = [(header, cls) for cls, header in firsts.items() if not cls.startswith(strict)]
    people = {"name": ["Ann Miller", "Tom Schulz", "Eva Lopez", "Luis Silva"] * 6}
    for header, cls in wanted:
        finding = classify([profile("t", people | {header: ["1", "2", "3", "2"] * 6})])[0].columns[1]
        assert (finding.cls == cls) or finding.level == "sensitive", (header, finding)


@pytest.mark.parametrize(("header", "cls"), [
    ("Fuehrerschein gueltig bis", "id.driver_license"), ("Führungszeugnis vorgelegt", "person.criminal"), ("numéro de la carte de crédit", "finance.card_number"),
    ("nom du parent 1", "person.guardian"), ("date de début de l'arrêt", "person.health"), ("saldo en la cuenta", "finance.balance"), ("Motivo de la consulta médica", "person.health"),
])  # fmt: skip
def test_small_words_and_umlauts_do_not_hide_a_word(header, cls):
    """Links between words, apostrophes and both spellings of an umlaut leave what a header says."""
    assert read(header) == cls


@pytest.mark.parametrize(("header", "cls"), [
    ("ssn_last_four", "id.us_ssn"), ("vale_transporte_valor", "finance.income"), ("自伤次数", "person.health"), ("주택소유여부", "finance.balance"), ("RaceDescriptor", "person.ethnicity"),
    ("アレルギー有無", "person.health"),
])  # fmt: skip
def test_what_stands_beside_a_word_leaves_its_class(header, cls):
    """Some digits of a number, how much or how often, whether at all, and what kind of it are of the class of the whole."""
    assert read(header) == cls


def test_a_key_is_no_number_of_a_paper():
    """Digests under `PersonalID` are keys, and months in which something was last done are no births."""
    people = {"name": ["Ann Miller", "Tom Schulz", "Eva Lopez", "Luis Silva"] * 6}
    columns = people | {
        "PersonalID": [f"{number * 7919:032x}" for number in range(24)],
        "末次汇缴月": [f"{1970 + number}.{1 + number % 12}" for number in range(24)],
    }
    found = {one.name: one.cls for one in classify([profile("t", columns)])[0].columns}
    assert not found["PersonalID"].startswith("id.")
    assert found["末次汇缴月"] != "person.birth_date"

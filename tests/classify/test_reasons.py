"""Reasons: whatever the engine says of a column is said in Chinese too."""

import re

import pytest
from labelled import HERE, PARTS, lifelike, read, schemas

from custody.classify import roles
from custody.classify.columns import classify
from custody.classify.datamap import from_yaml, propose, to_yaml
from custody.classify.reasons import chinese, english

HAN = re.compile("[\u4e00-\u9fff]")


def test_every_reason_met_on_the_labelled_tables_has_chinese_words():
    """Over the headers and cells of all public tables no reason stays English."""
    assert PARTS
    tables = [one for file in ("schemas_public.txt", "schemas_wide.txt") for one in schemas(file)[::3]]
    whys = {why for schema in tables for one in classify([lifelike(schema, 1)])[0].columns for why in one.why}
    assert len(whys) > 50
    assert [why for why in whys if not HAN.search(chinese(why)) or re.search("（[a-z ]{4,}）", chinese(why))] == []


def test_every_reason_met_on_files_of_small_companies_has_chinese_words():
    """Over cells as people type them, too, no reason stays English."""
    whys = {
        why
        for part in ("seventeenth", "eighteenth")
        for schema in schemas(f"labels_{part}.txt")
        for one in classify(read(HERE / "tables" / part / f"{schema.name}.csv"))[0].columns
        for why in one.why
    }
    assert [why for why in whys if not HAN.search(chinese(why)) or re.search("（[a-zA-Z ]{9,}）", chinese(why))] == []


@pytest.mark.parametrize(("why", "zh", "en"), [
    ("header: sjhm", "表头：sjhm", "header: sjhm"), ("holds person.health", "文字里出现 健康信息", "holds health"),
    ("97 % of the values are mainland mobile numbers", "97% 的值合乎这一类的样式（大陆手机号）", "97 % of the values are mainland mobile numbers"),
    ("found contact.phone, set by lawyer", "扫描判为 电话号码，由 lawyer 改定", "found contact.phone, set by lawyer"),
])  # fmt: skip
def test_a_reason_names_classes_in_the_language_of_its_reader(why, zh, en):
    """A class inside a reason is given by its name, not by its identifier."""
    assert (chinese(why), english(why)) == (zh, en)


def test_the_map_file_gives_reasons_in_both_languages():
    """English in the line, which is signed, Chinese in the comment behind it, which is not."""
    profiles = [lifelike(next(one for one in schemas("schemas_wide.txt") if one.name == "职工花名册"), 1)]
    findings = classify(profiles)
    made = propose({one.head.name: one.head for one in profiles}, findings, roles.propose(profiles, findings), {})
    text = to_yaml(made)
    for column in made.tables[0].columns:
        (line,) = [one for one in text.splitlines() if f'{{name: "{column.name}",' in one]
        told, comment = line.split("  # ")
        assert all(f'"{why}"' in told for why in column.why)
        assert all(chinese(why) in comment for why in column.why)
    assert from_yaml(text) == made

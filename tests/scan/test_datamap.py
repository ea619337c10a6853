"""The data map's review: decided by command or by hand, carried over a rescan where its reason stays, exported."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from custody.acts.editing import change
from custody.classify.datamap import digest, from_yaml
from custody.classify.taxonomy import classes
from custody.privacy.vocabularies import vocabularies


@pytest.fixture
def reviewed(company: Path, tmp_path: Path, custody) -> Path:
    """The company's data map, as a scan wrote it."""
    path = tmp_path / "map.yaml"
    assert custody("scan", company, "-o", path)[0] == 0
    return path


def column(path: Path, table: str, name: str):
    """One column of the map in a file."""
    tables = {one.name: one for one in from_yaml(path.read_text(encoding="utf-8")).tables}
    return next(one for one in tables[table].columns if one.name == name)


def test_show_puts_unsure_columns_first(reviewed: Path, custody):
    """Columns nobody is sure of stand first in each table, and are counted."""
    code, found = custody("datamap", "show", reviewed)
    assert code == 0
    for table in found["tables"]:
        doubtful = [one["confidence"] < 60 for one in table["columns"]]
        assert doubtful == sorted(doubtful, reverse=True)
    assert found["unsure"] == sum(one["confidence"] < 60 for table in found["tables"] for one in table["columns"])
    assert custody("datamap", "show", reviewed, "--table", "none")[1]["error"]["slug"] == "datamap.target"


def test_set_decides_under_a_name(reviewed: Path, custody):
    """Setting a class sets level and tier by the taxonomy, says who decided and keeps what the scan had found."""
    before = column(reviewed, "customers", "手机").cls
    code, found = custody("datamap", "set", reviewed, "customers.手机", "class=person.health", "--as", "zhouning")
    assert code == 0
    one = column(reviewed, "customers", "手机")
    assert (one.cls, one.level, one.tier, one.confirmed_by) == ("person.health", "sensitive", "sensitive", "zhouning")
    assert one.why[0] == f"found {before}, set by zhouning"
    assert {entry["what"] for entry in found["changes"]} >= {"class", "level", "confirmed_by"}
    custody("datamap", "set", reviewed, "customers.手机", "class=contact.im", "--as", "limo")
    assert column(reviewed, "customers", "手机").why[0] == f"found {before}, set by limo"


def test_set_changes_nothing_else_in_the_file(reviewed: Path, custody):
    """Comments, order and every other line stay as they are; the words behind the column follow its class."""
    text = reviewed.read_text(encoding="utf-8").replace("taxonomy:", "# ours: ask the shop\ntaxonomy:", 1)
    lines = text.replace("    columns:\n", "    # check these\n    columns:\n").splitlines()
    place = next(number for number, line in enumerate(lines) if '"手机"' in line)
    lines[place] += "  asked Li"
    reviewed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert custody("datamap", "set", reviewed, "customers.手机", "class=contact.im", "--as", "zhouning")[0] == 0
    after = reviewed.read_text(encoding="utf-8").splitlines()
    assert [number for number, (old, new) in enumerate(zip(lines, after, strict=True)) if old != new] == [place]
    assert classes()["contact.im"].zh in after[place]
    assert after[place].endswith("asked Li")


def test_a_table_is_confirmed_but_for_what_waits(reviewed: Path, custody):
    """A column that nobody is sure of is confirmed by a look at it, not by a yes to its table; the answer says that one waits."""
    text = reviewed.read_text(encoding="utf-8")
    place = text.index("confidence:", text.index('"备注"'))
    end = text.index(",", place)
    reviewed.write_text(f"{text[:place]}confidence: 59{text[end:]}", encoding="utf-8")
    before = custody("datamap", "show", reviewed)[1]["unsure"]
    code, found = custody("datamap", "set", reviewed, "customers", "--as", "zhouning")
    assert (code, found["unsure"]) == (0, before)
    assert column(reviewed, "customers", "姓名").confirmed_by == "zhouning"
    assert column(reviewed, "customers", "备注").confirmed_by == ""
    code, found = custody("datamap", "set", reviewed, "customers.备注", "--as", "zhouning")
    assert (code, found["unsure"]) == (0, before - 1)
    assert column(reviewed, "customers", "备注").confirmed_by == "zhouning"


def test_a_table_is_confirmed_as_it_stands(reviewed: Path, custody):
    """Without a setting all columns of a table are confirmed by who acts; nobody cannot."""
    assert custody("datamap", "set", reviewed, "orders")[1]["error"]["slug"] == "act.nobody"
    assert custody("datamap", "set", reviewed, "orders", "--as", "zhouning")[0] == 0
    assert {column(reviewed, "orders", name).confirmed_by for name in ("订单号", "金额")} == {"zhouning"}
    assert column(reviewed, "customers", "姓名").confirmed_by == ""


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (("customers.nothing", "class=name.full"), "datamap.target"),
        (("customers.姓名", "colour=blue"), "datamap.setting"),
        (("customers.姓名", "blue"), "datamap.setting"),
        (("customers.姓名", "class=name.unheard"), "datamap.form"),
        (("customers.姓名", "level=none"), "datamap.form"),
        (("customers", "role=king"), "datamap.form"),
        (("customers", "subject_key=nothing"), "datamap.form"),
        (("orders", "paths=客户编号>nowhere.x"), "datamap.setting"),
    ],
)
def test_what_would_not_be_a_data_map_is_not_written(reviewed: Path, custody, words, slug: str):
    """A setting that is unknown, or makes the map unsound, is refused and the file stays."""
    before = reviewed.read_bytes()
    code, found = custody("datamap", "set", reviewed, *words, "--as", "zhouning")
    assert (code, found["error"]["slug"]) == (2, slug)
    assert reviewed.read_bytes() == before


def test_tables_and_paths_can_be_set(reviewed: Path, custody):
    """Role, kind, key, retention and join paths are set on the table, also when a person reformatted the file."""
    assert (
        custody("datamap", "set", reviewed, "customers", "subject_key=编号", "retention=cn-ecommerce-3y", "--as", "x")[
            0
        ]
        == 0
    )
    assert (
        custody("datamap", "set", reviewed, "orders", "role=about", "paths=客户编号>customers.编号", "--as", "x")[0]
        == 0
    )
    loose = yaml.safe_dump(yaml.safe_load(reviewed.read_text(encoding="utf-8")), allow_unicode=True)
    edited = change(loose, "customers.姓名", {"class": "name.alias", "purposes": "marketing, contract"}, "y")
    edited = change(edited, "orders", {"paths": "客户编号>customers.编号", "basis": "legal"}, "y")
    tables = {one.name: one for one in from_yaml(edited).tables}
    name = next(one for one in tables["customers"].columns if one.name == "姓名")
    assert (name.cls, name.purposes, name.confirmed_by) == ("name.alias", ("marketing", "contract"), "y")
    assert tables["orders"].basis == "legal"
    assert [hop.table for path in tables["orders"].paths for hop in path] == ["customers"]


def test_a_rescan_of_equal_sources_changes_nothing(reviewed: Path, company: Path, custody):
    """Scanning again into the file keeps decisions, hand-made edits and comments: equal bytes, no change told."""
    custody("datamap", "set", reviewed, "customers.备注", "class=person.health", "--as", "zhouning")
    text = reviewed.read_text(encoding="utf-8").replace('  - name: "orders"', '  # from the shop\n  - name: "orders"')
    place = text.index("class:", text.index('"邮箱"'))
    text = text[:place] + text[place:].replace("contact.email", "contact.im", 1)
    reviewed.write_text(text, encoding="utf-8")
    before = digest(from_yaml(text))
    code, found = custody("scan", company, "-o", reviewed)
    assert (code, found["compared"], found["changes"]) == (0, True, [])
    after = reviewed.read_text(encoding="utf-8")
    assert digest(from_yaml(after)) == before
    assert '  # from the shop\n  - name: "orders"' in after


def test_a_changed_source_voids_only_what_changed(reviewed: Path, company: Path, custody):
    """More rows, a new column and a column that turned into something else are told; other confirmations stand."""
    custody("datamap", "set", reviewed, "customers", "--as", "zhouning")
    custody("datamap", "set", reviewed, "orders", "--as", "zhouning")
    rows = "".join(
        f"K{number:03d},王芳,b{number}@example.com,c{number}@example.com,好,{number}\n" for number in range(5, 60)
    )
    (company / "customers.csv").write_bytes(f"编号,姓名,手机,邮箱,备注,积分\n{rows}".encode("gb18030"))
    code, found = custody("scan", company, "-o", reviewed)
    assert code == 0
    told = {(one["table"], one["column"], one["what"]) for one in found["changes"]}
    assert {one[0] for one in told} == {"customers"}
    assert ("customers", "积分", "column") in told
    assert ("customers", "", "rows") in told
    assert column(reviewed, "customers", "邮箱").confirmed_by == "zhouning"
    assert column(reviewed, "customers", "积分").confirmed_by == ""
    changed = column(reviewed, "customers", "手机")
    if changed.cls != "contact.phone":
        assert ("customers", "手机", "class") in told
        assert ("customers", "手机", "confirmed_by") in told
        assert changed.confirmed_by == ""
    assert column(reviewed, "orders", "金额").confirmed_by == "zhouning"


def test_a_table_that_is_gone_is_told(reviewed: Path, company: Path, custody):
    """A table that no longer exists is a difference, and so is a new one."""
    shutil.move(company / "orders.csv", company / "orders_2025.csv")
    _, found = custody("scan", company, "-o", reviewed)
    told = {(one["table"], one["what"], one["before"], one["after"]) for one in found["changes"]}
    assert {("orders", "table", "there", ""), ("orders_2025", "table", "", "there")} <= told


def test_a_broken_map_is_never_overwritten(reviewed: Path, company: Path, custody):
    """A file that people have half edited is refused with its faults and stays; --fresh replaces it."""
    reviewed.write_text("tables: [\n", encoding="utf-8")
    assert custody("scan", company, "-o", reviewed)[1]["error"]["slug"] == "datamap.form"
    assert reviewed.read_text(encoding="utf-8") == "tables: [\n"
    assert custody("scan", company, "-o", reviewed, "--fresh")[0] == 0


def test_diff_tells_differences_only(reviewed: Path, tmp_path: Path, custody):
    """Two maps are compared by what they decide."""
    other = tmp_path / "other.yaml"
    shutil.copy(reviewed, other)
    assert custody("datamap", "diff", reviewed, other)[1]["same"] is True
    custody("datamap", "set", other, "customers.邮箱", "class=contact.im", "--as", "zhouning")
    found = custody("datamap", "diff", reviewed, other)[1]
    assert found["same"] is False
    assert {"table": "customers", "column": "邮箱", "what": "class", "before": "contact.email", "after": "contact.im"} in found["changes"]  # fmt: skip


@pytest.mark.parametrize("form", ["fideslang", "dpv", "art30"])
def test_an_export_holds_every_personal_column(reviewed: Path, tmp_path: Path, custody, form: str):
    """Each form names every personal table and column or class of the map, and is well formed."""
    code, found = custody("datamap", "export", reviewed, "--form", form, "-o", tmp_path / "out")
    assert code == 0
    assert found["form"] == form
    text = (tmp_path / "out").read_text(encoding="utf-8")
    made = yaml.safe_load(text) if form == "fideslang" else json.loads(text)
    assert custody("datamap", "export", reviewed, "--as", form)[1].keys() >= made.keys()
    datamap = from_yaml(reviewed.read_text(encoding="utf-8"))
    personal = [
        one for table in datamap.tables if table.role != "reference" for one in table.columns if one.level != "none"
    ]
    assert personal
    if form == "art30":
        told = {entry["class"] for one in made["activities"] for entry in one["c_categories"]}
        assert told == {one.cls for one in personal}
        assert {one["letter"] for one in made["to_complete"]} == {"a", "d", "e"}
    if form == "fideslang":
        fields = {field["name"]: field["data_categories"] for one in made["dataset"] for table in one["collections"] for field in table["fields"]}  # fmt: skip
        assert all(fields[one.name] != ["system.operations"] for one in personal)
    if form == "dpv":
        told = {source for node in made["@graph"] for data in node.get("dpv:hasPersonalData", []) for source in data["dct:source"]}  # fmt: skip
        assert len(told) == len(personal)


def test_an_unknown_form_is_refused(reviewed: Path, custody):
    """There are three forms."""
    assert custody("datamap", "export", reviewed, "--form", "xml")[1]["error"]["slug"] == "datamap.export"


def test_every_class_has_a_word_in_each_vocabulary():
    """No personal class, kind or purpose is without its word, and none is there that the taxonomy does not know."""
    words = vocabularies()
    assert set(words["class"]) <= set(classes())
    assert {name for name, one in classes().items() if one.level != "none"} <= set(words["class"])
    assert all({"fides", "dpv"} <= set(one) for group in ("class", "kind", "purpose") for one in words[group].values())


ANNEX_A = {
    "个人基本资料", "个人身份信息", "个人生物识别信息", "网络身份标识信息", "个人健康生理信息", "个人教育工作信息", "个人财产信息", "个人通信信息",
    "联系人信息", "个人上网记录", "个人常用设备信息", "个人位置信息", "其他信息",
}  # fmt: skip


def test_every_personal_class_has_its_category_and_grade():
    """What is personal stands in annex A of GB/T 35273; what is sensitive has the highest grade of general data, the rest the second."""
    words, least = vocabularies()["class"], {"none": "1", "general": "2", "sensitive": "4"}
    for name, one in classes().items():
        if name in words:
            assert words[name]["gbt43697"] == least[one.level], name
        assert one.level == "none" or words[name]["gbt35273"] in ANNEX_A, name

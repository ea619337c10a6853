"""The data map: a file that people review, compartments that keep their numbers, faults named by line."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled import profile, schemas
from made import Maker

from custody.base.errors import Malformed
from custody.classify import columns, roles
from custody.classify.compartments import LAST, number
from custody.classify.datamap import diff, digest, from_yaml, propose, to_yaml
from custody.classify.taxonomy import classes
from custody.model.datamap import PURPOSES, ColumnMap, DataMap, Hop, TableMap


def column(name, cls="contact.phone", purposes=("contract",), tier="", **more):
    level = classes()[cls].level
    return ColumnMap(
        name,
        cls,
        level,
        tier or ("sensitive" if level == "sensitive" else "general"),
        purposes,
        0,
        90,
        ("header: x",),
        **more,
    )


def table(name, *columns, role="subject", kind="customer", key="id", paths=(), retention="relation"):
    return TableMap(
        name,
        name + ".csv",
        "csv",
        "utf-8",
        {"delimiter": ","},
        role,
        kind,
        3,
        0,
        key,
        paths,
        "contract",
        retention,
        columns,
        "",
    )


def sample():
    people = table(
        "会员",
        column("id", "account.customer_id"),
        column("手机"),
        column("身份证", "id.cn_resident"),
        column("短信", "taste.marketing", ("marketing",)),
    )
    orders = table(
        "订单",
        column("会员"),
        column("金额", "trade.amount", ("contract", "legal")),
        role="about",
        key="",
        paths=((Hop("会员", "会员", "id"),),),
        retention="cn-ecommerce-3y",
    )
    goods = table(
        "商品", column("名称", "record.none", ("internal",)), role="reference", kind="", key="", retention="none"
    )
    return number(DataMap("1", (people, orders, goods), (), ("订单: 一行一单",)))


def test_the_file_gives_back_the_same_map():
    """Written and read again, the map and its digest are the same."""
    assert from_yaml(to_yaml(sample())) == sample()
    assert digest(from_yaml(to_yaml(sample()))) == digest(sample())


NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=4, unique=True), NAMES)
def test_any_name_survives_the_file(names, note):
    """Column names with quotes, colons, line breaks or odd spaces come back as they were."""
    made = number(DataMap("1", (table("t", *(column(name) for name in names), key=names[0]),), (), (note,)))
    assert from_yaml(to_yaml(made)) == made


def test_every_fault_is_named_with_its_line():
    """Three faults in one file are told at once, each with the line it stands on."""
    text = to_yaml(sample())
    text = (
        text.replace('role: "subject"', 'role: "boss"')
        .replace("class: id.cn_resident", "class: id.martian")
        .replace("rows: 3", "rows: many", 1)
    )
    lines = {
        number
        for number, line in enumerate(text.splitlines(), 1)
        if "boss" in line or "martian" in line or "many" in line
    }
    with pytest.raises(Malformed) as caught:
        from_yaml(text)
    assert caught.value.slug == "datamap.form"
    assert all(f"line {one}:" in caught.value.message for one in lines)
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "class: id.cn_resident, level: sensitive, tier: sensitive",
            "class: id.cn_resident, level: general, tier: sensitive",
        ),
        (
            "class: id.cn_resident, level: sensitive, tier: sensitive",
            "class: id.cn_resident, level: sensitive, tier: general",
        ),
        ('subject_key: "id"', 'subject_key: "nobody"'),
        ('key: "id"}', 'key: "手机"}'),
        ("taxonomy:", "taxonomi:"),
        ('purposes: ["marketing"]', 'purposes: ["fun"]'),
        ('purposes: ["marketing"]', "purposes: []"),
        ("quarantined: 0", "quarantined: -1"),
        ("columns:\n", "columns: [1]\n    x:\n"),
    ],
)
def test_what_no_map_may_say_is_refused(old, new):
    """A lowered level, a path to no key, unknown keys and purposes are refused."""
    text = to_yaml(sample())
    assert old in text
    with pytest.raises(Malformed):
        from_yaml(text.replace(old, new, 1))


@pytest.mark.parametrize("text", ["", "- 1", "tables: [", "a: &x [*x]", "\x00", "taxonomy: '1'\ntables: {}\n"])
def test_what_is_no_map_is_malformed(text):
    """Text that is no data map at all never leaks a raw error."""
    with pytest.raises(Malformed):
        from_yaml(text)


def test_a_raised_level_is_accepted_and_moves_the_column():
    """A level may be raised: the column then has a sensitive compartment."""
    text = to_yaml(sample()).replace(
        'name: "手机", class: contact.phone, level: general, tier: general',
        'name: "手机", class: contact.phone, level: sensitive, tier: sensitive',
    )
    made = from_yaml(text)
    places = {one.name: one.compartment for one in made.tables[0].columns}
    assert places["手机"] == places["身份证"] != places["id"]


def test_compartments_are_one_per_tier_purposes_and_retention():
    """Reference is 0; each group has one number; each general one has a sensitive twin for children."""
    made = sample()
    assert made.compartments[0].number == 0
    assert {column.compartment for column in made.tables[2].columns} == {0}
    groups = [(one.tier, one.purposes, one.retention) for one in made.compartments if one.child_of is None]
    assert len(groups) == len(set(groups))
    general = {one.number for one in made.compartments if one.tier == "general" and one.number and one.child_of is None}
    assert {one.child_of for one in made.compartments if one.child_of is not None} == general
    assert all(one.tier == "sensitive" for one in made.compartments if one.child_of is not None)


def test_numbers_are_kept_when_the_map_changes():
    """A new purpose takes a new number; what was there keeps its own."""
    before = sample()
    orders = before.tables[1]
    columns = (*orders.columns, column("备注", "text.free", ("service",)))
    after = number(
        dataclasses.replace(
            before, tables=(dataclasses.replace(orders, columns=columns), before.tables[0], before.tables[2])
        )
    )
    assert set(before.compartments) <= set(after.compartments)
    assert len(after.compartments) == len(before.compartments) + 2


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sets(st.sampled_from(PURPOSES), min_size=1),
            st.sampled_from(["relation", "cn-ecommerce-3y", "employment"]),
            st.sampled_from(["contact.phone", "id.cn_resident"]),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_too_many_groups_merge_only_into_stricter_ones(parts):
    """However many groups there are, numbers stay below the reserved ones, and no column loses tier, purpose or time."""
    order = ("until-withdrawn", "relation", "employment", "cn-ecommerce-3y")
    tables = tuple(
        table(f"t{i}", column("id", cls, tuple(sorted(purposes))), retention=kept)
        for i, (purposes, kept, cls) in enumerate(parts)
    )
    made = number(DataMap("1", tables, ()))
    by_number = {one.number: one for one in made.compartments}
    assert max(by_number) <= LAST
    for one in made.tables:
        for held in one.columns:
            place = by_number[held.compartment]
            assert set(held.purposes) <= set(place.purposes)
            assert place.tier == "sensitive" or held.tier == "general"
            if held.purposes != ("marketing",):
                assert order.index(place.retention) >= order.index(one.retention)


def test_a_rescan_shows_only_what_changed():
    """Added columns, changed classes and lost tables are told; confidences are not."""
    before = sample()
    people = before.tables[0]
    changed = tuple(
        dataclasses.replace(one, cls="contact.im", confidence=3)
        if one.name == "手机"
        else dataclasses.replace(one, confidence=1)
        for one in people.columns
    )
    after = dataclasses.replace(
        before, tables=(dataclasses.replace(people, columns=(*changed, column("新列"))), before.tables[2])
    )
    told = {(one.table, one.column, one.what) for one in diff(before, after)}
    assert told == {("会员", "手机", "cls"), ("会员", "新列", "column"), ("订单", "", "table")}
    assert diff(before, before) == ()


def test_a_proposed_map_keeps_every_column():
    """No column of a source is dropped on the way into the map, and reference columns are never sensitive."""

    profiles = []
    for schema in schemas("schemas_tuned.txt"):
        maker = Maker(5, schema.script)
        profiles.append(profile(schema.name, {name: maker.column(cls, 30, made) for name, cls, made in schema.columns}))
    findings = columns.classify(profiles)
    made = propose({one.head.name: one.head for one in profiles}, findings, roles.propose(profiles, findings), {})
    assert [[one.name for one in made_table.columns] for made_table in made.tables] == [
        [one.name for one in p.columns] for p in profiles
    ]
    assert all(one.level != "sensitive" for t in made.tables if t.role == "reference" for one in t.columns)
    assert from_yaml(to_yaml(made)) == made


def test_a_stated_residence_is_signed_and_silence_changes_no_digest():
    """The place is part of what is signed; a map without one has the digest it had before there were any."""
    quiet = sample()
    first, *rest = quiet.tables
    told = dataclasses.replace(quiet, tables=(dataclasses.replace(first, residence="CN"), *rest))
    assert from_yaml(to_yaml(told)).tables[0].residence == "CN"
    assert digest(told) != digest(quiet)
    assert [change.what for change in diff(quiet, told)] == ["residence"]
    older = "".join(line for line in to_yaml(quiet).splitlines(keepends=True) if "residence:" not in line)
    assert digest(from_yaml(older)) == digest(from_yaml(to_yaml(quiet)))


@pytest.mark.parametrize("wrong", ["China", "ZZ"])
def test_a_stated_residence_is_a_place_that_is_known(wrong):
    """A word, or a code of nowhere, is a fault with its line."""
    with pytest.raises(Malformed, match="residence"):
        from_yaml(to_yaml(sample()).replace('residence: ""', f'residence: "{wrong}"', 1))


def test_a_person_of_several_rows_is_signed_and_silence_changes_no_digest():
    """`repeats` is part of what is signed, on a table of people alone; a map without it has the digest it had before."""
    quiet = sample()
    place = next(n for n, one in enumerate(quiet.tables) if one.subject_key)
    tables = list(quiet.tables)
    tables[place] = dataclasses.replace(tables[place], repeats="yes")
    told = dataclasses.replace(quiet, tables=tuple(tables))
    assert from_yaml(to_yaml(told)).tables[place].repeats == "yes"
    assert digest(told) != digest(quiet)
    assert [change.what for change in diff(quiet, told)] == ["repeats"]
    older = "".join(line for line in to_yaml(quiet).splitlines(keepends=True) if "repeats:" not in line)
    assert digest(from_yaml(older)) == digest(quiet)
    keyless = dataclasses.replace(
        quiet, tables=tuple(dataclasses.replace(one, repeats="" if one.subject_key else "yes") for one in quiet.tables)
    )
    with pytest.raises(Malformed, match="several rows"):
        from_yaml(to_yaml(keyless))

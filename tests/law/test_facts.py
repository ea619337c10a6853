"""Facts are typed, told in both languages, and refused whole when they are not of their type (spec/law.md §2)."""

import json
from pathlib import Path

import pytest

from custody import wiring
from custody.base.errors import Malformed
from custody.cli.main import main
from custody.law.check import flatten
from custody.law.pack import Packs
from custody.law.possible import with_ages
from custody.law.schema import read_schema

TYPES = {"boolean": "boolean", "integer": "integer", "number": "number", "date": "string", "instant": "string"}


def test_the_shared_schema_is_ours(loaded: Packs, shared):
    """Leaves, types, values and maxima are those of the shared schema, one for one."""
    theirs, ours = {}, {}
    for group, row in shared("facts.schema.json")["properties"].items():
        for name, leaf in row.get("properties", {}).items():
            values = leaf.get("enum") or leaf.get("items", {}).get("enum")
            kind = (
                "list" if "items" in leaf else "one" if values else next(one for one in leaf["type"] if one != "null")
            )
            shape = (kind, [one for one in values or () if one is not None], leaf.get("maximum"), leaf.get("format"))
            theirs[f"{group}.{name}"] = shape
    for name, leaf in loaded.schema.leaves.items():
        kind = {"one_of": "one", "some_of": "list"}.get(leaf.kind) or TYPES[leaf.kind]
        form = {"date": "date", "instant": "date-time"}.get(leaf.kind)
        ours[name] = (kind, list(leaf.values), leaf.most, form)
    assert ours == theirs


def test_every_fact_has_words(loaded: Packs):
    """Each fact is asked, as a question, in both languages, and each value has a Chinese name."""
    for leaf in loaded.schema.leaves.values():
        assert "？" in leaf.asks_zh, leaf.name
        assert "?" in leaf.asks_en, leaf.name
        assert leaf.zh, leaf.name
        assert leaf.en, leaf.name
        assert all(isinstance(word, str) and word for word in leaf.values.values()), leaf.name


@pytest.mark.parametrize(
    ("group", "leaf", "value", "told"),
    [
        ("deal", "structure", "Merger", "must be one of"),
        ("deal", "structure", ["merger"], "must be one of"),
        ("deal", "handler_changes", "true", "must be true or false"),
        ("deal", "handler_changes", 1, "must be true or false"),
        ("deal", "on_date", "16.3.2026", "must be a day"),
        ("deal", "on_date", "2026-02-30", "must be a day"),
        ("deal", "resolution_at", "2026-03-16T10:00:00", "must be an instant with an offset"),
        ("deal", "resolution_at", "2026-03-16T25:00:00Z", "must be an instant with an offset"),
        ("seller", "subjects_total", -1, "must be a whole number"),
        ("seller", "subjects_total", 1.5, "must be a whole number"),
        ("seller", "subjects_total", True, "must be a whole number"),
        ("seller", "subjects_total", "5", "must be a whole number"),
        ("seller", "subjects_total", float("inf"), "must be a whole number"),
        ("data", "inactive_years", "4", "must be a number"),
        ("data", "youngest_age", 131, "must be a whole number"),
        ("data", "categories", "general", "must be a list"),
        ("data", "categories", ["general", "secret"], "must hold only"),
        ("data", "categories", ["general", "general"], "must not name a value twice"),
        ("deal", "form", "merger", "is not known"),
    ],
)
def test_a_wrong_fact_is_named_and_never_repeated(loaded: Packs, group: str, leaf: str, value: object, told: str):
    """A fact of a wrong type or value is refused by its name; the value is not said."""
    with pytest.raises(Malformed) as caught:
        flatten({group: {leaf: value}}, loaded.schema)
    assert caught.value.message.startswith(f"{group}.{leaf} {told}")
    assert caught.value.where == {"fact": f"{group}.{leaf}"}
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(("given", "kept"), [(5.0, 5), (0.0, 0), (1e6, 1_000_000), (5, 5)])
def test_json_knows_one_kind_of_number(loaded: Packs, given: float, kept: int):
    """A whole number written with a point is the whole number."""
    found = flatten({"seller": {"subjects_total": given}}, loaded.schema)
    assert found == {"seller.subjects_total": kept}
    assert type(found["seller.subjects_total"]) is int


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("1000000.0", "2026-03-16T14:00:00+08:00"),
        ("1e6", "2026-03-16T14:00:00+08:00"),
        ("999999.0", None),
        ("1.5", "law.facts"),
        ("1e99", "law.facts"),
        ("9" * 5000, "law.facts"),
        ("-1", "law.facts"),
        ("NaN", "law.facts"),
    ],
)
def test_a_number_in_a_file_counts_as_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture, written: str, due: str | None
):
    """Whatever form JSON allows for a whole number is that number; what is none names its fact."""
    asked = (
        f'{{"severity": "general", "cii_involved": false, "entity_kind": "general", "affected_subjects": {written}}}'
    )
    (tmp_path / "facts.json").write_text(asked)
    start = ["--event", "discovered", "--start", "2026-03-16T10:00:00+08:00"]
    main(["law", "clock", "CN-INC-4H", *start, "--facts", str(tmp_path / "facts.json"), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["error"]["slug"] if "error" in told else told["due_at"]) == due


def test_all_wrong_facts_are_told_at_once(loaded: Packs):
    """Faults of several groups come in one message; null is unknown and no fault."""
    given = {"regimes": ["CN"], "deal": {"structure": "sale", "stage": None}, "event": 7, "buyer": None}
    with pytest.raises(Malformed) as caught:
        flatten(given, loaded.schema)
    assert [part.split()[0] for part in caught.value.message.split("; ")] == ["deal.structure", "event"]


def test_null_is_unknown(loaded: Packs):
    """A fact that is null is as good as absent; an empty list is known to be empty."""
    assert flatten({"deal": {"stage": None}, "data": {"categories": []}}, loaded.schema) == {"data.categories": []}


@pytest.mark.parametrize("regimes", [None, [], "CN", ["XX"], ["CN", "CN"], [1]])
def test_regimes_are_named_once_each(tmp_path: Path, capsys: pytest.CaptureFixture, regimes: object):
    """Facts without regimes, or with a place that is none, exit 2."""
    (tmp_path / "facts.json").write_text(json.dumps({"regimes": regimes}))
    assert main(["law", "check", str(tmp_path / "facts.json"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["slug"] == "law.regimes"


def test_wrong_facts_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture):
    """The command names the fact at fault in the error."""
    (tmp_path / "facts.json").write_text(json.dumps({"regimes": ["CN"], "data": {"categories": "general"}}))
    assert main(["law", "check", str(tmp_path / "facts.json"), "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["slug"], error["where"]) == ("law.facts", {"fact": "data.categories"})


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("type: boolean", "type: bool", "needs a type"),
        ("    zh: 问", "    zh: ''", "needs zh, en"),
        ("type: boolean", "type: boolean\n    kind: x", "needs a type"),
    ],
)
def test_a_broken_schema_is_told(old: str, new: str, told: str):
    """The schema itself is validated with file and line."""
    text = "a:\n  b:\n    zh: 问\n    en: ask\n    asks_zh: 问？\n    asks_en: Ask?\n    type: boolean\n"
    assert "a.b" in read_schema(text)
    with pytest.raises(Malformed, match=r"facts\.yaml:3") as caught:
        read_schema(text.replace(old, new))
    assert told in caught.value.message


@pytest.mark.parametrize(
    ("given", "under"),
    [
        ({"youngest_age": 8, "minors_u14": False}, {13: True, 14: True, 16: True, 18: True}),
        ({"minors_u13": True, "minors_u14": False}, {13: True, 14: True, 16: True, 18: True}),
        ({"youngest_age": 20, "minors_u16": True}, {13: False, 14: False, 16: True, 18: True}),
        ({"youngest_age": 14}, {13: False, 14: False, 16: True, 18: True}),
    ],
)
def test_no_word_makes_a_child_grow_up(loaded: Packs, given: dict, under: dict[int, bool]):
    """Where ages stated together contradict one another, the younger holds."""
    made = with_ages(flatten({"data": given}, loaded.schema))
    assert {years: made[f"data.minors_u{years}"] for years in under} == under


def test_the_schema_that_ships_is_read():
    """What ships is whole."""
    assert len(read_schema(wiring.laws().facts()).leaves) > 100

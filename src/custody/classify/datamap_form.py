"""Reading a data map's YAML nodes: what each key must hold, with the line of everything that does not (spec/datamap.md)."""

from collections.abc import Sequence
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from custody.classify.persons import places
from custody.classify.taxonomy import classes
from custody.model.datamap import KINDS, PURPOSES, ROLES, TIERS, ColumnMap, Compartment, DataMap, Hop, TableMap

_LEVELS: Final = ("none", "general", "sensitive")
_TABLE: Final = ("name", "file", "media", "encoding", "dialect", "role", "kind", "rows", "quarantined", "subject_key",
                 "paths", "basis", "retention", "residence", "repeats", "columns", "sha256")  # fmt: skip
_COLUMN: Final = ("name", "class", "level", "tier", "purposes", "compartment", "confidence", "why", "confirmed_by")
_OPTIONAL: Final = frozenset(
    (
        "why",
        "confirmed_by",
        "sha256",
        "child_of",
        "notes",
        "compartment",
        "compartments",
        "dialect",
        "residence",
        "repeats",
    )
)
_MOST_ROWS: Final = 2**53 - 1


class Reader:
    """Collects `faults` as (line, words); the map it returns is only good when there are none."""

    def __init__(self) -> None:
        self.faults: list[tuple[int, str]] = []

    def read(self, root: Node | None) -> DataMap:
        """The whole file."""
        top = self._fields(root, ("taxonomy", "tables", "compartments", "notes"), "the map")
        tables = tuple(self._table(node) for node in self._items(top.get("tables"), "tables"))
        kept = tuple(self._compartment(node) for node in self._items(top.get("compartments"), "compartments"))
        notes = tuple(self._text(node, "notes") for node in self._items(top.get("notes"), "notes"))
        self._joins(tables, top.get("tables"))
        return DataMap(self._text(top.get("taxonomy"), "taxonomy"), tables, kept, notes)

    def _table(self, node: Node) -> TableMap:
        found = self._fields(node, _TABLE, "a table")
        columns = tuple(self._column(one) for one in self._items(found.get("columns"), "columns"))
        table = TableMap(
            name=self._text(found.get("name"), "name"),
            file=self._text(found.get("file"), "file"),
            media=self._text(found.get("media"), "media"),
            encoding=self._text(found.get("encoding"), "encoding"),
            dialect=self._dialect(found.get("dialect")),
            role=self._choice(found.get("role"), ROLES, "role"),
            kind=self._choice(found.get("kind"), ("", *KINDS), "kind"),
            rows=self._number(found.get("rows"), "rows"),
            quarantined=self._number(found.get("quarantined"), "quarantined"),
            subject_key=self._text(found.get("subject_key"), "subject_key"),
            paths=tuple(tuple(self._hop(hop) for hop in self._items(path, "a path")) for path in self._items(found.get("paths"), "paths")),
            basis=self._text(found.get("basis"), "basis"),
            retention=self._text(found.get("retention"), "retention"),
            columns=columns,
            sha256=self._text(found.get("sha256"), "sha256"),
            residence=self._choice(found["residence"], ("", *sorted(places())), "residence") if "residence" in found else "",
            repeats=self._choice(found["repeats"], ("", "yes"), "repeats") if "repeats" in found else "",
        )  # fmt: skip
        self._whole(table, node, found)
        return table

    def _whole(self, table: TableMap, node: Node, found: dict[str, Node]) -> None:
        names = [column.name for column in table.columns]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._fault(node, f"column {name} stands twice in {table.name}")
        if table.subject_key and table.subject_key not in names:
            self._fault(found.get("subject_key", node), f"subject key {table.subject_key} is no column of {table.name}")
        if table.role in {"subject", "other-people"} and not table.subject_key:
            self._fault(found.get("role", node), f"{table.name}: a table of people needs a subject key")
        if table.residence and table.role != "subject":
            self._fault(found.get("residence", node), f"{table.name}: only a table of people says where they live")
        if table.repeats and not table.subject_key:
            self._fault(
                found.get("repeats", node), f"{table.name}: only in a table of people may a person have several rows"
            )
        if table.role == "reference":
            for column in table.columns:
                if column.level == "sensitive":
                    self._fault(node, f"{table.name}.{column.name} is sensitive, so the table is no reference")

    def _column(self, node: Node) -> ColumnMap:
        found = self._fields(node, _COLUMN, "a column")
        cls = self._choice(found.get("class"), tuple(classes()), "class")
        level = self._choice(found.get("level"), _LEVELS, "level")
        tier = self._choice(found.get("tier"), TIERS, "tier")
        known = classes().get(cls)
        if known and level and _LEVELS.index(level) < _LEVELS.index(known.level):
            self._fault(node, f"the level of {cls} may be raised, never lowered below {known.level}")
        if level == "sensitive" and tier == "general":
            self._fault(node, "a sensitive level needs the sensitive tier")
        purposes = tuple(
            self._choice(one, PURPOSES, "purpose") for one in self._items(found.get("purposes"), "purposes")
        )
        if not purposes:
            self._fault(node, "a column needs a purpose")
        return ColumnMap(
            self._text(found.get("name"), "name"),
            cls,
            level,
            tier,
            purposes,
            self._number(found.get("compartment"), "compartment"),
            min(100, self._number(found.get("confidence"), "confidence")),
            tuple(self._text(one, "why") for one in self._items(found.get("why"), "why")),
            self._text(found.get("confirmed_by"), "confirmed_by"),
        )

    def _compartment(self, node: Node) -> Compartment:
        found = self._fields(node, ("number", "tier", "purposes", "retention", "child_of"), "a compartment")
        purposes = tuple(
            self._choice(one, PURPOSES, "purpose") for one in self._items(found.get("purposes"), "purposes")
        )
        child = self._number(found["child_of"], "child_of") if "child_of" in found else None
        return Compartment(
            self._number(found.get("number"), "number"),
            self._choice(found.get("tier"), TIERS, "tier"),
            purposes,
            self._text(found.get("retention"), "retention"),
            child,
        )

    def _hop(self, node: Node) -> Hop:
        found = self._fields(node, ("column", "table", "key"), "a step of a path")
        return Hop(*(self._text(found.get(key), key) for key in ("column", "table", "key")))

    def _joins(self, tables: Sequence[TableMap], node: Node | None) -> None:
        """Each path must walk over columns that exist and end at the key of a table of people."""
        by_name = {table.name: table for table in tables}
        where = node.value if isinstance(node, SequenceNode) else []
        for table, place in zip(tables, where, strict=False):
            if list(by_name.values()).count(table) == 0:
                self._fault(place, f"table {table.name} stands twice")
            for path in table.paths:
                if fault := _broken(table, path, by_name):
                    self._fault(place, f"{table.name}: {fault}")

    def _fields(self, node: Node | None, names: Sequence[str], what: str) -> dict[str, Node]:
        if not isinstance(node, MappingNode):
            self._fault(node, f"{what} must be a list of `key: value`")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else ""
            if name not in names:
                self._fault(key, f"{what} has no key {name}")
            elif name in found:
                self._fault(key, f"{name} stands twice")
            else:
                found[name] = value
        for name in names:
            if name not in found and name not in _OPTIONAL:
                self._fault(node, f"{what} lacks {name}")
        return found

    def _items(self, node: Node | None, what: str) -> list[Node]:
        if node is None:
            return []
        if isinstance(node, SequenceNode):
            return list(node.value)
        self._fault(node, f"{what} must be a list")
        return []

    def _dialect(self, node: Node | None) -> dict[str, str]:
        if node is None:
            return {}
        if not isinstance(node, MappingNode):
            self._fault(node, "dialect must be a list of `key: value`")
            return {}
        return {self._text(key, "dialect"): self._text(value, "dialect") for key, value in node.value}

    def _text(self, node: Node | None, what: str) -> str:
        if node is None:
            return ""
        if isinstance(node, ScalarNode):
            return str(node.value)
        self._fault(node, f"{what} must be a text")
        return ""

    def _number(self, node: Node | None, what: str) -> int:
        if node is None:
            return 0
        text = self._text(node, what)
        if text.isascii() and text.isdigit() and int(text[:20]) <= _MOST_ROWS:
            return int(text)
        self._fault(node, f"{what} must be a whole number")
        return 0

    def _choice(self, node: Node | None, allowed: Sequence[str], what: str) -> str:
        text = self._text(node, what)
        if node is not None and text not in allowed:
            self._fault(node, f"{what} {text!r} is not one of those that there are")
            return allowed[0]
        return text

    def _fault(self, node: Node | None, words: str) -> None:
        self.faults.append((node.start_mark.line + 1 if node is not None else 1, words))


def _broken(table: TableMap, path: tuple[Hop, ...], by_name: dict[str, TableMap]) -> str:
    here = table
    for place, hop in enumerate(path):
        there = by_name.get(hop.table)
        if there is None:
            return f"a path goes to {hop.table}, which is no table here"
        if hop.column not in {column.name for column in here.columns}:
            return f"a path starts from {hop.column}, which is no column of {here.name}"
        if hop.key not in {column.name for column in there.columns}:
            return f"a path looks up {hop.key}, which is no column of {there.name}"
        if place == len(path) - 1 and (there.role not in {"subject", "other-people"} or there.subject_key != hop.key):
            return f"a path must end at the subject key of a table of people, not at {hop.table}.{hop.key}"
        here = there
    return "" if path else "a path has no step"

"""The diagram of a scan: which table is about whom, and how tables hang together."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.tree import Tree

_ROLES = {
    "subject": ("每行一人", "one person a row"),
    "about": ("关于这些人", "about these people"),
    "other-people": ("其他人员", "other people"),
    "reference": ("与人无关", "about nobody"),
}
_KINDS = {
    "customer": "客户", "prospect": "潜在客户", "employee": "员工", "contact": "联系人", "company": "单位联系人",
}  # fmt: skip
_WORDS = {
    "key": ("主体键", "key"), "repeats": ("一人可有多行", "several rows a person"), "rows": ("行", "rows"), "lost": ("未找到关联，逐行隔离", "refers to nobody known: its rows are quarantined"),
    "tables": ("各表关系", "how the tables hang together"),
}  # fmt: skip


def diagram(tables: Sequence[Mapping[str, Any]], lang: str) -> Tree:
    """Files of people with what hangs on them; catalogues and stray tables apart."""
    tree = Tree(_said("tables", lang))
    for table in tables:
        if table["role"] in {"subject", "other-people"}:
            branch = tree.add(_head(table, lang))
            for other in tables:
                for path in other["paths"]:
                    if path[-1]["table"] == table["name"]:
                        branch.add(f"{_head(other, lang)}\n{_path(path)}")
    for table in tables:
        if not table["paths"] and table["role"] not in {"subject", "other-people"}:
            lost = f"  {_said('lost', lang)}" if table["role"] == "about" else ""
            tree.add(_head(table, lang) + lost)
    return tree


def _head(table: Mapping[str, Any], lang: str) -> str:
    place = 0 if lang == "zh" else 1
    kind = _KINDS.get(table["kind"], "") if lang == "zh" else table["kind"]
    role = _said("repeats", lang) if table["repeats"] else _ROLES[table["role"]][place]
    words = [role, *([kind] if kind else []), f"{table['rows']:,} {_said('rows', lang)}"]
    key = f" · {_said('key', lang)} {table['subject_key']}" if table["subject_key"] else ""
    return f"{table['name']} · {' · '.join(words)}{key}"


def _path(path: Sequence[Mapping[str, str]]) -> str:
    return " ".join(f"{hop['column']} → {hop['table']}.{hop['key']}" for hop in path)


def _said(word: str, lang: str) -> str:
    return _WORDS[word][0 if lang == "zh" else 1]

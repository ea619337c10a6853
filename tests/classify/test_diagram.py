"""The diagram of tables that a scan shows to people."""

import io

from rich.console import Console

from custody.cli.show_tables import diagram

COLUMN = {"name": "id", "class": "account.customer_id", "level": "general", "confidence": 98}


def table(name, role, kind="", key="", paths=()):
    return {
        "name": name,
        "role": role,
        "kind": kind,
        "rows": 3,
        "subject_key": key,
        "repeats": False,
        "paths": list(paths),
        "columns": [COLUMN],
    }


def shown(tables, lang):
    console = Console(file=io.StringIO(), width=120)
    console.print(diagram(tables, lang))
    return console.file.getvalue()


def test_tables_stand_under_the_people_they_are_about():
    """Orders hang on customers by their path; staff are other people; a catalogue and a stray table stand apart."""
    path = [{"column": "cid", "table": "people", "key": "id"}]
    tables = [
        table("people", "subject", "customer", "id"), table("orders", "about", "customer", paths=[path]),
        table("staff", "other-people", "employee", "no"), table("goods", "reference"), table("lost", "about", "customer"),
    ]  # fmt: skip
    text = shown(tables, "en")
    lines = text.splitlines()
    assert [line.split(" · ")[0].strip("│├└─ ") for line in lines[1:7]] == [
        "people",
        "orders",
        "cid → people.id",
        "staff",
        "goods",
        "lost",
    ]
    assert "refers to nobody known" in text
    assert "每行一人" in shown(tables, "zh")

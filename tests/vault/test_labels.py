"""Labels and salts keep uses of one key apart (spec/vault.md §14, §17)."""

import itertools
import re
from pathlib import Path

from custody.vault import audit, labels
from custody.vault.suite import SM

SPEC = Path(__file__).resolve().parents[2] / "spec" / "vault.md"
ALL = {name: value for name, value in vars(labels).items() if isinstance(value, bytes) and name.isupper()}
ALL |= {value.decode(): value for value in labels.LATER.values()}


def test_no_label_begins_another():
    """Whatever follows a label, no two uses can hash or authenticate the same bytes."""
    for (_, one), (_, two) in itertools.permutations(ALL.items(), 2):
        assert not two.startswith(one)


def test_the_specification_lists_every_label():
    """Section 17 names each label of the code, with its zero byte where it has one."""
    listed = SPEC.read_text(encoding="utf-8").partition("## 17. Labels")[2].partition("## 18")[0]
    told = set(re.findall(r"`(custody/[^`]+)`", listed))
    assert {value.decode().replace("\0", "\\0") for value in ALL.values()} <= told


def test_salts_of_other_entries_and_people_differ():
    """An entry's salt belongs to one subject and one entry, and is no leaf salt."""
    made = {audit.entry_salt(key, entry) for key in (b"a" * 32, b"b" * 32) for entry in ("led_1", "led_2")}
    made |= {audit.leaf_salt(b"a" * 32), audit.leaf_salt(b"b" * 32)}
    assert len(made) == 6
    made |= {audit.entry_salt(b"a" * 32, "led_1", SM), audit.leaf_salt(b"a" * 32, SM)}
    assert len(made) == 8


def test_a_commitment_tells_verdict_and_rules_apart():
    """Moving text from the verdict into the rules changes the commitment."""
    assert audit.leaf_commitment(b"a" * 32, "wait", "x") != audit.leaf_commitment(b"a" * 32, "wai", "tx")


def test_the_specification_lists_every_refusal():
    """Section 15 names each slug that the engine, the key providers, whoever reads records, asks about roots or takes recovery sheets raise, and no other."""
    source = Path(__file__).resolve().parents[2] / "src" / "custody"
    files = [*(source / "vault").glob("*.py"), *(source / "adapters" / "keys").glob("*.py"),
             source / "acts" / "destroys.py", source / "acts" / "sheets.py", source / "acts" / "reading.py", source / "services" / "recovery_test.py"]  # fmt: skip
    raised = {
        slug for path in files for slug in re.findall(r'"((?:vault|shares|index|keys)\.[a-z-]+)"', path.read_text())
    }
    table = SPEC.read_text(encoding="utf-8").partition("## 15. Refusals")[2].partition("## 16")[0]
    assert set(re.findall(r"\b(?:vault|shares|index|keys)\.[a-z-]+", table)) == raised

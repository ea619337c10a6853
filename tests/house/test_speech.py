"""Every error speaks both languages, and what the core calls by a code has a name on every page: entries, statements, papers that rules ask for."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import custody
import custody_laws
from custody.acts.policies import ACCESS, CORRECTIONS, RETENTION
from custody.acts.proofs import proof
from custody.base.errors import Missing, Refused
from custody.base.speech import catalogue, spoken
from custody.cli.labels import code
from custody.services.event_list import STATEMENTS
from custody.web.console.catalogue import entries as words

ERRORS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "errors.md"
SOURCE = Path(custody.__file__).parent
KIND = 3  # append(tx, space, at, KIND, ...), append_about(tx, space, at, KIND, ...)


def _slugs() -> set[str]:
    return set(re.findall(r"^\| `([a-z-]+\.[a-z-]+)`", ERRORS.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_error_has_a_chinese_sentence():
    """A slug without one is added to src/custody/base/faults_zh.toml, below its area."""
    told = {f"{area}.{fault}" for area, faults in catalogue().items() for fault in faults}
    assert sorted(_slugs() - told) == []


def test_every_chinese_sentence_is_chinese_and_ends():
    """Half-width stops and English left overs are not sentences."""
    for faults in catalogue().values():
        for told in faults.values():
            assert re.search(r"[\u4e00-\u9fff]", told["says"])
            assert told["says"].endswith("。")


def test_a_command_to_run_next_stays_a_command():
    """Commands are the same in every language; sentences are not."""
    missing = Missing("deal.unknown", "There is no such deal.", next="custody deal show")
    assert spoken(missing, "zh") == ("没有这笔交易。", "custody deal show")
    assert spoken(missing, "en") == ("There is no such deal.", "custody deal show")
    refused = Refused("gate.shut", "Not yet: X-1.", next="Put the evidence these rules ask for on file.")
    assert spoken(refused, "zh").next == "请存档这些规则要求的证据。"


def test_an_error_without_a_chinese_sentence_is_still_told():
    """Better in the other language than not at all."""
    assert spoken(Missing("never.heard", "Gone.", next=""), "zh").says == "Gone."


def entries() -> Iterator[tuple[str, str]]:
    """(kind, where) of every entry that the source appends by a name known when it is written."""
    for path in sorted([*(SOURCE / "acts").rglob("*.py"), *(SOURCE / "services").rglob("*.py")]):
        name = ".".join(["custody", *path.relative_to(SOURCE).with_suffix("").parts])
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"append", "append_about"}
            )
            if called and len(node.args) > KIND:
                kind = node.args[KIND]
                told = (
                    getattr(import_module(name), kind.id, None)
                    if isinstance(kind, ast.Name)
                    else getattr(kind, "value", None)
                )
                if isinstance(told, str):
                    yield told, f"{name}:{node.lineno}"


def test_every_entry_of_the_ledger_has_a_name():
    """A kind without words is added to [entry] in src/custody/web/console/words/shell.toml. The ledger, a customer's history and the list of looks show words, never `index-begun`."""
    known, found = words(), list(entries())
    assert len(found) > 60
    assert [(kind, where) for kind, where in found if f"entry.{kind}" not in known] == []


def test_every_policy_that_is_set_has_a_name():
    """Their entries are called after the kind of policy, which no reading of the source tells."""
    assert [kind.act for kind in (ACCESS, CORRECTIONS, RETENTION) if f"entry.{kind.act}-set" not in words()] == []


def test_every_statement_has_a_name():
    """Whatever is signed over is called by what it is."""
    assert [one for one in sorted(STATEMENTS) if f"statement.{one}" not in words()] == []


def test_every_paper_that_a_rule_asks_for_has_a_name():
    """A kind without words is added to src/custody/acts/proofs.py. Where a rule lacks evidence, page and command line say which in words; the code stands beside it for whoever files it by command."""
    asked = set()
    for path in Path(custody_laws.__file__).parent.rglob("*.yaml"):
        for line in re.findall(r"^(?:evidence|refused_by): \[(.*)\]", path.read_text(encoding="utf-8"), re.MULTILINE):
            asked |= {one.strip() for one in line.split(",")}
    assert len(asked) > 40
    assert [one for one in sorted(asked) if proof(one) is None] == []
    assert [one for one in sorted(asked) if code(one, "zh") == one] == []


def test_what_is_asked_about_a_deal_is_asked_in_words():
    """A question of the interview holds no code of the schema."""
    text = (Path(custody_laws.__file__).parent / "facts.yaml").read_text(encoding="utf-8")
    asks = re.findall(r"asks_(?:zh|en): (.*)", text)
    assert len(asks) > 200
    assert [one for one in asks if re.search(r"[a-z]+_[a-zA-Z]+", one)] == []


def test_a_word_stands_in_one_file():
    """Files are read one after the other: a key that stands twice would silently be said by whichever comes last."""
    folder = SOURCE / "web" / "console" / "words"
    keys = Counter(
        f"{area}.{name}"
        for file in folder.glob("*.toml")
        for area, rows in tomllib.loads(file.read_text(encoding="utf-8")).items()
        for name in rows
    )
    assert len(keys) > 1000
    assert [key for key, times in keys.items() if times > 1] == []

"""`custody-verify`: three exit codes, one JSON object, two languages."""

import json

import pytest

from custody.cli.bare import main


def run(capsys, *words):
    code = main([str(one) for one in words])
    return code, capsys.readouterr()


@pytest.fixture
def cards(good):
    return [word for name in ("seller", "buyer") for word in ("--trust", good.root / f"cards/{name}.json")]


def test_good(good, cards, capsys):
    """A good folder: exit 0 and one object with everything the contract names."""
    code, said = run(capsys, good.root, "--json", *cards)
    told = json.loads(said.out)
    assert (code, told["v"], told["ok"], told["trust"], told["faults"]) == (0, 1, True, "pinned", [])
    assert said.err == ""
    assert said.out.count("\n") == 1
    assert {"signers", "kind", "checked", "not_checked"} <= set(told)
    assert len(told["signers"]) == 2


def test_bad(copy, cards, capsys):
    """A damaged folder: exit 1, class and place in JSON and in both languages."""
    root = copy()
    path = root / "package/data/leaves.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"slot":2', b'"slot":3', 1))
    code, said = run(capsys, root, "--json", *cards)
    told = json.loads(said.out)
    first = next(one for one in told["faults"] if one["where"]["file"] == "package/data/leaves.jsonl")
    assert (code, told["ok"], first["class"], first["where"]["row"]) == (1, False, "altered", 2)
    for lang, words in (("zh", ("未通过", "第 2 行")), ("en", ("NOT verified", "row 2"))):
        code, said = run(capsys, root, "--lang", lang)
        assert code == 1
        assert all(word in said.out for word in words)


def test_usage(tmp_path, capsys):
    """No path, an unknown flag or a card that is none: exit 2, and with --json still one object."""
    (tmp_path / "card.json").write_text("{}")
    for words in (
        [],
        ["--nothing", tmp_path],
        [tmp_path, "--trust", tmp_path / "card.json"],
        [tmp_path, "--trust", tmp_path / "no"],
    ):
        code, said = run(capsys, *words)
        assert (code, said.out) == (2, "")
        code, said = run(capsys, "--json", *words)
        assert code == 2
        assert json.loads(said.out)["error"]["slug"] == "verify.usage"
    assert run(capsys, "--help")[0] == 0

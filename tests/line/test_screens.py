"""What a person reads: both languages whole, the answer first, names of files whole."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from custody.cli.labels import label
from custody.cli.rehearsal.demo import show_demo
from custody.cli.rehearsal.half import Half
from custody.cli.show import facts
from custody.cli.show_verify import show_verify
from tests.line.conftest import act, custody


def screen(shown: object, width: int = 80) -> str:
    """What stands on a terminal of that width."""
    console = Console(file=io.StringIO(), width=width)
    console.print(shown)
    text = console.file.getvalue()
    assert isinstance(text, str)
    return text


def _cards(played: Path) -> list[object]:
    return [
        word for half in ("seller", "buyer") for word in ("--trust", played / "handover" / "cards" / f"{half}.json")
    ]


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("limo", ("deal", "show", "D-2026-0001")),
        ("limo", ("deal", "show")),
        ("limo", ("copy", "list")),
        ("suhe", ("party", "card")),
    ],
)
def test_every_result_has_words_in_both_languages(played: Path, who: str, words: tuple[str, ...]):
    """No key of a result reaches a Chinese screen as an English identifier."""
    code, out = act(played, "seller", who, *words)
    assert code == 0
    for key in set(out) - {"v"}:
        assert not label(key, "zh").isascii(), key
    assert screen(facts(out, "zh")) != screen(facts(out, "en"))


def test_c10_a_verification_says_the_answer_first(played: Path):
    """Yes or no stands in the first line, what nobody can check in the last ones."""
    _, out = custody("verify", played / "handover", *_cards(played))
    for lang, yes in (("zh", "核验通过"), ("en", "Verified")):
        lines = screen(show_verify({**out, "not_checked": out["not_checked"]}, lang)).splitlines()
        assert yes in lines[0]
        assert lines[-1].strip().startswith("·")


def test_c10_a_fault_names_its_file_whole(played: Path, tmp_path: Path):
    """A long path is folded, never cut."""
    fault = {
        "class": "altered",
        "code": "x",
        "where": {"file": "package/" + "a" * 90 + ".json", "row": 3, "byte": None},
        "text": "t",
    }
    _, out = custody("verify", played / "handover", *_cards(played))
    text = screen(show_verify({**out, "ok": False, "faults": [fault], "faults_total": 1}, "en"))
    assert "…" not in text
    assert text.replace("\n", "").replace(" ", "").count("a" * 40) >= 1
    assert not list(tmp_path.iterdir())


def test_a_value_cannot_write_on_the_screen(played: Path):
    """Brackets in a name are shown, not obeyed."""
    assert "[red]shop[/red]" in screen(facts({"name": "[red]shop[/red]"}, "en"))
    assert played.exists()


def test_the_demo_tells_each_step_and_where_to_look(played: Path, summary: dict, tmp_path: Path):
    """Resumed from its end, it still tells the story, and the last lines say where the papers are."""
    heard: list[str] = []
    half = Half("seller", played / "seller", played / "buyer", "zh", heard.append)
    with half:
        half.run("limo", "copy", "list")
        half.run("limo", "reconcile", "D-2026-0001", "--at", str(played / "handover"))
    assert len(heard) == 1
    assert "对账" in heard[0]
    shown = screen(show_demo({**summary, "folder": str(tmp_path)}, "en"), 200)
    assert f"{tmp_path}/  report.html, certificate.pdf" in shown

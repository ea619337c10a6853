"""What click says is said in the language asked for, and is a usage error in both."""

import json

import pytest

from custody.cli.main import main

CALLS = (["erase", "--bogus"], ["gate"], ["demo", "x", "--customers", "abc"], ["nothing"])


@pytest.mark.parametrize("words", CALLS)
def test_a_wrong_call_is_told_in_chinese(words: list[str], capsys: pytest.CaptureFixture):
    """Exit 2, one slug, and no English sentence."""
    assert main([*words, "--lang", "zh", "--json"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["slug"] == "cli.usage"
    for english in ("No such", "Missing", "Invalid", "requires"):
        assert english not in told.out + told.err


@pytest.mark.parametrize("words", CALLS)
def test_a_wrong_call_is_told_in_english(words: list[str], capsys: pytest.CaptureFixture):
    """The same call without a Chinese sign."""
    assert main([*words, "--lang", "en", "--json"]) == 2
    told = capsys.readouterr()
    assert (told.out + told.err).isascii()


@pytest.mark.parametrize(
    ("lang", "headings"), [("zh", ("用法：", "选项", "显示这段说明")), ("en", ("Usage:", "Options", "Show this"))]
)
@pytest.mark.parametrize("words", [["erase"], ["deal"], []])
def test_help_is_in_one_language(words: list[str], lang: str, headings: tuple[str, ...], capsys: pytest.CaptureFixture):
    """Headings and the help of `--help` itself."""
    main(["--lang", lang, *words, "--help"])
    told = capsys.readouterr().out
    assert all(one in told for one in headings)
    assert ("Options" in told) == (lang == "en")

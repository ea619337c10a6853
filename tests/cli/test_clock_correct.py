"""The host's clock was ahead for one command: every command refuses, until two people say so on the command line (spec/ledger.md §4a)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from custody.base.clock import SystemClock
from custody.cli.main import main

YEARS = timedelta(days=3650)
FOUNDED = ("--name-zh", "青禾", "--name-en", "Qinghe")


@contextmanager
def ahead(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The host's clock is ten years ahead for as long as this lasts."""
    with monkeypatch.context() as patch:
        patch.setattr(SystemClock, "now", lambda _: datetime.now(UTC) + YEARS)
        yield


@pytest.fixture
def company(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A home on the real clock with two owners; runs a command as one of them."""
    for who in ("suhe", "zhouning"):
        path = tmp_path / f"{who}.pass"
        path.write_text(f"the passphrase of {who}\n", encoding="utf-8")
        path.chmod(0o600)

    def run(who: str, *words: object) -> tuple[int, dict]:
        acting = (
            "--home",
            tmp_path / "home",
            "--as",
            who,
            "--passphrase-file",
            tmp_path / f"{who}.pass",
            "--json",
            "--lang",
            "en",
        )
        code = main([str(word) for word in (*words, *acting)])
        return code, json.loads(capsys.readouterr().out or "{}")

    assert run("suhe", "init", *FOUNDED)[0] == 0
    assert (
        run(
            "suhe",
            "principal",
            "new",
            "zhouning",
            "--roles",
            "owner",
            "--new-passphrase-file",
            tmp_path / "zhouning.pass",
        )[0]
        == 0
    )
    return run


def test_two_people_get_back_in(company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nothing opens, reading included; after the correction all does, and what was exported verifies."""
    assert company("suhe", "vault", "new", "main")[0] == 0
    with ahead(monkeypatch):
        assert company("suhe", "vault", "new", "second")[0] == 0
    for words in (
        ("vault", "list"),
        ("vault", "new", "third"),
        ("backup", "--to", tmp_path / "place"),
        ("approve", "release", "sha256:" + "0" * 64),
    ):
        code, told = company("suhe", *words)
        assert (code, told["error"]["slug"]) == (3, "clock.behind")
        assert "clock-correct" in told["error"]["next"]
    code, told = company("suhe", "clock-correct", "--dry-run")
    assert (code, told["ahead"] > 0) == (0, True)
    code, refused = company("suhe", "clock-correct")
    assert (code, refused["error"]["slug"]) == (1, "act.unapproved")
    assert company("zhouning", "approve", *told["would"]["approve"])[0] == 0
    assert company("suhe", "clock-correct")[0] == 0
    assert company("suhe", "vault", "new", "third")[0] == 0
    assert company("suhe", "clock-correct")[1]["error"]["slug"] == "clock.not-behind"
    assert company("suhe", "ledger", "export", "--to", tmp_path / "ledger")[0] == 0
    code, found = company("suhe", "verify", tmp_path / "ledger")
    assert (code, found["faults"]) == (0, [])


def test_a_home_that_is_ahead_is_restored_and_corrected(company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The store is filled and says that its ledger is ahead; the two put that right, and the restore ends."""
    place = tmp_path / "place"
    assert company("suhe", "vault", "new", "main")[0] == 0
    assert company("suhe", "backup", "--to", place)[0] == 0
    with ahead(monkeypatch):
        assert (
            company(
                "suhe",
                "principal",
                "new",
                "lirui",
                "--roles",
                "lawyer",
                "--new-passphrase-file",
                tmp_path / "suhe.pass",
            )[0]
            == 0
        )
    for path in (tmp_path / "home").glob("core.db*"):
        path.unlink()
    code, told = company("suhe", "restore", place)
    assert (code, told["error"]["slug"]) == (3, "clock.behind")
    code, told = company("suhe", "clock-correct", "--dry-run")
    assert company("zhouning", "approve", *told["would"]["approve"])[0] == 0
    assert company("suhe", "clock-correct")[0] == 0
    code, told = company("suhe", "restore", place)
    assert (code, told["mirrored"]) == (0, True)
    assert company("suhe", "vault", "check")[0] == 0

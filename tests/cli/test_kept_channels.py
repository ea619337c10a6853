"""E5: the command line asks the console which channels end with a person, and never says none where it could not ask."""

from pathlib import Path

from custody.cli.kept_channels import kept


def test_e5_a_home_without_a_console_has_no_channels(tmp_path: Path):
    """Nothing is asked, and no file is made by asking."""
    assert kept(tmp_path, "prn_nobody") == []
    assert list(tmp_path.iterdir()) == []


def test_e5_rows_that_cannot_be_read_are_not_none(tmp_path: Path):
    """What is no database answers nothing."""
    (tmp_path / "console.db").write_bytes(b"no database of anybody's" * 200)
    assert kept(tmp_path, "prn_nobody") is None

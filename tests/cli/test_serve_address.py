"""E5: the link that the first start prints is one that a browser can open."""

import pytest

from custody.cli.verbs.console import address


@pytest.mark.parametrize(
    ("bind", "told"),
    [
        ("127.0.0.1:8600", "http://127.0.0.1:8600"),
        ("0.0.0.0:8600", "http://127.0.0.1:8600"),
        ("[::]:8600", "http://[::1]:8600"),
        ("[::1]:8601", "http://[::1]:8601"),
    ],
)
def test_an_address_of_every_interface_is_told_as_this_hosts_own(bind: str, told: str, monkeypatch: pytest.MonkeyPatch):
    """Whoever listens on all of them, as in a container, is found at its own."""
    monkeypatch.delenv("CUSTODY_CONSOLE_HOSTS", raising=False)
    assert address(bind) == told


def test_behind_a_proxy_the_name_is_told_under_which_it_is_served(monkeypatch: pytest.MonkeyPatch):
    """The first of the names, and by TLS: the others redirect nobody."""
    monkeypatch.setenv("CUSTODY_CONSOLE_HOSTS", "custody.example.cn,other.example.cn")
    assert address("0.0.0.0:8600") == "https://custody.example.cn"

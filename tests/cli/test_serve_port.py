"""Where the console is served when nobody says where."""

import socket

from custody.cli.verbs.console import _answers, _free


def test_a_second_company_on_this_host_gets_a_port_of_its_own():
    """A port that somebody listens on is not offered."""
    with socket.socket() as first:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        number = _free()
        try:
            first.bind(("127.0.0.1", number))
            first.listen()
        except OSError:
            return  # somebody else of this host was given it meanwhile
        assert _free() != number or number == 8600


def test_c1_the_link_is_told_when_somebody_listens():
    """Nobody is led to a page of the browser's own: an address counts once a connection to it is taken, also one of every interface."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        number = one.getsockname()[1]
        assert not _answers(f"127.0.0.1:{number}")
        one.listen()
        assert _answers(f"127.0.0.1:{number}")
        assert _answers(f"0.0.0.0:{number}")
    assert _answers("unix:/run/custody.sock")

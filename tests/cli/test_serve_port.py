"""Where the console is served when nobody says where."""

import socket

from custody.cli.verbs.console import _free


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

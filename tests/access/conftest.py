"""The rehearsal of the line's tests, played once for all of them."""

from tests.line.conftest import opened  # noqa: F401 - a fixture of the tests beside it

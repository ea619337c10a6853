"""Real servers, and the reader of whole sources beside the tests that use it."""

import sys
from pathlib import Path

from tests.servers import mariadb, postgres  # noqa: F401 - fixtures of the tests beside it

sys.path.insert(0, str(Path(__file__).parent))

"""`custody` and `python -m custody`."""

import sys

from custody import wiring
from custody.cli.main import main as run


def main() -> None:
    """Guard the process, run, leave with the exit code."""
    wiring.guard()
    sys.exit(run())


if __name__ == "__main__":
    main()

"""`custody` and `python -m custody`."""

import sys

from custody.cli.main import main as run


def main() -> None:
    """Run and leave with the exit code."""
    sys.exit(run())


if __name__ == "__main__":
    main()

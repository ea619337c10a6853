"""`custody` and `python -m custody`."""

import gc
import sys

# What is imported stays: to search it for waste time and again is a tenth of what a short command takes.
gc.disable()

from custody import wiring  # noqa: E402 - after the line above
from custody.cli.main import main as run  # noqa: E402 - after the line above

gc.freeze()
gc.enable()


def main() -> None:
    """Guard the process, run, leave with the exit code."""
    wiring.guard()
    sys.exit(run())


if __name__ == "__main__":
    main()

"""The child process that `custody serve` starts."""

import sys

from custody import wiring
from custody.web.server import main

wiring.guard()
sys.exit(main())

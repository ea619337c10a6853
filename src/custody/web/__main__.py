"""The child process that `custody serve` starts."""

import sys

from custody.web.server import main

sys.exit(main())

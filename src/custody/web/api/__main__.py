"""`python -m custody.web.api`: what `custody api` starts."""

import sys

from custody.web.api.server import main

sys.exit(main())

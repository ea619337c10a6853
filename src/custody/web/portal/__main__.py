"""`python -m custody.web.portal`: what `custody portal` starts."""

import sys

from custody.web.portal.server import main

sys.exit(main())

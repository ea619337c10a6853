"""A9: whoever releases, and the second person, see how many of those who go over asked not to be contacted."""

import json
import os
import subprocess
import sys

FIGURES = """
import json, sys
import django
django.setup()
from custody.web.console.views.ceremony import _figures
print(json.dumps([_figures(act, {"subjects": 9, "no_contact": int(sys.argv[1])}, 12) for act in ("release", "delta")]))
"""


def test_a9_the_ceremony_tells_how_many_go_over_silent(tmp_path):
    """Beside how many go; nothing where there is nobody."""
    env = {**os.environ, "CUSTODY_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "custody.web.settings"}
    for many in (0, 2):
        words = [sys.executable, "-c", FIGURES, str(many)]
        for figures in json.loads(subprocess.run(words, env=env, capture_output=True, text=True, check=True).stdout):
            assert (["ceremony.no_contact", 2] in figures) == (many == 2)
            assert [key for key, _ in figures].count("ceremony.no_contact") == (many == 2)

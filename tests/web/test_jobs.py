"""A job in this process, between its last word and its end."""

import os
import subprocess
import sys

ENDED = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from custody.web.console import jobs
from custody.web.console.models import Work
from custody.web.console.views.work import page
Work.objects.create(id="ended", kind="seal", about="a")
Work.objects.create(id="lost", kind="seal", about="a")
jobs._RUNNING.add("ended")
ended, lost = Work.objects.get(id="ended"), Work.objects.get(id="lost")
print(jobs.gone(ended), jobs.gone(lost))
jobs._run("ended", lambda tell: {"rows": 3})
print(ended.state, page(ended)["dead"], ended.state, ended.said, page(lost)["dead"])
"""


def test_e5_a_job_that_ends_while_its_page_is_made_is_not_called_interrupted(tmp_path):
    """Its row was read while it ran, and its process let go of it since: read again, it is done; what nobody runs is interrupted."""
    env = {**os.environ, "CUSTODY_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "custody.web.settings"}
    done = subprocess.run([sys.executable, "-c", ENDED], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["False True", "running False done {'rows': 3} True"]

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


SOON = """
import threading, time
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from custody.base.errors import CustodyError, Refused
from custody.web.console import jobs
long = threading.Event()
def refuses(tell):
    raise Refused("act.unapproved", "No.")
def waits(tell):
    long.wait(30)
    return {}
print(jobs.soon(jobs.start("release", "a", lambda tell: {}, back="/", by="p")))
try:
    jobs.soon(jobs.start("release", "b", refuses, back="/", by="p"))
except CustodyError as error:
    print(error.slug)
begun = time.monotonic()
first = jobs.soon(jobs.start("release", "c", waits, back="/", by="p"))
print(time.monotonic() - begun < 5, first.state, jobs.underway("release", "c").id == first.id, jobs.underway("release", "a"))
print(jobs.start("release", "c", waits, back="/", by="p").id == first.id, "release" in jobs.WHOLE)
long.set()
"""


def test_e5_an_act_of_two_people_answers_at_once_or_by_its_job(tmp_path):
    """What is over in a moment is done, what is refused says why, what takes long is watched, and pressed again it is the same one."""
    env = {**os.environ, "CUSTODY_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "custody.web.settings"}
    done = subprocess.run([sys.executable, "-c", SOON], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["None", "act.unapproved", "True running True None", "True True"]

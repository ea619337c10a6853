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
jobs._RUNNING["ended"] = jobs.Turn(jobs._POOL)
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


LINES = """
import threading
import time
import django
django.setup()
from django.core.management import call_command
from django.template.loader import render_to_string
from django.utils.translation import activate
call_command("migrate", verbosity=0)
from custody.web.console import jobs
from custody.web.console.models import Work
from custody.web.console.views.work import page
long, ran = threading.Event(), []
def reads(name):
    def act(tell):
        long.wait(60)
        ran.append(name)
        return {}
    return act
def settled(works, running):
    until = time.monotonic() + 60
    while any(jobs.before(one) for one in works[:running]) and time.monotonic() < until:
        time.sleep(0.05)
    return [jobs.before(one) for one in works]
began = [jobs.start("scan", str(at), reads(at), back="/", by="p", total=9) for at in range(4)]
released = jobs.start("release", "deal", lambda tell: {"released": 48}, back="/", by="p")
print(jobs.soon(released), Work.objects.get(id=released.id).said)
print(settled(began, 2), page(began[3])["before"])
activate("en")
print("it waits for 2 others" in render_to_string("part_work.html", page(began[2])), "it waits" in render_to_string("part_work.html", page(began[0])))
sent = [jobs.start("campaign", str(at), reads(f"sent {at}"), back="/", by="p") for at in range(2)]
print(settled(sent, 2), jobs.before(began[3]))
jobs.stop(began[2])
print(Work.objects.get(id=began[2].id).state, jobs.alive(began[2]), jobs.before(began[3]))
jobs.stop(released)
deals = [jobs.start("destroy", str(at), reads(f"deal {at}"), back="/", by="p") for at in range(6)]
jobs.stop(deals[5])
print(settled(deals, 4), Work.objects.get(id=deals[5].id).state, Work.objects.get(id=deals[5].id).stop)
long.set()
for line in (jobs._POOL, jobs._OF_TWO, jobs._UNHURRIED):
    line.shutdown(wait=True)
print(sorted(map(str, ran)))
"""


def test_e5_what_two_people_began_waits_for_no_readings(tmp_path):
    """Two long readings run and two wait; a release is done at once, and what goes at a relay's pace stands in neither line. Whoever waits is told for how many, and may be stopped before it begins; a ceremony may not."""
    env = {**os.environ, "CUSTODY_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "custody.web.settings"}
    done = subprocess.run([sys.executable, "-c", LINES], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "None {'released': 48}",
        "[0, 0, 2, 3] 3",
        "True False",
        "[0, 0] 3",
        "stopped False 2",
        "[0, 0, 0, 0, 4, 5] running False",
        "['0', '1', '3', 'deal 0', 'deal 1', 'deal 2', 'deal 3', 'deal 4', 'deal 5', 'sent 0', 'sent 1']",
    ]

"""A5, E5: what a job took hold of is let go of when it does not come to its end, and its person goes on from the page (design §9b)."""

import os
import re
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from tests.web.company import Company
from tests.web.objects import _intake
from tests.web.visitor import BOUNDARY, Visitor

LEFT = """
import threading
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from custody.base.errors import Refused
from custody.web.console import jobs
from custody.web.console.models import Work
long, told = threading.Event(), []
def waits(tell):
    long.wait(60)
    return {}
def full(tell):
    raise OSError(28, "No space left on device")
def refuses(tell):
    raise Refused("seal.untried", "No.")
def begin(name, act):
    return jobs.start("scan", name, act, back="/", by="p", left=lambda: told.append((name, Work.objects.get(about=name).state)))
for number in (1, 2):
    begin(f"long {number}", waits)
jobs.stop(begin("in line", waits))
long.set()
begin("full", full)
begin("refused", refuses)
begin("done", lambda tell: {})
jobs._POOL.shutdown(wait=True)
print(sorted(told))
print([(one.about, one.state) for one in Work.objects.order_by("at")])
"""


def test_e5_a_job_that_does_not_come_to_its_end_lets_go(tmp_path):
    """Stopped in line, refused, or failed as no code of ours fails: each is let go of before it is told how it ended; what is done is not."""
    env = {**os.environ, "CUSTODY_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "custody.web.settings"}
    done = subprocess.run([sys.executable, "-c", LEFT], env=env, capture_output=True, text=True, check=True)
    told, ended = done.stdout.splitlines()
    assert told == "[('full', 'running'), ('in line', 'running'), ('refused', 'running')]"
    assert ended == str([("long 1", "done"), ("long 2", "done"), ("in line", "stopped"), ("full", "failed"), ("refused", "failed"), ("done", "done")])  # fmt: skip


@pytest.mark.parametrize(("state", "kind"), [("scanning", "scan"), ("sealing", "seal")])
@pytest.mark.parametrize("ended", ["stopped", "failed"])
def test_a5_files_whose_job_ended_are_read_again_or_discarded(seller: Company, tmp_path: Path, state, kind, ended):
    """Its page leads to no job that has ended: it offers to go on, and files that were not sealed to be discarded."""
    officer = seller.visitor("zhouning")
    intake, _ = _intake(officer, tmp_path / "left" / f"{state}-{ended}.csv")
    with closing(sqlite3.connect(seller.served.home / "console.db", timeout=60)) as rows, rows:
        work = f"{intake[:16]}{ended:0<8}{kind:0<8}"
        rows.execute("UPDATE console_intake SET state = ? WHERE id = ?", (state, intake))
        rows.execute(
            "INSERT INTO console_work (id, kind, about, state, at, done, total, stop, slug, said, back, by)"
            " SELECT ?, ?, about, ?, datetime('now', '+1 minute'), 0, 0, 1, ?, '{}', back, by FROM console_work WHERE about = ? LIMIT 1",
            (work, kind, ended, "custody.fault" if ended == "failed" else "", intake),
        )
    page = officer.get(f"/data/{intake}")
    assert (officer.status, officer.at.endswith(f"/data/{intake}")) == (200, True)
    assert f'action="/data/{intake}/again"' in page
    officer.post(f"/data/{intake}/again")
    officer.led_on()
    officer.get(f"/data/{intake}")
    assert f'action="/data/{intake}/discard"' in officer.page
    officer.post(f"/data/{intake}/discard")
    assert (officer.status, intake in officer.page) == (200, False)


def test_a5_a_file_of_a_long_name_is_taken_under_its_beginning(seller: Company):
    """Ninety-six Chinese characters are 288 bytes, more than a file system takes: both files of the upload are kept."""
    officer = seller.visitor("zhouning")
    officer.get("/data")
    token = officer.field("csrfmiddlewaretoken")
    table = "姓名,手机\n王小明,13800138000\n".encode()
    names = ("customers.csv", "客户资料" * 24 + ".csv")
    line = f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
    parts = [f'{line}name="csrfmiddlewaretoken"\r\n\r\n{token}'.encode()]
    parts += [f'{line}name="files"; filename="{name}"\r\n\r\n'.encode() + table for name in names]
    _sent(officer, b"\r\n".join([*parts, f"--{BOUNDARY}--\r\n".encode()]))
    intake = re.search(r"/data/(\w{32})", officer.led_on() + officer.at)
    assert intake is not None, officer.page
    kept = [one.name for one in (seller.served.home / "tmp" / "intake" / intake[1] / "files").iterdir()]
    assert sorted(kept) == sorted(["customers.csv", "客户资料" * 16 + "客.csv"])
    officer.get("/passphrase")
    officer.post(f"/data/{intake[1]}/discard")


def _sent(officer: Visitor, body: bytes) -> None:
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    officer._go(urllib.request.Request(f"{officer.base}/data", body, kind))

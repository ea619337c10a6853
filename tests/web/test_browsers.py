"""How pages tell what the core tells otherwise: what a browser calls itself, and days."""

import os
import subprocess
import sys

SAID = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51": "Edge 131, Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1": "Safari 18, iPhone",
    "Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.6723.103 Mobile Safari/537.36 XWEB/1300333 MicroMessenger/8.0.55.2780": "WeChat 8, Android",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0": "Firefox 128, Linux",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36": "Chrome 131, macOS",
    "": "A program we do not know",
    "curl": "A program we do not know",
    "Chrome/": "A program we do not know",
}
ASK = """
import sys, django
django.setup()
from django.utils import translation
translation.activate("en")
from custody.web.console.templatetags.words import browser_name
for agent in sys.argv[1:]:
    print(browser_name(agent))
"""


def test_e5_a_browser_is_called_by_its_name(tmp_path):
    """Each claims to be several; the one it is, its version, and the system."""
    env = {**os.environ, "CUSTODY_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "custody.web.settings"}
    told = subprocess.run([sys.executable, "-c", ASK, *SAID], env=env, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == list(SAID.values())


DAYS = """
import django
django.setup()
from django.utils import timezone, translation
from custody.web.console.templatetags.words import day, moment
now = timezone.localdate()
for lang in ("zh", "en"):
    translation.activate(lang)
    print(day("1999-03-18"), day("2999-12-31T04:00:00Z"), moment("1999-03-18T04:05:00Z"), str(now.year) in day(now), day(""), sep="|")
"""


def test_e5_a_day_has_its_year_when_it_is_not_this_one(tmp_path):
    """Days and instants of another year name it in both languages; those of this year do not; nothing stays nothing."""
    env = {**os.environ, "CUSTODY_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "custody.web.settings"}
    told = subprocess.run([sys.executable, "-c", DAYS], env=env, capture_output=True, text=True, check=True)
    zh, en = told.stdout.splitlines()
    assert zh == "1999年3月18日|2999年12月31日|1999年3月18日 12:05|False|"
    assert en == "18 March 1999|31 December 2999|18 March 1999 12:05|False|"

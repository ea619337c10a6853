"""What stays, what goes and what is left when the machine is gone: holds, retention, backups, each by its own people in a browser (A5, A8, E8)."""

import csv
import io
import os
import subprocess
import sys

import pytest

from tests.web.company import DEAL
from tests.web.test_forgotten import forget
from tests.web.test_keeping import confirmed

pytestmark = pytest.mark.part("browser")


@pytest.fixture
def browser(chrome):
    return chrome.anew()


def test_a8_a_hold_is_put_on_from_the_card_and_lifted(seller, browser):
    """From the customer's card, for a reason with a number; nothing erases that customer until it is lifted; a code that is none is refused."""
    who = seller.told("suhe", "deal", "customers", DEAL, "--most", "1")["customers"][0]["subject"]
    at = seller.as_("zhouning", browser)
    at.go(f"/customers/{who}")
    at.press("保全")
    assert at.find("[name=subject]").get_attribute("value") == who
    at.type("number", "2026-14")
    at.submit(at.find("#new"), "button.btn-1")
    at.says("1 位客户")
    at.shot("holds")
    assert "诉讼或争议" in at.find("tbody").text
    (held,) = seller.told("suhe", "hold", "list")["holds"]
    assert (held["subject"], held["reason"], held["until"]) == (who, "dispute.2026-14", "")
    rows = list(csv.reader(io.StringIO(seller.visitor("zhouning").get("/holds?as=csv"))))
    assert (rows[1][0], rows[1][2:]) == (who, ["2026-14", "Until it is lifted"])
    at.press("解除 2026-14")
    assert seller.told("suhe", "hold", "list")["held"] == 0
    visitor = seller.visitor("zhouning")
    visitor.get("/holds")
    visitor.post("/holds", do="add", subject=who, kind="No Code", number="1")
    assert (visitor.status, 'data-slug="hold.reason"' in visitor.page) == (400, True)
    assert not at.faults, "\n".join(at.faults)


def test_a8_how_long_what_is_kept_is_signed_by_two_and_counted(seller, browser):
    """What the law asks for is filled in; shorter is refused; two people sign; then everybody's clocks are counted, and a run lists first."""
    at = seller.as_("suhe", browser, factor=True)
    at.go("/retention")
    at.press("写第一版")
    at.shot("retention-terms")
    rules = at.driver.find_elements("css selector", "#fields [name$='.retention']")
    word = next(one for one in rules if one.get_attribute("value") == "cn-ecommerce-3y")
    n = word.get_attribute("name").partition(".")[0]
    assert at.find(f"[name='{n}.years']").get_attribute("value") == "3"
    at.type(f"{n}.years", "2")
    at.press("先试运行")
    assert at.find("[data-slug]").get_attribute("data-slug") == "retention.too-short"
    assert at.find(f"[name='{n}.years']").get_attribute("value") == "2"
    at.complaints()
    at.type(f"{n}.years", "4")
    at.press("先试运行")
    assert "cn-ecommerce-3y：从最后一次往来算起，留 4 年，到期后删除。" in [
        one.text for one in at.driver.find_elements("css selector", "#act .says li")
    ]
    at.shot("retention-look")
    at.press("请第二个人确认")
    path = at.driver.current_url.removeprefix(at.base)
    confirmed(seller, browser, "suhe", "zhouning", path, "policy-1", "签署并生效")
    at.says("保存期限")
    at.press("现在数一遍")
    at.patience(60, lambda: at.driver.find_elements("css selector", ".figs"))
    plan = seller.told("suhe", "retention", "plan")
    assert [one.text for one in at.driver.find_elements("css selector", ".figs b")] == [
        f"{plan[name]:,}" for name in ("running", "ripe", "held", "unknown", "without_rule")
    ]
    at.shot("retention")
    at.press("公示与放手")
    at.shot("retention-run")
    at.press("公示")
    assert seller.told("suhe", "retention", "plan")["listed"] == plan["due_slots"]
    assert not at.faults, "\n".join(at.faults)


def test_a5_a_backup_is_made_read_back_and_taken_off_the_list(seller, browser, tmp_path):
    """Without one the page says what that means; a folder that is not there is refused; every record is opened by the check."""
    at = seller.as_("suhe", browser)
    at.go("/backups")
    assert "还没有任何备份" in at.text()
    at.type("place", str(tmp_path / "nowhere"))
    at.submit(at.find("form:has([name=place])"))
    assert at.find("[data-slug]").get_attribute("data-slug") == "backup.folder"
    at.complaints()
    at.type("place", str(tmp_path))
    at.submit(at.find("form:has(input[name=place]:not([type=hidden]))"))
    at.patience(120, lambda: at.driver.find_elements("css selector", f"[name=place][value='{tmp_path}']"))
    assert (tmp_path / "CUSTODY-BACKUP").is_file()
    assert list((tmp_path / "facts").iterdir())
    at.press("逐条自查")
    at.patience(120, lambda: "把密钥都打开核对过，没有问题" in at.source())
    at.shot("backups")
    assert "由两人移出名单" in at.text()  # the last one
    forget(seller, str(tmp_path))
    at.go("/backups")
    assert "还没有位置" in at.text()
    assert not at.faults, "\n".join(at.faults)


PLACED = """
import sys
import django
django.setup()
from custody.base.errors import CustodyError
from custody.web.console.views.backups import _place
try:
    print(_place(sys.argv[1], {"/known"}))
except CustodyError as error:
    print(error.slug)
"""


@pytest.mark.parametrize(("hosts", "asked", "told"), [
    ("", "{here}", "{here}"), ("console.example", "{here}", "backup.elsewhere"), ("console.example", "/known", "/known"), ("console.example", "", "None"),
    ("", "relative", "backup.folder"), ("", "s3://bucket/x", "backup.folder"), ("", "/etc/passwd", "backup.folder"), ("", "{here}\n", "backup.folder"),
])  # fmt: skip
def test_a5_through_a_proxy_nobody_names_a_folder_of_the_host(tmp_path, hosts, asked, told):
    """Whoever sits elsewhere renews the places that the host's own people named, and writes to no other; on the host it is a folder that is there."""
    env = {
        **os.environ,
        "CUSTODY_HOME": str(tmp_path),
        "CUSTODY_CONSOLE_HOSTS": hosts,
        "DJANGO_SETTINGS_MODULE": "custody.web.settings",
    }
    words = [sys.executable, "-c", PLACED, asked.format(here=tmp_path)]
    assert subprocess.run(words, env=env, capture_output=True, text=True, check=True).stdout.strip() == told.format(
        here=tmp_path
    )

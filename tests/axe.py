"""axe-core in a driven browser: what it finds against WCAG 2.2 AA, where it is installed."""

import importlib.util
from functools import cache
from pathlib import Path

from selenium import webdriver

_RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(function (told) {
  done(told.violations.map(function (one) { return one.id + ": " + one.nodes.slice(0, 3).map(function (node) { return node.target.join(" ") + " | " + node.html.slice(0, 120); }).join(" ;; "); }));
});
"""


@cache
def axe() -> str:
    """The script of axe-core, or nothing where it is not installed."""
    found = importlib.util.find_spec("axe_playwright_python")
    folder = Path(next(iter(found.submodule_search_locations or [""]))) if found else None
    return (folder / "axe.min.js").read_text(encoding="utf-8") if folder else ""


def violations(driver: webdriver.Chrome) -> list[str]:
    """What is wrong with the page as it stands; nothing where axe-core is not here."""
    script = axe()
    if not script:
        return []
    driver.execute_script(script)
    return list(driver.execute_async_script(_RUN))

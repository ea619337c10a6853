"""The facts of the rehearsal's deal, answered without a mouse: one question at a time, or in one table."""

from selenium.webdriver.common.keys import Keys

from custody.cli.rehearsal.play import FACTS
from tests.web.hands import Hands


def question(hands: Hands) -> None:
    """One question: the first way to answer has the focus; Enter keeps the answer."""
    hands.lands("main form input:not([type=hidden])")
    parts = [one.get_attribute("value") for one in hands.browser.driver.find_elements("css selector", "[name=part]")]
    known = {leaf: FACTS.get(leaf.split(".")[0], {}).get(leaf.split(".", 1)[1]) for leaf in parts}
    if None in known.values():
        hands.follow("main form button[name=unknown]")
        return
    for leaf, value in known.items():
        if not hands.on(f"[name='{leaf}']"):
            hands.to(f"[name='{leaf}']")
        boxes = hands.browser.driver.find_elements("css selector", f"[name='{leaf}']")
        if boxes[0].get_attribute("type") == "radio":
            values = [one.get_attribute("value") for one in boxes]
            hands.press(Keys.SPACE, *[Keys.DOWN] * values.index(said(value)))
        else:
            typed(hands, f"[name='{leaf}']", boxes[0].get_attribute("type"), value)
    hands.enter()


def said(value) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def typed(hands: Hands, css: str, kind: str, value) -> None:
    if kind == "date":
        hands.date(css, str(value))
    else:
        hands.press(str(value))


def table(hands: Hands) -> bool:
    """Answer whatever of the facts is asked here, in the order of the page; whether anything was."""
    driver, found = hands.browser.driver, False
    while True:
        box = driver.execute_script(WAITS, {f"{group}.{leaf}": 1 for group, leaves in FACTS.items() for leaf in leaves})
        if not box:
            return found
        group, leaf = box["name"].split(".", 1)
        value = FACTS[group][leaf]
        if box["folded"]:
            hands.to("main form details:not([open]) > summary")
            hands.press(Keys.SPACE)
            continue
        hands.to(f"main [name='{box['name']}']")
        found = True
        if box["tag"] == "SELECT":
            hands.pick(f"main [name='{box['name']}']", said(value))
        else:
            typed(hands, f"main [name='{box['name']}']", box["type"], value)


# The first field, as the page is read, that has a fact to take and no value.
WAITS = """
const one = Array.from(document.querySelectorAll("main form [name]")).find((box) => arguments[0][box.name] && box.value === "" && box.type !== "hidden");
return one ? {name: one.name, tag: one.tagName, type: one.type, folded: !!one.closest("details:not([open])")} : null;
"""

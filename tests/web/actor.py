"""Somebody who works in the console by browser: a person with a passphrase, a second factor and a session of their own."""

from dataclasses import dataclass, field
from typing import Any

from tests.web.visitor import next_step, six_digits


@dataclass
class Actor:
    """One person at one console; several share a browser by taking turns with their own cookies."""

    browser: Any
    base: str
    handle: str
    passphrase: str
    secret: str = ""
    used: int = 0
    cookies: list[dict[str, Any]] = field(default_factory=list)

    def turn(self) -> Any:
        """Take the browser; whoever had it before keeps their session."""
        before = getattr(self.browser, "actor", None)
        if before is not self:
            cdp = self.browser.driver.execute_cdp_cmd
            if before is not None:
                before.cookies = cdp("Network.getCookies", {"urls": [before.base]})["cookies"]
            cdp("Network.clearBrowserCookies", {})
            if self.cookies:
                cdp("Network.setCookies", {"cookies": self.cookies})
            self.browser.actor, self.browser.base = self, self.base
        return self.browser

    def found(self, first: str, company: str, shown: str) -> None:
        """The first page of an empty machine."""
        browser = self.turn()
        browser.go(first)
        given = {
            "name_zh": company,
            "shown": shown,
            "handle": self.handle,
            "passphrase": self.passphrase,
            "again": self.passphrase,
        }
        for name, text in given.items():
            browser.type(name, text)
        browser.press("建立")

    def sign_in(self) -> None:
        """By one's passphrase, and the authenticator app set up at once."""
        self.enter()
        self.second_factor()

    def enter(self) -> None:
        """By one's passphrase."""
        browser = self.turn()
        browser.go("/account/login/")
        browser.type("login", self.handle)
        browser.type("password", self.passphrase)
        browser.press("登录")

    def second_factor(self) -> None:
        """Set up the authenticator app."""
        browser = self.turn()
        browser.go("/account/2fa/totp/activate/")
        if "/reauthenticate" in browser.here():  # signed in more than five minutes ago, on a slow host
            browser.type("password", self.passphrase)
            browser.follow(browser.find("main form button[type=submit]"))
        self.secret = browser.find("#authenticator_secret").get_attribute("value")
        browser.type("code", self.code())
        browser.follow(browser.find("main form button[type=submit]"))

    def let_in(self, owner: "Actor", shown: str, role: str) -> None:
        """The owner adds this person, who then takes a passphrase of their own."""
        browser = owner.turn()
        browser.go("/people")
        for name, text in {"shown": shown, "handle": self.handle}.items():
            browser.type(name, text)
        browser.find(f"[name=role] option[value={role}]").click()
        browser.press("添加")
        once = browser.find("#once").text
        browser = self.turn()
        browser.go("/account/login/")
        browser.type("login", self.handle)
        browser.type("password", once)
        browser.press("登录")
        for name, text in {"old": once, "new": self.passphrase, "again": self.passphrase}.items():
            browser.type(name, text)
        browser.press("更换口令")

    def brings(self, page: str, handle: str) -> None:
        """The owner makes somebody a member of the deal on this page."""
        browser = self.turn()
        browser.go(page)
        browser.find(f"#join [name=member] option[value={handle}]").click()
        browser.find("#join [name=reason]").send_keys("一起办这笔交易")
        browser.submit(browser.find("#join"), "#join button")
        browser.find(f"[data-member={handle}]")

    def code(self) -> str:
        """The six digits."""
        self.used = next_step(self.used)
        return six_digits(self.secret, self.used)

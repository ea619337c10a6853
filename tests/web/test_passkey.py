"""A passkey as the second step, with the browser's own virtual authenticator."""

import pytest

from tests.web.actor import Actor

pytestmark = pytest.mark.part("browser")


def test_a_passkey_lets_its_owner_in_and_nobody_else(served, browser):
    """Added once, it takes the place of the six digits; without it the passphrase alone opens nothing."""
    base = served.base.replace("127.0.0.1", "localhost")
    owner = Actor(browser, base, "suhe", "书屋门前有一棵老树")
    cdp = browser.driver.execute_cdp_cmd
    cdp("WebAuthn.enable", {})
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
               "automaticPresenceSimulation": True}  # fmt: skip
    key = cdp("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    owner.found(served.first, "青禾书屋", "苏禾")
    browser.says("从一笔交易开始")
    browser.go("/account/2fa/webauthn/add/")
    browser.says("添加一个通行密钥")
    browser.shot("passkey-add")
    browser.type("name", "这台电脑")
    browser.press("添加")
    assert len(cdp("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    sign_in(browser, owner)
    browser.shot("passkey")
    browser.press("用通行密钥")
    browser.says("从一笔交易开始")
    cdp("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    cdp("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(browser, owner)
    browser.driver.find_element("id", "mfa_webauthn_authenticate").click()
    browser.patience(60, lambda: browser.driver.find_element("id", "key-fault").is_displayed())
    browser.go("/people")
    browser.says("第二步")
    assert not browser.faults, "\n".join(browser.faults)


def sign_in(browser, owner) -> None:
    """Out, and in again by the passphrase up to the second step."""
    browser.driver.delete_all_cookies()
    browser.go("/account/login/")
    browser.type("login", owner.handle)
    browser.type("password", owner.passphrase)
    browser.press("登录")
    browser.says("第二步")

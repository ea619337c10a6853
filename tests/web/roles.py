"""Members of staff as they join, with a role and an end."""

import csv
import io
from collections.abc import Iterator

from custody.model.party import EVERY_DEAL
from tests.members import add
from tests.web.company import Company

SOON = "2026-04-20"


def join(seller: Company, handle: str, role: str) -> None:
    """One more person of the company, with a passphrase of their own."""
    secret = seller.where / "seller" / "keys" / "principals" / f"{handle}.pass"
    secret.write_text(f"a passphrase of {handle}", encoding="utf-8")
    secret.chmod(0o600)
    seller.told("suhe", "principal", "new", handle, "--roles", role, "--new-passphrase-file", secret)
    for deal in seller.told("suhe", "deal", "show")["deals"] if role not in EVERY_DEAL else ():
        add(seller.told, deal["ref"], handle)


def members(seller: Company) -> Iterator[dict[str, str]]:
    """The sample's members who can be called and whose card holds something sensitive."""
    text = (seller.where / "shop" / "会员.csv").read_bytes().decode("gb18030", errors="replace")
    for row in csv.DictReader(io.StringIO(text)):
        if len(row["手机号"] or "") == len("13800138000") and row["身份证号"] and row["银行卡号"]:
            yield row


def known(seller: Company) -> tuple[str, str]:
    """(telephone, id) of a member whom nobody else shares it with."""
    for row in members(seller):
        found = seller.told("suhe", "lookup", row["手机号"])["found"]
        if len(found) == 1:
            return row["手机号"], str(found[0]["subject"])
    raise AssertionError("no member of the sample has a telephone of their own")

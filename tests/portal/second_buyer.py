"""A second buyer of the same customers: a company of its own, with its own deal over the seller's vault and its own folder (spec/requests.md §4)."""

from pathlib import Path

from custody import wiring
from custody.acts.matters import deal, facts_of
from custody.services.deal_new import deal_new
from tests.line.conftest import act
from tests.portal.conftest import DEAL, at, laws, new_secret

OTHER, WHO, SECOND, FOLDER = "other", "heping", "qinlan", "handover-other"
_NOW = "2026-04-20T02:00:00Z"


def done(where: Path, half: str, who: str, *words: object) -> dict:
    """What a command says that has to work."""
    code, told = act(where, half, who, *words)
    assert code == 0, (words, told)
    return told


def founded(where: Path) -> str:
    """The second buyer's home; what its party is called at the seller, where two people confirmed its card."""
    for one in (WHO, SECOND):
        new_secret(where / OTHER / "keys" / "principals" / f"{one}.pass")
    made = done(where, OTHER, WHO, "init", "--name-zh", "和平公司", "--name-en", "Heping", "--uscc", "91110108MA01A2BU5P",
                "--rehearsal-at", _NOW)  # fmt: skip
    done(where, OTHER, WHO, "principal", "new", SECOND, "--roles", "privacy",
         "--new-passphrase-file", where / OTHER / "keys" / "principals" / f"{SECOND}.pass")  # fmt: skip
    card = where / "handover" / "cards" / "other.json"
    done(where, OTHER, WHO, "party", "card", "--to", card)
    for one in ("suhe", "zhouning"):
        done(where, "seller", one, "party", "confirm", card, "--fingerprint", made["fingerprint"])
    seller = where / "handover" / "cards" / "seller.json"
    told = done(where, "seller", "suhe", "party", "card", "--to", where / "card-again.json")
    for one in (WHO, SECOND):
        done(where, OTHER, one, "party", "confirm", seller, "--fingerprint", told["fingerprint"])
    return str(made["party"])


def opened(where: Path, half: str = OTHER, who: str = WHO) -> str:
    """The second deal, at both sides, and who works on it; its reference. With the buyer of the first it is on other facts."""
    party = founded(where) if half == OTHER else ""
    with at(where, "suhe") as desk:
        with desk.store.read() as tx:
            first = deal(desk, tx, DEAL)
            facts = facts_of(tx, str(first["id"]))
        facts = facts if party else {**facts, "deal.authority_approved": False}
        ref = str(deal_new(desk, laws(where), facts, party or str(first["counterparty"]), None)["ref"])
    for one in ("zhouning", "limo"):
        done(where, "seller", "suhe", "member", "add", ref, one, "--reason", "works on this deal")
    with at(where, "suhe") as desk:
        ours = desk.card.id
    done(where, half, who, "invite", ours, "--deal", ref, "--at", where / FOLDER)
    done(where, "seller", "zhouning", "deal", "tell", ref, "--items", where / "seller" / "told-items.json")
    return ref


def sold(where: Path, ref: str, half: str = OTHER, buyer: str = WHO) -> None:
    """Everybody who agreed to the second deal goes to its buyer, who receives them."""
    for verb in ("notice", "consent"):
        done(where, "seller", "zhouning", verb, ref, "--assume", where / "assumptions.yaml")
    done(where, "seller", "zhouning", "gate", ref)
    for who, verb in (("limo", "ship"), ("zhouning", "release")):
        words = (verb, ref, "--at", where / FOLDER)
        dry = act(where, "seller", who, *words, "--dry-run")[1]
        done(where, "seller", "suhe", "approve", *dry["would"]["approve"])
        done(where, "seller", who, *words)
    done(where, half, buyer, "receive", ref, "--at", where / FOLDER)


def theirs(where: Path):
    """The desk of the second buyer's owner."""
    home = where / OTHER
    return wiring.desk(home, WHO, home / "keys" / "principals" / f"{WHO}.pass")

"""Plan the campaign that tells the customers whom an incident touched what the law wants told; nothing is sent (E2, B1; spec/incidents.md §8)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, cast

from custody.acts import incidents
from custody.acts.barred import BATCH
from custody.acts.campaigning import ABOUT, INCIDENT, NO_ADDRESS, UNREAD, approved_content, campaign, counts
from custody.acts.composing import whole
from custody.acts.contacts import SMS, contacts
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.incident_papers import Draft, drafts
from custody.acts.incident_people import chosen, listing, mark, touched
from custody.acts.incidents import DECIDERS
from custody.acts.matters import detail_of, facts_of
from custody.acts.papers import papers
from custody.acts.planning import EMAIL, plan, row_of, words
from custody.acts.same_words import left_out, without_address
from custody.acts.vaults import vault_row
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing
from custody.law import subject as subjects
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

PERSON: Final = "person"
SHORT: Final = ("text", "text_en", "pages", "page_line", "page_line_en")


class Notice(NamedTuple):
    """Which draft goes out, to whom of which vault (the list of the counting again, where it had one), from which address, and what is written by hand."""

    kind: str
    vault: str | None
    listed: bytes | None
    sender: str
    values: Mapping[str, Json]
    channel: str = EMAIL
    short: Mapping[str, str] = MappingProxyType({})
    """Of text messages: what the telephone shows (`text`, `text_en`), where the pages lie (`pages`), and the words before the link (`page_line`, `page_line_en`)."""


def incident_notify(desk: Desk, laws: Laws, ref: str, asked: Notice) -> Mapping[str, Json]:
    """The people are counted again where the last counting was: whoever came in since is among them.

    Raises Missing `incident.uncounted`, `incident.paper`, `incident.deal`, `document.lacks`, `campaign.nobody`, `campaign.already`; Malformed `incident.file`, `campaign.words`.
    """
    desk.person()
    desk.require(DECIDERS)
    with desk.store.read() as tx:
        row, vault = incidents.live(tx, desk.space, ref), vault_row(tx, desk.space, asked.vault)
        counted = _counted(desk, row, vault, asked.listed)
        draft = _draft(desk, tx, laws, row, asked)
        columns = chosen(tx, str(vault["id"]), [str(one) for one in cast("list[Json]", counted["asked"])])
        day = incidents.day(facts_of(tx, str(row["id"])), desk.card.place, desk.zones).isoformat()
    listed = listing(desk, vault, asked.listed)
    with desk.store.write() as tx:
        row = incidents.live(tx, desk.space, ref)
        found = touched(desk, tx, str(vault["id"]), columns, listed, day)
        told = _words(draft, asked)
        told |= {ABOUT: INCIDENT, INCIDENT: ref}
        deal = _deal(tx, str(vault["id"]))
        people = _bound(desk, tx, str(vault["id"]), draft, found.customers)
        now = stamp(desk.clock.now())
        spared = {
            **left_out(desk, tx, deal, told, now),
            **_still_without(desk, tx, deal, asked.channel, without_address(desk, tx, deal, told, now)),
        }
        rest = _rest(people, spared)
        made = row_of(desk, tx, deal, told, asked.channel)
        plan(desk, tx, deal, made, rest)
        says: dict[str, Json] = {
            "matter": str(row["id"]), "campaign": str(made["id"]), "rules": [rule.id for rule in draft.rules], "people": len(rest), "left_out": len(people) - len(rest),
            "counts": counts(tx, made), "principal": desk.principal.id,
        }  # fmt: skip
        position = append(tx, desk.space, stamp(desk.clock.now()), "incident-notice-planned", says)
        content, figures = approved_content(tx, made), counts(tx, campaign(desk, tx, str(made["ref"])))
        unread = tx.count("sending", campaign=str(made["id"]), state=NO_ADDRESS, reply=UNREAD)
    return {"incident": ref, "campaign": str(made["ref"]), "kind": asked.kind, "people": len(rest), "left_out": len(people) - len(rest), "not_bound": len(found.customers) - len(people),
            "not_customers": len(found.people) - len(found.customers), "counts": figures, **({"unread": unread} if unread else {}), "approve": ["campaign", content], "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _counted(desk: Desk, row: Row, vault: Row, listed: bytes | None) -> Mapping[str, Json]:
    """The counting of this vault. Raises Missing `incident.uncounted`, Malformed `incident.file` where the list is another one."""
    found = incidents.counted(detail_of(row)).get(str(vault["id"]))
    if found is None:
        raise Missing("incident.uncounted", "Nobody counted whom it touched in this vault.", next=f"custody incident count {row['ref']!s}")  # fmt: skip
    if mark(desk, vault, listed) != found["list"]:
        raise Malformed("incident.file", "This is not the list by which was counted: it is kept nowhere, so it is given again.", next="The same file, or none where there was none.")  # fmt: skip
    return found


def _draft(desk: Desk, tx: Transaction, laws: Laws, row: Row, asked: Notice) -> Draft:
    """Whole, and to persons. Raises Missing `incident.paper`, `document.lacks`."""
    made = {one.kind.name: one for one in drafts(desk, tx, laws, row, asked.values)[0] if one.kind.to == PERSON}
    if asked.kind not in made:
        raise Missing("incident.paper", f"No duty of this incident asks for a notice to persons of this kind; there are: {', '.join(made) or 'none'}.",
                      next=f"custody incident draft {row['ref']!s}")  # fmt: skip
    whole(made[asked.kind].by, papers(laws))
    return made[asked.kind]


def _texts(draft: Draft) -> dict[str, str]:
    zh, en = draft.by["zh"], draft.by["en"]
    return {"subject": zh.title, "subject_en": en.title, "text": draft.text("zh"), "text_en": draft.text("en"), "paper": draft.kind.name,
            "rules": ",".join(sorted(rule.id for rule in draft.rules)), "version": draft.head.version}  # fmt: skip


def _words(draft: Draft, asked: Notice) -> dict[str, str]:
    """A message holds the notice whole and leads nowhere; a text message is what somebody wrote, and leads to the person's page, on which the notice stands whole."""
    whole_text = _texts(draft)
    if asked.channel != SMS:
        return words({"sender": asked.sender, **whole_text, "channel": asked.channel}, apart=True)
    notice = {"notice": whole_text.pop("text"), "notice_en": whole_text.pop("text_en")}
    shown = {name: asked.short[name] for name in SHORT if asked.short.get(name, "").strip()}
    return words({"sender": asked.sender, **whole_text, **notice, **shown, "channel": SMS}, apart=False)


def _still_without(
    desk: Desk, tx: Transaction, deal: Row, channel: str, waiting: Mapping[bytes, str]
) -> Mapping[bytes, str]:
    """Of who waits in a plan for an address: who still has none by this channel. Whoever has one by now is told by it."""
    people, found = sorted(waiting), dict[bytes, str]()
    for start in range(0, len(people), BATCH):
        some = people[start : start + BATCH]
        at = contacts(desk, tx, str(deal["vault"]), some)
        found |= {who: waiting[who] for who in some if not at[who].reached(channel)}
    return found


def _deal(tx: Transaction, vault: str) -> Row:
    """The deal of the vault whose pages and addresses the messages go by: an open one, else the newest. Raises Missing `incident.deal`."""
    rows = sorted(
        tx.find("matter", order=("ref",), vault=vault, kind="deal"),
        key=lambda row: (row["state"] == "open", row["ref"]),
    )
    if not rows:
        raise Missing("incident.deal", "No deal was ever made of this vault, by which messages to its customers go out.", next="custody deal new")  # fmt: skip
    return rows[-1]


def _bound(desk: Desk, tx: Transaction, vault: str, draft: Draft, people: list[bytes]) -> list[bytes]:
    """Whom a law of the draft speaks for: all, where it is that of the company's place; else who lives there, or nobody knows where."""
    laws = {rule.regime for rule in draft.rules}
    if laws & set(subjects.laws(desk.card.place)):
        return people
    rows = tx.among("subject", ("id", "facts"), "id", people, vault=vault)
    homes = {
        cast("bytes", who): str(cast("dict[str, Json]", canonical.decode(cast("bytes", told), strict=False)).get("residence") or "")
        for who, told in rows
    }  # fmt: skip
    return [who for who in people if not homes.get(who) or laws & set(subjects.laws(homes[who]))]


def _rest(people: list[bytes], already: Mapping[bytes, str]) -> list[bytes]:
    if not people:
        raise Missing("campaign.nobody", "Nobody is waiting for a notice.", next="custody incident count REF")
    rest = [who for who in people if who not in already]
    if not rest:
        raise Missing("campaign.already", f"Everybody who waits is in another campaign with the same words: {', '.join(sorted(set(already.values())))}.",
                      where={"campaign": min(already.values())}, next="custody campaign show REF")  # fmt: skip
    return rest

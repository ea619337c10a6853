"""The tables of the core store, one schema for SQLite and PostgreSQL (docs/architecture.md §3). Migrations build it; this names it.

Nothing here holds a value of a person in clear: sealed bytes, keys under wrap, random ids, codes, counts and hashes.
Staff are named in `principal` alone.
"""

from typing import Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)


def _table(name: str, *columns: sa.Column[object], index: tuple[str, ...] = ()) -> sa.Table:
    table = sa.Table(name, METADATA, *columns)
    if index:
        sa.Index(None, *(table.c[column] for column in index))
    return table


def _found_by(table: sa.Table, *indexes: tuple[str, ...]) -> None:
    """One more index for each."""
    for index in indexes:
        sa.Index(None, *(table.c[column] for column in index))


# Texts are ids, codes and instants: ordered by their bytes on both databases, whatever language a server speaks.
_TEXT: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str, *, key: bool = False) -> sa.Column[object]:
    return sa.Column(name, _TEXT, primary_key=key, nullable=False, default=None if key else "")


def _int(name: str, *, key: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger, primary_key=key, nullable=False, autoincrement=False, default=0)


def _blob(name: str, *, key: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.LargeBinary, primary_key=key, nullable=False, default=b"")


# Who acts, for whom, against whom.
_table("party", _text("id", key=True), _text("own"), _blob("card"), _text("identity"), _text("confirmed_at"))
_table("confirmation", _text("party", key=True), _text("principal", key=True), _text("at"))
_table("principal", _text("id", key=True), _text("party"), _text("handle"), _text("roles"), _blob("identity"),
       _text("created_at"), _text("revoked_at"), index=("party", "handle"))  # fmt: skip
_table("approval", _text("id", key=True), _text("act"), _text("content"), _text("principal"), _text("expires_at"),
       _blob("signature"), _text("used_by"), index=("act", "content"))  # fmt: skip

# Evidence: entries are rows of the same transaction as their act (spec/ledger.md).
_table("ledger_entry", _text("space", key=True), _int("position", key=True), _blob("entry"), _blob("hash"))
_table("ledger_head", _text("space", key=True), _int("size"), _blob("frontier"), _text("last_at"))
_table("opening", _text("space", key=True), _int("position", key=True), _blob("salt"), _blob("detail"))
# What each entry says happened, and which are about a deal, a principal, a customer; follows from the two above, so that nobody reads the whole ledger for it.
_table(
    "entry_about",
    _text("space", key=True),
    _text("topic", key=True),
    _text("whom", key=True),
    _int("position", key=True),
    _text("kind"),
)
_table("outbox", _text("space", key=True), _text("topic", key=True), _int("position"))

# Work.
_table("job", _text("key", key=True), _text("id"), _text("kind"), _text("state"), _text("started_at"), _blob("result"))
_table("counter", _text("name", key=True), _int("value"))
# When each scheduled task last ended well, and how the last try ended.
_table(
    "due_run", _text("space", key=True), _text("task", key=True), _text("done_at"), _text("tried_at"), _text("fault")
)

# Vaults: keys are small and change, segments are large and do not (spec/vault.md).
_table(
    "vault",
    _text("id", key=True),
    _text("party"),
    _text("name"),
    _text("region"),
    _int("suite"),
    _text("state"),
    _int("generation"),
    _blob("keyring"),
    _text("datamap"),
    index=("party", "name"),
)
_table(
    "compartment",
    _text("vault", key=True),
    _int("number", key=True),
    _text("tier"),
    _text("purposes"),
    _text("retention"),
    _int("child_of"),
    _int("next_page"),
)
_table("page", _text("vault", key=True), _int("compartment", key=True), _int("page", key=True), _int("version"),
       _int("used"), _blob("sealed"), _blob("wrap"), _int("wrap_g"), _blob("members"))  # fmt: skip
# The leaf hash of each page (spec/vault.md §8), apart from the page, so that opening one page does not read them all.
_table("page_leaf", _text("vault", key=True), _int("compartment", key=True), _int("page", key=True), _blob("leaf"))
_table(
    "schema", _text("vault", key=True), _int("number", key=True), _text("tbl"), _int("compartment"), _blob("columns")
)
_table("segment", _text("vault", key=True), _text("id", key=True), _text("origin"), _text("file"), _int("bytes"),
       _int("records"), _text("sha256"))  # fmt: skip
_table(
    "subject",
    _text("vault", key=True),
    _blob("id", key=True),
    _text("kind"),
    _blob("slots"),
    _blob("facts"),
    _text("state"),
    _blob("members"),
    index=("vault", "kind", "state"),
)
# How many rows of a large table there are of each kind: `a` and `b` are its columns by which they are counted, such as kind and state.
_table(
    "row_count", _text("tbl", key=True), _text("scope", key=True), _text("a", key=True), _text("b", key=True), _int("n")
)
_table("record", _text("vault", key=True), _blob("subject", key=True), _int("record", key=True), _int("compartment"),
       _int("schema"), _int("revision"), _int("row"), _text("segment"), _int("position"), _int("length"))  # fmt: skip
_table("tally", _text("vault", key=True), _text("tbl", key=True), _text("role"), _text("kind"), _int("met"),
       _int("sealed"), _int("quarantined"), _text("source"), _text("sha256"), _blob("columns"))  # fmt: skip
_table("quarantine", _text("vault", key=True), _int("number", key=True), _text("tbl"), _text("file"), _int("line"),
       _int("row"), _text("reason"), _text("detail"), index=("vault", "tbl", "file", "reason", "row", "number"))  # fmt: skip
_table("quarantine_end", _text("vault", key=True), _int("number", key=True), _text("tbl"), _text("how"), _text("why"),
       _text("principal"), _text("at"), _int("position"))  # fmt: skip
_table("rotation", _text("vault", key=True), _int("to_g", key=True), _int("from_g"), _text("state"), _blob("detail"))
_table("erasure", _text("vault", key=True), _int("seq", key=True), _int("compartment"), _int("page"), _int("slot"), _blob("key_id"),
       _int("generation"), _text("final_at"), index=("vault", "key_id"))  # fmt: skip
# Corrections: what a record was before, and who changed it when and why (the reason is a code).
_table("revision", _text("vault", key=True), _blob("subject", key=True), _int("record", key=True),
       _int("revision", key=True), _text("segment"), _int("position"), _int("length"), _text("principal"),
       _text("reason"), _text("at"))  # fmt: skip
# Places that hold backups; a rotation renews all of them before it destroys a root.
_table("backup_place", _text("space", key=True), _text("place", key=True), _text("at"), _int("position"))
_table("holder", _text("party", key=True), _text("handle", key=True), _blob("public"), _text("at"))
_table("threshold", _text("party", key=True), _int("k"))
# Index rows still to be deleted, in a file that no transaction of this store reaches; and who looked up, when.
_table("unindexed", _text("vault", key=True), _blob("subject", key=True))
_table("looked_up", _text("principal", key=True), _text("at", key=True), _int("n", key=True))
_table("hold", _text("vault", key=True), _blob("subject", key=True), _text("reason", key=True), _text("until"), _text("by"))  # fmt: skip
_table("copy", _text("vault", key=True), _text("name", key=True), _text("kind"), _text("sha256"), _blob("account"))
_table("copy_term", _text("vault", key=True), _text("name", key=True), _text("keeper"), _text("until"), _text("place"))
_table("copy_purpose", _text("vault", key=True), _text("name", key=True), _text("purposes"))
_table("restore_drill", _text("space", key=True), _int("n", key=True), _text("place"), _text("at"), _int("seconds"), _text("state"),
       _text("principal"), _int("position"), _blob("report"))  # fmt: skip
_table("residency_exception", _text("party", key=True), _int("n", key=True), _text("place"), _text("region"), _text("until"),
       _text("reason"), _text("principal"), _text("approval"), _text("at"), _text("ended_at"))  # fmt: skip

# Retention: policies that two people signed, what is listed to go, what was stripped under which policy.
_table(
    "retention_policy",
    _text("vault", key=True),
    _int("n", key=True),
    _text("content"),
    _blob("policy"),
    _text("principal"),
    _blob("signature"),
    _text("approval"),
    _text("at"),
)
_table(
    "retention_listed", _text("vault", key=True), _blob("subject", key=True), _int("compartment", key=True), _text("at")
)
_table(
    "stripped", _text("vault", key=True), _blob("subject", key=True), _int("compartment", key=True), _text("content")
)
# Whom nobody may take in or contact again: keyed tags, the key under a provider object of its own.
_table("suppression_key", _text("party", key=True), _text("ref"), _blob("wrapped"))
_table(
    "suppressed",
    _text("party", key=True),
    _text("kind", key=True),
    _blob("tag", key=True),
    _text("scope", key=True),
    _text("reason"),
    _text("at"),
)

# Matters: facts, evidence, verdicts.
_table(
    "matter",
    _text("id", key=True),
    _text("party"),
    _text("kind"),
    _text("ref"),
    _int("version"),
    _text("state"),
    _text("vault"),
    _text("counterparty"),
    _blob("detail"),
    index=("party", "ref"),
)
_table(
    "fact",
    _text("matter", key=True),
    _int("version", key=True),
    _text("leaf", key=True),
    _blob("value"),
    _text("principal"),
    _text("at"),
)
_table(
    "evidence",
    _text("matter", key=True),
    _blob("subject", key=True),
    _int("compartment", key=True),
    _text("type", key=True),
    _text("at"),
    _int("position"),
    index=("matter", "type", "subject"),
)
# Who works and sees a deal, from when until when, and why; `n` counts how often a person came to it. Rows are never deleted.
_table("deal_member", _text("matter", key=True), _text("principal", key=True), _int("n", key=True), _text("given_by"), _text("reason"),
       _text("at"), _text("until"), _text("ended_at"), _text("ended_by"), _text("end_reason"), _int("position"),
       index=("principal", "ended_at"))  # fmt: skip
# A rule set aside for a deal or one person, by a lawyer and a second person, until a day. Rows are never deleted.
_table(
    "override",
    _text("id", key=True),
    _text("matter"),
    _int("version"),
    _blob("subject"),
    _text("rule"),
    _text("reason"),
    _text("content"),
    _text("principal"),
    _text("second"),
    _text("at"),
    _text("until"),
    _text("ended_at"),
    _int("position"),
    index=("matter", "rule"),
)
# Who signed a house file that loosens the law.
_table(
    "law_signature",
    _text("party", key=True),
    _text("digest", key=True),
    _text("principal", key=True),
    _text("name"),
    _blob("signature"),
    _text("at"),
    _int("position"),
)
_table(
    "vector",
    _text("matter", key=True),
    _int("gate", key=True),
    _int("number", key=True),
    _blob("facts"),
    _text("verdict"),
    _blob("reasons"),
    _int("members"),
)
_table(
    "verdict_page",
    _text("matter", key=True),
    _int("gate", key=True),
    _int("compartment", key=True),
    _int("page", key=True),
    _blob("vectors"),
)
# What the newest gate of a deal rests on, so that the next decides again only what changed (spec/law.md §7): groups of people who
# cannot be told apart, the group of each slot, what was asked and decided; and whom a write has touched since, with their slots then.
_table("gate_kept", _text("matter", key=True), _text("part", key=True), _text("key", key=True), _blob("said"))
_table("gate_page", _text("matter", key=True), _int("compartment", key=True), _int("page", key=True), _blob("groups"))
_table("touched", _text("scope", key=True), _blob("subject", key=True), _text("state"), _blob("slots"))
_table(
    "statement",
    _text("matter", key=True),
    _text("kind", key=True),
    _int("n", key=True),
    _text("sha256"),
    _blob("envelope"),
    _int("position"),
    _text("at"),
)
# What each release let go: one bit for each slot of a page, and rows by table. Destruction and the account rest on these.
_table("released_page", _text("matter", key=True), _int("n", key=True), _int("compartment", key=True), _int("page", key=True), _blob("live"))  # fmt: skip
# Whether anything of somebody whose keys went had gone to the buyer: a shredded slot says no more whose it was.
_table("parted", _text("matter", key=True), _blob("subject", key=True), _int("went"))
# Records that share an identifier (spec/law.md §7), both ways: by which kinds, whether name or birth date tell them apart, what people say of a pair, and of whom it was sought when.
_table(
    "twin",
    _text("vault", key=True),
    _blob("subject", key=True),
    _blob("other", key=True),
    _text("kinds"),
    _int("apart"),
)
_table(
    "twin_said",
    _text("vault", key=True),
    _blob("subject", key=True),
    _blob("other", key=True),
    _text("principal", key=True),
    _text("word"),
    _text("at"),
    _int("position"),
)
_table("sought", _text("vault", key=True), _blob("subject", key=True), _int("mark"), _text("at"))
_table("released_table", _text("matter", key=True), _int("n", key=True), _text("tbl", key=True), _int("rows"))
# The people whose data it is: links to their pages, what they answered, what they asked for, what they are told (spec/portal.md).
_table("link", _blob("id", key=True), _text("matter"), _blob("subject"), _text("channel"), _text("made_at"),
       _text("expires_at"), _text("revoked_at"), _int("tries"), _text("tried_at"), _blob("code"), index=("matter", "subject"))  # fmt: skip
_answer = _table("answer", _text("matter", key=True), _blob("subject", key=True), _text("question", key=True), _int("version",
       key=True), _text("act"), _text("record"), _text("compartments"), _text("at"), _text("sha256"), _blob("receipt"),
       _int("position"), index=("record",))  # fmt: skip
_found_by(_answer, ("matter", "question", "act", "at"))
_request = _table("request", _text("id", key=True), _text("ref"), _text("matter"), _text("vault"), _blob("subject"), _text("kind"),
       _text("channel"), _text("proof"), _text("state"), _text("received_at"), _text("due_at"), _text("rule"), _text("closed_at"),
       _int("position"), _int("at_once"), _text("prompt"), _text("advised_at"), _text("advised"), _text("last_at"), _text("places"),
       _int("presumed"), _text("refused_by"), _blob("refusal"), index=("vault", "subject"))  # fmt: skip
_found_by(
    _request,
    ("ref",),
    ("vault", "state"),
    ("vault", "closed_at", "at_once", "due_at", "received_at"),
    ("vault", "closed_at", "last_at"),
)
_table("request_step", _text("request", key=True), _int("n", key=True), _text("step"), _text("at"), _int("position"))
_table("request_act", _text("request", key=True), _text("act", key=True), _text("what"), _text("at"), _int("answers"))
_table(
    "request_passed",
    _text("matter", key=True),
    _text("request", key=True),
    _text("own"),
    _int("n"),
    _text("said"),
    _text("said_at"),
    _text("refused_by"),
)
_table("campaign", _text("id", key=True), _text("party"), _text("matter"), _text("ref"), _text("channel"), _blob("texts"),
       _text("made_at"), _text("settled_at"), _text("way"), _text("planned_by"), _text("people"), index=("party", "ref"))  # fmt: skip
_table("sending", _text("campaign", key=True), _blob("subject", key=True), _int("place"), _blob("link"), _text("state"),
       _text("message_id"), _int("attempts"), _text("at"), _text("reply"), _int("guardian"), index=("campaign", "state", "place"))  # fmt: skip
# What somebody wrote back to a campaign (spec/campaigns.md §4a): whose, when, what somebody who read it says; never the words.
_table("replied", _text("id", key=True), _text("campaign"), _blob("subject"), _text("mark"), _text("came_at"), _text("said"), _text("said_at"),
       _text("said_by"), index=("campaign", "subject", "mark"))  # fmt: skip
_table("work_owner", _text("party", key=True), _text("work", key=True), _text("principal"), _text("due_on"), _text("given_by"),
       _text("at"))  # fmt: skip
# To whom people of a vault said no before it was sealed, over an older vault of the company, and who they were there (spec/consent.md §2).
_table("earlier_no", _text("vault", key=True), _blob("subject", key=True), _text("counterparty", key=True), _text("type", key=True),
       _text("place", key=True), _text("was_in", key=True), _blob("was", key=True), _text("at"), _int("position"),
       index=("vault", "counterparty"))  # fmt: skip
# What customers had open when their data came (spec/requests.md §5): by table, how many rows, of how many the word says nothing known.
_table("customer_work", _text("vault", key=True), _blob("subject", key=True), _text("tbl", key=True), _text("matter"), _text("kind"),
       _int("rows"), _int("unclear"), _text("came_at"), _text("closed_at"), _text("closed_by"), _text("how"),
       index=("vault", "closed_at"))  # fmt: skip
_table("letter_code", _blob("code", key=True), _blob("link"))
_table("publication", _text("id", key=True), _text("party"), _text("matter"), _text("ref"), _text("place"), _text("location"), _text("text"),
       _text("rules"), _int("days"), _text("from_on"), _text("until_on"), _text("made_at"), _text("ended_at"), index=("party", "ref"))  # fmt: skip
_table("publication_for", _text("publication", key=True), _blob("subject", key=True))
_table("told", _text("matter", key=True), _text("name", key=True), _text("value"))
_table("deal_key", _text("matter", key=True), _blob("sealed"), _blob("public"), _blob("nonce"))
# Where the root of each invitation's key lies, since when it is ordered to go, when it was seen gone.
_table("deal_root", _text("matter", key=True), _int("n", key=True), _text("ref"), _text("effective_at"), _text("gone"),
       _text("attested"))  # fmt: skip
# Keeping values right (spec/freshness.md): policies that two people signed, what a review doubts (never the value), who confirmed when.
_table("freshness_policy", _text("party", key=True), _int("n", key=True), _text("content"), _blob("policy"), _text("principal"),
       _blob("signature"), _text("approval"), _text("at"))  # fmt: skip
_doubt = _table("doubt", _text("vault", key=True), _blob("subject", key=True), _text("tbl", key=True), _int("row", key=True),
       _text("col", key=True), _text("kind", key=True), _text("cls"), _text("why"), _text("department"), _blob("other"),
       _int("revision"), _text("state"), _text("found_at"), _text("closed_at"), _text("principal"),
       index=("vault", "department", "state"))  # fmt: skip
_found_by(_doubt, ("vault", "state", "found_at"), ("vault", "state", "kind", "department"))
_table("guardian_paper", _text("vault", key=True), _blob("subject", key=True), _text("matter", key=True), _text("sha256", key=True), _text("kind"),
       _text("at"), _int("position"), _text("looked_by"), _blob("sealed"))  # fmt: skip
_table("confirmed", _text("vault", key=True), _blob("subject", key=True), _text("at"), _text("proof"), _int("position"))
# Corrections: by place, with how they were proven and until when they can be taken back; who has the data and whether they know.
_table("correction", _text("id", key=True), _text("party"), _text("vault"), _blob("subject"), _text("tbl"), _int("row"), _text("col"),
       _text("cls"), _text("state"), _text("proof"), _text("channel"), _blob("code"), _int("tries"), _text("asked_at"), _text("until"),
       _text("done_at"), _text("undo_until"), _int("revision"), _text("principal"), _text("reason"), _int("position"),
       index=("vault", "subject"))  # fmt: skip
_table("correction_to", _text("correction", key=True), _text("name", key=True), _text("kind"), _text("state"), _int("days"), _int("n"),
       _text("at"), _text("message_id"), _text("reply"), index=("name", "state"))  # fmt: skip
# Who may see values (spec/access.md): policies that two people signed, what people hold until a day, each look as it was decided.
_table("access_policy", _text("party", key=True), _int("n", key=True), _text("content"), _blob("policy"), _text("principal"),
       _blob("signature"), _text("approval"), _text("at"))  # fmt: skip
_table("entitlement", _text("id", key=True), _text("party"), _text("kind"), _text("principal"), _text("what"), _text("purpose"),
       _blob("subject"), _text("reason"), _text("since"), _text("until"), _text("content"), _text("state"), _text("asked_at"),
       _text("given_by"), _text("given_at"), _text("ended_at"), _int("position"), index=("principal", "kind"))  # fmt: skip
_table("access_decision", _text("space", key=True), _int("position", key=True), _blob("record"))
# Machines: tokens, and what was answered to a request that must be done once (spec/api.md).
_table("api_token", _text("id", key=True), _text("party"), _text("principal"), _text("owner"), _text("name"), _text("scopes"),
       _text("sha256"), _text("at"), _text("until"), _text("revoked_at"), index=("party", "at"))  # fmt: skip
_table("api_once", _text("token", key=True), _text("key", key=True), _text("sha256"), _text("at"), _blob("answer"))

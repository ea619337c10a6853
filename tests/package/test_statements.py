"""Statements say what the specification lists, all of it and nothing else."""

from dataclasses import replace

import pytest

from custody.base import canonical, dsse
from custody.base.errors import Malformed
from custody.base.statement import subject
from custody.package import (
    account,
    accounted,
    answer,
    corrected,
    ending,
    passed,
    published,
    shape,
    statements,
    subjects,
    succession,
)
from custody.package.release import LogHead

D, H, AT = "sha256:" + "ab" * 32, "cd" * 32, "2026-03-16T00:00:00.000000Z"
PROVEN = statements.Proven(
    vault=D,
    generations=(statements.Generation(1, AT, "root"),),
    shredded=3,
    ledger=LogHead("custody.example/ledger/x", 1, H),
    receipts=(D,),
    places=("vault",),
)
COPY = accounted.Attested(name="纸质档案", kind="paper", place="office", state="destroyed", by="prn_x", at=AT)
ALL = (
    statements.Invite(deal="d", seller=D, buyer=D, key="A" * 1622, key_id=D, nonce=H, expires_at=AT),
    statements.DataMapSigned(tables=1, compartments=1),
    statements.Gate(
        deal="d",
        version=1,
        on_date="2026-03-16",
        datamap=D,
        rules=D,
        root=H,
        count=4,
        total=3,
        by_verdict={"hand_over": 2, "wait": 1},
        as_of=5,
    ),
    statements.Shipped(
        deal="d",
        package=D,
        seller=D,
        buyer=D,
        gate=D,
        invite=D,
        leaves=statements.LeafTable(H, 1),
        records=1,
        bytes=1,
        files=1,
    ),
    statements.ReleasedStatement(deal="d", n=1, kind="full", manifest=D, package=D, seller=D, buyer=D),
    statements.Received(
        deal="d",
        n=1,
        release=D,
        package=D,
        opened=1,
        zero=0,
        mismatched=0,
        tables=(statements.TableReceived("客户", 1, H, 0),),
    ),
    statements.Resealed(deal="d", releases=(D,), records=1, remaining=0, vault=D, generation=1, complete=True),
    statements.Recalled(
        deal="d",
        n=2,
        release=D,
        slots=1,
        shredded=1,
        absent=0,
        exports=(statements.ExportAnswer("csv", "destroyed", AT),),
        answered_at=AT,
    ),
    statements.Withheld(deal="d", package=D, leaves=1, records=1, bytes=1, reason="never-released", deleted_at=AT),
    statements.Destroyed(
        deal="d",
        heading="complete",
        proven=PROVEN,
        attested=(COPY,),
        scope=statements.Scope(("vault",), ("sources",)),
        stays=(accounted.Stays("invoices", ("r.1",), 1),),
        provider=statements.Provider("passphrase-file", "file", "cryptographic-erase"),
        final_at=AT,
    ),
    succession.Control(
        deal="d", from_g=1, to_g=2, holders=3, revoked=succession.Revoked(1, 1, 1, 1), leavers=succession.Leavers(2, 1)
    ),
    statements.Notice(
        law=("cn.pipl.22",), languages=("zh",), recipients=2, delivered=1, bounced=1, channels={"mail": 2}, text=D
    ),
    succession.Leaver(deal="d", principal="prn_1", state="destroyed"),
    answer.Answer(
        record="cns_" + "0" * 26,
        version=1,
        deal="d",
        question="q",
        act="given",
        controller=answer.Called("甲", "A"),
        recipients=(),
        purposes=("contract",),
        categories=(),
        text="t",
        wording="w",
        language="zh",
        withdrawal="w",
        expression="button",
        proof=(),
        capacity="self",
        answered_at=AT,
    ),
    ending.Aborted(deal="d", version=2, why="price", package=D, exports=0),
    ending.Returned(deal="d", aborted=D, key="destroyed", removed=3, heading="complete", attested=(COPY,)),
    ending.WoundUp(
        deal="d",
        keeper="liquidation group",
        root=H,
        certificate=D,
        customers=3,
        kept=(accounted.Stays("held", ("HOLD",), 1, "2031-01-01"),),
    ),
    ending.Closed(
        deal="d",
        version=2,
        structure="asset_deal",
        line="hand-over",
        outcome="completed",
        heading="partial",
        stages=(ending.Reached("sealed", AT), ending.Reached("cleared", AT, D)),
        open_copies=1,
        outlives=("CN-1",),
        closed_on="2026-03-16",
    ),
    account.Account(of="person", name="prn_x", space="pty_x", size=0, entries=()),
    statements.Consent(purpose="marketing", asked=3, given=1, refused=1, withdrawn=0, root=H, count=3),
)
ALL += (
    corrected.Corrected(deal="d", n=1, count=2, seller=D, buyer=D, key_id=D),
    passed.Requests(
        deal="d",
        n=1,
        side="buyer",
        requests=(passed.Standing("req_0" + "0" * 25, "granted", AT, "", AT),),
        absent=("req_0" + "0" * 24 + "1",),
    ),
    published.Published(
        deal="d",
        n=1,
        place="website",
        where="https://a.example/notice",
        shown_from="2026-03-16",
        shown_until="2026-04-15",
        law=("KR-27-1",),
        people=3,
        text=D,
        proof=(D,),
    ),
    corrected.Adopted(deal="d", n=1, corrected=D, count=2, applied=1, absent=1, answered_at=AT),
)
IDS = [one.KIND for one in ALL]


def envelope(build, says, **more):
    party = build.Party("seller")
    payload = build.statement(
        f"{says.KIND}/v1",
        [subject("x", D)],
        {**statements.predicate(says), **more},
        signer_id=party.id,
        at=build.START,
        rehearsal=False,
        hosting="separate",
    )
    return dsse.open_envelope(
        dsse.encode(dsse.sign(party.signer, payload)), {party.id: party.signer.identity}
    ).statement


def test_an_end_with_an_open_copy_is_headed_partial():
    """Neither the bidder's answer nor a closing says more than it may."""
    left = replace(COPY, state="open", by="")
    for kind, changed in ((ending.Returned, {"attested": (left,)}), (ending.Closed, {"heading": "complete"})):
        said = next(one for one in ALL if isinstance(one, kind))
        with pytest.raises(Malformed, match="headed partial"):
            replace(said, **changed)


def test_an_answer_that_holds_some_back_adds_up_with_them():
    """One of before `held` reads as holding none; with it the three are all that the recall names."""
    before = next(one for one in ALL if isinstance(one, statements.Recalled))
    some = replace(before, slots=3, absent=1, held=1)
    assert "held" not in statements.predicate(before)
    assert statements.predicate(some)["held"] == 1
    assert (before.whole, some.whole, replace(some, held=0).whole) == (True, True, False)


def test_every_kind_is_covered():
    """The list below holds each kind of statement once."""
    assert sorted(IDS) == sorted(statements.TYPES)


@pytest.mark.parametrize("says", ALL, ids=IDS)
def test_round_trip(build, says):
    """What is built, signed and opened is read back as it was."""
    read = statements.read(envelope(build, says))
    assert (read.kind, read.says) == (says.KIND, says)
    assert read.subjects == {"x": "ab" * 32}


@pytest.mark.parametrize("says", ALL, ids=IDS)
def test_an_unknown_field_is_critical(build, says):
    """An unknown field refuses the statement; one whose name begins with x_ does not."""
    with pytest.raises(Malformed) as caught:
        statements.read(envelope(build, says, more=1))
    assert (caught.value.slug, caught.value.where) == ("shape.unknown", {"field": "more"})
    assert statements.read(envelope(build, says, x_more=1)).says == says


@pytest.mark.parametrize("says", ALL, ids=IDS)
def test_missing_and_mistyped_fields(build, says):
    """Each field, left out where it is required or given another type, refuses the statement."""
    whole = envelope(build, says)
    for name in statements.predicate(says):
        wrong = canonical.decode(canonical.encode(whole))
        wrong["predicate"][name] = [[1]]
        with pytest.raises(Malformed):
            statements.read(wrong)


def test_a_signers_own_keys_are_theirs(build):
    """Keys in a predicate count only if they are those of the id that signs."""
    party, other = build.Party("seller"), build.Party("buyer")
    assert (
        subjects.own_identity({"signer": party.id, "identity": party.signer.identity.to_json()})
        == party.signer.identity
    )
    assert subjects.own_identity({"signer": party.id, "identity": other.signer.identity.to_json()}) is None
    assert subjects.own_identity({"signer": party.id}) is None


def test_certificates_say_no_more_than_they_may():
    """A certificate with an open copy is partial; a root in a file is never worded purge."""
    whole = ALL[IDS.index("destroyed")]
    with pytest.raises(Malformed, match="partial"):
        replace(whole, attested=(replace(COPY, state="open"),))
    assert replace(whole, heading="partial", attested=(replace(COPY, state="open"),))
    with pytest.raises(Malformed, match="purge"):
        replace(whole, provider=statements.Provider("passphrase-file", "file", "purge"))


def test_sums_must_add_up():
    """Verdicts add up to the total; complete means that nothing remains."""
    with pytest.raises(Malformed):
        replace(ALL[IDS.index("gate")], total=4)
    with pytest.raises(Malformed):
        replace(ALL[IDS.index("resealed")], remaining=1)


@pytest.mark.parametrize("value", [True, -1, 1.5, "1", None, [], {}, 2**60])
def test_counts_are_counts(value):
    """A count is an integer from 0; true is not one."""
    told = shape.dump(ALL[IDS.index("datamap")]) | {"tables": value}
    if value == 2**60:
        assert shape.load(statements.DataMapSigned, told).tables == value
    else:
        with pytest.raises(Malformed):
            shape.load(statements.DataMapSigned, told)

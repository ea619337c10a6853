"""A5, C11: every act that can die between two of its writes has a play that kills it; a new one without fails here."""

import re
from pathlib import Path

from tests.vault.test_one_writer import WRITERS

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ROOT / "src" / "custody" / "services"
VAULT, EVERY_DAY = "vault/plays.py", "portal/plays.py"
ENDS, LATER, CONTROL, LINE = (
    "line/test_crash_ends.py", "line/test_releases_killed.py", "line/test_control.py", "line/test_crash.py",
)  # fmt: skip
PLAYED = {
    VAULT: {
        "backup": "backup", "compact": "compact", "erase": "erase", "erase_part": "erase a part", "hold_add": "hold", "hold_release": "hold release",
        "recovery_deposit": "deposit", "recovery_open": "recover", "rekey": "rotate", "restore_finish": "restore", "retention_run": "retention run",
        "retention_set": "retention set", "revise": "revise", "vault_new": "vault new", "vault_renew": "renew",
    },
    EVERY_DAY: {
        "access_by": "access_by", "access_of": "access_of", "answers_take": "answers_take", "request_status": "request_status", "campaign_print": "campaign_print", "correction_new": "correction_new", "correction_send": "correction_send", "correction_take": "correction_take",
        "portal_prove": "portal_prove", "principal_reset": "principal_reset", "request_pass": "request_pass", "request_take": "request_take", "suppress": "suppress_add", "timer_new": "timer_new", "token_new": "token_new",
    },
    ENDS: {"deal_abort": "abort", "deal_close": "close", "deal_return": "return", "deal_windup": "wind-up"},
    LATER: {"recall": "recall", "release_delta": "--delta"},
    CONTROL: {"handover_control": "handover-control"},
}  # fmt: skip
"""{file of plays: {act: what it is called there}}."""
DEMO = {
    "datamap_accept": "accept", "destroy": "destroy", "export": "export", "init": "init", "invite": "invite", "ledger_part": "ledger", "principal_new": "principal",
    "receive": "receive", "reconcile": "reconcile", "release": "release", "reseal": "reseal", "seal": "seal", "ship": "ship",
}  # fmt: skip
"""What the rehearsal does, which tests/line/test_crash.py kills whole, by the word that it gives."""
APART = {
    "backup_forget": "one transaction under the names of every vault",
    "campaign_send": "tests/portal/test_campaign.py kills it under a relay: what is sent cannot be taken back",
    "consent_import": "a batch is one transaction, and the same list taken again takes the rest: tests/portal/test_consent_import.py",
    "correction_warn": "each word is journalled before it goes and in doubt from then on: tests/freshness/test_old_address.py sends none of those twice",
    "due": "each task has its own play; between them it commits one row for each",
    "invite_take": "one file as the buyer sent it, by one rename; no store",
    "paper_take": "the same, of the statement by which the other side breaks a deal off or answers that",
    "keys_backup": "cut off at each of its steps in tests/vault/test_backup_key.py, and the home lost then",
    "keys_use": "an entry of what will be, custody.toml by one rename, an entry of what is: run again it says both again, and what roots lie where is asked of the providers",
    "law_book": "one file made of the rules, by one rename; no store",
    "ledger": "files made of rows that stay, each whole by one rename and written again by the next run; its part for one deal is killed with the rehearsal",
    "lookup": "a count, then an entry: tests/vault/test_index_killed.py kills the index that it builds",
    "once": "a key of an idempotent call: tests/api says what a second call gets",
    "principal_passphrase": "the file of a key is replaced by one rename, and then entered: killed in between, the new passphrase is in force",
    "recalls_due": "one transaction, cut off in tests/vault/test_recall_held.py; the answer is laid by receive",
    "recovery_join": "one file of a key that holds nothing yet",
}
"""Acts that nothing more can be lost of, and why."""
OUTSIDE = re.compile(
    r"\b(?:out|own|source|target|files)\.(?:write|writer|finish)\(|\bkeep\(name|\bwrite\(desk|\blay\(|job\.begin\(|@sole_writer"
)


def several(text: str) -> bool:
    """Whether an act commits twice, writes outside its store, or holds a vault."""
    return text.count("store.write()") > 1 or OUTSIDE.search(text) is not None


def test_every_act_with_several_write_points_is_killed():
    """By its service's source: two commits, a file, a lock; everything else is one transaction, which the store's own tests kill."""
    told = {name for plays in PLAYED.values() for name in plays} | set(DEMO) | set(APART)
    wanted = {place.stem for place in SERVICES.glob("*.py") if several(place.read_text(encoding="utf-8"))} - {
        "hold",
        "restore",
    } | WRITERS  # two services with two acts each, named by their acts
    assert wanted == told


def test_every_play_is_where_it_is_said_to_be():
    """A play that is taken away, or a demo that leaves a verb out, is noticed."""
    for file, plays in PLAYED.items():
        text = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert not [name for name, called in plays.items() if f'"{called}"' not in text], file
    for file in (VAULT, EVERY_DAY):
        text = (ROOT / "tests" / file).read_text(encoding="utf-8")
        own = [
            name
            for name in PLAYED[file]
            if not re.search(rf"^from custody\.services\.({name}|\w+ import .*\b{name})\b", text, re.MULTILINE)
        ]
        assert not own, f"{file} plays something beneath these services: {own}"
    script = "".join(one.read_text(encoding="utf-8") for one in (ROOT / "src/custody/cli/rehearsal").glob("*.py"))
    assert not [name for name, word in DEMO.items() if f'"{word}"' not in script]
    for file in (LINE, LATER, CONTROL, ENDS):
        assert "crash" in (ROOT / "tests" / file).read_text(encoding="utf-8").lower()

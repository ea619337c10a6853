"""What many verbs share: the desk of whoever acts, and parameters that mean the same wherever they stand."""

from collections.abc import Callable

from custody import wiring
from custody.acts.desk import Desk
from custody.cli.verb import PATH, Call, Result, argument, option
from custody.cli.words import Words

DEAL = argument("deal")
AT = option("--at", "handover", words=Words("移交文件夹", "the hand-over folder"), kind=PATH, required=True)
DRY = option("--dry-run", words=Words("只演算，不写入", "rehearse: write nothing"), flag=True)
VAULT = option("--vault", words=Words("保险库", "vault"))
TERM = (
    option("--until", words=Words("最晚哪天删除（自己导出的默认 30 天）", "the day on which it is gone (30 days for what custody lets out)"), default=""),
    option("--keeper", words=Words("谁保管（默认是操作者）", "who keeps it (else who acts)"), default=""),
)  # fmt: skip
"""What is asked of everything that lets a copy out (spec/copies.md §2)."""


def at_desk(call: Call, work: Callable[[Desk], Result]) -> Result:
    """Do the work at the desk of whoever acts, and close it. Raises what the work raises."""
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return work(desk)

"""B1: a relay's log says which messages it took; a name that it mentions is not yet one of them."""

import pytest

from custody.acts.relay_log import mentioned, taken

ONE, TWO = (f"<{letter * 40}@mail.example.cn>" for letter in "ab")
DIGITS = "c" * 40
READ = f"Nov 26 19:00:01 mx postfix/cleanup[77]: 4Xy1: message-id={ONE}\n"
ACTIVE = "Nov 26 19:00:02 mx postfix/qmgr[12]: 4Xy1: from=<a@example.cn>, size=900, nrcpt=1 (queue active)\n"
DEFERRED = "Nov 26 19:00:09 mx postfix/smtp[80]: 4Xy1: to=<b@example.org>, relay=none, delay=9, dsn=4.4.1, status=deferred (connect to mx: Connection refused)\n"


@pytest.mark.parametrize(
    ("log", "names"),
    [
        (READ + ACTIVE, {ONE}),
        (READ + DEFERRED, {ONE}),
        (READ, set()),
        (READ + "Nov 26 19:00:02 mx postfix/smtpd[70]: lost connection after DATA (412 bytes) from shop[10.0.0.2]\n", set()),
        (READ + "Nov 26 19:00:02 mx postfix/cleanup[77]: 4Xy1: milter-reject: END-OF-MESSAGE from shop: 5.7.1 no\n", set()),
        (READ.replace("4Xy1", "4Xy2") + ACTIVE, set()),
        (f"2026-11-26 19:00:02 1tF0-0001 <= a@example.cn H=shop P=esmtp S=900 id={ONE[1:-1]}\n", {ONE}),
        (f"2026-11-26 19:00:02 1tF0-0001 H=shop rejected after DATA: no id={ONE[1:-1]}\n", set()),
        (f"accepted {TWO} to=1\nrejected {ONE}\n", {TWO}),
        (f"OutId={DIGITS} OK\n", {DIGITS}),
        ("", set()),
    ],
)  # fmt: skip
def test_b1_what_a_relay_took_is_what_its_log_says_it_took(log: str, names: set[str]):
    """Postfix by its queue, Exim by its line of arrival, others line by line; a line that says no counts nowhere."""
    assert taken(log) == names


def test_b1_a_log_is_the_one_that_was_asked_for_by_what_it_mentions():
    """Also where it took nothing of it: a rejection is said by the right log, too."""
    assert mentioned(READ) == {ONE}
    assert mentioned(f"1tF0 <= a H=shop id={ONE[1:-1]}\nrejected {TWO}\n") == {ONE, TWO}
    assert mentioned("of another day\n") == set()

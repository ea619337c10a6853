"""A link past its time: what was agreed to is taken back by it as long as the yes stands (spec/portal.md §1).

The receipt of a yes promises it. Such a link shows no value and does nothing else: whom it is forwarded to can make data stay.
"""

from typing import Final

from custody.acts import links
from custody.acts.asking import Question, is_consent
from custody.acts.desk import Desk
from custody.acts.visiting import ROLE, Visit, looked_at
from custody.base.clock import parse
from custody.ports.laws import Laws
from custody.ports.store import Transaction

_BACK: Final = "withdrawn"


def still(desk: Desk, tx: Transaction, laws: Laws, token: str, proof: str = "") -> Visit:
    """Whose page a link opens, be it only to take a yes back. Raises Denied `portal.link`, `act.role`."""
    desk.require(ROLE)
    link = links.given_out(desk, tx, token)
    seen = looked_at(desk, tx, laws, link, links.proved(desk, link, proof))
    if links.over(desk, link) and not any(stands(desk, one) for one in seen.questions):
        raise links.shut()
    return seen


def stands(desk: Desk, question: Question) -> bool:
    """Whether a yes stands, or was taken back so lately that whoever did it may look what became of it."""
    if not is_consent(question.code):
        return False
    return question.agreed or (question.state == _BACK and parse(question.at) + links.LIFE > desk.clock.now())

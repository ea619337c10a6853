"""Weather: parties that fail apart, and a process that dies between two effects. For drills, and for tests of them.

Every simulated adapter asks the weather before it acts and after it has acted. A party that is out refuses before its
effect; a crash strikes before or after one. `Crashed` is no `Exception`, so that nothing on the way can swallow it.
"""

from dataclasses import dataclass, field

from custody.base.errors import Unavailable


class Crashed(BaseException):
    """The process died here."""


@dataclass(slots=True)
class Weather:
    """`out` names the parties that do not answer; `fuse` counts the moments until the process dies."""

    out: set[str] = field(default_factory=set)
    fuse: int | None = None
    moments: int = 0

    def before(self, party: str) -> None:
        """Just before an effect. Raises Unavailable `simulated.out`, Crashed."""
        self.moment()
        if party in self.out:
            raise Unavailable(
                "simulated.out", "A party of this drill does not answer.", where={"party": party}, retry=True
            )

    def moment(self) -> None:
        """One moment passes. Raises Crashed when the fuse has burnt down."""
        self.moments += 1
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                self.fuse = None
                raise Crashed

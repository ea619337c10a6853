"""What two people began and may take long: done behind the page, by whoever pressed, with their own key.

What is over within a moment is answered as if it had been done at once; so is a refusal. It cannot be stopped in the middle: the
act is one, and whatever cuts it off is resumed by doing it again.
"""

from collections.abc import Callable, Mapping

from django.http import HttpRequest

from custody.acts.desk import Desk
from custody.web.console import jobs
from custody.web.console.house import key_of, seat
from custody.web.console.jobs import Progress
from custody.web.console.models import Person, Work


def carry(request: HttpRequest, kind: str, about: str, act: Callable[[Desk], object], *, back: str) -> Work | None:
    """The job that is still under way; None when it is done. Raises whatever the act was refused for. Of what came of it the job keeps the numbers alone."""
    person, signer = request.user, key_of(request)
    assert isinstance(person, Person)

    def run(tell: Progress) -> dict[str, object]:
        tell(0)
        with seat(person.handle, signer) as at:
            told = act(at)
        return (
            {name: value for name, value in told.items() if isinstance(value, int)} if isinstance(told, Mapping) else {}
        )

    return jobs.soon(jobs.start(kind, about, run, back=back, by=person.principal))


def answered(work: Work | None) -> Mapping[str, object]:
    """What a form learns of it: the job to watch, or that it is done."""
    return {"work": work.id} if work else {"done": True}

"""What Django keeps: accounts, and how work is organised. Nothing here decides; facts are the core store's (design §2)."""

from django.contrib.auth.models import AbstractUser
from django.db import models

REF = 40
"""As long as what a notice may be about: a deal, a campaign, a request, a vault, a person's sign-in name, an id."""


class Person(AbstractUser):
    """An account. `username` is the principal's handle; the principal, its roles and its key are the core's."""

    principal = models.CharField(max_length=40, unique=True)
    shown = models.CharField(max_length=60, blank=True)
    must_change = models.BooleanField(default=False)
    once_until = models.DateTimeField(null=True, blank=True)
    """Until when a passphrase that somebody else chose signs in, while it is not changed."""
    must_enrol = models.BooleanField(default=False)
    """They had a second factor when their way in was lost: they set one up before anything else."""

    def has_usable_password(self) -> bool:
        """Everybody has a passphrase; it is checked by opening the key, and no hash of it is kept."""
        return True

    @property
    def handle(self) -> str:
        """The principal's handle."""
        return self.username.rpartition("/")[2]

    @property
    def place(self) -> str:
        """Where their home lies inside the one served: nowhere else but for people of the sample company."""
        return self.username.rpartition("/")[0]

    @property
    def initial(self) -> str:
        """One character for the round sign before the name."""
        return str(self)[:1]

    def __str__(self) -> str:
        return self.shown or self.username


class Digits(models.Model):
    """The newest half minute whose six digits a person used: none as old is taken again."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True)
    step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.step)


class Guess(models.Model):
    """A try at the six digits that was not right, or is not known yet to be."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.at)


class Intake(models.Model):
    """Files on their way into the vault: scanned, reviewed, signed, sealed. The files lie in the home's tmp until then."""

    id = models.CharField(max_length=32, primary_key=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    files = models.JSONField(default=list)
    state = models.CharField(max_length=12, default="scanning")
    found = models.JSONField(default=dict)
    datamap = models.TextField(blank=True)
    before = models.TextField(blank=True)
    changes = models.JSONField(default=list)
    """Each change of the map in review, in order: the digest of the map it changed, which table and column, who."""
    readings = models.JSONField(default=list)
    """Of each file that two encodings fit: how it reads in either, and `as` what somebody said it is."""

    def __str__(self) -> str:
        return self.id

    @classmethod
    def of(cls, place: str) -> "list[Intake]":
        """Those of a home, the newest first, without their maps."""
        rows = (
            cls.objects.select_related("by").defer("datamap", "before", "changes", "found", "readings").order_by("-at")
        )
        return [one for one in rows if one.by.place == place]

    @classmethod
    def waiting(cls, place: str) -> "Intake | None":
        """The newest of a home that is not sealed yet."""
        rows = cls.objects.exclude(state="sealed").select_related("by").order_by("-at")
        return next((one for one in rows if one.by.place == place), None)


class Work(models.Model):
    """A job in the background as people see it: how far it is, and what came of it."""

    id = models.CharField(max_length=32, primary_key=True)
    kind = models.CharField(max_length=32)
    about = models.CharField(max_length=64)
    state = models.CharField(max_length=12, default="running")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)
    stop = models.BooleanField(default=False)
    back = models.CharField(max_length=200, default="/")
    by = models.CharField(max_length=40, blank=True, default="")
    slug = models.CharField(max_length=64, blank=True)
    said = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.id


class Ask(models.Model):
    """A first person asks a second to approve. The approval itself is signed and kept by the core."""

    deal = models.CharField(max_length=40)
    act = models.CharField(max_length=32)
    content = models.CharField(max_length=80)
    subjects = models.BigIntegerField(default=0)
    said = models.JSONField(default=dict)
    by = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.act} {self.deal}"


class Task(models.Model):
    """Something to be done about a deal, from an obligation (`rule`) or by hand."""

    id = models.BigAutoField(primary_key=True)
    deal = models.CharField(max_length=40)
    ref = models.CharField(max_length=REF)
    title = models.CharField(max_length=200)
    rule = models.CharField(max_length=60, blank=True, default="")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    whose = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tasks", null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    """What somebody said about a deal; it never changes."""

    id = models.BigAutoField(primary_key=True)
    deal = models.CharField(max_length=40)
    by = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField(max_length=4000)

    def __str__(self) -> str:
        return self.text[:40]


class Notice(models.Model):
    """Something that a person should look at."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=16)
    ref = models.CharField(max_length=REF)
    deal = models.CharField(max_length=40, blank=True, default="")
    """The id of the deal that it is of, which lasts; `ref` is what that was called."""
    url = models.CharField(max_length=200)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Channel(models.Model):
    """A way out for notices and events: a messenger's robot, a machine's webhook, mail. Its address and secret are sealed."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12)
    sealed = models.TextField()
    people = models.BooleanField(default=False)
    events = models.BooleanField(default=False)
    since = models.BigIntegerField(default=0)
    by = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message on its way out: what it says in codes, how often it was tried, what became of it. No personal data."""

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    name = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=REF, blank=True)
    deal = models.CharField(max_length=40, blank=True, default="")
    url = models.CharField(max_length=200, blank=True)
    event = models.JSONField(default=dict)
    whom = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, default="waiting")
    tries = models.PositiveSmallIntegerField(default=0)
    said = models.CharField(max_length=64, blank=True)
    next_at = models.DateTimeField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """What is due is looked for again and again."""

        indexes = (models.Index(fields=["state", "next_at"], name="console_delivery_due"),)

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """A link through which a party sees how far a deal is, and nothing else; the secret itself is not kept."""

    id = models.BigAutoField(primary_key=True)
    deal = models.CharField(max_length=40)
    ref = models.CharField(max_length=REF)
    whom = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.whom

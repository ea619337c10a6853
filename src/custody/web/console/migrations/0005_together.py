"""How people work together on a deal: tasks, comments, notices, links that show its progress."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_PERSON = {"on_delete": django.db.models.deletion.PROTECT, "to": settings.AUTH_USER_MODEL}
_ID = ("id", models.BigAutoField(primary_key=True, serialize=False))


class Migration(migrations.Migration):
    """Four tables."""

    dependencies = [("console", "0004_ask_said")]
    operations = [
        migrations.CreateModel("Task", [
            _ID, ("deal", models.CharField(max_length=40)), ("ref", models.CharField(max_length=20)),
            ("title", models.CharField(max_length=200)), ("rule", models.CharField(max_length=60, blank=True, default="")),
            ("due", models.DateField(null=True, blank=True)), ("at", models.DateTimeField(auto_now_add=True)),
            ("done_at", models.DateTimeField(null=True, blank=True)), ("by", models.ForeignKey(related_name="+", **_PERSON)),
            ("whose", models.ForeignKey(related_name="tasks", null=True, blank=True, **_PERSON)),
        ]),
        migrations.CreateModel("Comment", [
            _ID, ("deal", models.CharField(max_length=40)), ("text", models.TextField(max_length=4000)),
            ("at", models.DateTimeField(auto_now_add=True)), ("by", models.ForeignKey(**_PERSON)),
        ]),
        migrations.CreateModel("Notice", [
            _ID, ("kind", models.CharField(max_length=16)), ("ref", models.CharField(max_length=20)),
            ("url", models.CharField(max_length=200)), ("at", models.DateTimeField(auto_now_add=True)),
            ("seen_at", models.DateTimeField(null=True, blank=True)), ("by", models.ForeignKey(related_name="+", **_PERSON)),
            ("person", models.ForeignKey(related_name="notices", **_PERSON)),
        ]),
        migrations.CreateModel("Window", [
            _ID, ("deal", models.CharField(max_length=40)), ("ref", models.CharField(max_length=20)),
            ("whom", models.CharField(max_length=80)), ("digest", models.CharField(max_length=64, unique=True)),
            ("at", models.DateTimeField(auto_now_add=True)), ("until", models.DateTimeField()),
            ("closed_at", models.DateTimeField(null=True, blank=True)), ("by", models.ForeignKey(**_PERSON)),
        ]),
    ]  # fmt: skip

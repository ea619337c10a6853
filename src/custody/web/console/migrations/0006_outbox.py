"""Ways out for notices and events, and what became of each message."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0005_together"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=12)),
                ("sealed", models.TextField()),
                ("people", models.BooleanField(default=False)),
                ("events", models.BooleanField(default=False)),
                ("since", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("ref", models.CharField(blank=True, max_length=20)),
                ("url", models.CharField(blank=True, max_length=200)),
                ("event", models.JSONField(default=dict)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("said", models.CharField(blank=True, max_length=64)),
                ("next_at", models.DateTimeField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="console.channel"
                    ),
                ),
                (
                    "whom",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "next_at"], name="console_delivery_due")],
            },
        ),
    ]

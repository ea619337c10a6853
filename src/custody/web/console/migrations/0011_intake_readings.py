"""Which of its files two encodings fit, how each reads in either, and what somebody said of it: a reading that is begun again asks nobody twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0010_refs"),
    ]

    operations = [
        migrations.AddField(
            model_name="intake",
            name="readings",
            field=models.JSONField(default=list),
        ),
    ]

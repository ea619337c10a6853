"""A way in that somebody else gave: until when, and whether a second factor has to be set up anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0008_map_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="once_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="must_enrol",
            field=models.BooleanField(default=False),
        ),
    ]

"""What was changed in a map since its files were read, so that a page shown before can tell what changed since."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0007_digits"),
    ]

    operations = [
        migrations.AddField(
            model_name="intake",
            name="changes",
            field=models.JSONField(default=list),
        ),
    ]

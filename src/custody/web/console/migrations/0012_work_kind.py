"""A job is called by its act, and acts have longer names than the first jobs had."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0011_intake_readings"),
    ]

    operations = [
        migrations.AlterField(model_name="work", name="kind", field=models.CharField(max_length=32)),
    ]

"""A notice and a message on its way out keep the id of the deal that they are of: its reference may come to mean another."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0012_work_kind"),
    ]

    operations = [
        migrations.AddField(
            model_name=model, name="deal", field=models.CharField(max_length=40, blank=True, default="")
        )
        for model in ("notice", "delivery")
    ]

"""Where the reader of a job goes when it is done, and who may stop it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns of a job."""

    dependencies = [("console", "0002_ask_figures")]
    operations = [
        migrations.AddField("work", "back", models.CharField(max_length=200, default="/")),
        migrations.AddField("work", "by", models.CharField(max_length=40, blank=True, default="")),
    ]

"""What the first person filled in and was shown, so that the second sees exactly that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("console", "0003_work_back")]
    operations = [
        migrations.AddField(model_name="ask", name="said", field=models.JSONField(default=dict)),
        migrations.AlterField(model_name="ask", name="act", field=models.CharField(max_length=32)),
    ]

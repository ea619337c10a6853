"""What a notice, a task, a message or a link is about may be a vault or a person: their names are longer than a deal's reference."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0009_way_in"),
    ]

    operations = [
        migrations.AlterField(model_name="task", name="ref", field=models.CharField(max_length=40)),
        migrations.AlterField(model_name="notice", name="ref", field=models.CharField(max_length=40)),
        migrations.AlterField(model_name="delivery", name="ref", field=models.CharField(blank=True, max_length=40)),
        migrations.AlterField(model_name="window", name="ref", field=models.CharField(max_length=40)),
    ]

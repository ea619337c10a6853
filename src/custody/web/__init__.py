"""Screens over the services: they translate, never decide (design §2, §10). Django lives here and nowhere else."""

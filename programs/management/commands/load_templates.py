from typing import Any

from django.core.management.base import BaseCommand

from programs.prescribing.shipped import load_shipped_templates


class Command(BaseCommand):
    help = "Load the templates that Flexion ships. Load the library first. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"new: {load_shipped_templates()}")

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from exercises.services import load_shipped_library


class Command(BaseCommand):
    help = "Load the exercises, ladder and references that Flexion ships. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_shipped_library(at=timezone.now())
        for word, slugs in vars(loaded).items():
            self.stdout.write(f"{word}: {len(slugs)} {' '.join(slugs)}".rstrip())

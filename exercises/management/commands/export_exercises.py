from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from exercises.importing.native import WRITERS
from exercises.importing.resource import ExerciseResource


class Command(BaseCommand):
    help = "Write every exercise in its newest revision to a file that import_exercises reads back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=sorted(WRITERS), default="json")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = ExerciseResource(by=None, at=timezone.now()).written()
        options["file"].write_text(WRITERS[options["format"]](rows), encoding="utf-8", newline="")
        self.stdout.write(f"{len(rows)} exercises")

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from exercises.importing.files import FileFault, changes_of, counts, faults_of, read_file
from exercises.importing.resource import ExerciseResource

EVERY = 100


class Command(BaseCommand):
    help = (
        "Import exercises as drafts from a file: free-exercise-db's JSON, or Flexion's own export. "
        "Safe to run again: what is there already is left. The last line is JSON."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show the difference; no change")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = read_file(options["file"].read_bytes())
        except (OSError, FileFault) as fault:
            raise CommandError(f"{options['file']}: {fault}") from fault
        self.rows = len(rows)
        resource = ExerciseResource(by=None, at=timezone.now(), tell=self._tell)
        result = resource.read(rows, dry_run=options["dry_run"])
        if result.base_errors:
            raise CommandError(str(result.base_errors[0].error))
        if options["dry_run"]:
            for key, path, old, new in changes_of(result):
                self.stdout.write(f"{key}: {path}: {old} -> {new}" if path else f"{key}: new")
        for number, key, wrong in faults_of(result, [*enumerate(rows["id"], 1)]):
            self.stdout.write(f"row {number} {key}: {wrong}")
        self.stdout.write(json.dumps(counts(result)))

    def _tell(self, done: int) -> None:
        if done % EVERY == 0 or done == self.rows:
            self.stderr.write(f"{done} of {self.rows}")

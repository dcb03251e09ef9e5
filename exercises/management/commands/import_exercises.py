import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.text import Truncator
from import_export.results import Result

from exercises.importing.files import FileFault, counts, read_file
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
            self._show(result)
        self._report(result, rows.dict)
        self.stdout.write(json.dumps(counts(result)))

    def _tell(self, done: int) -> None:
        if done % EVERY == 0 or done == self.rows:
            self.stderr.write(f"{done} of {self.rows}")

    def _show(self, result: Result) -> None:
        for row in result.valid_rows():
            if row.is_new():
                self.stdout.write(f"{row.object_repr}: new")
                continue
            for each in row.diff:
                old, new = (Truncator(_words(value)).chars(60) for value in (each.old, each.new))
                self.stdout.write(f"{row.object_repr}: {each.path}: {old} -> {new}")

    def _report(self, result: Result, rows: list[dict[str, Any]]) -> None:
        for row in result.invalid_rows:
            for message in row.error.messages:
                self.stdout.write(f"row {row.number} {rows[row.number - 1].get('id')}: {message}")
        for row in result.error_rows:
            for each in row.errors:
                named = rows[row.number - 1].get("id")
                self.stdout.write(f"row {row.number} {named}: {each.error!r}")


def _words(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

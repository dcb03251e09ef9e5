"""Libraries as django-import-export sees them: rows in, drafts out, one transaction a row."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import Result, RowResult
from tablib.core import Dataset

from accounts.roles import Actor
from exercises.importing.free import read_free
from exercises.importing.merging import NOTHING
from exercises.importing.native import columns, is_native, read_native
from exercises.importing.rows import Cells, Row, RowFault
from exercises.importing.services import Plan, import_exercise, plan_import
from exercises.models import Revision


def _nothing(done: int) -> None:
    """Nobody watches."""


class ExerciseResource(Resource):
    """`tell` hears the number of each row that is done."""

    class Meta:
        model = Revision
        import_id_fields = ("id",)
        instance_loader_class = BaseInstanceLoader  # plan_import finds what stands
        use_transactions = False  # each row has its own, so that a crash loses none before it
        skip_diff = True  # a plan knows its differences
        report_skipped = False

    def __init__(
        self, *, by: Actor | None, at: datetime, tell: Callable[[int], None] = _nothing
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the package has no types
        self.fields = columns()
        self.by, self.at, self.tell = by, at, tell
        self.standing: dict[str, Revision] = {}
        self.seen: set[str] = set()
        self.writes, self.plan = False, Plan(Row("", {}), False, [], NOTHING)

    def read(self, rows: Dataset, *, dry_run: bool) -> Result:
        """Import the rows, or (dry run) only find out what that would do."""
        self.writes = not dry_run
        if dry_run:
            self.standing = Revision.objects.newest_by_slug()
        result: Result = self.import_data(rows, dry_run=dry_run)
        return result

    def written(self) -> Dataset:
        """Every exercise in its newest revision, to be read back here or elsewhere."""
        found: Dataset = self.export(Revision.objects.newest())
        return found

    def import_row(self, row: Cells, instance_loader: Any, **given: Any) -> RowResult:
        inherited: Callable[..., RowResult] = super().import_row
        result = inherited(row, instance_loader, **given)
        self.tell(given["row_number"])
        return result

    def get_or_init_instance(self, instance_loader: Any, row: Cells) -> tuple[Plan, bool]:
        """What the row does; in a dry run, what it would do."""
        try:
            self.plan = self._done(self._read(row))
        except RowFault as fault:
            raise ValidationError(fault.faults) from fault
        return self.plan, self.plan.new

    def _done(self, row: Row) -> Plan:
        if self.writes:
            return import_exercise(row=row, by=self.by, at=self.at)
        return plan_import(row, self.standing.get(row.slug))

    def _read(self, cells: Cells) -> Row:
        row = read_native(cells) if is_native(cells) else read_free(cells)
        if row.slug in self.seen:
            raise RowFault(["id: stands in this file before"])
        self.seen.add(row.slug)
        return row

    def skip_row(self, instance: Plan, original: Any, row: Cells, faults: Any = None) -> bool:
        return not instance.changes

    def import_instance(self, *given: Any, **named: Any) -> None:
        """The service has written it."""

    save_instance = save_m2m = import_instance

    def after_import_row(self, row: Cells, row_result: RowResult, **given: Any) -> None:
        row_result.diff = self.plan.changes
        row_result.object_id = given["row_number"]

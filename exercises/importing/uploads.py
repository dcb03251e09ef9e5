"""A file from the editor: checked at once, then taken in a part at a time, each a request."""

from datetime import datetime
from itertools import islice

from django.db import transaction
from tablib.core import Dataset

from accounts.roles import Actor
from exercises.importing.files import changes_of, counts, faults_of
from exercises.importing.resource import ExerciseResource
from exercises.models import LibraryImport

PART = 100  # rows: about a second
SHOWN = 200  # differences kept for the page


@transaction.atomic
def start_import(*, name: str, rows: Dataset, by: Actor | None, at: datetime) -> LibraryImport:
    """Find out what the rows would change, and keep those that would. Writes no exercise."""
    result = ExerciseResource(by=by, at=at).read(rows, dry_run=True)
    changing = {row.object_id for row in result.valid_rows()}
    return LibraryImport.objects.create(
        name=name[:200],
        total=len(rows),
        pending=[[n, cells] for n, cells in enumerate(rows.dict, 1) if n in changing],
        changes=[*islice(changes_of(result), SHOWN)],
        faults=faults_of(result, [*enumerate(rows["id"], 1)]),
        unchanged=counts(result)["unchanged"],
        by_id=by.user_id if by else None,
        at=at,
    )


@transaction.atomic
def work_import(*, job: LibraryImport, by: Actor | None, at: datetime) -> LibraryImport:
    """Take in the next rows of a checked file; nothing, if none are left. Safe to run again."""
    job = LibraryImport.objects.select_for_update().get(pk=job.pk)
    part, job.pending = job.pending[:PART], job.pending[PART:]
    if not part:
        return job
    columns = [*part[0][1]]
    rows = Dataset(*([cells[name] for name in columns] for _n, cells in part), headers=columns)
    result = ExerciseResource(by=by, at=at).read(rows, dry_run=False)
    for name, number in counts(result).items():
        if name != "reported":
            setattr(job, name, getattr(job, name) + number)
    job.faults += faults_of(result, [(number, cells["id"]) for number, cells in part])
    job.begun_at = job.begun_at or at
    job.save()
    return job

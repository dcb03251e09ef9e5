"""A row of a file becomes a draft, or changes nothing, or is reported."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.roles import Actor
from exercises.importing import merging
from exercises.importing.merging import NOTHING, Difference
from exercises.importing.rows import Row, RowFault
from exercises.models import Exercise, Revision
from exercises.services import content_of, draft_revision, faults_of, keep_row
from exercises.shipped import Content


@dataclass(frozen=True)
class Plan:
    """What importing a row would do; without changes, nothing."""

    row: Row
    new: bool
    changes: list[Difference]
    content: Content

    def __str__(self) -> str:
        return self.row.slug


def plan_import(row: Row, newest: Revision | None) -> Plan:
    """Compare the row with the newest revision of its exercise, if any. Raises RowFault."""
    held, marks = (content_of(newest), newest.imported) if newest else (NOTHING, {})
    if newest and held.origin != row.parts.get("origin", ""):
        raise RowFault([f"id: {row.slug} is another exercise here"])
    changes = merging.differences(held, row.parts, marks)
    if newest and newest.is_open:
        _refuse(merging.clashes(changes, marks))
    content = merging.changed(held, changes)
    if changes and (faults := faults_of(content, whole=False)):
        raise RowFault(faults)
    return Plan(row, newest is None, changes, content)


@transaction.atomic
def import_exercise(*, row: Row, by: Actor | None, at: datetime) -> Plan:
    """Write the row's draft, and its exercise where there is none. Safe to run again.

    Raises RowFault where a person's work would be undone. `by` as in draft_revision.
    """
    exercise, new = _locked(row.slug)
    newest = Revision.objects.filter(exercise=exercise).order_by("-number").first()
    plan = plan_import(row, newest)
    if not plan.changes:
        return plan
    if new:
        keep_row(row=exercise, by=by)
    draft_revision(
        exercise=exercise,
        content=plan.content,
        by=by,
        at=at,
        imported=merging.marks_of(row.parts),
    )
    return plan


def _locked(slug: str) -> tuple[Exercise, bool]:
    rows = Exercise.objects.select_for_update().filter(clinic=None, slug=slug)
    found = rows.first()
    return found or Exercise(slug=slug), found is None


def _refuse(paths: list[str]) -> None:
    if paths:
        raise RowFault([f"{path}: changed here since it was imported" for path in paths])

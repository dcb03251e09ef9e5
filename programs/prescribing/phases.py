"""The next phase of a program: a clinician starts it; no rule and no clock ever does."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.changes import changed
from accounts.roles import Actor, Role
from programs.decisions.deciding import overtake
from programs.decisions.reading import Case, load_without_exercises
from programs.decisions.signals import refresh_signals
from programs.models import DoseVersion, Phase, PrescriptionStep, Program, Template
from programs.prescribing.giving import Given, NotAssignable, checked_ladders, give_exercises
from programs.prescribing.plan import Changes, TemplateSource, load_source, unchanged
from programs.prescribing.rules import check_with_ladders

DAY = timedelta(days=1)


class NotNext(Exception):
    """The program doesn't run, or another phase comes first; nothing was changed."""


@transaction.atomic
def start_phase(*, phase: Phase, by: Actor, at: datetime) -> bool:
    """Let the phase begin: its exercises and first doses take the place of those before.

    From today on, or from tomorrow if a session of today has begun. The program ends with the
    weeks of this phase and of those after it. False if it has begun already. Raises NotNext,
    NotAssignable and RulesetError.
    """
    if by.role != Role.CLINICIAN:
        raise PermissionDenied
    case = load_without_exercises(phase.program_id, at)
    rows = list(Phase.objects.filter(program=case.program).order_by("position"))
    waiting = [each for each in rows if each.position and each.start_on is None]
    if phase.id not in {each.id for each in waiting}:
        return False
    if case.program.status != Program.Status.ACTIVE or waiting[0].id != phase.id:
        raise NotNext
    row = waiting[0]
    row.program, row.start_on = case.program, _first_day(case)
    source, changes = planned(row)
    ladders = checked_ladders(case.program.patient, source, changes)
    check_with_ladders(source.rules, ladders, case.program.patient)
    overtake(case, case.open_proposals())
    row.save(update_fields=["start_on"])
    _end_with(case.program, waiting, changes.start_on)
    _go_on_with(case, give_exercises(row, ladders, changes.exercises, at))
    refresh_signals(case)
    audit.record(by=by, verb="start_phase", patients=[case.program.patient_id])
    changed(kind="program", subject=case.program.id, clinic=case.program.clinic_id)
    return True


def _first_day(case: Case) -> date:
    """A session that has begun is ended as it was planned."""
    begun = any(each.session.local_date == case.today for each in case.sessions)
    return max(case.program.start_on, case.today + DAY if begun else case.today)


def planned(phase: Phase) -> tuple[TemplateSource, Changes]:
    """What the phase prescribes, from the library as it is now, by the program's own rules.

    Raises NotAssignable where an exercise has gone.
    """
    program = phase.program
    body = {"weeks": phase.weeks, "weekdays": program.weekdays, "prescriptions": phase.planned}
    source = load_source(template=Template(body=body, ruleset=program.ruleset))
    there = all(each.start in each.ticked for each in source.exercises)
    if len(source.exercises) < len(phase.planned or ()) or not there:
        raise NotAssignable(_("An exercise of this phase is no longer in the library."))
    changes = unchanged(source, start_on=phase.start_on or program.start_on)
    return source, replace(changes, weekdays=tuple(program.weekdays))


def _end_with(program: Program, phases: list[Phase], first: date) -> None:
    weeks = sum(each.weeks or 0 for each in phases)
    program.end_on = first + timedelta(weeks=weeks) - DAY
    program.save(update_fields=["end_on"])


def _go_on_with(case: Case, given: Given) -> None:
    """The case as it will be read on the first day of the phase."""
    steps: dict[UUID, list[PrescriptionStep]] = {}
    doses: dict[tuple[UUID, str], list[DoseVersion]] = {}
    for step in given.steps:
        steps.setdefault(step.prescription_id, []).append(step)
    for dose in given.doses:
        doses.setdefault((dose.prescription_id, dose.side), []).append(dose)
    case.steps, case.doses = steps, doses

"""What the desk's pages read: one named query each, counted by tests."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.fields.json import KT
from django.db.models.functions import JSONObject

from accounts.roles import Actor
from desk.numbers import Trained
from patients.models import Patient, PatientAccess
from programs.calendar import closed_days
from programs.models import (
    CheckIn,
    Decision,
    DoseVersion,
    PainReport,
    PrescriptionStep,
    Program,
    RedFlag,
    Session,
    SessionReport,
    SetLog,
    Signal,
)
from programs.wording import language

PAGE = 50
LOOK_BACK = timedelta(days=42)


@dataclass(frozen=True, slots=True)
class CurrentDose:
    """A side's dose of now, with the short name of its step."""

    dose: DoseVersion
    variant: str


def people_of(
    actor: Actor, *, name: str = "", after: tuple[str, str] | None = None
) -> list[Patient]:
    """A page of the caseload by name; one row more than a page tells that there is a next."""
    rows = Patient.objects.visible_to(actor).annotate(
        total=Window(Count("*")), joined=Exists(_access()), running_id=Subquery(_running())
    )
    if name:
        rows = rows.filter(name__icontains=name)
    if after:
        rows = rows.filter(Q(name__gt=after[0]) | Q(name=after[0], id__gt=after[1]))
    return list(rows.order_by("name", "id")[: PAGE + 1])


def _access() -> QuerySet[PatientAccess]:
    return PatientAccess.objects.filter(
        patient=OuterRef("pk"), until=None, consented_at__isnull=False
    )


def _running() -> QuerySet[Program, Any]:
    return Program.objects.running().filter(patient=OuterRef("pk")).values("id")[:1]


def programs_by_id(ids: Collection[UUID]) -> dict[UUID, Program]:
    """Programs with the days on which nothing is due."""
    return Program.objects.filter(id__in=ids).annotate(closed=closed_days()).in_bulk()


def signals_of(actor: Actor) -> list[Signal]:
    """Who needs a look, the one that waited longest first."""
    rows = Signal.objects.visible_to(actor).select_related("patient", "program")
    return list(rows.order_by("since", "id"))


def latest_decisions(programs: Collection[UUID]) -> dict[UUID, list[Decision]]:
    """The newest decision of each side, by program."""
    rows = (
        Decision.objects.filter(program_id__in=programs)
        .select_related("before", "after", "answer")
        .order_by("prescription_id", "side", "-number")
        .distinct("prescription_id", "side")
    )
    return _by_program(rows)


def _by_program(rows: QuerySet[Decision]) -> dict[UUID, list[Decision]]:
    found: dict[UUID, list[Decision]] = defaultdict(list)
    for row in rows:
        found[row.program_id].append(row)
    return found


def current_doses(programs: Collection[UUID]) -> dict[UUID, list[CurrentDose]]:
    """The doses of now by program, each with the name of its step."""
    rows = (
        DoseVersion.objects.filter(prescription__program_id__in=programs)
        .current()
        .annotate(program_id=F("prescription__program_id"), variant=Subquery(_variant()))
    )
    found: dict[UUID, list[CurrentDose]] = defaultdict(list)
    for row in rows:
        found[row.program_id].append(CurrentDose(row, row.variant or ""))
    return found


def _variant() -> QuerySet[PrescriptionStep, Any]:
    steps = PrescriptionStep.objects.filter(
        prescription_id=OuterRef("prescription_id"), position=OuterRef("step")
    )
    return (
        steps.order_by()
        .annotate(words=KT(f"revision__body__{language()}__variant"))
        .values("words")[:1]
    )


def dose_history(programs: Collection[UUID]) -> dict[UUID, list[DoseVersion]]:
    """Every dose version by program, oldest first."""
    rows = DoseVersion.objects.filter(prescription__program_id__in=programs)
    found: dict[UUID, list[DoseVersion]] = defaultdict(list)
    for row in rows.annotate(program_id=F("prescription__program_id")).order_by("at", "number"):
        found[row.program_id].append(row)
    return found


def trained_lately(programs: Collection[UUID], today: date) -> dict[UUID, list[Trained]]:
    """The sessions of six weeks in short, by program, oldest first."""
    rows = (
        Session.objects.filter(program_id__in=programs, local_date__gt=today - LOOK_BACK)
        .annotate(
            done=Count("sets__key", filter=Q(sets__skipped=""), distinct=True),
            pain=Max("pain_reports__pain"),
        )
        .order_by("local_date", "slot")
        .values_list("program_id", "local_date", "slot", "planned_sets", "done", "pain")
    )
    found: dict[UUID, list[Trained]] = defaultdict(list)
    for program, *facts in rows:
        found[program].append(Trained(*facts))
    return found


def waiting_for(actor: Actor) -> int:
    """How many rows the decisions page has: the number on the rail."""
    return Signal.objects.visible_to(actor).count()


def program_of(actor: Actor, patient_id: UUID) -> Program | None:
    """The patient's running program, else the last one, with its people and its closed days."""
    return (
        Program.objects.visible_to(actor)
        .filter(patient_id=patient_id)
        .select_related("patient", "assigned_by")
        .annotate(
            closed=closed_days(),
            flags=ArraySubquery(_open_flags()),
            joined=Exists(
                PatientAccess.objects.filter(
                    patient=OuterRef("patient"), until=None, consented_at__isnull=False
                )
            ),
        )
        .order_by(F("status").asc(), "-assigned_at")
        .first()
    )


def _open_flags() -> QuerySet[RedFlag, Any]:
    rows = RedFlag.objects.filter(program=OuterRef("pk"), clearances=None).order_by("at")
    return rows.values(row=JSONObject(flag="flag", at="at"))


def steps_of(program: Program) -> list[PrescriptionStep]:
    """The program's own ladders, with the pinned revisions."""
    rows = PrescriptionStep.objects.filter(prescription__program=program)
    return list(
        rows.select_related("revision", "prescription").order_by(
            "prescription__position", "position"
        )
    )


def doses_of(program: Program) -> list[DoseVersion]:
    """Every dose version of the program, oldest first."""
    rows = DoseVersion.objects.filter(prescription__program=program)
    return list(rows.order_by("at", "number"))


def decisions_of(program: Program) -> list[Decision]:
    """Every decision of the program, newest first, with its answer and who gave it."""
    rows = Decision.objects.filter(program=program)
    return list(
        rows.select_related(
            "before", "after", "answer", "answer__by", "answer__dose", "by"
        ).order_by("-at", "-number")
    )


def sessions_of(program: Program) -> list[Session]:
    """Every session with its facts as lists: sets, pains, mornings and efforts; one query."""
    rows = Session.objects.filter(program=program).annotate(
        set_rows=_rows(SetLog, "number", "side", "reps", "hold_s", "skipped", "revision"),
        pain_rows=_rows(PainReport, "pain", "side", "revision"),
        morning_rows=_rows(CheckIn, "feel", "pain", "revision"),
        effort_rows=_rows(SessionReport, "effort", "revision"),
    )
    return list(rows.order_by("local_date", "slot"))


def _rows(model: Any, *names: str) -> ArraySubquery:
    rows = model.objects.filter(session=OuterRef("pk")).order_by("revision")
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in names})))


def oldest(signals: Collection[Signal]) -> datetime | None:
    return min((signal.since for signal in signals), default=None)

"""What the desk's pages read: one named query each, counted by tests."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
    Window,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import JSONObject

from accounts.roles import Actor
from desk.numbers import Trained
from patients.models import Patient, PatientAccess
from programs.calendar import closed_days
from programs.decisions.reading import Told, load_told
from programs.models import (
    Decision,
    DoseVersion,
    Interruption,
    PrescriptionStep,
    Program,
    RedFlag,
    Session,
    Signal,
)
from programs.wording import language, variant_name

PAGE = 20
LOOK_BACK = timedelta(days=42)
ALL_SESSIONS = 400


class DoseRow(NamedTuple):
    """One dose version, as little of it as a list needs."""

    program: UUID
    prescription: UUID
    side: str
    number: int
    step: int
    sets: int
    reps: int
    hold_s: int
    load_kg: Decimal | None
    band_level: int | None
    at: datetime


StepNames = dict[tuple[UUID, int], str]


def people_of(actor: Actor, *, name: str = "", after: UUID | None = None) -> list[Patient]:
    """A page of the caseload by name; one row more than a page tells that there is a next.

    `after`: the id of the last patient of the page before (an id, so that no name is in a URL).
    """
    rows = Patient.objects.visible_to(actor).annotate(
        total=Window(Count("*")), joined=Exists(_access()), running=Subquery(_running())
    )
    if name:
        rows = rows.filter(name__icontains=name)
    if after:
        last = Subquery(Patient.objects.filter(id=after).values("name")[:1])
        rows = rows.filter(Q(name__gt=last) | Q(name=last, id__gt=after))
    return list(rows.order_by("name", "id")[: PAGE + 1])


def _access() -> QuerySet[PatientAccess]:
    return PatientAccess.objects.filter(
        patient=OuterRef("pk"), until=None, consented_at__isnull=False
    )


def _running() -> QuerySet[Program, Any]:
    rows = Program.objects.running().filter(patient=OuterRef("pk"))
    names = ("id", "status", "start_on", "end_on", "weekdays", "closed")
    shown = JSONObject(**{name: name for name in names})
    return rows.annotate(closed=closed_days()).values(row=shown)[:1]


def running_program(patient: Patient) -> Program | None:
    """The program that people_of read beside the patient; enough of it to know its days."""
    told: dict[str, Any] | None = patient.running  # type: ignore[attr-defined]
    if told is None:
        return None
    return Program(
        id=UUID(told["id"]),
        patient=patient,
        status=told["status"],
        start_on=date.fromisoformat(told["start_on"]),
        end_on=date.fromisoformat(told["end_on"]),
        weekdays=told["weekdays"],
    )


def closed_of(row: Patient | Signal) -> list[dict[str, Any]]:
    """The days on which the row's program has nothing due, as closed_days reads them."""
    if isinstance(row, Signal):
        closed: list[dict[str, Any]] = row.closed  # type: ignore[attr-defined]
        return closed
    told: dict[str, Any] | None = row.running  # type: ignore[attr-defined]
    return told["closed"] or [] if told else []


def signals_of(actor: Actor) -> list[Signal]:
    """Who needs a look, the one that waited longest first."""
    closed = Interruption.objects.filter(program=OuterRef("program")).order_by("first_day")
    days = closed.values(row=JSONObject(kind="kind", first="first_day", last="last_day"))
    rows = Signal.objects.visible_to(actor).select_related("patient", "program")
    rows = rows.annotate(closed=ArraySubquery(days))
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


def doses_by_program(programs: Collection[UUID]) -> dict[UUID, list[DoseRow]]:
    """Every dose version by program, oldest first."""
    names = DoseRow._fields[2:]
    rows = DoseVersion.objects.filter(prescription__program_id__in=programs).order_by(
        "at", "number"
    )
    found: dict[UUID, list[DoseRow]] = defaultdict(list)
    for row in rows.values_list("prescription__program_id", "prescription_id", *names):
        found[row[0]].append(DoseRow(*row))
    return found


def step_names(programs: Collection[UUID]) -> StepNames:
    """The short names of every step of these programs' ladders."""
    rows = PrescriptionStep.objects.filter(prescription__program_id__in=programs).order_by()
    told = rows.values_list(
        "prescription_id",
        "position",
        KeyTextTransform("variant", KeyTransform(language(), "revision__body")),
        "entry__band",
    )
    return {(row[0], row[1]): variant_name(row[2] or "", row[3]) for row in told}


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
    joined = PatientAccess.objects.filter(
        patient=OuterRef("patient"), until=None, consented_at__isnull=False
    )
    rows = Program.objects.visible_to(actor).filter(patient_id=patient_id)
    rows = rows.select_related("patient__clinic", "assigned_by").annotate(
        closed=closed_days(), flags=ArraySubquery(_open_flags()), joined=Exists(joined)
    )
    over = Case(When(status=Program.Status.ENDED, then=1), default=0)
    return rows.order_by(over, "-assigned_at").first()


def _open_flags() -> QuerySet[RedFlag, Any]:
    rows = RedFlag.objects.filter(program=OuterRef("pk"), clearances=None).order_by("at")
    return rows.values(row=JSONObject(flag="flag", at="at"))


def steps_of(program: Program) -> list[PrescriptionStep]:
    """The program's own ladders, with the pinned revisions."""
    rows = PrescriptionStep.objects.filter(prescription__program=program)
    rows = rows.select_related("revision", "prescription")
    return list(rows.order_by("prescription__position", "position"))


def doses_of(program: Program) -> list[DoseVersion]:
    """Every dose version of the program, oldest first."""
    rows = DoseVersion.objects.filter(prescription__program=program)
    return list(rows.order_by("at", "number"))


def decisions_of(program: Program, most: int) -> list[Decision]:
    """The newest decisions of the program, newest first, with their answers and who gave them."""
    rows = Decision.objects.filter(program=program).defer("snapshot")
    rows = rows.select_related("before", "after", "answer__by", "answer__dose", "by")
    return list(rows.order_by("-at", "-number")[:most])


def sessions_of(program: Program) -> list[Told]:
    """Every session, oldest first, with its sets, pains, mornings and efforts; one query."""
    return load_told(program.id, ALL_SESSIONS)

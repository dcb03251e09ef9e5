"""The rows that a decision rests on, read in four queries after the program's row is locked."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from programs.calendar import closed_days, local_day, plan_of
from programs.models import (
    CheckIn,
    Clearance,
    Decision,
    DoseVersion,
    PainReport,
    Prescription,
    PrescriptionStep,
    Program,
    RedFlag,
    Session,
    SessionReport,
    SetLog,
    Signal,
    UsualPain,
)
from programs.schedule import Plan, Slot, is_done

SESSIONS = 20  # how far a rule can look back
TOLD = ("set", "pain", "report", "check")

Row = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """One session with all that was told of it, each in order of revision."""

    session: Session
    sets: list[Row]
    pains: list[Row]
    reports: list[Row]
    checks: list[Row]

    @property
    def done(self) -> bool:
        """At least half of the planned sets."""
        newest = {(row["prescription"], row["side"], row["number"]): row for row in self.sets}
        done = sum(not row["skipped"] for row in newest.values())
        return is_done(done, self.session.planned_sets)


@dataclass
class Case:
    """One program at one instant: its rows, and what was last decided."""

    program: Program
    at: datetime
    known: Row
    steps: dict[UUID, list[PrescriptionStep]]
    doses: dict[tuple[UUID, str], list[DoseVersion]]
    sessions: list[Told]
    decided: dict[tuple[UUID, str], Row] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return local_day(self.at, self.program.patient.time_zone)

    @property
    def prescriptions(self) -> list[Prescription]:
        return [rows[0].prescription for rows in self.steps.values()]

    def prescription(self, wanted: UUID) -> Prescription:
        """The exercise of this id; KeyError if the program has none."""
        return self.steps[wanted][0].prescription

    def is_open(self, place: tuple[UUID, str]) -> bool:
        """True if the side's newest decision is a proposal that nobody has answered."""
        row = self.decided.get(place)
        return row is not None and row["approval"] == "propose" and row["answer"] is None

    def open_proposals(self) -> list[Row]:
        """Every proposal that waits for a clinician."""
        return [row for place, row in self.decided.items() if self.is_open(place)]

    def sides(self, prescription: UUID) -> list[str]:
        return sorted(side for owner, side in self.doses if owner == prescription)

    def dose(self, prescription: UUID, side: str) -> DoseVersion:
        """The version that holds now."""
        return self.doses[prescription, side][-1]

    @cached_property
    def plan(self) -> Plan:
        return plan_of(self.program, self.known["closed"])

    @cached_property
    def done(self) -> list[Slot]:
        """Slots that were trained, oldest first."""
        trained = (each.session for each in self.sessions if each.done)
        return [Slot(row.local_date, row.slot) for row in trained]


def load_case(program: UUID, at: datetime, *, lock: bool = True) -> Case:
    """Lock the program's row, then read: what another transaction just did is seen.

    Without `lock` it is for showing only.
    """
    rows = Program.objects.select_related("patient__clinic")
    if lock:
        rows = rows.select_for_update(of=("self",))
    locked = rows.get(id=program)
    found = Program.objects.filter(id=program).values(
        **{f"known_{name}": rows for name, rows in _known().items()}
    )
    known: Row = {name.removeprefix("known_"): rows for name, rows in found.get().items()}
    return Case(
        program=locked,
        at=at,
        known=known,
        steps=_steps(program),
        doses=_doses(program),
        sessions=load_told(program),
        decided={(UUID(row["prescription"]), row["side"]): row for row in known["decided"]},
    )


def load_told(program: UUID, number: int = SESSIONS) -> list[Told]:
    """The newest sessions, oldest first, each with all that was told of it. One query."""
    rows = load_sessions(program, number)
    return [Told(row, *(getattr(row, f"{name}_rows") for name in TOLD)) for row in rows]


def load_sessions(program: UUID, number: int = SESSIONS) -> list[Session]:
    """As load_told, as rows with set_rows, pain_rows, report_rows and check_rows."""
    rows = Session.objects.filter(program_id=program).order_by("-local_date", "-slot")
    return list(rows.annotate(**_told())[:number])[::-1]


def was_done(session: Session) -> bool:
    """At least half of the planned sets; needs the rows that load_sessions reads."""
    return Told(session, *(getattr(session, f"{name}_rows") for name in TOLD)).done


def _told() -> dict[str, ArraySubquery]:
    return {
        "set_rows": _rows(
            SetLog.objects.order_by("number", "revision"),
            "session",
            "side number reps hold_s load_kg band_level skipped received_at",
            prescription="prescription_id",
            dose="dose_id",
        ),
        "pain_rows": _rows(
            PainReport.objects.order_by("revision"),
            "session",
            "pain side place at",
            prescription="prescription_id",
        ),
        "report_rows": _rows(SessionReport.objects.order_by("revision"), "session", "effort at"),
        "check_rows": _rows(
            CheckIn.objects.order_by("revision"), "session", "feel pain swelling at"
        ),
    }


def _known() -> dict[str, ArraySubquery]:
    newest = Decision.objects.order_by("prescription", "side", "-number")
    return {
        "closed": closed_days(),
        "usual": _rows(UsualPain.objects.order_by("at"), "patient", "pain at", outer="patient_id"),
        "flags": _rows(RedFlag.objects.order_by("at"), "program", "flag at"),
        "cleared": _rows(Clearance.objects.order_by("at"), "red_flag__program", "at"),
        "signals": _rows(Signal.objects.all(), "program", "kind facts"),
        "decided": _rows(
            newest.distinct("prescription", "side"),
            "program",
            "id number side approval trace at",
            prescription="prescription_id",
            answer="answer__kind",
            answered_at="answer__at",
            answered_dose="answer__dose_id",
        ),
    }


def _rows[M: Model](
    rows: QuerySet[M], parent: str, names: str, outer: str = "pk", **renamed: str
) -> ArraySubquery:
    """The child rows as an array of objects, so that they cost no query of their own."""
    shown = {name: name for name in names.split()} | renamed
    return ArraySubquery(rows.filter(**{parent: OuterRef(outer)}).values(row=JSONObject(**shown)))


def _steps(program: UUID) -> dict[UUID, list[PrescriptionStep]]:
    rows = PrescriptionStep.objects.filter(prescription__program_id=program)
    found: dict[UUID, list[PrescriptionStep]] = {}
    for row in rows.select_related("prescription").order_by("prescription__position", "position"):
        found.setdefault(row.prescription_id, []).append(row)
    return found


def _doses(program: UUID) -> dict[tuple[UUID, str], list[DoseVersion]]:
    rows = DoseVersion.objects.filter(prescription__program_id=program).order_by("number")
    found: dict[tuple[UUID, str], list[DoseVersion]] = {}
    for row in rows:
        found.setdefault((row.prescription_id, row.side), []).append(row)
    return found

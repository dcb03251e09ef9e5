"""The rows that a decision rests on, read in four queries after the program's row is locked."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from accounts.prepared import fetch, made
from programs.calendar import local_day, plan_of
from programs.decisions import queries
from programs.models import (
    DoseVersion,
    Interruption,
    Prescription,
    PrescriptionStep,
    Program,
    Session,
)
from programs.schedule import Plan, Slot, is_done

SESSIONS = 20  # how far a rule can look back

Row = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """One session with all that was told of it, each in order of revision."""

    session: Session
    sets: list[Row]
    pains: list[Row]
    reports: list[Row]
    checks: list[Row]
    answers: list[Row] = field(default_factory=list)

    @cached_property
    def holding(self) -> list[Row]:
        """Each set as it was told last."""
        newest = {(row["prescription"], row["side"], row["number"]): row for row in self.sets}
        return list(newest.values())

    @cached_property
    def done(self) -> bool:
        """At least half of the planned sets."""
        done = sum(not row["skipped"] for row in self.holding)
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

    @property
    def locked_until(self) -> date | None:
        """The day on which the lock opens by itself; None if it waits for a person."""
        closed = self.known["closed"]
        ends = [row["last"] for row in closed if row["kind"] == Interruption.Kind.LOCK]
        if self.program.status != Program.Status.LOCKED or not ends or None in ends:
            return None
        return date.fromisoformat(max(ends)) + timedelta(days=1)

    @cached_property
    def plan(self) -> Plan:
        return plan_of(self.program, self.known["closed"])

    @cached_property
    def done(self) -> list[Slot]:
        """Slots that were trained, oldest first."""
        trained = (each.session for each in self.sessions if each.done)
        return [Slot(row.local_date, row.slot) for row in trained]


def load_case(program: UUID, at: datetime, *, lock: bool = True, phases: bool = False) -> Case:
    """Lock the program's row, then read: what another transaction just did is seen.

    Without `lock` it is for showing only. The exercises are those of the phase that holds;
    `phases`: those of all.
    """
    case = load_without_exercises(program, at, lock=lock)
    day = None if phases else case.today
    case.steps, case.doses = _steps(program, day), _doses(program, day)
    return case


def load_without_exercises(program: UUID, at: datetime, *, lock: bool = True) -> Case:
    """The same, for whoever gives the program other exercises."""
    row = _program(program, lock=lock)
    known = load_known(program)
    return Case(
        program=row,
        at=at,
        known=known,
        steps={},
        doses={},
        sessions=load_told(program),
        decided={(UUID(row["prescription"]), row["side"]): row for row in known["decided"]},
    )


def load_told(
    program: UUID,
    number: int = SESSIONS,
    *,
    only: Collection[str] | None = None,
    since: date | None = None,
    shown: bool = False,
) -> list[Told]:
    """The newest sessions, oldest first, each with all that was told of it. One query.

    `only`: none but those of these ids. `since`: none of an earlier day. `shown`: no more of each
    answer than a page shows.
    """
    given = {"program": program, "number": number, "only": only and list(only), "since": since}
    rows = fetch(queries.TOLD_SHOWN if shown else queries.TOLD, given)
    return [_told(row) for row in reversed(rows)]


def _told(row: tuple[Any, ...]) -> Told:
    session, rest = made(row, queries.SESSION)
    return Told(session, *rest[0])


def load_known(program: UUID) -> Row:
    """What else is known of a program: the lists of queries.KNOWN. One query."""
    (row,) = fetch(queries.KNOWN, {"program": program})
    return dict(zip(queries.NAMES, row, strict=True))


def _program(program: UUID, *, lock: bool) -> Program:
    """Its row with the patient and the clinic. Raises Program.DoesNotExist."""
    for found in fetch(queries.LOCKED if lock else queries.PROGRAM, {"program": program}):
        row, patient, clinic, _rest = made(found, *queries.PROGRAM_PARTS)
        row.patient, patient.clinic = patient, clinic
        locked: Program = row
        return locked
    raise Program.DoesNotExist


def _steps(program: UUID, day: date | None) -> dict[UUID, list[PrescriptionStep]]:
    found: dict[UUID, list[PrescriptionStep]] = {}
    for each in fetch(queries.STEPS, {"program": program, "day": day}):
        row, prescription, phase, _rest = made(each, *queries.STEP_PARTS)
        row.prescription, prescription.phase = prescription, phase
        found.setdefault(row.prescription_id, []).append(row)
    return found


def load_doses(program: UUID, day: date | None) -> list[DoseVersion]:
    """Every version of the doses of the phase that holds on this day, or of all phases."""
    return list(map(queries.DOSE.make, fetch(queries.DOSES, {"program": program, "day": day})))


def _doses(program: UUID, day: date | None) -> dict[tuple[UUID, str], list[DoseVersion]]:
    found: dict[tuple[UUID, str], list[DoseVersion]] = {}
    for row in load_doses(program, day):
        found.setdefault((row.prescription_id, row.side), []).append(row)
    return found

"""How a session begins: by a tap on Start, or on a phone that had no network then.

One session a program, local day and slot, named by these, so that both ways open the same one.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts import audit
from accounts.roles import Actor
from programs.calendar import local_day, plan_of
from programs.decisions.deciding import decide_program
from programs.decisions.locking import open_if_due
from programs.logging.entries import session_key
from programs.logging.plan import load_plan
from programs.models import Program, Session
from programs.progression.types import source_of

KEPT_FOR = timedelta(days=7)  # how long a phone keeps what it could not send


class NotOpen(Exception):
    """The program takes no training now; `status` says why."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


@transaction.atomic
def start_session(*, program: Program, by: Actor, at: datetime, slot: int | None = None) -> Session:
    """Open the session of the patient's day and slot, or return the one that stands.

    Without a slot: the one that runs, else the next of the day if the program has more a day.

    Sessions of earlier days that were left open end here. Raises NotOpen.
    """
    program = _hold(program)
    if program.status == Program.Status.LOCKED:
        program.status = open_if_due(program=program.id, at=at)
    if program.status != Program.Status.ACTIVE:
        raise NotOpen(program.status)
    day = local_day(at, program.patient.time_zone)
    if not program.start_on <= day <= program.end_on:
        raise NotOpen("too_early" if day < program.start_on else Program.Status.ENDED)
    known = _session_of(program, day, slot)
    if slot is None:
        slot = known.slot if known else 1
        if known and known.finished_at and slot < plan_of(program, []).times_a_day:
            known, slot = None, slot + 1
    return known or _open(program, day, slot, started_at=at, by=by, at=at)


@transaction.atomic
def take_in_session(
    *, program: Program, day: date, slot: int, started_at: datetime, by: Actor, at: datetime
) -> Session:
    """Open the session that a phone began without a network, or return the one that stands.

    What was trained is a fact: a program that was locked or paused since takes it in too. Raises
    NotOpen for a day and slot that no phone can have begun.
    """
    program = _hold(program)
    today = local_day(at, program.patient.time_zone)
    first, last = max(program.start_on, today - KEPT_FOR), min(program.end_on, today)
    if not first <= day <= last or not 1 <= slot <= plan_of(program, []).times_a_day:
        raise NotOpen("no_such_day")
    known = _session_of(program, day, slot)
    return known or _open(program, day, slot, started_at=min(started_at, at), by=by, at=at)


def _hold(program: Program) -> Program:
    """The program's row, locked until the transaction ends."""
    rows = Program.objects.select_related("patient").select_for_update(of=("self",))
    return rows.get(id=program.id)


def _open(
    program: Program, day: date, slot: int, *, started_at: datetime, by: Actor, at: datetime
) -> Session:
    program.sessions.filter(local_date__lt=day, finished_at=None).update(finished_at=at)
    decide_program(program=program.id, trigger="session.start", by=by, at=at)
    session = Session(
        id=session_key(program.id, day, slot),
        clinic_id=program.clinic_id,
        program=program,
        local_date=day,
        slot=slot,
        source=source_of(made_at=started_at, received_at=at, entered="player"),
        zone=program.patient.time_zone,
        planned_sets=load_plan(program, day=day).total,
        started_at=started_at,
        received_at=at,
    )
    Session.objects.bulk_create([session], ignore_conflicts=True)
    audit.record(by=by, verb="start_session", patients=[program.patient_id])
    return program.sessions.get(local_date=day, slot=slot)


def _session_of(program: Program, day: date, slot: int | None) -> Session | None:
    """The session of this slot; without one, the last of the day."""
    rows = program.sessions.filter(local_date=day).order_by("-slot")
    return (rows.filter(slot=slot) if slot else rows).first()

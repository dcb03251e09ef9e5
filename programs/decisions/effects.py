"""What a decision says beside the dose, carried out: locks, rest, and what ends for today."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from accounts.changes import changed
from programs.decisions.reading import Case, Told
from programs.models import Interruption, Prescription, Program, Session, SetLog
from programs.progression import types as engine

DAY = timedelta(days=1)
Made = Iterable[tuple[Prescription, engine.Decision]]


def carry_out(case: Case, made: Made, session: Session | None) -> bool:
    """Do what was decided; True if the running session ended by it."""
    said = list(made)
    if locks := [each for _, each in said if each.lock]:
        lock_program(case, _latest(each.lock_until for each in locks))
    if rests := [each.rest_until for _, each in said if each.rest_until]:
        rest_program(case, max(rests))
    if session is None or session.finished_at:
        return False
    if any("session" in each.stops for _, each in said):
        return _end(case, session)
    for prescription, each in said:
        if "exercise" in each.stops:
            _leave(case, session, prescription)
    return False


def _latest(ends: Iterable[date | None]) -> date | None:
    """The last of these days; none, if any of them has no end."""
    days = list(ends)
    return None if None in days else max(day for day in days if day)


def lock_program(case: Case, until: date | None = None) -> None:
    """Nothing is trained from today on: until that day, or until a clinician opens it."""
    if case.program.status == Program.Status.LOCKED and case.locked_until is None:
        return
    _close(case, Interruption.Kind.LOCK, until)
    case.program.status = Program.Status.LOCKED
    _write_status(case)


def rest_program(case: Case, until: date) -> None:
    """Nothing is due before that day."""
    last = until - DAY
    if last < case.today or any(
        row["kind"] == Interruption.Kind.REST and (row["last"] or "") >= last.isoformat()
        for row in case.known["closed"]
    ):
        return
    _close(case, Interruption.Kind.REST, until)
    changed(kind="program", subject=case.program.id, clinic=case.program.clinic_id)


def _close(case: Case, kind: Interruption.Kind, until: date | None) -> None:
    row = Interruption(
        clinic_id=case.program.clinic_id,
        program=case.program,
        kind=kind,
        first_day=case.today,
        last_day=until and until - DAY,
    )
    Interruption.objects.bulk_create([row], ignore_conflicts=True)
    know_closed(case, [*case.known["closed"], _closed_row(row)])


def _closed_row(row: Interruption) -> dict[str, Any]:
    last = row.last_day and row.last_day.isoformat()
    return {"kind": str(row.kind), "first": row.first_day.isoformat(), "last": last}


def know_closed(case: Case, rows: list[dict[str, Any]]) -> None:
    """The case's plan, worked out anew from these interruptions."""
    case.known["closed"] = rows
    case.__dict__.pop("plan", None)


def open_if_over(case: Case) -> None:
    """Open a program whose lock was for some days, once they are over."""
    until = case.locked_until
    if until and until <= case.today:
        open_program(case)


def open_program(case: Case) -> None:
    """From today on sessions are due again, unless a pause also stands."""
    yesterday = case.today - DAY
    rows = list(Interruption.objects.filter(program=case.program).order_by("first_day"))
    locks = [row for row in rows if row.kind == Interruption.Kind.LOCK]
    for row in locks:
        if row.last_day is None or row.last_day > yesterday:
            row.last_day = yesterday
            row.save(update_fields=["last_day"])
    paused = any(r.kind == Interruption.Kind.PAUSE and r.last_day is None for r in rows)
    know_closed(case, [_closed_row(row) for row in rows])
    set_status(case, Program.Status.PAUSED if paused else Program.Status.ACTIVE)


def set_status(case: Case, status: Program.Status) -> None:
    """Write the status and tell those who follow it."""
    if case.program.status != status:
        case.program.status = status
        _write_status(case)


def _write_status(case: Case) -> None:
    case.program.save(update_fields=["status"])
    changed(kind="program", subject=case.program.id, clinic=case.program.clinic_id)


def _end(case: Case, session: Session) -> bool:
    """End the session that runs; what was done of it stays."""
    ended = [session, *(told.session for told in case.sessions if told.session.id == session.id)]
    for each in ended:
        each.stopped, each.finished_at = Session.Stop.RULE, case.at
    session.save(update_fields=["stopped", "finished_at"])
    return True


def _leave(case: Case, session: Session, prescription: Prescription) -> None:
    """Skip what is still to do of this exercise."""
    told = next((each for each in case.sessions if each.session.id == session.id), None)
    SetLog.objects.bulk_create(
        [
            _skipped(case, session, prescription, *place)
            for place in _open(case, told, prescription)
        ],
        ignore_conflicts=True,
    )


def _open(case: Case, told: Told | None, prescription: Prescription) -> Iterable[tuple[str, int]]:
    step = case.dose(prescription.id, case.sides(prescription.id)[0]).step
    both = case.steps[prescription.id][step].laterality == "both"
    done = {
        (row["side"], row["number"])
        for row in (told.sets if told else ())
        if row["prescription"] == str(prescription.id)
    }
    for side in ["both"] if both else case.sides(prescription.id):
        dose = case.dose(prescription.id, case.sides(prescription.id)[0] if both else side)
        yield from ((side, n) for n in range(1, dose.sets + 1) if (side, n) not in done)


def _skipped(
    case: Case, session: Session, prescription: Prescription, side: str, number: int
) -> SetLog:
    owner = case.sides(prescription.id)[0] if side == "both" else side
    return SetLog(
        clinic_id=session.clinic_id,
        key=key_of(session.id, prescription.id, side, number),
        session=session,
        prescription=prescription,
        dose=case.dose(prescription.id, owner),
        side=side,
        number=number,
        reps=0,
        skipped=SetLog.BY_RULE,
        done_at=case.at,
        received_at=case.at,
    )


def key_of(session: UUID, prescription: UUID, side: str, number: int) -> UUID:
    """The name of a set, as programs.logging.entries.set_key gives it."""
    return uuid5(session, f"{prescription}:{side}:{number}")

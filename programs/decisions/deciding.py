"""What follows from the logs: ask the rules, store what they say, apply what needs nobody's word.

One decision at a time for each program: the program's row is locked first, then everything is
read, decided and written in that transaction.
"""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts import audit
from accounts.models import Clinic
from accounts.roles import Actor
from accounts.scope import clinic_scope
from programs.decisions.effects import carry_out, open_if_over
from programs.decisions.facts import history_of, state_of
from programs.decisions.reading import Case, Row, Told, load_case
from programs.decisions.record import Ledger, rows_of
from programs.decisions.signals import refresh_signals
from programs.limits import compiled
from programs.models import Answer, Decision, Prescription, Program, Session
from programs.progression import decide
from programs.progression import types as engine
from programs.progression.types import Snapshot, Trigger

NEW_FACTS = ("set.end", "session.end", "check-in", "correction", "decision")


@transaction.atomic
def decide_program(
    *,
    program: UUID,
    trigger: Trigger,
    at: datetime,
    by: Actor | None = None,
    session: Session | None = None,
    caused_by: tuple[str, ...] = (),
) -> list[Decision]:
    """Judge every exercise of a program now; returns what was stored.

    `by` is who brought the facts; nobody on a tick. At the start of a session a morning that
    nobody told of is awaited no longer. A morning that is told of after the next session was
    trained counts as a correction of its own session: a new decision, from now on.
    """
    case = load_case(program, at)
    if case.program.status == Program.Status.ENDED:
        return []
    open_if_over(case)
    before = case.open_proposals()
    if trigger == "check-in" and session and _is_late(case, session):
        trigger, caused_by = "correction", (str(session.id),)
    made = _judge(case, trigger, session, caused_by)
    if trigger == "session.start" and (waited := _unknown_morning(case)):
        made += _judge(case, "decision", waited.session, ())
    news = trigger in NEW_FACTS or case.program.status == Program.Status.LOCKED
    overtake(case, [row for row in before if news or _later(row, made) or _over(case, row)])
    refresh_signals(case)
    if made and by:
        audit.record(by=by, verb="decide", patients=[case.program.patient_id])
    return made


def _is_late(case: Case, session: Session) -> bool:
    """True if a later session was trained before this one's morning was told of."""
    mine = (session.local_date, session.slot)
    later = (t for t in case.sessions if (t.session.local_date, t.session.slot) > mine)
    return any(told.sets or told.pains for told in later)


def _unknown_morning(case: Case) -> Told | None:
    """The last session, if nobody told of its morning."""
    last = case.sessions[-1] if case.sessions else None
    return last if last and not last.checks else None


def tick_programs(*, now: datetime, local_hour: int | None = None) -> int:
    """Let time itself be judged (gaps, silence, locks that end), program by program.

    Returns how many.

    `local_hour`: only those patients whose clocks show this hour, so that an hourly call judges
    each once a day.
    """
    count = 0
    for clinic in Clinic.objects.values_list("id", flat=True):
        with clinic_scope(clinic):
            programs = _active(now, local_hour)
        for program in programs:
            with clinic_scope(clinic):
                decide_program(program=program, trigger="day.tick", at=now)
        count += len(programs)
    return count


def _active(now: datetime, local_hour: int | None) -> list[UUID]:
    rows = Program.objects.filter(status__in=(Program.Status.ACTIVE, Program.Status.LOCKED))
    return [
        program
        for program, zone in rows.values_list("id", "patient__time_zone")
        if local_hour is None or now.astimezone(ZoneInfo(zone)).hour == local_hour
    ]


def overtake(case: Case, old: list[Row]) -> None:
    """Answer these proposals for nobody: something newer has come."""
    for row in old:
        row["answer"] = Answer.Kind.SUPERSEDED
    if old:
        Answer.objects.bulk_create(
            [answer_to(case, row, kind=Answer.Kind.SUPERSEDED) for row in old],
            ignore_conflicts=True,
        )


def answer_to(case: Case, row: Row, **more: Any) -> Answer:
    """The answer to a stored proposal, not yet saved."""
    return Answer(clinic_id=case.program.clinic_id, decision_id=UUID(row["id"]), at=case.at, **more)


def _later(row: Row, made: list[Decision]) -> bool:
    place = (row["prescription"], row["side"])
    return any((str(each.prescription_id), each.side) == place for each in made)


def _over(case: Case, row: Row) -> bool:
    """True of a proposal for an exercise whose phase is over."""
    return UUID(row["prescription"]) not in case.steps


def _judge(
    case: Case, trigger: Trigger, session: Session | None, caused_by: tuple[str, ...]
) -> list[Decision]:
    """One call of the engine for each exercise: each is judged by its own sets and pain."""
    parts = [
        _judge_one(case, prescription, trigger, session, caused_by)
        for prescription in case.prescriptions
    ]
    ledger = Ledger(
        [row for _made, part in parts for row in part.decisions],
        [row for _made, part in parts for row in part.doses],
    )
    ledger.write()
    ledger.note(case)
    said = zip(case.prescriptions, (made for made, _part in parts), strict=True)
    if carry_out(case, said, session):
        return ledger.decisions + _judge(case, "session.end", session, ())
    return ledger.decisions


def _judge_one(
    case: Case,
    prescription: Prescription,
    trigger: Trigger,
    session: Session | None,
    caused_by: tuple[str, ...],
) -> tuple[engine.Decision, Ledger]:
    state, history = state_of(case, prescription), history_of(case, prescription)
    rules = compiled(case.program.ruleset)
    made = decide(rules, state, history, case.at, trigger=trigger, caused_by=caused_by)
    snapshot = Snapshot(state, history, case.at, trigger, caused_by)
    return made, rows_of(case, prescription, made, snapshot, session=session)

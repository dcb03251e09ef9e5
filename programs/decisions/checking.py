"""Once a night the queues are worked out again from the facts, and what differs is named.

Signals are written with the facts they come from, queues by the database's triggers, counts by
adding: a difference is a fault of ours. It is put right, logged, and shown by /readyz.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.models import Clinic
from accounts.scope import clinic_scope
from patients.caseload_database import DIFFERING
from programs.decisions.reading import load_case
from programs.decisions.signals import ELSEWHERE, refresh_signals, wanted_signals
from programs.models import Program, QueueCount, Signal
from programs.queue_database import KINDS

log = logging.getLogger(__name__)
TICKED_BY = 4  # o'clock of the patient: before, the day that has begun was not judged yet
BATCH = 200

WAITING = """
    select distinct patient_id from (
        select patient_id from programs_signal union all select patient_id from programs_queuerow) w
    order by patient_id"""
LINES = """
    select distinct coalesce(w.patient_id, r.patient_id) from queue_wanted(%(patients)s::uuid[]) w
    full join (
        select * from programs_queuerow where patient_id = any(%(patients)s::uuid[])
            and (until is null or until > now())) r
        on r.signal_id = w.signal_id and r.user_id = w.user_id
    where (w.kind, w.rank, w.since, w.facts, w.name, w.told, w.until)
        is distinct from (r.kind, r.rank, r.since, r.facts, r.name, r.told, r.until)"""
TREATED = """
    select distinct patient_id from (
        select patient_id from patients_carelink
        union all select patient_id from patients_caseloadrow) w
    order by patient_id"""
COUNTED = f"""
    with there as (
        select clinic_id, user_id, kind, count(*) as n from programs_queuerow where not skipped
        group by 1, 2, 3),
    told as (
        select c.clinic_id, c.user_id, k.kind, sum(k.n) as n from programs_queuecount c
        cross join lateral (values {", ".join(f"('{k}', c.\"{k}\")" for k in KINDS)}) k (kind, n)
        group by 1, 2, 3 having sum(k.n) <> 0)
    select coalesce(t.clinic_id, c.clinic_id), coalesce(t.user_id, c.user_id),
        coalesce(t.kind, c.kind), coalesce(t.n, 0) - coalesce(c.n, 0)
    from there t full join told c
        on c.clinic_id = t.clinic_id and c.user_id = t.user_id and c.kind = t.kind
    where coalesce(t.n, 0) <> coalesce(c.n, 0)"""  # noqa: S608 (own words only)


def check_queues(*, now: datetime) -> int:
    """Compare and put right, clinic by clinic; how many programs, patients and counts differed."""
    found = 0
    for clinic in Clinic.objects.values_list("id", flat=True):
        found += sum(_signals_differ(clinic, program, now) for program in _running(clinic))
        found += _lines_differ(clinic) + _counts_differ(clinic) + _caseloads_differ(clinic)
    return found


def _running(clinic: UUID) -> list[UUID]:
    with clinic_scope(clinic):
        return list(Program.objects.running().values_list("id", flat=True))


def _signals_differ(clinic: UUID, program: UUID, now: datetime) -> bool:
    with clinic_scope(clinic):
        case = load_case(program, now)
        if now.astimezone(ZoneInfo(case.program.patient.time_zone)).hour < TICKED_BY:
            case.at = now - timedelta(hours=TICKED_BY)
        standing = Signal.objects.filter(program=program).exclude(kind__in=ELSEWHERE)
        there = {row.kind: row.facts for row in standing}
        wanted = {str(kind): facts for kind, facts in wanted_signals(case).items()}
        if there == wanted:
            return False
        log.error(
            "queue check: program %s has %s, should have %s", program, list(there), list(wanted)
        )
        refresh_signals(case)
        return True


def _lines_differ(clinic: UUID) -> int:
    return _put_right(clinic, "lines", WAITING, LINES, "select queue_refresh(%s::uuid[])")


def _caseloads_differ(clinic: UUID) -> int:
    refresh = "select caseload_refresh(%s::uuid[])"
    return _put_right(clinic, "caseload rows", TREATED, DIFFERING, refresh)


def _put_right(clinic: UUID, what: str, whose: str, differing: str, refresh: str) -> int:
    """Ask some patients at a time whose rows differ, and refresh them; how many did."""
    found = 0
    with clinic_scope(clinic), connection.cursor() as cursor:
        cursor.execute(whose)
        patients = [row[0] for row in cursor.fetchall()]
    for batch in _batches(patients):
        with clinic_scope(clinic), connection.cursor() as cursor:
            cursor.execute(differing, {"patients": batch})
            wrong = [row[0] for row in cursor.fetchall()]
            if wrong:
                log.error("queue check: %s of patients %s differed", what, wrong)
                cursor.execute(refresh, [wrong])
            found += len(wrong)
    return found


def _batches(patients: list[UUID]) -> Iterator[list[UUID]]:
    for first in range(0, len(patients), BATCH):
        yield patients[first : first + BATCH]


def _counts_differ(clinic: UUID) -> int:
    with clinic_scope(clinic), connection.cursor() as cursor:
        cursor.execute(COUNTED)
        wrong = cursor.fetchall()
        for own_clinic, user, kind, missing in wrong:
            log.error("queue check: clinician %s has %s more %s than counted", user, missing, kind)
            QueueCount.objects.create(clinic_id=own_clinic, user_id=user, **{kind: missing})
        return len(wrong)

"""Patients who are to be reminded, in any number: copies of one, written by SQL."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from bench import ground
from bench.crowd import copies, insert, key, loose
from bench.people import Practice, Trainee
from patients.models import Consent, Patient
from programs.models import Phase, Program
from reminders.models import Occurrence, Schedule

PLAN = """{"start_on": "2026-01-05", "end_on": null, "weekdays": [0, 1, 2, 3, 4, 5, 6],
    "times_a_day": 4, "every_days": 1, "weeks": [], "not_before": 0, "closed": []}"""
PERSON = "((i - 1) %% %(people)s + 1)"
SAME = {
    "id": key("schedule"),
    "clinic_id": "%(clinic)s",
    "patient_id": f"md5('patient' || {PERSON})::uuid",
    "program_id": f"md5('program' || {PERSON})::uuid",
    "recipient_id": "null",
    "kind": "'session_due'",
    "channel": "'email'",
    "slot": "1 + (i - 1) / %(people)s",
    "days_after": "0",
    "local_time": "(%(due)s::timestamptz at time zone %(zone)s)::time",
    "day_times": "'{}'",
    "zone": "%(zone)s",
    "quiet_from": "'00:00'",
    "quiet_until": "'00:00'",
    "plan": "%(plan)s::jsonb",
    "active": "true",
    "next_on": "(%(due)s::timestamptz at time zone %(zone)s)::date",
    "next_due_at": "%(due)s::timestamptz",
}
EVERYBODY = """
    select set_config('app.clinics', array_agg(id)::text, false) from accounts_clinic"""
WAKE = """
    update reminders_schedule s set next_due_at = %(due)s::timestamptz,
        next_on = (%(due)s::timestamptz at time zone s.zone)::date,
        local_time = (%(due)s::timestamptz at time zone s.zone)::time
    from generate_series(1, %(number)s) i where s.id = md5('schedule' || i)::uuid"""
BUSY = """
    select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        and application_name = 'flexion-planner' and state <> 'idle'"""
NOBODY_TOLD = "truncate reminders_occurrence, accounts_change"
YESTERDAY = {
    "id": "gen_random_uuid()",
    "subject": "null",
    "tried": "'{}'",
    "local_date": "next_on - 1",
    "due_at": "next_due_at - interval '1 day'",
    "not_before": "next_due_at - interval '1 day'",
    "not_after": "next_due_at - interval '20 hours'",
    "state": "'sent'",
    "reason": "''",
    "token": "null",
    "leased_until": "null",
    "enqueued_at": "null",
    "attempts": "1",
    "repeats": "0",
    "message_id": "''",
    "sent_at": "next_due_at - interval '1 day'",
    "opened_at": "null",
    "created_at": "next_due_at - interval '1 day'",
} | {name: name for name in ("clinic_id", "patient_id", "program_id", "recipient_id")}
YESTERDAY |= {name: name for name in ("kind", "channel", "slot")}
TABLES = "reminders_schedule, reminders_occurrence, accounts_change"


def fill(practice: Practice, model: Trainee, number: int) -> None:
    """Add so many patients who agreed to reminders, with a program of every day."""
    given = {
        "clinic": practice.clinic.id,
        "number": number,
        "patient": model.patient.id,
        "program": model.program and model.program.id,
        "zone": _zone(practice.now),
    }
    with _owner() as owner, loose(owner):
        for statement in _statements():
            owner.execute(statement, given)
    ground.settle()


def schedule(practice: Practice, first: int, last: int, people: int) -> None:
    """Add schedules of these numbers that come due tomorrow: one a patient, then a next each."""
    given = {
        "clinic": practice.clinic.id,
        "first": first,
        "last": last,
        "people": people,
        "plan": PLAN,
        "zone": _zone(practice.now),
        "due": practice.now + timedelta(days=1),
    }
    with _owner() as owner, loose(owner):
        owner.execute(NOBODY_TOLD)
        owner.execute(insert(Schedule, SAME, "generate_series(%(first)s, %(last)s) i"), given)
        owner.execute(f"vacuum analyze {TABLES}")


def due_now(number: int) -> None:
    """Let the first so many patients be due at this second; they were told yesterday."""
    with _owner() as owner:
        owner.execute(NOBODY_TOLD)
        owner.execute(WAKE, {"due": datetime.now(UTC).replace(microsecond=0), "number": number})
        told = insert(Occurrence, YESTERDAY, "reminders_schedule where next_due_at <= now()")
        with loose(owner):
            owner.execute(told)
        owner.execute(f"vacuum analyze {TABLES}")


def settle() -> None:
    """Clear away and count what the last measure left, and see that nobody is still at it."""
    with _owner() as owner:
        owner.execute(f"vacuum analyze {TABLES}")
        while owner.execute(BUSY).fetchone():
            time.sleep(0.1)


@contextmanager
def _owner() -> Iterator[psycopg.Connection[Any]]:
    url = os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as owner:
        owner.execute("set synchronous_commit = off")
        owner.execute(EVERYBODY)
        yield owner


def _zone(now: datetime) -> str:
    """Where it is about eight in the morning; the names of these zones count the other way."""
    return f"Etc/GMT{(now.hour - 8 + 12) % 24 - 12:+d}"


def _statements() -> Iterator[str]:
    """Each in the order in which its rows need those before."""
    yield copies(
        Patient,
        "(select * from patients_patient where id = %(patient)s)",
        id=key("patient"),
        name="'Crowd ' || i",
        email="'crowd' || i || '@clinic.example'",
        time_zone="%(zone)s",
        quiet_from="'00:00'",
        quiet_until="'00:00'",
    )
    yield copies(
        Program,
        "(select * from programs_program where id = %(program)s)",
        id=key("program"),
        patient_id=key("patient"),
    )
    yield copies(
        Phase,
        "(select * from programs_phase where program_id = %(program)s)",
        id=key("phase"),
        program_id=key("program"),
    )
    agreed = "(select * from patients_consent where patient_id = %(patient)s and kind like 'rem%%')"
    yield copies(Consent, agreed, id=key("consent"), patient_id=key("patient"))

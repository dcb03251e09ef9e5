"""A clinic of any size, written by SQL: everybody a copy of one patient who really trained.

One patient in five is the busiest clinician's, the rest are unevenly those of four hundred others.
Moments of the queue fall on ninety days, so that thousands wait since the same instant.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from django.db.models import Model

from accounts.models import Membership, User
from accounts.roles import Role
from bench import ground
from bench.people import Practice, Trainee
from patients.models import CareLink, CaseloadRow, Patient
from programs.models import (
    DoseVersion,
    Phase,
    Prescription,
    Program,
    QueueCount,
    QueueRow,
    Signal,
)
from programs.queue_database import KINDS

CLINICIANS = 400
FOLLOWED = ("patients_patient", "patients_carelink", "programs_program", "programs_signal")
OFTEN = {"ready": 12, "silent": 6, "stuck": 4, "unread": 3}
WAITS = [kind for kind in KINDS for _ in range(OFTEN.get(kind, 1))] + [None] * 8
FACTS = """{"number": 1, "reps": 8, "effort": 5, "messages": 2, "pain": 6, "mornings": 2,
    "by": "Colleague", "note": ""}"""
BUSY, OTHERS = "i %% 5 = 0", "floor(%(clinicians)s * power((i %% 997) / 997.0, 3))::int + 1"
EXERCISE = """(
    select * from programs_prescription where program_id = %(program)s order by position limit 1)"""
FIRST_DOSES = """(
    select * from programs_doseversion where number = 1 and prescription_id in (
        select id from programs_prescription where program_id = %(program)s))"""
WAITING = """(
    select i, (%(waits)s::text[])[(i / 5) %% cardinality(%(waits)s::text[]) + 1] as kind
    from generate_series(1, %(number)s) i) each where kind is not null"""
IN_QUEUE = """programs_signal s
    join patients_patient p on p.id = s.patient_id
    join patients_carelink l on l.patient_id = s.patient_id,
    (select told from programs_queuerow where patient_id = %(patient)s limit 1) t
    where s.patient_id <> %(patient)s
        and not exists (select from programs_queuerow r where r.signal_id = s.id)"""
TIES = """
    select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
    where contype = 'f' and conparentid = 0 and connamespace = 'public'::regnamespace"""
IN_CASELOAD = """patients_carelink l
    join patients_patient p on p.id = l.patient_id
    cross join lateral name_keys(p.name) k
    where not exists (select from patients_caseloadrow r where r.patient_id = l.patient_id)"""


def key(what: str) -> str:
    """The id of the i-th row of a kind."""
    return f"md5('{what}' || i)::uuid"


def fill(practice: Practice, model: Trainee, number: int) -> None:
    """Add so many patients like this one, with their links, programs, signals and queues."""
    staff = _staff(practice)
    given = {
        "clinic": practice.clinic.id,
        "busy": practice.user.id,
        "others": staff,
        "clinicians": CLINICIANS,
        "waits": WAITS,
        "facts": FACTS,
        "number": number,
        "patient": model.patient.id,
        "program": model.program and model.program.id,
    }
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("set synchronous_commit = off")
        owner.execute("set maintenance_work_mem = '256MB'")
        owner.execute("select set_config('app.clinics', %s, false)", [f"{{{practice.clinic.id}}}"])
        with loose(owner):
            for statement in _statements():
                owner.execute(statement, given)
    ground.settle()


def _staff(practice: Practice) -> list[UUID]:
    found = []
    for number in range(CLINICIANS):
        email = f"colleague{number}@{practice.clinic.id}.example"
        user = User.objects.create_user(email, name=f"Colleague {number}")
        Membership.objects.create(user=user, clinic=practice.clinic, role=Role.CLINICIAN)
        found.append(user.id)
    return found


@contextmanager
def loose(owner: psycopg.Connection[Any]) -> Iterator[None]:
    """No trigger and no foreign key while millions of rows come; they are back at the end."""
    ties = owner.execute(TIES).fetchall()
    for table, name, _told in ties:
        owner.execute(f'alter table {table} drop constraint "{name}"')
    for table in (*FOLLOWED, "programs_queuerow"):
        owner.execute(f"alter table {table} disable trigger user")
    yield
    for table in (*FOLLOWED, "programs_queuerow"):
        owner.execute(f"alter table {table} enable trigger user")
    for table, name, told in ties:
        owner.execute(f'alter table {table} add constraint "{name}" {told} not valid')


def insert(model: type[Model], values: Mapping[str, str], source: str) -> str:
    """Rows of a model: for each of its columns an expression over `source` (SQL after from)."""
    columns = [field.column for field in model._meta.concrete_fields]
    names = ", ".join(f'"{name}"' for name in columns)
    picked = ", ".join(values[name] for name in columns)
    return f"insert into {model._meta.db_table} ({names}) select {picked} from {source}"  # noqa: S608 (a model's names and this file's expressions)


def copies(model: type[Model], source: str, **changed: str) -> str:
    """Rows like those of `source` (named t), with other values in some columns."""
    same = {field.column: f't."{field.column}"' for field in model._meta.concrete_fields}
    return insert(model, same | changed, f"generate_series(1, %(number)s) i, {source} t")


def _statements() -> Iterator[str]:
    yield copies(
        Patient,
        "(select * from patients_patient where id = %(patient)s)",
        id=key("patient"),
        name="chr(65 + (i * 7) %% 26) || 'name ' || (i::bigint * 7919) %% 100003 || ' Crowd'",
        email="''",
    )
    link = "(select * from patients_carelink where patient_id = %(patient)s limit 1)"
    someone = f"case when {BUSY} then %(busy)s::uuid else (%(others)s::uuid[])[{OTHERS}] end"
    yield copies(CareLink, link, id=key("link"), patient_id=key("patient"), user_id=someone)
    program = "(select * from programs_program where id = %(program)s)"
    yield copies(Program, program, id=key("program"), patient_id=key("patient"))
    phase = "(select * from programs_phase where program_id = %(program)s)"
    yield copies(Phase, phase, id=key("phase"), program_id=key("program"))
    yield copies(
        Prescription,
        EXERCISE,
        id=key("exercise"),
        program_id=key("program"),
        phase_id=key("phase"),
    )
    yield copies(
        DoseVersion,
        FIRST_DOSES,
        id="md5('dose' || t.side || i)::uuid",
        prescription_id=key("exercise"),
    )
    yield _caseloads()
    yield _signals()
    yield _queue()
    yield "delete from programs_queuecount"
    yield _counts()


def _caseloads() -> str:
    told = {name: f"l.{name}" for name in ("clinic_id", "user_id", "patient_id", "until")}
    told |= {"id": "gen_random_uuid()", "key": "k.key", "name": "k.name"}
    return insert(CaseloadRow, told, IN_CASELOAD)


def _signals() -> str:
    told = {
        "id": key("signal"),
        "clinic_id": "%(clinic)s",
        "patient_id": key("patient"),
        "program_id": key("program"),
        "kind": "kind",
        "since": "date_trunc('day', now()) - (i %% 90) * interval '1 day'",
        "facts": "%(facts)s::jsonb",
    }
    return insert(Signal, told, WAITING)


def _queue() -> str:
    """As the triggers would write them, but for the lines' numbers: those of the copied patient."""
    told = {
        "id": "gen_random_uuid()",
        "clinic_id": "s.clinic_id",
        "user_id": "l.user_id",
        "signal_id": "s.id",
        "patient_id": "s.patient_id",
        "program_id": "s.program_id",
        "kind": "s.kind",
        "rank": f"array_position(array[{', '.join(map(repr, KINDS))}], s.kind::text)",
        "since": "s.since",
        "facts": "s.facts",
        "name": "p.name",
        "told": "jsonb_set(t.told, '{program,0}', to_jsonb(s.program_id::text))",
        "until": "null",
        "skipped": "false",
    }
    return insert(QueueRow, told, IN_QUEUE)


def _counts() -> str:
    sums = {kind: f"count(*) filter (where kind = '{kind}')" for kind in KINDS}
    ids = {"id": "gen_random_uuid()", "clinic_id": "clinic_id", "user_id": "user_id"}
    return insert(QueueCount, ids | sums, "programs_queuerow group by clinic_id, user_id")

"""The program, or the session, of the patient who asks: what each of their pages starts from.

Plain SQL, as a statement is long and the same every time; row security holds as everywhere.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from accounts.access import find_visible
from accounts.models import Clinic, User
from accounts.prepared import Part, fetch, made
from accounts.roles import Actor
from patients.models import Patient
from patients.unread import reader
from programs.models import Program, Session

SESSION = Part("s", Session)
PARTS = (Part("g", Program), Part("p", Patient), Part("c", Clinic), Part("u", User, ("id", "name")))
COLUMNS = ", ".join(part.columns for part in PARTS)
PEOPLE = """
    join patients_patient p on p.id = g.patient_id
    join accounts_clinic c on c.id = p.clinic_id
    join accounts_user u on u.id = g.lead_id
    where g.clinic_id = %(clinic)s and g.patient_id = %(patient)s"""
CLOSED = """(
    select coalesce(json_agg(json_build_object(
        'kind', i.kind, 'first', i.first_day, 'last', i.last_day) order by i.first_day), '[]')
    from programs_interruption i where i.program_id = g.id)"""


def own_program(actor: Actor, **told: str) -> Program | None:
    """The patient's newest program with its people; None for staff, who have none.

    `told`: name and SQL of what is read beside it (of program g, with the values of
    patients.unread), kept on it under that name.
    """
    columns = ", ".join((COLUMNS, *told.values()))
    sql = f"""
        select {columns} from programs_program g {PEOPLE}
        order by g.assigned_at desc limit 1"""  # noqa: S608 (own words only)
    for row in fetch(sql, _whose(actor)):
        program, values = _program(row)
        for name, value in zip(told, values, strict=True):
            setattr(program, name, value)
        return program
    return None


def own_session(actor: Actor, session: UUID) -> Session:
    """The patient's session with its program and people; refused as find_visible refuses."""
    sql = f"""
        select {COLUMNS}, {SESSION.columns}
        from programs_session s join programs_program g on g.id = s.program_id {PEOPLE}
            and s.id = %(session)s"""  # noqa: S608 (own words only)
    for row in fetch(sql, _whose(actor) | {"session": session}):
        program, values = _program(row)
        found = SESSION.make(values)
        found.program = program
        return found
    return find_visible(Session.objects.all(), actor, id=session)


def _whose(actor: Actor) -> dict[str, Any]:
    return reader(actor, actor.patient_id) | {"clinic": actor.clinic_id}


def _program(row: Sequence[Any]) -> tuple[Program, Sequence[Any]]:
    """A program with its people, and the rest of the row."""
    program, patient, clinic, lead, values = made(row, *PARTS)
    program.patient, program.lead, patient.clinic = patient, lead, clinic
    return program, values

"""What the other side of a thread wrote since a person last opened it.

Every page of a patient says so, and two ask for it within a statement of their own: so it is
plain SQL, with the values of `reader`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.prepared import fetch
from accounts.roles import Actor

UNREAD = """
    from patients_message m
    where m.patient_id = %(patient)s and m.from_patient = %(from_patient)s
        and not exists (
            select from patients_threadread t
            where t.patient_id = m.patient_id and t.user_id = %(user)s and t.up_to >= m.at)"""


def reader(actor: Actor, patient: UUID | None) -> dict[str, Any]:
    """The values of UNREAD: whose thread it is, and who reads it."""
    from_patient = actor.patient_id is None
    return {"patient": patient, "user": actor.user_id, "from_patient": from_patient}


def unread_times(actor: Actor, patient: UUID) -> list[datetime]:
    """When each message was written that this person has not read yet."""
    return [at for (at,) in fetch(f"select m.at {UNREAD}", reader(actor, patient))]

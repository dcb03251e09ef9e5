"""How often a patient let reminders pass. Ignored ones grow rarer, and end with a word about it.

From the last sign of life (a session, a message opened, reminders agreed to anew) the reminders of
sessions that left are counted: after three, every other one is left out, after six no more come.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from patients.models import Consent
from programs.models import Program
from reminders.models import Kind, Occurrence

RARER_AFTER, STOP_AFTER = 3, 6
SILENCES = """
    select g.id, count(*) filter (where o.state in ('sent', 'delivered')),
        count(*) filter (where o.reason = 'backing_off'),
        exists (
            select from reminders_occurrence t
            where t.patient_id = g.patient_id and t.kind = 'stopped' and t.due_at > sign.at)
    from programs_program g
    cross join lateral (select coalesce(greatest(
        (select max(s.received_at) from programs_session s where s.program_id = g.id),
        (select max(r.opened_at) from reminders_occurrence r where r.patient_id = g.patient_id),
        (select max(c.given_at) from patients_consent c
            where c.patient_id = g.patient_id and c.kind like 'reminders%%')
    ), '-infinity')) sign(at)
    left join reminders_occurrence o on o.patient_id = g.patient_id and o.program_id = g.id
        and o.kind = 'session_due' and o.due_at > sign.at
    where g.id = any(%s)
    group by g.id, sign.at"""


@dataclass(frozen=True)
class Silence:
    """Reminders of sessions since the last sign of life: how many left, how many were left out.

    `told`: the patient has heard that no more will come.
    """

    ignored: int
    left_out: int
    told: bool

    @property
    def is_long(self) -> bool:
        return self.ignored >= RARER_AFTER

    @property
    def is_over(self) -> bool:
        """No more is said until there is a sign of life."""
        return self.ignored >= STOP_AFTER

    @property
    def against(self) -> str:
        """Why the next reminder of a session stays away."""
        if self.is_over:
            return "ignored"
        rarer = self.is_long and self.left_out <= self.ignored - RARER_AFTER
        return "backing_off" if rarer else ""


def silences(programs: Collection[UUID]) -> Mapping[UUID, Silence]:
    """The silence of each of these programs, in one query. Needs the clinic's scope."""
    if not programs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SILENCES, [list(programs)])
        return {id: Silence(*counts) for id, *counts in cursor.fetchall()}


def silence_of(patient: UUID) -> Silence | None:
    """The silence of the program that this patient trains by now. Needs the clinic's scope."""
    running = Program.objects.running().filter(patient=patient).order_by("-assigned_at")
    program = running.values_list("id", flat=True).first()
    return silences([program])[program] if program else None


def has_fallen_silent(patient: UUID) -> bool:
    """Whether a patient who wants reminders was told that none come any more.

    Asks one short question of almost everybody. Needs the clinic's scope.
    """
    if not Occurrence.objects.filter(patient=patient, kind=Kind.STOPPED).exists():
        return False
    agreed = Consent.objects.filter(
        patient=patient, kind__startswith="reminders_", withdrawn_at=None
    )
    silence = silence_of(patient) if agreed.exists() else None
    return silence is not None and silence.is_over


def say_that_we_stop(occurrence: Occurrence, now: datetime) -> None:
    """Plan the one message that says so, at the time of a reminder that stays away.

    Needs the clinic's scope.
    """
    last_word = Occurrence(
        clinic_id=occurrence.clinic_id,
        patient_id=occurrence.patient_id,
        program_id=occurrence.program_id,
        kind=Kind.STOPPED,
        channel=occurrence.channel,
        local_date=occurrence.local_date,
        due_at=occurrence.due_at,
        not_before=now,
        not_after=occurrence.not_after,
    )
    Occurrence.objects.bulk_create([last_word], ignore_conflicts=True)

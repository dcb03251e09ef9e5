"""What a clinician does to their own queue: put a row away, take it back, accept several."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from accounts import audit
from accounts.models import Clinic
from accounts.roles import Actor
from accounts.scope import clinic_scope
from patients.models import CaseloadRow
from programs.decisions.answering import Answered, Stale, accept_proposal
from programs.models import Answer, Decision, Program, QueueRow, Signal
from programs.queue_database import KINDS

MOST = 25  # rows of a page of the queue: so many can be accepted at once
ADD_UP = f"""
    with gone as (
        delete from programs_queuecount where id in (
            select id from programs_queuecount where (clinic_id, user_id) in (
                select clinic_id, user_id from programs_queuecount
                group by clinic_id, user_id having count(*) > 1)
            for update skip locked)
        returning *)
    insert into programs_queuecount (id, clinic_id, user_id, {", ".join(f'"{k}"' for k in KINDS)})
    select gen_random_uuid(), clinic_id, user_id, {", ".join(f'sum("{k}")' for k in KINDS)}
    from gone group by clinic_id, user_id"""  # noqa: S608 (own words only)


@transaction.atomic
def skip_signal(*, signal: Signal, by: Actor, back: bool = False) -> bool:
    """Put a row out of one's own queue until its facts change; `back` takes it in again.

    False where it stood so already, or is not in their queue.
    """
    rows = QueueRow.objects.filter(user_id=by.user_id, signal=signal, skipped=back)
    if not rows.update(skipped=not back):
        return False
    verb = "take_back_signal" if back else "skip_signal"
    audit.record(by=by, verb=verb, patients=[signal.patient_id])
    return True


@dataclass(frozen=True)
class LeftOut:
    """A proposal that was not accepted with the others, and what is newer."""

    decision: Decision
    error: Stale | Answered


@dataclass(frozen=True)
class Accepted:
    answers: list[Answer]
    left_out: list[LeftOut]


@transaction.atomic
def accept_several(*, decisions: Iterable[Decision], by: Actor, at: datetime) -> Accepted:
    """Accept each proposal that nothing newer has overtaken; the others are named, not touched."""
    done = Accepted([], [])
    for decision in decisions:
        if decision.id in {answer.decision_id for answer in done.answers}:
            continue
        try:
            done.answers.append(accept_proposal(decision=decision, by=by, at=at))
        except (Stale, Answered) as error:
            done.left_out.append(LeftOut(decision, error))
    return done


@transaction.atomic
def note_undelivered(*, program: Program, on: date, at: datetime) -> None:
    """A message to the patient was refused for good: their care team reads it in the queue."""
    Signal.objects.update_or_create(
        clinic_id=program.clinic_id,
        program=program,
        kind=Signal.Kind.UNDELIVERED,
        defaults={"facts": {"on": on.isoformat()}},
        create_defaults={
            "patient_id": program.patient_id,
            "since": at,
            "facts": {"on": on.isoformat()},
        },
    )


def note_delivered(*, programs: Iterable[UUID]) -> None:
    """A message arrived for each of these: the row about an earlier one goes."""
    Signal.objects.filter(program__in=programs, kind=Signal.Kind.UNDELIVERED).delete()


def tidy_queues() -> None:
    """Take out the rows of covers that are over, and add the counts up, clinic by clinic."""
    for clinic in Clinic.objects.values_list("id", flat=True):
        with clinic_scope(clinic), connection.cursor() as cursor:
            QueueRow.objects.filter(until__lte=Now()).delete()
            CaseloadRow.objects.filter(until__lte=Now()).delete()
            cursor.execute(ADD_UP)

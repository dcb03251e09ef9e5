"""Let a program that runs take the newer text of an exercise. Until then it keeps its own."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.changes import changed
from accounts.roles import Actor
from exercises.models import Revision
from programs.calendar import local_day
from programs.decisions.reading import load_case
from programs.decisions.signals import refresh_signals
from programs.models import PrescriptionStep, Program


class NotAcceptable(Exception):
    """The program keeps the text it has; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@transaction.atomic
def accept_revision(*, program: Program, revision: Revision, by: Actor, at: datetime) -> bool:
    """Pin this revision in every step of its exercise; False where it is pinned already.

    What was logged and decided stays as it was. Raises NotAcceptable where the program is over,
    the revision isn't the one that stands now, or it works against a resistance too early.
    """
    locked = Program.objects.select_for_update(of=("self",)).select_related("patient")
    held = locked.get(pk=program.pk)
    if held.status == Program.Status.ENDED:
        raise NotAcceptable(_("The program is over."))
    if revision.state != Revision.State.PUBLISHED:
        raise NotAcceptable(_("A newer text has come since. Look at that one."))
    steps = PrescriptionStep.objects.filter(
        prescription__program=held, revision__exercise=revision.exercise_id
    ).exclude(revision=revision)
    _check_resistance(held, revision, at)
    if not steps.update(revision=revision, resisted=revision.resisted):
        return False
    audit.record(by=by, verb="accept_revision", patients=[held.patient_id])
    changed(kind="program", subject=held.id, clinic=held.clinic_id)
    refresh_signals(load_case(held.id, at))
    return True


def _check_resistance(program: Program, revision: Revision, at: datetime) -> None:
    """What works against a resistance now, and did not, waits for its day as any such step."""
    patient = program.patient
    if revision.resisted and patient.resisted_closed(local_day(at, patient.time_zone)):
        raise NotAcceptable(
            _("It works against a resistance now, and the day for that is still to come.")
        )

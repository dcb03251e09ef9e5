"""The second look, a moment before sending: does this message still make sense?"""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Membership
from programs.models import Clearance, Program
from reminders.models import Kind, Occurrence
from reminders.planning import Quiet, is_quiet, quiet_ends
from reminders.services import facts
from reminders.services.consent import unwanted

State = Occurrence.State


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a message does not leave now; with `not_before` it may leave later."""

    state: str
    reason: str
    not_before: datetime | None = None


def objection(occurrence: Occurrence, now: datetime) -> Verdict | None:
    """The first reason not to send this message now; None sends it. Needs the clinic's scope."""
    if now >= occurrence.not_after:
        return Verdict(State.MISSED, "late")
    if occurrence.kind == Kind.URGENT:
        return _against_urgent(occurrence)
    reason = _against_session(occurrence) or _against_patient(occurrence)
    return Verdict(State.CANCELLED, reason) if reason else _against_hour(occurrence, now)


def _against_urgent(occurrence: Occurrence) -> Verdict | None:
    if Clearance.objects.filter(red_flag=occurrence.subject).exists():
        return Verdict(State.CANCELLED, "cleared")
    here = Membership.objects.active().filter(clinic_id=occurrence.clinic_id)
    works_here = here.filter(user=occurrence.recipient)
    return None if works_here.exists() else Verdict(State.CANCELLED, "left")


def _against_session(occurrence: Occurrence) -> str:
    program = occurrence.program
    if program.status != Program.Status.ACTIVE:
        return "not_active"
    if not facts.plan_of(program).is_due(occurrence.local_date):
        return "not_due"
    if facts.is_trained(program.id, occurrence.local_date, occurrence.slot):
        return "done"
    if facts.is_declined(program.id, occurrence.local_date):
        return "declined"
    return ""


def _against_patient(occurrence: Occurrence) -> str:
    if not occurrence.patient.email:
        return "no_address"
    return unwanted(patient=occurrence.patient_id, channel=occurrence.channel)


def _against_hour(occurrence: Occurrence, now: datetime) -> Verdict | None:
    """By the patient's own quiet hours as they are now, whatever was planned."""
    patient = occurrence.patient
    quiet, zone = Quiet(patient.quiet_from, patient.quiet_until), patient.time_zone
    if not is_quiet(now, quiet, zone):
        return None
    ends = quiet_ends(now, quiet, zone)
    if ends >= occurrence.not_after:
        return Verdict(State.MISSED, "quiet")
    return Verdict(State.PLANNED, "quiet", ends)

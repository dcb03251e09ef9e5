"""The second look, a moment before sending: does this message still make sense?

Many messages of one clinic are looked at together: what they need is read once for all.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Membership
from accounts.roles import Role
from patients.models import Channel
from programs.models import Clearance, Program, QueueRow
from reminders.models import Kind, Occurrence
from reminders.planning import Quiet, is_quiet, quiet_ends
from reminders.services import facts, trained
from reminders.services.silence import Silence, silences
from reminders.services.waiting import is_unread
from reminders.services.ways import Ways, ways_of

EXTRAS_A_DAY = 2  # beside the sessions themselves
EXTRAS = (Kind.NUDGE, Kind.CHECK_IN, Kind.MESSAGE, Kind.OUTCOME_DUE, Kind.ENDING, Kind.STOPPED)

State = Occurrence.State


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a message does not leave now; with `not_before` it may leave later, or another way.

    `is_last`: no more will come, and the patient has not heard of it.
    """

    state: str
    reason: str
    not_before: datetime | None = None
    channel: str | None = None
    is_last: bool = False


@dataclass(frozen=True)
class Look:
    """What was found: the objections by message, and the ways to each patient."""

    objections: Mapping[UUID, Verdict]
    ways: Mapping[UUID, Ways]


@dataclass(frozen=True)
class _Facts:
    now: datetime
    days: trained.Days
    silences: Mapping[UUID, Silence]
    extras: Collection[UUID]


def look(occurrences: Collection[Occurrence], now: datetime) -> Look:
    """The first reason not to send each of these now, if there is one. Needs the clinic's scope."""
    to_patients = [one for one in occurrences if one.recipient_id is None]
    ways = ways_of([one.patient for one in to_patients if one.patient], now)
    programs = {one.program_id for one in to_patients if one.program_id}
    found = _Facts(now, trained.days_of(to_patients), silences(programs), _told_enough(to_patients))
    objections = {one.id: _objection(one, found, ways) for one in occurrences}
    return Look({id: verdict for id, verdict in objections.items() if verdict}, ways)


def _objection(occurrence: Occurrence, found: _Facts, ways: Mapping[UUID, Ways]) -> Verdict | None:
    if found.now >= occurrence.not_after:
        return Verdict(State.MISSED, "late")
    if reason := AGAINST[Kind(occurrence.kind)](occurrence, found):
        return Verdict(State.CANCELLED, reason, is_last=_is_last(occurrence, reason, found))
    if occurrence.patient is None or occurrence.recipient_id:
        return None
    if occurrence.id in found.extras:
        return Verdict(State.CANCELLED, "enough_today")
    return _against_way(occurrence, ways[occurrence.patient.id], found.now) or _against_hour(
        occurrence, found.now
    )


def _is_last(occurrence: Occurrence, reason: str, found: _Facts) -> bool:
    return reason == "ignored" and not found.silences[_program(occurrence).id].told


def _against_way(occurrence: Occurrence, ways: Ways, now: datetime) -> Verdict | None:
    """Whether it goes another way than was planned, or none is open."""
    channel = ways.after(occurrence.tried)
    if channel is None:
        return Verdict(State.CANCELLED, ways.why_not[Channel(occurrence.channel)] or "no_way")
    if channel == occurrence.channel:
        return None
    return Verdict(State.PLANNED, "other_way", now, channel)


def _against_hour(occurrence: Occurrence, now: datetime) -> Verdict | None:
    """By the patient's own quiet hours as they are now, whatever was planned."""
    patient = occurrence.patient
    if patient is None:
        return None
    quiet, zone = Quiet(patient.quiet_from, patient.quiet_until), patient.time_zone
    if not is_quiet(now, quiet, zone):
        return None
    ends = quiet_ends(now, quiet, zone)
    if ends >= occurrence.not_after:
        return Verdict(State.MISSED, "quiet")
    return Verdict(State.PLANNED, "quiet", ends)


def _told_enough(occurrences: Iterable[Occurrence]) -> set[UUID]:
    """Those that would be one too many on their day, beside the sessions."""
    extras = [one for one in occurrences if one.kind in EXTRAS]
    if not extras:
        return set()
    rows = Occurrence.objects.filter(
        patient__in={one.patient_id for one in extras},
        kind__in=EXTRAS,
        local_date__in={one.local_date for one in extras},
        sent_at__isnull=False,
    ).only("patient_id", "local_date")
    left = Counter((row.patient_id, row.local_date) for row in rows)
    return {one.id for one in extras if left[one.patient_id, one.local_date] >= EXTRAS_A_DAY}


def _against_urgent(occurrence: Occurrence, found: _Facts) -> str:
    if Clearance.objects.filter(red_flag=occurrence.subject).exists():
        return "cleared"
    return "" if _works_here(occurrence) else "left"


def _against_digest(occurrence: Occurrence, found: _Facts) -> str:
    if not _works_here(occurrence, role=Role.CLINICIAN, digest=True):
        return "left"
    mine = QueueRow.objects.filter(user=occurrence.recipient_id, skipped=False)
    return "" if mine.exists() else "nothing_waits"


def _works_here(occurrence: Occurrence, **also: object) -> bool:
    here = Membership.objects.active().filter(clinic_id=occurrence.clinic_id, **also)
    return here.filter(user=occurrence.recipient_id).exists()


def _against_session(occurrence: Occurrence, found: _Facts) -> str:
    if reason := _against_day(occurrence) or found.days.over(occurrence, occurrence.slot):
        return reason
    return found.silences[_program(occurrence).id].against


def _against_nudge(occurrence: Occurrence, found: _Facts) -> str:
    if reason := _against_day(occurrence) or found.days.over(occurrence):
        return reason
    return "backing_off" if found.silences[_program(occurrence).id].is_long else ""


def _against_check_in(occurrence: Occurrence, found: _Facts) -> str:
    if _program(occurrence).status != Program.Status.ACTIVE:
        return "not_active"
    return found.days.against_check_in(occurrence)


def _against_stopped(occurrence: Occurrence, found: _Facts) -> str:
    return "" if found.silences[_program(occurrence).id].is_over else "heard"


def _against_message(occurrence: Occurrence, found: _Facts) -> str:
    return "" if occurrence.patient and is_unread(occurrence.patient) else "read"


def _against_outcomes(occurrence: Occurrence, found: _Facts) -> str:
    return trained.against_outcomes(_program(occurrence), occurrence.local_date)


def _against_ending(occurrence: Occurrence, found: _Facts) -> str:
    program = _program(occurrence)
    if program.status != Program.Status.ACTIVE:
        return "not_active"
    return "" if occurrence.local_date < program.end_on else "not_due"


def _against_day(occurrence: Occurrence) -> str:
    program = _program(occurrence)
    if program.status != Program.Status.ACTIVE:
        return "not_active"
    return "" if facts.plan_of(program).is_due(occurrence.local_date) else "not_due"


def _program(occurrence: Occurrence) -> Program:
    """The program of a kind that always has one."""
    if occurrence.program is None:
        raise ValueError(f"{occurrence.kind} without a program")
    return occurrence.program


AGAINST: dict[Kind, Callable[[Occurrence, _Facts], str]] = {
    Kind.SESSION_DUE: _against_session,
    Kind.NUDGE: _against_nudge,
    Kind.CHECK_IN: _against_check_in,
    Kind.STOPPED: _against_stopped,
    Kind.MESSAGE: _against_message,
    Kind.OUTCOME_DUE: _against_outcomes,
    Kind.ENDING: _against_ending,
    Kind.DIGEST: _against_digest,
    Kind.URGENT: _against_urgent,
}

"""A clinician is away for some days; a colleague stands in: enter it, end it, follow the days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import audit
from accounts.models import Clinic
from accounts.roles import Actor
from accounts.scope import clinic_scope
from patients.care import Absence, CareLink
from patients.models import Patient
from patients.standing_in import begin_standing_in, note_by_clock
from patients.team import clinicians_of, colleagues_of

DAY = timedelta(days=1)
LONGEST = timedelta(days=366)
# Who stands in now for the lead of program g; the values of patients.unread.reader.
STAND_IN = """(
    select u.name from patients_carelink l
    join patients_absence a on a.id = l.absence_id
    join accounts_user u on u.id = l.user_id and u.is_active
    join accounts_membership m on m.user_id = u.id and m.clinic_id = l.clinic_id
        and m.role = 'clinician' and m.until is null
    where l.patient_id = %(patient)s and a.user_id = g.lead_id and l.until > now() limit 1)"""


class Unfit(Exception):
    """These days or this colleague won't do; `field` names the place in the form."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field, self.why = field, why


@dataclass(frozen=True)
class Answering:
    """Who answers a patient now, and who of their care team is away until the end of which day."""

    names: list[str]
    away: list[tuple[str, date]]


@transaction.atomic
def be_away(*, stand_in: UUID, first: date, last: date, by: Actor, at: datetime) -> Absence:
    """Enter one's own absence, from the first day's beginning to the last day's end.

    Raises Unfit. From today on it holds at once.
    """
    clinic = Clinic.objects.select_for_update(no_key=True).get(id=by.clinic_id)
    midnight, until = span(first, last, clinic.time_zone)
    _check_days(first, last, at.astimezone(ZoneInfo(clinic.time_zone)).date())
    since = max(midnight, at)
    _check_people(by, stand_in, Absence.objects.meeting(since, until))
    absence = Absence.objects.create(
        clinic=clinic,
        user_id=by.user_id,
        stand_in_id=stand_in,
        since=since,
        until=until,
    )
    patients = begin_standing_in(user=by.user_id, at=at)
    audit.record(by=by, verb="be_away", patients=patients)
    return absence


def span(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """From the first day's midnight to that after the last day."""
    days = (first, last + DAY)
    since, until = (datetime.combine(day, time(), ZoneInfo(zone)) for day in days)
    return since, until


def last_day(absence: Absence, zone: str) -> date:
    """The last day of which any part belongs to it."""
    return (absence.until - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()


def _check_days(first: date, last: date, today: date) -> None:
    if first < today:
        raise Unfit("first", "past")
    if last < first:
        raise Unfit("last", "before")
    if last - first > LONGEST:
        raise Unfit("last", "long")


def _check_people(by: Actor, stand_in: UUID, then: QuerySet[Absence]) -> None:
    """`then`: the absences of the clinic that meet these days."""
    clinicians = clinicians_of(by.clinic_id)
    if stand_in == by.user_id or not clinicians.filter(user=stand_in).exists():
        raise Unfit("stand_in", "nobody")
    if then.filter(user=by.user_id).exists():
        raise Unfit("first", "twice")
    if then.filter(user=stand_in).exists():
        raise Unfit("stand_in", "away")
    if then.filter(stand_in=by.user_id).exists():
        raise Unfit("first", "needed")


@transaction.atomic
def end_absence(*, absence: Absence, by: Actor, at: datetime) -> bool:
    """Be back now, or call it off before it begins; False where it is over already."""
    row = Absence.objects.select_for_update().get(id=absence.id)
    if row.until <= at or row.until == row.since:
        return False
    row.until = max(row.since, at)
    row.save(update_fields=["until"])
    links = CareLink.objects.filter(absence=row, until__gt=at)
    patients = list(links.values_list("patient_id", flat=True))
    links.update(until=at)
    audit.record(by=by, verb="end_absence", patients=patients)
    return True


def follow_absences(*, now: datetime) -> int:
    """Absences whose day has come begin; how many patients their stand-ins got.

    They end by themselves: a place on a care team holds until its end.
    """
    clinics = list(Clinic.objects.values_list("id", flat=True))
    return sum(_follow(clinic, now) for clinic in clinics)


def _follow(clinic: UUID, now: datetime) -> int:
    with clinic_scope(clinic):
        patients = begin_standing_in(at=now)
        if patients:
            note_by_clock(clinic, patients)
    return len(patients)


def absences_of(actor: Actor, now: datetime) -> list[Absence]:
    """One's own absences that last or come, and those in which one stands in, by their days."""
    mine = Q(user_id=actor.user_id) | Q(stand_in_id=actor.user_id)
    rows = Absence.objects.meeting(now).filter(mine, clinic_id=actor.clinic_id)
    return list(rows.select_related("user", "stand_in").order_by("since", "id"))


def who_answers(patient: Patient) -> Answering:
    """Who of the care team answers this patient now, stand-ins too, and who of it is away.

    Nobody is named who no longer works at the clinic. Needs the patient's clinic. Two queries.
    """
    links = CareLink.objects.holding(patient=patient).exclude(kind=CareLink.Kind.COVERING)
    rows = list(links.select_related("user", "absence__user").order_by("since", "id"))
    absences = {each.absence.user_id: each.absence for each in rows if each.absence}
    people = {each.user_id for each in rows} | set(absences)
    working = colleagues_of(patient.clinic_id).filter(user__in=people)
    here = set(working.values_list("user_id", flat=True))
    there = {each.user_id: each.user.name for each in rows if each.user_id in here - set(absences)}
    zone = patient.clinic.time_zone
    theirs = [absence for user, absence in absences.items() if user in here]
    away = [(each.user.name, last_day(each, zone)) for each in theirs]
    return Answering(list(there.values()), away)

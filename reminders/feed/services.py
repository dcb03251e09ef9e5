"""The private address of a patient's sessions: made, read by whoever holds it, ended."""

from datetime import datetime

from django.db import transaction
from django.utils import translation

from accounts import audit
from accounts.links import Links, Unreadable
from accounts.roles import Actor
from accounts.scope import clinic_scope
from patients.models import Patient
from programs.calendar import local_day
from reminders.feed.events import as_calendar
from reminders.models import CalendarFeed, Kind, Schedule

_links = Links("calendar")


@transaction.atomic
def open_feed(*, patient: Patient, by: Actor, at: datetime) -> str:
    """Make a new address and return its token; an earlier one ends. Only the hash is kept."""
    _end(patient, at)
    token, kept = _links.new(patient.clinic_id)
    CalendarFeed.objects.create(
        clinic_id=patient.clinic_id, patient=patient, token_hash=kept, at=at
    )
    audit.record(by=by, verb="open_feed", patients=[patient.id])
    return token


@transaction.atomic
def end_feed(*, patient: Patient, by: Actor, at: datetime) -> bool:
    """Make the address open nothing from now on; False if there was none."""
    if not _end(patient, at):
        return False
    audit.record(by=by, verb="end_feed", patients=[patient.id])
    return True


def read_feed(*, token: str, now: datetime) -> bytes:
    """The calendar file behind this address, in the patient's language.

    Raises Unreadable for an address that opens nothing, or nothing any more.
    """
    clinic, kept = _links.read(token)
    with clinic_scope(clinic):
        rows = CalendarFeed.objects.select_related("patient")
        feed = rows.filter(token_hash=kept, ended_at=None).first()
        if feed is None:
            raise Unreadable
        audit.saw(feed.patient_id)
        sessions = Schedule.objects.filter(kind=Kind.SESSION_DUE, active=True)
        mine = sessions.filter(patient=feed.patient_id).order_by("program", "slot")
        today = local_day(now, feed.patient.time_zone)
        with translation.override(feed.patient.language):
            return as_calendar(mine, since=today, made_at=feed.at)


def _end(patient: Patient, at: datetime) -> int:
    """End the standing address; the patient's row is held, so that two at once take turns."""
    Patient.objects.select_for_update(no_key=True).get(id=patient.id)
    return CalendarFeed.objects.filter(patient=patient, ended_at=None).update(ended_at=at)

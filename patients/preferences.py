"""What a patient settles for themselves: when to hear, in which unit and language, with what."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction

from accounts import audit
from accounts.changes import changed
from accounts.models import User
from accounts.roles import Actor
from patients.models import Channel, Consent, Patient
from patients.services import agree, choose_reminders


@dataclass(frozen=True)
class Hearing:
    """When and where a patient wants to hear, in their own local time.

    `day_times`: from Monday on, where a day has its own time; empty where none has. `channels`:
    the first one first, the others where it fails. `daily_texts`: more than three a week.
    """

    wanted: bool
    at: time
    day_times: tuple[time | None, ...] = ()
    channels: tuple[Channel, ...] = (Channel.EMAIL,)
    daily_texts: bool = False
    quiet_from: time = time(21)
    quiet_until: time = time(7)


@transaction.atomic
def choose_hearing(*, patient: Patient, hearing: Hearing, by: Actor, at: datetime) -> None:
    """Set whether, when and where reminders come; they are planned anew from the Change."""
    patient.day_times = list(hearing.day_times) if any(hearing.day_times) else []
    patient.channels = list(hearing.channels)
    patient.quiet_from, patient.quiet_until = hearing.quiet_from, hearing.quiet_until
    patient.save(update_fields=["day_times", "channels", "quiet_from", "quiet_until"])
    wanted = hearing.channels if hearing.wanted else ()
    daily = hearing.daily_texts and Channel.SMS in wanted
    agree(patient=patient, kind=Consent.Kind.TEXTS_DAILY, wanted=daily, by=by, at=at)
    choose_reminders(patient=patient, wanted=wanted, reminder_at=hearing.at, by=by, at=at)


@transaction.atomic
def choose_unit(*, patient: Patient, unit: Patient.Unit, by: Actor) -> None:
    """Show loads in kilograms or pounds; no dose changes by it."""
    patient.unit = unit
    patient.save(update_fields=["unit"])
    audit.record(by=by, verb="choose_unit", patients=[patient.id])


@transaction.atomic
def own_equipment(*, patient: Patient, equipment: Collection[str], by: Actor) -> None:
    """Say what a patient has at home: steps that need more are only proposed from here on."""
    if sorted(equipment) == sorted(patient.equipment):
        return
    patient.equipment = sorted(equipment)
    patient.save(update_fields=["equipment"])
    audit.record(by=by, verb="change_equipment", patients=[patient.id])


@transaction.atomic
def choose_place(*, patient: Patient, language: str, time_zone: str, by: Actor) -> None:
    """Set the language, which the person keeps too, and the zone that reminders are planned in."""
    patient.language, patient.time_zone = language, time_zone
    patient.save(update_fields=["language", "time_zone"])
    User.objects.filter(id=by.user_id).update(language=language)
    audit.record(by=by, verb="choose_place", patients=[patient.id])
    changed(kind="patient", subject=patient.id, clinic=patient.clinic_id)

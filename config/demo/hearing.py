"""Who of the demo's people hears by text or by notification: a minute after they have come in, so
that its inbox shows every channel."""

import os
from datetime import datetime, time, timedelta

from accounts.models import User
from accounts.roles import Actor, Role
from accounts.scope import clinic_scope
from config.demo import cast
from config.demo.notices import KEYS
from patients.models import Channel, Patient
from patients.preferences import Hearing, choose_hearing
from reminders.services.devices import add_device, device_of

WAYS = {5: Channel.SMS, 20: Channel.SMS, 10: Channel.PUSH}
LEAD_SECONDS = 12  # longer than a tick takes to hear of the change
NEVER = time(0)  # from and to the same time: no quiet hours


def next_minute(now: datetime) -> time:
    """The first full minute that a tick surely hears of before."""
    soon = now + timedelta(seconds=LEAD_SECONDS + 60)
    return soon.time().replace(second=0, microsecond=0)


def choose_way(person: cast.Person, now: datetime) -> None:
    """Let one of these choose their way, and be reminded at the next minute; nobody else."""
    if not (channel := WAYS.get(person.number)):
        return
    with clinic_scope(cast.CLINIC_ID):
        patient = Patient.objects.get(email=person.email)
        user = User.objects.get(email=person.email)
        by = Actor(user.id, user.name, Role.PATIENT, cast.CLINIC_ID, patient.id)
        if channel == Channel.PUSH:
            _turn_on(patient, by, now)
        hearing = Hearing(
            wanted=True,
            at=next_minute(now),
            channels=(channel, Channel.EMAIL),
            quiet_from=NEVER,
            quiet_until=NEVER,
        )
        choose_hearing(patient=patient, hearing=hearing, by=by, at=now)


def _turn_on(patient: Patient, by: Actor, now: datetime) -> None:
    """Their phone takes notifications; it stands behind the demo's own push service."""
    if patient.id not in device_of([patient.id]):
        phone = f"{os.environ['DEMO_PUSH_URL']}/{patient.id}"
        add_device(patient=patient, endpoint=phone, by=by, at=now, **KEYS)

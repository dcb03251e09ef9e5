"""Which channels a patient may choose."""

from django.conf import settings
from django.utils.translation import gettext

from accounts.texting import reaches
from accounts.texts import are_on as texts_are_on
from patients.models import Channel, Patient
from reminders.channels.push import are_on as notices_are_on
from reminders.services.devices import device_of


def why_not(channel: Channel, patient: Patient) -> str:
    """Why this patient can't be reminded this way; empty if they can. Needs the clinic's scope."""
    if channel == Channel.EMAIL:
        return "" if patient.email else gettext("Your clinic has no email address of yours.")
    return _why_no_texts(patient) if channel == Channel.SMS else _why_no_notices(patient)


def _why_no_texts(patient: Patient) -> str:
    if not texts_are_on() or not settings.SMS_REMINDERS_FROM:
        return gettext("Your clinic does not send text messages.")
    if not patient.phone:
        return gettext("Your clinic has no phone number of yours.")
    if reaches(patient.phone, [patient.clinic]):
        return ""
    return gettext("Your clinic sends no text messages to numbers of your country.")


def _why_no_notices(patient: Patient) -> str:
    if not notices_are_on():
        return gettext("Your clinic does not send notifications.")
    if patient.id in device_of([patient.id]):
        return ""
    return gettext("First turn them on for this phone, below.")

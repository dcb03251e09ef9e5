"""Ways out of the house. A channel takes an Outgoing message and says plainly what became of it."""

from django.utils.translation import gettext

from accounts.outgoing import ChannelClient, NoAnswer, Outgoing, Refused, TryLater
from patients.models import Channel, Patient

__all__ = ["ChannelClient", "NoAnswer", "Outgoing", "Refused", "TryLater"]


def why_not(channel: Channel, patient: Patient) -> str:
    """Why this patient can't be reminded this way; empty if they can."""
    if channel == Channel.EMAIL:
        return "" if patient.email else gettext("Your clinic has no email address of yours.")
    if channel == Channel.SMS:
        return gettext("Your clinic does not send text messages yet.")
    return gettext("Not on this phone yet. Email works today.")

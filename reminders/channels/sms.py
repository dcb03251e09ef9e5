"""Text messages of reminders: the shared client, from the reminders' own sender."""

from django.conf import settings
from django.urls import reverse

from accounts.texts import TextClient


def SmsClient() -> TextClient:
    """At most once: whoever gets NoAnswer must not send that message again."""
    reachable = not settings.LOCAL  # the provider refuses a message with an address it can't reach
    return TextClient(settings.SMS_REMINDERS_FROM, told_to=_told_to if reachable else None)


def _told_to(id: str) -> str:
    return settings.SITE_URL + reverse("hooks:text-status", args=[id])

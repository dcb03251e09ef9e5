"""Text messages of reminders: the shared client, from the reminders' own sender."""

from django.conf import settings

from accounts.texts import TextClient


def SmsClient() -> TextClient:
    """At most once: whoever gets NoAnswer must not send that message again."""
    return TextClient(settings.SMS_REMINDERS_FROM)

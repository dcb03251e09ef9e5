"""What a page says of an urgent message. The app whose page it is doesn't know messages."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import time_format

from reminders.models import Occurrence

register = template.Library()


@register.simple_tag
def told_of(red_flag: UUID, zone: str) -> dict[str, str] | None:
    """Who of the care team was told first of a warning sign, and at what local time.

    None while no message has left. Needs the clinic's scope.
    """
    first = Occurrence.objects.first_told(red_flag)
    if first is None or first.recipient is None or first.sent_at is None:
        return None
    local = first.sent_at.astimezone(ZoneInfo(zone)).time()
    return {"name": first.recipient.name, "at": str(time_format(local, "H:i"))}

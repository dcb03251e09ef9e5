"""Whether something new waits in a thread: for the dot on the bar."""

from typing import Any

from django import template

from patients.models import Message

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_messages(context: dict[str, Any]) -> int:
    """How many messages the acting person has not read; what the view counted already holds."""
    if "unread" in context:
        return int(context["unread"] or 0)
    actor = getattr(context.get("request"), "actor", None)
    if actor is None or actor.patient_id is None:
        return 0
    return Message.objects.unread_by(actor, actor.patient_id).count()

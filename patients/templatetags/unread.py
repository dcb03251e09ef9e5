"""Whether something new waits in a thread: for the dot on the bar."""

from typing import Any

from django import template

from patients.unread import unread_times

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_messages(context: dict[str, Any]) -> int:
    """How many messages the acting person has not read; what the view counted already holds."""
    if "unread" in context:
        return int(context["unread"] or 0)
    actor = getattr(context.get("request"), "actor", None)
    if actor is None or actor.patient_id is None:
        return 0
    return len(unread_times(actor, actor.patient_id))

"""What pages of other apps say of reminders."""

from django import template

from accounts.roles import Actor, Role
from reminders import services

register = template.Library()


@register.simple_tag
def reminders_rest(actor: Actor) -> bool:
    """Whether this patient's reminders stopped because nobody answered them."""
    return actor.patient_id is not None and services.has_fallen_silent(actor.patient_id)


@register.simple_tag
def digest_of(actor: Actor) -> bool | None:
    """Whether this clinician gets the daily message; None for those to whom none ever goes."""
    return services.wants_digest(actor) if actor.role == Role.CLINICIAN else None

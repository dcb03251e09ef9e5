"""For whom this person acts, where they act for several."""

from django import template

from accounts.requests import AnyRequest
from patients import acting
from patients.models import Patient

register = template.Library()


@register.simple_tag
def who_trains(request: AnyRequest | None) -> str:
    """The acting patient's first name, or "" for who has nobody else to train; then no query."""
    actor = request.actor if request else None
    if not (request and actor and actor.patient_id and request.session.get(acting.SEVERAL)):
        return ""
    return Patient.objects.visible_to(actor).get().first_name

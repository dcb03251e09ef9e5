"""What a colleague has of a person: whether they see them, and which rows wait in their queue."""

import pytest
from django.utils import timezone

from accounts.roles import Actor
from desk.waiting import Wanted, queue_of
from patients.models import Patient
from programs.models import Signal
from tests.factories import clinician_for
from tests.programs.people import Person


@pytest.fixture
def ben(maya: Person) -> Actor:
    """A colleague who is off Maya's team."""
    return clinician_for(clinic=maya.clinic)


def sees(person: Person, who: Actor) -> bool:
    with person.scope():
        return person.patient in Patient.objects.visible_to(who)


def waiting(person: Person, who: Actor) -> list[str]:
    with person.scope():
        return [row.kind for row in queue_of(who, Wanted()).rows]


def stuck(person: Person) -> None:
    """A row that waits for the whole team."""
    own = {"clinic": person.clinic, "patient": person.patient, "program": person.program}
    with person.scope():
        Signal.objects.create(**own, kind=Signal.Kind.STUCK, since=timezone.now())

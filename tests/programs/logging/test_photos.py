"""A clinic's own picture on its patient's screen."""

from datetime import datetime

import pytest

from exercises import services, shipped
from exercises.imaging import made_of
from exercises.models import Exercise, Revision
from programs.models import PrescriptionStep
from tests.actors import of
from tests.exercises.files_of_pictures import drawn, sent
from tests.factories import MembershipFactory, actor
from tests.programs.people import Person, make_person

pytestmark = pytest.mark.django_db


def pictured(person: Person, now: datetime) -> Revision:
    """The clinic's own exercise with a picture."""
    by = actor(MembershipFactory.create(clinic=person.clinic, role="library_admin"))
    row = services.add_picture(made=made_of(sent(drawn())), by=by, at=now)
    content = shipped.exercises()["standing-curl"]
    alt = {"en": "A woman holds a chair.", "es": "Una mujer se sujeta a una silla."}
    content.figure["picture"] = {"id": str(row.pk), "width": 40, "height": 20, "alt": alt}
    exercise = Exercise.objects.create(slug="our-curl", clinic=person.clinic)
    return services.draft_revision(exercise=exercise, content=content, by=by, at=now)


def test_the_patient_sees_it_below_the_figure_and_may_fetch_it(now: datetime) -> None:
    person = make_person(now)
    with person.scope():
        PrescriptionStep.objects.update(revision=pictured(person, now))
    session, phone = person.start(now), of(person.actor)
    page = phone.get(f"/sessions/{session.id}/").content.decode()
    address = page.partition('class="photo" src="')[2].partition('"')[0]
    assert 'alt="A woman holds a chair."' in page
    assert phone.get(address)["Content-Type"] == "image/webp"

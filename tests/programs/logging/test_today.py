import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.scope import clinic_scope
from programs.prescribing.dosing import DoseWanted, change_dose
from tests.factories import actor
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


def tiles(world: World) -> int:
    client = Client()
    client.force_login(world.patient_user)
    return client.get(reverse("programs:today")).content.decode().count('class="tile"')


def test_legs_on_one_step_are_one_thing_to_do() -> None:
    assert tiles(make_world("Mara Hazelbrook")) == 1


def test_legs_on_two_steps_are_two_things_to_do() -> None:
    world = make_world("Mara Hazelbrook")
    by = actor(world.clinician_user.memberships.get())
    wanted = DoseWanted(step=2, sets=2, reps=8, reason="strong")
    with clinic_scope(world.clinic.id):
        change_dose(
            prescription=world.prescription,
            side="right",
            wanted=wanted,
            by=by,
            at=timezone.now(),
        )
    assert tiles(world) == 2

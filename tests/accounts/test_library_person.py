"""Giving a library to somebody, by the command of whoever runs the installation."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership
from tests.factories import ClinicFactory, UserFactory

pytestmark = pytest.mark.django_db


def give(*arguments: str) -> str:
    out = StringIO()
    call_command("library_person", *arguments, stdout=out)
    return out.getvalue().strip()


def test_a_library_is_given_once() -> None:
    user, clinic = UserFactory.create(), ClinicFactory.create()
    told = [give(user.email, "reviewer"), give(user.email, "reviewer")]
    told.append(give(user.email, "library_admin", f"--clinic={clinic.id}"))
    assert told == ["given", "held already", "given"]
    held = Membership.objects.filter(user=user).order_by("role").values_list("role", "clinic")
    assert list(held) == [("library_admin", clinic.id), ("reviewer", None)]


def test_nobody_unknown_gets_one_and_none_of_a_clinic_that_is_not_there() -> None:
    user = UserFactory.create()
    with pytest.raises(CommandError):
        give("nobody@clinic.example", "reviewer")
    with pytest.raises(CommandError):
        give(user.email, "reviewer", "--clinic=5f1e0de0-0000-7000-8000-000000000000")

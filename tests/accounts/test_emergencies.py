"""Whom to call, by country."""

import pytest
from django.db import IntegrityError

from accounts.emergencies import EVERYWHERE, NAMES, NUMBERS, UNION, number_of, place_of
from accounts.models import Clinic
from tests.factories import ClinicFactory


@pytest.mark.parametrize(
    ("country", "number"),
    [("US", "911"), ("MX", "911"), ("GB", "999"), ("AU", "000"), ("NZ", "111"), ("PE", "106")],
)
def test_a_country_has_its_own_number(country: str, number: str) -> None:
    assert number_of(country) == number


def test_all_the_union_has_one_number() -> None:
    assert len(UNION) == 27
    assert {number_of(country) for country in UNION} == {"112"}


def test_a_country_without_an_entry_has_what_every_mobile_phone_takes() -> None:
    assert number_of("XX") == EVERYWHERE == "112"
    assert place_of("XX") == ""


def test_each_number_stands_under_a_name() -> None:
    assert {place_of(country) for country in {*NUMBERS, *UNION}} == set(NAMES)


def test_a_clinic_has_the_number_of_its_country_unless_it_says_another() -> None:
    assert Clinic(country="CL").emergency_number == "131"
    assert Clinic(country="CL", own_emergency_number="5555").emergency_number == "5555"


@pytest.mark.django_db
def test_a_country_is_two_letters() -> None:
    with pytest.raises(IntegrityError, match="clinic_country_two_letters"):
        ClinicFactory.create(country="us")

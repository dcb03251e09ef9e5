"""The caps on codes by text, and the countries that they may go to."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from phonenumber_field.phonenumber import PhoneNumber

from accounts import texting
from accounts.models import TextAsked
from tests.factories import ClinicFactory

pytestmark = pytest.mark.django_db
MOST = {"number": 2, "address": 3, "clinic": 4, "all": 5}
CLINIC = uuid4()


@pytest.fixture(autouse=True)
def _small_caps(settings: Any) -> None:
    settings.SMS_DAILY = MOST


def number(last: int) -> PhoneNumber:
    return PhoneNumber.from_string(f"+12015550{100 + last}")


def ask(now: datetime, *, last: int = 0, address: str = "10.0.0.1", clinic: UUID = CLINIC) -> bool:
    return texting.may_ask(number=number(last), address=address, clinics=[clinic], at=now)


def test_a_number_gets_so_many_a_day_and_again_the_day_after(now: datetime) -> None:
    assert [ask(now, address=str(each)) for each in range(3)] == [True, True, False]
    assert ask(now + timedelta(hours=23), address="4") is False
    assert ask(now + timedelta(hours=24), address="5") is True


def test_an_address_asks_for_so_many(now: datetime) -> None:
    assert [ask(now, last=each) for each in range(4)] == [True, True, True, False]
    assert ask(now, last=5, address="10.0.0.2")


def test_a_clinic_sends_so_many(now: datetime) -> None:
    asked = [ask(now, last=each, address=str(each)) for each in range(5)]
    assert asked == [True] * 4 + [False]
    assert ask(now, last=6, address="6", clinic=uuid4())


def test_the_installation_sends_so_many(now: datetime) -> None:
    asked = [ask(now, last=each, address=str(each), clinic=uuid4()) for each in range(6)]
    assert asked == [True] * 5 + [False]


def test_neither_number_nor_address_is_kept_and_rows_go_after_a_day(now: datetime) -> None:
    ask(now)
    row = TextAsked.objects.get()
    assert "5550100" not in row.number + row.address
    assert "10.0.0.1" not in row.address
    ask(now + timedelta(days=1), last=1)
    assert [each.number == row.number for each in TextAsked.objects.all()] == [False]


@pytest.mark.parametrize(
    ("own", "typed", "reached"),
    [
        ([], "+12015550123", True),
        ([], "+447400123456", False),
        (["GB"], "+447400123456", True),
        (["GB"], "+12015550123", False),
    ],
)
def test_a_clinic_says_which_countries_else_the_installation(
    own: list[str], typed: str, reached: bool
) -> None:
    clinic = ClinicFactory.create(text_countries=own)
    assert texting.reaches(PhoneNumber.from_string(typed), [clinic]) is reached

"""A patient who reads pounds: what the pages say, what the phone sends, what is stored."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from patients import units
from patients.models import Patient
from programs.logging.blanks import blank_cards, blank_words
from tests.programs.heavy import in_pounds, make_heavy
from tests.programs.logging.test_following_pages import HX, Phone
from tests.programs.people import Person, logs_of

pytestmark = pytest.mark.django_db


RAW = re.compile(r'data-plan="(\{[^"]*)"')


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[Any]:
    with time_machine.travel(now, tick=False) as travelled:
        yield travelled


@pytest.fixture
def max_(now: datetime) -> Person:
    person = make_heavy(now)
    with person.scope():
        Patient.objects.filter(id=person.patient.id).update(unit="lb")
    return person


@pytest.fixture
def phone(client: Client, max_: Person) -> Phone:
    return Phone(client, max_)


def log(phone: Phone, number: int, load_lb: str, **told: Any) -> str:
    form = phone.form(number, load_lb=load_lb, **told)
    del form["load_kg"]
    return unescape(phone.send(form, **HX).content.decode())


def test_the_stepper_shows_pounds_along_the_steps_of_the_equipment(phone: Phone) -> None:
    page = phone.page()
    assert 'id="load_lb" name="load_lb" type="number" inputmode="decimal" value="44.1"' in page
    assert 'data-from="44.092452" data-by="5.511557" min="0" max="440" step="0.1"' in page
    assert "kg" not in re.sub(r"<[^>]*>", "", page)


@pytest.mark.parametrize(
    ("typed", "stored"), [("44.1", "20"), ("49.6", "22.5"), ("50", "22.68"), ("0", "0")]
)
def test_what_is_shown_is_stored_as_it_was_meant(
    phone: Phone, max_: Person, typed: str, stored: str
) -> None:
    log(phone, 1, typed, reps=10)
    assert logs_of(max_)[0].load_kg == Decimal(stored)


def test_what_follows_is_said_in_pounds(phone: Phone, max_: Person) -> None:
    log(phone, 1, "44.1", reps=10)
    log(phone, 2, "66.1")
    page = log(phone, 3, "88.2", reps=8, proposed_lb="93.7")
    assert "You did 8 of 6: 5.5\u00a0lb more." in page
    row = next(each for each in logs_of(max_) if each.number == 3)
    assert (row.load_kg, row.next_kg, row.proposed_kg) == (40, Decimal("42.5"), Decimal("42.5"))


def test_the_phones_table_is_in_the_unit_of_the_page(phone: Phone) -> None:
    log(phone, 1, "44.1", reps=10)
    page = log(phone, 2, "66.1")
    assert 'name="proposed_lb"' in page
    table = json.loads(page.partition('data-table="')[2].partition('">')[0])
    assert table["loads"]["88.2"] == ["77.2", "82.7", "88.2", "93.7", "99.2"]
    assert table["words"]["more"].endswith("{kg}\u00a0lb more.")


def test_what_the_phone_keeps_says_its_unit(phone: Phone) -> None:
    kept = json.loads(unescape(RAW.search(phone.client.get(phone.url).content.decode())[1]))
    first = kept["exercises"][0]["sets"][0]
    assert (kept["unit"], first["load"], first["by"]) == ("lb", "44.1", "5.511557")


def test_the_blank_cards_take_the_unit_from_the_plan() -> None:
    weight = blank_cards()["sets"]["plain"]["weight"]
    assert (weight["name"], weight["unit"], weight["by"]) == ("load_{unit}", "{unit}", "{by}")
    assert "{kg}\u00a0{unit}" in blank_words()["follow"]["reps"]["more"]


def test_a_load_beyond_the_range_is_refused_in_the_shown_unit(phone: Phone) -> None:
    page = log(phone, 1, "500")
    assert "Enter 0 to 440.9\u00a0lb." in page
    assert 'value="500"' in page
    assert 'href="#load_lb"' in page


def test_a_skipped_set_needs_no_load(phone: Phone, max_: Person) -> None:
    log(phone, 1, "44.1", skipped="time")
    assert logs_of(max_)[0].load_kg is None


def test_a_set_that_was_typed_in_pounds_shows_them_again(phone: Phone, max_: Person) -> None:
    log(phone, 1, "50", reps=10)
    key = f"?set={max_.prescription.id}.left.1"
    assert 'name="load_lb" type="number" inputmode="decimal" value="50"' in phone.page(key)


def test_equipment_in_pounds_stays_whole(client: Client, now: datetime) -> None:
    lena = make_heavy(now, load_kg=45.36)
    in_pounds(lena)
    phone = Phone(client, lena)
    page = phone.page()
    assert 'name="load_lb" type="number" inputmode="decimal" value="50"' in page
    assert 'data-by="5"' in page
    log(phone, 1, "50", reps=10)
    assert logs_of(lena)[0].load_kg == Decimal("22.68")


@pytest.mark.parametrize("unit", ["kg", "lb"])
def test_what_a_patient_reads_changes_no_dose(max_: Person, now: datetime, unit: str) -> None:
    with max_.scope():
        Patient.objects.filter(id=max_.patient.id).update(unit=unit)
    session = max_.start(now)
    for _ in range(3):
        max_.log(session, now, reps=10)
    assert {row.number: row.next_kg for row in logs_of(max_)}[3] == Decimal("42.5")


@pytest.mark.parametrize("address", ["/today/", "/progress/"])
def test_no_page_says_kilograms(phone: Phone, address: str) -> None:
    page = re.sub(r"<[^>]*>", " ", phone.client.get(address).content.decode())
    assert re.search(r"\d\s?kg\b", page) is None


def test_every_load_of_the_equipment_comes_back_from_its_pounds() -> None:
    with units.spoken_in("lb"):
        for quarter in range(801):
            load = Decimal(quarter) / 4
            assert abs(units.kilograms(units.shown(load)) - load) < Decimal("0.03")

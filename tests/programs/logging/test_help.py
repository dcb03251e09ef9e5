"""The page with the numbers: for anyone, with no person in it."""

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Clinic, User
from tests.programs.people import make_person

pytestmark = pytest.mark.django_db
HELP = "/help/"


def test_help_says_the_signs_and_the_numbers_without_asking_anything(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = client.get(HELP).content.decode()
    assert '<li id="MX"><a href="tel:911"><span>Mexico</span><b>911</b></a></li>' in page
    assert "chest pain, feeling faint" in page
    assert "a knee that locks or gives way" in page
    assert len(asked) == 0


def test_help_is_the_same_for_whoever_asks(client: Client, now: datetime) -> None:
    stranger = client.get(HELP).content
    person = make_person(now)
    client.force_login(User.objects.get(id=person.actor.user_id))
    assert client.get(HELP).content == stranger


def test_help_speaks_the_language_of_its_address(client: Client) -> None:
    answer = client.get(HELP, {"lang": "es"})
    assert "Pide ayuda ahora" in answer.content.decode()
    assert answer["Content-Language"] == "es"
    assert "Get help now" in client.get(HELP, {"lang": "tlh"}).content.decode()


def test_help_takes_no_post(client: Client) -> None:
    assert client.post(HELP).status_code == 405


def test_today_leads_to_the_number_of_the_clinics_country(client: Client, now: datetime) -> None:
    person = make_person(now)
    Clinic.objects.filter(id=person.clinic.id).update(country="DE")
    client.force_login(User.objects.get(id=person.actor.user_id))
    page = client.get(reverse("programs:today")).content.decode()
    assert 'href="/help/#EU"' in page
    assert "In an emergency call 112." in page

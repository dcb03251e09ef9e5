"""The app on the home screen: its manifest, and the hint at the right moment."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client

from accounts.models import User
from tests.programs.people import Person, make_person

pytestmark = pytest.mark.django_db
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)"


@pytest.fixture
def maya(now: datetime, clock: Any) -> Person:
    return make_person(now)


@pytest.fixture
def phone(client: Client, maya: Person) -> Client:
    client.force_login(User.objects.get(id=maya.actor.user_id))
    return client


def test_anyone_may_read_the_manifest(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    told = answer.json()
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert (told["start_url"], told["scope"], told["display"]) == ("/today/", "/", "standalone")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    assert all(finders.find(icon["src"].removeprefix(static(""))) for icon in told["icons"])
    assert client.post("/manifest.webmanifest").status_code == 405


def test_a_patient_page_names_the_manifest(phone: Client) -> None:
    assert 'rel="manifest" href="/manifest.webmanifest"' in phone.get("/today/").content.decode()


def test_the_hint_comes_after_a_finished_session(
    phone: Client, maya: Person, now: datetime
) -> None:
    assert "data-install" not in phone.get("/today/").content.decode()
    maya.train(now)
    assert "data-install" in phone.get("/today/").content.decode()


def test_an_iphone_reads_how_it_is_done_there(phone: Client, maya: Person, now: datetime) -> None:
    maya.train(now)
    page = phone.get("/today/", headers={"User-Agent": IPHONE}).content.decode()
    assert "tap Share" in page


def test_the_hint_stays_away_once_dismissed(phone: Client, maya: Person, now: datetime) -> None:
    maya.train(now)
    for _tap in range(2):
        assert phone.post("/today/no-install/").status_code == 302
    assert "data-install" not in phone.get("/today/").content.decode()
    assert phone.get("/today/no-install/").status_code == 405

"""Writes every page of the story, both sizes and both themes, to docs/pictures."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import User
from accounts.scope import clinic_scope
from config.demo import cast, history
from patients import services as people
from patients.models import Patient
from programs.models import Decision, Program
from tests.browser import story
from tests.browser.conftest import DESK, PHONE, Screen

pytestmark = [
    pytest.mark.pictures,
    pytest.mark.django_db(transaction=True, databases=["default", "planner"]),
]
FOLDER = Path(settings.BASE_DIR) / "docs" / "pictures"
SIZES = {"phone": PHONE, "desk": DESK}
LARGEST = 80_000

type Open = Callable[[dict[str, int]], Screen]


def keep(screen: Screen, name: str) -> None:
    """Take this page in both sizes and themes; palette pictures, each at most 80 kB."""
    for size, viewport in SIZES.items():
        screen.page.set_viewport_size(viewport)  # type: ignore[arg-type]
        for theme in ("light", "dark"):
            screen.page.emulate_media(color_scheme=theme, reduced_motion="no-preference")
            taken = Image.open(io.BytesIO(screen.page.screenshot(animations="disabled")))
            path = FOLDER / f"{name}-{size}-{theme}.png"
            few = taken.convert("RGB").quantize(256, dither=Image.Dither.NONE)
            few.save(path, optimize=True)
            assert path.stat().st_size <= LARGEST, path
    screen.page.emulate_media(color_scheme="light")
    screen.page.set_viewport_size(screen.size)  # type: ignore[arg-type]


def enter(screen: Screen, user: User) -> None:
    """Give the browser this person's session."""
    client = Client()
    client.force_login(user)
    cookie = {"name": "session", "value": client.cookies["session"].value, "url": screen.base}
    screen.context.add_cookies([cookie])  # type: ignore[list-item]


@pytest.fixture
def mara() -> Patient:
    """A patient of the demo with twelve weeks behind them, and four colleagues of other kinds."""
    now = timezone.now()
    staff = history.prepare(now)
    for person in cast.EVERY_KIND:
        history.Life(person, staff[person.clinician.email], now).live()
    with clinic_scope(cast.CLINIC_ID):
        return Patient.objects.get(email=cast.EVERY_KIND[0].email)


def test_every_page_of_the_story(screens: Open, mara: Patient, settings: Any) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    _public(screens(PHONE), mara)
    _desk(screens(DESK), mara)
    _phone(screens(PHONE), mara)


def _public(visitor: Screen, mara: Patient) -> None:
    with clinic_scope(mara.clinic_id):
        by = history.prepare(timezone.now())[cast.CLINICIANS[0].email]
        token = people.invite_patient(patient=mara, by=by, at=timezone.now())
    pages = {
        "library": "/exercises/",
        "guide": "/exercises/standing-curl/",
        "sign-in": "/sign-in/",
        "code": "/sign-in/code/",
        "invitation": f"/i/{token}/",
        "invitation-spent": "/i/nothing/",
    }
    for name, address in pages.items():
        visitor.open(address)
        keep(visitor, name)
    visitor.errors.clear()  # the spent link answers 410, which the console notes


def _desk(desk: Screen, mara: Patient) -> None:
    enter(desk, User.objects.get(email=cast.CLINICIANS[0].email))
    with clinic_scope(mara.clinic_id):
        program = Program.objects.get(patient=mara)
    pages = {
        "caseload": "/desk/",
        "patients": "/desk/patients/",
        "new-patient": "/desk/patients/new/",
        "patient": f"/desk/patients/{mara.id}/",
        "prescribe": f"/desk/patients/{mara.id}/assign/",
    }
    assert program
    for name, address in pages.items():
        desk.open(address)
        keep(desk, name)


def _phone(phone: Screen, mara: Patient) -> None:
    enter(phone, User.objects.get(email=mara.email))
    with clinic_scope(mara.clinic_id):
        decision = Decision.objects.filter(program__patient=mara).changes().latest("at")
    for name, address in {
        "today": "/today/",
        "progress": "/progress/",
        "why": f"/decisions/{decision.id}/",
        "settings": "/settings/",
    }.items():
        phone.open(address)
        keep(phone, name)
    page = phone.open("/today/")
    story.start(page)
    keep(phone, "session")
    hurts = page.get_by_role("link", name="It hurts").get_attribute("href")
    story.sets(page)
    keep(phone, "pain")
    story.rate(page, "pain", 1)
    page.get_by_role("heading", name="Last tap").wait_for()
    keep(phone, "effort")
    phone.open(str(hurts))
    keep(phone, "hurts")
    page.locator(".flags:not(.first) button").first.click()
    page.get_by_role("heading", name="Please stop here").wait_for()
    keep(phone, "stop")
    phone.open("/today/")
    keep(phone, "held")

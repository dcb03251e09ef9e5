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
from programs.models import Decision
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
        screen.page.set_viewport_size(viewport)
        for theme in ("light", "dark"):
            screen.page.emulate_media(color_scheme=theme, reduced_motion="no-preference")
            taken = Image.open(io.BytesIO(screen.page.screenshot(animations="disabled")))
            path = FOLDER / f"{name}-{size}-{theme}.png"
            few = taken.convert("RGB").quantize(256, dither=Image.Dither.NONE)
            few.save(path, optimize=True)
            assert path.stat().st_size <= LARGEST, path
    screen.page.emulate_media(color_scheme="light")
    screen.page.set_viewport_size(screen.size)


def enter(screen: Screen, user: User, language: str = "en") -> None:
    """Give the browser this person's session, in this language."""
    User.objects.filter(id=user.id).update(language=language)
    client = Client()
    client.force_login(user)
    cookies = {"session": client.cookies["session"].value, "language": language}
    screen.context.add_cookies(
        [{"name": name, "value": value, "url": screen.base} for name, value in cookies.items()]
    )


@pytest.fixture
def mara() -> Patient:
    """A patient of the demo with twelve weeks behind them, and four colleagues of other kinds."""
    now = timezone.now()
    staff = history.prepare(now)
    for person in cast.EVERY_KIND:
        history.Life(person, staff[person.clinician.email], now).live()
    with clinic_scope(cast.CLINIC_ID):
        return Patient.objects.get(email=cast.EVERY_KIND[0].email)


def test_every_page_of_the_story(
    screens: Open, mara: Patient, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    _public(screens(PHONE), mara)
    _errors(screens(PHONE), mara, monkeypatch)
    _desk(screens(DESK), mara)
    newcomer, token = _newcomer()
    _entrance(screens(PHONE), token)
    _invited(screens(DESK), newcomer)


def take(screen: Screen, pages: dict[str, str], end: str = "") -> None:
    for name, address in pages.items():
        screen.open(address)
        keep(screen, name + end)


def _public(visitor: Screen, mara: Patient) -> None:
    pages = {
        "library": "/exercises/",
        "guide": "/exercises/standing-curl/",
        "sign-in": "/sign-in/",
        "code": "/sign-in/code/",
    }
    take(visitor, pages)
    visitor.page.locator("input[type=email]").fill(mara.email)
    visitor.page.get_by_role("button", name="Send the code").click()
    visitor.page.wait_for_url("**/code/confirm/**")
    keep(visitor, "code-sent")


def _newcomer() -> tuple[Patient, str]:
    """Somebody who has just been added and invited, and the invitation's token."""
    now, person = timezone.now(), cast.PATIENTS[len(cast.EVERY_KIND)]
    by = history.prepare(now)[cast.CLINICIANS[0].email]
    fields = {"name": person.name, "email": person.email, "affected_side": person.side}
    with clinic_scope(cast.CLINIC_ID):
        patient = people.create_patient(fields=fields, by=by, at=now)
        return patient, people.invite_patient(patient=patient, by=by, at=now)


def _entrance(phone: Screen, token: str) -> None:
    """An invitation as the patient meets it, up to the consent."""
    with clinic_scope(cast.CLINIC_ID):
        invitation = people.find_invitation(token=token, at=timezone.now())
        user = people.user_for_invitation(invitation=invitation)
    take(phone, {"invitation": f"/i/{token}/", "invitation-spent": "/i/nothing/"})
    phone.errors.clear()  # the spent link answers 410, which the console notes
    enter(phone, user)
    take(phone, {"consent": f"/i/{token}/agree/"})


def _errors(somebody: Screen, mara: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that refuse, each by its own cause; the console notes every one."""
    take(somebody, {"error-404": "/nothing-here/"})
    page = somebody.open("/sign-in/code/")
    page.evaluate("for (const field of document.querySelectorAll('[name^=csrf]')) field.remove()")
    page.locator("input[type=email]").fill(mara.email)
    page.get_by_role("button", name="Send the code").click()
    page.get_by_role("heading", name="open too long").wait_for()
    keep(somebody, "error-csrf")
    enter(somebody, User.objects.get(email=cast.CLINICIANS[1].email))
    take(somebody, {"error-403": f"/desk/patients/{mara.id}/"})
    with monkeypatch.context() as broken:
        broken.setattr("exercises.views.render", None)
        take(somebody, {"error-500": "/exercises/"})
    somebody.errors.clear()


def _desk(desk: Screen, mara: Patient) -> None:
    enter(desk, User.objects.get(email=cast.CLINICIANS[0].email))
    pages = {
        "caseload": "/desk/",
        "patients": "/desk/patients/",
        "new-patient": "/desk/patients/new/",
        "prescribe": f"/desk/patients/{mara.id}/assign/",
        "patient": f"/desk/patients/{mara.id}/",
    }
    take(desk, pages)
    desk.page.locator(".mark").last.click()
    keep(desk, "reason")
    desk.page.keyboard.press("Escape")
    desk.page.get_by_role("button", name="Change dose").click()
    desk.page.locator("#dose-change a").first.click()
    desk.page.locator("#dose-change form").wait_for()
    keep(desk, "dose-change")


def _invited(desk: Screen, newcomer: Patient) -> None:
    enter(desk, User.objects.get(email=cast.CLINICIANS[0].email))
    take(desk, {"patient-new": f"/desk/patients/{newcomer.id}/"})
    desk.page.get_by_role("button", name="Invitation").click()
    desk.page.locator(".qr").wait_for()
    keep(desk, "invited")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_of_the_patient(screens: Open, mara: Patient, language: str) -> None:
    """The phone's pages; the Spanish ones end in -es."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    end = "" if language == "en" else f"-{language}"
    phone = screens(PHONE)
    enter(phone, User.objects.get(email=mara.email), language)
    with clinic_scope(mara.clinic_id):
        decision = Decision.objects.filter(program__patient=mara).changes().latest("at")
    pages = {
        "today": "/today/",
        "progress": "/progress/",
        "why": f"/decisions/{decision.id}/",
        "messages": "/messages/",
        "settings": "/settings/",
        "reminders": "/settings/reminders/",
        "unit": "/settings/unit/",
        "equipment": "/settings/equipment/",
        "place": "/settings/place/",
        "data": "/settings/data/",
        "leave": "/settings/leave/",
        "past": "/past/",
        "help": f"/help/?lang={language}",
    }
    take(phone, pages, end)
    session = _session(phone, end)
    with story.at(story.days_later(timezone.now(), 1, 8)):
        _morning(phone, session, end)
        _stop(phone, f"{session}hurts/", end)


def _session(phone: Screen, end: str) -> str:
    """A session from its first set to its end; returns its address."""
    page = phone.open("/today/")
    page.locator(".not-today summary").click()
    keep(phone, f"not-today{end}")
    page.locator("form:has(> .primary.big) .primary").click()
    page.locator(".player").wait_for()
    session = page.url
    keep(phone, f"session{end}")
    page.locator(".acts summary").click()
    keep(phone, f"skip{end}")
    page.locator(".acts summary").click()
    story.one_set(page)
    story.one_set(page)
    page.locator(".rest").wait_for()
    keep(phone, f"rest{end}")
    story.sets(page)
    keep(phone, f"pain{end}")
    page.locator("button[name=pain][value='5']").click()
    page.locator("input[name=place]").first.wait_for()
    keep(phone, f"pain-place{end}")
    page.locator("label:has(input[name=side])").first.click()
    page.locator("label:has(input[name=place])").first.click()
    page.locator("#card button.primary").click()
    page.locator("button[name=effort]").first.wait_for()
    keep(phone, f"effort{end}")
    page.locator("button[name=effort][value='5']").click()
    page.locator("a.btn[href='/today/']").wait_for()
    keep(phone, f"done{end}")
    take(phone, {"today-done": "/today/", "record": f"{session}record/"}, end)
    return session


def _morning(phone: Screen, session: str, end: str) -> None:
    take(phone, {"morning": "/today/"}, end)
    page = phone.open(f"{session}check-in/")
    keep(phone, f"check-in{end}")
    page.locator("button[name=feel][value=worse]").click()
    page.locator("button[name=pain]").first.wait_for()
    keep(phone, f"check-in-worse{end}")


def _stop(phone: Screen, hurts: str, end: str) -> None:
    page = phone.open(hurts)
    keep(phone, f"hurts{end}")
    page.locator(".flags:not(.first) button").first.click()
    page.locator(".stop").wait_for()
    keep(phone, f"stop{end}")
    take(phone, {"held": "/today/"}, end)
